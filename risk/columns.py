"""What each column does to the risk: alone, no longer known to an attacker, or known as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.classes import EquivalenceClasses, group_records
from microdata.grouping import classes_of, person_numbers
from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.roles import Role, Roles
from risk.class_measures import ClassMeasure
from risk.models.base import NOTHING_RELEASED

if TYPE_CHECKING:
    from numpy.typing import NDArray

ADDED_CELLS = 20_000_000
"""How many cells of other columns are grouped before columns are left out: about a second."""


NOT_WITH_WILDCARD = (
    "What one column does to the risk is measured only where a missing value is a value of its own."
)


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
        grouped=np.empty(0, np.int32),
        merged=None,
        weight=None,
        population=None,
    )


def released_class(classes: EquivalenceClasses) -> NDArray[np.int32]:
    """Return the class of each released record; records left out have none."""
    return classes.class_of[classes.class_of >= 0]


@dataclass(frozen=True, kw_only=True)
class ColumnPower(ClassMeasure):
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
class Knowledge:
    """
    What an attacker can do who knows certain columns.

    Parameters
    ----------
    average : float
        Average prosecutor risk.
    unique : int
        People who are the only ones with their values.
    below : float
        Share of people in groups smaller than a given size.
    smallest : int
        People in the smallest group.
    """

    average: float
    unique: int
    below: float
    smallest: int


@dataclass(frozen=True, kw_only=True)
class ColumnChange:
    """
    What happens to the risk if an attacker knows one column less, or one more.

    Parameters
    ----------
    column : str
    added : bool
        Whether the column is no quasi-identifier and is known as well; else it is a
        quasi-identifier that is not known.
    before, after : Knowledge
        With the quasi-identifiers known, and with the column left out or added.
    """

    column: str
    added: bool
    before: Knowledge
    after: Knowledge

    @property
    def rise(self) -> float:
        """By how much the average risk rises; below zero where it falls."""
        return self.after.average - self.before.average


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """
    How far the figures depend on which columns are taken to be quasi-identifiers.

    Parameters
    ----------
    size : int
        The class size that `Knowledge.below` counts people under.
    changes : tuple of ColumnChange
        Quasi-identifiers left out, then other columns added; the largest change first in both.
    left_out : str
        Which columns were not added, as a sentence; "" where none was left out.
    """

    size: int
    changes: tuple[ColumnChange, ...]
    left_out: str


def sensitivity(context: Context, size: int = 5) -> Sensitivity:
    """
    Measure the risk with each quasi-identifier left out, and with each other column added.

    Parameters
    ----------
    context : Context
    size : int
        The class size of the policy.

    Returns
    -------
    Sensitivity
        Columns that hold sensitive or other attributes are added, identifiers are not. Where
        that is too much work, the sensitive ones come first and the others in their order.
    """
    classes = context.classes
    if not classes.n_records:
        return Sensitivity(size=size, changes=(), left_out="No record is released.")
    if context.missing == "wildcard":
        return Sensitivity(size=size, changes=(), left_out=NOT_WITH_WILDCARD)
    before = _knowledge(classes, size)
    less = [
        ColumnChange(column=name, added=False, before=before, after=_without(context, name, size))
        for name in classes.columns
    ]
    others = _other_columns(context)
    affordable = max(1, ADDED_CELLS // max(1, context.release.released_records))
    more = [
        ColumnChange(
            column=name, added=True, before=before, after=_knowledge(_with(context, name), size)
        )
        for name in others[:affordable]
    ]
    left_out = ""
    if len(others) > affordable:
        left_out = (
            f"Only {affordable} of the {len(others)} other columns were added, as the table is "
            "large: the sensitive ones first."
        )
    less.sort(key=lambda change: change.rise)
    more.sort(key=lambda change: -change.rise)
    return Sensitivity(size=size, changes=(*less, *more), left_out=left_out)


def _knowledge(classes: EquivalenceClasses, size: int) -> Knowledge:
    people = classes.n_records
    return Knowledge(
        average=classes.n_classes / people,
        unique=int((classes.count == 1).sum()),
        below=int(classes.count[classes.count < size].sum()) / people,
        smallest=int(classes.count.min()),
    )


def _without(context: Context, column: str, size: int) -> Knowledge:
    others = tuple(name for name in context.classes.columns if name != column)
    if others:
        return _knowledge(known_columns(context, others), size)
    # Who knows nothing sees one class of everybody.
    people = context.people
    return Knowledge(
        average=1 / people, unique=int(people == 1), below=float(people < size), smallest=people
    )


def _with(context: Context, column: str) -> EquivalenceClasses:
    """Return the classes that an attacker sees who knows one more column."""
    classes, person = context.classes, context.roles.person
    class_of = released_class(classes)
    return group_records(
        {"class": class_of, "added": context.release.codes(column)},
        {"class": classes.n_classes, "added": context.release.columns[column].cardinality},
        class_of.size,
        person=None if person is None else _persons(context, person),
    )


def _persons(context: Context, column: str) -> NDArray[np.int64]:
    return person_numbers(context.release.source, column)[context.release.record_index]


def _other_columns(context: Context) -> list[str]:
    """Return the published columns that an attacker might know as well, sensitive ones first."""
    role_of = context.roles.role_of
    return [
        name
        for wanted in (Role.SENSITIVE, Role.INSENSITIVE)
        for name in context.release.columns
        if role_of(name) is wanted
    ]
