"""A table that was protected elsewhere, described against its original by what its labels mean."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import ColumnKind, Dataset
from microdata.encoding import Domain, EncodedTable, encode
from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Nodes
from microdata.kinds import numeric_values
from microdata.release import Release, ReleasedColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|to|\.\.)\s*({_NUMBER})")
_BRACKETS = re.compile(rf"([\[(\]])\s*({_NUMBER})\s*[,;]\s*({_NUMBER})\s*([\])\[])")
_AT_LEAST = re.compile(rf"(?:(>=|≥|>)\s*({_NUMBER})|({_NUMBER})\s*\+)")
_AT_MOST = re.compile(rf"(<=|≤|<)\s*({_NUMBER})")


def release_elsewhere(original: EncodedTable, table: Dataset) -> Release:
    """
    Describe a release made elsewhere.

    Each label is read as a value of the original, a label of the column's hierarchy, a numeric
    interval (``20-39``, ``[20, 40)``, ``65+``, ``<5``) or a value masked from the right
    (``0213*``); a label that is none of these has no known leaves, and what depends on them is
    not computed. No record is linked to its original.

    Raises
    ------
    PrivacyToolError
        More records than the original, or no column in common.
    """
    if table.records > original.records:
        raise PrivacyToolError(
            f"The release has {table.records:,} records and its original {original.records:,}. "
            "A release cannot have more: check that the two files belong together."
        )
    shared = [name for name in table.column_names if name in original.domains]
    if not shared:
        raise PrivacyToolError(
            "The release has no column name in common with its original. "
            "Check that the two files belong together and name their columns alike."
        )
    source = encode(table)
    columns = {
        name: _column(original.domain(name), source.domain(name), original.dataset.read.decimal)
        if name in shared
        else ReleasedColumn.identity(source.domain(name))
        for name in table.column_names
    }
    return Release(source, MappingProxyType(columns), origin=original)


def _column(original: Domain, released: Domain, decimal: str | None) -> ReleasedColumn:
    labels = [value for value in released.leaves if value != SUPPRESSED]
    numbers = None
    if original.kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL):
        numbers = numeric_values(original.leaves, decimal)
    members = [meaning(original, label, numbers) for label in labels]
    offsets = np.zeros(len(labels) + 1, np.int64)
    np.cumsum([len(leaves) for leaves in members], out=offsets[1:])
    nodes = Nodes(
        tuple(labels), offsets, np.concatenate([np.empty(0, np.int32), *members]).astype(np.int32)
    )
    position = {label: code for code, label in enumerate(labels)} | {SUPPRESSED: len(labels) + 1}
    lookup = [position[value] for value in released.leaves] + [len(labels), len(labels) + 1]
    return ReleasedColumn(released.column, nodes, np.array(lookup, np.int32))


def meaning(domain: Domain, label: str, numbers: NDArray[np.float64] | None) -> NDArray[np.int32]:
    """Return the leaves of the original that a released label stands for; none where unknown."""
    if label in domain.positions:
        return np.array([domain.positions[label]], np.int32)
    if domain.hierarchy is not None:
        for level in domain.hierarchy.levels[1:]:
            if label in level.labels:
                return np.flatnonzero(level.lookup == level.labels.index(label)).astype(np.int32)
    if numbers is not None:
        inside = _interval(label.strip(), numbers)
        if inside is not None:
            return np.flatnonzero(inside).astype(np.int32)
    stem = label.rstrip(SUPPRESSED)
    if stem and stem != label:
        return np.array(
            [
                code
                for code, leaf in enumerate(domain.leaves)
                if len(leaf) == len(label) and leaf.startswith(stem)
            ],
            np.int32,
        )
    return np.empty(0, np.int32)


def _interval(label: str, numbers: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    if found := _RANGE.fullmatch(label):
        return (numbers >= float(found[1])) & (numbers <= float(found[2]))
    if found := _BRACKETS.fullmatch(label):
        low, high = float(found[2]), float(found[3])
        above = numbers >= low if found[1] == "[" else numbers > low
        below = numbers <= high if found[4] == "]" else numbers < high
        return above & below
    if found := _AT_LEAST.fullmatch(label):
        bound = float(found[2] or found[3])
        return numbers > bound if found[1] == ">" else numbers >= bound
    if found := _AT_MOST.fullmatch(label):
        return numbers < float(found[2]) if found[1] == "<" else numbers <= float(found[2])
    return None
