"""What larger classes of look-alikes cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import cannot_compare, code_losses, quality
from utility.kernels import multiply_by_code

if TYPE_CHECKING:
    from microdata.classes import EquivalenceClasses
    from microdata.measure import Context

ALL_ALIKE = NotComputed(
    reason="All records of the original table look alike already, so nothing can be lost."
)


def _sum_of_squares(classes: EquivalenceClasses) -> int:
    """Return the sum of squared class sizes in rows, as an exact integer of any size."""
    sizes = classes.size_histogram
    if classes.rows is not classes.count:
        of_rows, number = np.unique(classes.rows, return_counts=True)
        sizes = dict(zip(of_rows.tolist(), number.tolist(), strict=True))
    return sum(size * size * times for size, times in sizes.items())


@dataclass(frozen=True, kw_only=True)
class Discernibility:
    """
    How many record pairs became indistinguishable.

    DM is the sum of squared class sizes, plus n0 for each suppressed record. The figure is
    1 - (DM - DM of the original) / (n0^2 - DM of the original): ARX's discernibility quality,
    without its overflow.

    References
    ----------
    Bayardo & Agrawal (2005), Data privacy through optimal k-anonymization, ICDE.
    """

    name: ClassVar[str] = "discernibility"
    title: ClassVar[str] = "Discernibility"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Bayardo & Agrawal 2005"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure and DM itself."""
        headline: Path = ("utility", "discernibility")
        raw: Path = ("utility", "raw", "discernibility")
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={headline: reason, raw: reason})
        n0 = context.release.original_records
        value = _sum_of_squares(context.classes) + context.release.suppressed_records * n0
        best, worst = _sum_of_squares(context.original_classes), n0 * n0
        figure: Figure = ALL_ALIKE
        if best < worst:
            # Exact integers are subtracted before anything is rounded.
            figure = Estimate(value=min(1.0, max(0.0, 1.0 - (value - best) / (worst - best))))
        return MeasureResult(figures={headline: figure, raw: Estimate(value=float(value))})


@dataclass(frozen=True, kw_only=True)
class AverageClassSize:
    """
    How large the classes of look-alikes became on average.

    The raw score is n / J over the kept records. The figure is 1 - (n/J - its value in the
    original) / (n0 - its value in the original), 0 where nothing was kept. Suppressed records are
    not part of it.

    References
    ----------
    LeFevre et al. (2006), Mondrian multidimensional k-anonymity, ICDE.
    """

    name: ClassVar[str] = "average-class-size"
    title: ClassVar[str] = "Average class size"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "LeFevre et al. 2006"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure and the average itself."""
        headline: Path = ("utility", "average_class_size")
        raw: Path = ("utility", "raw", "average_class_size")
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={headline: reason, raw: reason})
        n0 = context.release.original_records
        best = n0 / context.original_classes.n_classes
        classes = context.classes
        average: Figure = NotComputed(reason="No record was kept, so there are no classes.")
        value = float(n0)
        if classes.n_classes:
            value = int(classes.rows.sum()) / classes.n_classes
            average = Estimate(value=value, caveats=("Suppressed records are left out.",))
        figure: Figure = ALL_ALIKE
        if best < n0:
            figure = Estimate(
                value=quality(value, best, float(n0)),
                caveats=("Suppressed records are left out.",),
            )
        return MeasureResult(figures={headline: figure, raw: average})


@dataclass(frozen=True, kw_only=True)
class Ambiguity:
    """
    How many different original records a released record could stand for.

    The raw score is the mean over all original records of the product of |L| over the
    quasi-identifiers; a suppressed record stands for the product of all D. The figure is
    1 - (mean - 1) / (product of all D - 1).

    References
    ----------
    Goldberger & Tassa (2010), Efficient anonymizations with enhanced utility, TDP 3(2).
    """

    name: ClassVar[str] = "ambiguity"
    title: ClassVar[str] = "Ambiguity"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Goldberger & Tassa 2010"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure and the mean itself."""
        headline: Path = ("utility", "ambiguity")
        raw: Path = ("utility", "raw", "ambiguity")
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={headline: reason, raw: reason})
        release, classes = context.release, context.classes
        every = dropped = 1.0
        product = np.ones(classes.n_classes)
        for name in context.roles.quasi_identifiers:
            leaves = float(max(1, len(release.domain(name).leaves)))
            every *= leaves
            if name not in release.columns:
                dropped *= leaves
        for place in classes.layout:
            sizes = code_losses(release, place.column).sizes
            multiply_by_code(product, classes.keys[place.word], place.shift, place.bits, sizes)
        if not np.isfinite(every):
            reason = NotComputed(
                reason="The quasi-identifiers have more combinations than a number can hold."
            )
            return MeasureResult(figures={headline: reason, raw: reason})
        n0 = release.original_records
        # Shares first: n times the product of all D may be too large for a number.
        mean = float((product * dropped) @ (classes.rows / n0))
        mean += every * (release.suppressed_records / n0)
        figure: Figure = Estimate(value=quality(mean, 1.0, every)) if every > 1.0 else ALL_ALIKE
        return MeasureResult(figures={headline: figure, raw: Estimate(value=mean)})
