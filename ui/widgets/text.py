"""User text made safe for markdown: no link, no image, no formula, no HTML, no icon."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")
# Streamlit turns these into links, icons and arrows after the escapes are read, so no backslash
# stops it: an invisible word joiner (U+2060) between their characters does.
_TRIGGER = re.compile(r":(?=\S)|@(?=\S)|www(?=\.)|-(?=[->])|[<>~](?=[-=])", re.IGNORECASE)
# After other text on its line a mark starts no list and no heading, and closing stars stay stars.
_INLINE = re.compile(r"([\\`_\[\]$<>&~]|\*(?=.*[^*]))")
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
    # Blanks at the start of a line would make a block of code.
    shown = " ".join(plain(text).split())
    return _SPECIAL.sub(r"\\\1", _TRIGGER.sub("\\g<0>\u2060", shown))


def option_md(text: str) -> str:
    """
    Return user text for the options of a slider, after other text.

    The front end draws them as markdown and reads them out as they are, so nothing is escaped
    that would do nothing.
    """
    shown = " ".join(plain(text).split())
    return _INLINE.sub(r"\\\1", _TRIGGER.sub("\\g<0>\u2060", shown))
