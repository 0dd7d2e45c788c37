"""Population uniques among the sample's uniques, from log-linear models of the table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed
from risk.persons import sampled_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses

WORK = 4_000_000
"""Cells times pairs of columns up to which the two-way model is fitted: about a second."""

CHUNK = 4_000_000
ROUNDS = 30
"""How often the largest table is fitted; a smaller one as much oftener, up to `MOST_ROUNDS`."""

MOST_ROUNDS = 500
TOLERANCE = 0.1
"""In people: how far a fitted table of two columns may stay from the counted one."""

RELATIVE = 1e-5
"""The same as a share of all people, where that is more."""

_ROOT = ("uniqueness", "log_linear")
_FIGURES = ("tau_1", "tau_2")
BRACKET = (
    "The model of single columns tends to give too many and the model of pairs too few: read the "
    "two as a bracket."
)


@dataclass(frozen=True, kw_only=True)
class UniquesAtRisk:
    """
    What is expected of the people who are unique in the sample.

    Parameters
    ----------
    tau_1 : float
        How many of them are unique in the population.
    tau_2 : float
        How many correct matches an attacker makes who links each of them to the population.
    """

    tau_1: float
    tau_2: float


def uniques_at_risk(means: NDArray[np.float64], people: int, population: int) -> UniquesAtRisk:
    """
    Sum the risks of the sample's unique people.

    Parameters
    ----------
    means : float64[c_1]
        mu_j of each sample unique: the expected number of people of the SAMPLE in its cell.
    people, population : int
        n and N.

    Notes
    -----
    With F_j Poisson of mean lambda_j = mu_j / pi, pi = n / N, and v_j = (1 - pi) lambda_j:
    P(F = 1 | f = 1) = exp(-v), E[1 / F | f = 1] = (1 - exp(-v)) / v. Some software leaves the
    division by pi out, which overstates the risk.

    References
    ----------
    Elamir, Skinner 2006, Record level measures of disclosure risk for survey microdata.

    Examples
    --------
    >>> uniques_at_risk(np.array([1.0]), 1, 2).tau_1 == float(np.exp(-1.0))
    True
    """
    v = means * ((population - people) / people)
    matches = np.divide(-np.expm1(-v), v, out=np.ones_like(v), where=v > 0)
    return UniquesAtRisk(tau_1=float(np.exp(-v).sum()), tau_2=float(matches.sum()))


def observed_codes(classes: EquivalenceClasses) -> list[NDArray[np.int64]]:
    """Return the codes of each class over the values that occur, a missing value being one."""
    return [
        np.unique(classes.codes(column), return_inverse=True)[1].astype(np.int64)
        for column in classes.columns
    ]


def independence_means(
    codes: Sequence[NDArray[np.int64]], count: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return mu_j of each class by the model of single columns: n prod_k (margin_k / n)."""
    total = float(count.sum())
    means = np.full(count.size, total)
    for column in codes:
        means *= np.bincount(column, weights=count)[column] / total
    return means


