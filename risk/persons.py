"""People with rows in more than one group of look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Estimate, Finding, MeasureResult, NotComputed, Path
from risk.models.population_uniqueness import population_size

PATH: Path = ("classes", "people")
NO_PERSON = NotComputed(reason="No person column was named: one row is taken to be one person.")


def in_several_groups(context: Context) -> NotComputed | None:
    """Return why nothing can be estimated from the groups' sizes, or None."""
    if context.classes.n_records == context.people:
        return None
    return NotComputed(
        reason="Some people have rows in more than one group of look-alikes. The estimate takes "
        "every person to be in one group, so it is not computed."
    )


def sampled_from(context: Context) -> int | NotComputed:
    """Return N, the size of the population, or why nothing can be estimated about it."""
    classes = context.classes
    if classes.n_records and classes.population is not None:
        several = in_several_groups(context)
        if several is not None:
            return several
    return population_size(classes)


@dataclass(frozen=True, kw_only=True)
class People:
    """
    How many different people are released.

    With a person column f_j counts distinct persons, so a person with rows in several groups
    counts once in each, and the sum of all f_j can be above the number of people.
    """

    name: ClassVar[str] = "people"
    title: ClassVar[str] = "Different people"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "El Emam 2013"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return NO_PERSON if context.roles.person is None else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure, and tell where people are counted more than once."""
        if context.roles.person is None:
            return MeasureResult(figures={PATH: NO_PERSON})
        people, counted = context.people, context.classes.n_records
        findings: tuple[Finding, ...] = ()
        if counted > people:
            message = (
                f"{people:,} people are counted {counted:,} times, because some have rows in "
                "more than one group of look-alikes and count once in each."
            )
            findings = (Finding(code="people-in-several-groups", severity="note", message=message),)
        return MeasureResult(figures={PATH: Estimate(value=people)}, findings=findings)
