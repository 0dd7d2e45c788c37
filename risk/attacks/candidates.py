"""Which released values fit what an attacker knows, and how many people are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
        of_member = np.repeat(np.arange(self.open.size), np.diff(self.offsets))
        joint = of_member * self.known + self.members
        asked = released.astype(np.int64) * self.known + known
        place = np.minimum(np.searchsorted(joint, asked), max(0, joint.size - 1))
        listed = joint[place] == asked if joint.size else np.zeros(asked.size, bool)
        fit: NDArray[np.bool_] = (released >= 0) & (self.open[released] | listed)
        return fit

    @property
    def degree(self) -> NDArray[np.int64]:
        """How many known codes are listed for each released code: int64[r]."""
        return np.diff(self.offsets)


def _open_codes(column: ReleasedColumn, *, wildcard: bool) -> NDArray[np.bool_]:
    open_ = np.zeros(column.cardinality, bool)
    open_[column.missing :] = wildcard
    return open_


def steps_of(units: Units, matchings: Mapping[str, Matching]) -> tuple[int, int]:
    """Return about how many words are looked at before the targets, and for each of them."""
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
    """
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
