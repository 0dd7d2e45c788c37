"""SUDA and DIS-SUDA: how much a person stands out, from the sizes of the minimal uniques."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from risk.special_uniques.search import SubsetSearch

Scoring = Literal["elliot", "ihsn"]
FEWEST_KEYS = 3
"""With fewer columns sdcMicro adds constant ones, up to this number; so do we."""


def size_weights(columns: int, scoring: Scoring = "elliot") -> NDArray[np.float64]:
    """
    Return what a minimal unique adds to the score, by its number of columns s.

    Parameters
    ----------
    columns : int
        M, the number of quasi-identifiers; fewer than three count as three.
    scoring : {"elliot", "ihsn"}
        (M - s)!, or (2^(M - s) - 1) s! (M - s)! / M!.

    Returns
    -------
    float64[columns + 1]
        0 for s = 0, which no minimal unique has.
    """
    keys = max(FEWEST_KEYS, columns)
    sizes = range(1, columns + 1)
    if scoring == "elliot":
        return np.array([0.0, *(float(math.factorial(keys - s)) for s in sizes)])
    return np.array([0.0, *((2 ** (keys - s) - 1) / math.comb(keys, s) for s in sizes)])


@dataclass(frozen=True, eq=False, kw_only=True)
class SudaScores:
    """
    The scores of every class, and what each column does to them.

    Parameters
    ----------
    score : float64[m]
        0 for a class that is not unique on any examined set.
    dis : float64[m]
        The probability that a unique person found in the population by its values is this one.
    total : float
        Sum of the scores.
    by_size : tuple of int
        Number of minimal uniques of 1, 2, ... columns.
    contribution : mapping of str to float
        Share of the total from minimal uniques that hold the column. Shares of all columns add
        up to more than 1, as a minimal unique counts for each of its columns. Empty if total is 0.
    """

    score: NDArray[np.float64]
    dis: NDArray[np.float64]
    total: float
    by_size: tuple[int, ...]
    contribution: Mapping[str, float]


def suda_scores(
    search: SubsetSearch,
    count: NDArray[np.int64],
    fraction: float,
    scoring: Scoring = "elliot",
) -> SudaScores:
    """
    Score every class by its minimal uniques.

    Parameters
    ----------
    search : SubsetSearch
    count : int64[m]
        People of each class.
    fraction : float
        pi, the share of the population that the table holds.
    scoring : {"elliot", "ihsn"}

    Notes
    -----
    With P people in groups of two, Q = 1 + (8 - M) / 20 and A the sum of score^-Q over scored
    classes, DIS = 1 / (1 + P (1 - pi) / pi / (score^Q A)): in the published
    1 / (1 + (U / theta - U) / (score^Q A)) with theta = U pi / (U pi + P (1 - pi)) the number of
    uniques U cancels. Without any pair of look-alikes it is 1 for everybody who has a score.

    References
    ----------
    Elliot, Manning, Ford (2002), IJUFKS 10(5); Skinner, Elliot (2002), JRSS B 64(4);
    Templ, Kowarik, Meindl (2015), sdcMicro, JSS 67(4).
    """
    weights = size_weights(len(search.columns), scoring)
    score = _score(search.found, weights[search.found_size], count.size)
    sizes = _by_size(search.found_size, search.largest)
    total = _weighted(sizes, weights)
    shares = {
        name: _weighted(_by_size(search.found_size[search.holds(name)], search.largest), weights)
        for name in search.columns
    }
    return SudaScores(
        score=score,
        dis=_dis(score, int(count[count == 2].sum()), fraction, len(search.columns)),
        total=total,
        by_size=tuple(sizes.tolist()),
        contribution={name: part / total for name, part in shares.items()} if total else {},
    )


def column_scores(
    search: SubsetSearch, classes: int, column: str, scoring: Scoring = "elliot"
) -> NDArray[np.float64]:
    """Return the part of each class's score that comes from sets with a column: float64[m]."""
    weights = size_weights(len(search.columns), scoring)
    part = search.holds(column)
    return _score(search.found[part], weights[search.found_size[part]], classes)


def _score(
    found: NDArray[np.int64], weights: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    score: NDArray[np.float64] = np.bincount(found, weights, classes).astype(np.float64)
    return score


def _by_size(sizes: NDArray[np.int64], largest: int) -> NDArray[np.int64]:
    number: NDArray[np.int64] = np.bincount(sizes, minlength=largest + 1)[1:].astype(np.int64)
    return number


def _weighted(number: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    # Through the counts, so that the order of the records cannot change the last digit.
    return math.fsum(n * w for n, w in zip(number.tolist(), weights[1:].tolist(), strict=False))


def _dis(
    score: NDArray[np.float64], in_pairs: int, fraction: float, columns: int
) -> NDArray[np.float64]:
    values, place, number = np.unique(score, return_inverse=True, return_counts=True)
    exponent = 1 + (8 - max(FEWEST_KEYS, columns)) / 20
    scored = values > 0
    powers = values[scored] ** exponent
    spread = math.fsum((number[scored] / powers).tolist())
    dis = np.zeros(values.size)
    dis[scored] = 1 / (1 + in_pairs * (1 - fraction) / fraction / (powers * spread))
    result: NDArray[np.float64] = dis[place]
    return result
