"""What the law and the templates ask for, and where this report answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microdata.safe_harbor import HIPAA_CLASSES
from reports.document.model import Cell, Paragraph, Section, Table, Tone
from reports.exchange.edpb import EDPB, edpb_rows
from reports.questionnaire import (
    BY_KEY,
    asked_names,
    label,
    missing_questions,
    unknown_answers,
)
from reports.wording import join_names
from risk.checklist import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.assessment import Assessment

GDPR: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("(a)", "The processing and its purposes, described systematically", "3, 4, 5, 6, 8",
     ("purpose", "audience", "recipients", "organisation", "storage", "origin")),
    ("(b)", "Necessity and proportionality", "5, 7",
     ("legal_basis", "legal_reason", "grounds", "needed", "alternatives", "proportionate")),
    ("(c)", "The risks to the rights and freedoms of people", "9, 10, 14, 17",
     ("severity", "acquaintance", "other_lists", "change", "loss")),
    ("(d)", "The measures against the risks", "12, 16, 18, 19",
     ("controls", "rights", "actions", "transfers", "transfers_how")),
)  # fmt: skip
GDPR_NOTE = (
    "Where this report answers what GDPR Article 35(7) asks for. Answered means that something was "
    "written, not that it is enough."
)
HIPAA_NOTE = (
    "The classes of identifiers of 45 CFR 164.514(b)(2)(i), looked for in the names and values of "
    "the columns that would be shared. Not found is no proof: a person must look. Safe Harbor also "
    "asks for no actual knowledge that somebody could be identified."
)
_EDPB_TONES: dict[str, Tone] = {
    "answered": "good",
    "in part": "conditions",
    "not answered": "conditions",
}
_HIPAA_WORDS: dict[str, tuple[str, Tone]] = {
    "met": ("✓ not found", "good"),
    "not met": ("× found", "bad"),
    "not computed": ("? unclear", "unknown"),
}


def coverage_sections(assessment: Assessment) -> tuple[Section, ...]:
    """Return the tables on GDPR Article 35(7), HIPAA's identifiers and the EDPB's template."""
    return (_gdpr(assessment), _hipaa(assessment), _edpb(assessment))


def _gdpr(assessment: Assessment) -> Section:
    rows = tuple(
        (letter, what, where, _state(assessment, keys)) for letter, what, where, keys in GDPR
    )
    return Section(
        title="GDPR Article 35(7)",
        level=2,
        blocks=(
            Paragraph(text=GDPR_NOTE),
            Table(
                head=("Letter", "What is asked for", "Sections", "State"),
                rows=rows,
                widths=(0.08, 0.34, 0.18, 0.4),
            ),
        ),
    )


def _state(assessment: Assessment, keys: Sequence[str]) -> Cell:
    """Return what is open of some questions: silent, unknown, or left out by the short form."""
    answers, names = assessment.answers, asked_names(assessment)
    silent, unknown = missing_questions(assessment), unknown_answers(assessment)
    gaps: dict[str, list[str]] = {"Not answered": [], "Not known": [], "Not in the short form": []}
    for question in map(BY_KEY.__getitem__, keys):
        arises = question.when is None or question.when(answers)
        if question in silent:
            gaps["Not answered"].append(label(question))
        elif label(question) in unknown:
            gaps["Not known"].append(label(question))
        elif arises and names.get(question.key, ("all",)) and not question.asked(answers):
            gaps["Not in the short form"].append(label(question))
    told = [f"{what}: {join_names(open_, most=4)}" for what, open_ in gaps.items() if open_]
    if told:
        return Cell(text=f"! {'. '.join(told)}", tone="conditions")
    return Cell(text="✓ answered", tone="good")


def _hipaa(assessment: Assessment) -> Section:
    rows = []
    for letter, words in HIPAA_CLASSES.items():
        check = Check(check="hipaa-class", hipaa_class=letter, title=words, why="")
        ruling, why = check.judge({}, assessment.detected, {})
        text, tone = _HIPAA_WORDS[ruling]
        rows.append((letter, words, Cell(text=text, tone=tone), "–" if ruling == "met" else why))
    return Section(
        title="The 18 identifiers of HIPAA Safe Harbor",
        level=2,
        blocks=(
            Paragraph(text=HIPAA_NOTE),
            Table(
                head=("Class", "Identifier", "Released columns", "Because"),
                rows=tuple(rows),
                widths=(0.08, 0.34, 0.17, 0.41),
            ),
        ),
    )


def _edpb(assessment: Assessment) -> Section:
    read = f"Source read on {EDPB.verified_on}." if EDPB.verified_on else "Source not re-read."
    marks = {"answered": "✓", "in part": "!", "not answered": "!"}
    rows = tuple(
        (
            row.field,
            row.title,
            ", ".join(row.sections) or "none",
            Cell(text=f"{marks[row.state]} {row.state}", tone=_EDPB_TONES[row.state]),
        )
        for row in edpb_rows(assessment)
    )
    return Section(
        title="The EDPB's template",
        level=2,
        blocks=(
            Paragraph(
                text=f"{EDPB.name}, edition {EDPB.edition} ({EDPB.status}). {read} "
                f"{EDPB.acknowledgement} {EDPB.note}"
            ),
            Table(
                head=("Field", "What it asks for", "Sections", "State"),
                rows=rows,
                widths=(0.09, 0.53, 0.18, 0.2),
            ),
        ),
    )
