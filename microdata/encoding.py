"""Columns as compact integer codes over a domain; missing and ``*`` have their own codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.dataset import ColumnKind, Dataset
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy

if TYPE_CHECKING:
    from numpy.typing import NDArray

Codes = Any  # numpy array of uint8, uint16 or uint32


@dataclass(frozen=True, eq=False)
class Domain:
    """
    All values that a column may hold: the hierarchy's leaves first, then what only the data hold.

    Parameters
    ----------
    column : str
    leaves : tuple of str
        D values in the column's order. Code D means missing, D + 1 a suppressed cell.
    kind : ColumnKind
        How the leaves are understood.
    declared : int
        How many of them the hierarchy declares; D without a hierarchy.
    hierarchy : Hierarchy, optional
        Whose leaves come first.
    """

    column: str
    leaves: tuple[str, ...]
    kind: ColumnKind
    declared: int
    hierarchy: Hierarchy | None = None

    @property
    def missing(self) -> int:
        """The code of a missing cell."""
        return len(self.leaves)

    @property
    def suppressed(self) -> int:
        """The code of a suppressed cell."""
        return len(self.leaves) + 1

    @property
    def cardinality(self) -> int:
        """Number of codes, the two reserved ones included."""
        return len(self.leaves) + 2

    @cached_property
    def positions(self) -> dict[str, int]:
        """The code of each leaf."""
        return {leaf: code for code, leaf in enumerate(self.leaves)}


def compact(codes: NDArray[Any], cardinality: int) -> Codes:
    """Return codes in the smallest unsigned type that holds the cardinality."""
    for dtype in (np.uint8, np.uint16):
        if cardinality - 1 <= np.iinfo(dtype).max:
            return codes.astype(dtype, copy=False)
    return codes.astype(np.uint32, copy=False)


@dataclass(frozen=True, eq=False)
class EncodedTable:
    """
    The original table as codes.

    Parameters
    ----------
    dataset : Dataset
        What was encoded.
    domains : mapping of str to Domain
        One a column, in the table's order.
    codes : mapping of str to uint8/16/32[n0]
        The code of each cell.
    memo : dict
        What is counted once a table: its classes, its columns at each level; forgotten with it.
    """

    dataset: Dataset
    domains: Mapping[str, Domain]
    codes: Mapping[str, Codes]
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def records(self) -> int:
        """Number of original records, n0."""
        return self.dataset.records

    def domain(self, column: str) -> Domain:
        """Return the domain of a column; refuse a column that is not there."""
        if column not in self.domains:
            raise PrivacyToolError.unknown_column(column, where="The request")
        return self.domains[column]

    @cached_property
    def _counts(self) -> dict[str, NDArray[np.int64]]:
        return {}

    def counts(self, column: str) -> NDArray[np.int64]:
        """Return how many records hold each leaf, and missing last: int64[D + 1]."""
        if column not in self._counts:
            domain = self.domain(column)
            self._counts[column] = np.bincount(
                self.codes[column], minlength=len(domain.leaves) + 1
            ).astype(np.int64)
        return self._counts[column]


def encode(
    dataset: Dataset,
    hierarchies: Mapping[str, Hierarchy] = MappingProxyType({}),
    others: Sequence[Dataset] = (),
) -> EncodedTable:
    """
    Encode a table over the domains of a session.

    Parameters
    ----------
    dataset : Dataset
        n0 records.
    hierarchies : mapping of str to Hierarchy
        Declared domains; a hierarchy for a column that the table lacks is refused.
    others : sequence of Dataset
        Population, register or hold-out tables, whose values join the domains.

    Raises
    ------
    PrivacyToolError
        A hierarchy names a column that the table does not have.
    """
    for name in hierarchies:
        if name not in dataset.column_names:
            raise PrivacyToolError.unknown_column(name, where="A hierarchy")
    domains: dict[str, Domain] = {}
    codes: dict[str, Codes] = {}
    for column in dataset.columns:
        name = column.name
        hierarchy = hierarchies.get(name)
        leaves = list(hierarchy.leaves) if hierarchy else []
        known = set(leaves)
        for table in (dataset, *others):
            if name in table.column_names:
                fresh = [value for value in table.values(name) if value not in known]
                leaves += fresh
                known.update(fresh)
        domain = Domain(
            name,
            tuple(leaves),
            column.kind,
            len(hierarchy.leaves) if hierarchy else len(leaves),
            hierarchy,
        )
        domains[name] = domain
        codes[name] = codes_in(domain, dataset)
    return EncodedTable(dataset, MappingProxyType(domains), MappingProxyType(codes))


def codes_in(domain: Domain, dataset: Dataset) -> Codes:
    """Return the codes of one column of any table of the session over a domain that covers it."""
    values = dataset.values(domain.column)
    translate = np.fromiter(
        (*(domain.positions[value] for value in values), domain.missing),
        dtype=np.int64,
        count=len(values) + 1,
    )
    return compact(translate, domain.cardinality)[dataset.codes(domain.column)]
