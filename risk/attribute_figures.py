"""The figures of the attribute models: what a group of look-alikes shows of its members."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, MeasureResult, Path
from risk.class_measures import AttributeMeasure, ClassMeasure
from risk.models.alpha import AlphaModel
from risk.models.base import missing_caveats, not_comparable, worst_class
from risk.models.beta_likeness import BetaLikeness, EnhancedBetaLikeness
from risk.models.delta_disclosure import log_ratios


@dataclass(frozen=True, kw_only=True)
class AlphaFigures(AttributeMeasure):
    """The largest share of one value in any class, for each sensitive attribute."""

    name: ClassVar[str] = "alpha"
    place: ClassVar[str] = "alpha"
    title: ClassVar[str] = "alpha"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Wong, Li, Fu & Wang 2006"
    interactive: ClassVar[bool] = True

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        return {(): AlphaModel(column=column, alpha=1).value(context.classes)}


@dataclass(frozen=True, kw_only=True)
class BetaLikenessFigures(ClassMeasure):
    """The largest relative gain of a value in any class, basic and enhanced."""

    name: ClassVar[str] = "beta-likeness"
    title: ClassVar[str] = "beta-likeness"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Cao & Karras 2012"
    interactive: ClassVar[bool] = True

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            for model in (
                BetaLikeness(column=column, beta=0),
                EnhancedBetaLikeness(column=column, beta=0),
            ):
                figures["models", model.name, column] = model.value(context.classes)
        return MeasureResult(figures=figures)


@dataclass(frozen=True, kw_only=True)
class DeltaDisclosureFigures(AttributeMeasure):
    """
    How far shares move in any class, for each sensitive attribute.

    In bits over the values present, as ARX reads the model; and in the paper's reading, by natural
    logarithms over all values, which is infinite where a class lacks a value of the original.
    """

    name: ClassVar[str] = "delta-disclosure"
    place: ClassVar[str] = "delta-disclosure"
    title: ClassVar[str] = "delta-disclosure"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Brickell & Shmatikov 2008"
    interactive: ClassVar[bool] = True

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        return {(key,): figure for key, figure in _delta(context, column).items()}


def _delta(context: Context, column: str) -> dict[str, Figure]:
    classes = context.classes
    reason = not_comparable(classes, column)
    if reason is not None:
        return dict.fromkeys(("log2_present", "ln", "classes_infinite"), reason)
    contingency = classes.sensitive[column]
    caveats = missing_caveats(contingency, column)
    bits, lacking = log_ratios(contingency)
    natural = np.where(lacking, np.inf, bits * math.log(2))
    infinite = int(np.isinf(natural).sum())
    unknown = int(np.isnan(bits).sum())
    beside = f"Groups of look-alikes in which every value is missing are left out ({unknown:,})."
    return {
        "log2_present": worst_class(bits, worst="max", column=column, caveats=caveats),
        "ln": worst_class(natural, worst="max", column=column, caveats=caveats),
        "classes_infinite": Estimate(
            value=infinite, caveats=(*caveats, beside) if unknown else caveats
        ),
    }
