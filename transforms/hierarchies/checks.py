"""What a hierarchy must be: every label has one label above, and every value is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import Dataset
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Fault:
    """
    A level that is not a function of the level below.

    Parameters
    ----------
    level : int
        The level below, whose labels are split.
    labels : int
        How many of its labels have more than one label above.
    values : int
        How many values have such a label.
    """

    level: int
    labels: int
    values: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """
    How much of a column its hierarchy knows.

    Parameters
    ----------
    values : int
        Distinct values of the column.
    lacking : int
        Those that the hierarchy does not know.
    rows : int
        The rows that hold one of these.
    """

    values: int
    lacking: int
    rows: int

    def describe(self) -> str:
        """Return it as a sentence that holds no value."""
        if not self.lacking:
            return f"The hierarchy covers all {self.values:,} values of the column."
        held = "1 row holds" if self.rows == 1 else f"{self.rows:,} rows hold"
        return (
            f"The hierarchy does not cover {self.lacking:,} of {self.values:,} values of the "
            f"column, which {held}; generalising the column is refused until it does."
        )


def rows_by_value(dataset: Dataset, column: str) -> NDArray[np.int64]:
    """Return how many rows hold each value of a column, in the order of `Dataset.values`."""
    codes = dataset.codes(column)
    return np.bincount(codes[codes >= 0], minlength=len(dataset.values(column)))


def coverage(hierarchy: Hierarchy, dataset: Dataset) -> Coverage:
    """Count the values of the column that the hierarchy does not know, and their rows."""
    values = dataset.values(hierarchy.column)
    rows = rows_by_value(dataset, hierarchy.column).tolist()
    known = hierarchy.positions
    lacking = [held for value, held in zip(values, rows, strict=True) if value not in known]
    return Coverage(values=len(values), lacking=len(lacking), rows=sum(lacking))


def faults(rows: Sequence[Sequence[str]]) -> tuple[Fault, ...]:
    """
    Find the levels that are not functions of the level below.

    Parameters
    ----------
    rows : sequence of sequence of str
        A value and its label at every level, all of one length.

    Examples
    --------
    >>> faults([("a", "x", "1"), ("b", "x", "2"), ("c", "y", "2")])
    (Fault(level=1, labels=1, values=2),)
    """
    found = []
    for level in range(len(rows[0]) - 1 if rows else 0):
        above: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            above[row[level]].add(row[level + 1])
        split = {label for label, parents in above.items() if len(parents) > 1}
        if split:
            values = sum(row[level] in split for row in rows)
            found.append(Fault(level=level, labels=len(split), values=values))
    return tuple(found)


def checked(column: str, rows: Sequence[Sequence[str]]) -> Hierarchy:
    """
    Build a hierarchy; where a level is not a function of the one below, say how many values hinder.

    Raises
    ------
    PrivacyToolError
        As `Hierarchy.from_rows`, with the number of values that are concerned.
    """
    even = len({len(row) for row in rows}) == 1
    unique = len({row[0] for row in rows if row}) == len(rows)
    if even and unique:
        for fault in faults(rows):
            raise PrivacyToolError(
                f"The hierarchy of {column!r} is not a function from level {fault.level} to level "
                f"{fault.level + 1}: {fault.labels:,} labels there have more than one label above, "
                f"which concerns {fault.values:,} values. Give each label exactly one parent."
            )
    return Hierarchy.from_rows(column, rows)
