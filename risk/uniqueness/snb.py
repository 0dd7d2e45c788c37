"""Population uniqueness by the shifted negative binomial model."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from risk.uniqueness.size_histogram import NO_SAMPLE_UNIQUES, PopulationEstimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from risk.uniqueness.size_histogram import SizeHistogram

GRID = np.linspace(-35.0, 35.0, 281)
"""Where the equation that is left is looked at: ln(b / (1 - b))."""

NO_SOLUTION = (
    "The shifted negative binomial model has no solution for the number of people who are alone "
    "and of pairs in this table."
)


def population_classes(histogram: SizeHistogram, fraction: float) -> float:
    """
    Estimate K, the number of classes in the population.

    Parameters
    ----------
    histogram : SizeHistogram
    fraction : float
        f = n / N, above 0 and below 1.

    Notes
    -----
    u + c_1 [sum i f^2 (1 - f^2)^(i - 1) c_i / sum (1 - f)^i ((1 + f)^i - 1) c_i]
    [sum (1 - f)^i c_i / sum i f (1 - f)^(i - 1) c_i]^2. The 1 is taken off inside the product.

    References
    ----------
    Haas, Stokes 1998, Estimating the number of classes in a finite population; after Shlosser.
    """
    f, i = fraction, histogram.sizes.astype(np.float64)
    c = histogram.number.astype(np.float64)
    stay, square = math.log1p(-f), math.log1p(-f * f)
    first = (i * f * f * np.exp((i - 1) * square) * c).sum()
    first /= (np.exp(i * square) * -np.expm1(-i * math.log1p(f)) * c).sum()
    second = (np.exp(i * stay) * c).sum() / (i * f * np.exp((i - 1) * stay) * c).sum()
    return float(histogram.classes + histogram.of_size(1) * first * second**2)


def snb(histogram: SizeHistogram, population: int) -> PopulationEstimate:
    """
    Estimate the share of unique people in a population of N by the shifted negative binomial.

    Parameters
    ----------
    histogram : SizeHistogram
        Of the sample, with n <= N.
    population : int
        N.

    Notes
    -----
    Class sizes in the population are 1 plus a negative binomial number (a, b). With f = n / N and
    s = (1 - f)(1 - b) the expected numbers of classes of size 1 and 2 in the sample are

    c_1 = K f (b / (1 - s))^a (a s / (1 - s) + 1),
    c_2 = K f^2 a (1 - b) b^a (2 - (1 - a) s) / (2 (1 - s)^(a + 2)),

    and K b^a people are unique. Their ratio is a quadratic equation for a, with one root above 0
    for each b; the sign of the first equation is then followed over a grid of b. Other software
    multiplies by (1 - s)^(a + 2), which the model does not.

    References
    ----------
    Chen, Keller-McNulty 1998, Estimation of identification disclosure risk in microdata.
    """
    singles, pairs, people = histogram.of_size(1), histogram.of_size(2), histogram.people
    if not singles:
        return NO_SAMPLE_UNIQUES
    if people >= population:
        return PopulationEstimate(share=singles / people)
    fraction = people / population
    classes = population_classes(histogram, fraction)
    if not pairs or not math.isfinite(classes):
        return PopulationEstimate(share=None, reason=NO_SOLUTION)
    found = _solutions(fraction, singles / (classes * fraction), 2 * pairs / (fraction * singles))
    if len(found) != 1:
        return PopulationEstimate(share=None, reason=NO_SOLUTION)
    a, log_b = found[0]
    share = classes / population * math.exp(a * log_b)
    if share > 1:
        return PopulationEstimate(share=None, reason=NO_SOLUTION)
    return PopulationEstimate(
        share=share, parameters=MappingProxyType({"K": classes, "a": a, "b": math.exp(log_b)})
    )


def _solutions(fraction: float, singles: float, ratio: float) -> list[tuple[float, float]]:
    """Return every a and ln b that solve the equations, from c_1 / (K f) and 2 c_2 / (f c_1)."""

    def first_equation(x: NDArray[np.float64]) -> NDArray[np.float64]:
        a, s, r = _by_ratio(x, fraction, ratio)
        power = -a * np.log1p(fraction * np.exp(-x))  # a ln(b / (1 - s))
        return np.asarray(power + np.log1p(a * s / r) - math.log(singles))

    def at(x: float) -> float:
        return float(first_equation(np.array([x]))[0])

    values = first_equation(GRID)
    turns = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    roots = [float(brentq(at, GRID[turn], GRID[turn + 1], xtol=1e-12)) for turn in turns]
    return [
        (float(_by_ratio(np.array([x]), fraction, ratio)[0][0]), -math.log1p(math.exp(-x)))
        for x in roots
    ]


def _by_ratio(
    x: NDArray[np.float64], fraction: float, ratio: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a, s and 1 - s from a (1 - b) (2 - s + a s) = ratio (1 - s) (1 - s + a s)."""
    b, gap = expit(x), expit(-x)
    s = (1 - fraction) * gap
    r = b + fraction * gap
    square, line, rest = gap * s, gap * (2 - s) - ratio * r * s, ratio * r * r
    root = np.sqrt(line * line + 4 * square * rest)
    # Each form loses no digits where it is used.
    positive = 2 * rest / (np.abs(line) + root)
    negative = (np.abs(line) + root) / (2 * square)
    return np.where(line >= 0, positive, negative), s, r
