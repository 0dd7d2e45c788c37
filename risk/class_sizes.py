"""How many groups of look-alikes there are, and how large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Estimate, Figure, MeasureResult, Path
from risk.class_measures import ClassMeasure
from risk.models.base import NOTHING_RELEASED, WILDCARD


@dataclass(frozen=True, kw_only=True)
class ClassSizes(ClassMeasure):
    """Number, smallest, largest and average size of the classes, and suppressed records."""

    name: ClassVar[str] = "class-sizes"
    title: ClassVar[str] = "Groups of look-alikes"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Samarati 2001; Sweeney 2002"
    interactive: ClassVar[bool] = True

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        classes = context.classes
        caveats = () if context.missing == "own" else (WILDCARD,)
        figures: dict[Path, Figure] = {}
        values: dict[str, float | None] = dict.fromkeys(("count", "smallest", "largest", "average"))
        if classes.n_records:
            values = {
                "count": classes.n_classes,
                "smallest": int(context.sizes.min()),
                "largest": int(context.sizes.max()),
                "average": classes.n_records / classes.n_classes,
            }
        for key, value in values.items():
            figures["classes", key] = (
                NOTHING_RELEASED if value is None else Estimate(value=value, caveats=caveats)
            )
        figures["classes", "suppressed_records"] = Estimate(
            value=context.release.suppressed_records
        )
        return MeasureResult(figures=figures, by_class=classes.count.astype(float))
