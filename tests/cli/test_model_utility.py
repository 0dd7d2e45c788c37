import csv
import json

import numpy as np
import pytest

import cli
from reports.assessment import Assessment
from reports.figure_names import name_figure


@pytest.fixture
def call(capsys, tmp_path):
    """Run `assess` on a small table with a recipe and return the JSON it prints."""
    rng = np.random.default_rng(0)
    data, roles = tmp_path / "people.csv", tmp_path / "roles.json"
    with data.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["age", "town", "ill", "paid"])
        for age, town in zip(rng.integers(20, 60, 300), rng.integers(0, 3, 300), strict=True):
            ill = "yes" if age + 5 * town + rng.integers(0, 15) > 52 else "no"
            writer.writerow([age, "abc"[town], ill, 50 * age])
    roles.write_text(json.dumps({"quasi_identifiers": ["age", "town"], "sensitive": ["ill"]}))
    recipe = tmp_path / "recipe.json"
    step = {"step": "suppress_records", "require": ["k-anonymity=2"]}
    recipe.write_text(json.dumps({"version": 1, "steps": [step]}))

    def _call(*more, released=True):
        with_recipe = ("--recipe", recipe) if released else ()
        arguments = ("assess", data, "--roles", roles, *with_recipe, "--json", "-", *more)
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return _call


def test_models_are_trained_on_what_would_be_shared_and_only_when_asked(call):
    _, plain, _ = call()
    assert not {"prediction", "propensity"} & set(plain["after"]["utility"])
    assert 0 <= plain["after"]["utility"]["classification"]["ill"] <= 1
    code, asked, _ = call("--model-utility", "--seed", "4")
    assert code == 0
    assert "prediction" not in asked["before"]["utility"]
    found = asked["after"]["utility"]
    scores = found["prediction"]["ill"]["logistic_regression"]["accuracy"]
    assert 0.6 < scores["original"] <= 1
    assert 0 <= scores["release"] <= 1
    assert found["propensity"]["pmse"] >= 0
    how = asked["after"]["obtained"]["utility.prediction.ill.baseline.accuracy"]
    assert how["seed"] == 4
    assert how["low"] <= how["high"]
    saved = Assessment.from_json(asked)
    assert saved.to_json()["after"] == asked["after"]
    paths = (*saved.after.below("utility", "prediction"), *saved.after.below("utility"))
    assert len(paths) > 30


def test_every_figure_of_a_trained_model_has_a_name_of_its_own(call):
    _, asked, _ = call("--predict", "ill", "--predict", "paid", "--predict", "town")
    figures = Assessment.from_json(asked).after.figures
    assert {path[2] for path in figures if path[:2] == ("utility", "prediction")} == {
        "ill",
        "paid",
        "town",
    }
    unnamed = [path for path in figures if "of the command line" in name_figure(path).meaning]
    assert unnamed == []


def test_without_a_recipe_the_original_is_what_would_be_shared(call):
    _, asked, _ = call("--model-utility", released=False)
    assert asked["before"]["utility"]["prediction"]["ill"]["baseline"]["auc"] == 0.5
    relative = asked["before"]["utility"]["prediction"]["ill"]["gradient_boosting"]["auc"]
    assert relative["relative"] == 1


def test_a_column_that_is_not_there_is_one_sentence(call):
    code, out, err = call("--predict", "wage")
    assert (code, out) == (2, None)
    assert "wage" in err
    assert err.count("\n") == 1
