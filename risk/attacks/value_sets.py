"""Which values of a sensitive attribute a person's two groups of look-alikes leave possible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import Context, Estimate, Figure, NotComputed
from risk.attacks.composition_kernels import shared_values
from risk.attacks.joined import Joined, People

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_COMPARED = 400_000_000
"""Up to how many comparisons of values are made for one attribute: about two seconds."""
KEYS = ("first", "second", "disclosed", "new", "reduction")


@dataclass(frozen=True, eq=False, kw_only=True)
class _ValueSets:
    """The original values that are possible in class j: ``values[offsets[j]:offsets[j + 1]]``."""

    offsets: NDArray[np.int64]
    values: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.offsets)


def given_away(sides: tuple[Context, Context], column: str, joined: Joined) -> dict[str, Figure]:
    """
    Return whose value of a sensitive attribute is given away, by each release and by both.

    Parameters
    ----------
    sides : (Context, Context)
        Two releases of the same rows.
    column : str
    joined : Joined
        Their groups together.

    Returns
    -------
    dict of str to Estimate or NotComputed
        Shares of the people with a value in both: ``first``, ``second`` and ``disclosed``
        together, ``new`` what neither does alone; ``reduction``, by how much the possible values
        shrink on average.
    """
    sets = []
    for context in sides:
        found = _value_sets(context, column)
        if isinstance(found, NotComputed):
            return dict.fromkeys(KEYS, found)
        sets.append(found)
    known = np.logical_and(*(_has_value(context, column)[joined.rows] for context in sides))
    if not known.any():
        return dict.fromkeys(
            KEYS,
            NotComputed(reason=f"Nobody in both releases has a value of the column {column!r}."),
        )
    sizes = [one.sizes[which] for one, which in zip(sets, joined.classes, strict=True)]
    fewest, most = np.minimum(*sizes), np.maximum(*sizes)
    if float((fewest * np.log2(most + 2.0)).sum()) > MOST_COMPARED:
        return dict.fromkeys(
            KEYS,
            NotComputed(
                reason=f"The values of the column {column!r} in the groups of both releases take "
                f"more than {MOST_COMPARED:,} comparisons. Group the values of the column first."
            ),
        )
    one, other = sets
    shared = shared_values((one.offsets, one.values), (other.offsets, other.values), joined.classes)
    person = joined.person
    people = People.of(joined.group[known], None if person is None else person[known], shared.size)
    alone = [people.any(size == 1) for size in sizes]
    together = people.any(shared == 1)
    kept = np.minimum.reduceat((shared / np.maximum(fewest, 1))[people.part], people.start)
    without = float(1 - math.fsum((kept * people.weight).tolist()) / int(people.weight.sum()))
    missing = int(joined.people.weight.sum() - people.weight.sum())
    caveats = (
        (f"{missing:,} people have no value of {column!r} in both; they are left out.",)
        if missing
        else ()
    )
    values = {
        "first": people.share(alone[0]),
        "second": people.share(alone[1]),
        "disclosed": people.share(together),
        "new": people.share(together & ~alone[0] & ~alone[1]),
        "reduction": without,
    }
    return {key: Estimate(value=value, caveats=caveats) for key, value in values.items()}


def _has_value(context: Context, column: str) -> NDArray[np.bool_]:
    """Return which original rows are released with a value: bool[n0]."""
    release = context.release
    known = np.zeros(release.source.records, bool)
    known[release.record_index] = release.codes(column) < release.columns[column].missing
    return known


def _value_sets(context: Context, column: str) -> _ValueSets | NotComputed:
    """Return which values of the original each class of a release leaves possible."""
    if column not in context.classes.sensitive:
        return NotComputed(
            reason=f"The column {column!r} is not a sensitive attribute that both releases "
            "publish in a way that can be compared."
        )
    released = context.release.columns[column]
    if released.perturbed or released.renamed:
        return NotComputed(
            reason=f"The values of the column {column!r} are not shown as they are in both "
            "releases, so what they rule out is not known."
        )
    contingency, nodes = context.classes.sensitive[column], released.nodes
    position = {label: node for node, label in enumerate(nodes.labels)}
    node_of = np.array([position[label] for label in contingency.labels], np.int64)
    node = node_of[contingency.value]
    if np.any(nodes.sizes[node] == 0):
        return NotComputed(
            reason=f"A released value of the column {column!r} does not say which original values "
            "it stands for, so what the two releases rule out together is not known."
        )
    number = len(context.release.domain(column).leaves)
    class_of = np.repeat(np.arange(contingency.missing.size), np.diff(contingency.offsets))
    times = nodes.sizes[node]
    step = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    leaf = nodes.members[np.repeat(nodes.offsets[node], times) + step].astype(np.int64)
    # Labels may overlap, and their order need not be that of the values.
    held = np.unique(np.repeat(class_of, times) * number + leaf)
    offsets = np.searchsorted(held, np.arange(contingency.missing.size + 1) * number)
    return _ValueSets(offsets=offsets.astype(np.int64), values=held % number)
