"""Severity: asked of a person, with a floor that follows from the columns; and its matrix cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.likelihood import WORDS, before_and_now, likelihood
from reports.wording import join_names
from risk.matrix import MATRIX, SIDE, Color, Matrix

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.attributes import AttributeRow

FLOOR = 3


@dataclass(frozen=True, kw_only=True)
class Severity:
    """
    How bad it would be for a person.

    Parameters
    ----------
    level : int, optional
        In force; None until it is answered.
    asked : int, optional
        As answered.
    floor : int
        The least that the columns suggest.
    reasons : tuple of str
        Sentences.
    """

    level: int | None
    asked: int | None
    floor: int
    reasons: tuple[str, ...]


def severity(attributes: Sequence[AttributeRow], answers: Mapping[str, Any]) -> Severity:
    """
    Return the severity in force: the answer, but not below the floor without a written reason.

    Columns of a special category, of money or places, and data on children make the floor 3. Only
    columns that the table to be shared still holds count.
    """
    floor, reasons = severity_floor(attributes, answers)
    said = answers.get("severity")
    asked = said if type(said) is int and 1 <= said <= SIDE else None
    if asked is None:
        return Severity(level=None, asked=None, floor=floor, reasons=reasons)
    because = str(answers.get("severity_reason") or "").strip()
    if asked < floor and not because:
        told = (
            f"Answered as {asked} {WORDS[asked]} without a written reason, so the floor of {floor} "
            f"{WORDS[floor]} is in force."
        )
        return Severity(level=floor, asked=asked, floor=floor, reasons=(*reasons, told))
    if asked < floor:
        told = (
            f"Lowered from {floor} {WORDS[floor]} to {asked} {WORDS[asked]} for the reason that "
            "is written among the answers."
        )
        reasons = (*reasons, told)
    return Severity(level=asked, asked=asked, floor=floor, reasons=reasons)


def severity_floor(
    attributes: Sequence[AttributeRow], answers: Mapping[str, Any]
) -> tuple[int, tuple[str, ...]]:
    """Return the least severity that the data suggests, 1 without a reason, and the reasons."""
    by_reason: dict[str, list[str]] = {}
    for row in attributes:
        if row.delicate and row.kept:
            by_reason.setdefault(row.delicate, []).append(row.name)
    reasons = [
        (
            f"{join_names(columns, most=4)} seems to hold data on {reason}, so the floor is "
            f"{FLOOR} {WORDS[FLOOR]}."
        )
        for reason, columns in by_reason.items()
    ]
    if answers.get("vulnerable") in {"children", "both"} and "children" not in by_reason:
        told = f"There are children among the people, so the floor is {FLOOR} {WORDS[FLOOR]}."
        reasons.append(told)
    return (FLOOR if reasons else 1), tuple(reasons)


def cell(level: int | None, chance: int | None, matrix: Matrix = MATRIX) -> Color | None:
    """Return the colour of a cell of the matrix; None where a side is missing."""
    if level is None or chance is None:
        return None
    return matrix[level - 1][chance - 1]


def matrix_cell(assessment: Assessment) -> dict[str, Any]:
    """Return severity (asked), likelihood (computed) and their cell, of the original and now."""
    judged = severity(assessment.attributes, assessment.answers)
    was, now = before_and_now(likelihood, assessment)
    matrix = assessment.matrix
    return {
        "severity": judged.level,
        "likelihood": now.level,
        "cell": cell(judged.level, now.level, matrix),
        "reasons": list(now.reasons),
        "inherent": {"likelihood": was.level, "cell": cell(judged.level, was.level, matrix)},
        "severity_answered": judged.asked,
        "severity_floor": judged.floor,
        "severity_reasons": list(judged.reasons),
    }
