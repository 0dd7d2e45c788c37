from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.measure import Estimate, NotComputed
from microdata.release import Release, ReleasedColumn
from utility.prediction import ModelUtility, model_utility
from utility.prediction.splits import content_order, splits
from utility.prediction.target import target_of

from .conftest import encoded, people

CLASSIFIERS = ("logistic_regression", "gradient_boosting")


def at_levels(table, **levels):
    return Release.original(table).with_columns(
        *(ReleasedColumn.generalized(table.domain(name), level) for name, level in levels.items())
    )


def perturbed(table, name, codes):
    """A release in which the cells of a column are others than in the original."""
    same = Release.original(table)
    column = replace(same.columns[name], lookup=None, explicit=codes, perturbed=True)
    return same.with_columns(column)


@pytest.mark.parametrize("target", ["rich", "pay"])
def test_the_original_as_its_own_release_scores_exactly_as_the_original(table, values, target):
    found = values(Release.original(table), target)
    relative = {path: value for path, value in found.items() if path.endswith("relative")}
    assert len(relative) == (4 if target == "rich" else 2)
    assert set(relative.values()) == {1.0}
    for path in relative:
        of_release = found[path.replace("relative", "release")]
        assert of_release == found[path.replace("relative", "original")] > 0.3
        assert of_release > found["baseline." + path.split(".")[1]] + 0.1


def test_pseudonyms_in_place_of_values_change_no_score(table, values):
    town = Release.original(table).columns["town"]
    nodes = replace(town.nodes, labels=("p1", "p2", "p3"))
    found = values(Release.original(table).with_columns(replace(town, nodes=nodes, renamed=True)))
    assert found == values(Release.original(table))


@pytest.mark.parametrize("dropped", [False, True])
def test_a_release_that_says_nothing_scores_as_the_baseline(table, values, dropped):
    nothing = at_levels(table, age=2, town=2)
    if dropped:
        nothing = Release.original(table).without(("age", "town"))
    found = values(nothing)
    for model in CLASSIFIERS:
        assert found[f"{model}.accuracy.release"] == found["baseline.accuracy"]
        assert found[f"{model}.auc.release"] == found["baseline.auc"] == 0.5
        assert found[f"{model}.auc.relative"] == found[f"{model}.accuracy.relative"] == 0
    numbers = values(Release.original(table).without(("age", "town")), "pay")
    assert numbers["ridge_regression.r_squared.release"] == pytest.approx(
        numbers["baseline.r_squared"]
    )


def test_a_coarser_release_lies_between(table, values):
    found = values(at_levels(table, age=1, town=1), repeats=5)
    assert (
        found["logistic_regression.auc.original"]
        == values(Release.original(table), repeats=5)["logistic_regression.auc.original"]
    )
    assert 0.2 < found["logistic_regression.auc.relative"] < 1


def test_what_the_release_says_of_held_out_rows_changes_nothing(table, values):
    target = target_of(Release.original(table), "rich")
    order = content_order(table, ["age", "town", "rich"])
    (split,) = splits(
        table, order, target.stratum[order], person=None, seed=0, repeats=1, most_rows=9999
    )
    was = table.codes["rich"].astype(np.int32)
    turned, unlike = was.copy(), was.copy()
    turned[split.test] = 1 - turned[split.test]
    unlike[split.train] = 1 - unlike[split.train]
    same = values(perturbed(table, "rich", was), repeats=1)
    assert values(perturbed(table, "rich", turned), repeats=1) == same
    # and what it says of the others is all that is learnt
    worse = values(perturbed(table, "rich", unlike), repeats=1)
    for model in CLASSIFIERS:
        assert worse[f"{model}.accuracy.original"] == same[f"{model}.accuracy.original"]
        assert worse[f"{model}.accuracy.release"] < 0.4 < same[f"{model}.accuracy.release"]


def test_rows_left_out_are_tested_but_not_learnt_from(table, values):
    rich = table.codes["rich"] == table.domain("rich").positions["yes"]
    release = Release.original(table).keeping(~rich)
    found = values(release)
    share_of_no = 1 - rich.mean()
    for model in CLASSIFIERS:  # a model that only saw "no"
        assert found[f"{model}.accuracy.release"] == pytest.approx(share_of_no, abs=0.01)
        assert found[f"{model}.auc.release"] == 0.5


def test_noise_is_learnt_from_and_not_tested_on(table, values):
    noise = np.random.default_rng(0).permutation(table.codes["age"]).astype(np.int32)
    found = values(perturbed(table, "age", noise), "pay")
    assert found["ridge_regression.r_squared.original"] > 0.9
    assert found["ridge_regression.r_squared.release"] < 0.5
    nothing = values(perturbed(table, "age", table.codes["age"].astype(np.int32)), "pay")
    assert nothing["ridge_regression.r_squared.relative"] == 1.0


