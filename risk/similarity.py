"""What look-alikes have in common although their values differ: wider labels, near numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata import kernels
from microdata.measure import Context, Estimate, Figure, NotComputed, Path
from microdata.numbers import ORDERED
from risk.attribute_inference import absent_values, people_in
from risk.class_measures import AttributeMeasure
from risk.models.base import missing_caveats, within, worst_class
from risk.models.l_diversity import DistinctLDiversity
from risk.models.t_closeness import TCloseness
from risk.numeric_labels import original_numbers, value_bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses

MOST_LEVELS = 4
NARROW = 0.05
"""The share of a column's range within which numbers count as nearly the same."""
NO_HIERARCHY = NotComputed(
    reason="The attribute has no hierarchy, so nothing says which of its values are alike."
)
NOT_IN_HIERARCHY = NotComputed(
    reason="The hierarchy does not say under which wider labels the released values of the "
    "attribute fall."
)
ROOT_ONLY = NotComputed(
    reason="The attribute's hierarchy has no level between its values and the one label for all."
)
TWICE = (
    "A person with several different values under one label counts once for each of them in a "
    "group."
)


@dataclass(frozen=True, kw_only=True)
class Similarity(AttributeMeasure):
    """
    What is learned of a sensitive attribute whose values differ among look-alikes but are alike.

    Distinct l, homogeneity and t (equal distance) after the values are replaced by their labels
    at each level of the attribute's hierarchy, the root left out. For numbers and dates the width
    of each class, from its least to its greatest value, as a share of the original column's.

    References
    ----------
    Li, Li, Venkatasubramanian 2007, similarity attack.
    """

    name: ClassVar[str] = "similarity"
    place: ClassVar[str] = "similarity"
    title: ClassVar[str] = "Similar values in a group"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Li, Li & Venkatasubramanian 2007, similarity attack"
    interactive: ClassVar[bool] = False

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        figures: dict[Path, Figure] = {
            ("levels", *path): figure for path, figure in _by_level(context, column).items()
        }
        if context.release.domain(column).kind in ORDERED:
            ranges = _ranges(context, column)
            figures |= {("range", key): figure for key, figure in ranges.items()}
        return figures


def _by_level(context: Context, column: str) -> dict[Path, Figure]:
    classes = context.classes
    absent = absent_values(classes, column)
    levels = _levels(context, column) if absent is None else absent
    if isinstance(levels, NotComputed):
        return {(): levels}
    left_out = len(levels) - MOST_LEVELS
    sentences = [] if context.roles.person is None else [TWICE]
    if left_out > 0:
        sentences.append(
            f"The {MOST_LEVELS} finest levels of the hierarchy are looked at; {left_out} coarser "
            "ones are left out."
        )
    figures: dict[Path, Figure] = {}
    for level, nodes in list(levels.items())[:MOST_LEVELS]:
        coarse = _at(classes, column, nodes)
        contingency = coarse.sensitive[column]
        every, several = people_in(coarse, column, np.diff(contingency.offsets) == 1)
        found = {
            "distinct": DistinctLDiversity(column=column, diversity=1).value(coarse),
            "homogeneous": every,
            "homogeneous_without_singletons": several,
            "equal": TCloseness(column=column, t=1).value(coarse),
        }
        for key, figure in found.items():
            figures[str(level), key] = (
                replace(figure, caveats=(*figure.caveats, *sentences))
                if isinstance(figure, Estimate)
                else figure
            )
    return figures


def _levels(context: Context, column: str) -> dict[int, NDArray[np.int32]] | NotComputed:
    """Return the node of each value at each level that tells values apart, by level."""
    contingency = context.classes.sensitive[column]
    if context.release.domain(column).hierarchy is None:
        return NO_HIERARCHY
    if context.release.columns[column].renamed:
        return NOT_IN_HIERARCHY
    levels = dict(enumerate(contingency.levels, 1)) or _above_labels(context, column, contingency)
    if not levels:
        return NOT_IN_HIERARCHY
    between = {level: nodes for level, nodes in levels.items() if np.unique(nodes).size > 1}
    return between or ROOT_ONLY


