"""How many records and cells are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from microdata.measure import Estimate, Figure, Finding, MeasureResult, NotComputed, Path
from utility.cells import all_cells, cannot_compare

if TYPE_CHECKING:
    from microdata.measure import Context


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """
    Share of the original records that were left out, and share of cells that say nothing.

    A cell of a quasi-identifier says nothing where it is ``*``, where it covers the whole domain,
    where its record was left out, or where its column was dropped.
    """

    name: ClassVar[str] = "suppression"
    title: ClassVar[str] = "Suppression"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Samarati 2001"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:  # noqa: ARG002 - protocol
        """Return None: records can always be counted."""
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute both shares; an empty release is a finding."""
        records: Path = ("utility", "suppression", "records")
        share: Path = ("utility", "suppression", "cells")
        release = context.release
        figures: dict[Path, Figure] = {
            records: Estimate(value=release.suppressed_records / release.original_records)
        }
        columns = cannot_compare(context) or all_cells(context)
        if isinstance(columns, NotComputed):
            figures[share] = columns
        else:
            gone = sum(cells.silent for cells in columns)
            figures[share] = Estimate(value=gone / sum(cells.n_original for cells in columns))
        findings: tuple[Finding, ...] = ()
        if not release.released_records:
            findings = (
                Finding(
                    code="empty-release",
                    severity="serious",
                    message="Every record is left out, so nothing is released. Generalise more "
                    "before records are left out, or require less.",
                ),
            )
        return MeasureResult(figures=figures, findings=findings)
