"""The three attackers: prosecutor, journalist and marketer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import (
    Context,
    Estimate,
    Figure,
    Finding,
    MeasureResult,
    NotComputed,
    Path,
)
from risk.class_measures import ClassMeasure
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.models.k_map import fewer_people, lacking_people
from risk.models.kernels import people_at_risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

THRESHOLDS = ("0.05", "0.1", "0.2", "0.33")
"""Risks with which 1/f is compared literally."""

SIZES = ("3", "5", "10", "11", "20")
"""Class sizes; policies use them, because 1/11 is above 0.09."""

OWN_IN_POPULATION = (
    "In the population a missing value counts as a value of its own, also where the rule is that "
    "it matches every value."
)
INDEPENDENT = "One independent guess a record: an upper bound where no two may get one name."
UPPER_BOUND = "With a population size alone this is the prosecutor's value: an upper bound."


def _attacker_figures(
    attacker: str,
    count: NDArray[np.int64],
    candidates: NDArray[np.int64],
    average: float,
    caveats: tuple[str, ...] = (),
) -> dict[Path, Figure]:
    """
    Return the figures of an attacker who guesses one of some candidates.

    Parameters
    ----------
    attacker : str
    count : int64[m]
        f_j, people of each class.
    candidates : int64[m]
        Among how many an attacker must choose: f_j, or F_j in the population.
    average : float
        R_c.
    caveats : tuple of str
    """
    people = int(count.sum())
    risk = 1.0 / candidates
    values: dict[Path, float] = {
        ("highest",): float(risk.max()),
        ("average",): average,
        ("lowest",): float(risk.min()),
        ("expected_reidentifications",): people * average,
        ("at_least_one",): _at_least_one(count, candidates),
    }
    above, below = people_at_risk(
        count, candidates, np.array(THRESHOLDS, np.float64), np.array(SIZES, np.int64)
    )
    for threshold, number in zip(THRESHOLDS, above.tolist(), strict=True):
        values["at_risk", threshold] = number / people
    for size, number in zip(SIZES, below.tolist(), strict=True):
        values["below", size] = number / people
    figures: dict[Path, Figure] = {}
    for path, value in values.items():
        extra = (INDEPENDENT,) if path == ("at_least_one",) else ()
        figures["reidentification", attacker, *path] = Estimate(
            value=value, attacker=attacker, caveats=caveats + extra
        )
    return figures


def _at_least_one(count: NDArray[np.int64], candidates: NDArray[np.int64]) -> float:
    """Return 1 - prod (1 - theta) over people, by logarithms."""
    if (candidates == 1).any():
        return 1.0
    return -math.expm1(float((count * np.log1p(-1.0 / candidates)).sum()))


def _absent_figures(attacker: str, reason: NotComputed) -> dict[Path, Figure]:
    paths: list[Path] = [(key,) for key in ("highest", "average", "lowest")]
    paths += [("expected_reidentifications",), ("at_least_one",)]
    nested = [("at_risk", threshold) for threshold in THRESHOLDS]
    nested += [("below", size) for size in SIZES]
    return {("reidentification", attacker, *path): reason for path in [*paths, *nested]}


@dataclass(frozen=True, kw_only=True)
class PopulationMatch:
    """
    The candidates of an attacker who matches against the population.

    Parameters
    ----------
    candidates : int64[m], optional
        F_j, or f_j where the population is not known better; None where it cannot be told.
    caveats : tuple of str
    reason : NotComputed, optional
        Why there are none.
    findings : tuple of Finding
    """

    candidates: NDArray[np.int64] | None = None
    caveats: tuple[str, ...] = ()
    reason: NotComputed = NOTHING_RELEASED
    findings: tuple[Finding, ...] = field(default=())


def match_population(context: Context) -> PopulationMatch:
    """Return among how many people of the population each class must be looked for."""
    classes, population = context.classes, context.population
    if not classes.n_records:
        return PopulationMatch()
    caveats: tuple[str, ...] = (population.assumption,)
    if population.table is None:
        if population.size is not None:
            caveats += (UPPER_BOUND,)
        if context.missing == "wildcard":
            caveats += (WILDCARD,)
        return PopulationMatch(candidates=context.sizes, caveats=caveats)
    counts = classes.population_sizes
    if counts is None:
        return PopulationMatch(
            reason=NotComputed(
                reason="A quasi-identifier was changed record by record, so the population table "
                "cannot be recoded the same way."
            )
        )
    lacking, fewer = lacking_people(classes, counts), fewer_people(classes, counts)
    if lacking is not None:
        return PopulationMatch(
            reason=NotComputed(reason=lacking),
            findings=(
                Finding(code="population-lacks-people", severity="warning", message=lacking),
            ),
        )
    if context.missing == "wildcard":
        caveats += (OWN_IN_POPULATION,)
    findings: tuple[Finding, ...] = ()
    if fewer is not None:
        caveats += (fewer,)
        findings = (
            Finding(code="population-smaller-than-release", severity="warning", message=fewer),
        )
    return PopulationMatch(candidates=counts, caveats=caveats, findings=findings)


@dataclass(frozen=True, kw_only=True)
class ProsecutorRisk(ClassMeasure):
    """
    The risk from an attacker who knows that the person is in the table: 1 / f_j.

    Notes
    -----
    The average is over people: (1/n) sum_j f_j (1 / f_j) = J / n.
    """

    name: ClassVar[str] = "prosecutor"
    title: ClassVar[str] = "Prosecutor risk"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "El Emam & Dankar 2008; El Emam 2013"
    interactive: ClassVar[bool] = True

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        classes = context.classes
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures=_absent_figures("prosecutor", reason))
        average = _linked_share(context, context.sizes)
        caveats = () if context.missing == "own" else (WILDCARD,)
        return MeasureResult(
            figures=_attacker_figures("prosecutor", classes.count, context.sizes, average, caveats),
            by_class=np.asarray(1.0 / context.sizes),
        )


@dataclass(frozen=True, kw_only=True)
class JournalistRisk:
    """
    The risk from an attacker who matches against the population: 1 / F_j.

    Notes
    -----
    The average is max(J / sum_j F_j, (1/n) sum_j f_j / F_j).
    """

    name: ClassVar[str] = "journalist"
    title: ClassVar[str] = "Journalist risk"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "El Emam & Dankar 2008; El Emam 2013"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        match = match_population(context)
        return match.reason if match.candidates is None else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        match = match_population(context)
        if match.candidates is None:
            return MeasureResult(
                figures=_absent_figures("journalist", match.reason), findings=match.findings
            )
        classes, candidates = context.classes, match.candidates
        average = _linked_share(context, candidates)
        if context.missing == "own" or context.population.table is not None:
            # Neighbourhoods overlap, so their sum is no number of people.
            average = max(average, classes.n_classes / int(candidates.sum()))
        return MeasureResult(
            figures=_attacker_figures(
                "journalist", classes.count, candidates, average, match.caveats
            ),
            by_class=np.asarray(1.0 / candidates),
            findings=match.findings,
        )


@dataclass(frozen=True, kw_only=True)
class MarketerRisk:
    """The share of people whom an attacker links correctly who links the whole file."""

    name: ClassVar[str] = "marketer"
    title: ClassVar[str] = "Marketer risk"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Dankar & El Emam 2010; El Emam 2013"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        match = match_population(context)
        return match.reason if match.candidates is None else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure."""
        match = match_population(context)
        figure: Figure = match.reason
        if match.candidates is not None:
            figure = Estimate(
                value=_linked_share(context, match.candidates),
                attacker="marketer",
                caveats=match.caveats,
            )
        return MeasureResult(figures={("reidentification", "marketer", "average"): figure})


def _linked_share(context: Context, candidates: NDArray[np.int64]) -> float:
    """Return (1/n) sum_j f_j / F_j; exactly J / n where the release is the population."""
    classes = context.classes
    if candidates is classes.count:
        return classes.n_classes / classes.n_records
    return float((classes.count / candidates).sum()) / classes.n_records