def two_way_means(
    codes: Sequence[NDArray[np.int64]], count: NDArray[np.int64], work: int = WORK
) -> NDArray[np.float64] | NotComputed:
    """
    Return mu_j of each class by the model of all pairs of columns.

    Parameters
    ----------
    codes : sequence of int64[m]
        From 0 without gaps, by column.
    count : int64[m]
        f_j, at least 1.
    work : int
        Cells times pairs up to which the model is fitted.

    Notes
    -----
    Iterative proportional fitting. A cell in which two values meet that never meet in the data
    has mu = 0 and is left out from the start, so the full cross product is never built.
    """
    # A column with one value adds nothing; the longest first keeps the growing table small.
    used = sorted((c for c in codes if c.max(initial=0) > 0), key=lambda c: -int(c.max()))
    if len(used) < 2:
        return independence_means(codes, count)
    widths = [int(column.max()) + 1 for column in used]
    pairs = list(combinations(range(len(used)), 2))
    too_many = NotComputed(
        reason=f"The model of all pairs of columns would need more than {work // len(pairs):,} "
        "cells, which is more than this version fits."
    )
    if max(widths[a] * widths[b] for a, b in pairs) > CHUNK or count.size > work // len(pairs):
        return too_many
    cells = _possible_cells(used, widths, work // len(pairs))
    if cells is None:
        return too_many
    mu = _fitted(cells, used, widths, count)
    if mu is None:
        return NotComputed(
            reason="The model of all pairs of columns did not settle in the time that it is given."
        )
    # Cells stand in the order of their codes, so a class is found by its number.
    number, wanted = np.zeros(mu.size, np.int64), np.zeros(count.size, np.int64)
    for cell, column, width in zip(cells, used, widths, strict=True):
        combined = np.concatenate([number * width + cell, wanted * width + column])
        distinct = np.unique(combined, return_inverse=True)[1]
        number, wanted = distinct[: mu.size], distinct[mu.size :]
    return mu[np.searchsorted(number, wanted)]


def _possible_cells(
    codes: Sequence[NDArray[np.int64]], widths: Sequence[int], most: int
) -> list[NDArray[np.int64]] | None:
    """Return the cells whose values all meet pairwise in the data, or None if too many."""
    cells = [np.arange(widths[0])]
    for k in range(1, len(codes)):
        meet = []
        for j in range(k):
            table = np.zeros((widths[j], widths[k]), bool)
            table[codes[j], codes[k]] = True
            meet.append(table)
        parts: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        found = 0
        step = max(1, CHUNK // widths[k])
        for start in range(0, cells[0].size, step):
            allowed = meet[0][cells[0][start : start + step]]
            for j in range(1, k):
                allowed &= meet[j][cells[j][start : start + step]]
            cell, value = np.nonzero(allowed)
            found += cell.size
            if found > most:
                return None
            parts.append((cell + start, value))
        cell = np.concatenate([part[0] for part in parts])
        cells = [column[cell] for column in cells]
        cells.append(np.concatenate([part[1] for part in parts]).astype(np.int64))
    return cells


def _fitted(
    cells: Sequence[NDArray[np.int64]],
    codes: Sequence[NDArray[np.int64]],
    widths: Sequence[int],
    count: NDArray[np.int64],
) -> NDArray[np.float64] | None:
    """Return the fitted mean of each cell, or None where the fit does not settle."""
    margins = []
    for a, b in combinations(range(len(codes)), 2):
        size = widths[a] * widths[b]
        counted = np.bincount(codes[a] * widths[b] + codes[b], weights=count, minlength=size)
        margins.append((cells[a] * widths[b] + cells[b], counted))
    mu = np.ones(cells[0].size)
    near = max(TOLERANCE, RELATIVE * float(count.sum()))
    rounds = min(MOST_ROUNDS, ROUNDS * WORK // (mu.size * len(margins)))
    for _ in range(max(ROUNDS, rounds)):
        worst = 0.0
        for place, counted in margins:
            fitted = np.bincount(place, weights=mu, minlength=counted.size)
            worst = max(worst, float(np.abs(fitted - counted).max()))
            factor = np.divide(counted, fitted, out=np.zeros_like(counted), where=fitted > 0)
            mu *= factor[place]
        if worst <= near:
            return mu
    return None


@dataclass(frozen=True, kw_only=True)
class LogLinearRisk:
    """Expected population uniques and correct matches among the people unique in the table."""

    name: ClassVar[str] = "log-linear"
    title: ClassVar[str] = "Unique people at risk, by log-linear models"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Elamir & Skinner 2006; Skinner & Shlomo 2008"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        size = sampled_from(context)
        return size if isinstance(size, NotComputed) else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute both sums by both models."""
        classes = context.classes
        size = sampled_from(context)
        if isinstance(size, NotComputed):
            return MeasureResult(figures={_ROOT: size})
        codes, alone = observed_codes(classes), classes.count == 1
        models = {
            "main_effects": ("log-linear, main effects", independence_means(codes, classes.count)),
            "two_way": ("log-linear, two-way", two_way_means(codes, classes.count)),
        }
        sampling = (
            f"Sampling fraction {classes.n_records / size:.4g}; it takes the table to be a random "
            "sample of the population."
        )
        figures: dict[tuple[str, ...], Figure] = {}
        for model, (method, means) in models.items():
            if isinstance(means, NotComputed):
                figures |= {(*_ROOT, model, key): means for key in _FIGURES}
                continue
            risk = uniques_at_risk(means[alone], classes.n_records, size)
            for key, value in zip(_FIGURES, (risk.tau_1, risk.tau_2), strict=True):
                figures[*_ROOT, model, key] = Estimate(
                    value=value,
                    method=method,
                    caveats=(context.population.assumption, sampling, BRACKET),
                )
        return MeasureResult(figures=figures)
