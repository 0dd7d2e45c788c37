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
