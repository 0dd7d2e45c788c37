"""Hierarchies of dates: day, month, quarter, year, five years, ten years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from microdata.kinds import date_values

LEVELS = ("day", "month", "quarter", "year", "5 years", "10 years")
DEFAULT = ("day", "month", "quarter", "year", "10 years")


def date_hierarchy(
    column: str, values: Sequence[str], levels: Sequence[str] = DEFAULT
) -> Hierarchy:
    """
    Build a hierarchy of dates.

    Parameters
    ----------
    column : str
    values : sequence of str
        The values that the column may hold; those that are not dates become ``*``.
    levels : sequence of str
        Some of ``day``, ``month``, ``quarter``, ``year``, ``5 years``, ``10 years``, in this order.
        A level that would repeat the values one by one is left out.

    Raises
    ------
    PrivacyToolError
        No value is a date, or the levels are not of this list and order.
    """
    places = [LEVELS.index(level) if level in LEVELS else -1 for level in levels]
    if -1 in places or places != sorted(set(places)):
        raise PrivacyToolError(
            f"The levels of the dates in {column!r} must be some of {', '.join(LEVELS)}, from "
            "fine to coarse, each once."
        )
    days = date_values(values)
    known = ~np.isnat(days)
    if not known.any():
        raise PrivacyToolError(
            f"No value of the column {column!r} is a date. Choose another kind of hierarchy."
        )
    order = np.argsort(days, kind="stable")  # what is not a date comes last
    columns: list[list[str]] = []
    for level in levels:
        labels = [
            _label(day, level) if ok else SUPPRESSED for day, ok in zip(days, known, strict=True)
        ]
        if len(set(labels)) < len(values) or level != "day":
            columns.append(labels)
    return Hierarchy.from_rows(
        column,
        [(values[i], *(labels[i] for labels in columns), SUPPRESSED) for i in order.tolist()],
    )


def _label(day: np.datetime64, level: str) -> str:
    if level == "day":
        return str(day)
    month = str(day.astype("datetime64[M]"))
    year = int(month[:-3])
    if level == "month":
        return month
    if level == "quarter":
        return f"{year:04d}-Q{(int(month[-2:]) + 2) // 3}"
    if level == "year":
        return f"{year:04d}"
    width = 5 if level == "5 years" else 10
    first = year - year % width
    return f"{first:04d}-{first + width - 1:04d}"
