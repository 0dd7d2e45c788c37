"""A file that an attacker has: people by name, with values of known columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.kernels import group_keys
from microdata.measure import NotComputed
from risk.attacks.errors import not_known, unheard_of
from risk.attacks.targets import Targets, members_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.dataset import Dataset
    from microdata.encoding import Domain
    from microdata.measure import Context
    from microdata.roles import Roles


@dataclass(frozen=True, eq=False, kw_only=True)
class Register:
    """
    A table of people whom an attacker looks for.

    Parameters
    ----------
    table : Dataset
    columns : mapping of str to str
        The column of the original that each of the table's columns corresponds to. Those that
        correspond to a direct identifier or the person column tell who is who; an attacker does
        not match by them. Without them no match can be checked: claims are then counted alone.
    """

    table: Dataset
    columns: Mapping[str, str]

    def __post_init__(self) -> None:
        for name in self.columns:
            if name not in self.table.column_names:
                raise PrivacyToolError.unknown_column(name, where="The map of the external file")
        if len(set(self.columns.values())) < len(self.columns):
            raise PrivacyToolError(
                "The map of the external file names a column of the table twice. Map one to each."
            )

    @classmethod
    def from_json(cls, table: Dataset, columns: object) -> Register:
        """Build from a table and the map of its columns as JSON gives it."""
        if not isinstance(columns, dict) or not all(isinstance(c, str) for c in columns.values()):
            raise PrivacyToolError(
                "The map of the external file is not an object of column names. Write, for each "
                "column of the file, the table's column that it corresponds to."
            )
        return cls(table=table, columns=columns)

    def identity(self, roles: Roles) -> dict[str, str]:
        """Return the mapped columns that tell who is who."""
        telling = {*roles.direct_identifiers, roles.person}
        return {theirs: ours for theirs, ours in self.columns.items() if ours in telling}

    def needs(self, context: Context, columns: tuple[str, ...]) -> NotComputed | None:
        """Return why people of the file cannot be looked for, or None."""
        for ours in self.columns.values():
            if ours not in context.release.source.domains:
                raise PrivacyToolError.unknown_column(ours, where="The map of the external file")
        if not columns:
            return NotComputed(
                reason="The external file shares no known, published quasi-identifier with the "
                "release. Map one."
            )
        return None

    def has_gaps(self, ours: str) -> bool:
        """Whether someone's value of a column of the original is not in the file."""
        return any(
            bool((self.table.codes(theirs) == len(self.table.values(theirs))).any())
            for theirs, name in self.columns.items()
            if name == ours
        )

    def codes(self, theirs: str, domain: Domain, unknown: int) -> NDArray[np.int64]:
        """Return the file's values as codes of a domain that need not hold them."""
        strange = unheard_of(domain)
        values = self.table.values(theirs)
        translate = [domain.positions.get(value, strange) for value in values]
        return np.array([*translate, unknown], np.int64)[self.table.codes(theirs)]


def register_targets(
    context: Context, columns: tuple[str, ...], register: Register, index: NDArray[np.int64]
) -> Targets:
    """
    Return people of a register, of whom those in the release are known by their identity.

    Of a register without identities nobody's records are known.
    """
    release = context.release
    theirs_of = {ours: theirs for theirs, ours in register.columns.items()}
    known = {}
    for name in columns:
        domain = release.domain(name)
        # An empty cell of the register is something that the attacker does not know.
        known[name] = register.codes(theirs_of[name], domain, not_known(domain))[index]
    identity = register.identity(context.roles)
    if not identity:
        nobody = np.empty(0, np.int64)
        return Targets(
            original=known,
            released=dict.fromkeys(columns, nobody),
            owner=nobody,
            member=np.zeros(index.size),
            pool=register.table.records,
            index=index,
            checked=False,
        )
    people, records = [], []
    certain = np.ones(release.released_records, bool)
    for theirs, ours in identity.items():
        domain = release.domain(ours)
        # Nobody of the release has this code, so that two empty cells are never the same person.
        people.append(register.codes(theirs, domain, unheard_of(domain))[index])
        records.append(release.source.codes[ours][release.record_index].astype(np.int64))
        certain &= records[-1] != domain.missing
    rows = np.flatnonzero(certain)
    both = np.concatenate([np.stack(records)[:, rows], np.stack(people)], axis=1)
    group = group_keys(both.astype(np.uint64))[0].astype(np.int64)
    which, owner = members_of(group[: rows.size], group[rows.size :])
    shown = rows[which]
    return Targets(
        original=known,
        released={name: release.codes(name)[shown].astype(np.int64) for name in columns},
        owner=owner,
        member=(np.bincount(owner, minlength=index.size) > 0).astype(np.float64),
        pool=register.table.records,
        index=index,
    )
