"""What a guess from the look-alikes gets right of a sensitive attribute, and what is new in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, NotComputed, Path
from risk.class_measures import AttributeMeasure
from risk.models import share_kernels
from risk.models.alpha import AlphaModel
from risk.models.base import (
    TIE,
    absent_column,
    missing_caveats,
    not_comparable,
    number_text,
)
from risk.models.beta_likeness import BetaLikeness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses

_PLAIN = (
    "It counts as a gain what holds for people in general as well. The guess without the person's "
    "own record tells how much of it."
)
EVERYBODY_GUESSED = (
    "Everybody in the table was guessed and nobody was drawn, so it is exact and has no interval."
)
NEARLY = (0.9, 0.8)
"""Shares of one value from which a class is called nearly homogeneous."""
AT_LEAST = ("at_least", "at_least_without_singletons")


def absent_values(classes: EquivalenceClasses, column: str) -> NotComputed | None:
    """Return why nothing can be inferred of an attribute in these classes, or None."""
    absent = absent_column(classes, column)
    if absent is None and not classes.sensitive[column].n.size:
        return NotComputed(reason=f"Every value of the column {column!r} is missing.")
    return absent


@dataclass(frozen=True, kw_only=True)
class Homogeneity(AttributeMeasure):
    """
    The share of people whose class holds one value of a sensitive attribute only.

    People without a value are left out of classes and of shares. Whoever is alone in a class is
    counted in the first figure and not in the second; both are shares of everyone.
    """

    name: ClassVar[str] = "homogeneity"
    place: ClassVar[str] = "homogeneity"
    title: ClassVar[str] = "Homogeneous groups"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007, homogeneity attack"
    interactive: ClassVar[bool] = True

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        classes = context.classes
        absent = absent_values(classes, column)
        if absent is not None:
            return {("share",): absent, ("share_without_singletons",): absent}
        contingency = classes.sensitive[column]
        caveats = missing_caveats(contingency, column)
        known = int(contingency.n.sum())
        one_value = np.diff(contingency.offsets) == 1
        several = one_value & (classes.count > 1)
        # One entry is the whole class: unlike `people_in`, no sums on a slider's move.
        every, together = (
            int(contingency.n[contingency.offsets[:-1][which]].sum())
            for which in (one_value, several)
        )
        return {
            ("share",): Estimate(value=every / known, caveats=caveats),
            ("share_without_singletons",): Estimate(value=together / known, caveats=caveats),
        }


def people_in(
    classes: EquivalenceClasses, column: str, which: NDArray[np.bool_]
) -> tuple[Estimate, Estimate]:
    """
    Return the share of people, of those with a value of an attribute, who are in some classes.

    Parameters
    ----------
    classes : EquivalenceClasses
    column : str
        A sensitive attribute that somebody has a value of.
    which : bool[m]

    Returns
    -------
    every, several : Estimate
        With whoever is alone in a class, and without; both are shares of everyone.
    """
    contingency = classes.sensitive[column]
    caveats = missing_caveats(contingency, column)
    totals = contingency.totals
    known = int(totals.sum())
    several = which & (classes.count > 1)
    return (
        Estimate(value=int(totals[which].sum()) / known, caveats=caveats),
        Estimate(value=int(totals[several].sum()) / known, caveats=caveats),
    )


@dataclass(frozen=True, kw_only=True)
class NearHomogeneity(AttributeMeasure):
    """
    The share of people whose class agrees nearly in a sensitive attribute.

    A class E counts where max_s p(s|E) is at least theta, for each theta of `NEARLY`; whoever is
    alone in a class is counted in the first figure and not in the second. Missing values are left
    out, as in `Homogeneity`, which is theta = 1.
    """

    name: ClassVar[str] = "near-homogeneity"
    place: ClassVar[str] = "homogeneity"
    title: ClassVar[str] = "Nearly homogeneous groups"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007, homogeneity attack"
    interactive: ClassVar[bool] = False

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        classes = context.classes
        absent = absent_values(classes, column)
        if absent is not None:
            return {(key, number_text(theta)): absent for theta in NEARLY for key in AT_LEAST}
        shares = AlphaModel(column=column, alpha=1).per_class(classes)
        figures: dict[Path, Figure] = {}
        for theta in NEARLY:
            found = people_in(classes, column, shares >= theta - TIE)
            for key, figure in zip(AT_LEAST, found, strict=True):
                figures[key, number_text(theta)] = figure
        return figures


@dataclass(frozen=True, kw_only=True)
class InferenceAttack(AttributeMeasure):
    """
    How often the most frequent value of the class is right, beside a guess and a control.

    The accuracy A guesses for each person the most frequent value of the whole class. The prior B
    guesses the most frequent value of the original table for everyone. The leave-one-out control
    guesses from the rest of the class, so A less the control is what the own record gave away, and
    the control less B is knowledge about people in general.

    Notes
    -----
    A = sum_E max_s n(E, s) / n, B = max_s q(s), advantage (A - B) / (1 - B); the gain from the own
    record is (A - A_loo) / (1 - A_loo). Everybody is guessed, so none of them has an interval. In
    the control a guess among equally frequent values counts in parts, and whoever is alone is given
    the most frequent value of the original table, the first by name where several are. Missing
    values are left out: such a person is neither guessed nor does the guess rest on them.
    """

    name: ClassVar[str] = "inference"
    place: ClassVar[str] = "inference"
    title: ClassVar[str] = "Inference from look-alikes"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Giomi et al. 2023, for the control"
    interactive: ClassVar[bool] = True

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        figures = _inference(context.classes, column)
        return {(key,): figure for key, figure in figures.items()}


def _inference(classes: EquivalenceClasses, column: str) -> dict[str, Figure]:
    keys = ("accuracy", "prior", "leave_one_out", "advantage", "own_record")
    absent = absent_values(classes, column)
    if absent is not None:
        return dict.fromkeys(keys, absent)
    contingency = classes.sensitive[column]
    caveats = missing_caveats(contingency, column)
    exact = (*caveats, EVERYBODY_GUESSED)
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
    figures: dict[str, Figure] = {"accuracy": Estimate(value=accuracy, caveats=exact)}
    if unmapped is not None:
        return figures | dict.fromkeys(keys[1:], unmapped)
    prior = float(contingency.overall.max())
    parts = [number / max(values, 1) for values, number in enumerate(split.tolist())]
    control = math.fsum((alone, *parts)) / known
    figures["prior"] = Estimate(value=prior, caveats=caveats)
    figures["leave_one_out"] = Estimate(value=control, caveats=exact)
    figures["advantage"] = (
        Estimate(value=(accuracy - prior) / (1 - prior), caveats=(*caveats, _PLAIN))
        if prior < 1
        else NotComputed(
            reason=f"Everyone in the original has the same value of the column {column!r}, so "
            "there is nothing to gain."
        )
    )
    # Nobody is guessed worse from a class with the own record in it; the rest is rounding.
    figures["own_record"] = (
        Estimate(value=max(0.0, accuracy - control) / (1 - control), caveats=exact)
        if control < 1
        else NotComputed(
            reason="The others of each group already tell the value of everybody in the column "
            f"{column!r}, so the own record adds nothing."
        )
    )
    return figures


@dataclass(frozen=True, kw_only=True)
class PosteriorGain(AttributeMeasure):
    """
    How many times likelier a value of a sensitive attribute gets, in the class that says most.

    Notes
    -----
    max over E and s of p(s|E) / q(s), q the original's distribution: posterior over prior. It is
    one more than basic beta-likeness.
    """

    name: ClassVar[str] = "posterior-gain"
    place: ClassVar[str] = "inference"
    title: ClassVar[str] = "Gain of the attacker's belief"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Cao & Karras 2012"
    interactive: ClassVar[bool] = False

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        gain = BetaLikeness(column=column, beta=0).value(context.classes)
        if isinstance(gain, Estimate):
            gain = replace(gain, value=gain.value + 1)
        return {("largest_gain",): gain}


def _mode(contingency: Contingency) -> int:
    """Return the most frequent value of the original; of several the first by name."""
    often = np.flatnonzero(contingency.overall == contingency.overall.max())
    return int(min(often, key=lambda value: contingency.labels[value]))
