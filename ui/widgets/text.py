"""User text made safe for markdown: no link, no image, no formula, no HTML, no icon."""

from __future__ import annotations

import re
import unicodedata

# A label is also read out as it is written, so only what would act is escaped.
_ACTIVE = r"[\\`\[\]$~]|<(?=[a-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])"
_SPECIAL = re.compile(rf"({_ACTIVE}|\*|^[#+\-=>|])", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
# After other text on its line a mark starts no list and no heading, and closing stars stay stars.
_INLINE = re.compile(rf"({_ACTIVE}|\*(?=.*[^*]))", re.IGNORECASE)
# Streamlit turns these into links, icons and arrows after the escapes are read, so no backslash
# stops it: an invisible word joiner (U+2060) between their characters does.
_TRIGGER = re.compile(r":(?=\S)|@(?=\S)|www(?=\.)|-(?=[->])|[<>~](?=[-=])", re.IGNORECASE)
_LONGEST = 120


def plain(text: str) -> str:
    """Return text on one line without control or direction characters, cut to a sane length."""
    kept = "".join(
        " " if character in "\n\r\t" else character
        for character in text
        if character in "\n\r\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"


def long_md(text: str) -> str:
    """Return a sentence of any length for markdown; each word is escaped and capped."""
    return " ".join(md(word) for word in text.split())


def long_plain(text: str) -> str:
    """Return a sentence of any length without control or direction characters."""
    return " ".join(plain(word) for word in text.split(" "))


def md(text: str) -> str:
    """Return user text for markdown, labels and captions: it shows as it is and does nothing."""
    return _NUMBERED.sub(r"\1\\", _SPECIAL.sub(r"\\\1", _inert(text)))


def option_md(text: str) -> str:
    """Return user text for the options of a slider, which are markdown after other text."""
    return _INLINE.sub(r"\\\1", _inert(text))


def _inert(text: str) -> str:
    # Blanks at the start of a line would make a block of code.
    return _TRIGGER.sub("\\g<0>\u2060", " ".join(plain(text).split()))
