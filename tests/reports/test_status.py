from dataclasses import replace

import pytest

from reports.status import DRAFT, document_status, remarks_on_decision, what_keeps_a_draft

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


def test_an_advice_after_the_decision_or_a_decision_in_the_future_keeps_it_a_draft(released):
    # The assessment was made on 2026-01-02; clocks differ by a day between time zones.
    late = made(released, dpo={"opinion": "could", "date": "2026-01-03"})
    (reason,) = what_keeps_a_draft(late)
    assert "before the advice" in reason
    assert document_status(made(released, dpo={"opinion": "could", "date": "2026-01-02"})) != DRAFT
    assert document_status(made(released, **decision(date="2026-01-03"))) == "APPROVED"
    (reason,) = what_keeps_a_draft(made(released, **decision(date="2026-01-04")))
    assert "after this document was made" in reason


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"dpo": {"opinion": "should_not"}}, "was not answered"),
        ({"dpo": {"opinion": "should_not", "followed": "Merged."}}, "stands in section 20"),
        ({"people": {"opinion": "should_not"}}, "view of the people"),
        (decision(date="2025-12-24"), "of 2025-12-24"),
        (decision(outcome="consultation"), "no reason"),
        ({"severity": 3}, "not acceptable"),
        ({"severity": 3}, "GDPR Article 36"),
        ({}, "questions are not answered"),
    ],
)
def test_what_differs_from_the_decision_is_told_beside_it(released, changes, word):
    told = remarks_on_decision(made(released, **changes))
    assert any(word in remark for remark in told)


def test_a_refusal_needs_no_remark_and_agreement_gets_none(released):
    refused = {"severity": 3, "dpo": {"opinion": "should_not"}} | decision(outcome="rejected")
    assert remarks_on_decision(made(released, **refused)) == ()
    agreed = " ".join(remarks_on_decision(made(released, severity=1, severity_reason="A class.")))
    assert "although" not in agreed
    assert "against" not in agreed
    assert "check that its figures" not in agreed


@pytest.mark.parametrize("day", ["", None])
def test_a_day_that_is_not_known_is_compared_with_none(released, day):
    found = made(released, dpo={"opinion": "could", "date": day})
    assert document_status(found) == "APPROVED"
