from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from microdata.dataset import ReadOptions
from microdata.roles import Roles
from transforms.recipe import Recipe
from transforms.script import to_script
from transforms.steps import DropColumn, Pseudonymize, ShuffleRows

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo_data"
STEPS = {
    "inpatients": [
        {"step": "generalize", "levels": {"age": 1, "zip": 1}},
        {"step": "sample_records", "share": 0.9},
        {"step": "suppress_records", "require": ["k-anonymity=2"]},
        {"step": "shuffle_rows"},
    ],
    "school": [
        {"step": "drop_column", "columns": ["class"]},
        {"step": "mask", "columns": ["postcode"], "what": "all_but_first", "keep": 2},
        {"step": "sample_records", "count": 50},
        {"step": "shuffle_rows"},
    ],
}


def constants(script):
    """Return the constants of a script, without running it."""
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign)
    }


def run(script, folder):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", STEPS)
def test_the_script_writes_what_the_command_line_writes(tmp_path, name):
    recipe, there, here = tmp_path / "recipe.json", tmp_path / "there", tmp_path / "here"
    recipe.write_text(json.dumps({"version": 1, "steps": STEPS[name]}))
    there.mkdir()
    here.mkdir()
    hierarchies = f"{name}_hierarchies"
    code = cli.main(
        [
            *("anonymize", str(DEMO / f"{name}.csv"), "--roles", str(DEMO / f"{name}_roles.json")),
            *("--hierarchies", str(DEMO / hierarchies), "--recipe", str(recipe), "--seed", "11"),
            *("--out", str(there / "out.csv"), "--script", str(here / "again.py")),
            *("--json", str(there / "result.json")),
        ]
    )
    assert code == 0
    shutil.copy(DEMO / f"{name}.csv", here)
    shutil.copytree(DEMO / hierarchies, here / hierarchies)
    found = run(here / "again.py", tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert (here / "out.csv").read_bytes() == (there / "out.csv").read_bytes()
    script = (here / "again.py").read_text("utf-8")
    assert str(ROOT) not in script
    assert str(tmp_path) not in script


def test_it_holds_what_it_was_given_and_hostile_names_stay_text():
    names = ['quo"te', "apo'strophe", "back\\slash", "new\nline", '"""', "{x}", "half \ud800", "🏥"]
    recipe = Recipe(steps=(DropColumn(columns=tuple(names)),))
    roles = Roles.from_json({"quasi_identifiers": names})
    read = ReadOptions(format="csv", missing=(), text_columns=("new\nline",))
    script = to_script(recipe, roles, names, 5, 'a"b\nc.csv', read=read, hierarchies_folder="h'h")
    script.encode("utf-8")
    held = constants(script)
    assert held["DATA"] == 'a"b\nc.csv'
    assert held["HIERARCHIES"] == "h'h"
    assert held["SEED"] == 5
    assert ReadOptions.from_json(held["READ"]) == read
    assert Roles.from_json(held["ROLES"]) == roles
    assert Recipe.from_json(held["RECIPE"]) == recipe


def test_it_imports_and_says_only_what_it_needs():
    roles = Roles.from_json({})
    plain = to_script(Recipe(steps=(ShuffleRows(),)), roles, (), 0, "a.csv")
    assert "hierarchies = {}" in plain
    assert "read_hierarchies" not in plain
    assert "secret" not in plain
    keyed = to_script(Recipe(steps=(Pseudonymize(columns=("a",)),)), roles, ("b",), 0, "a.csv")
    assert "the key of the pseudonyms is secret" in keyed.lower()
    assert "spreadsheet_safe=True" in to_script(
        Recipe(), roles, (), 0, "a.csv", spreadsheet_safe=True
    )


def test_it_never_writes_over_the_table():
    held = constants(to_script(Recipe(), Roles.from_json({}), (), 0, "a.csv", out_name="a.csv"))
    assert held["OUT"] != held["DATA"] == "a.csv"
