"""The compiled loops over pairs of codes; each has a plain numpy twin in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def count_cells(
    codes: NDArray[np.int32], columns: NDArray[np.int64], shape: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Count how many rows hold each combination of codes.

    Parameters
    ----------
    codes : int32[c, n]
    columns : int64[d]
        Which of the c columns; none of them for the number of rows.
    shape : int64[d]
        How many codes each of them may have.

    Returns
    -------
    int64[prod(shape)]
        In the order of the codes, the last column running fastest.
    """
    cells = 1
    for width in shape:
        cells *= width
    counts = np.zeros(cells, np.int64)
    for i in range(codes.shape[1]):
        place = np.int64(0)
        for d in range(columns.size):
            place = place * shape[d] + codes[columns[d], i]
        counts[place] += 1
    return counts


@nb.njit(cache=True, nogil=True)
def weigh_rows(
    codes: NDArray[np.int32],
    columns: NDArray[np.int64],
    shares: NDArray[np.float64],
    starts: NDArray[np.int64],
) -> float:
    """
    Sum over the rows the product of what each of some columns' codes counts.

    Parameters
    ----------
    codes : int32[c, n]
    columns : int64[d]
    shares : float64[s]
        Those of column d from starts[d] on, by code.
    starts : int64[d]
    """
    total = 0.0
    for i in range(codes.shape[1]):
        product = 1.0
        for d in range(columns.size):
            product *= shares[starts[d] + codes[columns[d], i]]
            if product == 0.0:
                break
        total += product
    return total


@nb.njit(cache=True, nogil=True)
def known_pairs(
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    n: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count each code over the pairs of which both numbers are known: int64[x], int64[y]."""
    left, right = np.zeros(x.size, np.int64), np.zeros(y.size, np.int64)
    for i in range(a.size):
        if not (np.isnan(x[a[i]]) or np.isnan(y[b[i]])):
            left[a[i]] += n[i]
            right[b[i]] += n[i]
    return left, right


@nb.njit(cache=True, nogil=True)
def sum_of_products(
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    n: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> float:
    """Sum n x y over the pairs of which both numbers are known."""
    total = 0.0
    for i in range(a.size):
        product = x[a[i]] * y[b[i]]
        if not np.isnan(product):
            total += n[i] * product
    return total


@nb.njit(cache=True, nogil=True)
def sums_by_group(
    group: NDArray[np.int32],
    b: NDArray[np.int32],
    n: NDArray[np.int64],
    groups: int,
    y: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the size of each group and the sum of its numbers: the unknown are left out."""
    size, total = np.zeros(groups, np.int64), np.zeros(groups)
    for i in range(group.size):
        if not np.isnan(y[b[i]]):
            size[group[i]] += n[i]
            total[group[i]] += n[i] * y[b[i]]
    return size, total


@nb.njit(cache=True, nogil=True)
def bits_by_level(
    levels: NDArray[np.float64],
    original: NDArray[np.int32],
    n: NDArray[np.int64],
    lost: NDArray[np.int64],
    groups: NDArray[np.int32],
) -> float:
    """
    Return what cells lose in bits where a level counts only the cells at it or above.

    Parameters
    ----------
    levels, original, n
        Level and original value of each kind of kept cell, and how many there are.
    lost : int64[v]
        Cells by original value that stand at the highest level.
    groups : int32[h, v]
        The label of each value at each level.
    """
    height, values = groups.shape
    at = np.zeros((height, values))
    at[height - 1] = lost
    occupied = np.zeros(height, np.bool_)
    occupied[height - 1] = lost.any()
    for i in range(n.size):
        at[int(levels[i]), original[i]] += n[i]
        occupied[int(levels[i])] = True
    for level in range(height - 2, -1, -1):
        at[level] += at[level + 1]
    total = 0.0
    before = np.arange(values).astype(np.int32)
    for level in range(height):
        if not occupied[level]:
            continue
        low, high = np.zeros(values), np.zeros(values)
        for v in range(values):
            low[before[v]] += at[level, v]
            high[groups[level, v]] += at[level, v]
        for v in range(values):
            if at[level, v] > 0:
                total += at[level, v] * np.log2(high[groups[level, v]] / low[before[v]])
        before = groups[level]
    return total


@nb.njit(cache=True, nogil=True)
def multiply_by_code(
    product: NDArray[np.float64],
    keys: NDArray[np.uint64],
    shift: int,
    bits: int,
    factors: NDArray[np.int64],
) -> None:
    """Multiply the number of each key by the factor of its code in one column, in place."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    for j in range(keys.size):
        product[j] *= factors[np.int64((keys[j] >> np.uint64(shift)) & mask)]
