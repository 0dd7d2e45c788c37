"""The codes of the columns that are compared, by record, and counts of their combinations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from utility import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain, EncodedTable
    from microdata.release import Release, ReleasedColumn
    from microdata.roles import Roles

MOST_COLUMNS = 12
MOST_CELLS = 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairs:
    """
    Pairs of codes of two columns.

    Parameters
    ----------
    a, b : int32[p]
    n : int64[p]
        How many records hold each pair.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    n: NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class CodedRows:
    """
    The codes of some columns in every record of a table.

    Parameters
    ----------
    columns : tuple of str
    codes : int32[columns, n]
    cardinalities : tuple of int
        How many codes each column may have.
    """

    columns: tuple[str, ...]
    codes: NDArray[np.int32]
    cardinalities: tuple[int, ...]

    @classmethod
    def original(cls, table: EncodedTable, columns: Sequence[str]) -> CodedRows:
        """Return the rows of the original table, all n0."""
        codes = np.empty((len(columns), table.records), np.int32)
        for i, column in enumerate(columns):
            codes[i] = table.codes[column]
        sizes = tuple(table.domain(column).cardinality for column in columns)
        return cls(columns=tuple(columns), codes=codes, cardinalities=sizes)

    @classmethod
    def released(cls, release: Release, columns: Sequence[str]) -> CodedRows:
        """Return the published rows over published columns."""
        codes = np.empty((len(columns), release.released_records), np.int32)
        for i, column in enumerate(columns):
            codes[i] = release.codes(column)
        sizes = tuple(release.columns[column].cardinality for column in columns)
        return cls(columns=tuple(columns), codes=codes, cardinalities=sizes)

    def of(self, column: str) -> NDArray[np.int32]:
        """Return the codes of one column: int32[n]."""
        codes: NDArray[np.int32] = self.codes[self.columns.index(column)]
        return codes

    def shape(self, columns: Sequence[str]) -> tuple[int, ...]:
        """Return the shape of the table of all combinations of some columns."""
        return tuple(self.cardinalities[self.columns.index(column)] for column in columns)

    def margin(self, column: str) -> NDArray[np.int64]:
        """Return how many rows hold each code of a column."""
        return np.bincount(self.of(column), minlength=self.shape((column,))[0]).astype(np.int64)

    def counts(self, columns: Sequence[str], most: int = MOST_CELLS) -> NDArray[np.int64] | None:
        """Return how many rows hold each combination; None where more than `most` are possible."""
        shape = self.shape(columns)
        if prod(shape) > most:
            return None
        where = np.array([self.columns.index(column) for column in columns], np.int64)
        counts = kernels.count_cells(self.codes, where, np.array(shape, np.int64))
        return np.asarray(counts.reshape(shape), dtype=np.int64)

    def pairs(self, a: str, b: str) -> Pairs:
        """Return the pairs that two columns hold, each row its own pair where they are too many."""
        counts = self.counts((a, b))
        if counts is None:
            return Pairs(a=self.of(a), b=self.of(b), n=np.ones(self.codes.shape[1], np.int64))
        held = np.nonzero(counts)
        return Pairs(a=held[0].astype(np.int32), b=held[1].astype(np.int32), n=counts[held])

    def weigh(self, shares: Sequence[tuple[str, NDArray[np.float64]]]) -> float:
        """Return the sum over the rows of the product of what their codes count, by column."""
        where = np.array([self.columns.index(column) for column, _ in shares], np.int64)
        each = [share for _, share in shares]
        starts = np.cumsum([0, *(share.size for share in each)])[:-1].astype(np.int64)
        return float(
            kernels.weigh_rows(self.codes, where, np.concatenate([np.empty(0), *each]), starts)
        )


def compared_columns(roles: Roles) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that are compared with each other, and a caveat on those left out."""
    columns = tuple(dict.fromkeys((*roles.quasi_identifiers, *roles.sensitive)))
    left = len(columns) - MOST_COLUMNS
    if left <= 0:
        return columns, ()
    return columns[:MOST_COLUMNS], (
        f"Only the first {MOST_COLUMNS} columns are looked at; {left} more are left out.",
    )


def codes_by_record(
    release: Release, column: str, rows: NDArray[np.int64] | slice = slice(None)
) -> NDArray[np.int64]:
    """
    Return the released code of ORIGINAL records, those that are left out included.

    What a rule does not cover is taken as suppressed. `rows` are positions in the original; all by
    default.
    """
    released = release.columns[column]
    if released.lookup is not None:
        codes = released.lookup[release.source.codes[column][rows]]
    else:
        explicit = np.empty(0, np.int32) if released.explicit is None else released.explicit
        codes = explicit[rows]
    return np.where(codes < 0, released.suppressed, codes).astype(np.int64)


def first_labels(released: ReleasedColumn, domain: Domain) -> NDArray[np.int64]:
    """Return the first released code that stands for each original code, ``*`` where none does."""
    node = np.repeat(np.arange(released.nodes.sizes.size), released.nodes.sizes)
    rule = np.full(domain.cardinality, released.suppressed, np.int64)
    rule[released.nodes.members[::-1]] = node[::-1]
    rule[domain.missing] = released.missing
    return rule
