"""Which row of the original each row of a release is, for a release that was made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.kernels import group_keys
from microdata.keys import key_layout, pack_keys
from microdata.measure import NotComputed
from microdata.release import Release, ReleasedColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Codes, EncodedTable
    from microdata.roles import Roles

BY_LABELS = (
    "The release made elsewhere does not say which row is whose. Every original value has one "
    "label in it and its groups are there as a whole, so that each person's group is known."
)
BY_PERSON = "The rows of the release made elsewhere are paired with the original by its persons."
BY_ORDER = (
    "The rows of the release made elsewhere are taken to stand in the order of the original, as "
    "the user says."
)


@dataclass(frozen=True, eq=False, kw_only=True)
class PairedRelease:
    """
    A release described by the rows of its original.

    Parameters
    ----------
    release : Release
    caveats : tuple of str
        How its rows were paired, and what speaks against it.
    """

    release: Release
    caveats: tuple[str, ...] = ()


def on_original_rows(
    release: Release, roles: Roles, *, same_order: bool = False
) -> PairedRelease | NotComputed:
    """
    Return a release described by the rows of its original, or why that is not possible.

    A release that a recipe made is so already. Of one that was made elsewhere the rows are paired
    by their order, where the user says that it is the same; else by the person column, where it
    has one row a person; else by its labels, where each original value has one label and every
    group of look-alikes is released as a whole or not at all.

    Raises
    ------
    PrivacyToolError
        The order is said to be the same, but the number of rows is not.
    """
    origin = release.origin
    if origin is None:
        return PairedRelease(release=release)
    if same_order:
        if release.released_records != origin.records:
            raise PrivacyToolError(
                f"The release has {release.released_records:,} rows and the original "
                f"{origin.records:,}, so they cannot stand in the same order. Do not say that "
                "they do."
            )
        return _paired(release, origin, np.arange(origin.records), BY_ORDER)
    rows = _rows_by_person(release, origin, roles.person)
    if rows is not None:
        return _paired(release, origin, rows, BY_PERSON)
    return _by_labels(release, origin, roles)


def _paired(
    release: Release, origin: EncodedTable, rows: NDArray[np.int64], how: str
) -> PairedRelease:
    kept = np.zeros(origin.records, bool)
    kept[rows] = True
    columns: dict[str, ReleasedColumn] = {}
    caveats = [how]
    for name, column in release.columns.items():
        if name not in origin.domains:
            continue
        explicit = np.full(origin.records, column.missing, np.int32)
        explicit[rows] = release.codes(name)
        wrong = _contradicted(column, explicit[rows], origin.codes[name][rows])
        if wrong:
            caveats.append(
                f"In {wrong:,} of {rows.size:,} rows the column {name!r} shows a value that the "
                "original row cannot have become. Either it was changed at random, or the rows "
                "are paired wrongly and the figures mean nothing."
            )
        columns[name] = replace(
            column, lookup=None, explicit=explicit, perturbed=column.perturbed or wrong > 0
        )
    paired = Release(origin, MappingProxyType(columns), kept=None if kept.all() else kept)
    return PairedRelease(release=paired, caveats=tuple(caveats))


def _contradicted(column: ReleasedColumn, released: NDArray[np.int32], original: Codes) -> int:
    """Return in how many rows a label with known values below it does not have the true one."""
    known = column.nodes.sizes > 0
    labelled = np.flatnonzero(released < column.missing)
    labelled = labelled[known[released[labelled]]]
    size = np.int64(max(int(original.max(initial=0)), int(column.nodes.members.max(initial=0))) + 1)
    below = np.repeat(np.arange(column.missing), column.nodes.sizes) * size + column.nodes.members
    shown = released[labelled].astype(np.int64) * size + original[labelled].astype(np.int64)
    return int(labelled.size - np.isin(shown, below).sum())


def _rows_by_person(
    release: Release, origin: EncodedTable, person: str | None
) -> NDArray[np.int64] | None:
    """Return the original row of each released one; None where persons do not tell it."""
    if person is None or person not in release.columns or person not in origin.domains:
        return None
    domain = origin.domain(person)
    codes = origin.codes[person].astype(np.int64)
    named = codes < len(domain.leaves)
    if np.bincount(codes[named], minlength=1).max(initial=0) > 1:
        return None
    row_of = np.full(len(domain.leaves) + 1, -1, np.int64)
    row_of[codes[named]] = np.flatnonzero(named)
    leaves = release.source.domain(person).leaves
    position = [domain.positions.get(leaf, len(domain.leaves)) for leaf in leaves]
    # Missing and suppressed cells name nobody.
    of_released = row_of[np.array([*position, len(domain.leaves), len(domain.leaves)], np.int64)]
    rows: NDArray[np.int64] = of_released[release.source.codes[person][release.record_index]]
    if rows.size == 0 or rows.min() < 0 or np.unique(rows).size != rows.size:
        return None
    return rows


def _by_labels(release: Release, origin: EncodedTable, roles: Roles) -> PairedRelease | NotComputed:
    quasi = tuple(name for name in roles.require_quasi_identifiers() if name in release.columns)
    columns: dict[str, ReleasedColumn] = {}
    for name in quasi:
        rule = _rule(release, origin, name)
        if rule is None:
            return NotComputed(
                reason=f"Which row of the release made elsewhere is whose cannot be told: in the "
                f"column {name!r} an original value may have become several labels, or a label "
                "that is not known. If both have their rows in the same order, say so; or make "
                "both releases from recipes here."
            )
        columns[name] = rule
    kept = _released_as_a_whole(release, origin, columns)
    if kept is None:
        return NotComputed(
            reason="Which row of the release made elsewhere is whose cannot be told: some groups "
            "of look-alikes are released in part only, or hold more rows than in the original. If "
            "both have their rows in the same order, say so; or make both releases from recipes "
            "here."
        )
    for name in roles.sensitive:
        rule = _rule(release, origin, name) if name in release.columns else None
        if rule is not None:
            # Values that were moved between groups are not those of the rows, so none are shown.
            also = _released_as_a_whole(release, origin, {**columns, name: rule})
            if also is not None and np.array_equal(also, kept):
                columns[name] = rule
    paired = Release(origin, MappingProxyType(columns), kept=None if kept.all() else kept)
    return PairedRelease(release=paired, caveats=(BY_LABELS,))


def _rule(release: Release, origin: EncodedTable, name: str) -> ReleasedColumn | None:
    """Return a column with the released code of each original code, where that is one code."""
    column, domain = release.columns[name], origin.domain(name)
    shown = np.unique(release.codes(name))
    if not column.nodes.labels and not np.any(shown == column.missing):
        lookup = np.full(domain.cardinality, column.suppressed, np.int32)
        return replace(column, lookup=lookup)
    members = column.nodes.members
    used = column.nodes.sizes[shown[shown < column.missing]]
    if np.any(shown == column.suppressed) or np.any(used == 0):
        return None
    if np.unique(members).size != members.size:
        return None
    lookup = np.full(domain.cardinality, -1, np.int32)
    lookup[members] = np.repeat(np.arange(column.missing), column.nodes.sizes)
    lookup[[domain.missing, domain.suppressed]] = column.missing, column.suppressed
    return replace(column, lookup=lookup)


def _released_as_a_whole(
    release: Release, origin: EncodedTable, columns: Mapping[str, ReleasedColumn]
) -> NDArray[np.bool_] | None:
    """Return which original rows are released; None where part of a group of them is."""
    recoded = {name: _recoded(column, origin) for name, column in columns.items()}
    covered = np.ones(origin.records, bool)
    for codes in recoded.values():
        covered &= codes >= 0
    inside = {name: codes[covered] for name, codes in recoded.items()}
    released = {name: release.codes(name) for name in columns}
    layout = key_layout({name: column.cardinality for name, column in columns.items()})
    number = int(covered.sum())
    group, first = group_keys(
        np.concatenate(
            [
                pack_keys(layout, inside, number),
                pack_keys(layout, released, release.released_records),
            ],
            axis=1,
        )
    )
    there, here = (
        np.bincount(part, minlength=first.size) for part in (group[:number], group[number:])
    )
    if np.any((here != 0) & (here != there)):
        return None
    kept = np.zeros(origin.records, bool)
    kept[covered] = here[group[:number]] > 0
    return kept


def _recoded(column: ReleasedColumn, origin: EncodedTable) -> NDArray[np.int32]:
    lookup: NDArray[np.int32] = np.asarray(column.lookup, np.int32)
    return lookup[origin.codes[column.name]]
