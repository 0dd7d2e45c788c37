"""How many classes there are of each size: all that an estimator of uniqueness sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL = 8
"""Classes up to this size are thinned together, size by size; larger ones one by one."""


@dataclass(frozen=True, eq=False)
class SizeHistogram:
    """
    The number of classes of each size, c_i.

    Parameters
    ----------
    sizes : int64[k]
        i, ascending and at least 1.
    number : int64[k]
        c_i, at least 1.
    """

    sizes: NDArray[np.int64]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, count: NDArray[np.int64]) -> SizeHistogram:
        """Return the histogram of class sizes: int64[m]."""
        sizes, number = np.unique(count, return_counts=True)
        return cls(sizes.astype(np.int64), number.astype(np.int64))

    @classmethod
    def from_counts(cls, counts: Mapping[int, int]) -> SizeHistogram:
        """Return the histogram written as size: number of classes."""
        sizes = sorted(size for size, number in counts.items() if number)
        return cls(np.array(sizes, np.int64), np.array([counts[i] for i in sizes], np.int64))

    @cached_property
    def people(self) -> int:
        """The sum of i c_i, n."""
        return int((self.sizes * self.number).sum())

    @cached_property
    def classes(self) -> int:
        """The sum of c_i, u."""
        return int(self.number.sum())

    def of_size(self, size: int) -> int:
        """Return c_i."""
        at = int(np.searchsorted(self.sizes, size))
        return int(self.number[at]) if at < self.sizes.size and self.sizes[at] == size else 0

    def half(self, rng: np.random.Generator) -> SizeHistogram:
        """
        Return the histogram of a random half of the people: each stays with probability 1/2.

        A class of size i keeps a binomial number of people, so no row needs to be touched.
        """
        kept = np.zeros(SMALL + 1, np.int64)
        few = self.sizes <= SMALL
        for size, number in zip(self.sizes[few].tolist(), self.number[few].tolist(), strict=True):
            kept[: size + 1] += rng.multinomial(number, _binomial_half(size))
        many = rng.binomial(np.repeat(self.sizes[~few], self.number[~few]), 0.5)
        sizes, number = np.unique(many, return_counts=True)
        counts = dict(zip(sizes.tolist(), number.tolist(), strict=True))
        for size, more in enumerate(kept.tolist()):
            counts[size] = counts.get(size, 0) + more
        del counts[0]
        return SizeHistogram.from_counts(counts)


def _binomial_half(size: int) -> NDArray[np.float64]:
    row = np.ones(1)
    for _ in range(size):
        row = (np.append(row, 0.0) + np.append(0.0, row)) / 2
    return row


@dataclass(frozen=True, kw_only=True)
class PopulationEstimate:
    """
    What an estimator of the population's uniqueness gives.

    Parameters
    ----------
    share : float, optional
        Of the population's people that are unique in it, 0 to 1; None where the estimator found
        no solution.
    reason : str
        Why there is none, as a sentence.
    parameters : mapping of str to float
        The fitted parameters by their names in the literature.
    caveats : tuple of str
    """

    share: float | None
    reason: str = ""
    parameters: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    caveats: tuple[str, ...] = ()


NOT_A_PROOF = (
    "Nobody is unique in the table, so the estimate is 0; that does not prove that nobody is "
    "unique in the population."
)
NO_SAMPLE_UNIQUES = PopulationEstimate(share=0.0, caveats=(NOT_A_PROOF,))
"""What every estimator gives where c_1 = 0."""
