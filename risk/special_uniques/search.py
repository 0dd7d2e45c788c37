"""Every set of few quasi-identifiers, examined once: its groups, and who is unique on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import person_numbers
from microdata.kernels import group_keys
from microdata.measure import Context
from risk.columns import released_class
from risk.special_uniques.kernels import examine_subsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = 63
"""How many columns are combined: one bit each of a 64-bit mask, without the sign."""
SUBSETS = 2**16
"""How many sets of columns are examined; 16 columns have fewer."""
WORK = 50_000_000
"""How many classes are looked at over all sets before larger sets are left out: about a second."""

Examined = tuple[int, "NDArray[np.int64]", "NDArray[np.float64]", "NDArray[np.int64]"]
"""Work, sets, pairs and minimal uniques, as the compiled search gives them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SubsetSearch:
    """
    What an attacker finds by each set of up to so many columns.

    Sets are sorted by the number of their columns, then in the order of the columns. A set is a
    mask: column i of q has bit q - 1 - i.

    Parameters
    ----------
    columns : tuple of str
        The q columns that were combined.
    quasi_identifiers : int
        How many there are, those that were not combined included.
    largest : int
        The largest number of columns in an examined set.
    mask, size, groups, unique, people : int64[s]
        Of each set: its number of columns, groups J, groups of one person U, and the sum of the
        groups' people (n, where one row is one person).
    pairs : float64[s]
        Sum of f (f - 1) over the groups.
    found, found_mask, found_size : int64[f]
        Each minimal sample unique: the class that is unique on a set and on no smaller part of
        it, the set, and its number of columns.
    """

    columns: tuple[str, ...]
    quasi_identifiers: int
    largest: int
    mask: NDArray[np.int64]
    size: NDArray[np.int64]
    groups: NDArray[np.int64]
    unique: NDArray[np.int64]
    people: NDArray[np.int64]
    pairs: NDArray[np.float64]
    found: NDArray[np.int64]
    found_mask: NDArray[np.int64]
    found_size: NDArray[np.int64]

    @property
    def left_out(self) -> str:
        """What was not examined, as a sentence; "" where nothing was left out."""
        sentences = []
        if len(self.columns) < self.quasi_identifiers:
            sentences.append(
                f"Only the {len(self.columns)} of {self.quasi_identifiers} quasi-identifiers with "
                "the most different values were combined."
            )
        if self.largest < len(self.columns):
            sentences.append(
                f"Combinations of more than {self.largest} of the {self.quasi_identifiers} "
                "quasi-identifiers were not examined."
            )
        return " ".join(sentences)

    def columns_of(self, mask: int) -> tuple[str, ...]:
        """Return the columns of a set."""
        q = len(self.columns)
        return tuple(name for i, name in enumerate(self.columns) if mask >> (q - 1 - i) & 1)

    def holds(self, column: str) -> NDArray[np.bool_]:
        """Return which minimal sample uniques a column is part of: bool[f]."""
        bit = len(self.columns) - 1 - self.columns.index(column)
        part: NDArray[np.bool_] = (self.found_mask >> bit & 1).astype(bool)
        return part

    def worst_first(self, size: int) -> NDArray[np.intp]:
        """Return the sets of a number of columns: most people unique first, then most groups."""
        of_size = np.flatnonzero(self.size == size)
        shares = -self.unique[of_size] / self.people[of_size]
        success = -self.groups[of_size] / self.people[of_size]
        order: NDArray[np.intp] = of_size[np.lexsort((success, shares))]
        return order


