"""User text made safe for markdown: no link, no image, no formula, no HTML, no icon."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")
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
    return " ".join(md(word) for word in text.split(" "))


def long_plain(text: str) -> str:
    """Return a sentence of any length without control or direction characters."""
    return " ".join(plain(word) for word in text.split(" "))


def md(text: str) -> str:
    """Return user text for markdown, labels and captions: it shows as it is and does nothing."""
    return _SPECIAL.sub(r"\\\1", plain(text))
