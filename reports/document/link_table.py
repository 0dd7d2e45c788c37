"""The links between columns as one table: a line a pair and a way of measuring it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.document.model import Table
from reports.document.stand_out_tables import GAP, stage_text
from reports.wording import shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.narrative import FigureRow

LINKS = ("utility", "associations", "pairs")
_BY = {
    "pearson": "Pearson's correlation",
    "cramers_v": "Cramér's V",
    "correlation_ratio": "correlation ratio",
    "spearman": "Spearman's correlation",
}
_SHARED = "mutual_information"


def is_link(row: FigureRow) -> bool:
    """Whether a figure stands in the table of links and not in a line of its own."""
    return row.path[:3] == LINKS and len(row.path) == 6


def link_table(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    """Return how strong each pair of columns is linked, in the original and now."""
    stages = {"original": assessment.before}
    if assessment.after is not None:
        stages["now"] = assessment.after
    found = {row.path for row in rows}
    body = []
    for pair in dict.fromkeys(row.path[3:5] for row in rows):
        shared = (*LINKS, *pair, _SHARED)
        told = [name for name in _BY if (*LINKS, *pair, name) in found] or [""]
        for name in told:
            path = (*LINKS, *pair, name)
            cells = [stage_text(stage, path) for stage in stages.values()]
            first = name == told[0]  # what a pair shares stands once
            if assessment.after is not None:
                change = (*LINKS, *pair, "change")
                cells.append(stage_text(assessment.after, change) if first else "")
            cells += [stage_text(stage, shared) if first else "" for stage in stages.values()]
            columns = " – ".join(shorten(column, 40) for column in pair)
            body.append((columns if first else "", _BY.get(name, GAP), *cells))
    head = (
        "Columns",
        "Link by",
        *stages,
        *(() if len(stages) == 1 else ("change",)),
        *(f"MI, {when}" for when in stages),
    )
    others = len(head) - 2
    return Table(
        head=head,
        rows=tuple(body),
        widths=(0.3, 0.18, *((0.52 / others,) * others)),
        right=tuple(range(2, len(head))),
    )
