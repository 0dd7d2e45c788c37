"""The compiled loops that match open cells; each has a plain twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba as nb
import numpy as np

from microdata.kernels import mix

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def matching_people(
    keys: NDArray[np.uint64],
    open_bits: NDArray[np.uint64],
    is_open: NDArray[np.bool_],
    amount: NDArray[Any],
) -> NDArray[Any]:
    """
    Sum over the keys that equal each key in all bits that neither of the two leaves open.

    Parameters
    ----------
    keys : uint64[words, m]
        All different.
    open_bits : uint64[words, m]
        One in every bit of a field that matches every value.
    is_open : bool[m]
        Whether a key leaves anything open; two keys that do not never match.
    amount : int64[m] or float64[m]

    Returns
    -------
    int64[m] or float64[m]
        The own amount included.
    """
    m = keys.shape[1]
    total = amount.copy()
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
                total[i] += amount[j]
                total[j] += amount[i]
    return total


@nb.njit(cache=True, nogil=True)
def _tag(keys: NDArray[np.uint64], mask: NDArray[np.uint64], i: int) -> np.uint64:
    """
    Return the hash of the masked bits of a key, never zero, which marks a free slot.

    Tables hold it, so that other keys are passed mostly without a look at them.
    """
    h = np.uint64(0)
    for w in range(keys.shape[0]):
        h = mix(h ^ (keys[w, i] & mask[w]))
    return h | np.uint64(1 << 63)


@nb.njit(cache=True, nogil=True)
def _same_bits(keys: NDArray[np.uint64], mask: NDArray[np.uint64], i: int, j: int) -> bool:
    for w in range(keys.shape[0]):  # noqa: SIM110 -- numba compiles no generators
        if (keys[w, i] ^ keys[w, j]) & mask[w]:
            return False
    return True


@nb.njit(inline="always")
def _place(
    keys: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    i: int,
    table: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]],
) -> tuple[np.uint64, np.uint64]:
    """Return where a masked key stands in a hash table, or the free slot for it, and its tag."""
    tags, slots, member = table
    last = np.uint64(tags.size - 1)
    tag = _tag(keys, mask, i)
    p = tag & last
    while tags[p] != np.uint64(0) and not (
        tags[p] == tag and _same_bits(keys, mask, i, member[slots[p]])
    ):
        p = (p + np.uint64(1)) & last
    return p, tag


@nb.njit(cache=True, nogil=True)
def _put_in_table(
    keys: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    part: tuple[int, int],
    table: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]],
    group: NDArray[np.int32],
) -> int:
    """Give the distinct masked keys of a part numbers, and keep them in an empty hash table."""
    tags, slots, member = table
    found = 0
    for i in range(part[0], part[1]):
        p, tag = _place(keys, mask, i, table)
        if tags[p] == np.uint64(0):
            tags[p] = tag
            slots[p] = found
            member[found] = i
            found += 1
        group[i] = slots[p]
    return found


@nb.njit(cache=True, nogil=True)
def _look_up(
    keys: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    part: tuple[int, int],
    table: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]],
    group: NDArray[np.int32],
) -> None:
    """Give each key of another part the number of its masked key in the table, or -1."""
    tags, slots, _ = table
    for i in range(part[0], part[1]):
        p, _ = _place(keys, mask, i, table)
        group[i] = -1 if tags[p] == np.uint64(0) else slots[p]


@nb.njit(cache=True, nogil=True)
def _hand_over(
    group: NDArray[np.int32],
    parts: tuple[tuple[int, int], tuple[int, int]],
    sums: NDArray[Any],
    amount: NDArray[Any],
    total: NDArray[Any],
) -> None:
    """Add to the keys of the second part what those of the first with the same number hold."""
    here, there = parts
    for g in range(sums.size):
        sums[g] = 0
    for i in range(here[0], here[1]):
        if group[i] >= 0:
            sums[group[i]] += amount[i]
    for i in range(there[0], there[1]):
        if group[i] >= 0:
            total[i] += sums[group[i]]


@nb.njit(cache=True, nogil=True)
def matching_by_pattern(
    keys: NDArray[np.uint64],
    closed: NDArray[np.uint64],
    start: NDArray[np.int64],
    amount: NDArray[Any],
) -> NDArray[Any]:
    """
    Do what `matching_people` does, by looking keys up in hash tables of the bits that both know.

    Parameters
    ----------
    keys : uint64[words, m]
        All different; those of one pattern stand together.
    closed : uint64[words, patterns]
        One in every bit that the keys of a pattern do not leave open.
    start : int64[patterns + 1]
        Keys of pattern p stand at start[p]:start[p + 1].
    amount : int64[m] or float64[m]

    Returns
    -------
    int64[m] or float64[m]
        The own amount included.
    """
    m = keys.shape[1]
    total = np.zeros_like(amount)
    capacity = 2
    while capacity < 2 * m:
        capacity *= 2
    tags = np.empty(capacity, np.uint64)
    slots = np.empty(capacity, np.int32)
    group = np.empty(m, np.int32)
    member = np.empty(m, np.int64)
    sums = np.empty_like(amount)
    mask = np.empty(keys.shape[0], np.uint64)
    for one in range(start.size - 1):
        for other in range(one, start.size - 1):
            small = (start[one], start[one + 1])
            large = (start[other], start[other + 1])
            if small[1] - small[0] > large[1] - large[0]:
                small, large = large, small
            for w in range(keys.shape[0]):
                mask[w] = closed[w, one] & closed[w, other]
            size = 2
            while size < 2 * (small[1] - small[0]):
                size *= 2
            for p in range(size):
                tags[p] = 0
            table = (tags[:size], slots, member)
            found = _put_in_table(keys, mask, small, table, group)
            if one != other:
                _look_up(keys, mask, large, table, group)
                _hand_over(group, (large, small), sums[:found], amount, total)
            _hand_over(group, (small, large), sums[:found], amount, total)
    return total
