"""Text of the Word document: the one way of a text into its XML, as runs and paragraphs."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from reports.document.html_chart import escaped
from reports.document.text import clean

if TYPE_CHECKING:
    from reportlab.lib.colors import Color

TWIPS = 20
"""Twentieths of a point: the unit of Word."""

_DIRECTIONS = {"R": "R", "AL": "R", "L": "L"}
# From one letter that runs from right to left to the last before one that does not.
_RIGHT_TO_LEFT = re.compile("(R(?:[^L]*R)?)")


def hexadecimal(color: Color) -> str:
    """Return a colour as Word writes it."""
    return str(color.hexval()[2:])


def run(text: str, *, bold: bool = False, color: Color | None = None, ground: str = "") -> str:
    """Return a text as runs that Word can only read as text; `ground` is the colour behind it."""
    look = "<w:b/><w:bCs/>" if bold else ""
    look += f'<w:color w:val="{hexadecimal(color)}"/>' if color is not None else ""
    look += f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>' if ground else ""
    return "".join(
        f"<w:r><w:rPr>{look}{'<w:rtl/>' if backward else ''}</w:rPr>"
        f'<w:t xml:space="preserve">{piece}</w:t></w:r>'
        for piece, backward in _pieces(text)
    )


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return the text in escaped pieces of one direction each, and whether it is right to left."""
    shown = clean(text)
    directions = "".join(_DIRECTIONS.get(unicodedata.bidirectional(c), "N") for c in shown)
    pieces, end = [], 0
    for part in _RIGHT_TO_LEFT.split(directions):
        begin, end = end, end + len(part)
        if part:
            # Escaping would clean the blanks at the ends away, which part two pieces.
            words = shown[begin:end]
            before = " " if words.startswith(" ") else ""
            after = " " if words.endswith(" ") and words.strip() else ""
            pieces.append((f"{before}{escaped(words)}{after}", part.startswith("R")))
    return pieces


def paragraph(content: str, style: str, *, keep: bool = False, more: str = "") -> str:
    """
    Return a paragraph.

    Parameters
    ----------
    content : str
        Runs.
    style : str
        Identifier of its style.
    keep : bool
        Whether it stays on a page with what follows it.
    more : str
        Further properties that stand behind these two.
    """
    stays = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{stays}{more}</w:pPr>{content}</w:p>'


def field(code: str, shown: str) -> str:
    """Return a field that Word computes; `shown` stands there until it does."""
    return f'<w:fldSimple w:instr=" {code} ">{run(shown)}</w:fldSimple>'
