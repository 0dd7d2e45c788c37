"""Population uniqueness: a limit on the estimated share of people who are unique among all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, NotComputed
from risk.models.base import NOTHING_RELEASED, TIE, is_number, number_text, require
from risk.uniqueness.decision_rule import ESTIMATORS, NAMES, estimate
from risk.uniqueness.size_histogram import PopulationEstimate, SizeHistogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure

RULE = "dankar"
RULE_NAME = "Dankar's rule"


def population_size(classes: EquivalenceClasses) -> int | NotComputed:
    """Return N, or why nothing can be estimated about the population of these classes."""
    if not classes.n_records:
        return NOTHING_RELEASED
    if classes.population is None:
        return NotComputed(
            reason="No population size and no population table was given, so how many people are "
            "unique in the population cannot be estimated."
        )
    if classes.population.size < classes.n_records:
        return NotComputed(
            reason=f"The population has {classes.population.size:,} people, fewer than the "
            f"{classes.n_records:,} in the table. Check the number."
        )
    return classes.population.size


@dataclass(frozen=True, kw_only=True)
class PopulationUniqueness:
    """
    The estimated share of people who are unique in the population is within a limit.

    It holds where the estimate lies above 0 and within the limit, or where nobody is unique in
    the release; an estimate of 0 in spite of unique people is none.

    Parameters
    ----------
    estimator : {"pitman", "zayatz", "snb", "dankar"}
        The last picks one of the others by the sampling fraction.
    at_most : float
        Between 0 and 1.
    """

    name: ClassVar[str] = "population-uniqueness"
    title: ClassVar[str] = "Population uniqueness"
    scope: ClassVar[Literal["class", "table"]] = "table"
    column: ClassVar[None] = None

    estimator: Literal["pitman", "zayatz", "snb", "dankar"]
    at_most: float

    def __post_init__(self) -> None:
        names = (*ESTIMATORS, RULE)
        require(
            valid=self.estimator in names,
            model=self.name,
            rule=f"one of {', '.join(names)} in brackets",
        )
        require(
            valid=is_number(self.at_most) and 0 <= self.at_most <= 1,
            model=self.name,
            rule="a number from 0 to 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return all True where the table fails, all False where it passes: bool[m]."""
        figure = self.value(classes)
        passes = isinstance(figure, Estimate) and (
            0 < figure.value <= self.at_most + TIE or not (classes.count == 1).any()
        )
        return np.full(classes.n_classes, not passes)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the estimated chance that a class is unique in the population: float64[m]."""
        figure = self.value(classes)
        if isinstance(figure, NotComputed):
            return np.full(classes.n_classes, np.nan)
        alone = classes.count == 1
        # Of U unique people in the population U n / N are expected in the sample, all alone there.
        chance = figure.value * classes.n_records / max(1, int(alone.sum()))
        return np.where(alone, min(1.0, chance), 0.0)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the estimated share of the population's people who are unique in it."""
        size = population_size(classes)
        if isinstance(size, NotComputed):
            return size
        histogram = SizeHistogram.from_counts(classes.size_histogram)
        if self.estimator != RULE:
            return _figure(ESTIMATORS[self.estimator](histogram, size), NAMES[self.estimator])
        every = estimate(histogram, size)
        chosen = every.by_estimator.get(every.pick, PopulationEstimate(share=every.share))
        return _figure(chosen, RULE_NAME)

    def text(self) -> str:
        """Return ``population-uniqueness(pitman)=0.01``."""
        return f"{self.name}({self.estimator})={number_text(self.at_most)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        by = RULE_NAME if self.estimator == RULE else NAMES[self.estimator]
        return (
            f"At most {self.at_most:.4g} of the people of the population are unique in it, as "
            f"estimated by {by}."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "estimator": self.estimator, "at_most": self.at_most}


def _figure(estimated: PopulationEstimate, method: str) -> Figure:
    if estimated.share is None:
        return NotComputed(reason=estimated.reason)
    return Estimate(value=estimated.share, method=method, caveats=estimated.caveats)
