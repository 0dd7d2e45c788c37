from __future__ import annotations

import json

import pytest

from microdata.errors import PrivacyToolError
from risk.attacks import LinkageAttack, Redraw, Shift, TransposedDigits
from risk.attacks.errors import error_from_json, error_to_json

ALL = LinkageAttack(
    known=("x", "y"),
    errors={
        "x": Redraw(rate=0.1),
        "y": Shift(rate=0.2, distance=3),
        "z": TransposedDigits(rate=1.0),
    },
    missing=0.25,
    knows_rule=False,
    membership="unknown",
    n_targets=10,
    n_repeats=3,
    seed=4,
    max_known=2,
    nearest=True,
)


@pytest.mark.parametrize("attack", [LinkageAttack(), LinkageAttack(errors=0.5), ALL], ids=str)
def test_settings_are_read_as_they_were_written(attack):
    data = attack.to_json()
    assert LinkageAttack.from_json(json.loads(json.dumps(data))) == attack


def test_a_key_that_is_not_there_leaves_the_usual_setting():
    assert LinkageAttack.from_json({}) == LinkageAttack()
    assert LinkageAttack.from_json({"attacker": "value-only"}).knows_rule is False


def test_settings_are_written_in_words():
    assert ALL.to_json()["errors"]["y"] == {"model": "shift", "rate": 0.2, "distance": 3}
    assert ALL.to_json()["attacker"] == "value-only"
    assert LinkageAttack().to_json()["targets"] is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "must be an object"),
        ({"knwon": []}, "unknown keys: 'knwon'"),
        ({"register": {}}, "unknown keys: 'register'"),
        ({"known": "x"}, "a list of columns under 'known'"),
        ({"known": [1]}, "a list of columns under 'known'"),
        ({"errors": "much"}, "under 'errors'"),
        ({"errors": True}, "under 'errors'"),
        ({"errors": 2}, "between 0 and 1"),
        ({"errors": {"x": 0.1}}, "column 'x' must be an object"),
        ({"errors": {"x": {"model": "gone", "rate": 1}}}, "one of: redraw, shift, digits"),
        ({"errors": {"x": {"model": ["redraw"], "rate": 1}}}, "one of: redraw, shift, digits"),
        ({"errors": {"x": {"model": "redraw"}}}, "needs a number under 'rate'"),
        ({"errors": {"x": {"model": "redraw", "rate": 1, "distance": 1}}}, "unknown keys"),
        ({"errors": {"x": {"model": "shift", "rate": 1, "distance": 1.5}}}, "under 'distance'"),
        ({"errors": {"x": {"model": "shift", "rate": 1, "distance": 0}}}, "1 unit or more"),
        ({"errors": {1: {"model": "redraw", "rate": 1}}}, "under 'errors'"),
        ({"missing": None}, "a number under 'missing'"),
        ({"missing": float("nan")}, "between 0 and 1"),
        ({"attacker": "both"}, "'rule-aware' or 'value-only'"),
        ({"attacker": ["both"]}, "'rule-aware' or 'value-only'"),
        ({"membership": "maybe"}, "under 'membership'"),
        ({"targets": 0}, "1 person or more"),
        ({"targets": 1.0}, "a whole number or null"),
        ({"repeats": True}, "a whole number under 'repeats'"),
        ({"seed": -1}, "0 or more"),
        ({"max_known": None}, "a whole number under 'max_known'"),
        ({"nearest": 1}, "true or false"),
    ],
    ids=str,
)
def test_damaged_settings_are_refused_with_a_sentence(data, sentence):
    with pytest.raises(PrivacyToolError) as refused:
        LinkageAttack.from_json(data)
    assert sentence in str(refused.value)


def test_only_errors_with_a_name_are_saved():
    class Own:
        rate = 0.1

    with pytest.raises(TypeError):
        error_to_json(Own())
    assert error_from_json("x", {"model": "digits", "rate": 0}) == TransposedDigits(rate=0)


def test_an_attack_ends():
    with pytest.raises(PrivacyToolError, match=r"at most 1,000 times"):
        LinkageAttack.from_json({"errors": 0.1, "repeats": 10**9})
    assert LinkageAttack(n_repeats=1_000).n_repeats == 1_000
