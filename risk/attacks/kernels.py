"""Compiled counts of the people whom an attacker's knowledge fits; the tests have slow twins."""

# mypy: disallow-untyped-decorators=False
# The line above is for numba, whose decorators are untyped.

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rules = tuple[
        tuple[NDArray[np.int64], NDArray[np.int64]],
        tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]],
    ]

WORDS = 64
"""Words of 64 units that are matched at a time: few enough to stay in the cache."""
TIE = 1e-9
"""Sums of distances that differ by no more are equal: the order of columns moves the last digit."""


@nb.njit(inline="always")
def _bits_set(x: np.uint64) -> np.int64:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@nb.njit(cache=True, nogil=True)
def _mark_block(
    released: NDArray[np.int64],
    span: tuple[int, int],
    fits: tuple[NDArray[np.int64], NDArray[np.int64]],
    marked: NDArray[np.uint64],
    open_: NDArray[np.uint64],
) -> None:
    """Set the bit of each unit of a block in the row of every known value that fits it."""
    offsets, members = fits
    marked[:] = 0
    open_[:] = 0
    for c in range(released.shape[0]):
        for j in range(span[0], span[1]):
            word = (j - span[0]) >> 6
            bit = np.uint64(1) << np.uint64((j - span[0]) & 63)
            row = released[c, j]
            if row < 0:
                open_[c, word] |= bit
                continue
            for i in range(offsets[row], offsets[row + 1]):
                marked[members[i], word] |= bit


@nb.njit(cache=True, nogil=True)
def compatible_people(
    released: NDArray[np.int64],
    people: tuple[NDArray[np.int64], NDArray[np.int64]],
    fits: tuple[NDArray[np.int64], NDArray[np.int64]],
    known: NDArray[np.int64],
    rows: int,
) -> NDArray[np.int64]:
    """
    Count the people whom each attacker's knowledge fits in every column, nobody twice.

    Parameters
    ----------
    released : int64[q, m]
        The released value of each unit in each column; values of all columns are numbered
        together. -1 where every known value fits.
    people : (int64[m], int64[m])
        How many are in each unit, and the person who has several units; -1 for other people.
        Units of one person stand together.
    fits : (int64[v + 1], int64[p])
        The known values that fit released value r are the second [first[r]:first[r + 1]].
    known : int64[q, u]
        The known values, numbered together as well.
    rows : int
        How many known values there are.

    Returns
    -------
    int64[u]
    """
    q, m = released.shape
    u = known.shape[1]
    count, owner = people
    total = np.zeros(u, np.int64)
    last = np.full(u, -1, np.int64)
    marked = np.empty((rows, WORDS), np.uint64)
    open_ = np.empty((q, WORDS), np.uint64)
    both = np.empty(WORDS, np.uint64)
    one = np.uint64(1)
    for begin in range(0, m, 64 * WORDS):
        end = min(m, begin + 64 * WORDS)
        words = (end - begin + 63) >> 6
        _mark_block(released, (begin, end), fits, marked, open_)
        for i in range(u):
            for w in range(words):
                both[w] = marked[known[0, i], w] | open_[0, w]
            for c in range(1, q):
                row = known[c, i]
                for w in range(words):
                    both[w] &= marked[row, w] | open_[c, w]
            for w in range(words):
                left = both[w]
                while left != np.uint64(0):
                    lowest = left & (~left + one)
                    j = begin + 64 * w + _bits_set(lowest - one)
                    if owner[j] < 0:
                        total[i] += count[j]
                    elif owner[j] != last[i]:
                        total[i] += 1
                        last[i] = owner[j]
                    left ^= lowest
    return total


@nb.njit(cache=True, nogil=True)
def _gap(value: float, numbers: NDArray[np.float64]) -> float:
    """Return how far a number is from the nearest of some ascending ones."""
    right = np.searchsorted(numbers, value)
    gap = np.inf
    if right > 0:
        gap = value - numbers[right - 1]
    if right < numbers.size:
        gap = min(gap, numbers[right] - value)
    return gap


@nb.njit(cache=True, nogil=True)
def _distances(
    known: int,
    span: tuple[int, int],
    rules: Rules,
    open_: NDArray[np.bool_],
    far: NDArray[np.float64],
) -> None:
    """Write how far the released values of one column are from a known one."""
    fits, (value, offsets, below) = rules
    for row in range(span[0], span[1]):
        far[row] = 0.0 if open_[row] else 1.0
        first, last = offsets[row], offsets[row + 1]
        if first < last and not np.isnan(value[known]) and not open_[row]:
            far[row] = min(1.0, _gap(value[known], below[first:last]))
    for i in range(fits[0][known], fits[0][known + 1]):
        far[fits[1][i]] = 0.0


@nb.njit(cache=True, nogil=True)
def nearest_people(
    released: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]],
    people: tuple[NDArray[np.int64], NDArray[np.int64]],
    rules: Rules,
    known: NDArray[np.int64],
    own: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """
    Count the people who are nearest to what each attacker knows, nobody twice.

    Parameters
    ----------
    released : (int32[m, q], int64[q + 1], bool[r])
        The released value of each unit in each column, values of all columns numbered together;
        where each column's values begin; whether every known value fits one.
    people : (int64[m], int64[m])
        As for `compatible_people`.
    rules : ((int64[v + 1], int64[p]), (float64[v], int64[r + 1], float64[s]))
        The released values that known value a fits are the second [first[a]:first[a + 1]]. Then
        where each known value is on its column's line, NaN where it is on none; and the places of
        the values below each released one, ascending.
    known : int64[q, u]
    own : (int64[u + 1], int64[q, e])
        Records whose distances are asked for as well, by what is known; -1 where there is no such
        released value.

    Returns
    -------
    size : int64[u]
        How many people are at the least distance.
    near : bool[e]
        Whether each of the own records is no farther.
    """
    shown, starts, open_ = released
    count, owner = people
    m, q = shown.shape
    u = known.shape[1]
    size = np.zeros(u, np.int64)
    near = np.zeros(own[1].shape[1], np.bool_)
    far = np.empty(starts[q], np.float64)
    total = np.empty(m, np.float64)
    for i in range(u):
        for c in range(q):
            _distances(known[c, i], (starts[c], starts[c + 1]), rules, open_, far)
        best = q + 1.0
        for j in range(m):
            sum_ = 0.0
            for c in range(q):
                sum_ += far[shown[j, c]]
                if sum_ > best + TIE:
                    break
            total[j] = sum_
            best = min(best, sum_)
        last = -1
        for j in range(m):
            if total[j] > best + TIE:
                continue
            if owner[j] < 0:
                size[i] += count[j]
            elif owner[j] != last:
                size[i] += 1
                last = owner[j]
        for e in range(own[0][i], own[0][i + 1]):
            sum_ = 0.0
            for c in range(q):
                row = own[1][c, e]
                sum_ += far[row] if row >= 0 else q + 1.0
            near[e] = sum_ <= best + TIE
    return size, near
