"""What was published, and how each original value became its released value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microdata.encoding import Codes, Domain, EncodedTable, compact
from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Nodes
from microdata.kernels import count_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses

_COLUMNS = "columns"


@dataclass(frozen=True, eq=False)
class ReleasedColumn:
    """
    One column of a release.

    A released code is a node 0..m-1, m for missing, or m + 1 for a suppressed cell (``*``).

    Parameters
    ----------
    name : str
    nodes : Nodes
        m labels with the leaves below each.
    lookup : int32[D + 2], optional
        Released code of each original code; -1 for a value that the rule does not cover. Present
        where the same original value always becomes the same released value.
    explicit : int32[n0], optional
        Released code of each ORIGINAL record, where there is no such rule.
    renamed : bool
        Whether the labels are not the values, as with pseudonyms.
    perturbed : bool
        Whether a released value need not stand for the true one, as after noise or swapping. Its
        node then holds the original values nearest to the label, not all that it may come from.
    relabelled : bool
        Whether labels are not the values that they stand for, although one value may be one label.
    memo : dict
        What measures ask about the column itself, counted by the first of them.
    """

    name: str
    nodes: Nodes
    lookup: NDArray[np.int32] | None = None
    explicit: NDArray[np.int32] | None = None
    renamed: bool = False
    perturbed: bool = False
    relabelled: bool = False
    # Not a field of `replace`: a column that is changed shares nothing that was counted before.
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def missing(self) -> int:
        """The released code of a missing cell."""
        return len(self.nodes.labels)

    @property
    def suppressed(self) -> int:
        """The released code of a suppressed cell."""
        return len(self.nodes.labels) + 1

    @property
    def cardinality(self) -> int:
        """Number of released codes, the two reserved ones included."""
        return len(self.nodes.labels) + 2

    @cached_property
    def unchanged(self) -> bool:
        """Whether every value is released as it is."""
        return self.lookup is not None and bool(
            not self.renamed
            and not self.relabelled
            and self.lookup.size == self.cardinality
            and np.array_equal(self.lookup, np.arange(self.cardinality))
        )

    @property
    def texts(self) -> tuple[str | None, ...]:
        """What is written for each released code: labels, nothing for missing, ``*``."""
        return (*self.nodes.labels, None, SUPPRESSED)

    @classmethod
    def identity(cls, domain: Domain) -> ReleasedColumn:
        """Return a column as it was."""
        return cls(
            domain.column,
            Nodes.identity(domain.leaves),
            np.arange(domain.cardinality, dtype=np.int32),
        )

    @classmethod
    def from_labels(cls, domain: Domain, labels: list[str | None]) -> ReleasedColumn:
        """
        Build a column from the label of each leaf.

        Parameters
        ----------
        domain : Domain
            D leaves.
        labels : list of str or None
            D labels; ``*`` suppresses, None marks a leaf that the rule does not cover. If every
            covered leaf is suppressed, missing cells are suppressed too: the column says nothing.
        """
        position: dict[str, int] = {}
        for label in labels:
            if label is not None and label != SUPPRESSED:
                position.setdefault(label, len(position))
        m = len(position)
        codes = {None: -1, SUPPRESSED: m + 1} | position
        lookup = np.fromiter((codes[label] for label in labels), np.int32, len(labels))
        missing = m if m or not len(labels) else m + 1
        full = np.append(lookup, np.array([missing, m + 1], np.int32)).astype(np.int32)
        nodes = Nodes.from_lookup(tuple(position), lookup)
        return cls(domain.column, nodes, full, relabelled=tuple(labels) != domain.leaves)

    @classmethod
    def generalized(cls, domain: Domain, level: int) -> ReleasedColumn:
        """Return a column at a level of its hierarchy; values outside it are not covered."""
        if level == 0:
            return cls.identity(domain)
        if domain.hierarchy is None:
            raise PrivacyToolError(
                f"The column {domain.column!r} has no hierarchy, so it cannot be generalised. "
                "Build or upload one."
            )
        domain.hierarchy.check_level(level)
        at = domain.hierarchy.levels[level]
        labels: list[str | None] = [at.labels[node] for node in at.lookup]
        return cls.from_labels(domain, labels + [None] * (len(domain.leaves) - domain.declared))

    def require_covered(self, source: EncodedTable) -> None:
        """Refuse a rule that leaves values of the table without a released value."""
        if self.lookup is None:
            return
        open_ = np.flatnonzero((self.lookup[:-1] < 0) & (source.counts(self.name) > 0))
        if open_.size:
            raise PrivacyToolError(
                f"{open_.size} values of the column {self.name!r} are not in its hierarchy, so "
                "they cannot be generalised. Add them to the hierarchy, or choose to replace "
                "them by *."
            )


@dataclass(frozen=True, eq=False)
class TupleMask:
    """Which leaf-level classes of the original table are kept: bool[m0]."""

    base: EquivalenceClasses
    keep: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Change:
    """
    How often each original value became each released value in one column.

    Parameters
    ----------
    original, released : int32[p]
        Codes of kept records.
    n : int64[p]
    suppressed : int64[D + 2]
        Records left out, by original code.
    """

    original: NDArray[np.int32]
    released: NDArray[np.int32]
    n: NDArray[np.int64]
    suppressed: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Release:
    """
    A table as it is published, described against its original.

    Parameters
    ----------
    source : EncodedTable
        The original (or, for a table protected elsewhere without its original, that table).
    columns : mapping of str to ReleasedColumn
        The columns that are published, in order.
    kept : bool[n0] or TupleMask, optional
        Which records are published; None for all.
    recipe_digest : str
        Which recipe made it; "" for the original itself.
    origin : EncodedTable, optional
        For a release made elsewhere: its original. `source` is then the release's own table, and
        which record became which is not known.
    order : int64[n0], optional
        The original records in the order in which those of them that are kept are written; None
        for the order of the original.
    """

    source: EncodedTable
    columns: Mapping[str, ReleasedColumn]
    kept: NDArray[np.bool_] | TupleMask | None = None
    recipe_digest: str = ""
    origin: EncodedTable | None = None
    order: NDArray[np.int64] | None = None
    class_tables: dict[Any, EquivalenceClasses] = field(default_factory=dict)  # memo of grouping

    @classmethod
    def original(cls, source: EncodedTable) -> Release:
        """Return the release of a table as it is."""
        if _COLUMNS not in source.memo:
            source.memo[_COLUMNS] = MappingProxyType(
                {name: ReleasedColumn.identity(domain) for name, domain in source.domains.items()}
            )
        return cls(source, source.memo[_COLUMNS])

    def at_level(self, name: str, level: int) -> ReleasedColumn:
        """Return a column at a level of its hierarchy that covers it, made once a table."""
        key = (_COLUMNS, name, level)
        if key not in self.source.memo:
            made = ReleasedColumn.generalized(self.source.domain(name), level)
            made.require_covered(self.source)
            self.source.memo[key] = made
        column: ReleasedColumn = self.source.memo[key]
        return column

    def with_columns(self, *columns: ReleasedColumn) -> Release:
        """Return the release with some columns replaced."""
        changed = dict(self.columns) | {column.name: column for column in columns}
        return replace(self, columns=MappingProxyType(changed), class_tables={})

    def without(self, names: tuple[str, ...]) -> Release:
        """Return the release without some columns."""
        left = {name: column for name, column in self.columns.items() if name not in names}
        return replace(self, columns=MappingProxyType(left), class_tables={})

    def keeping(self, kept: NDArray[np.bool_] | TupleMask) -> Release:
        """Return the release with other records kept."""
        return replace(self, kept=kept, class_tables={})

    @cached_property
    def row_mask(self) -> NDArray[np.bool_]:
        """Which original records are published: bool[n0]."""
        if self.kept is None:
            return np.ones(self.source.records, bool)
        if isinstance(self.kept, TupleMask):
            return self.kept.keep[self.kept.base.class_of]
        return self.kept

    @cached_property
    def record_index(self) -> NDArray[np.int64]:
        """The original position of each published record: int64[n]."""
        return np.flatnonzero(self.row_mask)

    @cached_property
    def written_order(self) -> NDArray[np.int64] | slice:
        """How the published records are put in the order in which they are written."""
        if self.order is None:
            return slice(None)
        place = np.cumsum(self.row_mask) - 1
        return np.asarray(place[self.order[self.row_mask[self.order]]], np.int64)

    @cached_property
    def released_records(self) -> int:
        """Number of published records, n (rows)."""
        if isinstance(self.kept, TupleMask):
            return int(self.kept.base.rows @ self.kept.keep)
        return self.source.records if self.kept is None else int(self.kept.sum())

    @cached_property
    def original_records(self) -> int:
        """Number of original records, n0 (rows)."""
        return (self.origin or self.source).records

    def domain(self, name: str) -> Domain:
        """Return the original's domain of a column, over whose leaves its nodes are described."""
        return (self.origin or self.source).domain(name)

    @cached_property
    def suppressed_records(self) -> int:
        """Number of records that were left out."""
        return max(0, self.original_records - self.released_records)

    def codes(self, name: str) -> Codes:
        """Return the released code of each published record: unsigned[n]."""
        column = self.columns[name]
        if column.lookup is None:
            explicit = column.explicit if column.explicit is not None else np.empty(0, np.int32)
            codes: Codes = explicit if self.kept is None else explicit[self.record_index]
        else:
            original = self.source.codes[name]
            original = original if self.kept is None else original[self.record_index]
            codes = compact(column.lookup, column.cardinality)[original]
        return compact(codes, column.cardinality)

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return {}

    def change(self, name: str) -> Change:
        """Return how often each original value became each released value in a column."""
        if name not in self._changes:
            self._changes[name] = self._change(name)
        return self._changes[name]

    def _change(self, name: str) -> Change:
        column, domain = self.columns[name], self.source.domain(name)
        if column.lookup is not None and not self._rows_needed(name):
            suppressed = self._left_out[name]
            kept = np.append(self.source.counts(name), 0) - suppressed
            original = np.flatnonzero(kept).astype(np.int32)
            return Change(original, column.lookup[original], kept[original], suppressed)
        original_codes = self.source.codes[name].astype(np.int64)
        kept_codes = original_codes[self.record_index]
        joint = kept_codes * column.cardinality + self.codes(name)
        pair, n = np.unique(joint, return_counts=True)
        suppressed = np.bincount(original_codes[~self.row_mask], minlength=domain.cardinality)
        return Change(
            (pair // column.cardinality).astype(np.int32),
            (pair % column.cardinality).astype(np.int32),
            n.astype(np.int64),
            suppressed.astype(np.int64),
        )

    def _rows_needed(self, name: str) -> bool:
        if isinstance(self.kept, TupleMask):
            return name not in self.kept.base.columns
        return self.kept is not None

    @cached_property
    def _left_out(self) -> dict[str, NDArray[np.int64]]:
        """How many records of each original code are left out, where no pass over them is due."""
        if not isinstance(self.kept, TupleMask):
            return {n: np.zeros(d.cardinality, np.int64) for n, d in self.source.domains.items()}
        base, counts, fields = self.kept.base, {}, []
        sizes = [self.source.domain(place.column).cardinality for place in base.layout]
        total = np.zeros(sum(sizes), np.int64)
        start = 0
        for place, size in zip(base.layout, sizes, strict=True):
            fields.append((*place.place, start))
            counts[place.column] = total[start : start + size]
            start += size
        places = np.array(fields, np.int64).reshape(-1, 4)
        count_codes(base.keys, places, base.rows, ~self.kept.keep, total)
        return counts

    def frame(self) -> pd.DataFrame:
        """Return the published table as text, as it is written; missing cells are NaN."""
        data: dict[str, pd.Categorical] = {}
        for name, column in self.columns.items():
            # A value of the original may itself be written as a suppressed cell is.
            place: dict[str, int] = {}
            for text in (*column.nodes.labels, SUPPRESSED):
                place.setdefault(text, len(place))
            texts = list(place)
            position = np.array(
                [-1 if text is None else place[text] for text in column.texts], np.int64
            )
            data[name] = pd.Categorical.from_codes(
                position[self.codes(name)][self.written_order].tolist(),
                categories=pd.Index(texts, dtype=object),
            )
        return pd.DataFrame(data)
