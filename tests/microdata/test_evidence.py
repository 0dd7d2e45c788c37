from __future__ import annotations

import json

import pytest

from microdata.errors import PrivacyToolError
from microdata.evidence import Detected, Evidence, holders

COLUMN = Detected(
    column="zip",
    role="quasi-identifier",
    state="changed",
    evidence=(
        Evidence(subject="B", what="postcodes", holds="no", by_name=True, share=0.0),
        Evidence(subject="health", what="illnesses", holds="yes", share=0.985, note="a note"),
    ),
)


def test_a_record_survives_its_file():
    assert Detected.from_json(json.loads(json.dumps(COLUMN.to_json()))) == COLUMN


def test_evidence_is_told_in_words():
    place, health = COLUMN.evidence
    assert place.because == "its name says so; 0.0 % of its rows with a value fit"
    assert health.because == "98.5 % of its rows with a value fit; a note"


def test_letters_are_no_special_categories():
    assert COLUMN.special_categories == ("health",)


def test_holders_are_told_with_their_evidence():
    assert holders([COLUMN], "B", "no") == ((COLUMN, COLUMN.evidence[0]),)
    assert holders([COLUMN], "B", "yes") == holders([COLUMN], "A", "no") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "fine"},
        {"evidence": {}},
        {"evidence": [{"subject": "A"}]},
        {"free_text": "yes"},
        {"column": 3},
        {"more": 1},
    ],
)
def test_a_record_of_another_form_is_refused(change):
    data = COLUMN.to_json() | change
    with pytest.raises(PrivacyToolError, match="Make the assessment again"):
        Detected.from_json(data)
    with pytest.raises(PrivacyToolError, match="Make the assessment again"):
        Detected.from_json([])


def test_evidence_that_holds_something_else_is_refused():
    data = COLUMN.to_json()
    data["evidence"][0]["holds"] = "perhaps"
    with pytest.raises(PrivacyToolError, match="Make the assessment again"):
        Detected.from_json(data)
