"""The first pages: what it is, what it says in thirty seconds, and what is still open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.document.answer_tables import UNANSWERED
from reports.document.model import (
    Block,
    Bullets,
    Callout,
    Cell,
    Paragraph,
    Section,
    Table,
    Tiles,
    Tone,
)
from reports.document.outline import numbered
from reports.document.risk_sections import level_cell, matrix_table
from reports.document.verdicts import likelihood_words
from reports.headline import headline_rows, policy_size
from reports.narrative import limits_line, open_items, overall_reason, risk_sentence
from reports.questionnaire import BY_KEY, answer_text, unanswered
from reports.register import risk_register, worst_first
from reports.sensitivity import driver_sentence, fragile_sentence
from reports.wording import as_clause, format_count, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

OVERALL_TONES: dict[str, Tone] = {
    "not acceptable": "bad",
    "acceptable with conditions": "conditions",
    "acceptable on the computed evidence": "good",
    "no policy chosen": "unknown",
}
MOST_OPEN_ITEMS = 4
MOST_RISKS = 3
MOST_WITH_MATRIX = 3
MOST_SILENT = 12
LONGEST_CONDITIONS = 300


def file_name(name: str) -> str:
    """Return the last part of a file's name: folders say where it lies on someone's computer."""
    return shorten(name.replace("\\", "/").rsplit("/", 1)[-1]) or "table"


def verdict_band(assessment: Assessment) -> Callout:
    """Return the verdict on the computed evidence, with why."""
    word = assessment.overall
    said = risk_sentence(assessment.shared, assessment.roles.quasi_identifiers)
    return Callout(
        word=word[:1].upper() + word[1:],
        text=f"{said} {overall_reason(assessment)}".strip(),
        tone=OVERALL_TONES.get(word, "unknown"),
    )


def cover(assessment: Assessment) -> tuple[Block, ...]:
    """Return the verdict and the facts of the first page."""
    policy = assessment.policy
    rows, columns = assessment.dataset.records, assessment.dataset.columns
    own = [
        shorten(answer_text(assessment.answers, key), 60)
        for key in ("reference", "version", "classification")
    ]
    facts = (
        ("Table", f"{format_count(rows)} rows, {format_count(columns)} columns"),
        *_answered(assessment, "Organisation", "organisation"),
        *_answered(assessment, "Author", "author"),
        *([("Filed as", "; ".join(filter(None, own)))] if any(own) else []),
        ("Policy", policy.title if policy else "none chosen"),
        ("Assessed", _stage_words(assessment)),
        ("Identifiability for", for_whom(assessment)),
        ("Fingerprint", assessment.dataset.content_sha256[:12] or "none"),
        ("Made", f"{assessment.made_at} with Privascope "
                 f"{assessment.versions.get('privascope', '')}".strip()),
    )  # fmt: skip
    band = verdict_band(assessment)
    said = risk_sentence(assessment.shared, assessment.roles.quasi_identifiers)
    return (
        replace(band, text=said),
        Table(head=("Document", ""), rows=facts, widths=(0.22, 0.78)),
    )


def for_whom(assessment: Assessment) -> str:
    """Return for whom identifiability was assessed: it depends on who holds the data."""
    audience = answer_text(assessment.answers, "audience")
    named = shorten(answer_text(assessment.answers, "recipients"), 80)
    if assessment.answers.get("audience") == "public":
        return "anyone, because the release is public"
    if not audience:
        return "whoever knows the quasi-identifiers; the recipients were not answered"
    told = f"{as_clause(audience)}{f': {named}' if named else ''}"
    return f"{told}, who knows the quasi-identifiers"


def _answered(assessment: Assessment, name: str, key: str) -> list[tuple[str, str | Cell]]:
    """Return the line of an answer; none where this form of the assessment does not ask."""
    if not BY_KEY[key].asked(assessment.answers):
        return []
    return [(name, shorten(answer_text(assessment.answers, key), 120) or UNANSWERED)]


def _stage_words(assessment: Assessment) -> str:
    if assessment.elsewhere:
        return f"the original, and the release {file_name(assessment.elsewhere)} made elsewhere"
    if assessment.after is not None:
        return "the original, and the release that the recipe makes of it"
    return "the original alone: nothing was done to the table"


def summary(assessment: Assessment) -> Section:
    """Return the page for somebody who reads one page."""
    opened, silent = open_items(assessment), unanswered(assessment)
    blocks: list[Block] = [
        verdict_band(assessment),
        Tiles(
            rows=headline_rows(
                assessment.before, assessment.after, size=policy_size(assessment.policy)
            ),
            released=assessment.after is not None,
        ),
        Paragraph(text=likelihood_words(assessment)),
        *_what_matters(assessment),
        *_top_risks(assessment),
        *_conditions(assessment),
    ]
    if opened:
        shown = opened[:MOST_OPEN_ITEMS]
        rest = len(opened) - len(shown)
        others = (f"And {rest} more: see sections 15 and 19.",) if rest else ()
        blocks += [
            Paragraph(text="Open before a decision", style="lead"),
            Bullets(items=(*(shorten(item, 260) for item in shown), *others), tone="bad"),
        ]
    if silent:
        names = "; ".join(shorten(name, 60) for name in silent)
        blocks.append(
            Callout(
                word=f"{len(silent)} question{'s' if len(silent) > 1 else ''} not answered",
                text=f"{names}. They stand in amber where they belong: silence is not approval.",
                tone="conditions",
            )
        )
    blocks.append(Paragraph(text=limits_line(), style="note"))
    return numbered("1", blocks, new_page=True)


def _what_matters(assessment: Assessment) -> list[Block]:
    """Return which column drives the risk, and which one must stay unknown."""
    found = assessment.sensitivity
    sentences = [text for text in (driver_sentence(found), fragile_sentence(found)) if text]
    return [Paragraph(text=" ".join(sentences))] if sentences else []


def _conditions(assessment: Assessment) -> list[Block]:
    """Return under which conditions it was approved; section 21 holds them in full."""
    decision = assessment.answers.get("decision") or {}
    said = str(decision.get("conditions") or "")
    if decision.get("outcome") != "conditional" or not said.strip():
        return []
    lines = "; ".join(line.strip().rstrip(".") for line in said.splitlines() if line.strip())
    told = f"Approved under conditions (section 21): {shorten(lines, LONGEST_CONDITIONS)}."
    return [Paragraph(text=told)]


def _top_risks(assessment: Assessment) -> list[Block]:
    """Return the worst risks of the register, before and now."""
    register = risk_register(assessment)
    rows = tuple(
        (
            # As the matrix below and section 17 count them.
            str(register.index(risk) + 1),
            risk.title,
            level_cell(risk.severity, risk.likelihood, risk.inherent),
            level_cell(risk.residual_severity, risk.residual_likelihood, risk.residual),
        )
        for risk in worst_first(register)[:MOST_RISKS]
    )
    head = (
        "No.", "Highest risks of the register (section 17)", "Original", "Now, with the measures",
    )  # fmt: skip
    table = Table(head=head, rows=rows, widths=(0.05, 0.35, 0.29, 0.31))
    opened, silent = open_items(assessment), unanswered(assessment)
    if len(opened) > MOST_WITH_MATRIX or len(silent) > MOST_SILENT:
        return [table]  # what is missing takes its room, and section 17 shows it
    # The three computed ones: those of the user stand in section 17.
    return [table, matrix_table(assessment, register[:MOST_RISKS])]
