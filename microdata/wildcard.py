"""The wildcard reading of missing values: a missing or suppressed cell matches every value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from microdata import wildcard_kernels
from microdata.kernels import group_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses


@overload
def neighbours(
    classes: EquivalenceClasses, first_open: Mapping[str, int], amount: None = None
) -> NDArray[np.int64]: ...
@overload
def neighbours(
    classes: EquivalenceClasses, first_open: Mapping[str, int], amount: NDArray[np.float64]
) -> NDArray[np.float64]: ...
def neighbours(
    classes: EquivalenceClasses,
    first_open: Mapping[str, int],
    amount: NDArray[np.float64] | None = None,
) -> NDArray[Any]:
    """
    Count the people that match each class when an open cell matches every value.

    Two tuples match if in every column they are equal or one of them is open. That is not
    transitive, so the counts are those of neighbourhoods and do not add up to n.

    Parameters
    ----------
    classes : EquivalenceClasses
        m classes.
    first_open : mapping of str to int
        By column, the least released code that is open (missing, then ``*``).
    amount : float64[m], optional
        What is summed over the neighbourhood in place of people: the sampling weights of each
        class give the estimated size of the neighbourhood in the population.

    Returns
    -------
    int64[m] or float64[m]
        The class's own people (or amount) included.

    Notes
    -----
    f_k and F_k of sdcMicro's ``freqCalc`` with alpha = 1. Classes that leave the same columns open
    are one pattern. Two patterns are matched by the columns that both know: the smaller is put in
    a hash table and the larger looks itself up, so the cost is about patterns times classes.

    References
    ----------
    Templ, Kowarik, Meindl 2015, Journal of Statistical Software 67(4).
    """
    patterns = _Patterns.of(classes, first_open)
    summed: NDArray[Any] = classes.count if amount is None else amount
    if patterns.pairwise:
        any_open = patterns.open_bits.any(axis=0)
        return wildcard_kernels.matching_people(classes.keys, patterns.open_bits, any_open, summed)
    order = np.argsort(patterns.pattern, kind="stable")
    start = np.append(0, np.cumsum(np.bincount(patterns.pattern, minlength=patterns.number)))
    total = np.empty_like(summed)
    total[order] = wildcard_kernels.matching_by_pattern(
        np.ascontiguousarray(classes.keys[:, order]),
        ~patterns.open_bits[:, patterns.first],
        start,
        summed[order],
    )
    return total


def seconds_needed(classes: EquivalenceClasses, first_open: Mapping[str, int]) -> float:
    """Return about how long `neighbours` takes: patterns of open cells can be very many."""
    return 1e-9 * min(_Patterns.of(classes, first_open).steps)


@dataclass(frozen=True, eq=False)
class _Patterns:
    """
    Which cells of each class are open, and the distinct sets of open columns.

    ``open_bits[words, m]`` are ones in the fields of open cells, ``pattern[m]`` the number of
    each class's set and ``first`` where each set occurs first.
    """

    open_bits: NDArray[np.uint64]
    pattern: NDArray[np.int32]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, classes: EquivalenceClasses, first_open: Mapping[str, int]) -> _Patterns:
        bits = np.zeros_like(classes.keys)
        for field in classes.layout:
            ones = np.uint64(((1 << field.bits) - 1) << field.shift)
            bits[field.word, classes.codes(field.column) >= first_open[field.column]] |= ones
        return cls(bits, *group_keys(bits))

    @property
    def number(self) -> int:
        """How many sets of open columns there are."""
        return int(self.first.size)

    @property
    def steps(self) -> tuple[float, float]:
        """Nanoseconds, roughly: look up pattern by pattern, or compare every two classes."""
        words, m = self.open_bits.shape
        patterns = float(self.number)
        looked_up = patterns * (30.0 * words * m + 40.0 * patterns)
        return looked_up, 5.0 * words * m * float(self.open_bits.any(axis=0).sum())

    @property
    def pairwise(self) -> bool:
        """Whether comparing every two classes is the faster way."""
        looked_up, compared = self.steps
        return compared < looked_up
