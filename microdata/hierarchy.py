"""Generalisation hierarchies: the levels of one column, from its values up to ``*``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUPPRESSED = "*"


@dataclass(frozen=True, eq=False)
class Nodes:
    """
    The released values of one column: a label each, and the leaves below it.

    Parameters
    ----------
    labels : tuple of str
        m labels; a released code is a position in it.
    offsets : int64[m + 1]
    members : int32[p]
        Leaf codes below node j are members[offsets[j]:offsets[j + 1]], ascending.
    """

    labels: tuple[str, ...]
    offsets: NDArray[np.int64]
    members: NDArray[np.int32]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many leaves lie below each node: int64[m]."""
        return np.diff(self.offsets)

    def leaves(self, node: int) -> NDArray[np.int32]:
        """Return the leaf codes below a node, ascending."""
        return self.members[self.offsets[node] : self.offsets[node + 1]]

    @classmethod
    def identity(cls, leaves: Sequence[str]) -> Nodes:
        """Return the nodes of an unchanged column: each leaf is its own node."""
        n = len(leaves)
        return cls(tuple(leaves), np.arange(n + 1, dtype=np.int64), np.arange(n, dtype=np.int32))

    @classmethod
    def from_lookup(cls, labels: Sequence[str], lookup: NDArray[np.int32]) -> Nodes:
        """Build nodes from a lookup leaf -> node; a leaf outside 0..m-1 is in none."""
        m = len(labels)
        leaf = np.flatnonzero((lookup >= 0) & (lookup < m)).astype(np.int32)
        node = lookup[leaf]
        order = np.argsort(node, kind="stable")
        offsets = np.zeros(m + 1, np.int64)
        np.cumsum(np.bincount(node, minlength=m), out=offsets[1:])
        return cls(tuple(labels), offsets, leaf[order])


@dataclass(frozen=True, eq=False)
class Level:
    """One level of a hierarchy: m labels and, for each of the D leaves, the label's position."""

    labels: tuple[str, ...]
    lookup: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """
    The levels of one column. Level 0 is the value itself, the last level the coarsest.

    Every level is a function of the level below (`from_rows` refuses anything else), so a coarser
    level never splits a group of look-alikes.

    Parameters
    ----------
    column : str
        The column that it generalises.
    levels : tuple of Level
        Level 0 holds the leaves in the file's row order, which is the column's order.
    """

    column: str
    levels: tuple[Level, ...]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The declared domain: all values that the column may hold, in order."""
        return self.levels[0].labels

    @property
    def height(self) -> int:
        """The highest level; 0 where nothing can be generalised."""
        return len(self.levels) - 1

    @cached_property
    def positions(self) -> dict[str, int]:
        """The code of each leaf."""
        return {leaf: code for code, leaf in enumerate(self.leaves)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the column's name and the table of levels."""
        sha = hashlib.sha256(self.column.encode())
        for row in self.rows():
            sha.update(
                b"\x1e" + b"\x1f".join(cell.encode("utf-8", "surrogatepass") for cell in row)
            )
        return sha.hexdigest()

    def rows(self) -> list[tuple[str, ...]]:
        """Return one row a leaf: the leaf and its label at every level."""
        return [
            tuple(level.labels[level.lookup[code]] for level in self.levels)
            for code in range(len(self.leaves))
        ]

    def check_level(self, level: int) -> None:
        """Refuse a level that the hierarchy does not have."""
        if not 0 <= level <= self.height:
            raise PrivacyToolError(
                f"The hierarchy of {self.column!r} has the levels 0 to {self.height}; "
                f"level {level} does not exist. Choose one of them."
            )

    def nodes(self, level: int) -> Nodes:
        """Return the nodes of a level with the leaves below each."""
        self.check_level(level)
        return Nodes.from_lookup(self.levels[level].labels, self.levels[level].lookup)

    def uncovered(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return the values that the hierarchy does not know. Show their count, never them."""
        return tuple(value for value in values if value not in self.positions)

    def covering(self, values: Iterable[str]) -> Hierarchy:
        """Return a hierarchy in which the uncovered values become ``*`` from level 1 upwards."""
        extra = self.uncovered(values)
        if not extra:
            return self
        if self.height == 0:
            raise PrivacyToolError(
                f"The hierarchy of {self.column!r} has one level only, so its "
                f"{len(extra)} uncovered values have nowhere to go. Add a level or the values."
            )
        rows = self.rows() + [(value, *[SUPPRESSED] * self.height) for value in extra]
        return Hierarchy.from_rows(self.column, rows)

    @classmethod
    def from_rows(cls, column: str, rows: Sequence[Sequence[str]]) -> Hierarchy:
        """
        Build a hierarchy from one row a value: the value, then its label at each level.

        Raises
        ------
        PrivacyToolError
            No rows, rows of different lengths, a value twice, or a level that is not a function
            of the level below: one label there has two different labels above.
        """
        if not rows or not rows[0]:
            raise PrivacyToolError(
                f"The hierarchy of {column!r} is empty. Give one row a value: value;level 1;...;*"
            )
        width = len(rows[0])
        uneven = sum(len(row) != width for row in rows)
        if uneven:
            raise PrivacyToolError(
                f"In the hierarchy of {column!r}, {uneven} of {len(rows)} rows do not have "
                f"{width} levels like the first. Give every value the same number of levels."
            )
        if len({row[0] for row in rows}) != len(rows):
            twice = len(rows) - len({row[0] for row in rows})
            raise PrivacyToolError(
                f"In the hierarchy of {column!r}, {twice} values stand in more than one row. "
                "Keep one row a value."
            )
        levels = [Level(tuple(row[0] for row in rows), np.arange(len(rows), dtype=np.int32))]
        for depth in range(1, width):
            position: dict[str, int] = {}
            lookup = np.fromiter(
                (position.setdefault(row[depth], len(position)) for row in rows),
                dtype=np.int32,
                count=len(rows),
            )
            below, above = levels[-1], lookup
            parent = np.full(len(below.labels), -1, np.int32)
            parent[below.lookup] = above
            split = np.unique(below.lookup[parent[below.lookup] != above])
            if split.size:
                raise PrivacyToolError(
                    f"The hierarchy of {column!r} is not a function from level {depth - 1} to "
                    f"level {depth}: {split.size} labels there have more than one label above. "
                    "Give each label exactly one parent."
                )
            levels.append(Level(tuple(position), lookup))
        return cls(column, tuple(levels))
