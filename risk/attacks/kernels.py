"""The compiled count of people whom an attacker's knowledge fits; the tests have a slow twin."""

# mypy: disallow-untyped-decorators=False
# The line above is for numba, whose decorators are untyped.

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = 64
"""Words of 64 units that are matched at a time: few enough to stay in the cache."""


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
