from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

import cli

DEMO = Path(__file__).resolve().parents[2] / "demo_data"
BASE = (
    *(DEMO / "inpatients.csv", "--roles", DEMO / "inpatients_roles.json"),
    *("--hierarchies", DEMO / "inpatients_hierarchies"),
)


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, _ = capsys.readouterr()
    return code, out


def test_the_recipe_found_makes_what_was_said(capsys, tmp_path):
    asked = ("suggest", *BASE, "--require", "k-anonymity=3", "--method", "local")
    code, out = run(capsys, *asked, "--json", "-")
    result = json.loads(out)
    assert code == 0
    assert result["method"] in {"recode_locally", "mondrian"}
    assert (result["optimal"], result["suppressed"], result["minimize"]) == (False, 0, "loss")
    assert result["smallest"] >= 3
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(result["recipe"]))
    code, out = run(capsys, "assess", *BASE, "--recipe", recipe, "--json", "-")
    after = json.loads(out)["after"]
    assert code == 0
    assert after["classes"]["count"] == result["classes"]
    assert after["models"]["k-anonymity"] == result["smallest"]
    table = tmp_path / "release.csv"
    code, out = run(capsys, "anonymize", *BASE, "--recipe", recipe, "--out", table)
    written = pd.read_csv(table, dtype=str)
    assert code == 0
    assert len(written) == 12
    known = json.loads((DEMO / "inpatients_roles.json").read_text())["quasi_identifiers"]
    assert written.groupby(known, dropna=False).size().min() == result["smallest"]


def test_a_person_reads_the_dangers(capsys):
    code, out = run(capsys, "suggest", *BASE, "--require", "k-anonymity=3", "--method", "local")
    assert code == 0
    assert "a better one may exist" in out
    assert "attacks" in out


def test_nothing_admissible_is_exit_1(capsys):
    code, out = run(
        capsys, "suggest", *BASE, "--require", "k-anonymity=13", "--method", "local", "--json", "-"
    )
    assert code == 1
    assert json.loads(out)["recipe"] is None
