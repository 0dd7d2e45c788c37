"""A column of many numbers or dates in a few intervals of a round width, for charts."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import ColumnKind
from microdata.kinds import date_values, numeric_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable

_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_EXACT = 2.0**52  # floats count whole numbers up to here
Bins = tuple[list[str], "NDArray[np.int64]"]


def interval_bins(table: EncodedTable, column: str, max_bins: int) -> Bins | None:
    """
    Return intervals over the values that a column holds.

    Parameters
    ----------
    table : EncodedTable
    column : str
    max_bins : int
        At least three: two are kept for missing cells and for what cannot be read.

    Returns
    -------
    labels : list of str
    rule : int64[D + 2]
        The interval of each code. None instead of both where the column holds no numbers or dates,
        or numbers too large to be counted in steps.
    """
    domain = table.domain(column)
    held = table.counts(column)[:-1] > 0
    most = max(1, max_bins - 2)
    if domain.kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL):
        numbers = numeric_values(domain.leaves, table.dataset.read.decimal)
        known = np.isfinite(numbers) & held
        found = _of_numbers(numbers[known], most, whole=domain.kind is ColumnKind.INTEGER)
    elif domain.kind is ColumnKind.DATE:
        dates = date_values(domain.leaves)
        known = ~np.isnat(dates) & held
        found = _of_dates(dates[known], most)
    else:
        return None
    if found is None:
        return None
    labels, place = found
    rule = np.full(domain.cardinality, len(labels), np.int64)
    rule[:-2][known] = place
    rule[domain.missing] = len(labels) + 1
    return [*labels, "(not readable)", "(missing)"], rule


def _of_numbers(numbers: NDArray[np.float64], most: int, *, whole: bool) -> Bins | None:
    if not numbers.size:
        return None
    low, high = float(numbers.min()), float(numbers.max())
    # One less, because the first interval may start below the smallest number.
    width = _round_width((high - low) / max(1, most - 1), whole=whole)
    if not (0 < width < np.inf and max(abs(low), abs(high)) / width < _EXACT):
        return None
    step = np.floor(numbers / width)
    place = (step - step.min()).astype(np.int64)
    first = float(step.min())
    return [_label(first + i, width, whole=whole) for i in range(int(place.max()) + 1)], place


def _round_width(least: float, *, whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten, and at least `least`."""
    if least <= 0 or not isfinite(least):
        return 1.0
    power = 10.0 ** floor(log10(least))
    width: float = next(
        (power * factor for factor in (1, 2, 5) if power * factor >= least), power * 10
    )
    return max(1.0, width) if whole else width


def _label(step: float, width: float, *, whole: bool) -> str:
    low, high = step * width, (step + 1) * width
    if whole and width == 1:
        return f"{low:.0f}"
    if whole:
        return f"{low:.0f} to {high - 1:.0f}" if low < 0 else f"{low:.0f}-{high - 1:.0f}"
    digits = max(0, -floor(log10(width)))
    return f"[{low:.{digits}f}, {high:.{digits}f})"


def _of_dates(dates: NDArray[np.datetime64], most: int) -> Bins | None:
    if not dates.size:
        return None
    # Months since the year 0, so that decades start where people start them.
    months = dates.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    fitting = (size for size in _MONTHS if months.max() // size - months.min() // size < most)
    size = next(fitting, None)
    if size is None:
        return None
    step = months // size
    place = step - step.min()
    first = int(step.min())
    return [_span((first + i) * size, size) for i in range(int(place.max()) + 1)], place


def _span(month: int, size: int) -> str:
    last = month + size - 1
    if size >= 12:
        return f"{month // 12}" if size == 12 else f"{month // 12}-{last // 12}"
    start = f"{month // 12}-{month % 12 + 1:02d}"
    return start if size == 1 else f"{start} to {last // 12}-{last % 12 + 1:02d}"
