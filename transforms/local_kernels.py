"""The compiled loops of local recoding; each has a plain twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from microdata.kernels import mix

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def _slot(
    keys: NDArray[np.uint64], key: NDArray[np.uint64], slots: NDArray[np.int32], last: np.uint64
) -> np.int64:
    """Return where a key stands in a hash table of positions, or the free slot for it."""
    h = np.uint64(0)
    for w in range(key.size):
        h = mix(h ^ key[w])
    p = h & last
    while True:
        g = slots[np.int64(p)]
        if g < 0:
            return np.int64(p)
        same = True
        for w in range(key.size):
            if keys[w, g] != key[w]:
                same = False
                break
        if same:
            return np.int64(p)
        p = (p + np.uint64(1)) & last


@nb.njit(inline="always")
def _recode(
    codes: NDArray[np.int32],
    lookup: NDArray[np.int32],
    start: NDArray[np.int64],
    fields: NDArray[np.int64],
    key: NDArray[np.uint64],
) -> None:
    """Write the key of one recoded tuple."""
    key[:] = 0
    for c in range(codes.size):
        fresh = np.uint64(lookup[start[c] + codes[c]])
        key[fields[c, 0]] |= fresh << np.uint64(fields[c, 1])


@nb.njit(cache=True, nogil=True)
def group_open(
    codes: NDArray[np.int32],
    count: NDArray[np.int64],
    layout: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]],
    known: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
    """
    Recode tuples and number the distinct results, after those that are known already.

    Parameters
    ----------
    codes : int32[o, d]
        The original code of each tuple in each column.
    count : int64[o]
    layout : (int32[...], int64[d], int64[d, 2])
        New codes, column by column and level by level; where those of each column begin; word and
        shift of each column in a key.
    known : uint64[words, j]
        Keys with the numbers 0..j-1, all different; they count nothing here.

    Returns
    -------
    keys : uint64[words, g]
        The known ones and those that are new, in order of first occurrence.
    group : int32[o]
    total : int64[g]
    """
    lookup, start, fields = layout
    o = codes.shape[0]
    words, j = known.shape
    capacity = 1 << 10
    while capacity < 2 * j + 2:
        capacity *= 4
    last = np.uint64(capacity - 1)
    slots = np.full(capacity, -1, np.int32)
    keys = np.empty((words, j + o), np.uint64)
    key = np.empty(words, np.uint64)
    for g in range(j):
        for w in range(words):
            keys[w, g] = known[w, g]
            key[w] = known[w, g]
        slots[_slot(keys, key, slots, last)] = g
    total = np.zeros(j + o, np.int64)
    group = np.empty(o, np.int32)
    found = j
    for i in range(o):
        _recode(codes[i], lookup, start, fields, key)
        p = _slot(keys, key, slots, last)
        if slots[p] < 0:
            slots[p] = found
            for w in range(words):
                keys[w, found] = key[w]
            found += 1
        group[i] = slots[p]
        total[slots[p]] += count[i]
        if 2 * found > capacity:
            capacity *= 4
            last = np.uint64(capacity - 1)
            slots = np.full(capacity, -1, np.int32)
            for h in range(found):
                for w in range(words):
                    key[w] = keys[w, h]
                slots[_slot(keys, key, slots, last)] = h
    return keys[:, :found].copy(), group, total[:found].copy()


@nb.njit(cache=True, nogil=True)
def next_round(
    codes: NDArray[np.int32],
    count: NDArray[np.int64],
    layout: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]],
    known: NDArray[np.uint64],
    least: tuple[int, int],
) -> int:
    """
    Return the first choice of levels that would release enough tuples, or the number of choices.

    Parameters
    ----------
    codes, count, known
        As in `group_open`; a tuple that joins a known key is released.
    layout : (int32[...], int64[v, d], int64[d, 2])
        As in `group_open`, with where the codes begin for each choice.
    least : (int, int)
        Of how many a group is released; how many must be released in all.
    """
    lookup, starts, fields = layout
    of_group, in_all = least
    o = codes.shape[0]
    words, j = known.shape
    capacity = 1 << 8
    while capacity < 2 * (o + j):
        capacity *= 2
    last = np.uint64(capacity - 1)
    # A slot is free unless it was filled for this choice, so nothing is ever cleared.
    filled_for = np.full(capacity, -1, np.int32)
    slots = np.empty(capacity, np.int32)
    keys = np.empty((o + j, words), np.uint64)
    total = np.empty(o + j, np.int64)
    key = np.empty(words, np.uint64)
    for v in range(starts.shape[0]):
        found, released = 0, 0
        for i in range(-j, o):
            if i < 0:
                for w in range(words):
                    key[w] = known[w, i + j]
            else:
                _recode(codes[i], lookup, starts[v], fields, key)
            h = np.uint64(0)
            for w in range(words):
                h = mix(h ^ key[w])
            p = h & last
            while True:
                q = np.int64(p)
                if filled_for[q] != v:
                    filled_for[q] = v
                    slots[q] = found
                    for w in range(words):
                        keys[found, w] = key[w]
                    total[found] = of_group if i < 0 else 0
                    found += 1
                    break
                same = True
                for w in range(words):
                    if keys[slots[q], w] != key[w]:
                        same = False
                        break
                if same:
                    break
                p = (p + np.uint64(1)) & last
            if i >= 0:
                g = slots[np.int64(p)]
                before = total[g]
                total[g] = before + count[i]
                if before >= of_group:
                    released += count[i]
                elif total[g] >= of_group:
                    released += total[g]
        if released >= in_all:
            return v
    return starts.shape[0]


@nb.njit(cache=True, nogil=True)
def _common_level(tree: NDArray[np.int32], low: int, high: int) -> int:
    """Return the finest level at which two ranks are below one node."""
    level = 0
    while tree[level, low] != tree[level, high]:
        level += 1
    return level


@nb.njit(cache=True, nogil=True)
def _best_cut(
    amount: NDArray[np.int64], below: NDArray[np.int32], low: int, high: int, least: int
) -> int:
    """Return the last rank of the left part of the most even cut between two nodes, or -1."""
    total = 0
    for rank in range(low, high + 1):
        total += amount[rank]
    best, best_off, left = -1, total, 0
    for rank in range(low, high):
        left += amount[rank]
        if below[rank] == below[rank + 1] or left < least or total - left < least:
            continue
        off = abs(total - 2 * left)
        if off < best_off:
            best, best_off = rank, off
    return best


@nb.njit(cache=True, nogil=True)
def propose_cuts(
    ranks: NDArray[np.int32],
    parts: tuple[NDArray[np.int64], NDArray[np.int64]],
    trees: tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]],
    tried: NDArray[np.bool_],
    least: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """
    Propose a cut of each part: its widest column in the middle, between two nodes.

    Parameters
    ----------
    ranks : int32[m, d]
        The rank of each tuple's value in the order of each column.
    parts : (int64[p + 1], int64[m])
        Part j holds the tuples from its number in the first to the next; records of each tuple.
    trees : (int32[d, levels, r], float64[d, levels, r], bool[d])
        The node of each rank at each level, one node at the last; the share of the leaves below
        it; whether a column has an order in which any two neighbours make a range.
    tried : bool[p, d]
        Columns of a part that are not to be cut; those that cannot be are added.
    least : int
        Records that both sides must have.

    Returns
    -------
    column : int32[p]
        -1 where no column can be cut.
    cut : int32[p]
        The last rank of the left side.
    """
    offsets, count = parts
    tree, share, ordered = trees
    number, d = tried.shape
    column = np.full(number, -1, np.int32)
    cut = np.full(number, -1, np.int32)
    amount = np.zeros(tree.shape[2], np.int64)
    low, high = np.empty(d, np.int64), np.empty(d, np.int64)
    width = np.empty(d, np.float64)
    for part in range(number):
        begin, end = offsets[part], offsets[part + 1]
        for c in range(d):
            low[c] = high[c] = ranks[begin, c]
            for i in range(begin, end):
                low[c] = min(low[c], ranks[i, c])
                high[c] = max(high[c], ranks[i, c])
            level = _common_level(tree[c], low[c], high[c])
            width[c] = share[c, level, low[c]]
            if ordered[c] and level > 0:
                width[c] = share[c, 0, low[c]] * (high[c] - low[c] + 1)
            if low[c] == high[c]:
                tried[part, c] = True
        while column[part] < 0:
            widest = -1
            for c in range(d):
                if not tried[part, c] and (widest < 0 or width[c] > width[widest]):
                    widest = c
            if widest < 0:
                break
            first, last = low[widest], high[widest]
            amount[first : last + 1] = 0
            for i in range(begin, end):
                amount[ranks[i, widest]] += count[i]
            below = tree[widest, _common_level(tree[widest], first, last) - 1]
            cut[part] = _best_cut(amount, below, first, last, least)
            if cut[part] < 0:
                tried[part, widest] = True
            else:
                column[part] = widest
    return column, cut
