"""The risk register with its matrix, the measures and the action plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.answer_tables import UNANSWERED, answer_table, record_table
from reports.document.model import Block, Bullets, Callout, Cell, Paragraph, Section, Table, Tone
from reports.document.outline import numbered
from reports.likelihood import WORDS
from reports.narrative import open_items
from reports.questionnaire import unanswered, unknown_answers
from reports.register import Risk, risk_register
from reports.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.assessment import Assessment
    from risk.matrix import Color

CELL_TONES: dict[str, Tone] = {"green": "good", "amber": "conditions", "red": "bad"}
MOST_OPEN = 12
SCALE = (
    "Severity: 1 a small nuisance, 2 a real inconvenience, 3 serious harm, 4 lasting harm; it is "
    "answered by a person, never computed. Likelihood of the first three risks is computed as "
    "appendix A says; of the others it is as the user judged it. Inherent is the original table, "
    "residual is the table that would be shared, with the measures; what binds the receiver counts "
    "in both. Status of scale and matrix: product convention, anchored on cited precedents."
)
CONSULT = (
    "With the measures a cell is still red: prior consultation of the supervisory authority, GDPR "
    "Article 36, is to be considered."
)


def register_section(assessment: Assessment) -> list[Section]:
    """Return every risk with its level before and now, the matrix, and why each level is so."""
    risks = risk_register(assessment)
    blocks: list[Block] = []
    if any(risk.residual == "red" for risk in risks):
        blocks.append(Callout(word="Still high", text=CONSULT, tone="bad"))
    blocks += [
        Paragraph(text=SCALE),
        Table(
            head=("No.", "Risk", "Kind", "Inherent", "Residual"),
            rows=tuple(_line(i, risk) for i, risk in enumerate(risks, start=1)),
            widths=(0.07, 0.42, 0.13, 0.19, 0.19),
        ),
    ]
    return [
        numbered("17", blocks),
        _matrix_section(risks, assessment),
        _details(assessment, risks),
    ]


def _line(number: int, risk: Risk) -> tuple[str | Cell, ...]:
    return (
        str(number),
        f"{risk.title}. {shorten(risk.impact, 300)}".strip(),
        f"{risk.kind}, {risk.origin}",
        level_cell(risk.severity, risk.likelihood, risk.inherent),
        level_cell(risk.residual_severity, risk.residual_likelihood, risk.residual),
    )


def level_cell(severity: int | None, likelihood: int | None, color: Color | None) -> Cell:
    """Return severity, likelihood and the colour of their cell as one table cell."""
    if severity is None and likelihood is None:
        return UNANSWERED
    told = f"severity {severity or '?'}, likelihood {likelihood or '?'}"
    if color is None:
        return Cell(text=f"{told}: no cell yet", tone="unknown")
    return Cell(text=f"{color}: {told}", tone=CELL_TONES[color])


def matrix_table(assessment: Assessment, risks: Sequence[Risk]) -> Table:
    """Return the matrix with the numbers of the risks in its cells, before and now."""
    head = ("Severity", *(f"{n} {word}" for n, word in WORDS.items()))
    rows: list[tuple[str | Cell, ...]] = []
    for level in sorted(WORDS, reverse=True):
        cells: list[str | Cell] = [f"{level} {WORDS[level]}"]
        for chance in WORDS:
            color = assessment.matrix[level - 1][chance - 1]
            here = [
                f"{when} {', '.join(numbers)}"
                for when, numbers in (
                    ("was", _numbers(risks, level, chance, residual=False)),
                    ("now", _numbers(risks, level, chance, residual=True)),
                )
                if numbers
            ]
            cells.append(Cell(text="; ".join([color, *here]), tone=CELL_TONES[color]))
        rows.append(tuple(cells))
    return Table(head=head, rows=tuple(rows), widths=(0.2, 0.2, 0.2, 0.2, 0.2))


def _matrix_section(risks: Sequence[Risk], assessment: Assessment) -> Section:
    return Section(
        title="Risk matrix",
        level=2,
        together=True,
        blocks=(
            Paragraph(
                text="Rows: severity. Columns: likelihood. The numbers are those of the register: "
                "where a risk was, and where it is with the measures. A risk whose severity or "
                "likelihood was not answered stands in no cell."
            ),
            matrix_table(assessment, risks),
        ),
    )


def _numbers(risks: Sequence[Risk], level: int, chance: int, *, residual: bool) -> list[str]:
    return [
        str(i)
        for i, risk in enumerate(risks, start=1)
        if (level, chance)
        == (
            (risk.residual_severity, risk.residual_likelihood)
            if residual
            else (risk.severity, risk.likelihood)
        )
    ]


def _details(assessment: Assessment, risks: Sequence[Risk]) -> Section:
    """Return why each level is what it is, and what makes it worse or better."""
    rows: list[tuple[str | Cell, ...]] = []
    for i, risk in enumerate(risks, start=1):
        told = " ".join(risk.reasons) or (
            "As the user judged it." if risk.severity and risk.likelihood else ""
        )
        rows.append(
            (
                str(i),
                shorten(risk.source, 300) or "–",
                told or UNANSWERED,
                _measures(risk),
            )
        )
    blocks: list[Block] = [
        Table(
            head=("No.", "Source", "Why this level now", "Measures"),
            rows=tuple(rows),
            widths=(0.07, 0.24, 0.43, 0.26),
        )
    ]
    pia = assessment.pia
    if pia["severity_reasons"]:
        blocks += [
            Paragraph(text="Severity", style="lead"),
            Bullets(items=tuple(pia["severity_reasons"])),
        ]
    factors = tuple(dict.fromkeys(factor for risk in risks for factor in risk.factors))
    if factors:
        blocks += [
            Paragraph(text="What makes the computed risks worse or better", style="lead"),
            Bullets(items=factors),
        ]
    asked = ("severity", "severity_reason", "confirmed_by", "change", "loss")
    blocks += [
        answer_table(assessment, asked),
        record_table(assessment, "risks"),
    ]
    return Section(title="Why each level is so", level=2, blocks=tuple(blocks), filled="drafted")


def _measures(risk: Risk) -> str:
    if risk.origin == "computed":
        return "Those of section 18" if risk.measures else "none named"
    return shorten("; ".join(risk.measures), 300) or "none named"


def measures_section(assessment: Assessment) -> Section:
    """Return what is done: the recipe, what binds the receiver, and the user's own measures."""
    status = "Implemented" if assessment.after is not None else "Planned"
    steps = tuple(
        (shorten(step, 300), Cell(text=f"{status} in the table assessed here", tone="good"))
        for step in assessment.recipe_text
    )
    blocks: list[Block] = []
    if steps:
        blocks.append(Table(head=("Step of the recipe", "Status"), rows=steps, widths=(0.68, 0.32)))
    else:
        blocks.append(Paragraph(text="No step was applied to the table."))
    blocks += [
        answer_table(assessment, ("controls",)),
        record_table(assessment, "measures", (0.24, 0.36, 0.18, 0.22)),
    ]
    return numbered("18", blocks)


def action_section(assessment: Assessment) -> Section:
    """Return who does what by when, and what this report lists as open."""
    blocks: list[Block] = [
        record_table(assessment, "actions", (0.26, 0.15, 0.14, 0.17, 0.12, 0.16))
    ]
    found = open_items(assessment)
    rest = len(found) - MOST_OPEN
    told = [
        ("Not answered", unanswered(assessment)),
        ("Answered with “I do not know”", unknown_answers(assessment)),
    ]
    open_ = (
        *found[:MOST_OPEN],
        *((f"And {rest} more: they stand in section 15.",) if rest > 0 else ()),
        *(f"{what}: {'; '.join(names)}." for what, names in told if names),
    )
    if open_:
        blocks += [
            Paragraph(text="What this report lists as open", style="lead"),
            Bullets(items=open_, tone="conditions"),
        ]
    return numbered("19", blocks)
