"""The compiled loops of the class table; each has a plain numpy twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(inline="always")
def _mix(x: np.uint64) -> np.uint64:
    """Spread the bits of a key over the slots of a hash table (a splitmix finaliser)."""
    x = (x ^ (x >> np.uint64(31))) * np.uint64(0x7FB5D329728EA185)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x81DADEF4BC2DD44D)
    return x ^ (x >> np.uint64(33))


@nb.njit(cache=True, nogil=True)
def _hash_words(keys: NDArray[np.uint64], i: int) -> np.uint64:
    h = np.uint64(0)
    for w in range(keys.shape[0]):
        h = _mix(h ^ keys[w, i])
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


@nb.njit(cache=True, nogil=True)
def matching_people(
    keys: NDArray[np.uint64],
    open_bits: NDArray[np.uint64],
    is_open: NDArray[np.bool_],
    count: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Count the people whose key equals each key in all bits that neither of the two leaves open.

    Parameters
    ----------
    keys : uint64[words, m]
        All different.
    open_bits : uint64[words, m]
        One in every bit of a field that matches every value.
    is_open : bool[m]
        Whether a key leaves anything open; two keys that do not never match.
    count : int64[m]

    Returns
    -------
    int64[m]
        The own count included.
    """
    m = keys.shape[1]
    total = count.copy()
    for i in range(m):
        if not is_open[i]:
            continue
        for j in range(m):
            if j == i or (is_open[j] and j < i):
                continue
            same = True
            for w in range(keys.shape[0]):
                if (keys[w, i] ^ keys[w, j]) & ~(open_bits[w, i] | open_bits[w, j]):
                    same = False
                    break
            if same:
                total[i] += count[j]
                total[j] += count[i]
    return total
