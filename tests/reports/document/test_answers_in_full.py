from dataclasses import replace

import pytest

from reports.document.model import Bullets, Cell, Paragraph, Section, Table
from reports.document.public import build_public
from reports.document.sections import build_document
from reports.questionnaire import ASKED

LONG = {"line": 380, "text": 3900}


def table_cells(document):
    for part in document.sections:
        for block in part.blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    yield from (cell.text if isinstance(cell, Cell) else cell for cell in row)


def cells(document):
    """Yield every text of tables, lists and paragraphs; not what stands in a place to sign."""
    yield from table_cells(document)
    for part in document.sections:
        for block in part.blocks:
            if isinstance(block, Bullets):
                yield from block.items
            elif isinstance(block, Paragraph):
                yield block.text


def section(assessment, title) -> Section:
    return next(s for s in build_document(assessment).sections if s.title == title)


def long_answers(assessment):
    """Answer every question at length, each answer with an end of its own."""
    ends = []

    def text(kind):
        ends.append(f"END{len(ends)}END")
        return "word " * ((LONG.get(kind, 3900) - 20) // 5) + ends[-1]

    answers = {"depth": "full", "audience": "partner", "transfers": "yes"}
    for question in ASKED:
        if question.kind in {"line", "text"}:
            answers[question.key] = text(question.kind)
        elif question.kind in {"record", "list"}:
            record = {f.key: text(f.kind) for f in question.fields if f.kind in {"line", "text"}}
            answers[question.key] = record if question.kind == "record" else [record]
    answers["needed"] = {name: text("text") for name in ("age", "town")}
    return replace(assessment, answers=answers), ends


def test_the_end_of_every_long_answer_is_printed_and_no_cell_is_taller_than_a_page(released):
    made, ends = long_answers(released)
    document = build_document(made)
    printed = list(cells(document))
    told = " ".join(printed)
    assert [end for end in ends if end not in told] == []
    assert max(map(len, table_cells(document))) <= 1100
    needed = next(
        block for block in section(made, "7 Necessity and proportionality").blocks
        if isinstance(block, Table) and block.head[-1] == "Why it is needed"
    )  # fmt: skip
    assert max(len(str(row[-1])) for row in needed.rows) <= 500
    reasons = " ".join(str(row[-1]) for row in needed.rows)
    assert reasons.split() == " ".join(made.answers["needed"].values()).split()


def test_answers_on_columns_that_are_gone_are_named_and_not_lost_in_silence(released):
    said = {"age": "For the cohorts.", "gone": "It was needed.", "empty": " "}
    made = replace(released, answers={"needed": said, "grounds": {"religion": "a"}})
    notes = [
        block.text
        for title in ("7 Necessity and proportionality", "5 Purpose and legal basis")
        for block in section(made, title).blocks
        if isinstance(block, Paragraph) and "not printed" in block.text
    ]
    assert len(notes) == 2
    assert "answers on gone are not printed" in notes[0]
    assert "answers on religion are not printed" in notes[1]
    assert not any("not printed" in text for text in cells(build_document(released)))


def test_a_criterion_that_the_data_suggests_is_not_denied_in_silence(released):
    made = replace(released, answers={"triggers": ["scoring"]})
    rows = {
        row[0]: getattr(row[1], "text", row[1])
        for block in section(made, "2 Why this assessment").blocks
        if isinstance(block, Table)
        for row in block.rows
    }
    assert rows["People are evaluated or scored"] == "yes"
    assert rows["The data is sensitive or highly personal"] == (
        "! no, although the data suggests yes"
    )
    assert rows["The data is of large scale"] == "no"


def test_the_highest_risks_bear_the_numbers_of_the_register_and_of_the_matrix(released):
    made = replace(released, answers={"risks": [{"title": "X", "severity": 4, "likelihood": 4}]})
    front = section(made, "1 Executive summary")
    top = next(b for b in front.blocks if isinstance(b, Table) and b.head[0] == "No.")
    register = next(
        b for b in section(made, "17 Risk register").blocks
        if isinstance(b, Table) and b.head[0] == "No."
    )  # fmt: skip
    titles = {row[0]: row[1] for row in register.rows}
    assert top.rows[0][:2] == ("6", "X")
    assert all(titles[row[0]].startswith(row[1]) for row in top.rows)


@pytest.mark.parametrize(("outcome", "shown"), [("approved", True), (None, False)])
def test_the_public_reads_no_date_of_a_decision_that_was_not_taken(released, outcome, shown):
    decision = {"outcome": outcome, "date": "2026-01-02"} if outcome else {"date": "2026-01-02"}
    made = replace(released, answers={"decision": decision})
    assert ("2026-01-02" in set(cells(build_public(made)))) == shown


def test_the_first_page_tells_the_conditions_of_an_approval_only(released):
    decision = {"outcome": "conditional", "conditions": "No copies.\nErase in May."}
    made = replace(released, answers={"decision": decision})
    told = [b.text for b in section(made, "1 Executive summary").blocks if isinstance(b, Paragraph)]
    assert "Approved under conditions (section 21): No copies; Erase in May." in told
    made = replace(released, answers={"decision": decision | {"outcome": "approved"}})
    front = str(section(made, "1 Executive summary"))
    assert "No copies" not in front
