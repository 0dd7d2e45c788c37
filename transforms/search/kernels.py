"""The compiled loops of the search; each has a plain numpy twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from microdata.kernels import mix

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def _recode(
    keys: NDArray[np.uint64],
    fields: NDArray[np.int64],
    start: NDArray[np.int64],
    representative: NDArray[np.uint64],
) -> NDArray[np.uint64]:
    """Return the keys with some columns recoded: uint64[words, m]."""
    words, m = keys.shape
    one = np.uint64(1)
    out = np.empty((words, m), np.uint64)
    for w in range(words):
        kept = ~np.uint64(0)
        here = np.flatnonzero(fields[:, 0] == w)
        shift = fields[here, 1].astype(np.uint64)
        mask = np.empty(here.size, np.uint64)
        for c in range(here.size):
            mask[c] = (one << np.uint64(fields[here[c], 2])) - one
            kept &= ~(mask[c] << shift[c])
        begin = start[here].astype(np.uint64)
        for i in range(m):
            x = keys[w, i]
            y = x & kept
            for c in range(begin.size):
                y |= representative[begin[c] + ((x >> shift[c]) & mask[c])] << shift[c]
            out[w, i] = y
    return out


@nb.njit(cache=True, nogil=True)
def roll_up(
    keys: NDArray[np.uint64],
    count: NDArray[np.int64],
    fields: NDArray[np.int64],
    start: NDArray[np.int64],
    representative: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32]]:
    """
    Generalise some columns of a class table and merge the classes that are then equal.

    Parameters
    ----------
    keys : uint64[words, m]
    count : int64[m]
    fields : int64[c, 3]
        Word, shift and bits of each column that changes.
    start : int64[c]
        Where the new codes of each such column begin in `representative`.
    representative : uint64[...]
        The new code of each old code.

    Returns
    -------
    keys : uint64[words, m']
        In order of first occurrence.
    count : int64[m']
    group : int32[m]
        The new class of each class.
    """
    words, m = keys.shape
    recoded = _recode(keys, fields, start, representative)
    capacity = 1 << 10
    slots = np.full(capacity, -1, np.int32)
    last = np.uint64(capacity - 1)
    # Every key is moved to the front of the same array when it is first seen.
    total = np.zeros(m, np.int64)
    group = np.empty(m, np.int32)
    found = 0
    for i in range(m):
        h = np.uint64(0)
        for w in range(words):
            h = mix(h ^ recoded[w, i])
        p = h & last
        while True:
            g = slots[p]
            if g < 0:
                slots[p] = found
                g = found
                for w in range(words):
                    recoded[w, found] = recoded[w, i]
                found += 1
                break
            same = True
            for w in range(words):
                if recoded[w, g] != recoded[w, i]:
                    same = False
                    break
            if same:
                break
            p = (p + np.uint64(1)) & last
        group[i] = g
        total[g] += count[i]
        if 2 * found > capacity:
            capacity *= 4
            last = np.uint64(capacity - 1)
            slots = np.full(capacity, -1, np.int32)
            for g in range(found):
                h = np.uint64(0)
                for w in range(words):
                    h = mix(h ^ recoded[w, g])
                p = h & last
                while slots[p] >= 0:
                    p = (p + np.uint64(1)) & last
                slots[p] = g
    return recoded[:, :found].copy(), total[:found].copy(), group


@nb.njit(cache=True, nogil=True)
def sum_by_column(
    keys: NDArray[np.uint64],
    count: NDArray[np.int64],
    chosen: NDArray[np.bool_],
    columns: tuple[NDArray[np.int64], NDArray[np.int64]],
    amount: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Sum an amount told by a column's code over the people of some classes: int64[c].

    Parameters
    ----------
    keys, count
        As in `roll_up`.
    columns : (int64[c, 3], int64[c])
        Fields and start as in `roll_up`, of all columns.
    chosen : bool[m]
        Which classes count.
    amount : int64[...]
        The amount of each code.
    """
    fields, start = columns
    total = np.zeros(start.size, np.int64)
    mask = (np.uint64(1) << fields[:, 2].astype(np.uint64)) - np.uint64(1)
    shift = fields[:, 1].astype(np.uint64)
    begin = start.astype(np.uint64)
    for i in range(count.size):
        if chosen[i]:
            for c in range(start.size):
                code = (keys[fields[c, 0], i] >> shift[c]) & mask[c]
                total[c] += count[i] * amount[begin[c] + code]
    return total


@nb.njit(cache=True, nogil=True)
def product_by_class(
    keys: NDArray[np.uint64],
    fields: NDArray[np.int64],
    start: NDArray[np.int64],
    amount: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Multiply an amount told by each column's code over the columns, class by class: float[m]."""
    m = keys.shape[1]
    product = np.ones(m, np.float64)
    one = np.uint64(1)
    for i in range(m):
        for c in range(start.size):
            mask = (one << np.uint64(fields[c, 2])) - one
            code = (keys[fields[c, 0], i] >> np.uint64(fields[c, 1])) & mask
            product[i] *= amount[start[c] + np.int64(code)]
    return product


@nb.njit(cache=True, nogil=True)
def mark_classes(
    keys: NDArray[np.uint64],
    fields: NDArray[np.int64],
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    marks: NDArray[np.uint64],
) -> None:
    """
    Mark in the row of each value, at each level, the classes that hold it.

    Parameters
    ----------
    keys : uint64[words, m]
    fields : int64[c, 3]
        Word, shift and bits of a column, once for each of its levels.
    start : int64[c]
        Where the codes of that column at that level begin in `row`.
    row : int32[...]
        The row of what each code becomes.
    marks : uint64[rows, ceil(m / 64)]
        Changed in place: bit i % 64 of word i // 64 is class i.
    """
    one = np.uint64(1)
    for c in range(start.size):
        shift = np.uint64(fields[c, 1])
        mask = (one << np.uint64(fields[c, 2])) - one
        word = fields[c, 0]
        for i in range(keys.shape[1]):
            at = row[start[c] + np.int64((keys[word, i] >> shift) & mask)]
            marks[at, i >> 6] |= one << np.uint64(i & 63)


@nb.njit(cache=True, nogil=True)
def _rows_of(
    key: NDArray[np.uint64],
    columns: tuple[NDArray[np.int64], NDArray[np.int64]],
    row: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Return the row of marks of each column for a class at the levels of a node: int64[d]."""
    fields, start = columns
    one = np.uint64(1)
    rows = np.empty(start.size, np.int64)
    for c in range(start.size):
        mask = (one << np.uint64(fields[c, 2])) - one
        code = (key[fields[c, 0]] >> np.uint64(fields[c, 1])) & mask
        rows[c] = row[start[c] + np.int64(code)]
    return rows


@nb.njit(cache=True, nogil=True)
def first_member(
    keys: NDArray[np.uint64],
    columns: tuple[NDArray[np.int64], NDArray[np.int64]],
    marked: tuple[NDArray[np.int32], NDArray[np.uint64]],
) -> NDArray[np.int64]:
    """Return the first class of the lowest levels in each group of a node: int64[w]."""
    row, marks = marked
    first = np.empty(keys.shape[1], np.int64)
    for w in range(keys.shape[1]):
        rows = _rows_of(keys[:, w], columns, row)
        for word in range(marks.shape[1]):
            held = marks[rows[0], word]
            for c in range(1, rows.size):
                held &= marks[rows[c], word]
            if held:
                place = word << 6
                while not held & np.uint64(1):
                    held >>= np.uint64(1)
                    place += 1
                first[w] = place
                break
    return first


@nb.njit(cache=True, nogil=True)
def small_group(
    keys: NDArray[np.uint64],
    columns: tuple[NDArray[np.int64], NDArray[np.int64]],
    marked: tuple[NDArray[np.int32], NDArray[np.uint64]],
    count: NDArray[np.int64],
    k: int,
) -> tuple[int, int]:
    """
    Find the first of some groups that has fewer than k people at a node.

    Parameters
    ----------
    keys : uint64[words, w]
        A class of each group.
    columns : (int64[d, 3], int64[d])
        Fields and start of all columns, as in `sum_by_column`.
    marked : (int32[...], uint64[rows, ceil(m / 64)])
        Row and marks as in `mark_classes`.
    count : int64[m]
    k : int

    Returns
    -------
    which, people : int
        -1 and 0 where every group has k people or more.
    """
    row, marks = marked
    d = columns[1].size
    one = np.uint64(1)
    for w in range(keys.shape[1]):
        rows = _rows_of(keys[:, w], columns, row)
        people = 0
        for word in range(marks.shape[1]):
            held = marks[rows[0], word]
            for c in range(1, d):
                if held == 0:
                    break
                held &= marks[rows[c], word]
            place = word << 6
            while held != 0 and people < k:
                if held & one:
                    people += count[place]
                held >>= one
                place += 1
            if people >= k:
                break
        if people < k:
            return w, people
    return -1, 0
