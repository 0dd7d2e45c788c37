"""How many values of a perturbed column are no longer the true ones, and how far off they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.numbers import NUMERIC, label_numbers, leaf_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release

BASIS = "Of the cells that hold a value in the original and in the release."
NOTHING = NotComputed(reason="No cell of the column holds a value both before and after.")
RENAMED = NotComputed(
    reason="The values of the column have new names, so they cannot be compared with the original."
)


@dataclass(frozen=True, kw_only=True)
class ChangedValues:
    """
    Share of the kept cells of each perturbed column whose value is not the original one.

    For numbers also the mean of |x' - x| / s, with s the standard deviation (n - 1) of the original
    column: sdcMicro's IL1s by cell, without its factor of the root of 2.

    References
    ----------
    Mateo-Sanz, Domingo-Ferrer & Sebé (2005), Probabilistic information loss measures in
    confidentiality protection of continuous microdata, DMKD 11(2).
    """

    name: ClassVar[str] = "changed-values"
    title: ClassVar[str] = "Values changed"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Mateo-Sanz, Domingo-Ferrer & Sebé 2005"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:  # noqa: ARG002 - protocol
        """Return None: a release without perturbed columns has no such figure."""
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures of every perturbed column."""
        release = context.release
        figures: dict[Path, Figure] = {}
        for name, column in release.columns.items():
            if not column.perturbed:
                continue
            share: Path = ("utility", "changed_values", name, "share")
            distance: Path = ("utility", "changed_values", name, "mean_change")
            numeric = release.domain(name).kind in NUMERIC
            if column.renamed:
                figures |= dict.fromkeys((share, distance) if numeric else (share,), RENAMED)
                continue
            original, released, n = _pairs(release, name)
            if not numeric:
                leaves, labels = release.domain(name).leaves, column.nodes.labels
                pairs = zip(original.tolist(), released.tolist(), strict=True)
                differ = np.array([leaves[old] != labels[new] for old, new in pairs], bool)
                figures[share] = _share(differ, n)
                continue
            before = leaf_numbers(release.domain(name), release.source.dataset.read.decimal)
            after = label_numbers(release, name)
            figures[share] = _share(before[original] != after[released], n)
            with np.errstate(over="ignore"):  # told by `_mean_change`
                moved = np.abs(after[released] - before[original])
            figures[distance] = _mean_change(release, name, before, moved, n)
        return MeasureResult(figures=figures)


def _pairs(
    release: Release, name: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Return which leaf became which label how often, open cells left out."""
    change = release.change(name)
    both = change.original < len(release.domain(name).leaves)
    both &= change.released < release.columns[name].missing
    return change.original[both], change.released[both], change.n[both]


def _share(differ: NDArray[np.bool_], n: NDArray[np.int64]) -> Figure:
    if not n.size:
        return NOTHING
    return Estimate(value=int(n[differ].sum()) / int(n.sum()), caveats=(BASIS,))


def _mean_change(
    release: Release,
    name: str,
    before: NDArray[np.float64],
    moved: NDArray[np.float64],
    n: NDArray[np.int64],
) -> Figure:
    counts = release.source.counts(name)[:-1].astype(np.float64)
    known = np.isfinite(before) & (counts > 0)
    x, weight = before[known], counts[known]
    if not n.size:
        return NOTHING
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # told below
        mean = (x @ weight) / weight.sum()
        spread = np.sqrt(((x - mean) ** 2 @ weight) / (weight.sum() - 1))
        value = float(moved @ n / n.sum() / spread)
    if not np.isfinite(value):
        return NotComputed(
            reason=f"The numbers of the column {name!r} do not vary, or are too large to average."
        )
    return Estimate(value=value, caveats=(BASIS, "In standard deviations of the original column."))
