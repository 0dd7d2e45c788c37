"""Counts in sentences."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """
    Return a count with its noun, whose plural takes an s.

    Examples
    --------
    >>> counted(1, "row"), counted(2000, "blank line")
    ('1 row', '2,000 blank lines')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
