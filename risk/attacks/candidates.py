"""Which released values fit what an attacker knows, and how many people are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.kernels import group_keys
from microdata.keys import key_layout, pack_keys
from risk.attacks.errors import not_known, unheard_of
from risk.attacks.kernels import compatible_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain
    from microdata.release import ReleasedColumn
    from risk.attacks.people import Units


NOBODY, SEVERAL = -1, -2
"""Instead of the one released code that a known one fits."""
JOIN_STEPS = 64
"""What it takes to look a known value up, in words of classes."""


@dataclass(frozen=True, eq=False)
class Matching:
    """
    Which known values of a column fit each of its released values.

    Parameters
    ----------
    offsets : int64[r + 1]
    members : int64[p]
        The known codes that fit released code j are members[offsets[j]:offsets[j + 1]], ascending.
    open : bool[r]
        Whether every known value fits; the code then has no members.
    known : int
        How many known codes there are: the original ones, one for a value that is not known and
        one for a value that the column never holds.
    """

    offsets: NDArray[np.int64]
    members: NDArray[np.int64]
    open: NDArray[np.bool_]
    known: int

    @classmethod
    def by_rule(cls, column: ReleasedColumn, domain: Domain, *, wildcard: bool) -> Matching:
        """Return by equality: what is known is recoded as the release was."""
        lookup = np.asarray(column.lookup, np.int64)[: domain.missing + 1]
        known = np.flatnonzero(lookup >= 0)
        open_ = _open_codes(column, wildcard=wildcard)
        # Where ``*`` is what the rule makes of some values, it stands for them and no others.
        open_[column.suppressed] |= not column.nodes.labels
        return cls._of(column, domain, (lookup[known], known), open_, wildcard=wildcard)

    @classmethod
    def by_containment(cls, column: ReleasedColumn, domain: Domain, *, wildcard: bool) -> Matching:
        """Return by containment: a value fits every label it is below, and ``*``."""
        nodes = column.nodes
        released = np.append(np.repeat(np.arange(column.missing), nodes.sizes), column.missing)
        known = np.append(nodes.members.astype(np.int64), domain.missing)
        open_ = _open_codes(column, wildcard=wildcard)
        open_[column.suppressed] = True
        return cls._of(column, domain, (released, known), open_, wildcard=wildcard)

    @classmethod
    def _of(
        cls,
        column: ReleasedColumn,
        domain: Domain,
        pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
        open_: NDArray[np.bool_],
        *,
        wildcard: bool,
    ) -> Matching:
        codes = np.arange(column.cardinality)
        fits_all = [not_known(domain), *([domain.missing] if wildcard else [])]
        size = unheard_of(domain) + 1
        joint = np.concatenate([pairs[0] * size + pairs[1], *(codes * size + a for a in fits_all)])
        joint = np.unique(joint)
        joint = joint[~open_[joint // size]]
        offsets = np.searchsorted(joint, np.append(codes, codes.size) * size)
        return cls(offsets.astype(np.int64), joint % size, open_, size)

    def fits(self, released: NDArray[Any], known: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each known value fits the released one; below 0 nothing is released."""
        fit: NDArray[np.bool_] = self.open[released]
        label = self.label[known]
        fit |= label == released
        several = np.flatnonzero(label == SEVERAL)
        if several.size:
            of_member = np.repeat(np.arange(self.open.size), self.degree)
            joint = of_member * self.known + self.members
            asked = released[several].astype(np.int64) * self.known + known[several]
            place = np.minimum(np.searchsorted(joint, asked), joint.size - 1)
            fit[several] |= joint[place] == asked
        return fit & (released >= 0)

    @cached_property
    def label(self) -> NDArray[np.int64]:
        """The one released code that lists each known code, `NOBODY` or `SEVERAL`: int64[known]."""
        label = np.full(self.known, NOBODY)
        label[self.members] = np.repeat(np.arange(self.open.size), self.degree)
        label[np.bincount(self.members, minlength=self.known) > 1] = SEVERAL
        return label

    @property
    def degree(self) -> NDArray[np.int64]:
        """How many known codes are listed for each released code: int64[r]."""
        return np.diff(self.offsets)


