from dataclasses import replace

import pytest

from reports.status import DRAFT, document_status, what_keeps_a_draft

DECIDED = {
    "dpo": {"opinion": "could"},
    "decision": {"outcome": "approved", "name": "A. Person", "date": "2026-01-02"},
}


def made(released, **changes):
    return replace(released, answers={**DECIDED, **changes})


def decision(**changes):
    return {"decision": {**DECIDED["decision"], **changes}}


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("approved", "APPROVED"),
        ("conditional", "CONDITIONALLY APPROVED"),
        ("rejected", "REJECTED"),
        ("consultation", "PRIOR CONSULTATION"),
    ],
)
def test_a_named_decision_after_the_advice_is_the_status(released, outcome, word):
    found = made(released, **decision(outcome=outcome, conditions="No copies."))
    assert what_keeps_a_draft(found) == ()
    assert document_status(found) == word


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"dpo": {}}, "data protection officer"),
        ({"dpo": {"advice": "Fine."}}, "data protection officer"),
        ({"decision": {}}, "Nothing was decided"),
        (decision(name="  "), "no name and date"),
        (decision(date=""), "no name and date"),
        (decision(outcome="conditional"), "no condition"),
        (decision(outcome="conditional", conditions=" \n"), "no condition"),
        ({"depth": "teaching"}, "teaching"),
    ],
)
def test_what_is_missing_keeps_it_a_draft_and_is_told(released, changes, word):
    found = made(released, **changes)
    assert document_status(found) == DRAFT
    (reason,) = what_keeps_a_draft(found)
    assert word in reason


def test_without_an_answer_it_is_a_draft(released):
    empty = replace(released, answers={})
    assert document_status(empty) == DRAFT
    assert len(what_keeps_a_draft(empty)) == 2
