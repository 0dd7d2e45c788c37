from dataclasses import replace

import pytest

from reports.document.model import Bullets, Callout, Cell, Paragraph, Signature, Table
from reports.document.sections import build_document

DECIDED = {
    "dpo": {"name": "D. Officer", "opinion": "could", "advice": "Go on", "date": "2026-01-02"},
    "decision": {
        "outcome": "conditional",
        "conditions": "Only inside\nErase after a year",
        "name": "A. Head",
        "role": "Director",
        "date": "2026-01-03",
    },
}


def section(assessment, title):
    return next(s for s in build_document(assessment).sections if s.title == title)


def blocks(part, kind):
    return [block for block in part.blocks if isinstance(block, kind)]


@pytest.fixture
def decided(released):
    return replace(released, answers={**released.answers, **DECIDED})


def test_an_undecided_report_is_a_draft_and_says_why(released):
    assert build_document(released).status == "DRAFT"
    part = section(released, "21 Decision and signatures")
    assert [row[0].text for row in blocks(part, Table)[0].rows] == ["[ ]"] * 4
    assert blocks(part, Bullets)[0].items == (
        "The advice of the data protection officer is missing.",
        "Nothing was decided.",
    )


def test_exactly_the_chosen_outcome_is_marked_and_conditions_stand_one_a_line(decided):
    part = section(decided, "21 Decision and signatures")
    marks = [(row[0].text, row[1].text) for row in blocks(part, Table)[0].rows]
    assert [text for mark, text in marks if mark == "[x]"] == ["Approved under conditions"]
    assert blocks(part, Bullets)[0].items == ("Only inside", "Erase after a year")
    assert build_document(decided).status == "CONDITIONALLY APPROVED"


def test_who_decided_and_who_advised_stand_where_they_sign(decided, released):
    signatures = blocks(section(decided, "21 Decision and signatures"), Signature)
    assert [(one.name, one.date) for one in signatures] == [
        ("A. Head", "2026-01-03"),
        ("D. Officer", "2026-01-02"),
    ]
    empty = blocks(section(released, "21 Decision and signatures"), Signature)
    assert [one.name for one in empty] == ["", ""]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("approved", "APPROVED"),
        ("rejected", "REJECTED"),
        ("consultation", "PRIOR CONSULTATION"),
    ],
)
def test_the_status_on_every_page_is_what_people_decided(decided, outcome, status):
    decision = {**DECIDED["decision"], "outcome": outcome, "reason": "high"}
    made = replace(decided, answers={**decided.answers, "decision": decision})
    assert build_document(made).status == status
    texts = [b.text for b in blocks(section(made, "21 Decision and signatures"), Paragraph)]
    assert any("Article 36(1)" in text for text in texts) == (outcome == "consultation")


def test_a_red_residual_cell_asks_for_prior_consultation(released):
    part = section(released, "17 Risk register")
    assert "Article 36" in blocks(part, Callout)[0].text
    calm = {**released.answers, "severity": 1, "severity_reason": "Only a class exercise."}
    part = section(replace(released, answers=calm), "17 Risk register")
    assert blocks(part, Callout) == []


def test_an_answer_i_do_not_know_is_amber_and_stays_open(released):
    made = replace(released, answers={**released.answers, "legal_basis": "unknown"})
    rows = dict(blocks(section(made, "5 Purpose and legal basis"), Table)[0].rows)
    assert rows["Which law lets you do this?"] == Cell(text="! I do not know", tone="conditions")
    items = blocks(section(made, "19 Action plan"), Bullets)[0].items
    assert any("Legal basis (8)" in item for item in items if "I do not know" in item)


def test_users_own_risks_stand_in_the_register_with_their_residual_level(released):
    own = {
        "title": "Stigma for a village",
        "severity": 3,
        "likelihood": 3,
        "measures": "Villages are merged",
        "residual_severity": 2,
        "residual_likelihood": 1,
    }
    made = replace(released, answers={**released.answers, "risks": [own]})
    row = blocks(section(made, "17 Risk register"), Table)[0].rows[-1]
    assert row[1] == "Stigma for a village."
    assert row[3].text == "red: severity 3, likelihood 3"
    assert row[4].text == "green: severity 2, likelihood 1"


def test_what_differs_from_the_decision_stands_in_its_section(decided):
    advice = DECIDED["dpo"] | {"opinion": "should_not"}
    made = replace(decided, answers={**decided.answers, "dpo": advice})
    part = section(made, "21 Decision and signatures")
    told = [item for one in blocks(part, Bullets) for item in one.items]
    assert any("against the advice" in item for item in told)
    assert not any("against the advice" in str(one) for one in section(decided, part.title).blocks)
