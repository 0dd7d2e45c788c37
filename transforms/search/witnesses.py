"""Groups that were once too small: asked first whether they are too small at another node too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from transforms.search.kernels import first_member, mark_classes, small_group

if TYPE_CHECKING:
    from transforms.search.table import ClassTable, Codebook

MAX_BYTES = 64 << 20
"""What the marks of all classes may take; above, nodes are judged without witnesses."""
MOST = 64
"""Witnesses that are kept, those first that were right last."""
FROM_EACH = 4


class Witnesses:
    """
    Small groups that tell of a node at which nobody may be left out that it is inadmissible.

    A class table need not be made for that: each value of each level has a mark for every class of
    the lowest levels that holds it, and the people of a witness's group are those with all marks.

    Parameters
    ----------
    table : ClassTable
        At the lowest levels, where one row is one person.
    book : Codebook
    k : int
        How many people every group needs.
    """

    def __init__(self, table: ClassTable, book: Codebook, k: int) -> None:
        self._book, self._k = book, k
        self._count, self._lowest = table.count, table.keys
        self._keys = table.keys[:, :0]
        codes = table.classes(book)
        words = -(-table.count.size // 64)
        size = sum(column.counts.size * column.levels for column in book.columns)
        row = np.full(size, -1, np.int32)
        rows = 0
        for column, start in zip(book.columns, book.start, strict=True):
            held = np.unique(codes.codes(column.name))
            for level, begin in enumerate(start):
                # A label of a level stands for its first value, which no class may hold.
                becomes = column.representative[level]
                values = np.unique(becomes[held])
                place = np.minimum(np.searchsorted(values, becomes), values.size - 1)
                found = values[place] == becomes
                row[begin : begin + becomes.size][found] = rows + place[found]
                rows += values.size
        self.usable = rows * words * 8 <= MAX_BYTES
        if self.usable:
            marks = np.zeros((rows, words), np.uint64)
            begins = np.concatenate(book.start)
            column_of = np.repeat(np.arange(len(book.start)), [s.size for s in book.start])
            mark_classes(table.keys, book.fields[column_of], begins, row, marks)
            self._marked = row, marks

    def smallest(self, node: tuple[int, ...]) -> int:
        """Return how many people the group of a witness has at a node if too few; else 0."""
        if not self._keys.shape[1]:
            return 0
        which, people = small_group(
            self._keys,
            (self._book.fields, self._book.starts_at(node)),
            self._marked,
            self._count,
            self._k,
        )
        if which > 0:
            front = self._keys[:, which].copy()
            self._keys[:, 1 : which + 1] = self._keys[:, :which].copy()
            self._keys[:, 0] = front
        return int(people)

    def add(self, table: ClassTable) -> None:
        """Keep some of the groups that are too small at a node."""
        small = np.flatnonzero(table.count < self._k)[:FROM_EACH]
        at = self._book.fields, self._book.starts_at(table.node)
        # A class of the lowest levels is in some group of every node; a label of this one is not.
        first = first_member(table.keys[:, small], at, self._marked)
        self._keys = np.concatenate([self._lowest[:, first], self._keys], axis=1)[:, :MOST]
