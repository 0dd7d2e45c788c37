"""The risk register: what can go wrong for people, how bad and how likely, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from reports.likelihood import (
    PUBLIC,
    Likelihood,
    attribute_likelihood,
    before_and_now,
    controls_of,
    identity_likelihood,
    likelihood,
)
from reports.questionnaire import BY_KEY
from reports.severity import cell, severity
from reports.wording import join_names, shorten
from risk.matrix import MATRIX, Color, Matrix

if TYPE_CHECKING:
    from reports.assessment import Assessment

Kind = Literal["by design", "event"]
Origin = Literal["computed", "asked"]
LARGE = 100_000
"""A number of people from which their number aggravates every risk: a product convention."""


@dataclass(frozen=True, kw_only=True)
class Risk:
    """
    One row of the register.

    Parameters
    ----------
    key : str
        "reidentification", "attribute", "access", "change", "loss" or "own 1" and so on.
    title, impact, source : str
        What it is, what it means for people, who or what causes it.
    kind : {"by design", "event"}
        Whether it happens although all works as intended.
    origin : {"computed", "asked"}
        Whether its likelihood is computed from the table or as the user judged it.
    severity, likelihood : int, optional
        Inherent, 1 to 4; None where it was not answered or there is nothing to judge.
    residual_severity, residual_likelihood : int, optional
        With the measures.
    reasons : tuple of str
        Why the residual likelihood is what it is.
    factors : tuple of str
        What makes it worse or better than its level tells.
    measures : tuple of str
        Titles of what is done against it.
    matrix : tuple of tuples of str
        By which the cells are read.
    """

    key: str
    title: str
    impact: str
    source: str
    kind: Kind
    origin: Origin
    severity: int | None = None
    likelihood: int | None = None
    residual_severity: int | None = None
    residual_likelihood: int | None = None
    reasons: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    matrix: Matrix = MATRIX

    @property
    def inherent(self) -> Color | None:
        """The cell of the matrix before measures."""
        return cell(self.severity, self.likelihood, self.matrix)

    @property
    def residual(self) -> Color | None:
        """The cell of the matrix with the measures."""
        return cell(self.residual_severity, self.residual_likelihood, self.matrix)

    def to_json(self) -> dict[str, Any]:
        """Return the row as an object; it is written for readers and recomputed when read."""
        return {
            "key": self.key,
            "title": self.title,
            "kind": self.kind,
            "origin": self.origin,
            "severity": self.severity,
            "likelihood": self.likelihood,
            "inherent": self.inherent,
            "residual_severity": self.residual_severity,
            "residual_likelihood": self.residual_likelihood,
            "residual": self.residual,
        }


FOUND = Risk(
    key="reidentification",
    title="Somebody's row is recognised in the shared table",
    impact="Everything in the row becomes known of that person.",
    source="Whoever receives the table and knows the quasi-identifiers",
    kind="by design",
    origin="computed",
)
TOLD = Risk(
    key="attribute",
    title="A sensitive fact is told without finding the row",
    impact="It becomes known of everyone in a group.",
    source="Whoever receives the table and knows to which group somebody belongs",
    kind="by design",
    origin="computed",
)
LEAKED = Risk(
    key="access",
    title="Illegitimate access: somebody gets the data who should not",
    impact="Whoever got hold of the table finds a person's row, or learns what a group shares.",
    source="A leak at the recipient or on the way; a try is taken as certain",
    kind="event",
    origin="computed",
)


def risk_register(assessment: Assessment) -> tuple[Risk, ...]:
    """Return every risk: those that follow from the table first, then those of the user."""
    risks = (*_computed(assessment), *_asked(assessment))
    return tuple(replace(risk, matrix=assessment.matrix) for risk in risks)


def worst_first(risks: tuple[Risk, ...]) -> tuple[Risk, ...]:
    """Return the risks with the worst residual cell first; one without a cell follows the red."""
    rank = {"red": 0, "amber": 2, "green": 3}

    def order(risk: Risk) -> tuple[int, int]:
        sum_ = (risk.residual_severity or 4) + (risk.residual_likelihood or 4)
        return (rank[risk.residual] if risk.residual else 1), -sum_

    return tuple(sorted(risks, key=order))


def _computed(assessment: Assessment) -> tuple[Risk, ...]:
    level = severity(assessment.attributes, assessment.answers).level
    measures, factors = measure_titles(assessment), modulating_factors(assessment)
    sensitive = assessment.roles.sensitive
    wanted = join_names(sensitive, most=4) or "The sensitive attribute"
    become = "become" if len(sensitive) > 1 else "becomes"
    rows = (
        (FOUND, before_and_now(identity_likelihood, assessment)),
        (
            replace(TOLD, impact=f"{wanted} {become} known of everyone in a group."),
            before_and_now(attribute_likelihood, assessment),
        ),
        (LEAKED, _leaked(assessment)),
    )
    return tuple(
        replace(
            risk,
            severity=level,
            likelihood=was.level,
            residual_severity=level,
            residual_likelihood=now.level,
            reasons=now.reasons,
            factors=factors,
            measures=measures,
        )
        for risk, (was, now) in rows
        if was is not None and now is not None
    )


def _leaked(assessment: Assessment) -> tuple[Likelihood, Likelihood]:
    """Return the likelihoods for somebody who is bound by nothing and will certainly try."""
    # As if it were public; who confirmed the quasi-identifiers counts here too.
    confirmed = assessment.answers.get("confirmed_by", "")
    unbound = {"audience": "public", "confirmed_by": confirmed}
    was, now = (
        replace(found, reasons=tuple(reason for reason in found.reasons if reason != PUBLIC))
        for found in before_and_now(likelihood, assessment, unbound)
    )
    return was, now


def measure_titles(assessment: Assessment) -> tuple[str, ...]:
    """Return what is done: the steps of the recipe, then the measures that the user named."""
    steps = tuple(shorten(step, 120) for step in assessment.recipe_text)
    own = assessment.answers.get("measures", ())
    named = (shorten(str(one.get("title", "")), 120) for one in own)
    return (*steps, *(title for title in named if title))


def modulating_factors(assessment: Assessment) -> tuple[str, ...]:
    """Return what aggravates and what mitigates the risks of the shared table."""
    answers, factors = assessment.answers, []
    people = sum(assessment.shared.people_by_size.values())
    if people >= LARGE:
        factors.append(f"Aggravating: {people:,} people are in the table.")
    if any(row.delicate and row.kept for row in assessment.attributes):
        factors.append("Aggravating: the table holds delicate data.")
    if answers.get("vulnerable") in {"children", "weak", "both"}:
        factors.append("Aggravating: the people are in a weak position.")
    if answers.get("audience") == "public":
        factors.append("Aggravating: a public release cannot be taken back.")
    if answers.get("acquaintance") == "yes":
        factors.append("Aggravating: the receiver may know some of the people.")
    if controls_of(answers) in {"some", "strong"} and answers.get("audience") != "public":
        factors.append("Mitigating: the receiver is bound or watched.")
    return tuple(factors)


def _asked(assessment: Assessment) -> tuple[Risk, ...]:
    answers = assessment.answers
    events = (
        ("change", "Unwanted change: the data becomes wrong", answers.get("change") or {}),
        ("loss", "Loss: the data disappears or cannot be used", answers.get("loss") or {}),
    )
    own = tuple(
        (f"own {i}", shorten(str(one.get("title") or ""), 120) or "A risk without a name", one)
        for i, one in enumerate(answers.get("risks") or (), start=1)
    )
    asked = tuple(event for event in events if BY_KEY[event[0]].asked(answers))
    return tuple(_told(key, title, said) for key, title, said in (*asked, *own))


def _told(key: str, title: str, said: Mapping[str, Any]) -> Risk:
    measures = str(said.get("measures") or "").strip()
    levels = {name: said.get(name) for name in ("severity", "likelihood")}
    # Without a judgement on what the measures change, they change nothing.
    residual = {name: said.get(f"residual_{name}") or level for name, level in levels.items()}
    return Risk(
        key=key,
        title=title,
        impact=str(said.get("impact") or "").strip(),
        source=str(said.get("source") or "").strip(),
        kind="event",
        origin="asked",
        severity=levels["severity"],
        likelihood=levels["likelihood"],
        residual_severity=residual["severity"],
        residual_likelihood=residual["likelihood"],
        measures=(measures,) if measures else (),
    )
