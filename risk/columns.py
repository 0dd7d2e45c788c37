"""What each quasi-identifier does to the risk: alone, and when an attacker does not know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Literal

import numpy as np

from microdata.classes import EquivalenceClasses
from microdata.grouping import classes_of
from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.roles import Role, Roles
from risk.models.base import NOTHING_RELEASED


def known_columns(context: Context, columns: Sequence[str]) -> EquivalenceClasses:
    """
    Return the classes that an attacker sees who knows some of the quasi-identifiers.

    Classes of distinct persons do not add up, so a table with a person column is grouped anew;
    any other is merged from its classes. Sensitive attributes and records are left out.
    """
    person = context.roles.person
    if person is None:
        return _only_sizes(context.classes).project(columns)
    by_column = dict.fromkeys(columns, Role.QUASI_IDENTIFIER) | {person: Role.PERSON}
    return classes_of(context.release, Roles(by_column=by_column))


def _only_sizes(classes: EquivalenceClasses) -> EquivalenceClasses:
    """Return the classes without what is costly to merge."""
    return replace(
        classes,
        sensitive=MappingProxyType({}),
        class_of=np.empty(0, np.int32),
        weight=None,
    )


@dataclass(frozen=True, kw_only=True)
class ColumnPower:
    """
    Distinction and separation of each quasi-identifier alone.

    Notes
    -----
    Distinction is J / n, separation 1 - sum_j C(f_j, 2) / C(n, 2), over one column.
    """

    name: ClassVar[str] = "column-power"
    title: ClassVar[str] = "What each column tells people apart by"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Motwani & Xu 2007"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        figures: dict[Path, Figure] = {}
        for column in context.classes.columns:
            figures["columns", column, "distinction"] = NOTHING_RELEASED
            figures["columns", column, "separation"] = NOTHING_RELEASED
            if self.needs(context) is None:
                known = known_columns(context, (column,))
                people = float(known.n_records)
                figures["columns", column, "distinction"] = Estimate(value=known.n_classes / people)
                figures["columns", column, "separation"] = _separation(known, people)
        return MeasureResult(figures=figures)


def _separation(classes: EquivalenceClasses, people: float) -> Figure:
    if people < 2:
        return NotComputed(reason="One person alone cannot be told apart from anybody.")
    sizes = classes.count.astype(np.float64)  # squares of large counts overflow integers
    return Estimate(value=1 - float((sizes * (sizes - 1)).sum()) / (people * (people - 1)))


@dataclass(frozen=True, kw_only=True)
class ColumnInfluence:
    """
    How the risk falls if an attacker does not know one quasi-identifier.

    Parameters
    ----------
    column : str
    average, average_without : float
        Average prosecutor risk with all quasi-identifiers known, and without this one.
    unique, unique_without : int
        People who are unique.
    """

    column: str
    average: float
    average_without: float
    unique: int
    unique_without: int

    @property
    def fall(self) -> float:
        """By how much the average risk falls."""
        return self.average - self.average_without


def riskiest_columns(context: Context) -> tuple[ColumnInfluence, ...]:
    """Return what leaving out each quasi-identifier does, largest fall of average risk first."""
    classes = context.classes
    if not classes.n_records:
        return ()
    average = classes.n_classes / classes.n_records
    unique = int((classes.count == 1).sum())
    influences = []
    for column in classes.columns:
        others = tuple(name for name in classes.columns if name != column)
        if others:
            known = known_columns(context, others)
            average_without = known.n_classes / known.n_records
            unique_without = int((known.count == 1).sum())
        else:  # who knows nothing sees one class of everybody
            average_without = 1 / classes.n_records
            unique_without = int(classes.n_records == 1)
        influences.append(
            ColumnInfluence(
                column=column,
                average=average,
                average_without=average_without,
                unique=unique,
                unique_without=unique_without,
            )
        )
    return tuple(sorted(influences, key=lambda influence: -influence.fall))
