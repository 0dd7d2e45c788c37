"""
The compiled loops over a class contingency; each has a plain Python twin in the tests.

All of them visit the entries that occur and nothing else: a value that a class lacks never costs
time, and no dense table of classes by values is built. Counts stay 64-bit integers, shares are
floats. A class in which every value is missing gets NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from microdata.kernels import sort_in_place

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def known_people(offsets: NDArray[np.int64], n: NDArray[np.int64], j: int) -> int:
    """Return how many people of class j have a value that is known."""
    total = 0
    for i in range(offsets[j], offsets[j + 1]):
        total += n[i]
    return total


@nb.njit(cache=True, nogil=True)
def effective_values(offsets: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """
    Return exp(H) of each class: the number of equally frequent values with the same entropy.

    Parameters
    ----------
    offsets : int64[m + 1]
    n : int64[p]
        Counts of class j are n[offsets[j]:offsets[j + 1]], all above zero.

    Returns
    -------
    float64[m]
    """
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        entropy = 0.0
        for i in range(offsets[j], offsets[j + 1]):
            p = n[i] / total
            entropy -= p * np.log(p)
        result[j] = np.exp(entropy)
    return result


@nb.njit(cache=True, nogil=True)
def recursive_ratio(
    offsets: NDArray[np.int64], n: NDArray[np.int64], rank: int
) -> NDArray[np.float64]:
    """
    Return r_1 / (r_l + ... + r_m) of each class with l = rank: the c that must be exceeded.

    Infinite where a class has fewer than l values.
    """
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        counts = np.sort(n[offsets[j] : offsets[j + 1]])[::-1]
        if counts.size == 0:
            continue
        tail = 0
        for i in range(rank - 1, counts.size):
            tail += counts[i]
        result[j] = np.inf if tail == 0 else counts[0] / tail
    return result


@nb.njit(cache=True, nogil=True)
def recursive_rank(
    offsets: NDArray[np.int64], n: NDArray[np.int64], c: float
) -> NDArray[np.float64]:
    """Return the largest l of each class with r_1 < c (r_l + ... + r_m); 1 where there is none."""
    result = np.full(offsets.size - 1, np.nan)
    counts = n.copy()
    for j in range(offsets.size - 1):
        size = offsets[j + 1] - offsets[j]
        if size == 0:
            continue
        rising = counts[offsets[j] : offsets[j + 1]]
        sort_in_place(rising, size)
        result[j] = 1.0
        tail = 0
        for i in range(size - 1):
            tail += rising[i]
            if rising[size - 1] < c * tail:
                result[j] = size - i
                break
    return result


@nb.njit(cache=True, nogil=True)
def total_variation(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    q: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Return half the sum of |p - q| of each class.

    Both distributions sum to one, so it is the sum of the gains, and gains are on values present.
    """
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        distance = 0.0
        for i in range(offsets[j], offsets[j + 1]):
            gain = n[i] / total - q[value[i]]
            if gain > 0:
                distance += gain
        result[j] = distance
    return result


@nb.njit(cache=True, nogil=True)
def _area(
    share: float,
    cumulative: NDArray[np.float64],
    area: NDArray[np.float64],
    start: int,
    stop: int,
) -> float:
    """Return the sum of |share - cumulative[i]| for i in start:stop; `cumulative` never falls."""
    middle = start + np.searchsorted(cumulative[start:stop], share)
    below = share * (middle - start) - (area[middle] - area[start])
    above = (area[stop] - area[middle]) - share * (stop - middle)
    return float(below + above)


