"""Equivalence classes: the only group-by in the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata import kernels
from microdata.keys import KeyField, key_layout, pack_keys
from microdata.regrouped import Regrouped

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Contingency:
    """
    How often each value of a sensitive attribute occurs in each class, missing values left out.

    Parameters
    ----------
    labels : tuple of str
        The V values, in the attribute's order.
    offsets : int64[m + 1]
    value : int32[p]
    n : int64[p]
        Class j holds n[i] people with value[i] for i in offsets[j]:offsets[j + 1].
    missing : int64[m]
        People of each class whose value is missing.
    overall : float64[V]
        Distribution in the ORIGINAL table, missing values left out: the q of t-closeness. NaN
        where released labels do not say which original values they stand for.
    order_name : str
        Where the order of the values comes from; printed with ordered t-closeness.
    levels : tuple of int32[V]
        For each level above the values of the attribute's hierarchy, the node of each value; empty
        where there is no hierarchy that covers them.
    """

    labels: tuple[str, ...]
    offsets: NDArray[np.int64]
    value: NDArray[np.int32]
    n: NDArray[np.int64]
    missing: NDArray[np.int64]
    overall: NDArray[np.float64]
    order_name: str = "alphabetical order"
    levels: tuple[NDArray[np.int32], ...] = ()

    @property
    def totals(self) -> NDArray[np.int64]:
        """People of each class whose value is known: int64[m]."""
        sums = np.append(0, np.cumsum(self.n))
        totals: NDArray[np.int64] = sums[self.offsets[1:]] - sums[self.offsets[:-1]]
        return totals

    @cached_property
    def missing_share(self) -> float:
        """Share of the people whose value is missing."""
        missing = int(self.missing.sum())
        return missing and missing / (missing + int(self.n.sum()))

    @cached_property
    def comparable(self) -> bool:
        """Whether the original's distribution over the values is known."""
        return not np.isnan(self.overall).any()

    @property
    def released(self) -> NDArray[np.float64]:
        """Distribution over the released records: float64[V], zeros where nobody has a value."""
        counts = np.bincount(self.value, self.n, len(self.labels)).astype(np.float64)
        total = float(counts.sum())
        return counts / total if total else counts

    def regroup(self, group: NDArray[np.int32], groups: int) -> Contingency:
        """Merge classes: class j goes into group[j], or is left out where that is -1."""
        offsets, value, n = kernels.merge_contingency(
            group, self.offsets, self.value, self.n, (groups, len(self.labels))
        )
        missing = kernels.sum_by_group(group, self.missing, groups)
        return replace(self, offsets=offsets, value=value, n=n, missing=missing)


@dataclass(frozen=True, eq=False)
class SensitiveColumn:
    """
    A sensitive attribute by record.

    ``codes[n]`` stand over the V labels, V or more for missing; the rest as in `Contingency`.
    """

    labels: tuple[str, ...]
    codes: NDArray[Any]
    overall: NDArray[np.float64]
    order_name: str = "alphabetical order"
    levels: tuple[NDArray[np.int32], ...] = ()


@dataclass(frozen=True, eq=False)
class PopulationClasses:
    """
    The population beside the classes of a release.

    Parameters
    ----------
    size : int
        N, the number of people in it.
    classes : EquivalenceClasses, optional
        Its table's, over the same columns and codes; None where only the size is known or no
        rule recodes the table. People whose values the rule does not cover are in none of them.
    """

    size: int
    classes: EquivalenceClasses | None = None

    def recode(self, recoding: Mapping[str, tuple[NDArray[Any], int]]) -> PopulationClasses:
        """Return the population after recoding columns, as `EquivalenceClasses.recode`."""
        if self.classes is None:
            return self
        covered = np.ones(self.classes.n_classes, bool)
        for column, (lookup, _) in recoding.items():
            covered &= lookup[self.classes.codes(column)] >= 0
        return replace(self, classes=self.classes.recode(recoding, covered))

    def project(self, columns: Sequence[str]) -> PopulationClasses:
        """Return the population over some of the quasi-identifiers."""
        return replace(self, classes=self.classes and self.classes.project(columns))