def search_subsets(context: Context, largest: int | None = None) -> SubsetSearch:
    """
    Group a release by every set of its quasi-identifiers, smaller sets first to be kept.

    Sets of more columns are left out where there would be too many of them, or too much work.

    Parameters
    ----------
    context : Context
        Of which records are released.
    largest : int, optional
        The largest number of columns that is asked for; all of them if None.

    References
    ----------
    Elliot, Manning, Ford (2002), A computational algorithm for handling the special uniques
    problem, IJUFKS 10(5); Manning, Haglin, Keane (2008), A recursive search algorithm for
    statistical disclosure assessment, DMKD 16(2). Groups of one class are dropped on the way
    down as in Huhtala et al. (1999), TANE, The Computer Journal 42(2).
    """
    classes = context.classes
    dense = {name: _without_gaps(classes.codes(name)) for name in classes.columns}
    # Fewest values first: the highest bit is the first column of most sets, and splits most.
    fewest_first = sorted(classes.columns, key=lambda name: dense[name].max())[-COLUMNS:]
    columns = tuple(name for name in classes.columns if name in fewest_first)
    codes = np.stack([dense[name] for name in fewest_first])
    q = len(columns)
    _, sets, pairs, found = _examine(codes, classes.count, _people(context), largest or q)
    bits = [q - 1 - columns.index(name) for name in fewest_first]
    sets[0], found[1] = _moved(sets[0], bits), _moved(found[1], bits)
    columns_in = _bits_set(sets[0])
    order = np.lexsort((-sets[0], columns_in))
    mask, groups, unique, people = sets[:, order]
    return SubsetSearch(
        columns=columns,
        quasi_identifiers=len(classes.columns),
        largest=int(columns_in.max()),
        mask=mask,
        size=columns_in[order],
        groups=groups,
        unique=unique,
        people=people,
        pairs=pairs[order],
        found=found[0],
        found_mask=found[1],
        found_size=_bits_set(found[1]),
    )


def _examine(
    codes: NDArray[np.int32],
    count: NDArray[np.int64],
    people_of: tuple[NDArray[np.int64], NDArray[np.int32]],
    largest: int,
) -> Examined:
    """
    Examine sets of up to as many columns as the work allows.

    First the most that are affordable even if every set looked at every class; then one more at
    a time, because what is settled on few columns is not looked at again. Single columns are
    always examined. Work is counted, not timed, so the same table gives the same figures.
    """

    def attempt(size: int, budget: int) -> Examined | None:
        number = _sets(q, size)
        if size == 1:
            budget = np.iinfo(np.int64).max
        examined, work, sets, pairs, found = examine_subsets(
            codes, count, people_of, (size, number), budget
        )
        return (work, sets, pairs, found) if examined == number else None

    q, entries = codes.shape[0], count.size + people_of[1].size
    sizes = [s for s in range(1, min(q, largest) + 1) if s == 1 or _sets(q, s) <= SUBSETS]
    size = max(s for s in sizes if s == 1 or _sets(q, s) * entries <= WORK)
    best = attempt(size, WORK)
    while best is None:
        size -= 1
        best = attempt(size, WORK)
    left = WORK - best[0]
    while size + 1 in sizes:
        size += 1
        more = attempt(size, left)
        if more is None:
            break
        best, left = more, left - more[0]
    return best


def _without_gaps(codes: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return codes of the values that occur, 0, 1, ... in the same order."""
    number = np.cumsum(np.bincount(codes) > 0) - 1
    without_gaps: NDArray[np.int32] = number[codes].astype(np.int32)
    return without_gaps


def _sets(q: int, largest: int) -> int:
    return sum(math.comb(q, size) for size in range(1, largest + 1))


def _moved(mask: NDArray[np.int64], bits: list[int]) -> NDArray[np.int64]:
    """Return masks with bit i moved to bits[i]."""
    moved = np.zeros_like(mask)
    for i, bit in enumerate(bits):
        moved |= (mask >> i & 1) << bit
    return moved


def _bits_set(mask: NDArray[np.int64]) -> NDArray[np.int64]:
    number = np.zeros_like(mask)
    for bit in range(COLUMNS):
        number += mask >> bit & 1
    return number


def _people(context: Context) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return whom each class holds, where people have several rows: offsets and numbers."""
    classes, release, column = context.classes, context.release, context.roles.person
    if column is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    class_of = released_class(classes)
    _, person = np.unique(
        person_numbers(release.source, column)[release.record_index], return_inverse=True
    )
    _, first = group_keys(np.stack([class_of.astype(np.uint64), person.astype(np.uint64)]))
    first = first[np.argsort(class_of[first], kind="stable")]
    return np.append(0, np.cumsum(classes.count)), person[first].astype(np.int32)
