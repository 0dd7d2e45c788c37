"""Measures, colours and the one typographic scale of the printed document."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from reports.document.fonts import BOLD, ITALIC, REGULAR
from reports.document.model import Tone

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 62.0, 62.0, 74.0, 64.0
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
TEXT_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

INK = HexColor("#0b1016")
QUIET = HexColor("#4a5563")
HAIRLINE = HexColor("#d5dae0")
GROUND = HexColor("#f3f5f8")
PRIMARY = HexColor("#0b4f94")
BEFORE = HexColor("#8a94a0")
THRESHOLD = HexColor("#8c1d18")
RISK = HexColor("#8c2d04")
UTILITY = HexColor("#08306b")
WHITE = HexColor("#ffffff")

TONES: dict[Tone, Color] = {
    "plain": INK,
    "bad": HexColor("#8c1d18"),
    "conditions": HexColor("#8a5a00"),
    "good": HexColor("#1f6b3a"),
    "unknown": HexColor("#5f6b7a"),
}
GROUNDS: dict[Tone, Color] = {
    "plain": GROUND,
    "bad": HexColor("#fbeeed"),
    "conditions": HexColor("#fff6e8"),
    "good": HexColor("#edf6f0"),
    "unknown": HexColor("#f1f3f5"),
}

STATUS_TONES: dict[str, Tone] = {"APPROVED": "good", "REJECTED": "bad"}
"""Every other status waits for somebody: conditions to meet, an answer, a decision."""

# Sizes in points: 8, 9.5, 11.5, 14, 18, 27.
SMALL, BODY, SUBTITLE, HEADING, LARGE, TITLE = 8.0, 9.5, 11.5, 14.0, 18.0, 27.0


def _style(
    name: str, size: float, leading: float, font: str = REGULAR, **more: object
) -> ParagraphStyle:
    options: dict[str, object] = {
        "fontName": font,
        "fontSize": size,
        "leading": leading,
        "textColor": INK,
        "bulletFontName": font,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
        "alignment": TA_LEFT,
    }
    return ParagraphStyle(name, **(options | more))


TEXT = {
    "title": _style("title", TITLE, 32, BOLD, spaceAfter=6),
    "subtitle": _style("subtitle", HEADING, 19, textColor=QUIET, spaceAfter=14),
    "h1": _style("h1", LARGE, 23, BOLD, spaceBefore=22, spaceAfter=8),
    "h2": _style("h2", SUBTITLE, 15, BOLD, spaceBefore=14, spaceAfter=5),
    "body": _style("body", BODY, 14, spaceAfter=7),
    "lead": _style("lead", SUBTITLE, 16.5, spaceBefore=4, spaceAfter=6, keepWithNext=1),
    "note": _style("note", SMALL, 11, textColor=QUIET, spaceAfter=7),
    "formula": _style("formula", BODY, 14, ITALIC, leftIndent=14, spaceAfter=7),
    "bullet": _style("bullet", BODY, 13.5, leftIndent=12, bulletIndent=0, spaceAfter=3),
    "remark": _style(
        "remark", SMALL, 11, textColor=QUIET, leftIndent=12, bulletIndent=0, spaceAfter=2
    ),
    "cell": _style("cell", 8.5, 11.5),
    "number": _style("number", 8.5, 11.5, alignment=TA_RIGHT),
    "head": _style("head", SMALL, 10.5, BOLD, textColor=QUIET),
    "number head": _style("number head", SMALL, 10.5, BOLD, textColor=QUIET, alignment=TA_RIGHT),
    "contents": _style("contents", BODY, 12),
    "chart title": _style("chart title", 10.5, 14, BOLD, spaceBefore=8, spaceAfter=2),
    "word": _style("word", SUBTITLE, 15, BOLD, spaceAfter=2),
    "band": _style("band", BODY, 14),
    "tile name": _style("tile name", SMALL, 10, BOLD, textColor=QUIET),
    "tile now": _style("tile now", SUBTITLE, 15, BOLD),
    "tile words": _style("tile words", SMALL, 11, BOLD),
    "tile was": _style("tile was", 7.5, 10, textColor=QUIET),
    "signature label": _style("signature label", BODY, 14, BOLD),
    "signature term": _style("signature term", SMALL, 11, textColor=QUIET),
    "signature fact": _style("signature fact", BODY, 12),
}


def status_tone(status: str) -> Tone:
    """Return the tone of the word that stands on every page."""
    return STATUS_TONES.get(status, "conditions")
