from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.steps import pram
from transforms.steps.pram import Pram, invariant_matrix


def changed(step, table, context, seed=1, kept=None):
    release = Release.original(table)
    release = release if kept is None else release.keeping(np.array(kept))
    release = step.apply(release, replace(context(["x"]), seed=seed))
    return [None if pd.isna(x) else x for x in release.frame()["x"].astype(object)]


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.floats(0.01, 1)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_the_counts_are_left_as_they_are(levels, alpha):
    counts, stay = (np.array(x) for x in zip(*levels, strict=True))
    matrix = invariant_matrix(counts, stay, alpha)
    assert counts @ matrix == pytest.approx(counts, rel=1e-9)
    assert matrix.sum(axis=1) == pytest.approx(np.ones(len(levels)))
    assert matrix.min() >= 0


def test_the_matrix_by_hand():
    # P = (.8 .2; .4 .6) on counts 30 and 10: 24 + 4 = 28 become the first, 6 + 6 = 12 the second.
    # Q = (24/28 4/28; 6/12 6/12), PQ = (.8 * 24/28 + .2 * .5 ...), half of it and half I.
    matrix = invariant_matrix(np.array([30, 10]), np.array([0.8, 0.6]), 0.5)
    first = 0.5 * (0.8 * 24 / 28 + 0.2 * 0.5) + 0.5
    second = 0.5 * (0.4 * 4 / 28 + 0.6 * 0.5) + 0.5
    assert matrix == pytest.approx(np.array([[first, 1 - first], [1 - second, second]]))


def test_certain_to_stay_and_no_strength_change_nothing(build, context):
    values = ["a", "b", "c", None] * 20
    for parameters in ({"pd": 1}, {"alpha": 0}):
        step = Pram(columns=("x",), **parameters)
        assert changed(step, build({"x": values}), context) == values


def test_categories_change_as_often_as_the_matrix_says(build, context, monkeypatch):
    seen = []

    def spy(counts, stay, alpha):
        seen.append(invariant_matrix(counts, stay, alpha))
        return seen[-1]

    monkeypatch.setattr(pram, "invariant_matrix", spy)
    counts = {"a": 6000, "b": 3000, "c": 1000}
    values = [level for level, n in counts.items() for _ in range(n)]
    after = changed(Pram(columns=("x",), pd=0.3, alpha=1), build({"x": values}), context)
    found = pd.crosstab(pd.Series(values), pd.Series(after)).to_numpy()
    n = np.array(list(counts.values()))[:, None]
    expected = seen[0] * n
    # Four standard deviations of a binomial count.
    assert np.all(np.abs(found - expected) < 4 * np.sqrt(expected * (1 - seen[0])) + 1)
    assert np.trace(found) < 9000
    # The counts of the release differ from the original's by chance alone.
    totals = np.sqrt((n * seen[0] * (1 - seen[0])).sum(axis=0))
    assert np.all(np.abs(found.sum(axis=0) - n[:, 0]) < 4 * totals)


def test_gaps_stay_and_only_held_categories_are_drawn(build, context):
    rows = [(x, "*") for x in ("never", "b", "a")]
    table = build({"x": ["a", None, "b"] * 50}, {"x": rows})
    after = changed(Pram(columns=("x",), pd=0.01, alpha=1), table, context)
    assert [x is None for x in after] == [False, True, False] * 50
    assert set(after) == {"a", "b", None}


def test_the_order_of_the_categories_draws_no_other_release(build, context):
    values = ["a", "b", "c"] * 40
    step = Pram(columns=("x",), pd=0.2, alpha=1)
    rows = [(x, "*") for x in ("c", "a", "b")]
    one = changed(step, build({"x": values}), context)
    assert changed(step, build({"x": values}, {"x": rows}), context) == one
    assert changed(step, build({"x": values}), context, seed=2) != one


def test_only_kept_records_count(build, context):
    values = ["a"] * 10 + ["b"] * 10
    after = changed(
        Pram(columns=("x",), pd=0.01, alpha=1),
        build({"x": values}),
        context,
        kept=[True] * 10 + [False] * 10,
    )
    assert after == ["a"] * 10


def test_a_column_without_a_value_stays(build, context):
    assert changed(Pram(columns=("x",)), build({"x": [None, None]}), context) == [None, None]


def test_too_many_categories_are_refused(build, context, monkeypatch):
    monkeypatch.setattr(pram, "MOST_CATEGORIES", 2)
    with pytest.raises(PrivacyToolError, match="3 categories"):
        changed(Pram(columns=("x",)), build({"x": ["a", "b", "c"]}), context)
    assert set(changed(Pram(columns=("x",)), build({"x": ["a", "b"]}), context)) <= {"a", "b"}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"pd": 0}, "'pd' must be a number from 0.01 to 1"),
        ({"alpha": 1.5}, "'alpha' must be a number from 0 to 1"),
        ({"alpha": "1"}, "'alpha' must be a number"),
        ({"beta": 1}, "unknown keys"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(parameters, words):
    with pytest.raises(PrivacyToolError, match=words):
        Pram.from_json({"step": "pram", "columns": ["x"], **parameters})


def test_json_round_trip_and_description():
    step = Pram(columns=("x", "y"), pd=0.7, alpha=0.25)
    assert Pram.from_json(step.to_json()) == step
    assert "'x', 'y'" in step.describe()
