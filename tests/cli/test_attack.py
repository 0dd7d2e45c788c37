import json
from pathlib import Path

import pytest

import cli

DEMO = Path(__file__).resolve().parents[2] / "demo_data"
INPATIENTS = (
    *("attack", DEMO / "inpatients.csv", "--roles", DEMO / "inpatients_roles.json"),
    *("--hierarchies", DEMO / "inpatients_hierarchies"),
)
HOSPITAL = ("attack", DEMO / "hospital.csv", "--roles", DEMO / "hospital_roles.json")
KEYS = {
    *("top_1", "expected", "candidates", "curve", "unique", "baseline", "control", "interval"),
    *("seed", "by_subset"),
}


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def attacked(capsys, *arguments):
    code, out, _ = run(capsys, *arguments, "--json", "-")
    assert code == 0
    return json.loads(out)


@pytest.fixture
def recipe(tmp_path, capsys):
    """Make the recipe that makes the inpatients three groups of four."""
    found = tmp_path / "recipe.json"
    code, out, _ = run(
        capsys, "suggest", *INPATIENTS[1:], "--require", "k-anonymity=4", "--json", "-"
    )
    assert code == 0
    found.write_text(json.dumps(json.loads(out)["recipe"]))
    return found


def test_the_keys_of_the_contract(capsys):
    result = attacked(capsys, *INPATIENTS, "--max-known", "2")
    assert set(result) >= KEYS
    assert set(result["candidates"]) >= {"median", "p5", "below_5", "below_11", "none"}
    assert set(result["unique"]) == {"claims", "precision"}
    assert all(
        set(point) == {"confidence", "claims", "precision", "recall"} for point in result["curve"]
    )
    assert result["interval"] == "exact"
    assert (result["control"], result["seed"]) == (None, 0)
    assert "control" in result["not_computed"]
    assert all(len(subset["columns"]) <= 2 for subset in result["by_subset"])


def test_three_groups_of_four_are_found_one_time_in_four(capsys, recipe):
    before, after = (
        attacked(capsys, *INPATIENTS),
        attacked(capsys, *INPATIENTS, "--recipe", recipe),
    )
    assert after["top_1"] == pytest.approx(3 / 12)
    assert after["expected"] == pytest.approx(3)
    assert after["candidates"]["median"] == 4
    assert after["unique"] == {"claims": 0, "precision": None}
    assert before["top_1"] > after["top_1"]


def test_knowledge_with_errors_has_an_interval(capsys):
    result = attacked(
        capsys, *INPATIENTS, "--errors", "0.3", "--missing-rate", "0.1", "--seed", "5"
    )
    assert result["interval"]["low"] <= result["top_1"] <= result["interval"]["high"]
    assert "percentile" in result["interval"]["method"]
    assert (result["seed"], result["targets"]) == (5, 12)


def test_people_with_several_rows_are_looked_for(capsys):
    result = attacked(capsys, *HOSPITAL, "--known", "sex", "--known", "postcode")
    assert result["known"] == ["sex", "postcode"]
    assert result["attacker"] == "rule-aware"
    assert 0 < result["top_1"] < 1
    assert any("looked for by each of them" in caveat for caveat in result["caveats"])


def test_people_of_the_public_register_are_found(capsys, tmp_path):
    columns = tmp_path / "map.json"
    columns.write_text(json.dumps({name: name for name in ("name", "date_of_birth", "sex")}))
    register = ("--external", DEMO / "register.csv", "--map", columns)
    result = attacked(capsys, *HOSPITAL, *register)
    assert result["known"] == ["date_of_birth", "sex"]
    assert result["targets"] == 9_000
    assert 0 < result["control"] < 1
    assert 0 < result["unique"]["precision"] < 1


def test_a_person_reads_sentences(capsys):
    code, out, _ = run(capsys, *INPATIENTS, "--attacker", "value-only", "--max-known", "1")
    assert code == 0
    assert "An attacker who only reads what is published looks for 12 people." in out
    assert "(exact)" in out
    assert "worst 1 known: " in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--known", "salary"), "'salary' is not a quasi-identifier"),
        (("--external", "nowhere.csv"), "--external and --map together"),
        (("--missing-rate", "nan"), "The rate of missing values must lie between 0 and 1"),
        (("--membership", "unknown"), "Give a population table"),
    ],
)
def test_a_mistake_is_one_sentence(capsys, arguments, sentence):
    code, out, err = run(capsys, *INPATIENTS, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_attacks_by_name_are_part_of_an_assessment(capsys, recipe, tmp_path):
    plans = tmp_path / "attacks.json"
    plans.write_text(json.dumps([{"name": "Neighbour", "max_known": 1}]))
    asked = ("assess", *INPATIENTS[1:], "--recipe", recipe, "--attacks", plans)
    code, out, _ = run(capsys, *asked, "--json", "-")
    assert code == 0
    (found,) = json.loads(out)["attacks"]
    alone = attacked(capsys, *INPATIENTS, "--recipe", recipe, "--max-known", "1")
    assert found["name"] == "Neighbour"
    assert found["now"] == alone  # one engine: the same figures by either command
    _, out, _ = run(capsys, *asked)
    assert "attack: Neighbour finds about 3 people with a first guess (25.0 %)" in out


def test_a_damaged_list_of_attacks_is_a_sentence(capsys, tmp_path):
    plans = tmp_path / "attacks.json"
    plans.write_text('[{"name": "N", "known": ["nobody"]}]')
    code, _, err = run(capsys, "assess", *INPATIENTS[1:], "--attacks", plans)
    assert code == 2
    assert "nobody" in err
    assert "Traceback" not in err


def test_the_nearest_are_claimed_where_nobody_fits(capsys):
    asked = (*INPATIENTS, "--errors", "0.9", "--seed", "2")
    without, nearest = attacked(capsys, *asked), attacked(capsys, *asked, "--nearest")
    assert without["candidates"]["none"] > 0
    assert without["candidates"]["nearest"] is None
    assert nearest["candidates"]["nearest"] == without["candidates"]["none"]
