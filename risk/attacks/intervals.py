"""Intervals for the success of a simulated attack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.attacks.saved import as_number, as_object, as_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
REDRAWN = 2_000
"""How many attacks a percentile interval is read from."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A 95 % interval and how it was obtained."""

    low: float
    high: float
    method: str

    @classmethod
    def from_json(cls, data: object) -> Interval:
        """Read a saved interval; raise TypeError, KeyError or ValueError where it is none."""
        saved = as_object(data, {"low", "high", "method"})
        return cls(
            low=as_number(saved["low"]),
            high=as_number(saved["high"]),
            method=as_text(saved["method"]),
        )


def wilson_interval(successes: float, n: int) -> Interval:
    """
    Return Wilson's score interval of a share.

    Parameters
    ----------
    successes : float
        May be a sum of probabilities p_i: Var(p_i) <= mu (1 - mu), so the interval is then wider
        than it needs to be.
    n : int
        At least 1.

    Notes
    -----
    Centre (s + z^2/2) / (n + z^2), half width z / (n + z^2) sqrt(s (n - s) / n + z^2/4).

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    square = NORMAL_95**2
    centre = (successes + square / 2) / (n + square)
    half = NORMAL_95 / (n + square) * math.sqrt(successes * (n - successes) / n + square / 4)
    return Interval(low=max(0.0, centre - half), high=min(1.0, centre + half), method="Wilson")


def percentile_interval(
    repeats: Sequence[NDArray[np.float64]], rng: np.random.Generator
) -> Interval:
    """
    Return what the success of one attack lies within, over repeats and targets drawn anew.

    Parameters
    ----------
    repeats : sequence of float64[T]
        The probability that each target is found, in each repeat.
    rng : numpy.random.Generator
    """
    chosen = np.bincount(rng.integers(len(repeats), size=REDRAWN), minlength=len(repeats))
    means = []
    for found, times in zip(repeats, chosen.tolist(), strict=True):
        # Probabilities are few different numbers, so targets are drawn by number, not one by one.
        values, number = np.unique(found, return_counts=True)
        drawn = rng.multinomial(found.size, number / found.size, size=times)
        means.append(drawn @ values / found.size)
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return Interval(low=float(low), high=float(high), method="percentiles over repeats and targets")
