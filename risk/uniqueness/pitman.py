"""Population uniqueness by Pitman's model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, expit

from risk.uniqueness.gamma_ratios import digamma_step, log_rising
from risk.uniqueness.size_histogram import NO_SAMPLE_UNIQUES, PopulationEstimate

if TYPE_CHECKING:
    from risk.uniqueness.size_histogram import SizeHistogram

GRID = tuple(np.linspace(-9.0, 15.0, 49).tolist())
"""Where the profile of the likelihood is looked at: ln(alpha / (1 - alpha))."""

EWENS = "The best fit has alpha = 0: Ewens' model, the edge of Pitman's."


@dataclass(frozen=True, kw_only=True)
class PitmanFit:
    """
    The parameters that make a size histogram most likely, and what follows for a population.

    Parameters
    ----------
    theta, alpha : float
        0 <= alpha < 1 and theta > -alpha.
    log_likelihood : float
    """

    theta: float
    alpha: float
    log_likelihood: float

    def share(self, population: int) -> float:
        """Return the expected share of unique people among N: exact under the model."""
        gap = 1.0 - self.alpha
        start = log_rising(self.theta + self.alpha, gap)
        return float(np.exp(start - log_rising(population + self.theta - gap, gap)))

    def asymptotic_share(self, population: int) -> float:
        """Return its limit for a large N, which other software prints."""
        gap = 1.0 - self.alpha
        start = log_rising(self.theta + self.alpha, gap)
        return float(np.exp(start - gap * math.log(population)))


def fit_pitman(histogram: SizeHistogram) -> PitmanFit | None:
    """
    Find the maximum of Pitman's likelihood; None where it has none.

    Notes
    -----
    With n people in u classes, c_i of them of size i, the log-likelihood is
    sum_{j<u} ln(theta + j alpha) - sum_{j<n} ln(theta + j)
    + sum_i c_i [ln Gamma(i - alpha) - ln Gamma(1 - alpha)].
    For each alpha the best theta is the root of the derivative. What is left is a function of
    alpha alone; its derivative is looked at on a grid, so that several maxima do not go unseen,
    and the greatest is taken. At alpha = 0 it is Ewens' model.

    References
    ----------
    Hoshino 2001, Applying Pitman's sampling formula to microdata disclosure risk assessment.
    """
    if not 1 < histogram.classes < histogram.people:
        return None
    profile = _Profile(histogram)
    fits: list[PitmanFit] = []
    slopes = [profile.slope(x) for x in GRID]
    for left, right, before, after in zip(GRID, GRID[1:], slopes, slopes[1:], strict=False):
        if before > 0 >= after:
            fits.append(profile.fit(float(brentq(profile.slope, left, right, xtol=1e-12))))
    if slopes[0] <= 0:
        fits.append(profile.ewens)
    edge = profile.fit(GRID[-1])
    best = max(fits, key=lambda fit: fit.log_likelihood, default=edge)
    return None if best.log_likelihood <= edge.log_likelihood else best


class _Profile:
    """The log-likelihood at the best theta, as a function of ln(alpha / (1 - alpha))."""

    def __init__(self, histogram: SizeHistogram) -> None:
        self.sizes = histogram.sizes.astype(np.float64)
        self.number = histogram.number.astype(np.float64)
        self.n, self.u = float(histogram.people), float(histogram.classes)

    def theta(self, alpha: float) -> float:
        def scaled_slope(y: float) -> float:
            above = math.exp(y)
            theta = above - alpha
            classes = digamma_step(theta / alpha + 1, self.u - 1) / alpha
            return above * (classes - digamma_step(theta + 1, self.n - 1))

        return math.exp(brentq(scaled_slope, -60.0, 75.0, xtol=1e-13)) - alpha

    def slope(self, x: float) -> float:
        alpha, gap = float(expit(x)), float(expit(-x))
        theta = self.theta(alpha)
        classes = digamma_step(theta / alpha + 1, self.u - 1) / alpha
        harmonic = digamma(self.sizes - 1 + gap) - digamma(gap)
        return (self.u - 1 - theta * classes) / alpha - float((self.number * harmonic).sum())

    def fit(self, x: float) -> PitmanFit:
        alpha, gap = float(expit(x)), float(expit(-x))
        theta = self.theta(alpha)
        likelihood = (self.u - 1) * math.log(alpha)
        likelihood += float(log_rising(theta / alpha + 1, self.u - 1))
        return self._fitted(theta, alpha, gap, likelihood)

    @cached_property
    def ewens(self) -> PitmanFit:
        def scaled_slope(y: float) -> float:
            theta = math.exp(y)
            return self.u - 1 - theta * digamma_step(theta + 1, self.n - 1)

        theta = math.exp(brentq(scaled_slope, -60.0, 75.0, xtol=1e-13))
        return self._fitted(theta, 0.0, 1.0, (self.u - 1) * math.log(theta))

    def _fitted(self, theta: float, alpha: float, gap: float, classes: float) -> PitmanFit:
        inside = float((self.number * log_rising(gap, self.sizes - 1)).sum())
        people = float(log_rising(theta + 1, self.n - 1))
        return PitmanFit(theta=theta, alpha=alpha, log_likelihood=classes - people + inside)


def pitman(histogram: SizeHistogram, population: int) -> PopulationEstimate:
    """
    Estimate the share of unique people in a population of N by Pitman's model.

    Parameters
    ----------
    histogram : SizeHistogram
        Of the sample, with n <= N.
    population : int
        N.

    Notes
    -----
    Expected uniques: N Gamma(theta + 1) / Gamma(theta + alpha) Gamma(N + theta + alpha - 1) /
    Gamma(N + theta), not the asymptote Gamma(theta + 1) / Gamma(theta + alpha) N^alpha.

    References
    ----------
    Hoshino 2001.
    """
    if not histogram.of_size(1):
        return NO_SAMPLE_UNIQUES
    fit = fit_pitman(histogram)
    if fit is None:
        return PopulationEstimate(
            share=None,
            reason="Pitman's model has no best fit to these groups of look-alikes: too few people "
            "share their group with anybody.",
        )
    return PopulationEstimate(
        share=fit.share(population),
        parameters=MappingProxyType({"theta": fit.theta, "alpha": fit.alpha}),
        caveats=() if fit.alpha else (EWENS,),
    )
