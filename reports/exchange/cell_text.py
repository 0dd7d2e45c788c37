"""Texts for cells of a spreadsheet."""

from __future__ import annotations

import re

LONGEST = 32_000
"""A cell holds 32,767 characters."""
# What XML, and so a workbook, cannot hold; a lone half of a pair is none at all.
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")


def cell_text(text: str) -> str:
    """Return a text that a cell can hold: no control characters, line ends alike, cut to length."""
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", _DROPPED.sub("", lines))
