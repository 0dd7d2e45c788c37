from __future__ import annotations

import pytest

from microdata.errors import PrivacyToolError
from microdata.evidence import AGES, ZIP3, Detected, Evidence
from risk.checklist import Check
from risk.policy import Policy


def column(name, *evidence, free_text=False):
    return Detected(
        column=name,
        role="insensitive",
        state="as in the original",
        free_text=free_text,
        evidence=evidence,
    )


def item(subject, holds, share=None):
    return Evidence(subject=subject, what="something", holds=holds, by_name=True, share=share)


PLAIN = column("colour")
EMAIL = Check(check="hipaa-class", hipaa_class="F", title="No e-mail")


def test_a_column_that_holds_it_fails_the_check_with_the_evidence():
    verdict, why = EMAIL.judge({}, (PLAIN, column("contact", item("F", "yes", 0.5))), {})
    assert verdict == "not met"
    assert why == (
        "The column 'contact' seems to hold something: its name says so; 50.0 % of its rows with "
        "a value fit"
    )


def test_what_is_unclear_is_not_computed_and_never_outweighs_what_is_held():
    unclear, held = column("a", item("F", "unclear")), column("b", item("F", "yes"))
    assert EMAIL.judge({}, (PLAIN, unclear), {})[0] == "not computed"
    assert EMAIL.judge({}, (unclear, held), {})[0] == "not met"


def test_what_is_not_found_is_met_and_no_proof():
    verdict, why = EMAIL.judge({}, (PLAIN, column("a", item("F", "no"), item("A", "yes"))), {})
    assert verdict == "met"
    assert "e-mail addresses" in why
    assert "which is no proof" in why


def test_free_text_leaves_every_class_open():
    verdict, why = EMAIL.judge({}, (PLAIN, column("remark", free_text=True)), {})
    assert verdict == "not computed"
    assert "'remark'" in why


def test_without_columns_nothing_is_said_of_them():
    for check in (
        EMAIL,
        Check(check="zip3", title="ZIP"),
        Check(check="ages-over-89", title="Ages"),
    ):
        assert check.judge({}, (), {})[0] == "not computed"


def test_ages_and_small_areas_have_their_own_evidence():
    columns = (column("age", item(AGES, "yes")), column("zip", item(ZIP3, "no")))
    assert Check(check="ages-over-89", title="Ages").judge({}, columns, {})[0] == "not met"
    verdict, why = Check(check="zip3", title="ZIP").judge({}, columns, {})
    assert verdict == "met"
    assert "census of 2000 and was not read again" in why


def test_many_columns_are_told_by_three_and_a_number():
    columns = tuple(column(f"c{i}", item("F", "yes")) for i in range(7))
    why = EMAIL.judge({}, columns, {})[1]
    assert why.count("The column") == 3
    assert why.endswith("So it is with 4 more columns")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("yes", "met"),
        (" Yes ", "met"),
        (True, "met"),
        ("no", "not met"),
        (False, "not met"),
        ("", "not computed"),
        (None, "not computed"),
        ("yes, but", "not computed"),
        (1, "not computed"),
    ],
)
def test_only_a_plain_answer_counts(answer, verdict):
    check = Check(check="attested", question="Is it so?", answer="so", title="So")
    given, why = check.judge({}, (PLAIN,), {"so": answer})
    assert given == verdict
    assert ("Is it so?" in why) is (verdict == "not computed")
    assert check.judge({}, (PLAIN,), {})[0] == "not computed"


def policy_with(rule):
    return {
        "id": "own",
        "title": "Own",
        "source": {"title": "Board"},
        "status": "convention",
        "requirements": [rule],
    }


@pytest.mark.parametrize(
    "rule",
    [
        {"check": "hipaa-class", "class": "R", "title": "x", "why": "y"},
        {"check": "ages-over-89", "title": "x", "why": ""},
        {"check": "zip3", "title": "x", "why": ""},
        {"check": "attested", "question": "q?", "answer": "a", "title": "x", "why": ""},
        {"check": "criterion", "criterion": "inference", "title": "x", "why": ""},
    ],
)
def test_every_kind_survives_its_file(rule):
    assert Policy.from_json(policy_with(rule)).to_json()["requirements"] == [rule]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"check": "magic", "title": "x"}, "unknown 'check'"),
        ({"check": ["zip3"], "title": "x"}, "unknown 'check'"),
        ({"check": "zip3"}, "'title'"),
        ({"check": "zip3", "title": "x", "class": "A"}, "cannot have the key 'class'"),
        ({"check": "hipaa-class", "title": "x"}, "needs the key 'class'"),
        ({"check": "hipaa-class", "class": "S", "title": "x"}, "unknown 'class'"),
        ({"check": "hipaa-class", "class": 3, "title": "x"}, "needs text for 'class'"),
        ({"check": "criterion", "criterion": "luck", "title": "x"}, "unknown 'criterion'"),
        ({"check": "attested", "question": "q?", "title": "x"}, "needs the key 'answer'"),
        ({"check": "zip3", "title": "x", "at_least": 3}, "unknown keys: 'at_least'"),
    ],
)
def test_a_check_of_another_form_is_refused(rule, message):
    with pytest.raises(PrivacyToolError, match=message):
        Policy.from_json(policy_with(rule))
