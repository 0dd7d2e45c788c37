"""The compiled loops of the class table; each has a plain numpy twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
        One key a column; several words are compared, so hash collisions cannot merge two keys.

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
    hashes = np.empty(capacity, np.uint64)
    group = np.empty(n, np.int32)
    first = np.empty(n, np.int64)
    found = 0
    mask = np.uint64(capacity - 1)
    single = keys.shape[0] == 1  # the hash of one word is another word: no two have the same
    for i in range(n):
        h = _hash_words(keys, i)
        p = np.int64(h & mask)
        g = slots[p]
        while g >= 0 and not (hashes[p] == h and (single or _same_words(keys, first[g], i))):
            p = np.int64(np.uint64(p + 1) & mask)
            g = slots[p]
        if g >= 0:
            group[i] = g
            continue
        slots[p] = group[i] = found
        hashes[p] = h
        first[found] = i
        found += 1
        if 2 * found > capacity:
            capacity *= 4
            mask = np.uint64(capacity - 1)
            slots = np.full(capacity, -1, np.int32)
            hashes = np.empty(capacity, np.uint64)
            for g in range(found):
                h = _hash_words(keys, first[g])
                p = np.int64(h & mask)
                while slots[p] >= 0:
                    p = np.int64(np.uint64(p + 1) & mask)
                slots[p] = g
                hashes[p] = h
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
        old, shift = keys[fields[c, 0]], np.uint64(fields[c, 1])
        mask = (one << np.uint64(fields[c, 2])) - one if fields[c, 2] < 64 else ~np.uint64(0)
        new, up = recoded[fields[c, 3]], np.uint64(fields[c, 4])
        room = (one << np.uint64(fields[c, 5])) - one if fields[c, 5] < 64 else ~np.uint64(0)
        if fields[c, 6] < 0:
            for i in range(m):
                new[i] |= ((old[i] >> shift) & mask) << up
            continue
        rule = lookup[fields[c, 6] :]
        for i in range(m):
            code = np.int64((old[i] >> shift) & mask)
            new[i] |= (np.uint64(rule[code]) & room) << up
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
    kept = np.flatnonzero(keep)
    for c in range(fields.shape[0]):
        word, shift = keys[fields[c, 0]], np.uint64(fields[c, 1])
        mask = (one << np.uint64(fields[c, 2])) - one if fields[c, 2] < 64 else ~np.uint64(0)
        counts = total[fields[c, 3] :]
        for i in kept:
            counts[np.int64((word[i] >> shift) & mask)] += amount[i]


@nb.njit(cache=True, nogil=True)
def compose(first: NDArray[np.int32], then: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return where each entry goes by one grouping and then another; -1 for nowhere."""
    group = np.empty(first.size, np.int32)
    for i in range(first.size):
        group[i] = then[first[i]] if first[i] >= 0 else -1
    return group


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
def sort_in_place(values: NDArray[np.integer[Any]], size: int) -> None:
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
        sort_in_place(touched, t)
        for j in range(t):
            out_value[p] = touched[j]
            out_n[p] = buffer[touched[j]]
            buffer[touched[j]] = 0
            p += 1
        offsets[g + 1] = p
    return offsets, out_value[:p].copy(), out_n[:p].copy()


@nb.njit(cache=True, nogil=True)
def merge_contingency(
    group: NDArray[np.int32],
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    shape: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """
    Merge the groups of what `contingency` returned.

    Parameters
    ----------
    group : int32[m]
        What each group becomes; -1 is left out.
    offsets, value, n
        What `contingency` returned for m groups.
    shape : (int, int)
        The number of groups afterwards, and of values.
    """
    groups, values = shape
    # A cell for every pair is fastest, but takes much room where there are many values.
    if groups * values > 4 * value.size:
        of_entry = np.empty(value.size, np.int32)
        for j in range(group.size):
            of_entry[offsets[j] : offsets[j + 1]] = group[j]
        return contingency(of_entry, value, n, groups, values)
    table = np.zeros(groups * values, np.int64)
    for j in range(group.size):
        if group[j] >= 0:
            for i in range(offsets[j], offsets[j + 1]):
                table[group[j] * values + value[i]] += n[i]
    held = np.flatnonzero(table)
    merged = np.zeros(groups + 1, np.int64)
    for cell in held:
        merged[cell // values + 1] += 1
    return np.cumsum(merged), (held % values).astype(np.int32), table[held]
