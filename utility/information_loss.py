"""What generalising and suppressing cost, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar, Literal

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import ALL_CONSTANT, CONSTANT, all_cells, cannot_compare, quality

if TYPE_CHECKING:
    from microdata.measure import Context

_BY_ROWS = "By the leaves below each released value, as the hierarchies and the data declare them."


@dataclass(frozen=True, kw_only=True)
class Granularity:
    """
    How fine the released values still are.

    For column i, x_i is the mean over all original records of |L| / D_i: the share of the domain
    that the released value covers, 1 for a suppressed cell or record or a dropped column. The
    figure is 1 - (mean x - mean 1/D) / (1 - mean 1/D), with means over columns: ARX's granularity
    quality. The raw scores are the mean share, Iyengar's loss (|L| - 1) / (D - 1) and GCP, the mean
    of NCP, which is |L| / D and 0 for a single value.

    References
    ----------
    Iyengar (2002), Transforming data to satisfy privacy constraints, KDD. Xu et al. (2006),
    Utility-based anonymization using local recoding, KDD.
    """

    name: ClassVar[str] = "granularity"
    title: ClassVar[str] = "Granularity"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Iyengar 2002; Xu et al. 2006"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure, by column and over all quasi-identifiers, and the raw scores."""
        raw: dict[str, Path] = {
            name: ("utility", "raw", name) for name in ("mean_share", "gcp", "iyengar")
        }
        headline: Path = ("utility", "granularity")
        columns = self.needs(context) or all_cells(context)
        if isinstance(columns, NotComputed):
            return MeasureResult(figures=dict.fromkeys((headline, *raw.values()), columns))
        shares = [cells.share for cells in columns]
        finest = [1.0 / max(1, cells.leaves) for cells in columns]
        figures: dict[Path, Figure] = {
            headline: _quality(fmean(shares), fmean(finest), ALL_CONSTANT),
            raw["mean_share"]: Estimate(value=fmean(shares), caveats=(_BY_ROWS,)),
            raw["gcp"]: Estimate(value=fmean(c.ncp for c in columns)),
            raw["iyengar"]: Estimate(value=fmean(c.iyengar for c in columns)),
        }
        for cells, share, best in zip(columns, shares, finest, strict=True):
            path = ("utility", "by_column", cells.column, "granularity")
            figures[path] = _quality(share, best, CONSTANT)
        return MeasureResult(figures=figures)


def _quality(share: float, finest: float, constant: NotComputed) -> Figure:
    if finest >= 1.0:
        return constant
    return Estimate(value=quality(share, finest, 1.0), caveats=(_BY_ROWS,))


@dataclass(frozen=True, kw_only=True)
class GeneralizationIntensity:
    """
    How far up its hierarchy each value was taken.

    For column i, x_i is the mean over all original records of level / height, where the level is
    the first at which the released label occurs and a suppressed cell or record or a dropped column
    counts 1. The figure is 1 - mean x over columns: ARX's generalisation intensity, and Sweeney's
    Prec. The raw score is the precision loss, mean x.

    References
    ----------
    Sweeney (2002), Achieving k-anonymity privacy protection using generalization and suppression.
    """

    name: ClassVar[str] = "generalization-intensity"
    title: ClassVar[str] = "Generalisation intensity"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Sweeney 2002"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure, by column and over all quasi-identifiers, and the precision loss."""
        headline: Path = ("utility", "generalization_intensity")
        raw: Path = ("utility", "raw", "precision_loss")
        columns = self.needs(context) or all_cells(context)
        if isinstance(columns, NotComputed):
            return MeasureResult(figures=dict.fromkeys((headline, raw), columns))
        losses: list[float] = []
        figures: dict[Path, Figure] = {}
        unknown: NotComputed | None = None
        for cells in columns:
            path = ("utility", "by_column", cells.column, "generalization_intensity")
            if isinstance(cells.level, NotComputed):
                figures[path] = unknown = cells.level
                continue
            losses.append(cells.level)
            figures[path] = Estimate(value=quality(cells.level, 0.0, 1.0))
        loss = fmean(losses) if losses else 1.0
        figures[headline] = unknown or Estimate(value=quality(loss, 0.0, 1.0))
        figures[raw] = unknown or Estimate(value=loss)
        return MeasureResult(figures=figures)
