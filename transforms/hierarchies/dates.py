"""Hierarchies of dates: day, week, month, quarter, year, five years, ten years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from microdata.kinds import date_values

LEVELS = ("day", "week", "month", "quarter", "year", "5 years", "10 years")
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
        Some of ``day``, ``week``, ``month``, ``quarter``, ``year``, ``5 years``, ``10 years``, in
        this order. A level that would repeat the values one by one is left out.

    Notes
    -----
    A week begins on Monday and belongs to the year in which its Thursday lies (ISO 8601). Weeks do
    not nest in months, so a level above weeks is made of whole weeks, each where its Thursday
    lies, and its labels say so: ``2024-05 (whole weeks)``.

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
    whole_weeks = False
    for level in levels:
        whole_weeks |= level == "week"
        labels = [
            _label(day, level, whole_weeks=whole_weeks) if ok else SUPPRESSED
            for day, ok in zip(days, known, strict=True)
        ]
        if len(set(labels)) < len(values) or level != "day":
            columns.append(labels)
    return Hierarchy.from_rows(
        column,
        [(values[i], *(labels[i] for labels in columns), SUPPRESSED) for i in order.tolist()],
    )


def _label(day: np.datetime64, level: str, *, whole_weeks: bool) -> str:
    if whole_weeks:
        thursday = day - _weekday(day) + 3
        return _week(thursday) if level == "week" else f"{_calendar(thursday, level)} (whole weeks)"
    return _calendar(day, level)


def _weekday(day: np.datetime64) -> int:
    """Return 0 for a Monday to 6 for a Sunday; the first day that is counted was a Thursday."""
    return int((day.astype(np.int64) + 3) % 7)


def _week(thursday: np.datetime64) -> str:
    year = thursday.astype("datetime64[Y]")
    number = int((thursday - year.astype("datetime64[D]")).astype(np.int64)) // 7 + 1
    return f"{int(str(year)):04d}-W{number:02d}"


def _calendar(day: np.datetime64, level: str) -> str:
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
