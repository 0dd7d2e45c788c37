"""Texts in the little HTML of the CNIL software, and back: each part under a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

LONGEST_HTML = 100_000
"""Characters of one text that are read: far more than an answer holds, also if marked up."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "section", "pre", *_HEADINGS}
)
_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_LINE_OF_SOURCE = re.compile(r"[\r\n][ \t\r\n]*+")
# Possessive, so that a text full of "<" is read once and not once for each of them.
_TAG = re.compile(r"<(?P<closing>/?+)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>|<[!?/][^<>]*+>")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A text and the heading that it stands under, "" for what stands before any."""

    heading: str
    text: str


def rich(parts: Iterable[Part]) -> str:
    """Return parts as HTML: a heading and one paragraph each, everything escaped."""
    written = []
    for part in parts:
        heading = f"<h3>{escape(part.heading)}</h3>" if part.heading else ""
        lines = re.split(r"\r\n|\r|\n", part.text)
        written.append(f"{heading}<p>{'<br>'.join(map(escape, lines))}</p>")
    return "".join(written)


def parts_of(html: str) -> tuple[Part, ...]:
    """
    Return what a text says, part by part, without markup, scripts and styles.

    Exactly what `rich` wrote, save for white space around a part.
    """
    return _Reader().read(_without_comments(html[:LONGEST_HTML]))


def plain_of(html: str) -> str:
    """Return what a text says in one piece, headings as lines of their own."""
    said = (text for part in parts_of(html) for text in (part.heading, part.text) if text)
    return "\n".join(said)


def tag(text: str) -> str:
    """
    Return a text for a field without markup that may yet be shown as HTML.

    It is escaped only where it would be read as markup, so "A & B" stays as it is; `untag` undoes
    it exactly.
    """
    risky = "<" in text or unescape(text) != text
    return escape(text, quote=False) if risky else text


def untag(text: str) -> str:
    """Return the text of a field without markup; markup of another program is taken out."""
    return plain_of(text) if "<" in text else unescape(text)


class _Reader:
    """
    Collects the text of each part; what is between the tags of a script is left out.

    The standard library's parser takes time that grows with the square of a malformed text.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[str, list[str]]] = [("", [])]
        self._heading: list[str] | None = None
        self._unread = ""

    def read(self, html: str) -> tuple[Part, ...]:
        """Return the parts of a text."""
        position = 0
        for found in _TAG.finditer(html):
            self._say(html[position : found.start()])
            position = found.end()
            if found["name"]:
                self._meet(found["name"].lower(), closing=bool(found["closing"]))
        self._say(html[position:])
        if self._heading is not None:  # never closed: it is text
            self._parts[-1][1].extend(self._heading)
        parts = (Part(heading=head, text="".join(said).strip()) for head, said in self._parts)
        return tuple(part for part in parts if part.text or part.heading)

    def _meet(self, name: str, *, closing: bool) -> None:
        if self._unread:
            if closing and name == self._unread:
                self._unread = ""
        elif name in _UNREAD:
            self._unread = "" if closing else name
        elif name in _HEADINGS:
            if not closing:
                self._heading = self._heading or []
            elif self._heading is not None:
                self._parts.append(("".join(self._heading).strip(), []))
                self._heading = None
        elif name == "br":
            self._add("\n")
        elif name in _BLOCKS:
            said = self._parts[-1][1]
            if self._heading is None and said and not said[-1].endswith("\n"):
                said.append("\n")

    def _say(self, source: str) -> None:
        if self._unread or not source:
            return
        # A line end in the source is a blank; where nothing else stands, it only sets out tags.
        text = _LINE_OF_SOURCE.sub(" ", source)
        if text == source or text.strip():
            self._add(unescape(text))

    def _add(self, text: str) -> None:
        (self._parts[-1][1] if self._heading is None else self._heading).append(text)


def _without_comments(html: str) -> str:
    kept, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        kept.append(html[position:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(kept)
        position = end + len("-->")
    return "".join((*kept, html[position:]))