def test_the_order_of_the_rows_does_not_matter(values):
    frame = people()
    turned = frame.iloc[np.random.default_rng(1).permutation(len(frame))]
    first = values(at_levels(encoded(frame), age=1))
    second = values(at_levels(encoded(turned.reset_index(drop=True)), age=1))
    assert second == pytest.approx(first, abs=1e-9)


def test_a_target_in_coarser_values_is_predicted_in_those_by_every_model(table, context):
    found = model_utility(context(at_levels(table, town=1)), "town", seed=0, repeats=1).figures
    score = found["utility", "prediction", "town", "logistic_regression", "accuracy", "original"]
    north = np.isin(table.codes["town"], [0, 2]).mean()
    baseline = found["utility", "prediction", "town", "baseline", "accuracy"]
    assert baseline.value == pytest.approx(max(north, 1 - north), abs=0.01)
    assert any("in other values" in caveat for caveat in score.caveats)


def test_every_score_tells_its_seed_its_interval_and_what_to_know(table, context):
    measure = ModelUtility(repeats=3, most_rows=200)
    release = at_levels(table, age=1).keeping(np.arange(table.records) > 20)
    found = measure.evaluate(context(release)).figures
    assert {path[2] for path in found} == {"rich"}
    for path, figure in found.items():
        assert isinstance(figure, Estimate), path
        assert figure.seed == 0
        assert "3 random splits" in figure.method
        told = " ".join(figure.caveats)
        assert "held out" in told
        assert "About 200 of 400 rows" in told
        assert "leaves out" in told
        if path[-1] != "relative":
            assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_people_in_several_rows_are_on_one_side(table, values):
    assert values(Release.original(table), person="who") != values(Release.original(table))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"s": ["x"] * 60}, "fewer than two"),
        ({"s": [None] * 60}, "fewer than two"),
        ({"s": [f"word {i}" for i in range(60)]}, "60 different texts"),
        ({"s": ["x", "y"] * 10}, "Fewer than 50 rows"),
        ({"s": ["x", "y", None, None] * 15}, "Fewer than 50 rows"),
    ],
)
def test_what_cannot_be_predicted_is_said(columns, words, context):
    rows = len(columns["s"])
    table = encoded(pd.DataFrame({"age": ["30"] * rows, "town": ["Bham"] * rows} | columns))
    (figure,) = model_utility(context(Release.original(table), "s"), "s", seed=0).figures.values()
    assert isinstance(figure, NotComputed)
    assert words in figure.reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda release: release.without(("rich",)), "not published"),
        (lambda release: release.keeping(np.arange(400) < 20), "fewer than 25 rows"),
        (
            lambda release: release.with_columns(
                ReleasedColumn.from_labels(release.source.domain("rich"), ["any", "any"])
            ),
            "the same value for everybody",
        ),
        (lambda release: replace(release, origin=release.source), "made elsewhere"),
    ],
)
def test_what_a_release_does_not_allow_is_said(table, context, change, words):
    found = ModelUtility().evaluate(context(change(Release.original(table)))).figures
    ((path, figure),) = found.items()
    assert path[:2] == ("utility", "prediction")
    assert words in figure.reason


def test_nothing_to_lose_is_said_and_not_divided_by():
    frame = people()
    frame["rich"] = np.where(np.arange(400) % 2, "yes", "no")
    frame["age"], frame["town"] = "30", "Bham"
    table = encoded(frame)
    from microdata.measure import Context
    from microdata.roles import Roles

    roles = Roles.from_json({"quasi_identifiers": ["age", "town"], "sensitive": ["rich"]})
    found = ModelUtility().evaluate(Context(release=Release.original(table), roles=roles)).figures
    figure = found["utility", "prediction", "rich", "logistic_regression", "auc", "relative"]
    assert "nothing to lose" in figure.reason


def test_hostile_numbers_give_scores_or_reasons_and_no_warning(context):
    odd = ["1e308", "-1e308", "1e-320", "0", "text", None]
    frame = people()
    frame["pay"] = [odd[i % 6] if i % 3 else pay for i, pay in enumerate(frame["pay"])]
    frame["age"] = [a if i % 5 else None for i, a in enumerate(frame["age"])]
    table = encoded(frame)
    for target in ("pay", "rich"):
        result = model_utility(context(Release.original(table), target), target, seed=0, repeats=2)
        for figure in result.figures.values():
            assert isinstance(figure, NotComputed) or np.isfinite(figure.value)
