"""Answers as tables: what was said, what was proposed, and what nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from reports.document.model import Block, Cell, Paragraph, Table
from reports.questionnaire import ATTESTED, BY_KEY, asked_names, questions_of
from reports.questionnaire.drafts import drafts
from reports.wording import join_names, shorten
from reports.words import WORDS

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.questionnaire import Question

UNANSWERED = Cell(text=WORDS["not_answered"], tone="conditions")
UNKNOWN = Cell(text="! I do not know", tone="conditions")
HEAD = ("Question", "Answer")
WIDTHS = (0.4, 0.6)
LONGEST_PIECE = 1000
"""A row cannot be cut by a page break, so an answer of more characters takes several rows."""
LONGEST_IN_COLUMNS = 160
Row = tuple[str, str | Cell]


def answer_table(assessment: Assessment, keys: Sequence[str]) -> Table | Paragraph:
    """Return the questions that are asked, each with its answer, a proposal, or a gap in amber."""
    rows: list[Row] = []
    for key in keys:
        question = BY_KEY[key]
        if question.asked(assessment.answers):
            rows += _rows(assessment, question)
    if not rows:
        return Paragraph(text=WORDS["not_asked"])
    return _answers(rows)


def _answers(rows: Sequence[Row]) -> Table:
    """Return rows of question and answer; a long answer goes on in rows of its own."""
    told: list[Row] = []
    for question, answer in rows:
        if isinstance(answer, Cell):
            told.append((question, answer))
            continue
        first, *rest = pieces(answer)
        told += [(question, first), *((WORDS["continued"], piece) for piece in rest)]
    return Table(head=HEAD, rows=tuple(told), widths=WIDTHS)


def pieces(text: str, most: int = LONGEST_PIECE) -> list[str]:
    """Return a text in pieces that a row can hold, nothing of it left out; at least one piece."""
    return wrap(text, most) or [text]


def left_over_note(assessment: Assessment, key: str) -> str:
    """Return which names were answered that this table does not ask for, or ""; no silent loss."""
    names = asked_names(assessment).get(key, ())
    given = assessment.answers.get(key) or {}
    left = [name for name, said in given.items() if name not in names and str(said).strip()]
    if not left:
        return ""
    return (
        f"{BY_KEY[key].name}: answers on {join_names(left, most=6)} are not printed, because they "
        "do not fit the table that would be shared. They stand in the file of answers."
    )


def _rows(assessment: Assessment, question: Question) -> list[Row]:
    value = assessment.answers.get(question.key)
    if question.kind == "by_name":
        said = value or {}
        names = asked_names(assessment).get(question.key, ())
        told = [
            (name, question.options.get(said.get(name, ""), said.get(name, ""))) for name in names
        ]
        return [
            (f"{question.name}: {shorten(name)}", _shown(text, unknown=said.get(name) == "unknown"))
            for name, text in told
        ]
    if question.kind == "record":
        given = question.record_texts(value or {})
        if not any(text for _, text in given):
            return [(question.text, UNANSWERED)]
        gaps = question.gaps(assessment.answers)
        return [
            (f"{question.name}: {name}", text or (UNANSWERED if part.key in gaps else "–"))
            for part, (name, text) in zip(question.fields, given, strict=True)
        ]
    lines = question.lines(assessment.answers)
    if lines:
        return [(question.text, _shown("; ".join(lines), unknown=value == "unknown"))]
    draft = drafts(assessment).get(question.key)
    if draft is not None:
        proposed = "; ".join(question.lines({question.key: draft.value}))
        told_of = (
            f"! Not answered. Proposed from the data and the settings: {proposed} ({draft.because})"
        )
        return [(question.text, Cell(text=told_of, tone="conditions"))]
    return [(question.text, UNANSWERED if question.needed else "–")]


def _shown(text: str, *, unknown: bool) -> str | Cell:
    if unknown:
        return UNKNOWN
    return text.strip() or UNANSWERED


def record_table(assessment: Assessment, key: str, widths: Sequence[float] = ()) -> Block:
    """Return the records of a list: a row each, or a row a field without widths or if long."""
    question = BY_KEY[key]
    if not question.asked(assessment.answers):
        return Paragraph(text=WORDS["not_asked"])
    records = assessment.answers.get(key) or ()
    if not records:
        return Paragraph(text=f"{question.name}: none was entered.")
    told = [question.record_texts(record) for record in records]
    long = any(len(text) > LONGEST_IN_COLUMNS for record in told for _, text in record)
    if long or not widths:
        return _answers(
            [
                (f"{question.name} {i}: {name}", text or "–")
                for i, record in enumerate(told, start=1)
                for name, text in record
            ]
        )
    return Table(
        head=tuple(part.name for part in question.fields),
        rows=tuple(tuple(text or "–" for _, text in record) for record in told),
        widths=tuple(widths),
    )


def attested_table(assessment: Assessment) -> list[Block]:
    """Return what only a person can say for the policy; nothing where it asks nothing."""
    asked = questions_of(assessment.policy)
    if not asked:
        return []
    said = assessment.answers.get(ATTESTED, {})
    words = {"yes": "Yes", "no": "No"}
    rows = tuple((text, words.get(said.get(key, ""), UNANSWERED)) for key, text in asked.items())
    return [Table(head=HEAD, rows=rows, widths=(0.7, 0.3))]
