"""Who was heard, what was decided, and where people sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.answer_tables import answer_table
from reports.document.model import Block, Bullets, Cell, Paragraph, Section, Signature, Table
from reports.document.outline import numbered
from reports.questionnaire import BY_KEY
from reports.status import remarks_on_decision, what_keeps_a_draft

if TYPE_CHECKING:
    from reports.assessment import Assessment

LONGEST_SIGNED = 100
CHOSEN, EMPTY = "[x]", "[ ]"
ONLY_PEOPLE = (
    "Exactly one of four outcomes. The verdict of this tool is no decision: it says what follows "
    "from the figures and the rule that was chosen."
)


def consultation_section(assessment: Assessment) -> Section:
    """Return the advice of the data protection officer and the views of the people."""
    return numbered("20", (answer_table(assessment, ("dpo", "people")),))


def decision_section(assessment: Assessment) -> Section:
    """Return the four outcomes with the one chosen, the conditions, and places to sign."""
    decision = assessment.answers.get("decision") or {}
    advice = assessment.answers.get("dpo") or {}
    fields = {part.key: part for part in BY_KEY["decision"].fields}
    rows = tuple(
        (
            Cell(text=CHOSEN if decision.get("outcome") == key else EMPTY),
            Cell(text=text, tone="conditions" if decision.get("outcome") == key else "plain"),
        )
        for key, text in fields["outcome"].options.items()
    )
    blocks: list[Block] = [
        Paragraph(text=ONLY_PEOPLE),
        Table(head=("", "Outcome"), rows=rows, widths=(0.1, 0.9)),
    ]
    if decision.get("outcome") == "consultation":
        reason = fields["reason"].text(decision.get("reason"))
        if reason:
            blocks.append(Paragraph(text=f"Why the authority is consulted: {reason}"))
    conditions = tuple(
        line.strip() for line in str(decision.get("conditions") or "").splitlines() if line.strip()
    )
    if conditions:
        blocks += [
            Paragraph(text="Conditions", style="lead"),
            Bullets(items=conditions, tone="conditions"),
        ]
    remarks = remarks_on_decision(assessment)
    if remarks:
        blocks += [
            Paragraph(text="What to know beside the outcome", style="lead"),
            Bullets(items=remarks, tone="conditions"),
        ]
    draft = what_keeps_a_draft(assessment)
    if draft:
        blocks += [
            Paragraph(text="What keeps this document a draft", style="lead"),
            Bullets(items=draft, tone="conditions"),
        ]
    # A place to sign holds a short name; a long one stands in full before it.
    blocks += [
        Paragraph(text=f"{fields[key].name}: {decision[key]}")
        for key in ("name", "role")
        if len(str(decision.get(key) or "")) > LONGEST_SIGNED
    ]
    blocks += [
        Signature(
            label="Decision for the controller",
            name=str(decision.get("name") or ""),
            role=str(decision.get("role") or ""),
            date=str(decision.get("date") or ""),
        ),
        Signature(
            label="Advice of the data protection officer",
            name=str(advice.get("name") or ""),
            role="Data protection officer",
            date=str(advice.get("date") or ""),
        ),
    ]
    return numbered("21", blocks, new_page=True)
