"""The one way of user text into a document: cleaned, escaped, set in a font that has its glyphs."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics

from reports.document import fonts, scripts

MOST_CHARACTERS = 4000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Format characters (bidirectional overrides, zero-width marks) can make a text read as another one.
_DROPPED = {"Cc", "Cf"}


def clean(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line, without control and override characters, of bounded length."""
    cut = len(text) > most
    if text.isprintable():
        return " ".join(text[:most].split()) + ("…" if cut else "")
    kept = []
    for character in text[:most]:
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category in {"Cs", "Cn"}:
            kept.append(REPLACEMENT)
        elif category not in _DROPPED:
            kept.append(character)
    return " ".join("".join(kept).split()) + ("…" if cut else "")


class Typesetter:
    """
    Sets text for one document and counts what could not be drawn.

    Attributes
    ----------
    undrawn : int
        Characters for which no font of this computer has a glyph.
    right_to_left : int
        Characters of scripts that run from right to left, where they are drawn in stored order
        because the optional part that puts them in order is not installed.
    """

    def __init__(self) -> None:
        self.undrawn = 0
        self.right_to_left = 0

    def runs(self, text: str, font: str) -> list[tuple[str, str]]:
        """Return the text in pieces of one font each, every character with a glyph."""
        pieces: list[tuple[str, str]] = []
        # A number and its per cent sign stay on one line.
        shown = clean(text).replace(" %", "\N{NO-BREAK SPACE}%")
        if fonts.glyphs(font).issuperset(map(ord, shown)) and not scripts.runs_from_right(shown):
            return [(font, shown)] if shown else []
        for wanted in scripts.joined(shown):
            name, character = self._font_for(wanted, font), wanted
            if name is None:
                # A font may have a letter, but not the form in which it joins.
                character = scripts.as_letters(wanted)
                name = self._font_for(character[0], font)
            if name is None:
                self.undrawn += wanted != REPLACEMENT
                name, character = font, REPLACEMENT
            if not scripts.can_order() and scripts.runs_from_right(character):
                self.right_to_left += 1
            if pieces and pieces[-1][0] == name:
                pieces[-1] = (name, pieces[-1][1] + character)
            else:
                pieces.append((name, character))
        return pieces

    def placed(self, text: str, font: str, size: float) -> list[tuple[str, str]]:
        """Return the text of one line in pieces of one font each, as they stand on the page."""
        marked = [(c, name) for name, piece in self.runs(text, font) for c in piece]
        return [
            (name, scripts.shaped("".join(c for c, _ in piece), name, size))
            for name, piece in groupby(scripts.in_order([marked])[0], lambda marked: marked[1])
        ]

    def _font_for(self, character: str, font: str) -> str | None:
        code = ord(character)
        if code in fonts.glyphs(font):
            return font
        return next((name for name in fonts.fallbacks() if code in fonts.glyphs(name)), None)

    def markup(self, text: str, font: str = fonts.REGULAR) -> str:
        """Return the text as paragraph markup that can only be read as text."""
        return "".join(
            escape(piece) if name == font else f'<font name="{name}">{escape(piece)}</font>'
            for name, piece in self.runs(text, font)
        )

    def fit(self, text: str, font: str, size: float, width: float) -> str:
        """Return the text, cut with an ellipsis where it is wider than `width`."""
        shown = clean(text)
        if self.width(shown, font, size) <= width:
            return shown
        while shown and self.width(shown + "…", font, size) > width:
            shown = shown[:-1]
        return shown.rstrip() + "…"

    def width(self, text: str, font: str, size: float) -> float:
        """Return the width of a text in points."""
        undrawn, right_to_left = self.undrawn, self.right_to_left
        width = sum(
            pdfmetrics.stringWidth(piece, name, size) for name, piece in self.runs(text, font)
        )
        # Measuring is not drawing: the counts stay.
        self.undrawn, self.right_to_left = undrawn, right_to_left
        return float(width)
