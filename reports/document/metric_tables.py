"""The complete table of figures, in the shapes that read best: by attacker, by column, by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from microdata.measure import Path
from reports.document.link_table import is_link, link_table
from reports.document.model import Block, Bullets, Cell, Paragraph, Section, Table, Tone
from reports.document.prediction_table import is_prediction, prediction_table
from reports.document.stand_out_tables import (
    GAP,
    even_table,
    is_pivoted,
    stage_text,
    stand_out_tables,
)
from reports.figure_names import COLUMNS, JOURNALIST, PROSECUTOR, UNIQUE, UTILITY
from reports.narrative import FigureRow, caveat_lines, figure_rows, not_computed
from reports.second_opinion import NOT_ASKED, WHAT, comparison_rows, summary
from reports.stage import Stage
from reports.wording import NOT_MEASURED, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

CHANGES: dict[str, Tone] = {"better": "good", "worse": "bad"}
_OPINIONS: dict[str, Tone] = {"agrees": "good", "differs": "bad", "not comparable": "unknown"}
BY_COLUMN_TERMS = (
    "Detail kept: granularity. Precision kept: generalization intensity. Information kept: "
    "non-uniform entropy. Rows to move: total variation distance. Shape distance: Hellinger. "
    "Average shift: Wasserstein distance. In the original, what is kept is 100 % and the rest 0."
)
_ATTACKERS = ("prosecutor", "journalist")
BY_COLUMN = (
    ("by_column", "granularity", "Detail kept"),
    ("by_column", "generalization_intensity", "Precision kept"),
    ("by_column", "non_uniform_entropy", "Information kept"),
    ("distributions", "tvd", "Rows to move"),
    ("distributions", "hellinger", "Shape distance"),
    ("distributions", "w1", "Average shift"),
    ("distributions", "mean_shift", "Mean shift"),
)
OF_NUMBERS = (
    ("distributions", "ks", "Largest gap"),
    ("distributions", "sd_ratio", "Spread ratio"),
    ("distributions", "p25_shift", "Shift, 25 %"),
    ("distributions", "p50_shift", "Shift, 50 %"),
    ("distributions", "p75_shift", "Shift, 75 %"),
)
OF_NUMBERS_TERMS = (
    "Largest gap: Kolmogorov-Smirnov distance. Spread ratio: the standard deviation now over that "
    "of the original. Shifts are of the numbers below which 25, 50 and 75 % lie, in standard "
    "deviations of the original. In the original the ratio is 1 and the rest 0."
)

LINK_TERMS = (
    "0: no link; 1 (or −1 for a correlation): one tells the other. MI: mutual information, "
    "normalised: what share of what one column tells the other tells as well."
)
_PARTS = {group for group, _, _ in (*BY_COLUMN, *OF_NUMBERS)}
_NUMBER_KEYS = {(group, key) for group, key, _ in OF_NUMBERS}


def metric_sections(assessment: Assessment) -> list[Section]:
    """Return every figure that was computed, and every one that was not with its reason."""
    rows = [row for row in figure_rows(assessment) if row.obtained != "not computed"]
    by_section: dict[str, list[FigureRow]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    sections: list[Section] = []
    for title, group in by_section.items():
        if title == PROSECUTOR:
            journalist = by_section.get(JOURNALIST, [])
            pair = [*group, *(row for row in journalist if row.path[1] == "journalist")]
            sections.append(
                _section("Chance to be found, by attacker", pair, _by_attacker, assessment)
            )
        elif title == JOURNALIST and PROSECUTOR in by_section:
            rest = [row for row in group if row.path[1] != "journalist"]
            if rest:
                sections.append(_section(title, rest, figure_table, assessment))
        elif title == COLUMNS:
            sections.append(_section(title, group, _by_quasi_identifier, assessment))
        elif title == UNIQUE:
            lines = [row for row in group if not is_pivoted(row)]
            # Lines and tables are of the same measures: what limits them stands once, here.
            sections.append(_section(title, lines, figure_table, assessment))
            sections += [
                Section(title=name, level=2, blocks=(table,))
                for name, table in stand_out_tables(group, assessment)
            ]
        elif title == UTILITY:
            sections += _utility(title, group, assessment)
        else:
            sections.append(_section(title, group, figure_table, assessment))
    missing = not_computed(assessment)
    if missing:
        table = Table(
            head=("Figures", "Not computed, because"),
            rows=tuple((names, reason) for reason, names in missing),
            widths=(0.5, 0.5),
        )
        sections.append(Section(title="Not computed", level=2, blocks=(table,)))
    return sections


def _utility(title: str, group: Sequence[FigureRow], assessment: Assessment) -> list[Section]:
    """Return what the release costs: in all, by column, and by pair of columns."""
    links = [row for row in group if is_link(row)]
    models = [row for row in group if is_prediction(row)]
    parts = [row for row in group if len(row.path) == 4 and row.path[1] in _PARTS]
    whole = [row for row in group if row not in (*links, *models, *parts)]
    sections = [_section(title, whole, figure_table, assessment)] if whole else []
    numbers = [row for row in parts if (row.path[1], row.path[3]) in _NUMBER_KEYS]
    parts = [row for row in parts if row not in numbers]
    for name, rows, columns, terms in (
        ("by column", parts, BY_COLUMN, BY_COLUMN_TERMS),
        ("columns of numbers", numbers, OF_NUMBERS, OF_NUMBERS_TERMS),
    ):
        if rows and assessment.after is not None:
            section = _section(f"{title}, {name}", rows, partial(_by_column, columns), assessment)
            note = Paragraph(text=terms, style="note")
            sections.append(replace(section, blocks=(*section.blocks, note)))
    if links:
        section = _section("Links between columns", links, link_table, assessment)
        note = Paragraph(text=LINK_TERMS, style="note")
        sections.append(replace(section, blocks=(*section.blocks, note)))
    if models:
        sections.append(_section("What a model can learn", models, prediction_table, assessment))
    return sections


def second_opinion_section(assessment: Assessment) -> Section:
    """Return what another program says of the same table."""
    said = assessment.second_opinion
    if not said:
        return Section(title="Second opinion", level=2, blocks=(Paragraph(text=NOT_ASKED),))
    rows = comparison_rows(said)
    table = Table(
        head=("Figure", "This program", "pycanon", "Verdict"),
        rows=tuple(
            (row.name, row.ours, row.theirs, Cell(text=row.verdict, tone=_OPINIONS[row.verdict]))
            for row in rows
        ),
        widths=(0.46, 0.18, 0.18, 0.18),
        right=(1, 2),
    )
    reasons = tuple(dict.fromkeys(row.why for row in rows if row.verdict != "agrees"))
    blocks: list[Block] = [Paragraph(text=f"{summary(said)} {WHAT}"), table]
    if reasons:
        blocks.append(Bullets(items=reasons, small=True))
    return Section(title="Second opinion", level=2, blocks=tuple(blocks))


def _section(
    title: str,
    rows: Sequence[FigureRow],
    build: Callable[[Sequence[FigureRow], Assessment], Table],
    assessment: Assessment,
) -> Section:
    blocks: list[Block] = [build(rows, assessment)]
    caveats = caveat_lines(rows)
    if caveats:
        blocks.append(Bullets(items=caveats, small=True))
    return Section(title=title, level=2, blocks=tuple(blocks))


def figure_table(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    """Return figures as a table: what, original, now, better or worse, how obtained."""
    if assessment.after is None:
        return Table(
            head=("Figure", "Original", "Obtained"),
            rows=tuple((_label(row), _shown(row.before), row.obtained) for row in rows),
            widths=(0.58, 0.24, 0.18),
            right=(1,),
        )
    return Table(
        head=("Figure", "Original", "Now", "Change", "Obtained"),
        rows=tuple(
            (
                _label(row),
                _shown(row.before),
                _shown(row.after),
                Cell(text=row.change or GAP, tone=CHANGES.get(row.change, "plain")),
                row.obtained,
            )
            for row in rows
        ),
        widths=(0.38, 0.16, 0.16, 0.1, 0.2),
        right=(1, 2),
    )


def _label(row: FigureRow) -> str:
    """Return the plain name with the term, unless the name says it already."""
    return f"{row.name} ({row.term})" if row.term and row.term not in row.name.lower() else row.name


def _shown(text: str) -> str:
    if text.startswith("not computed"):
        return "not computed"  # its reason stands in the table at the end of the section
    return GAP if text == NOT_MEASURED else text


def _stages(assessment: Assessment) -> list[tuple[str, Stage]]:
    stages = [("original", assessment.before)]
    return stages if assessment.after is None else [*stages, ("now", assessment.after)]


def _by_attacker(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    ends = dict.fromkeys(row.path[2:] for row in rows if row.path[1] in _ATTACKERS)
    stages = _stages(assessment)
    body = tuple(
        (
            _first(rows, end).name,
            *(
                stage_text(stage, ("reidentification", attacker, *end))
                for attacker in _ATTACKERS
                for _, stage in stages
            ),
        )
        for end in ends
    )
    head = ("Figure", *(f"{who.capitalize()}, {when}" for who in _ATTACKERS for when, _ in stages))
    return even_table(head, body, first=0.34)


def _first(rows: Sequence[FigureRow], end: Path) -> FigureRow:
    return next(row for row in rows if row.path[2:] == end)


def _by_quasi_identifier(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    stages = _stages(assessment)
    keys = dict.fromkeys(row.path[2] for row in rows if len(row.path) == 3)
    titles = {
        "distinction": "Values per person (distinction)",
        "separation": "Pairs told apart (separation)",
    }
    body = tuple(
        (
            shorten(column),
            *(stage_text(stage, ("columns", column, key)) for key in keys for _, stage in stages),
        )
        for column in dict.fromkeys(row.path[1] for row in rows)
    )
    head = (
        "Column",
        *(f"{titles.get(key, key)}, {when}" for key in keys for when, _ in stages),
    )
    return even_table(head, body, first=0.28)


def _by_column(
    columns: Sequence[tuple[str, str, str]], rows: Sequence[FigureRow], assessment: Assessment
) -> Table:
    stage = assessment.shared
    have = {(row.path[1], row.path[3]) for row in rows}
    shown = [(group, key, title) for group, key, title in columns if (group, key) in have]
    shown += [
        (group, key, key.replace("_", " "))
        for group, key in sorted(have - {(group, key) for group, key, _ in columns})
    ]
    body = tuple(
        (
            shorten(column),
            *(stage_text(stage, ("utility", group, column, key)) for group, key, _ in shown),
        )
        for column in dict.fromkeys(row.path[2] for row in rows)
    )
    return even_table(("Column, now", *(title for _, _, title in shown)), body, first=0.19)
