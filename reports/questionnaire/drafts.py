"""Answers that follow from the data: proposals that a person confirms or changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reports.alternatives import tried_sentence
from reports.headline import people_in
from reports.questionnaire.question import LONGEST
from reports.questionnaire.questions import BY_KEY
from reports.register import LARGE
from reports.severity import FLOOR, severity_floor
from reports.wording import format_count, join_names, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

_SIZE = ("uniqueness", "population", "size")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """
    A proposed answer.

    Parameters
    ----------
    value : str, int or list of str
        As `Question.check` takes it.
    because : str
        What of the data it follows from, as a sentence; never a cell value.
    """

    value: Any
    because: str


def drafts(assessment: Assessment) -> Mapping[str, Draft]:
    """Return a proposal for each question that the data answers, by its key, in their order."""
    found = dict(_proposals(assessment))
    return MappingProxyType({key: found[key] for key in BY_KEY if key in found})


def _proposals(assessment: Assessment) -> Iterator[tuple[str, Draft]]:
    triggers = _triggers(assessment)
    if triggers:
        yield "triggers", Draft(value=list(triggers), because=" ".join(triggers.values()))
    yield "unit", _unit(assessment)
    yield from _coverage(assessment)
    young = _children(assessment)
    if young:
        yield "vulnerable", Draft(value="children", because=young)
    floor, reasons = severity_floor(assessment.attributes, {})
    if floor == FLOOR:
        yield "severity", Draft(value=floor, because=" ".join(reasons))
    if assessment.alternatives:
        told = " ".join(map(tried_sentence, assessment.alternatives))
        yield (
            "alternatives",
            Draft(
                value=shorten(told, LONGEST["text"]),
                because="These versions of the recipe were saved and measured.",
            ),
        )


def _triggers(assessment: Assessment) -> dict[str, str]:
    """Return which of the nine criteria the data shows, each with its sentence."""
    found = {}
    special = [row.name for row in assessment.attributes if row.special_category and row.kept]
    if special:
        verb = "seems" if len(special) == 1 else "seem"
        found["sensitive"] = f"{join_names(special, most=4)} {verb} to be of a special category."
    people = max(people_in(assessment.before), people_in(assessment.shared))
    if people >= LARGE:
        found["large"] = f"There are {format_count(people)} people in the table."
    if _matched(assessment):
        found["matching"] = "The table was compared with another file of people."
    young = _children(assessment)
    if young:
        found["vulnerable"] = young
    return found


def _matched(assessment: Assessment) -> bool:
    """Tell whether a table of the population or a register of an attacker was used."""
    counted = assessment.before.value("uniqueness", "population", "counted")
    return counted is not None or any(report.register for report in assessment.attacks)


def _children(assessment: Assessment) -> str:
    rows = [row.name for row in assessment.attributes if row.delicate == "children" and row.kept]
    return f"By {join_names(rows, most=4)} there are children among the people." if rows else ""


def _unit(assessment: Assessment) -> Draft:
    person = assessment.roles.person
    if person:
        because = f"The column {shorten(person)} says which person a row belongs to."
        return Draft(value="several", because=because)
    return Draft(
        value="person",
        because="No column says which person a row belongs to, so every figure takes a row as one.",
    )


def _coverage(assessment: Assessment) -> Iterator[tuple[str, Draft]]:
    size, people = assessment.before.value(*_SIZE), people_in(assessment.before)
    if size is None:
        return
    value = "sample" if size > people else "everyone"
    because = (
        f"The population has {format_count(int(size))} people and the table {format_count(people)}."
    )
    yield "coverage", Draft(value=value, because=because)
