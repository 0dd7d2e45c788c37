from __future__ import annotations

import importlib.util
import json

import pytest

if importlib.util.find_spec("anjana") is None:
    pytest.skip("anjana does not run on this Python", allow_module_level=True)


def test_the_named_alternative_answers_in_the_same_form(answer, inpatients, tmp_path):
    asked = ("suggest", *inpatients, "--require", "k-anonymity=3", "--json", "-")
    code, out = answer(*asked, "--method", "anjana")
    theirs = json.loads(out)
    assert code == 0
    assert theirs["optimal"] is False
    assert theirs["smallest"] >= 3
    _, out = answer(*asked)
    ours = json.loads(out)
    assert set(ours) == set(theirs)
    assert ours["score"] <= theirs["score"] + 1e-12
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(theirs["recipe"]))
    _, out = answer("assess", *inpatients, "--recipe", recipe, "--json", "-")
    assert json.loads(out)["after"]["models"]["k-anonymity"] == theirs["smallest"]


def test_a_person_reads_what_anjana_did(answer, inpatients):
    code, out = answer("suggest", *inpatients, "--require", "k-anonymity=3", "--method", "anjana")
    assert code == 0
    assert "anjana chose these levels" in out


def test_nothing_admissible_is_exit_1(answer, inpatients):
    code, out = answer(
        "suggest", *inpatients, "--require", "k-anonymity=13", "--method", "anjana", "--json", "-"
    )
    assert code == 1
    assert json.loads(out)["transformation"] is None