def _above_labels(
    context: Context, column: str, contingency: Contingency
) -> dict[int, NDArray[np.int32]]:
    """Return the levels at which every released label has one node above all its values."""
    release = context.release
    released, hierarchy = release.columns[column], release.domain(column).hierarchy
    code = {label: number for number, label in enumerate(released.nodes.labels)}
    sizes = released.nodes.sizes
    if (
        hierarchy is None
        or release.origin is not None
        or not sizes.all()
        or any(label not in code for label in contingency.labels)
    ):
        return {}
    node_of = np.array([code[label] for label in contingency.labels], np.int64)
    declared, starts = len(hierarchy.leaves), released.nodes.offsets[:-1]
    found: dict[int, NDArray[np.int32]] = {}
    for number, level in enumerate(hierarchy.levels[1:], 1):
        above = np.append(level.lookup, np.int32(-1))[np.minimum(released.nodes.members, declared)]
        least = np.minimum.reduceat(above, starts)
        if np.array_equal(least, np.maximum.reduceat(above, starts)) and (least >= 0).all():
            found[number] = least[node_of].astype(np.int32)
    return found


def _at(classes: EquivalenceClasses, column: str, nodes: NDArray[np.int32]) -> EquivalenceClasses:
    """Return the classes with the values of an attribute replaced by labels above them."""
    contingency = classes.sensitive[column]
    labels, label = np.unique(nodes, return_inverse=True)
    of_entry = np.repeat(np.arange(classes.n_classes, dtype=np.int32), np.diff(contingency.offsets))
    offsets, value, n = kernels.contingency(
        of_entry,
        label[contingency.value].astype(np.int32),
        contingency.n,
        classes.n_classes,
        labels.size,
    )
    overall = np.bincount(label, contingency.overall, labels.size).astype(np.float64)
    coarse = replace(
        contingency,
        labels=tuple(str(node) for node in labels.tolist()),
        offsets=offsets,
        value=value,
        n=n,
        overall=overall,
        levels=(),
    )
    return replace(classes, sensitive=MappingProxyType({column: coarse}))


def _ranges(context: Context, column: str) -> dict[str, Figure]:
    classes = context.classes
    keys = ("smallest", "narrow", "narrow_without_singletons")
    absent = absent_values(classes, column)
    if absent is not None:
        return dict.fromkeys(keys, absent)
    table = context.release.origin or context.release.source
    numbers = original_numbers(context, column)[table.counts(column)[:-1] > 0]
    numbers = numbers[np.isfinite(numbers)]
    whole = float(numbers.max() - numbers.min()) if numbers.size else 0.0
    if not 0 < whole < np.inf:
        return dict.fromkeys(
            keys,
            NotComputed(
                reason=f"The numbers of the column {column!r} have no width in the original that "
                "a group's could be held against."
            ),
        )
    contingency = classes.sensitive[column]
    low, high = value_bounds(context, column, contingency)
    if np.isnan(low[contingency.value]).any():
        return dict.fromkeys(
            keys,
            NotComputed(reason=f"Not every released value of the column {column!r} is a number."),
        )
    filled = np.flatnonzero(np.diff(contingency.offsets))
    starts = contingency.offsets[filled]
    width = np.full(classes.n_classes, np.nan)
    width[filled] = (
        np.maximum.reduceat(high[contingency.value], starts)
        - np.minimum.reduceat(low[contingency.value], starts)
    ) / whole
    every, several = people_in(classes, column, within(width, NARROW))
    smallest = worst_class(
        width, worst="min", column=column, caveats=missing_caveats(contingency, column)
    )
    return {"smallest": smallest, "narrow": every, "narrow_without_singletons": several}
