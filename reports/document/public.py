"""The version for the public: two pages, no cell value, no rare category, no security detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.answer_tables import UNANSWERED
from reports.document.docx import write_docx
from reports.document.front import OVERALL_TONES, for_whom
from reports.document.html import write_html
from reports.document.model import (
    Block,
    Callout,
    Cell,
    Document,
    Paragraph,
    Section,
    Table,
    Tiles,
)
from reports.document.pdf import write_pdf
from reports.document.risk_sections import level_cell
from reports.document.verdicts import READING_TONES, VERDICT_CELLS, likelihood_words
from reports.headline import headline_rows, policy_size
from reports.narrative import limits_line, policy_sentence
from reports.questionnaire import BY_KEY, answer_text
from reports.register import risk_register
from reports.status import document_status
from reports.wording import format_count, shorten
from risk.criteria import criteria

if TYPE_CHECKING:
    from reports.assessment import Assessment

SUMMARY = "Public summary"
MOST_COLUMNS = 24
LONGEST = 600
LEFT_OUT = (
    "This summary leaves out security detail, free text on risks and measures, distributions of "
    f"values, and files, and shortens answers of more than {LONGEST} characters. The whole "
    "assessment is kept by the organisation named above."
)


def render_public_pdf(assessment: Assessment) -> bytes:
    """Return the public version as a PDF without attached files."""
    return write_pdf(build_public(assessment), {})


def render_public_html(assessment: Assessment) -> bytes:
    """Return the public version as one web page without attached files."""
    return write_html(build_public(assessment), {})


def render_public_docx(assessment: Assessment) -> bytes:
    """Return the public version as a Word document."""
    return write_docx(build_public(assessment), {})


def build_public(assessment: Assessment) -> Document:
    """Return the public version of an assessment as data."""
    word = assessment.overall
    called = shorten(answer_text(assessment.answers, "title"), 120)
    return Document(
        title="Privacy impact assessment",
        subtitle=f"{SUMMARY}: {called}" if called else SUMMARY,
        status=document_status(assessment),
        cover=(
            Callout(
                word=word[:1].upper() + word[1:],
                text=policy_sentence(assessment.policy, assessment.verdicts),
                tone=OVERALL_TONES.get(word, "unknown"),
            ),
        ),
        sections=(
            _what_is_shared(assessment),
            _what_was_done(assessment),
            _what_remains(assessment),
            _what_was_decided(assessment),
        ),
        made_at=assessment.made_at,
        contents=False,
    )


def _said(assessment: Assessment, *keys: str) -> list[tuple[str | Cell, ...]]:
    """Return questions that may be published with their answers."""
    rows: list[tuple[str | Cell, ...]] = []
    for key in keys:
        question = BY_KEY[key]
        if question.public and question.asked(assessment.answers):
            text = shorten(answer_text(assessment.answers, key), LONGEST)
            rows.append((question.name, text or UNANSWERED))
    return rows


def _what_is_shared(assessment: Assessment) -> Section:
    shared = assessment.shared
    left = shared.value("classes", "suppressed_records") or 0
    kept = sum(row.kept for row in assessment.attributes)
    told = format_count(assessment.dataset.records - left)
    rows: list[tuple[str | Cell, ...]] = [
        ("Size", f"{told} rows, {format_count(kept)} columns that tell something"),
        *_said(assessment, "purpose", "organisation", "audience", "recipients", "legal_basis",
               "period", "origin"),
    ]  # fmt: skip
    return Section(
        title="What is shared, by whom and for what",
        blocks=(Table(head=("What", "Answer"), rows=tuple(rows), widths=(0.28, 0.72)),),
    )


def _what_was_done(assessment: Assessment) -> Section:
    changed = [row for row in assessment.attributes if row.action != "as in the original"]
    rows = tuple((shorten(row.name), row.role, row.action) for row in changed[:MOST_COLUMNS])
    blocks: list[Block] = [
        Tiles(
            rows=headline_rows(
                assessment.before, assessment.after, size=policy_size(assessment.policy)
            ),
            released=assessment.after is not None,
        )
    ]
    if assessment.elsewhere:
        blocks.append(Paragraph(text="The release was made elsewhere; its steps are not known."))
    elif assessment.after is None:
        blocks.append(Paragraph(text="Nothing was done to the table."))
    if rows and assessment.after is not None:
        head = ("Column", "Role", "What became of it")
        blocks.append(Table(head=head, rows=rows, widths=(0.3, 0.26, 0.44)))
        if len(changed) > MOST_COLUMNS:
            rest = len(changed) - MOST_COLUMNS
            blocks.append(Paragraph(text=f"And {rest} more columns.", style="note"))
    return Section(title="What was done to protect people", blocks=tuple(blocks))


def _what_remains(assessment: Assessment) -> Section:
    risks = [risk for risk in risk_register(assessment) if risk.origin == "computed"]
    levels = tuple(
        (
            risk.title,
            level_cell(risk.severity, risk.likelihood, risk.inherent),
            level_cell(risk.residual_severity, risk.residual_likelihood, risk.residual),
        )
        for risk in risks
    )
    readings = tuple(
        (item.title, Cell(text=item.reading, tone=READING_TONES[item.reading]))
        for item in criteria(assessment.shared.figures)
    )
    rules = tuple(
        (verdict.requirement, Cell(text=VERDICT_CELLS[verdict.verdict][0],
                                   tone=VERDICT_CELLS[verdict.verdict][1]))
        for verdict in assessment.verdicts
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(text=f"Assessed for {for_whom(assessment)}. {likelihood_words(assessment)}"),
        Table(head=("Risk", "Original", "Now"), rows=levels, widths=(0.44, 0.28, 0.28)),
        Table(head=("Criterion", "Reading"), rows=readings, widths=(0.74, 0.26)),
    ]
    if rules:
        blocks.append(Table(head=("Rule", "Verdict"), rows=rules, widths=(0.74, 0.26)))
    blocks.append(Paragraph(text=limits_line(), style="note"))
    return Section(title="What remains", blocks=tuple(blocks))


def _what_was_decided(assessment: Assessment) -> Section:
    answers = assessment.answers
    decision, advice = answers.get("decision") or {}, answers.get("dpo") or {}
    fields = {part.key: part for part in BY_KEY["decision"].fields}
    decided = bool(decision.get("outcome") and decision.get("date"))
    opinion = {part.key: part for part in BY_KEY["dpo"].fields}["opinion"]
    rows: list[tuple[str | Cell, ...]] = [
        ("Decision", fields["outcome"].text(decision.get("outcome")) or UNANSWERED),
        ("Date", str(decision.get("date") or "") if decided else UNANSWERED),
        ("Data protection officer", opinion.text(advice.get("opinion")) or UNANSWERED),
        ("Conditions", _conditions(assessment)),
        *_said(assessment, "rights", "review", "review_date"),
    ]
    return Section(
        title="Decision, rights and review",
        blocks=(
            Table(head=("What", "Answer"), rows=tuple(rows), widths=(0.28, 0.72)),
            Paragraph(text=LEFT_OUT, style="note"),
        ),
    )


def _conditions(assessment: Assessment) -> str:
    decision = assessment.answers.get("decision") or {}
    lines = (line.strip() for line in str(decision.get("conditions") or "").splitlines())
    return shorten(" ".join(filter(None, lines)), LONGEST) or "none"
