"""
The compiled loops over the shares of a sensitive attribute; each has a plain twin in the tests.

As in `risk.models.kernels`: only the entries that occur are visited, counts stay 64-bit integers,
and a class in which every value is missing gets NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from risk.models.kernels import known_people

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def largest_share(offsets: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of the most frequent value of each class."""
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        total = 0
        most = 0
        for i in range(offsets[j], offsets[j + 1]):
            total += n[i]
            most = max(most, n[i])
        if total > 0:
            result[j] = most / total
    return result


@nb.njit(cache=True, nogil=True)
def largest_gain(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    q: NDArray[np.float64],
    limit: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Return the largest (p - q) / q of each class; infinite where a gain is above its limit.

    Parameters
    ----------
    offsets, value, n
        The contingency.
    q : float64[V]
    limit : float64[V]
        The most that each value may gain; infinite for no limit.
    """
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        most = 0.0  # shares of both sides sum to one, so at least one value does not lose
        for i in range(offsets[j], offsets[j + 1]):
            v = value[i]
            gain = np.inf if q[v] == 0.0 else (n[i] / total - q[v]) / q[v]
            most = max(most, np.inf if gain > limit[v] else gain)
        result[j] = most
    return result


@nb.njit(cache=True, nogil=True)
def share_ratios(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    q: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Return the largest of p / q and q / p over the values present in each class.

    Returns
    -------
    largest : float64[m]
        At least one; infinite for a value that the original lacks.
    present : int64[m]
        How many of the original's values the class holds.
    """
    m = offsets.size - 1
    largest = np.full(m, np.nan)
    present = np.zeros(m, np.int64)
    for j in range(m):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        most = 1.0
        for i in range(offsets[j], offsets[j + 1]):
            share = q[value[i]]
            if share > 0.0:
                ratio = n[i] / total / share
                most = max(most, ratio, 1.0 / ratio)
                present[j] += 1
            else:
                most = np.inf
        largest[j] = most
    return largest, present


@nb.njit(cache=True, nogil=True)
def best_guesses(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    values: int,
    mode: int,
) -> tuple[int, int, NDArray[np.int64]]:
    """
    Count whose value is the most frequent one of their class, with and without themselves.

    Parameters
    ----------
    offsets, value, n
        The contingency.
    values : int
        V.
    mode : int
        The guess for whoever is alone.

    Returns
    -------
    right : int
        People guessed right from their whole class.
    alone : int
        People alone in their class with a known value, and that is the mode.
    split : int64[V + 1]
        People who are guessed right from the rest of their class, by the number of values that
        are equally frequent there. Whole numbers, so that no order of classes plays a part.

    Notes
    -----
    Whoever leaves lowers the count r_1 of the own value by one. The others guess that value only
    if no other has r_1 as well; with m values of r_1 - 1 they are right once in m + 1 times.
    """
    right = 0
    alone = 0
    split = np.zeros(values + 1, np.int64)
    for j in range(offsets.size - 1):
        start, stop = offsets[j], offsets[j + 1]
        first = 0  # r_1, and how many values have it
        firsts = 0
        for i in range(start, stop):
            if n[i] > first:
                first = n[i]
                firsts = 0
            if n[i] == first:
                firsts += 1
        right += first
        if stop - start == 1 and first == 1:
            alone += 1 if value[start] == mode else 0
        elif firsts == 1:
            rivals = 0
            for i in range(start, stop):
                rivals += 1 if n[i] == first - 1 else 0
            split[rivals + 1] += first
    return right, alone, split
