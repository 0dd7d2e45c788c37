"""Class tables at the nodes of the lattice, each made from a finer one and never from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from microdata.classes import (
    Contingency,
    EquivalenceClasses,
    PopulationClasses,
    group_records,
)
from microdata.grouping import person_numbers, sensitive_column
from microdata.release import Release
from transforms.search import kernels
from transforms.search.nodes import NodeRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.roles import Roles
    from transforms.search.columns import SearchColumn

MAX_STORED_BYTES = 256 << 20
"""Tables of evaluated nodes that are kept as starting points for coarser ones."""


@dataclass(frozen=True, eq=False)
class Codebook:
    """
    What the codes of all columns become at all levels, laid out for the compiled loops.

    Parameters
    ----------
    columns : tuple of SearchColumn
    base : EquivalenceClasses
        The classes of the original table.
    """

    columns: tuple[SearchColumn, ...]
    base: EquivalenceClasses

    @property
    def records(self) -> int:
        """Number of records, n0."""
        return int(self.base.rows.sum())

    @cached_property
    def fields(self) -> NDArray[np.int64]:
        """Word, shift and bits of each column in a key: int64[d, 3]."""
        return np.array([(f.word, f.shift, f.bits) for f in self.base.layout], np.int64)

    @cached_property
    def start(self) -> tuple[NDArray[np.int64], ...]:
        """Where the codes of each column begin in the flat arrays, level by level."""
        starts, position = [], 0
        for column in self.columns:
            size = column.counts.size
            starts.append(position + size * np.arange(column.levels))
            position += size * column.levels
        return tuple(starts)

    @cached_property
    def representative(self) -> NDArray[np.uint64]:
        """The representative of each code, column by column and level by level."""
        # A value that the hierarchy does not know is in no record of the table.
        flat = [np.maximum(rep, 0) for column in self.columns for rep in column.representative]
        return np.concatenate(flat, dtype=np.uint64, casting="unsafe")

    @cached_property
    def leaves(self) -> NDArray[np.int64]:
        """The leaves below each code, column by column and level by level."""
        return np.concatenate([leaves for column in self.columns for leaves in column.leaves])

    def starts_at(self, node: Sequence[int]) -> NDArray[np.int64]:
        """Return where the codes of each column begin at the levels of a node: int64[d]."""
        return np.array([s[level] for s, level in zip(self.start, node, strict=True)], np.int64)


@dataclass(frozen=True, eq=False)
class ClassTable:
    """
    The classes at one node of the lattice.

    Parameters
    ----------
    node : tuple of int
        The level of each column, counted from the lowest that may be chosen.
    keys : uint64[words, m]
        In the layout of the original's classes; in order of first occurrence in the table.
    count, rows : int64[m]
        People of each class, and its records; the same where one row is one person.
    sensitive : mapping of str to Contingency
    """

    node: tuple[int, ...]
    keys: NDArray[np.uint64]
    count: NDArray[np.int64]
    rows: NDArray[np.int64]
    sensitive: Mapping[str, Contingency]

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        entries = sum(table.n.size for table in self.sensitive.values())
        return self.keys.nbytes + self.count.nbytes + 16 * entries

    def rolled_up(self, node: tuple[int, ...], book: Codebook) -> ClassTable:
        """Return the table at a coarser node, where one row is one person."""
        changed = [i for i, level in enumerate(node) if level != self.node[i]]
        if not changed:
            return ClassTable(node, self.keys, self.count, self.rows, self.sensitive)
        keys, count, group = kernels.roll_up(
            self.keys,
            self.count,
            book.fields[changed],
            book.starts_at(node)[changed],
            book.representative,
        )
        sensitive = {
            name: table.regroup(group, count.size) for name, table in self.sensitive.items()
        }
        return ClassTable(node, keys, count, count, sensitive)

    def classes(
        self, book: Codebook, population: PopulationClasses | None = None
    ) -> EquivalenceClasses:
        """Return the classes as the privacy models read them; no record knows its class here."""
        return EquivalenceClasses(
            book.base.layout,
            self.keys,
            self.count,
            self.rows,
            None,
            np.empty(0, np.int32),
            MappingProxyType(dict(self.sensitive)),
            population,
        )

    def population(self, book: Codebook) -> PopulationClasses | None:
        """Return the population beside the classes, recoded to the same node."""
        known = book.base.population
        if known is None or known.classes is None:
            return known
        return known.recode(
            {
                column.name: (column.representative[level], column.counts.size)
                for column, level in zip(book.columns, self.node, strict=True)
            }
        )


class TableStore:
    """
    The tables of evaluated nodes, of which the smallest that is fine enough is the next start.

    Parameters
    ----------
    book : Codebook
    sensitive : tuple of str
        The attributes that the models ask for; the others are left behind.
    """

    def __init__(self, book: Codebook, sensitive: Sequence[str]) -> None:
        self._book = book
        base = book.base
        kept = {name: base.sensitive[name] for name in sensitive}
        bottom = (0,) * len(book.columns)
        # The original's table is at no node where a lowest level is above 0, but finer than all.
        start = ClassTable(bottom, base.keys, base.count, base.rows, kept)
        keys, count, group = kernels.roll_up(
            start.keys, start.count, book.fields, book.starts_at(bottom), book.representative
        )
        self._tables: list[ClassTable] = [
            ClassTable(
                bottom,
                keys,
                count,
                count,
                {name: table.regroup(group, count.size) for name, table in kept.items()},
            )
        ]
        self._nodes = NodeRows(tuple(column.levels for column in book.columns))
        self._nodes.add(bottom)
        self._sizes = np.zeros(64, np.int64)
        self._sizes[0] = count.size
        self._bytes = self._tables[0].bytes

    @property
    def lowest(self) -> ClassTable:
        """The table at the lowest levels."""
        return self._tables[0]

    def at(self, node: tuple[int, ...]) -> ClassTable:
        """Return the table at a node, and keep it where it is smaller than what it came from."""
        finer = self._nodes.below(node)
        nearest: ClassTable = self._tables[int(finer[np.argmin(self._sizes[finer])])]
        table = nearest.rolled_up(node, self._book)
        smaller = 4 * table.count.size <= 3 * nearest.count.size
        if smaller and self._bytes + table.bytes <= MAX_STORED_BYTES:
            self._keep(table)
        return table

    def _keep(self, table: ClassTable) -> None:
        if len(self._tables) == self._sizes.size:
            self._sizes = np.concatenate([self._sizes, np.zeros_like(self._sizes)])
        self._sizes[len(self._tables)] = table.count.size
        self._nodes.add(table.node)
        self._tables.append(table)
        self._bytes += table.bytes


class RecordTables:
    """
    The same tables, grouped from the records: distinct persons do not add up over classes.

    Parameters
    ----------
    book : Codebook
    source : EncodedTable
    roles : Roles
        With a person column.
    sensitive : tuple of str
    """

    def __init__(
        self, book: Codebook, source: EncodedTable, roles: Roles, sensitive: Sequence[str]
    ) -> None:
        self._book, self._source = book, source
        original = Release.original(source)
        self._sensitive = {name: sensitive_column(original, name, roles) for name in sensitive}
        self._person = None if roles.person is None else person_numbers(source, roles.person)

    def at(self, node: tuple[int, ...]) -> ClassTable:
        """Return the table at a node."""
        columns = self._book.columns
        grouped = group_records(
            {
                column.name: column.representative[level][self._source.codes[column.name]]
                for column, level in zip(columns, node, strict=True)
            },
            {column.name: column.counts.size for column in columns},
            self._source.records,
            sensitive=self._sensitive,
            person=self._person,
        )
        return ClassTable(node, grouped.keys, grouped.count, grouped.rows, grouped.sensitive)
