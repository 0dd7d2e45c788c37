from datetime import UTC, datetime

import pytest

from reports.answered import with_answers
from reports.assessment import assess
from risk.policy import load_policy
from transforms.recipe import Recipe

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NOBODY = {
    "version": 1,
    "steps": [{"step": "suppress_records", "require": ["k-anonymity=100000"]}],
}
CHANGES = {
    "as it is": {},
    "nothing done": {"recipe": None},
    "nobody left": {"recipe": Recipe.from_json(NOBODY)},
    "no policy": {"policy": None},
    "rules for people": {"policy": load_policy("hipaa-safe-harbor")},
}
ANSWERS = (
    {},
    {"title": "x", "severity": 3, "vulnerable": "children"},
    {"tables": "yes"},
    {"versions": "yes", "tables": "yes"},
    {"audience": "partner", "controls": ["secure_room"], "motive": "low", "confirmed_by": "A"},
)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_other_answers_are_as_if_measured_with_them(case_of, changes):
    measured = assess(case_of(**changes, answers={"tables": "yes"}), now=NOW)
    policy = measured.policy
    checks = () if policy is None else policy.checks
    attested = {check.answer: "yes" for check in checks if check.check == "attested"}
    for answers in (*ANSWERS, {"attested": attested}):
        wanted = assess(case_of(**changes, answers=answers), now=NOW)
        made = with_answers(measured, answers)
        assert made.to_json() == wanted.to_json()
        assert made.shared.findings == wanted.shared.findings


def test_the_answers_are_held_apart_from_those_given(released):
    said = {"title": "x"}
    made = with_answers(released, said)
    said["title"] = "y"
    assert made.answers["title"] == "x"
