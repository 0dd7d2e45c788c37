"""How many people a group of look-alikes says the wrong thing about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata import kernels
from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import cannot_compare

if TYPE_CHECKING:
    from microdata.measure import Context


@dataclass(frozen=True, kw_only=True)
class ClassificationMetric:
    """
    Share of the original records that the commonest value of their class is not true of.

    Each class says of all its records the commonest value of a sensitive attribute. A record with
    another value counts 1, and so does one that was left out or whose value says nothing; the sum
    is divided by the records of the original that have a value. In a class where two values are
    equally common one of them is the commonest: 5 and 5 count 5 of 10.

    References
    ----------
    Iyengar (2002), Transforming data to satisfy privacy constraints, KDD.
    """

    name: ClassVar[str] = "classification-metric"
    title: ClassVar[str] = "Classification metric"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Iyengar 2002"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the metric of each sensitive attribute."""
        reason = self.needs(context)
        figures: dict[Path, Figure] = {
            ("utility", "classification", name): reason or classification_metric(context, name)
            for name in context.roles.sensitive
        }
        return MeasureResult(figures=figures)


def classification_metric(context: Context, name: str) -> Figure:
    """Return the metric of one attribute over the rows of the original that have a value."""
    release = context.release
    if name not in release.columns:
        return NotComputed(reason=f"The column {name!r} is not published.")
    original = release.origin or release.source
    known = int(original.counts(name)[:-1].sum())
    if not known:
        return NotComputed(reason=f"The column {name!r} holds no values.")
    classes, column = context.classes, release.columns[name]
    # Rows, not people: a loss is over all records.
    group = classes.class_of[classes.class_of >= 0]
    offsets, _, n = kernels.contingency(
        group,
        release.codes(name).astype(np.int32),
        np.ones(group.size, np.int64),
        classes.n_classes,
        column.missing,
    )
    held = offsets[:-1][np.diff(offsets) > 0]
    right = int(np.maximum.reduceat(n, held).sum()) if held.size else 0
    base = (
        "Rows without a value in the original are left out; rows that the release leaves out "
        "count as wrong."
    )
    written = () if column.unchanged else ("By the values that the release writes.",)
    return Estimate(value=max(0.0, (known - right) / known), caveats=(base, *written))
