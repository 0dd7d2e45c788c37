"""Ratios of gamma functions that keep their digits for arguments up to 1e12 and beyond."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SHIFT = 16
"""From here on four terms of Stirling's series are exact to the last digits of a float."""

LARGE = 1e3
"""From here on two terms of the series of the digamma function are."""


def log_rising(z: ArrayLike, m: ArrayLike) -> NDArray[np.float64]:
    """
    Return ln(Gamma(z + m) / Gamma(z)), the logarithm of a rising factorial.

    Parameters
    ----------
    z : array_like
        Above 0.
    m : array_like
        At least 0; need not be whole.

    Notes
    -----
    The difference of two log-gammas loses all digits for z = 1e12 and a small m. Stirling's series
    does not, if (z + m) ln(z + m) - z ln z is written as m ln(z + m) + z ln(1 + m / z).

    Examples
    --------
    >>> log_rising([3.0, 1e12], 2.0).round(6).tolist()
    [2.484907, 55.262042]
    """
    low = np.asarray(z, dtype=np.float64)
    step = np.asarray(m, dtype=np.float64)
    j = np.arange(SHIFT, dtype=np.float64).reshape(-1, *([1] * np.broadcast(low, step).ndim))
    shifted = np.log1p(-step / (low + step + j)).sum(axis=0)
    low = low + SHIFT
    high = low + step
    stirling = step * np.log(high) + (low - 0.5) * np.log1p(step / low) - step
    return np.asarray(shifted + stirling + (_series(high) - _series(low)), dtype=np.float64)


def _series(x: NDArray[np.float64]) -> NDArray[np.float64]:
    inverse = 1.0 / (x * x)
    terms = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))
    return np.asarray(terms / x)


def digamma_step(z: float, m: float) -> float:
    """
    Return psi(z + m) - psi(z), which is 1/z + ... + 1/(z + m - 1) for a whole m.

    Examples
    --------
    >>> round(digamma_step(1.0, 3), 12) == round(1 + 1 / 2 + 1 / 3, 12)
    True
    """
    if z < LARGE:
        return float(digamma(z + m) - digamma(z))
    high = z + m
    return (
        math.log1p(m / z) + m / (2 * z * high) + (1 / 12) * (1 / z - 1 / high) * (1 / z + 1 / high)
    )
