"""Groups of near records, none smaller than k: MDAV, and the optimum for one column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE = 30_000
"""MDAV takes time with the square of the records: a larger table is cut into blocks first."""
BLOCK = 2_000


def near_groups(points: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """
    Put records into groups of near ones, each of at least k.

    One column is grouped with the least sum of squared distances to the group means (Hansen &
    Mukherjee), several by MDAV. More than `WHOLE` records of several columns are first halved at
    the median of the column of the widest range, again and again, until no block holds more than
    `BLOCK`, or four groups where that is more. Records are taken in the order of their values, so
    the order of the table decides only between records that are equal.

    Parameters
    ----------
    points : float64[n, c]
        n >= k records; for several columns on comparable scales.
    k : int

    Returns
    -------
    int64[n]
        The group of each record, from 0 upwards.

    References
    ----------
    Domingo-Ferrer & Torra (2005), Ordinal, continuous and heterogeneous k-anonymity through
    microaggregation, DMKD 11(2). Hansen & Mukherjee (2003), A polynomial algorithm for optimal
    univariate microaggregation, IEEE TKDE 15(4).
    """
    order = np.lexsort(points.T[::-1])
    arranged = np.ascontiguousarray(points[order])
    group = np.empty(len(points), np.int64)
    if points.shape[1] == 1:
        group[order] = optimal_groups(arranged[:, 0], k)
        return group
    first = 0
    for block in _blocks(arranged, k):
        of_block = mdav_groups(arranged[block], k)
        group[order[block]] = first + of_block
        first += int(of_block.max()) + 1
    return group


def _blocks(points: NDArray[np.float64], k: int) -> list[NDArray[np.int64]]:
    """Return the records of each block, ascending."""
    everything = np.arange(len(points))
    if len(points) <= WHOLE:
        return [everything]
    most = max(BLOCK, 4 * k)
    done: list[NDArray[np.int64]] = []
    waiting = [everything]
    while waiting:
        block = waiting.pop()
        if block.size <= most:
            done.append(block)
            continue
        widest = int(np.argmax(np.ptp(points[block], axis=0)))
        order = np.argsort(points[block, widest], kind="stable")
        middle = block.size // 2
        waiting += [np.sort(block[order[middle:]]), np.sort(block[order[:middle]])]
    return done


@nb.njit(cache=True, nogil=True)
def optimal_groups(x: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """
    Group sorted numbers with the least sum of squared distances to the group means.

    The shortest path from 0 to n, where a step from i to j is a group of the numbers i to j - 1;
    in an optimum no group holds more than 2k - 1.

    Parameters
    ----------
    x : float64[n]
        Ascending, n >= k.
    k : int

    Returns
    -------
    int64[n]
        The group of each number, ascending.
    """
    n = x.size
    centre = x.mean()
    total = np.zeros(n + 1)
    square = np.zeros(n + 1)
    for i in range(n):
        y = x[i] - centre
        total[i + 1] = total[i] + y
        square[i + 1] = square[i] + y * y
    cost = np.full(n + 1, np.inf)
    cost[0] = 0.0
    start = np.zeros(n + 1, np.int64)
    for j in range(k, n + 1):
        for i in range(max(0, j - 2 * k + 1), j - k + 1):
            if cost[i] < np.inf:
                moment = total[j] - total[i]
                c = cost[i] + square[j] - square[i] - moment * moment / (j - i)
                if c < cost[j]:
                    cost[j] = c
                    start[j] = i
    group = np.zeros(n, np.int64)
    j, number = n, 0
    while j > 0:
        group[start[j] : j] = number
        number += 1
        j = start[j]
    return number - 1 - group


@nb.njit(cache=True, nogil=True)
def _squared_distance(points: NDArray[np.float64], i: int, to: NDArray[np.float64]) -> float:
    d = 0.0
    for c in range(to.size):
        d += (points[i, c] - to[c]) ** 2
    return d


@nb.njit(cache=True, nogil=True)
def _farthest(
    points: NDArray[np.float64], record: NDArray[np.int64], to: NDArray[np.float64]
) -> int:
    """Return the place of the record farthest from a point, of equals the last record."""
    best, place = -1.0, 0
    for i in range(record.size):
        d = _squared_distance(points, i, to)
        if d > best or (d == best and record[i] > record[place]):
            best, place = d, i
    return place


@nb.njit(cache=True, nogil=True)
def _take_nearest(
    points: NDArray[np.float64],
    record: NDArray[np.int64],
    to: NDArray[np.float64],
    near: NDArray[np.int64],
    total: NDArray[np.float64],
) -> NDArray[np.int64]:
    """
    Take out the records nearest to a point, of equals the first records, and return them.

    The last records move to the free places; `total`, the sum of the records left, is kept.
    """
    k = near.size
    distance = np.empty(k)
    found = 0
    size = record.size
    for i in range(size):
        d = _squared_distance(points, i, to)
        if found == k:
            edge = distance[k - 1]
            if d > edge or (d == edge and record[i] > record[near[k - 1]]):
                continue
        else:
            found += 1
        j = found - 1
        while j > 0 and (
            d < distance[j - 1] or (d == distance[j - 1] and record[i] < record[near[j - 1]])
        ):
            distance[j], near[j] = distance[j - 1], near[j - 1]
            j -= 1
        distance[j], near[j] = d, i
    taken = record[near]
    for place in np.sort(near)[::-1]:
        size -= 1
        total -= points[place]
        points[place] = points[size]
        record[place] = record[size]
    return taken


@nb.njit(cache=True, nogil=True)
def _mdav(points: NDArray[np.float64], record: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the group of each record; points and records are used up."""
    size = record.size
    group = np.zeros(size, np.int64)
    near = np.empty(k, np.int64)
    total = points.sum(axis=0)
    number = 0
    while size >= 2 * k:
        left, who = points[:size], record[:size]
        r = left[_farthest(left, who, total / size)].copy()
        group[_take_nearest(left, who, r, near, total)] = number
        size, number = size - k, number + 1
        if size >= 2 * k:
            left, who = points[:size], record[:size]
            s = left[_farthest(left, who, r)].copy()
            group[_take_nearest(left, who, s, near, total)] = number
            size, number = size - k, number + 1
    group[record[:size]] = number
    return group


def mdav_groups(points: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """
    Group records by maximum distance to the average vector (MDAV).

    While 2k records are left: the record r farthest from their mean takes its k nearest, itself
    included; if 2k are still left, so does the record farthest from r. The rest is the last group.

    Parameters
    ----------
    points : float64[n, c]
    k : int

    Returns
    -------
    int64[n]
        The group of each record in order of making.
    """
    # The k nearest are found fast where records do not come nearer and nearer: mixed, always alike.
    mixed = np.random.default_rng(0).permutation(len(points))
    return np.asarray(_mdav(points[mixed], mixed, k), dtype=np.int64)
