"""Population uniqueness by Zayatz's estimator."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from risk.uniqueness.gamma_ratios import log_rising
from risk.uniqueness.size_histogram import NO_SAMPLE_UNIQUES, PopulationEstimate

if TYPE_CHECKING:
    from risk.uniqueness.size_histogram import SizeHistogram


def zayatz(histogram: SizeHistogram, population: int) -> PopulationEstimate:
    """
    Estimate the share of unique people in a population of N, taking its classes as the sample's.

    Parameters
    ----------
    histogram : SizeHistogram
        Of the sample, with n <= N.
    population : int
        N.

    Notes
    -----
    A class that is unique in the sample is unique in the population with the probability
    P = (c_1 / u) h(1) / sum_i (c_i / u) h(i), where h(i) = i C(N - i, n - 1) / C(N, n) is the
    hypergeometric probability that one of i people is drawn. The share is c_1 P / n. Only the
    ratios h(i) / h(1) are needed: i (N - n) ... (N - n - i + 2) / ((N - 1) ... (N - i + 1)), which
    is 0 where fewer than i - 1 people were not drawn.

    References
    ----------
    Zayatz 1991, Estimation of the percent of unique population elements on a microdata file.
    """
    singles = histogram.of_size(1)
    if not singles:
        return NO_SAMPLE_UNIQUES
    left_out = population - histogram.people
    possible = histogram.sizes - 1 <= left_out
    sizes = histogram.sizes[possible].astype(np.float64)
    log_ratio = log_rising(left_out - sizes + 2, sizes - 1)
    log_ratio -= log_rising(population - sizes + 1, sizes - 1)
    total = float((histogram.number[possible] * sizes * np.exp(log_ratio)).sum())
    chance = singles / total
    return PopulationEstimate(
        share=singles * chance / histogram.people, parameters=MappingProxyType({"P": chance})
    )
