"""The figures on people who stand out, in the shapes that read best: by how many columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from microdata.measure import NotComputed, Path
from reports.document.model import Table
from reports.figure_names import name_figure
from reports.stage import Stage
from reports.wording import format_figure, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.narrative import FigureRow

GAP = "–"
_UNICITY = {
    "mean": "Alone, on average",
    "max": "Alone, at worst",
    "success_max": "Right guesses, at worst",
}
_BY_NAME = (("by_size", "Columns in the combination"), ("contribution_percent", "Column"))
_TITLES = {
    "by_size": "Smallest combinations that single a person out (minimal sample uniques)",
    "contribution_percent": "Part of each column in the SUDA score, in percent (over 100 in all)",
}


def stage_text(stage: Stage, path: Path) -> str:
    """Return a figure of a stage as printed; a dash where there is none."""
    figure = stage.figures.get(path)
    if figure is None or isinstance(figure, NotComputed):
        return GAP
    return format_figure(figure, name_figure(path).unit)


def is_pivoted(row: FigureRow) -> bool:
    """Whether a figure stands in one of the tables of this module and not in a line of its own."""
    return row.path[0] == "unicity" or row.path[:2] in {
        ("special_uniques", "by_size"),
        ("special_uniques", "contribution_percent"),
    }


def stand_out_tables(rows: Sequence[FigureRow], assessment: Assessment) -> list[tuple[str, Table]]:
    """Return each table with its title; those without figures are left out."""
    stages = {"original": assessment.before}
    if assessment.after is not None:
        stages["now"] = assessment.after
    tables = []
    known = _names(rows, ("unicity",), 1)
    if known:
        title = "By how many columns the attacker knows (unicity)"
        tables.append((title, _unicity(known, stages, assessment.shared)))
    for key, first in _BY_NAME:
        names = _names(rows, ("special_uniques", key), 2)
        if names:
            body = tuple(
                (
                    shorten(name),
                    *(stage_text(s, ("special_uniques", key, name)) for s in stages.values()),
                )
                for name in names
            )
            head = (first, *(when.capitalize() for when in stages))
            tables.append((_TITLES[key], even_table(head, body, first=0.4)))
    return tables


def _names(rows: Sequence[FigureRow], prefix: Path, place: int) -> list[str]:
    return list(dict.fromkeys(r.path[place] for r in rows if r.path[: len(prefix)] == prefix))


def _unicity(known: Sequence[str], stages: Mapping[str, Stage], shared: Stage) -> Table:
    head = [f"{words}, {when}" for words in _UNICITY.values() for when in stages]
    body = tuple(
        (
            m,
            *(
                stage_text(stage, ("unicity", m, key))
                for key in _UNICITY
                for stage in stages.values()
            ),
            shorten(shared.labels.get(("unicity", m, "worst_columns"), GAP), 120),
        )
        for m in known
    )
    others = len(head)
    return Table(
        head=("Columns known", *head, "Worst combination"),
        rows=body,
        widths=(0.1, *((0.62 / others,) * others), 0.28),
        right=tuple(range(1, others + 1)),
    )


def even_table(head: tuple[str, ...], body: tuple[tuple[str, ...], ...], *, first: float) -> Table:
    """Return a table whose first column takes a share and whose others are equally wide."""
    others = len(head) - 1
    return Table(
        head=head,
        rows=body,
        widths=(first, *((1 - first) / others for _ in range(others))),
        right=tuple(range(1, len(head))),
    )