@dataclass(frozen=True, eq=False)
class EquivalenceClasses:
    """
    The distinct quasi-identifier tuples of a release.

    Parameters
    ----------
    layout : tuple of KeyField
        The quasi-identifiers in order.
    keys : uint64[words, m]
    count : int64[m]
        f_j: distinct persons where a person column is named, rows otherwise.
    rows : int64[m]
    weight : float64[m], optional
        Sum of sampling weights.
    grouped : int32[n]
        The class that each record was grouped into, before classes were merged or left out.
    sensitive : mapping of str to Contingency
    population : PopulationClasses, optional
        Who the release was drawn from, where that is known; recoded with the classes, and the
        same whichever of them are kept.
    merged : int32[m0], optional
        The class of each class that records were grouped into, -1 for one that is left out; None
        where they are these.
    """

    layout: tuple[KeyField, ...]
    keys: NDArray[np.uint64]
    count: NDArray[np.int64]
    rows: NDArray[np.int64]
    weight: NDArray[np.float64] | None
    grouped: NDArray[np.int32]
    sensitive: Mapping[str, Contingency]
    population: PopulationClasses | None = None
    merged: NDArray[np.int32] | None = None

    @cached_property
    def class_of(self) -> NDArray[np.int32]:
        """The class of each record that was grouped; -1 for a record that was left out."""
        if self.merged is None:
            return self.grouped
        # Asked for by few figures, so that a move need not pass over the records.
        return kernels.compose(self.grouped, self.merged)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The quasi-identifiers."""
        return tuple(field.column for field in self.layout)

    @property
    def n_classes(self) -> int:
        """J, the number of classes."""
        return int(self.count.size)

    @cached_property
    def n_records(self) -> int:
        """The sum of f_j, n: people (or rows, where one row is one person)."""
        return int(self.count.sum())

    @property
    def k(self) -> int:
        """Size of the smallest class; 0 where nothing was released."""
        return int(self.count.min()) if self.count.size else 0

    @cached_property
    def size_histogram(self) -> dict[int, int]:
        """How many classes there are of each size."""
        sizes, number = np.unique(self.count, return_counts=True)
        return dict(zip(sizes.tolist(), number.tolist(), strict=True))

    @cached_property
    def population_sizes(self) -> NDArray[np.int64] | None:
        """F_j, the people of each class in the population's table: int64[m]; None without one."""
        table = None if self.population is None else self.population.classes
        if table is None:
            return None
        group, _ = kernels.group_keys(np.concatenate([self.keys, table.keys], axis=1))
        # The keys of the classes all differ, so class j is group j and what is above is absent.
        of_table = group[self.n_classes :]
        inside = np.where(of_table < self.n_classes, of_table, np.int32(-1))
        return kernels.sum_by_group(inside, table.count, self.n_classes)

    @cached_property
    def _codes(self) -> dict[str, NDArray[np.int64]]:
        return {
            f.column: (
                (self.keys[f.word] >> np.uint64(f.shift)) & np.uint64((1 << f.bits) - 1)
            ).astype(np.int64)
            for f in self.layout
        }

    def codes(self, column: str) -> NDArray[np.int64]:
        """Return the released code of each class in a column: int64[m]."""
        return self._codes[column]

    def groups(
        self, recoding: Mapping[str, tuple[NDArray[Any], int]]
    ) -> tuple[tuple[KeyField, ...], NDArray[np.uint64], NDArray[np.int32]]:
        """
        Give the classes that are left after recoding columns.

        Parameters
        ----------
        recoding : mapping of str to (lookup, cardinality)
            New code of each old code of a column; a column not named stays as it is.

        Returns
        -------
        layout : tuple of KeyField
        keys : uint64[words, m']
        group : int32[m]
            The new class of each class.
        """
        cardinalities = {
            f.column: recoding[f.column][1] if f.column in recoding else f.cardinality
            for f in self.layout
        }
        layout = key_layout(cardinalities)
        fields: list[tuple[int, ...]] = []
        lookups = [np.empty(0, np.int64)]
        begin = 0
        for old, new in zip(self.layout, layout, strict=True):
            changes = old.column in recoding
            fields.append((*old.place, *new.place, begin if changes else -1))
            if changes:
                lookups.append(np.asarray(recoding[old.column][0], np.int64))
                begin += lookups[-1].size
        keys = kernels.recode_keys(
            self.keys,
            np.array(fields, np.int64).reshape(-1, 7),
            layout[-1].word + 1 if layout else 1,
            np.concatenate(lookups),
        )
        group, first = kernels.group_keys(keys)
        return layout, keys[:, first], group

    def recode(
        self,
        recoding: Mapping[str, tuple[NDArray[Any], int]],
        keep: NDArray[np.bool_] | None = None,
    ) -> EquivalenceClasses:
        """
        Return the classes after recoding columns, of those classes that are kept: bool[m].

        Counts of distinct persons do not add up over merged classes, so this is for tables in
        which one row is one person; `microdata.release.classes_of` chooses.
        """
        layout, keys, group = self.groups(recoding)
        population = None if self.population is None else self.population.recode(recoding)
        if keep is not None:
            used = np.zeros(keys.shape[1], bool)
            used[group[keep]] = True
            number = np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)
            group = np.where(keep, number[group], np.int32(-1))
            keys = keys[:, used]
        return self._merge(layout, keys, group, population)

    def select(self, keep: NDArray[np.bool_]) -> EquivalenceClasses:
        """Return the classes that are kept; records of the others get class -1."""
        group = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
        return self._merge(self.layout, self.keys[:, keep], group, self.population)

    def project(self, columns: Sequence[str]) -> EquivalenceClasses:
        """Return the classes over some of the quasi-identifiers."""
        layout = key_layout({f.column: f.cardinality for f in self.layout if f.column in columns})
        keys = pack_keys(layout, self._codes, self.n_classes)
        group, first = kernels.group_keys(keys)
        population = None if self.population is None else self.population.project(columns)
        return self._merge(layout, keys[:, first], group, population)

    def _merge(
        self,
        layout: tuple[KeyField, ...],
        keys: NDArray[np.uint64],
        group: NDArray[np.int32],
        population: PopulationClasses | None,
    ) -> EquivalenceClasses:
        m = keys.shape[1]
        weight = None
        if self.weight is not None:
            inside = group >= 0
            weight = np.bincount(group[inside], self.weight[inside], m).astype(np.float64)
        count = kernels.sum_by_group(group, self.count, m)
        return EquivalenceClasses(
            layout,
            keys,
            count,
            count if self.rows is self.count else kernels.sum_by_group(group, self.rows, m),
            weight,
            self.grouped,
            Regrouped(self.sensitive, group, m),
            population,
            group if self.merged is None else kernels.compose(self.merged, group),
        )


