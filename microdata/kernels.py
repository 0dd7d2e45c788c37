"""The compiled loops of the class table; each has a plain numpy twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(inline="always")
def mix(x: np.uint64) -> np.uint64:
    """Spread the bits of a key over the slots of a hash table (a splitmix finaliser)."""
    x = (x ^ (x >> np.uint64(31))) * np.uint64(0x7FB5D329728EA185)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x81DADEF4BC2DD44D)
    return x ^ (x >> np.uint64(33))


@nb.njit(cache=True, nogil=True)
def _hash_words(keys: NDArray[np.uint64], i: int) -> np.uint64:
    h = np.uint64(0)
    for w in range(keys.shape[0]):
        h = mix(h ^ keys[w, i])
    return h


@nb.njit(cache=True, nogil=True)
def _same_words(keys: NDArray[np.uint64], i: int, j: int) -> bool:
    for w in range(keys.shape[0]):  # noqa: SIM110 -- numba compiles no generators
        if keys[w, i] != keys[w, j]:
            return False
    return True


@nb.njit(cache=True, nogil=True)
def group_keys(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """
    Give the distinct columns of a key matrix numbers in order of first occurrence.

    Parameters
    ----------
    keys : uint64[words, n]
        One key a column; every word is compared, so hash collisions cannot merge two keys.

    Returns
    -------
    group : int32[n]
        The number of each key.
    first : int64[m]
        Where each distinct key occurs first.
    """
    n = keys.shape[1]
    capacity = 1 << 12
    slots = np.full(capacity, -1, np.int32)
    group = np.empty(n, np.int32)
    first = np.empty(n, np.int64)
    found = 0
    mask = np.uint64(capacity - 1)
    for i in range(n):
        p = np.int64(_hash_words(keys, i) & mask)
        while True:
            g = slots[p]
            if g < 0:
                slots[p] = found
                first[found] = i
                group[i] = found
                found += 1
                break
            if _same_words(keys, first[g], i):
                group[i] = g
                break
            p = np.int64(np.uint64(p + 1) & mask)
        if 2 * found > capacity:
            capacity *= 4
            mask = np.uint64(capacity - 1)
            slots = np.full(capacity, -1, np.int32)
            for g in range(found):
                p = np.int64(_hash_words(keys, first[g]) & mask)
                while slots[p] >= 0:
                    p = np.int64(np.uint64(p + 1) & mask)
                slots[p] = g
    return group, first[:found].copy()


@nb.njit(cache=True, nogil=True)
def recode_keys(
    keys: NDArray[np.uint64],
    fields: NDArray[np.int64],
    words: int,
    lookup: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """
    Give every key the new codes of its columns, in a new layout.

    Parameters
    ----------
    keys : uint64[words, m]
    fields : int64[d, 7]
        Of each column the word, shift and bits in the old layout and in the new one, and where
        its new codes begin in `lookup`; -1 where its codes stay.
    words : int
        Of the new layout.
    lookup : int64[...]
        The new code of each old code. One below 0 has no place; its bits stay within the column.

    Returns
    -------
    uint64[words, m]
    """
    m = keys.shape[1]
    recoded = np.zeros((words, m), np.uint64)
    one = np.uint64(1)
    for c in range(fields.shape[0]):
        word, shift = fields[c, 0], np.uint64(fields[c, 1])
        mask = (one << np.uint64(fields[c, 2])) - one if fields[c, 2] < 64 else ~np.uint64(0)
        to, up = fields[c, 3], np.uint64(fields[c, 4])
        room = (one << np.uint64(fields[c, 5])) - one if fields[c, 5] < 64 else ~np.uint64(0)
        start = fields[c, 6]
        for i in range(m):
            code = (keys[word, i] >> shift) & mask
            if start >= 0:
                code = np.uint64(lookup[start + np.int64(code)]) & room
            recoded[to, i] |= code << up
    return recoded


@nb.njit(cache=True, nogil=True)
def count_codes(
    keys: NDArray[np.uint64],
    fields: NDArray[np.int64],
    amount: NDArray[np.int64],
    keep: NDArray[np.bool_],
    total: NDArray[np.int64],
) -> None:
    """
    Add up amounts by the code of every column, over the keys that are kept.

    Parameters
    ----------
    keys : uint64[words, m]
    fields : int64[d, 4]
        Of each column the word, shift and bits, and where its codes begin in `total`.
    amount : int64[m]
    keep : bool[m]
    total : int64[...]
        What is added to.
    """
    one = np.uint64(1)
    for c in range(fields.shape[0]):
        word, shift = fields[c, 0], np.uint64(fields[c, 1])
        mask = (one << np.uint64(fields[c, 2])) - one if fields[c, 2] < 64 else ~np.uint64(0)
        start = fields[c, 3]
        for i in range(keys.shape[1]):
            if keep[i]:
                total[start + np.int64((keys[word, i] >> shift) & mask)] += amount[i]


@nb.njit(cache=True, nogil=True)
def sum_by_group(
    group: NDArray[np.int32], amount: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    """Sum 64-bit integers by group; entries with group -1 are left out."""
    total = np.zeros(groups, np.int64)
    for i in range(group.size):
        if group[i] >= 0:
            total[group[i]] += amount[i]
    return total


@nb.njit(cache=True, nogil=True)
def _sort_in_place(values: NDArray[np.int32], size: int) -> None:
    """Sort the first entries: by insertion where they are few, which most classes are."""
    if size > 32:
        values[:size] = np.sort(values[:size])
        return
    for i in range(1, size):
        x = values[i]
        j = i
        while j > 0 and values[j - 1] > x:
            values[j] = values[j - 1]
            j -= 1
        values[j] = x


@nb.njit(cache=True, nogil=True)
def contingency(
    group: NDArray[np.int32],
    value: NDArray[np.int32],
    amount: NDArray[np.int64],
    groups: int,
    values: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """
    Count values by group as a compressed table, sorted by group and then by value.

    Entries with group -1, or with a value outside 0..values-1 (missing), are left out.

    Returns
    -------
    offsets : int64[groups + 1]
        Entries of group g stand at offsets[g]:offsets[g + 1].
    value : int32[p]
    n : int64[p]
    """
    start = np.zeros(groups + 1, np.int64)
    for i in range(group.size):
        if group[i] >= 0 and 0 <= value[i] < values:
            start[group[i] + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    order = np.empty(start[groups], np.int64)
    fill = start[:-1].copy()
    for i in range(group.size):
        if group[i] >= 0 and 0 <= value[i] < values:
            order[fill[group[i]]] = i
            fill[group[i]] += 1
    offsets = np.zeros(groups + 1, np.int64)
    out_value = np.empty(order.size, np.int32)
    out_n = np.empty(order.size, np.int64)
    buffer = np.zeros(values, np.int64)
    touched = np.empty(values, np.int32)
    p = 0
    for g in range(groups):
        t = 0
        for j in range(start[g], start[g + 1]):
            v = value[order[j]]
            if buffer[v] == 0:
                touched[t] = v
                t += 1
            buffer[v] += amount[order[j]]
        _sort_in_place(touched, t)
        for j in range(t):
            out_value[p] = touched[j]
            out_n[p] = buffer[touched[j]]
            buffer[touched[j]] = 0
            p += 1
        offsets[g + 1] = p
    return offsets, out_value[:p].copy(), out_n[:p].copy()
