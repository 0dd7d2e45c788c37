"""Sample uniqueness: the share of people whom nobody else in the release looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Estimate, MeasureResult, NotComputed
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.models.table_risk import SampleUniqueness


@dataclass(frozen=True, kw_only=True)
class UniqueInSample:
    """The share of people in classes of size 1."""

    name: ClassVar[str] = "sample-uniqueness"
    title: ClassVar[str] = "People who are unique in the table"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "El Emam 2013"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the share."""
        classes = context.classes
        share = SampleUniqueness(at_most=1).value(classes)
        if context.missing == "wildcard" and isinstance(share, Estimate):
            alone = int(classes.count[context.sizes == 1].sum())
            share = Estimate(value=alone / classes.n_records, caveats=(WILDCARD,))
        return MeasureResult(figures={("uniqueness", "sample"): share})
