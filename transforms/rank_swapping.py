"""Pairs of near ranks that swap their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def swap_partners(draws: NDArray[np.float64], farthest: int) -> NDArray[np.int64]:
    """
    Return with which rank each rank swaps; itself where every rank near enough has a partner.

    From the lowest rank upwards, a rank without a partner gets one at random among the `farthest`
    ranks above it: the first that is free from a place drawn evenly, or else the lowest free one.

    Parameters
    ----------
    draws : float64[n]
        Even draws from [0, 1).
    farthest : int

    Returns
    -------
    int64[n]

    References
    ----------
    Moore (1996), Controlled data-swapping techniques for masking public use microdata sets.
    """
    n = draws.size
    partner = np.arange(n)
    # The next free rank from each rank on; paths are halved while they are followed.
    following = np.arange(n + 1)
    for rank in range(n):
        if following[rank] != rank:
            continue
        following[rank] = rank + 1
        last = min(n - 1, rank + farthest)
        if last == rank:
            continue
        other = rank + 1 + int(draws[rank] * (last - rank))
        for start in (other, rank + 1):
            other = start
            while following[other] != other:
                following[other] = following[following[other]]
                other = following[other]
            if other <= last:
                break
        if other > last:
            continue
        following[other] = other + 1
        partner[rank], partner[other] = other, rank
    return partner
