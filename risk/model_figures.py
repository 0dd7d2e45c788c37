"""The figures of the privacy models: how anonymous, diverse and close a release is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import (
    Context,
    Estimate,
    Figure,
    MeasureResult,
    NotComputed,
    Path,
)
from risk.class_measures import AttributeMeasure, ClassMeasure
from risk.models import kernels
from risk.models.base import WILDCARD, absent_column, missing_caveats, worst_class
from risk.models.k_anonymity import KAnonymity
from risk.models.l_diversity import DistinctLDiversity, EntropyLDiversity
from risk.models.t_closeness import DISTANCES, TCloseness

if TYPE_CHECKING:
    from microdata.classes import EquivalenceClasses

RECURSIVE_C = 2.0
"""The c at which the largest l of recursive (c, l)-diversity is told."""


@dataclass(frozen=True, kw_only=True)
class KAnonymityFigure(ClassMeasure):
    """The k that the release reaches."""

    name: ClassVar[str] = "k-anonymity"
    title: ClassVar[str] = "k-anonymity"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Samarati 2001; Sweeney 2002"
    interactive: ClassVar[bool] = True

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure."""
        figure = KAnonymity(k=1).value(context.classes)
        if context.missing == "wildcard" and isinstance(figure, Estimate):
            figure = Estimate(value=int(context.sizes.min()), caveats=(WILDCARD,))
        return MeasureResult(figures={("models", "k-anonymity"): figure})


@dataclass(frozen=True, kw_only=True)
class LDiversityFigures(AttributeMeasure):
    """The l that the release reaches for each sensitive attribute, in three readings."""

    name: ClassVar[str] = "l-diversity"
    place: ClassVar[str] = "l-diversity"
    title: ClassVar[str] = "l-diversity"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007"
    interactive: ClassVar[bool] = True

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        classes = context.classes
        factor, rank = _recursive(classes, column)
        return {
            ("distinct",): DistinctLDiversity(column=column, diversity=1).value(classes),
            ("entropy",): EntropyLDiversity(column=column, diversity=1).value(classes),
            ("recursive", "c"): factor,
            ("recursive", "l"): rank,
        }


def _recursive(classes: EquivalenceClasses, column: str) -> tuple[Figure, Figure]:
    """Return c and the largest l that every class reaches with it."""
    absent = absent_column(classes, column)
    if absent is not None:
        return absent, absent
    contingency = classes.sensitive[column]
    ranks = kernels.recursive_rank(contingency.offsets, contingency.n, RECURSIVE_C)
    largest = worst_class(
        ranks, worst="min", column=column, caveats=missing_caveats(contingency, column), whole=True
    )
    return Estimate(value=RECURSIVE_C), largest


@dataclass(frozen=True, kw_only=True)
class TClosenessFigures(ClassMeasure):
    """The largest distance of a class from the original table, for each sensitive attribute."""

    name: ClassVar[str] = "t-closeness"
    title: ClassVar[str] = "t-closeness"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Li, Li & Venkatasubramanian 2007"
    interactive: ClassVar[bool] = True

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        classes = context.classes
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            against = _against_released(classes, column)
            for distance in DISTANCES:
                model = TCloseness(column=column, distance=distance, t=1)
                figure = model.value(classes)
                beside = figure
                if against is not None:
                    beside = model.value(against)
                    figure = _with_sentence(figure, beside)
                if distance == "equal":
                    figures["models", "t-closeness-released", column, distance] = beside
                figures["models", "t-closeness", column, distance] = figure
        return MeasureResult(figures=figures)


def _against_released(classes: EquivalenceClasses, column: str) -> EquivalenceClasses | None:
    """Return the classes to be held against the released records, where it makes a difference."""
    contingency = classes.sensitive.get(column)
    if contingency is None:
        return None
    released = contingency.released
    if (np.abs(released - contingency.overall) <= 1e-12).all():
        return None
    return replace(
        classes, sensitive=MappingProxyType({column: replace(contingency, overall=released)})
    )


def _with_sentence(figure: Figure, beside: Figure) -> Figure:
    if isinstance(figure, NotComputed) or isinstance(beside, NotComputed):
        return figure
    sentence = (
        "Against the distribution of the released records, not the original's, it is "
        f"{beside.value:.4f}."
    )
    return replace(figure, caveats=(*figure.caveats, sentence))
