"""What a guess from the look-alikes gets right of a sensitive attribute, and what is new in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
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
from risk.models import share_kernels
from risk.models.base import NOTHING_RELEASED, absent_column, missing_caveats, not_comparable

if TYPE_CHECKING:
    from microdata.classes import Contingency, EquivalenceClasses

_PLAIN = (
    "It counts as a gain what holds for people in general as well. The guess without the person's "
    "own record tells how much of it."
)


def _absent(classes: EquivalenceClasses, column: str) -> NotComputed | None:
    absent = absent_column(classes, column)
    if absent is None and not classes.sensitive[column].n.size:
        return NotComputed(reason=f"Every value of the column {column!r} is missing.")
    return absent


@dataclass(frozen=True, kw_only=True)
class Homogeneity:
    """
    The share of people whose class holds one value of a sensitive attribute only.

    People without a value are left out of classes and of shares. Whoever is alone in a class is
    counted in the first figure and not in the second; both are shares of everyone.
    """

    name: ClassVar[str] = "homogeneity"
    title: ClassVar[str] = "Homogeneous groups"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007, homogeneity attack"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        classes = context.classes
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            place = ("models", "homogeneity", column)
            absent = _absent(classes, column)
            if absent is not None:
                figures[*place, "share"] = figures[*place, "share_without_singletons"] = absent
                continue
            contingency = classes.sensitive[column]
            caveats = missing_caveats(contingency, column)
            known = int(contingency.n.sum())
            starts = contingency.offsets[:-1]
            one_value = np.diff(contingency.offsets) == 1
            several = one_value & (classes.count > 1)
            for key, which in (("share", one_value), ("share_without_singletons", several)):
                people = int(contingency.n[starts[which]].sum())
                figures[*place, key] = Estimate(value=people / known, caveats=caveats)
        return MeasureResult(figures=figures)


@dataclass(frozen=True, kw_only=True)
class InferenceAttack:
    """
    How often the most frequent value of the class is right, beside a guess and a control.

    The accuracy A guesses for each person the most frequent value of the whole class. The prior B
    guesses the most frequent value of the original table for everyone. The leave-one-out control
    guesses from the rest of the class, so A less the control is what the own record gave away, and
    the control less B is knowledge about people in general.

    Notes
    -----
    A = sum_E max_s n(E, s) / n, B = max_s q(s), advantage (A - B) / (1 - B). In the control a guess
    among equally frequent values counts in parts, and whoever is alone is given the most frequent
    value of the original table, the first by name where several are. Missing values are left out:
    such a person is neither guessed nor does the guess rest on them.
    """

    name: ClassVar[str] = "inference"
    title: ClassVar[str] = "Inference from look-alikes"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Giomi et al. 2023, for the control"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            for key, figure in _inference(context.classes, column).items():
                figures["models", "inference", column, key] = figure
        return MeasureResult(figures=figures)


def _inference(classes: EquivalenceClasses, column: str) -> dict[str, Figure]:
    keys = ("accuracy", "prior", "leave_one_out", "advantage")
    absent = _absent(classes, column)
    if absent is not None:
        return dict.fromkeys(keys, absent)
    contingency = classes.sensitive[column]
    caveats = missing_caveats(contingency, column)
    known = int(contingency.n.sum())
    unmapped = not_comparable(classes, column)
    right, alone, split = share_kernels.best_guesses(
        contingency.offsets,
        contingency.value,
        contingency.n,
        len(contingency.labels),
        -1 if unmapped is not None else _mode(contingency),
    )
    accuracy = right / known
    figures: dict[str, Figure] = {"accuracy": Estimate(value=accuracy, caveats=caveats)}
    if unmapped is not None:
        return figures | dict.fromkeys(keys[1:], unmapped)
    prior = float(contingency.overall.max())
    parts = [number / max(values, 1) for values, number in enumerate(split.tolist())]
    control = math.fsum((alone, *parts)) / known
    figures["prior"] = Estimate(value=prior, caveats=caveats)
    figures["leave_one_out"] = Estimate(value=control, caveats=caveats)
    figures["advantage"] = (
        Estimate(value=(accuracy - prior) / (1 - prior), caveats=(*caveats, _PLAIN))
        if prior < 1
        else NotComputed(
            reason=f"Everyone in the original has the same value of the column {column!r}, so "
            "there is nothing to gain."
        )
    )
    return figures


def _mode(contingency: Contingency) -> int:
    """Return the most frequent value of the original; of several the first by name."""
    often = np.flatnonzero(contingency.overall == contingency.overall.max())
    return int(min(often, key=lambda value: contingency.labels[value]))
