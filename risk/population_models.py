"""The figures of the models that look at the population: k-map and delta-presence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.models.delta_presence import lowest_and_highest
from risk.models.k_map import NO_POPULATION, KMap
from risk.uniqueness.benedetti_franconi import METHOD, JournalistEstimate

BOUND = "bound (k of the table)"
AT_LEAST = (
    "Only the population's size is known. This is the smallest group of the release itself: the "
    "population has at least as many look-alikes, and may have many more."
)
K_MAP: Path = ("models", "k-map")
K_MAP_ESTIMATED: Path = ("models", "k-map-estimated")
DELTA_PRESENCE: Path = ("models", "delta-presence")


@dataclass(frozen=True, kw_only=True)
class PopulationModels:
    """
    The k of k-map and the bounds of delta-presence that the release reaches.

    Notes
    -----
    With a population table, k-map is min F_j over the classes that are released. With a size N
    alone the release's own k is a lower bound, and 1 / max E[1 / F | f] an estimate.
    """

    name: ClassVar[str] = "population-models"
    title: ClassVar[str] = "k-map and delta-presence"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Sweeney 2002; Nergiz, Atzori & Clifton 2007"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why none of the figures can be computed, or None."""
        if not context.classes.n_records:
            return NOTHING_RELEASED
        return NO_POPULATION if context.classes.population is None else None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        figures: dict[Path, Figure] = {
            K_MAP: _k_map(context),
            K_MAP_ESTIMATED: _estimated(context),
        }
        ends = lowest_and_highest(context.classes)
        if isinstance(ends, NotComputed):
            figures[DELTA_PRESENCE] = ends
        else:
            for end, figure in zip(("lowest", "highest"), ends, strict=True):
                figures[*DELTA_PRESENCE, end] = _assumed(figure, context)
        return MeasureResult(figures=figures)


def _assumed(figure: Estimate, context: Context) -> Estimate:
    return replace(figure, caveats=(context.population.assumption, *figure.caveats))


def _k_map(context: Context) -> Figure:
    population = context.population
    if not context.classes.n_records or population.size is None:
        figure = KMap(k=1).value(context.classes)
        return _assumed(figure, context) if isinstance(figure, Estimate) else figure
    caveats: tuple[str, ...] = (population.assumption, AT_LEAST)
    if context.missing == "wildcard":
        caveats += (WILDCARD,)
    return Estimate(value=int(context.sizes.min()), method=BOUND, caveats=caveats)


def _estimated(context: Context) -> Figure:
    if context.population.table is not None:
        return NotComputed(
            reason="A population table was given, which is counted; nothing needs to be estimated."
        )
    result = JournalistEstimate().evaluate(context)
    figures = result.figures
    place = ("reidentification", "journalist_estimated")
    highest = figures.get((*place, "highest"), figures.get(place, NOTHING_RELEASED))
    if isinstance(highest, NotComputed):
        return highest
    return Estimate(value=1 / highest.value, method=METHOD, caveats=highest.caveats)
