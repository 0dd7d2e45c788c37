"""The wildcard reading of missing values: a missing or suppressed cell matches every value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata import kernels
from microdata.classes import key_layout, pack_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses


def neighbours(classes: EquivalenceClasses, first_open: Mapping[str, int]) -> NDArray[np.int64]:
    """
    Count the people that match each class when an open cell matches every value.

    Two tuples match if in every column they are equal or one of them is open. That is not
    transitive, so the counts are those of neighbourhoods and do not add up to n (sdcMicro's
    ``freqCalc`` with alpha = 1).

    Parameters
    ----------
    classes : EquivalenceClasses
        m classes.
    first_open : mapping of str to int
        By column, the least released code that is open (missing, then ``*``).

    Returns
    -------
    int64[m]
        The class's own people included.
    """
    patterns = _Patterns.of(classes, first_open)
    if patterns.pairwise:
        return kernels.matching_people(
            classes.keys, _open_bits(classes, patterns.is_open), patterns.any_open, classes.count
        )
    total = np.zeros(classes.n_classes, np.int64)
    members = [np.flatnonzero(patterns.pattern == p) for p in range(len(patterns.closed))]
    for mine, my_closed in zip(members, patterns.closed, strict=True):
        for theirs, their_closed in zip(members, patterns.closed, strict=True):
            total[mine] += _matching(classes, my_closed & their_closed, mine, theirs)
    return total


def seconds_needed(classes: EquivalenceClasses, first_open: Mapping[str, int]) -> float:
    """Return about how long `neighbours` takes: patterns of open cells can be very many."""
    patterns = _Patterns.of(classes, first_open)
    return 1e-9 * min(patterns.steps)


@dataclass(frozen=True, eq=False)
class _Patterns:
    """Which cells of each class are open, and the distinct sets of columns that are closed."""

    is_open: Mapping[str, NDArray[np.bool_]]
    any_open: NDArray[np.bool_]
    pattern: NDArray[np.int32]
    closed: list[frozenset[str]]

    @classmethod
    def of(cls, classes: EquivalenceClasses, first_open: Mapping[str, int]) -> _Patterns:
        m, columns = classes.n_classes, classes.columns
        is_open = {name: classes.codes(name) >= first_open[name] for name in columns}
        keys = pack_keys(
            key_layout(dict.fromkeys(columns, 2)),
            {name: flags.astype(np.uint8) for name, flags in is_open.items()},
            m,
        )
        pattern, first = kernels.group_keys(keys)
        closed = [frozenset(n for n in columns if not is_open[n][j]) for j in first]
        return cls(is_open, keys.any(axis=0), pattern, closed)

    @property
    def steps(self) -> tuple[float, float]:
        """Nanoseconds, roughly: group by every two patterns, or compare every two classes."""
        m, patterns = float(self.any_open.size), float(len(self.closed))
        columns = len(self.is_open)
        grouped = patterns * (1e4 * columns * patterns + 20 * columns * m)
        return grouped, 5.0 * m * float(self.any_open.sum())

    @property
    def pairwise(self) -> bool:
        """Whether comparing every two classes is the faster way."""
        grouped, compared = self.steps
        return compared < grouped


def _open_bits(
    classes: EquivalenceClasses, is_open: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.uint64]:
    """Return ones in the bits of every open cell: uint64[words, m]."""
    bits = np.zeros_like(classes.keys)
    for field in classes.layout:
        ones = np.uint64(((1 << field.bits) - 1) << field.shift)
        bits[field.word, is_open[field.column]] |= ones
    return bits


def _matching(
    classes: EquivalenceClasses,
    shared: frozenset[str],
    mine: NDArray[np.int64],
    theirs: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return, for each of my classes, how many people of theirs are equal in the shared columns."""
    if not shared:
        return np.full(mine.size, classes.count[theirs].sum(), np.int64)
    both = np.concatenate([mine, theirs])
    layout = key_layout({f.column: f.cardinality for f in classes.layout if f.column in shared})
    codes = {name: classes.codes(name)[both] for name in shared}
    group, first = kernels.group_keys(pack_keys(layout, codes, both.size))
    people = kernels.sum_by_group(group[mine.size :], classes.count[theirs], int(first.size))
    return np.asarray(people[group[: mine.size]], dtype=np.int64)
