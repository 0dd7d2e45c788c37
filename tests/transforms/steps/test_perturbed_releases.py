"""What every measure says of a release whose values are no longer the true ones."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import Context, Estimate
from microdata.population import Population
from microdata.release import Release
from risk import RISK_MEASURES
from transforms.recipe import Recipe
from transforms.steps import (
    AddNoise,
    Mask,
    Microaggregate,
    Pram,
    Pseudonymize,
    RoundValues,
    SuppressRecords,
    Swap,
    TopBottomCode,
)
from utility import UTILITY_MEASURES

STEPS = {
    "noise": AddNoise(columns=("age", "pay"), percent=30, correlated=True),
    "means": Microaggregate(columns=("age", "pay"), group_size=4),
    "swap": Swap(columns=("age", "pay"), percent=10),
    "pram": Pram(columns=("sex", "ill"), pd=0.4, alpha=1),
    "caps": TopBottomCode(column="age", bottom=25, top=80),
    "rounding": RoundValues(columns=("age", "pay"), base=10),
}


HOSTILE = ("a,b", 'q"uote', "back\\slash", "emoji 🏥", "*", "line\nbreak", "{0}")


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_json_round_trip_keeps_hostile_names(step):
    field = {"column": HOSTILE[0]} if step.name == "top_bottom_code" else {"columns": HOSTILE}
    step = replace(step, **field)
    assert type(step).from_json(json.loads(json.dumps(step.to_json()))) == step
    assert set(step.columns) <= set(HOSTILE)
    assert step.describe().endswith(".")


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_form_can_be_made_from_the_parameters(step):
    for parameter in step.parameters:
        assert parameter.title
        assert parameter.help or parameter.kind in {"columns", "column"}
        assert parameter.kind not in {"columns", "column"} or parameter.column_kinds
        assert getattr(step, parameter.name) == parameter.read(
            getattr(step, parameter.name), step=step.name
        )


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hierarchy"])
def table(build, request):
    rng = np.random.default_rng(8)
    n = 240
    columns = {
        "age": [*rng.integers(18, 90, n - 5).astype(str), *[None] * 5],
        "pay": rng.lognormal(7, 1, n).round(1).astype(str).tolist(),
        "sex": rng.choice(["f", "m"], n).tolist(),
        "ill": [None, *rng.choice(["a", "b", "c"], n - 1)],
        "day": ["2024-01-01"] * n,
    }
    rows = [(str(age), f"{age // 10}0s", "*") for age in range(100)]
    return build(columns, {"age": rows} if request.param else {})


def measured(release, context):
    whole = Context(release=release, roles=context.roles, population=Population(size=5000), seed=1)
    figures, codes = {}, set()
    for measure in (*RISK_MEASURES, *UTILITY_MEASURES):
        result = measure.evaluate(whole)
        figures |= result.figures
        codes |= {finding.code for finding in result.findings}
    return figures, codes


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_measure_runs_and_warns_where_values_are_not_true(table, context, step):
    at = context(["age", "pay", "sex"], ["ill"])
    release = Recipe(steps=(step,)).apply(Release.original(table), at)
    figures, codes = measured(release, at)
    assert ("values-perturbed" in codes) is not step.keeps_rule
    changed = {path[2] for path in figures if path[:2] == ("utility", "changed_values")}
    assert changed == (set() if step.keeps_rule else set(step.columns))
    for figure in figures.values():
        assert not isinstance(figure, Estimate) or not math.isnan(figure.value)


@pytest.mark.parametrize("step", [STEPS["noise"], STEPS["swap"], STEPS["pram"]], ids=str)
def test_values_that_are_not_coarser_lose_no_detail(table, context, step):
    at = context(["age", "pay", "sex"], ["ill"])
    before, _ = measured(Release.original(table), at)
    after, _ = measured(step.apply(Release.original(table), at), at)
    for name in ("granularity", "generalization_intensity", "ambiguity"):
        assert after["utility", name].value == pytest.approx(before["utility", name].value)
    assert after["utility", "suppression", "cells"].value == 0


def test_a_swapped_column_keeps_its_shape_and_a_noisy_one_does_not(table, context):
    at = context(["age", "pay", "sex"])
    swapped, _ = measured(STEPS["swap"].apply(Release.original(table), at), at)
    noisy, _ = measured(STEPS["noise"].apply(Release.original(table), at), at)
    path = ("utility", "distributions", "age", "tvd")
    assert swapped[path].value == pytest.approx(0, abs=1e-12)
    assert noisy[path].value > 0.05
    assert swapped["utility", "changed_values", "age", "share"].value > 0.5


def test_group_means_make_look_alikes(build, context):
    x = np.random.default_rng(4).normal(size=(100, 2)).round(2).astype(str)
    table = build({"age": x[:, 0], "pay": x[:, 1]})
    at = context(["age", "pay"])
    figures, _ = measured(STEPS["means"].apply(Release.original(table), at), at)
    assert figures["models", "k-anonymity"].value >= 4


def test_other_steps_follow(table, context):
    at = context(["age", "pay", "sex"], ["ill"], key=b"key")
    steps = (
        STEPS["means"],
        STEPS["pram"],
        SuppressRecords(require=("k-anonymity=2",)),
        Pseudonymize(columns=("ill",)),
    )
    recipe = Recipe(steps=steps)
    assert not recipe.keeps_rule
    release = recipe.apply(Release.original(table), at)
    figures, _ = measured(release, at)
    assert 0 < release.released_records < 240
    assert figures["models", "k-anonymity"].value >= 2
    again = Recipe.from_json(recipe.to_json()).apply(Release.original(table), at)
    assert again.frame().equals(release.frame())


@pytest.mark.parametrize(
    "first",
    [
        RoundValues(columns=("x",), base=1),
        TopBottomCode(column="x", top=3),
        Mask(columns=("x",), what="all_but_first", keep=1),
    ],
)
@pytest.mark.parametrize("x", [["1.2", "3.1"], ["3.1", "3.1"]])
def test_no_later_draw_brings_back_what_was_made_coarser_value_by_value(build, context, first, x):
    release = first.apply(Release.original(build({"x": x})), context(["x"]))
    for step in (Swap(columns=("x",)), Pram(columns=("x",)), AddNoise(columns=("x",), percent=1)):
        with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
            step.apply(release, context(["x"]))