def group_records(
    codes: Mapping[str, NDArray[Any]],
    cardinalities: Mapping[str, int],
    n: int,
    *,
    sensitive: Mapping[str, SensitiveColumn] = MappingProxyType({}),
    person: NDArray[Any] | None = None,
    weight: NDArray[np.float64] | None = None,
) -> EquivalenceClasses:
    """
    Group n records by their quasi-identifier codes.

    Parameters
    ----------
    codes, cardinalities : mapping by column
        Codes of each record (any unsigned integer type) and how many codes the column may have.
    n : int
        Number of records; with no column at all they are one class.
    sensitive : mapping of str to SensitiveColumn
    person : integer[n], optional
        Same number, same person: classes and contingencies then count distinct persons.
    weight : float64[n], optional
    """
    layout = key_layout(cardinalities)
    keys = pack_keys(layout, codes, n)
    group, first = kernels.group_keys(keys)
    m = int(first.size)
    ones = np.ones(n, np.int64)
    rows = kernels.sum_by_group(group, ones, m)
    count = rows if person is None else _distinct_persons(group, person, m)
    tables: dict[str, Contingency] = {}
    for name, column in sensitive.items():
        value = column.codes.astype(np.int32)
        pick = slice(None) if person is None else _first_of_person(group, person, value)
        g, v = group[pick], value[pick]
        amount = np.ones(g.size, np.int64)
        values = len(column.labels)
        offsets, entry, number = kernels.contingency(g, v, amount, m, values)
        missing = kernels.sum_by_group(np.where(v >= values, g, -1).astype(np.int32), amount, m)
        tables[name] = Contingency(
            column.labels,
            offsets,
            entry,
            number,
            missing,
            column.overall,
            column.order_name,
            column.levels,
        )
    total = None if weight is None else np.bincount(group, weight, m).astype(np.float64)
    return EquivalenceClasses(
        layout, keys[:, first], count, rows, total, group, MappingProxyType(tables)
    )


def _distinct_persons(group: NDArray[np.int32], person: NDArray[Any], m: int) -> NDArray[np.int64]:
    pairs = np.stack([group.astype(np.uint64), person.astype(np.uint64)])
    _, first = kernels.group_keys(pairs)
    return np.bincount(group[first], minlength=m).astype(np.int64)


def _first_of_person(
    group: NDArray[np.int32], person: NDArray[Any], value: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return one record for each distinct (class, person, value)."""
    triples = np.stack([group.astype(np.uint64), person.astype(np.uint64), value.astype(np.uint64)])
    _, first = kernels.group_keys(triples)
    return np.asarray(first, dtype=np.int64)
