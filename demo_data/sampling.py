"""Draws by inverse transform from one uniform stream, the same on every version of numpy."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")

_NORMAL = NormalDist()


class Sampler:
    """
    A seeded source of draws.

    Only ``Generator.random`` is used: numpy may change how its other draws consume the stream,
    and the committed files must come out the same byte for byte.

    Parameters
    ----------
    seed : int
        Start of the stream.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def uniform(self) -> float:
        """Return a number in (0, 1)."""
        # 0 has probability 2**-53 and no normal quantile
        return max(float(self._rng.random()), 2.0**-53)

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def normal(self, mean: float, deviation: float) -> float:
        """Return a normal draw."""
        return mean + deviation * _NORMAL.inv_cdf(self.uniform())

    def one_of(self, values: Sequence[T]) -> T:
        """Return one of the values, each as likely."""
        return values[self.between(0, len(values) - 1)]

    def pick(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, as likely as its weight says."""
        keys = list(weights)
        sums = list(accumulate(weights.values()))
        place = bisect_right(sums, self.uniform() * sums[-1])
        return keys[min(place, len(keys) - 1)]

    def subset(
        self, values: Sequence[T], size: int, weight: Callable[[T], float] = lambda _: 1.0
    ) -> list[T]:
        """
        Return a random subset in random order, without replacement.

        Each value gets the key u ** (1 / weight) and the largest keys win.

        References
        ----------
        Efraimidis & Spirakis (2006), Weighted random sampling with a reservoir, IPL 97(5).
        """
        keyed = [(self.uniform() ** (1 / weight(value)), i) for i, value in enumerate(values)]
        return [values[i] for _, i in sorted(keyed, reverse=True)[:size]]
