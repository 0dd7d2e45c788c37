"""The links between columns as one table: a line a pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from microdata.measure import Path
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
}
_BESIDE = {"spearman": "Spearman", "mutual_information": "Mutual information"}


def is_link(row: FigureRow) -> bool:
    """Whether a figure stands in the table of links and not in a line of its own."""
    return row.path[:3] == LINKS and len(row.path) == 6


def link_table(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    """Return how strong each pair of columns is linked, in the original and now."""
    names: dict[Path, list[str]] = {}
    for row in rows:
        names.setdefault(row.path[3:5], []).append(row.path[5])
    stages = {"original": assessment.before}
    if assessment.after is not None:
        stages["now"] = assessment.after
    have = {name for found in names.values() for name in found}
    beside = [name for name in _BESIDE if name in have]
    head = (
        "Columns",
        "Link by",
        *(f"Link, {when}" for when in stages),
        *(("Change",) if assessment.after is not None else ()),
        *(f"{_BESIDE[name]}, {when}" for name in beside for when in stages),
    )
    body = []
    for pair, found in names.items():
        told = next((name for name in _BY if name in found), "")
        at = (*LINKS, *pair)
        cells = [stage_text(stage, (*at, told)) for stage in stages.values()]
        if assessment.after is not None:
            cells.append(stage_text(assessment.after, (*at, "change")))
        cells += [stage_text(stage, (*at, name)) for name in beside for stage in stages.values()]
        body.append((" – ".join(shorten(name, 40) for name in pair), _BY.get(told, GAP), *cells))
    others = len(head) - 2
    return Table(
        head=head,
        rows=tuple(body),
        widths=(0.24, 0.14, *((0.62 / others,) * others)),
        right=tuple(range(2, len(head))),
    )
