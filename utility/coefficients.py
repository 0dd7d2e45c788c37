"""How strongly two columns are linked: the coefficients, from counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from utility import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from utility.coded_rows import Pairs


def _held(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a table of counts without its empty rows and columns."""
    held = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    return np.asarray(held, dtype=np.float64)


def cramers_v(table: NDArray[np.int64]) -> float:
    """
    Return Cramer's V of a table of counts, corrected for its bias; 0 where a column is constant.

    With phi^2 = chi^2 / n, r rows and c columns that are not empty:
    phi~^2 = max(0, phi^2 - (r - 1)(c - 1)/(n - 1)), r~ = r - (r - 1)^2/(n - 1), c~ likewise, and
    V = sqrt(phi~^2 / min(r~ - 1, c~ - 1)).

    References
    ----------
    Bergsma (2013), A bias-correction for Cramer's V and Tschuprow's T, JKSS 42(3).
    """
    held = _held(table)
    n, (r, c) = float(held.sum()), held.shape
    if min(r, c) < 2:
        return 0.0
    expected = np.outer(held.sum(axis=1), held.sum(axis=0)) / n
    phi2 = float(((held - expected) ** 2 / expected).sum()) / n
    corrected = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    least = min(side - (side - 1) ** 2 / (n - 1) for side in (r, c)) - 1
    # Where every record has a value of its own the correction leaves nothing to divide by.
    return 0.0 if least <= 1e-12 else min(1.0, float(np.sqrt(corrected / least)))


def mutual_information(table: NDArray[np.int64]) -> float:
    """
    Return the mutual information of a table of counts over the mean of the two entropies.

    I(X; Y) = sum p_xy ln(p_xy / (p_x p_y)), divided by (H(X) + H(Y)) / 2: 0 where the columns are
    independent or one is constant, 1 where each tells the other.

    References
    ----------
    Cover & Thomas (2006), Elements of information theory, chapter 2.
    """
    held = _held(table)
    if min(held.shape) < 2:
        return 0.0
    p = held / held.sum()
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    at = np.nonzero(p)
    both = p[at]
    shared = float(both @ np.log(both / (rows[at[0]] * columns[at[1]])))
    entropies = -float(rows @ np.log(rows)) - float(columns @ np.log(columns))
    return min(1.0, max(0.0, 2.0 * shared / entropies))


def known(
    pairs: Pairs, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how often each code occurs in the pairs of which both numbers are known."""
    left, right = kernels.known_pairs(pairs.a, pairs.b, pairs.n, x, y)
    return left, right


def pearson(
    pairs: Pairs,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    counts: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> float | None:
    """
    Return the correlation over the pairs of which both numbers are known; 0 where one is constant.

    Parameters
    ----------
    pairs : Pairs
    x, y : float64
        The number of each code of the two columns, NaN where it has none.
    counts : tuple of int64
        What `known` says of them.

    Returns
    -------
    float or None
        None where no pair is known or the numbers are too large to average.
    """
    left, right = _centred(x, counts[0]), _centred(y, counts[1])
    if left is None or right is None:
        return None
    spread = _squares(left, counts[0]) * _squares(right, counts[1])
    if spread <= 0:
        return 0.0
    shared = kernels.sum_of_products(pairs.a, pairs.b, pairs.n, left, right)
    return min(1.0, max(-1.0, shared / float(np.sqrt(spread))))


def spearman(
    pairs: Pairs,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    counts: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> float | None:
    """
    Return the correlation of ranks, ties at their middle; parameters as for `pearson`.

    References
    ----------
    Kendall (1945), The treatment of ties in ranking problems, Biometrika 33(3).
    """
    return pearson(pairs, middle_ranks(x, counts[0]), middle_ranks(y, counts[1]), counts)


def correlation_ratio(
    pairs: Pairs, groups: int, y: NDArray[np.float64], n: NDArray[np.int64]
) -> float | None:
    """
    Return eta: the root of the share of the numbers' variance that lies between the groups.

    Parameters
    ----------
    pairs : Pairs
        The group and the code of the number.
    groups : int
        How many groups there may be.
    y : float64
        The number of each code, NaN where it has none.
    n : int64
        How often each code occurs in the pairs.

    Returns
    -------
    float or None
        0 where the numbers are constant; None where none is known or they are too large.

    References
    ----------
    Pearson (1905), On the general theory of skew correlation, Drapers' Company Memoirs.
    """
    n = np.where(np.isnan(y), 0, n)
    values = _centred(y, n)
    if values is None:
        return None
    whole = _squares(values, n)
    if whole <= 0:
        return 0.0
    size, total = kernels.sums_by_group(pairs.a, pairs.b, pairs.n, groups, values)
    between = float((total[size > 0] ** 2 / size[size > 0]).sum())
    return min(1.0, float(np.sqrt(between / whole)))


def _squares(values: NDArray[np.float64], n: NDArray[np.int64]) -> float:
    held = n > 0
    return float(n[held] @ values[held] ** 2)


def _centred(numbers: NDArray[np.float64], n: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """
    Return numbers less their mean, in units of their range, so that no square overflows or fades.

    All zero where they are constant; None where none occurs or the range is no number.
    """
    held = n > 0
    if not held.any():
        return None
    low, high = float(numbers[held].min()), float(numbers[held].max())
    with np.errstate(over="ignore"):
        width = high - low
    if not np.isfinite(width):
        return None
    if width == 0:
        return np.where(np.isnan(numbers), np.nan, 0.0)
    with np.errstate(over="ignore"):  # of codes that do not occur
        scaled = (numbers - low) / width
    return np.asarray(scaled - scaled[held] @ n[held] / n.sum(), dtype=np.float64)


def middle_ranks(numbers: NDArray[np.float64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the middle rank of each code that occurs n times; NaN stays."""
    _, place = np.unique(numbers, return_inverse=True)
    each = np.bincount(place, weights=n)
    middle = np.cumsum(each) - (each - 1.0) / 2.0
    return np.where(np.isnan(numbers), np.nan, middle[place])