@nb.njit(cache=True, nogil=True)
def ordered_distance(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    q: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Return sum |cumsum(p - q)| / (m - 1) of each class over m ordered values; 0 where m = 1.

    Between two values present in a class cumsum(p) is constant and cumsum(q) does not fall, so a
    stretch is summed from prefix sums after one binary search, however many values lie in it.
    """
    m = q.size
    result = np.full(offsets.size - 1, np.nan)
    cumulative = np.cumsum(q)
    area = np.zeros(m + 1)
    area[1:] = np.cumsum(cumulative)
    for j in range(offsets.size - 1):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        if m < 2:
            result[j] = 0.0
            continue
        distance = 0.0
        position = 0
        seen = 0
        for i in range(offsets[j], offsets[j + 1]):
            distance += _area(seen / total, cumulative, area, position, value[i])
            position = value[i]
            seen += n[i]
        # The last cumulative share is one on both sides: what is left there is rounding.
        if position < m - 1:
            distance += _area(1.0, cumulative, area, position, m - 1)
        result[j] = max(0.0, distance / (m - 1))
    return result


@nb.njit(cache=True, nogil=True)
def hierarchical_distance(
    offsets: NDArray[np.int64],
    value: NDArray[np.int32],
    n: NDArray[np.int64],
    node_of: NDArray[np.int32],
    share: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Return the Earth Mover's Distance of each class over a tree of values.

    Parameters
    ----------
    offsets, value, n
        The contingency, V values.
    node_of : int32[H + 1, V]
        The node of each value at each level; level 0 is the value, level H one root.
    share : float64[H + 1, V]
        q of each node, by level.

    Returns
    -------
    float64[m]

    Notes
    -----
    At a node of height h whose children have the surpluses e, pos = sum max(e, 0) and
    neg = sum max(-e, 0), the cost is (h / H) min(pos, neg) and the surplus pos - neg goes up.
    A node without a value present has pos = 0 and costs nothing; for the others
    neg = pos - (p(node) - q(node)), so children without a value present are never visited.
    """
    height = node_of.shape[0] - 1
    values = node_of.shape[1]
    result = np.full(offsets.size - 1, np.nan)
    mass = np.zeros(values)
    positive = np.zeros(values)
    leaf = np.empty(values, np.int32)  # any value below each node that is present
    parent_leaf = np.empty(values, np.int32)
    here = np.empty(values)
    for j in range(offsets.size - 1):
        total = known_people(offsets, n, j)
        if total == 0:
            continue
        present = 0
        for i in range(offsets[j], offsets[j + 1]):
            leaf[present] = value[i]
            here[present] = n[i] / total
            present += 1
        cost = 0.0
        for h in range(1, height + 1):
            parents = 0
            for i in range(present):
                above = node_of[h, leaf[i]]
                if mass[above] == 0.0:
                    parent_leaf[parents] = leaf[i]
                    parents += 1
                mass[above] += here[i]
                surplus = here[i] - share[h - 1, node_of[h - 1, leaf[i]]]
                if surplus > 0:
                    positive[above] += surplus
            for i in range(parents):
                above = node_of[h, parent_leaf[i]]
                negative = positive[above] - (mass[above] - share[h, above])
                cost += h / height * max(0.0, min(positive[above], negative))
                leaf[i] = parent_leaf[i]
                here[i] = mass[above]
                mass[above] = 0.0
                positive[above] = 0.0
            present = parents
        result[j] = cost
    return result


@nb.njit(cache=True, nogil=True)
def people_at_risk(
    count: NDArray[np.int64],
    candidates: NDArray[np.int64],
    thresholds: NDArray[np.float64],
    sizes: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Count the people with a risk above each threshold, and with fewer candidates than each size.

    Parameters
    ----------
    count : int64[m]
        People of each class.
    candidates : int64[m]
        Among how many each of them is looked for; 1 / candidates is the risk.
    thresholds : float64[t]
    sizes : int64[s]

    Returns
    -------
    int64[t], int64[s]
    """
    above, below = np.zeros(thresholds.size, np.int64), np.zeros(sizes.size, np.int64)
    for j in range(count.size):
        for t in range(thresholds.size):
            if 1.0 / candidates[j] > thresholds[t]:
                above[t] += count[j]
        for s in range(sizes.size):
            if candidates[j] < sizes[s]:
                below[s] += count[j]
    return above, below
