"""The groups of look-alikes that are left where two releases of the same rows are held together."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from microdata.classes import EquivalenceClasses
from microdata.grouping import person_numbers
from microdata.kernels import group_keys
from microdata.keys import key_layout, pack_keys
from microdata.measure import NotComputed
from microdata.wildcard import neighbours, seconds_needed
from risk.columns import released_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context

SIDES = ("first", "second", "together")
MOST_SECONDS = 5.0
"""Up to how long the groups of the wildcard reading are counted."""


@dataclass(frozen=True, eq=False, kw_only=True)
class People:
    """
    Who is in which groups, where a person may be in several.

    Parameters
    ----------
    part : int64[u]
        The groups, those of one person side by side.
    start : int64[p]
        Where the groups of each person begin.
    weight : int64[p]
        How many people are told as one: they are in the same single group.
    in_group : int64[m]
        The people of each group.
    """

    part: NDArray[np.int64]
    start: NDArray[np.int64]
    weight: NDArray[np.int64]
    in_group: NDArray[np.int64]

    @classmethod
    def of(cls, group: NDArray[np.int64], person: NDArray[np.int64] | None, groups: int) -> People:
        """Return the people of m groups, from the group and the person of each record."""
        if person is None:
            count = np.bincount(group, minlength=groups).astype(np.int64)
            part = np.flatnonzero(count)
            return cls(part=part, start=np.arange(part.size), weight=count[part], in_group=count)
        _, first = group_keys(np.stack([person.astype(np.uint64), group.astype(np.uint64)]))
        first = first[np.argsort(person[first], kind="stable")]
        who, part = person[first], group[first]
        start = np.flatnonzero(np.append(np.ones(min(1, who.size), bool), who[1:] != who[:-1]))
        return cls(
            part=part,
            start=start,
            weight=np.ones(start.size, np.int64),
            in_group=np.bincount(part, minlength=groups).astype(np.int64),
        )

    def least(self, value: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the least value among the groups of each person: int64[p]."""
        least: NDArray[np.int64] = np.minimum.reduceat(value[self.part], self.start)
        return least

    def any(self, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether something holds in any group of each person: bool[p]."""
        anywhere: NDArray[np.bool_] = np.logical_or.reduceat(holds[self.part], self.start)
        return anywhere

    def share(self, who: NDArray[np.bool_]) -> float:
        """Return the share of people: bool[p]."""
        return int(self.weight[who].sum()) / int(self.weight.sum())


@dataclass(frozen=True, eq=False, kw_only=True)
class Joined:
    """
    The groups of look-alikes that two releases of the same rows leave together, m of them.

    Parameters
    ----------
    rows : int64[r]
        The original rows that are in both.
    group : int64[r]
        The group of each.
    person : int64[r], optional
        The person of each; None where a row is a person.
    classes : int64[2, m]
        The class of each group in the two releases.
    only : (int, int)
        How many people are in the first alone and in the second alone.
    people : People
    """

    rows: NDArray[np.int64]
    group: NDArray[np.int64]
    person: NDArray[np.int64] | None
    classes: NDArray[np.int64]
    only: tuple[int, int]
    people: People

    @classmethod
    def of(cls, first: Context, second: Context) -> Joined:
        """Return the groups of two releases of one encoded table."""
        class_of = [_class_by_row(context) for context in (first, second)]
        rows = np.flatnonzero((class_of[0] >= 0) & (class_of[1] >= 0))
        pairs = np.stack([codes[rows].astype(np.uint64) for codes in class_of])
        group, at = group_keys(pairs)
        column, source = first.roles.person, first.release.source
        if column is None:
            only = [int((codes >= 0).sum()) - rows.size for codes in class_of]
            person = None
        else:
            numbers = person_numbers(source, column)
            person = numbers[rows]
            both = np.unique(person)
            only = [np.setdiff1d(numbers[codes >= 0], both).size for codes in class_of]
        wide = group.astype(np.int64)
        return cls(
            rows=rows,
            group=wide,
            person=person,
            classes=pairs[:, at].astype(np.int64),
            only=(only[0], only[1]),
            people=People.of(wide, person, at.size),
        )

    def sizes(self, first: Context, second: Context) -> dict[str, NDArray[np.int64]] | NotComputed:
        """Return how many people hide together in each group, by release: int64[m]."""
        alone = {
            side: context.sizes[classes]
            for side, context, classes in zip(SIDES, (first, second), self.classes, strict=False)
        }
        count = self.people.in_group
        if first.missing == "own":
            return alone | {"together": count}
        codes, cardinalities, first_open = {}, {}, {}
        for side, context, classes in zip(SIDES, (first, second), self.classes, strict=False):
            for field in context.classes.layout:
                # Both releases have columns of the same names.
                name = f"{side} {field.column}"
                codes[name] = context.classes.codes(field.column)[classes]
                cardinalities[name] = field.cardinality
                first_open[name] = context.first_open[field.column]
        layout = key_layout(cardinalities)
        table = EquivalenceClasses(
            layout,
            pack_keys(layout, codes, count.size),
            count,
            count,
            None,
            np.empty(0, np.int32),
            MappingProxyType({}),
        )
        if seconds_needed(table, first_open) > MOST_SECONDS:
            return NotComputed(
                reason="The groups of both releases together would take more than "
                f"{MOST_SECONDS:.0f} seconds to count where a missing value matches every value. "
                "Count a missing value as a value of its own."
            )
        return alone | {"together": neighbours(table, first_open)}


def _class_by_row(context: Context) -> NDArray[np.int64]:
    """Return the class of each original row; -1 where it is left out."""
    class_of = np.full(context.release.source.records, -1, np.int64)
    class_of[context.release.record_index] = released_class(context.classes)
    return class_of
