"""The second opinion as sentences and table rows, the same for screen and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.figure_names import name_figure
from reports.wording import format_count, format_value
from risk.second_opinion import Comparison

WHAT = (
    "pycanon is a program of other people. It recomputed the figures below from the table that "
    "would be shared, in a process of its own. Where it compares with the shares of the released "
    "table, ours is computed that way too; the figure of this report compares with the original."
)
NOT_ASKED = "No second opinion was asked for, or it had not finished when this was made."


@dataclass(frozen=True, kw_only=True)
class ComparisonRow:
    """One figure as printed: ours, theirs, and what follows."""

    name: str
    ours: str
    theirs: str
    verdict: Literal["agrees", "differs", "not comparable"]
    why: str


def summary(comparisons: Sequence[Comparison]) -> str:
    """Return how many figures agree, as one sentence."""
    if not comparisons:
        return NOT_ASKED
    said = [comparison.verdict for comparison in comparisons]
    agree, differ, rest = (said.count(word) for word in ("agrees", "differs", "not comparable"))
    compared = len(said) - rest
    if not compared:
        return "pycanon could not recompute any figure of this table."
    parts = [f"pycanon agrees with {format_count(agree)} of {format_count(compared)} figures"]
    if differ:
        parts.append(f"differs in {format_count(differ)}")
    if rest:
        parts.append(f"{format_count(rest)} more could not be compared")
    return f"{'; '.join(parts)}."


def comparison_rows(comparisons: Sequence[Comparison]) -> tuple[ComparisonRow, ...]:
    """Return the figures as printed, those that differ first."""
    rank = {"differs": 0, "not comparable": 1, "agrees": 2}
    return tuple(
        ComparisonRow(
            name=_name(comparison),
            ours=_text(comparison, comparison.ours),
            theirs=_text(comparison, comparison.theirs),
            verdict=comparison.verdict,
            why=comparison.why,
        )
        for comparison in sorted(comparisons, key=lambda made: rank[made.verdict])
    )


def _name(comparison: Comparison) -> str:
    name = name_figure(comparison.figure)
    return f"{name.name} ({name.term})" if name.term else name.name


def _text(comparison: Comparison, value: float | None) -> str:
    return "–" if value is None else format_value(value, name_figure(comparison.figure).unit)
