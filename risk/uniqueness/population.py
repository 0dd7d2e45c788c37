"""Population uniqueness: the share of people whom nobody else in the population looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from microdata.measure import (
    Context,
    Estimate,
    Figure,
    Finding,
    MeasureResult,
    NotComputed,
    Path,
)
from risk.models.population_uniqueness import RULE_NAME
from risk.persons import sampled_from
from risk.uniqueness.decision_rule import NAMES, NO_PICK, estimate
from risk.uniqueness.size_histogram import SizeHistogram
from risk.uniqueness.stability import (
    STABILITY,
    half_samples,
    stability_figures,
    stability_finding,
)

if TYPE_CHECKING:
    from microdata.classes import EquivalenceClasses
    from risk.uniqueness.decision_rule import PopulationEstimates
    from risk.uniqueness.size_histogram import PopulationEstimate

ROOT = ("uniqueness", "population")
APART = 2.0
"""From this ratio of the greatest estimate to the least on, a reader is told that they disagree."""

BAND = (
    "The least and the greatest of the estimates that found a solution: a band, not a confidence "
    "interval. A verdict uses the high end."
)
RANDOM_SAMPLE = "It takes the table to be a simple random sample of the population."
OWN_VALUE = "A missing cell counts as a value of its own here, whichever reading is chosen."
COUNTED = "The population table gives the exact share; the estimate shows what a sample alone says."


@dataclass(frozen=True, kw_only=True)
class UniqueInPopulation:
    """
    The share of the population's people who are unique in it, by every estimator.

    With a population table the share is also counted.
    """

    name: ClassVar[str] = "population-uniqueness"
    title: ClassVar[str] = "People who are unique in the population"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = (
        "Hoshino 2001; Zayatz 1991; Chen & Keller-McNulty 1998; Dankar et al. 2012"
    )
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        size = sampled_from(context)
        return size if isinstance(size, NotComputed) else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute every estimate, the band, the rule's pick and how stable it is."""
        classes = context.classes
        size = sampled_from(context)
        if isinstance(size, NotComputed):
            return MeasureResult(figures={ROOT: size})
        histogram = SizeHistogram.from_counts(classes.size_histogram)
        every = estimate(histogram, size)
        caveats: tuple[str, ...] = (context.population.assumption, RANDOM_SAMPLE)
        if context.missing == "wildcard":
            caveats += (OWN_VALUE,)
        figures: dict[Path, Figure] = {(*ROOT, "size"): Estimate(value=size)}
        figures |= _counted(classes, context.population.assumption)
        if (*ROOT, "counted") in figures:
            caveats += (COUNTED,)
        figures |= _estimated(every, caveats)
        findings = [_disagreement(every)]
        if every.pick == NO_PICK:
            figures |= dict.fromkeys(
                STABILITY,
                NotComputed(
                    reason="Nobody is unique in the table, so there is no estimate to be checked."
                ),
            )
        elif size == classes.n_records:
            figures |= dict.fromkeys(
                STABILITY,
                NotComputed(
                    reason="The table holds the whole population, so nothing is estimated."
                ),
            )
        else:
            halves = half_samples(histogram, size, every.pick, context.seed)
            figures |= stability_figures(every.pick, halves, context.seed)
            findings.append(stability_finding(every.pick, every.share, halves))
        return MeasureResult(
            figures=figures,
            findings=tuple(finding for finding in findings if finding is not None),
            labels={(*ROOT, "rule"): every.pick},
        )


def _estimated(every: PopulationEstimates, caveats: tuple[str, ...]) -> dict[Path, Figure]:
    figures: dict[Path, Figure] = {
        (*ROOT, name): _figure(estimated, NAMES[name], caveats)
        for name, estimated in every.by_estimator.items()
    }
    low, high = every.band
    for key, value, end in (("low", low, "least"), ("high", high, "greatest")):
        figures[*ROOT, key] = Estimate(
            value=value, method=f"{end} of the estimates", caveats=(*caveats, BAND)
        )
    picked = f": {NAMES[every.pick]}" if every.pick != NO_PICK else ""
    figures[*ROOT, "rule_estimate"] = Estimate(
        value=every.share,
        low=low,
        high=high,
        method=RULE_NAME + picked,
        caveats=(*caveats, BAND),
    )
    return figures


def _figure(estimated: PopulationEstimate, method: str, caveats: tuple[str, ...]) -> Figure:
    if estimated.share is None:
        return NotComputed(reason=estimated.reason)
    return Estimate(value=estimated.share, method=method, caveats=(*caveats, *estimated.caveats))


def _counted(classes: EquivalenceClasses, assumption: str) -> dict[Path, Figure]:
    """Return what a population table says itself; nothing where only a size is known."""
    people, matches = classes.population, classes.population_sizes
    if people is None or people.classes is None or matches is None:
        return {}
    counted = people.classes.count
    caveats: tuple[str, ...] = (assumption,)
    outside = people.size - int(counted.sum())
    if outside:
        uncovered = (
            f"{outside:,} people of the population table have values that the recoding of the "
            "release does not cover; they are not counted as unique."
        )
        caveats += (uncovered,)
    alone = classes.count == 1
    confirmed: Figure = NotComputed(reason="Nobody is unique in the table.")
    if (matches[alone] < 1).any():
        confirmed = NotComputed(
            reason=f"The population table lacks {int((matches[alone] < 1).sum()):,} of the people "
            "who are unique in the release, so it is not a table of everybody. Check it."
        )
    elif alone.any():
        unique = int((matches[alone] == 1).sum())
        confirmed = Estimate(value=unique / int(alone.sum()), caveats=caveats)
    return {
        (*ROOT, "counted"): Estimate(
            value=int((counted == 1).sum()) / people.size, caveats=caveats
        ),
        (*ROOT, "sample_uniques_confirmed"): confirmed,
    }


def _disagreement(every: PopulationEstimates) -> Finding | None:
    if every.pick == NO_PICK or every.band[1] < APART * every.band[0]:
        return None
    low, high = every.band
    return Finding(
        code="population-uniqueness-estimators-disagree",
        severity="warning",
        message=f"The estimates of the share of people who are unique in the population run from "
        f"{low:.3g} to {high:.3g}, more than a factor of {APART:.0f} apart. No single estimate "
        "can be relied on; judge by the highest.",
    )
