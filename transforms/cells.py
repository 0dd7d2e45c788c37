"""Local suppression: which single cells to empty so that every person has k look-alikes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from microdata.classes import EquivalenceClasses
from microdata.errors import PrivacyToolError
from microdata.kernels import group_keys, sum_by_group
from microdata.keys import KeyField
from microdata.wildcard import neighbours
from transforms import cell_kernels as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SETS = 64
"""Sets of columns that are tried for the people who need a column, besides all that are allowed."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Parts:
    """
    Records of a class that lose the same cells.

    Parameters
    ----------
    keys : uint64[words, p]
        What they have in common afterwards.
    origin : int64[p]
        Their class before.
    mask : int64[p]
        A bit for each column of the classes, in order, whose cell they lose.
    records : int64[p]
        How many they are.
    """

    keys: NDArray[np.uint64]
    origin: NDArray[np.int64]
    mask: NDArray[np.int64]
    records: NDArray[np.int64]

    def opened(self, take: NDArray[np.int64], keys: NDArray[np.uint64], bits: int) -> Parts:
        """Return the parts after some records of each were opened in some columns."""
        moved, stay = take > 0, take < self.records
        gone = replace(self.select(moved), keys=keys[:, moved], records=take[moved])
        gone = replace(gone, mask=gone.mask | bits)
        return replace(self.select(stay), records=(self.records - take)[stay]).joined(gone)

    def select(self, which: NDArray[np.bool_]) -> Parts:
        """Return some of the parts."""
        return Parts(
            keys=self.keys[:, which],
            origin=self.origin[which],
            mask=self.mask[which],
            records=self.records[which],
        )

    def joined(self, other: Parts) -> Parts:
        """Return the parts and others."""
        return Parts(
            keys=np.concatenate([self.keys, other.keys], axis=1),
            origin=np.concatenate([self.origin, other.origin]),
            mask=np.concatenate([self.mask, other.mask]),
            records=np.concatenate([self.records, other.records]),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class CellSearch:
    """
    A search for few cells to empty, the least important columns first.

    Columns are given up tier by tier. The people who find k look-alikes when the columns up to a
    tier are given up lose no cell of a higher one. Among sets of columns of these tiers, those of
    few cells are taken first.

    Parameters
    ----------
    classes : EquivalenceClasses
        Of a table in which one row is one person.
    k : int
    missing : {"own", "wildcard"}
        Whether an open cell is a value of its own or matches every value.
    first_open, star : mapping of str to int
        By column, the least released code that is open, and the one of a suppressed cell.
    tiers : mapping of str to int
        0 for the columns that are given up first.
    follow : mapping of str to frozenset of str
        Columns that lose their cell with a column's; they may lie outside the classes.
    rank : int64[m]
        The order of the classes by what they hold, by which ties are resolved.

    Notes
    -----
    With "wildcard", a person is helped by the gaps of others too: of classes that are equal but
    for the opened columns, only as many records are opened as the rest lack. Nobody is opened who
    had k look-alikes before, and nobody in more columns than the person needs alone. Without this
    bound k - 1 empty records would do for all, and protect nobody. With "own", opened records
    form classes of their own, which larger classes fill up where the small ones do not suffice.

    References
    ----------
    Templ, Kowarik, Meindl 2015, Journal of Statistical Software 67(4) (sdcMicro's ``kAnon``).
    """

    classes: EquivalenceClasses
    k: int
    missing: Literal["own", "wildcard"]
    first_open: Mapping[str, int]
    star: Mapping[str, int]
    tiers: Mapping[str, int]
    follow: Mapping[str, frozenset[str]]
    rank: NDArray[np.int64]

    def run(self) -> Parts:
        """Return which records lose which cells; no bit is set where k was reached before."""
        m = self.classes.n_classes
        parts = Parts(
            keys=self.classes.keys,
            origin=np.arange(m),
            mask=np.zeros(m, np.int64),
            records=self.classes.rows,
        )
        parts = self._own(parts) if self.missing == "own" else self._wildcard(parts)
        if (self.people(parts.keys, parts.records) < self.k).any():
            raise PrivacyToolError(
                "The cells that were chosen do not give everybody enough look-alikes, so nothing "
                "is suppressed; this is a fault of the program and not of the table."
            )
        return parts

    @cached_property
    def _fields(self) -> dict[str, tuple[KeyField, int]]:
        return {field.column: (field, c) for c, field in enumerate(self.classes.layout)}

    @cached_property
    def _tier(self) -> dict[str, int]:
        """The tier in which a column can be given up: with all that follow it."""
        return {
            name: max(self.tiers[other] for other in (name, *self._inside(name)))
            for name in self.classes.columns
        }

    def _inside(self, name: str) -> tuple[str, ...]:
        followers = self.follow.get(name, frozenset())
        return tuple(other for other in self.classes.columns if other in followers)

    def _closed(self, names: Sequence[str]) -> tuple[frozenset[str], int]:
        """Return the columns that are opened with some, and how many cells a record loses."""
        every = frozenset(names).union(*(self.follow.get(n, frozenset()) for n in names))
        return every & frozenset(self.classes.columns), len(every)

    def _starred(self, keys: NDArray[np.uint64], names: frozenset[str]) -> NDArray[np.uint64]:
        """Return keys with some columns suppressed."""
        starred = keys.copy()
        for name in names:
            field, _ = self._fields[name]
            ones = np.uint64(((1 << field.bits) - 1) << field.shift)
            starred[field.word] &= ~ones
            starred[field.word] |= np.uint64(self.star[name] << field.shift)
        return starred

    def _bits(self, names: frozenset[str]) -> int:
        return sum(1 << self._fields[name][1] for name in names)

    def people(self, keys: NDArray[np.uint64], records: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return among how many look-alikes the people of each key are."""
        group, first = group_keys(keys)
        rows = sum_by_group(group, records, first.size)
        if self.missing == "wildcard":
            none = np.empty(0, np.int32)
            table = EquivalenceClasses(
                self.classes.layout, keys[:, first], rows, rows, None, none, MappingProxyType({})
            )
            rows = neighbours(table, self.first_open)
        return np.asarray(rows[group], np.int64)

    def _reached(self, names: frozenset[str]) -> NDArray[np.int64]:
        """Return how many look-alikes each class has where it alone gives up some columns."""
        return self.people(self._starred(self.classes.keys, names), self.classes.rows)

    @cached_property
    def _stage(self) -> NDArray[np.int64]:
        """The tier up to which columns must be given up for each class to find k look-alikes."""
        last = max(self._tier.values())
        stage = np.full(self.classes.n_classes, last)
        open_ = np.ones(self.classes.n_classes, bool)
        for tier in range(last):
            reaches = open_ & (self._reached(self._allowed(tier)) >= self.k)
            stage[reaches] = tier
            open_ &= ~reaches
        return stage

    def _allowed(self, tier: int) -> frozenset[str]:
        return frozenset(name for name, at in self._tier.items() if at <= tier)

    def _sets(self, tier: int) -> list[tuple[frozenset[str], int]]:
        """Return sets of columns to try in a tier, the cheapest first, all that it allows last."""
        allowed = sorted(self._allowed(tier), key=lambda name: (self._tier[name], name))
        found: dict[frozenset[str], int] = {}
        for names in self._combinations(allowed):
            every, cells = self._closed(names)
            if any(self._tier[name] == tier for name in every):
                found.setdefault(every, cells)
            if len(found) == MAX_SETS:
                break
        everything, cells = self._closed(allowed)
        found.pop(everything, None)
        return [*sorted(found.items(), key=lambda item: item[1]), (everything, cells)]

    def _combinations(self, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for size in range(1, len(names)):
            yield from combinations(names, size)

    def _grouped(
        self, group: NDArray[np.int32], acts: NDArray[np.bool_], order: Sequence[NDArray[np.int64]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the members of the groups in which somebody acts, sorted, and their starts."""
        wanted = np.zeros(int(group.max(initial=-1)) + 1, bool)
        wanted[group[acts]] = True
        inside = np.flatnonzero(wanted[group])
        inside = inside[np.lexsort(np.stack([*(key[inside] for key in order), group[inside]]))]
        start = np.flatnonzero(np.diff(group[inside], prepend=-1))
        return inside, np.append(start, inside.size)

    def _wildcard(self, parts: Parts) -> Parts:
        people = self.people(parts.keys, parts.records)
        open_ = np.zeros(people.size, bool)
        for name in self.classes.columns:
            open_ |= self.classes.codes(name) >= self.first_open[name]
        lack = np.where(open_, 0, self.k - people)
        left = self.classes.rows.copy()
        found: list[tuple[NDArray[np.int64], frozenset[str]]] = []
        # The hardest to hide first: what they give up helps the others.
        for tier in sorted(set(self._stage[lack > 0].tolist()), reverse=True):
            for names, _ in self._sets(tier):
                acts = (lack > 0) & (self._stage == tier)
                if not acts.any():
                    break
                take = self._gaps(names, acts & (self._reached(names) >= self.k), lack, left)
                found.append((take, names))
        parts = self._with(parts, found)
        # Classes with gaps of their own are matched in too many ways to share those of others.
        people = self.people(parts.keys, parts.records)
        still = np.zeros(self.classes.n_classes, bool)
        still[parts.origin[people < self.k]] = True
        found = []
        for tier in sorted(set(self._stage[still].tolist())):
            for names, _ in self._sets(tier):
                takes = still & (self._stage == tier)
                if not takes.any():
                    break
                takes &= self._reached(names) >= self.k
                found.append((np.where(takes, self.classes.rows, 0), names))
                still &= ~takes
        return self._with(parts, found)

    def _gaps(
        self,
        names: frozenset[str],
        acts: NDArray[np.bool_],
        lack: NDArray[np.int64],
        left: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Choose how many records of each class are opened, and take from what all lack."""
        take = np.zeros(lack.size, np.int64)
        lacking = np.flatnonzero(lack > 0)
        if not acts.any():
            return take
        group, _ = group_keys(self._starred(self.classes.keys[:, lacking], names))
        order = (self.rank[lacking], left[lacking], -lack[lacking])
        members, start = self._grouped(group, acts[lacking], order)
        of = lacking[members]
        opened = kernels.gaps_in_groups(start, lack[of], left[of], acts[of])
        given = np.add.reduceat(opened, start[:-1])
        lack[of] -= np.repeat(given, np.diff(start)) - opened
        left[of] -= opened
        lack[of[left[of] == 0]] = 0
        take[of] = opened
        return take

    def _with(
        self, parts: Parts, found: Sequence[tuple[NDArray[np.int64], frozenset[str]]]
    ) -> Parts:
        """Return the parts after records of untouched classes were opened."""
        for take, names in found:
            if not take.any():
                continue
            whole = np.where(parts.mask == 0, take[parts.origin], 0)
            parts = parts.opened(whole, self._starred(parts.keys, names), self._bits(names))
        return parts

    def _own(self, parts: Parts) -> Parts:
        for tier in range(max(self._tier.values()) + 1):
            acts = (self.people(parts.keys, parts.records) < self.k) & (
                self._stage[parts.origin] == tier
            )
            if not acts.any():
                continue
            # Whoever opens these columns only meets people who are alike in all others.
            group, _ = group_keys(self._starred(parts.keys, self._allowed(tier)))
            near = np.isin(group, group[acts])
            parts = self._own_tier(parts.select(near), tier).joined(parts.select(~near))
        return parts

    def _own_tier(self, parts: Parts, tier: int) -> Parts:
        people = self.people(parts.keys, parts.records)
        sets = self._sets(tier)
        for donors in (kernels.CHEAP_DONORS, kernels.ANY_DONORS):
            for names, cells in sets:
                acts = (people < self.k) & (self._stage[parts.origin] == tier)
                if not acts.any():
                    return parts
                taken = self._merged(parts, people, acts, names, (self.k, donors, cells))
                if taken is not parts:
                    parts = taken
                    people = self.people(parts.keys, parts.records)
        return parts

    def _merged(
        self,
        parts: Parts,
        people: NDArray[np.int64],
        acts: NDArray[np.bool_],
        names: frozenset[str],
        rule: tuple[int, int, int],
    ) -> Parts:
        """Return the parts after classes that are too small were merged in some columns."""
        starred = self._starred(parts.keys, names)
        group, _ = group_keys(starred)
        kind = np.where(parts.mask == 0, kernels.DONOR, kernels.OTHER)
        # A class of several parts cannot give one of them without a look at the others.
        kind[people != parts.records] = kernels.OTHER
        kind[(starred == parts.keys).all(axis=0)] = kernels.THERE
        kind[people < self.k] = kernels.UNSAFE
        order = (self.rank[parts.origin], -parts.records, kind)
        members, start = self._grouped(group, acts, order)
        if not members.size:
            return parts
        opened = kernels.mergers_in_groups(start, kind[members], parts.records[members], rule)
        if not opened.any():
            return parts
        take = np.zeros(parts.records.size, np.int64)
        take[members] = opened
        return parts.opened(take, starred, self._bits(names))
