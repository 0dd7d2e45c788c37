from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

DEMO = Path(__file__).resolve().parents[2] / "demo_data"


def test_the_recipe_found_makes_what_was_said(answer, inpatients, tmp_path):
    asked = ("suggest", *inpatients, "--require", "k-anonymity=3", "--method", "local")
    code, out = answer(*asked, "--json", "-")
    result = json.loads(out)
    assert code == 0
    assert result["method"] in {"recode_locally", "mondrian"}
    assert (result["optimal"], result["suppressed"], result["minimize"]) == (False, 0, "loss")
    assert result["smallest"] >= 3
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(result["recipe"]))
    code, out = answer("assess", *inpatients, "--recipe", recipe, "--json", "-")
    after = json.loads(out)["after"]
    assert code == 0
    assert after["classes"]["count"] == result["classes"]
    assert after["models"]["k-anonymity"] == result["smallest"]
    table = tmp_path / "release.csv"
    code, out = answer("anonymize", *inpatients, "--recipe", recipe, "--out", table)
    written = pd.read_csv(table, dtype=str)
    assert code == 0
    assert len(written) == 12
    known = json.loads((DEMO / "inpatients_roles.json").read_text())["quasi_identifiers"]
    assert written.groupby(known, dropna=False).size().min() == result["smallest"]


def test_a_person_reads_the_dangers(answer, inpatients):
    code, out = answer("suggest", *inpatients, "--require", "k-anonymity=3", "--method", "local")
    assert code == 0
    assert "a better one may exist" in out
    assert "attacks" in out


def test_nothing_admissible_is_exit_1(answer, inpatients):
    code, out = answer(
        "suggest", *inpatients, "--require", "k-anonymity=13", "--method", "local", "--json", "-"
    )
    assert code == 1
    assert json.loads(out)["recipe"] is None
