import json
from pathlib import Path

import pytest

import cli

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo_data"
DATA = DEMO / "inpatients.csv"
BASE = (
    *("suggest", DATA, "--roles", DEMO / "inpatients_roles.json"),
    *("--hierarchies", DEMO / "inpatients_hierarchies"),
)
KEYS = {
    *("transformation", "minimize", "score", "suppressed", "classes", "smallest"),
    *("lattice", "optimal", "seconds", "recipe"),
}


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_best_recipe_of_the_inpatients_and_what_it_makes(capsys, tmp_path):
    code, out, _ = run(capsys, *BASE, "--require", "k-anonymity=4", "--json", "-")
    result = json.loads(out)
    assert code == 0
    assert set(result) >= KEYS
    assert result["minimize"] == "loss"
    assert result["optimal"]
    assert result["lattice"]["evaluated"] <= result["lattice"]["nodes"]
    assert set(result["seconds"]) == {"read", "encode", "search"}
    # Machanavajjhala et al. 2007, figure 2: three groups of four.
    assert (result["suppressed"], result["classes"], result["smallest"]) == (0, 3, 4)
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(result["recipe"]))
    code, out, _ = run(
        capsys,
        *("assess", *BASE[1:], "--recipe", recipe, "--json", "-"),
    )
    after = json.loads(out)["after"]
    assert after["classes"]["count"] == 3
    assert after["models"]["k-anonymity"] == 4


def test_a_person_reads_sentences(capsys):
    code, out, _ = run(capsys, *BASE, "--require", "k-anonymity=4")
    assert code == 0
    assert "no other is better" in out
    assert "groups of look-alikes: 3, the smallest of 4" in out


def test_no_admissible_recipe_is_exit_1_with_null(capsys):
    code, out, _ = run(capsys, *BASE, "--require", "k-anonymity=13", "--json", "-")
    result = json.loads(out)
    assert code == 1
    assert result["transformation"] is None
    assert result["recipe"] is None
    assert result["optimal"]
    code, out, _ = run(capsys, *BASE, "--require", "k-anonymity=13")
    assert code == 1
    assert "this is proven" in out


def test_options_reach_the_search(capsys, tmp_path):
    models, weights = tmp_path / "models.json", tmp_path / "weights.json"
    models.write_text('[{"model": "distinct-l-diversity", "column": "condition", "at_least": 2}]')
    weights.write_text('{"zip": 1, "age": 0.5}')
    code, out, _ = run(
        capsys,
        *BASE,
        *("--require", "k-anonymity=2", "--require-file", models, "--weights", weights),
        *("--suppression-limit", "0.5", "--minimize", "loss(rank)", "--levels", "age=1..2"),
        *("--population-size", "1000", "--json", "-"),
    )
    result = json.loads(out)
    assert code == 0
    assert result["minimize"] == "loss(rank)"
    assert result["score"] == sorted(result["score"], reverse=True)
    assert 1 <= result["transformation"]["age"] <= 2
    assert [step["step"] for step in result["recipe"]["steps"]] == [
        "generalize",
        "suppress_records",
    ]
    assert result["recipe"]["steps"][1]["require"] == [
        "k-anonymity=2",
        "distinct-l-diversity(condition)=2",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--require", "k-anonymity=2", "--method", "local", "--minimize", "height"],
            "asks for one level",
        ),
        (["--require", "average-risk=0.5", "--method", "anjana"], "anjana has no rule"),
        ([], "at least one privacy model"),
        (["--require", "beauty=2"], "is not a privacy model"),
        (["--require", "k-anonymity=2", "--levels", "age=9"], "levels 0 to"),
        (["--require", "k-anonymity=2", "--suppression-limit", "7"], "from 0 to 1"),
        (["--require", "k-anonymity=2", "--minimize", "beauty"], "not a measure"),
        (["--require", "t-closeness(diagnosis,equal)=0.2"], "not a sensitive"),
    ],
)
def test_a_mistake_is_exit_2_with_one_sentence(capsys, arguments, sentence):
    code, out, err = run(capsys, *BASE, *arguments)
    assert code == 2
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1
