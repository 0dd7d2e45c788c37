"""A file that an attacker has: people by name, with values of known columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.kernels import group_keys
from microdata.measure import NotComputed
from microdata.numbers import leaf_numbers
from risk.attacks.errors import not_known, unheard_of
from risk.attacks.targets import Targets, members_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.dataset import Dataset
    from microdata.encoding import Domain, EncodedTable
    from microdata.measure import Context
    from microdata.release import Release, ReleasedColumn
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
        return np.append(self._positions(theirs, domain), unknown)[self.table.codes(theirs)]

    def known_codes(
        self, theirs: str, source: EncodedTable, column: ReleasedColumn
    ) -> NDArray[np.int64]:
        """
        Return what is known of a released column: a code that is released as the file's value is.

        Where labels part the line of a column's numbers or dates into stretches, a value that the
        column never holds has the label of the values on both sides of it, if they have the same,
        and is taken for the lower one. An empty cell is something that the attacker does not know.
        """
        domain = source.domain(column.name)
        code = self._positions(theirs, domain)
        strange = np.flatnonzero(code == unheard_of(domain))
        if strange.size and column.lookup is not None and not column.unchanged:
            texts = self.table.values(theirs)
            asked = replace(domain, leaves=tuple(texts[at] for at in strange.tolist()))
            wanted = leaf_numbers(asked, self.table.read.decimal)
            line, held = _line(source, domain, column.lookup)
            right = np.searchsorted(line, wanted)
            inside = np.flatnonzero(np.isfinite(wanted) & (right > 0) & (right < line.size))
            lower, upper = held[right[inside] - 1], held[right[inside]]
            alike = column.lookup[lower] == column.lookup[upper]
            code[strange[inside[alike]]] = lower[alike]
        return np.append(code, not_known(domain))[self.table.codes(theirs)]

    def _positions(self, theirs: str, domain: Domain) -> NDArray[np.int64]:
        strange = unheard_of(domain)
        values = self.table.values(theirs)
        return np.array([domain.positions.get(value, strange) for value in values], np.int64)


def _line(
    source: EncodedTable, domain: Domain, lookup: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return numbers ascending and their codes; none where a label is not one stretch of them."""
    numbers = leaf_numbers(domain, source.dataset.read.decimal)
    held = np.flatnonzero(np.isfinite(numbers) & (lookup[: numbers.size] >= 0))
    held = held[np.argsort(numbers[held], kind="stable")]
    label = lookup[held]
    if held.size and np.count_nonzero(np.diff(label)) >= np.unique(label).size:
        held = held[:0]
    return numbers[held], held


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
        column = release.columns[name]
        known[name] = register.known_codes(theirs_of[name], release.source, column)[index]
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
    for theirs, ours in identity.items():
        domain = release.domain(ours)
        # Nobody of the release has this code, so that two empty cells are never the same person.
        people.append(register.codes(theirs, domain, unheard_of(domain))[index])
        records.append(release.source.codes[ours][release.record_index].astype(np.int64))
    both = np.concatenate([np.stack(records), np.stack(people)], axis=1)
    group = group_keys(both.astype(np.uint64))[0].astype(np.int64)
    shown, owner = members_of(*np.split(group, [release.released_records]))
    return Targets(
        original=known,
        released={name: release.codes(name)[shown].astype(np.int64) for name in columns},
        owner=owner,
        member=(np.bincount(owner, minlength=index.size) > 0).astype(np.float64),
        pool=register.table.records,
        index=index,
    )


def strangers(release: Release, targets: Targets) -> list[str]:
    """Return whose values fit nobody, although somebody may be released who looks like them."""
    told = []
    for name, codes in targets.original.items():
        column = release.columns[name]
        share = float((codes == unheard_of(release.domain(name))).mean())
        if share and column.nodes.labels and not column.unchanged:
            told.append(
                f"{share:.1%} of the people in the file have a value of {name!r} that the table "
                "never holds and whose label is not known. They fit nobody by it, so there may be "
                "more wrong claims than are counted here."
            )
    return told
