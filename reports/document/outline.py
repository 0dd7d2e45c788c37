"""The numbered sections of the report: their order, their titles, and who fills each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reports.document.model import Block, Filled, Paragraph, Section
from reports.words import WORDS

FILLED: Mapping[str, Filled] = MappingProxyType(
    {
        "1": "automatic",
        "2": "drafted",
        "3": "asked",
        "4": "automatic",
        "5": "asked",
        "6": "drafted",
        "7": "drafted",
        "8": "automatic",
        "9": "drafted",
        "10": "automatic",
        "11": "automatic",
        "12": "automatic",
        "13": "automatic",
        "14": "automatic",
        "15": "automatic",
        "16": "asked",
        "17": "drafted",
        "18": "drafted",
        "19": "asked",
        "20": "asked",
        "21": "asked",
        "A": "automatic",
        "B": "automatic",
    }
)
"""In the order of the report; the titles are words, so they stand with the other words."""
NUMBERS = tuple(FILLED)


def title(number: str) -> str:
    """Return the title of a section with its number."""
    return f"{number} {WORDS['sections'][number]}"


def numbered(number: str, blocks: Sequence[Block], *, new_page: bool = False) -> Section:
    """Return a numbered section that says first whether people or the tool filled it."""
    filled = FILLED[number]
    told: tuple[Block, ...] = (Paragraph(text=WORDS["filled"][filled], style="note"),)
    if number == "1":  # one page, where every line counts
        told = ()
    return Section(title=title(number), blocks=(*told, *blocks), new_page=new_page, filled=filled)
