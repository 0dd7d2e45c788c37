"""The quasi-identifiers as the search sees them: what every code becomes at every level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.release import ReleasedColumn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from microdata.encoding import Domain, EncodedTable


@dataclass(frozen=True, eq=False)
class SearchColumn:
    """
    One quasi-identifier and the levels from which the search may choose.

    A released value is written as the lowest original code that it stands for. The same lookup
    then leads to a level from every finer one, and no key ever needs more bits.

    Parameters
    ----------
    name : str
    lowest : int
        The first level that may be chosen; the arrays below start with it.
    height : int
        The highest level of the hierarchy, whether it may be chosen or not; 0 without one.
    size : int
        D, the number of rows of the hierarchy, or of values where there is none.
    representative : tuple of int32[D + 2]
        For each level the code that stands for each original code; -1 where the hierarchy says
        nothing of a value, which then only a table of the population holds.
    leaves : tuple of int64[D + 2]
        For each level how many leaves lie below each code; D where a code says nothing.
    counts : int64[D + 2]
        Records of the table that hold each original code.
    """

    name: str
    lowest: int
    height: int
    size: int
    representative: tuple[NDArray[np.int32], ...]
    leaves: tuple[NDArray[np.int64], ...]
    counts: NDArray[np.int64]

    @property
    def levels(self) -> int:
        """How many levels may be chosen."""
        return len(self.leaves)

    @cached_property
    def leaf_sums(self) -> NDArray[np.int64]:
        """The sum over all records of the leaves below their value, level by level."""
        return np.array([int(leaves @ self.counts) for leaves in self.leaves], np.int64)

    @cached_property
    def values(self) -> NDArray[np.int64]:
        """How many different values the table has at each level."""
        held = self.counts > 0
        return np.array([np.unique(rep[held]).size for rep in self.representative], np.int64)

    @cached_property
    def entropy(self) -> NDArray[np.float64]:
        """The bits that generalising costs at each level: -sum n_a log2(n_a / n_g(a))."""
        held = np.flatnonzero(self.counts > 0)
        n = self.counts[held].astype(np.float64)
        bits = []
        for representative in self.representative:
            group = representative[held]
            total = np.bincount(group, weights=n)[group]
            bits.append(float(n @ np.log2(total / n)))
        return np.array(bits)

    @cached_property
    def most_entropy(self) -> float:
        """The bits that are lost where nothing is left of the column."""
        n = self.counts[self.counts > 0].astype(np.float64)
        return float(n @ np.log2(n.sum() / n))

    @cached_property
    def mean_log_leaves(self) -> NDArray[np.float64]:
        """The mean over all records of ln(leaves below their value), level by level."""
        n = max(1, int(self.counts.sum()))
        return np.array([float(np.log(leaves) @ self.counts) / n for leaves in self.leaves])


def search_columns(
    source: EncodedTable, names: tuple[str, ...], ranges: Mapping[str, tuple[int, int]]
) -> tuple[SearchColumn, ...]:
    """
    Return the quasi-identifiers with the levels that may be chosen.

    Parameters
    ----------
    source : EncodedTable
    names : tuple of str
    ranges : mapping of str to (int, int)
        Lowest and highest level of a column; all levels of its hierarchy where it is not named.

    Raises
    ------
    PrivacyToolError
        A level that a hierarchy does not have, or a value that a hierarchy does not cover.
    """
    return tuple(_search_column(source, name, ranges.get(name)) for name in names)


def _search_column(source: EncodedTable, name: str, levels: tuple[int, int] | None) -> SearchColumn:
    domain = source.domain(name)
    height = 0 if domain.hierarchy is None else domain.hierarchy.height
    low, high = (0, height) if levels is None else levels
    if not 0 <= low <= high <= height:
        raise PrivacyToolError(
            f"The column {name!r} has the levels 0 to {height}, so it cannot be kept to the levels "
            f"{low} to {high}. Choose others or give it another hierarchy."
        )
    counts = np.append(source.counts(name), 0)
    if high and np.any(counts[domain.declared : domain.missing] > 0):
        open_ = int((counts[domain.declared : domain.missing] > 0).sum())
        raise PrivacyToolError(
            f"{open_} values of the column {name!r} are not in its hierarchy, so it cannot be "
            "generalised. Add them to the hierarchy, or keep the column to level 0."
        )
    coded = [_level(domain, level) for level in range(low, high + 1)]
    column = SearchColumn(
        name,
        low,
        height,
        max(1, domain.declared),  # an empty column has no value and is all alike
        tuple(representative for representative, _ in coded),
        tuple(leaves for _, leaves in coded),
        counts,
    )
    _require_nested(column)
    return column


def _level(domain: Domain, level: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the representative of each original code at a level, and the leaves below each."""
    released = ReleasedColumn.generalized(domain, level)
    lookup = np.arange(domain.cardinality) if released.lookup is None else released.lookup
    first = np.full(released.cardinality, -1, np.int32)
    covered = np.flatnonzero(lookup >= 0)
    first[lookup[covered[::-1]]] = covered[::-1]
    representative = np.where(lookup >= 0, first[lookup], np.int32(-1)).astype(np.int32)
    # One leaf for a missing cell, as long as it can be told from the others.
    below = np.bincount(lookup[: domain.declared][lookup[: domain.declared] >= 0], minlength=1)
    number = np.maximum(1, np.append(below, np.zeros(released.cardinality, np.int64)))
    leaves = np.where(lookup >= 0, number[lookup], 1).astype(np.int64)
    leaves[domain.suppressed] = max(1, domain.declared)
    return representative, leaves


def _require_nested(column: SearchColumn) -> None:
    """Refuse levels that part again what a finer level had merged."""
    held = np.flatnonzero(column.counts > 0)
    for finer, coarser in zip(column.representative[:-1], column.representative[1:], strict=True):
        if not np.array_equal(coarser[finer[held]], coarser[held]):
            raise PrivacyToolError(
                f"In the hierarchy of {column.name!r} a missing cell is one with the values at one "
                "level and apart from them at a higher one. Let '*' stand at the last level only."
            )