def _open_codes(column: ReleasedColumn, *, wildcard: bool) -> NDArray[np.bool_]:
    open_ = np.zeros(column.cardinality, bool)
    open_[column.missing :] = wildcard
    return open_


def joined_columns(units: Units, matchings: Mapping[str, Matching]) -> tuple[str, ...] | None:
    """
    Return the columns by which an equality join finds who fits; None where it cannot.

    Where every known value fits a label, as `*`, the join cannot look for it. It need not where
    all units show the same one.
    """
    columns = []
    for name, codes in units.codes.items():
        if not matchings[name].open[codes].any():
            columns.append(name)
        elif (codes != codes[0]).any():
            return None
    return tuple(columns)


def steps_of(
    units: Units, matchings: Mapping[str, Matching], *, joins: bool = False
) -> tuple[int, int]:
    """
    Return about how many words are looked at before the targets, and for each of them.

    Parameters
    ----------
    units : Units
    matchings : mapping of str to Matching
    joins : bool
        Whether everything known is known to fit one released value, or none.
    """
    if joins:
        return JOIN_STEPS * units.count.size, JOIN_STEPS * (len(units.codes) + 1)
    before = sum(int(matchings[name].degree[codes].sum()) for name, codes in units.codes.items())
    return before, (len(units.codes) + 1) * (units.count.size // 64 + 4)


def candidates(
    units: Units,
    matchings: Mapping[str, Matching],
    known: Mapping[str, NDArray[np.int64]],
) -> NDArray[np.int64]:
    """
    Count the released people who fit what is known about each target.

    Parameters
    ----------
    units : Units
        Over the columns that the attacker knows; at least one.
    matchings : mapping of str to Matching
    known : mapping of str to int64[T]
        Known codes by column.

    Returns
    -------
    int64[T]

    Notes
    -----
    Where each known value fits one released value at most, those who fit are looked up; all others
    are counted in sets of bits, one for each known value.
    """
    columns = joined_columns(units, matchings)
    if columns is None:
        return compatible(units, matchings, known)
    size = joined(units, matchings, columns, known)
    left = np.flatnonzero(size < 0)
    if left.size:
        size[left] = compatible(units, matchings, {name: known[name][left] for name in known})
    return size


def joined(
    units: Units,
    matchings: Mapping[str, Matching],
    columns: tuple[str, ...],
    known: Mapping[str, NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Count those who fit by an equality join; -1 where a known value fits several labels."""
    number, m = next(iter(known.values())).size, units.count.size
    if not columns:
        return np.full(number, units.count.sum())
    labels = np.stack([matchings[name].label[known[name]] for name in columns])
    told = (labels >= 0).all(axis=0)
    layout = key_layout({name: matchings[name].open.size for name in columns})
    asked = dict(zip(columns, labels[:, told], strict=True))
    keys = (pack_keys(layout, units.codes, m), pack_keys(layout, asked, int(told.sum())))
    group, first = group_keys(np.concatenate(keys, axis=1))
    people = np.zeros(first.size, np.int64)
    np.add.at(people, group[:m], units.count)
    size = np.where((labels == SEVERAL).any(axis=0) & (labels != NOBODY).all(axis=0), -1, 0)
    size[told] = people[group[m:]]
    return size


def compatible(
    units: Units,
    matchings: Mapping[str, Matching],
    known: Mapping[str, NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Count those who fit in sets of bits: one for each known value, of the units that it fits."""
    columns = tuple(units.codes)
    layout = key_layout({name: matchings[name].known for name in columns})
    group, first = group_keys(pack_keys(layout, known, known[columns[0]].size))
    released, auxiliary, offsets, members = [], [], [np.zeros(1, np.int64)], []
    codes = rows = listed = 0
    for name in columns:
        matching = matchings[name]
        value = units.codes[name]
        released.append(np.where(matching.open[value], -1, value + codes))
        auxiliary.append(known[name][first] + rows)
        offsets.append(matching.offsets[1:] + listed)
        members.append(matching.members + rows)
        codes += matching.open.size
        rows += matching.known
        listed += matching.members.size
    people = compatible_people(
        np.stack(released),
        (units.count, units.owner),
        (np.concatenate(offsets), np.concatenate(members)),
        np.stack(auxiliary),
        rows,
    )
    return people[group]
