from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset
from microdata.release import Release
from transforms.draws import generator
from transforms.steps.add_noise import AddNoise, _root

N = 20_000


def numbers(release, *columns):
    frame = release.frame()[list(columns)].astype(object)
    return frame.to_numpy().astype(float)


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(5)
    height = rng.normal(170, 10, N)
    weight = 70 + 0.8 * (height - 170) + rng.normal(0, 6, N)
    return np.column_stack([height.round(2), weight.round(2)])


@pytest.fixture(scope="module")
def table(build, people):
    return build({"height": people[:, 0].astype(str), "weight": people[:, 1].astype(str)})


def noise(table, people, context, **parameters):
    step = AddNoise(columns=("height", "weight"), **parameters)
    release = step.apply(Release.original(table), replace(context(["height"]), seed=11))
    return numbers(release, "height", "weight") - people


def test_noise_has_mean_0_and_the_told_spread(table, people, context):
    found = noise(table, people, context, percent=30)
    spread = 0.3 * people.std(axis=0, ddof=1)
    # The standard error of a mean is s / sqrt(n), of a standard deviation s / sqrt(2 n): four each.
    assert np.all(np.abs(found.mean(axis=0)) < 4 * spread / np.sqrt(N))
    assert np.all(np.abs(found.std(axis=0) / spread - 1) < 4 / np.sqrt(2 * N))
    # Drawn for each column alone, whatever they have in common.
    assert abs(np.corrcoef(found.T)[0, 1]) < 4 / np.sqrt(N)


def test_three_numbers_are_moved_by_hand(build, context):
    # 2, 4, 9: the mean is 5 and s² = (9 + 1 + 16) / 2 = 13.
    release = Release.original(build({"x": ["2.000", "4.000", "9.000"]}))
    draws = generator(release, context(["x"]), "add_noise", "x").standard_normal(3)
    moved = AddNoise(columns=("x",), percent=40).apply(release, context(["x"]))
    expected = np.array([2, 4, 9]) + 0.4 * np.sqrt(13) * draws
    assert numbers(moved, "x")[:, 0] == pytest.approx(expected, abs=0.0006)


def test_correlated_noise_has_the_correlation_of_the_columns(table, people, context):
    found = noise(table, people, context, percent=50, correlated=True)
    r = np.corrcoef(people.T)[0, 1]
    assert r > 0.7
    assert abs(np.corrcoef(found.T)[0, 1] - r) < 4 * (1 - r**2) / np.sqrt(N)
    spread = 0.5 * people.std(axis=0, ddof=1)
    assert np.all(np.abs(found.std(axis=0) / spread - 1) < 4 / np.sqrt(2 * N))


def test_the_same_seed_draws_the_same_and_another_another(table, people, context):
    step = AddNoise(columns=("height",), percent=10)
    first, again, other = (
        step.apply(Release.original(table), replace(context(["height"]), seed=seed)).frame()
        for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)
    # A column's noise does not depend on which other columns the step names.
    both = AddNoise(columns=("weight", "height"), percent=10)
    release = both.apply(Release.original(table), replace(context(["height"]), seed=1))
    assert release.frame()["height"].astype(str).equals(first["height"].astype(str))


def test_whole_numbers_stay_whole_and_gaps_stay_gaps(build, context):
    table = build({"x": ["1", "20", None, "300"]})
    release = AddNoise(columns=("x",), percent=50).apply(Release.original(table), context(["x"]))
    values = release.frame()["x"].astype(object).tolist()
    assert pd.isna(values[2])
    assert all(value.lstrip("-").isdigit() for value in values if not pd.isna(value))
    assert release.columns["x"].perturbed


def test_the_decimal_mark_of_the_table_is_written(context):
    table = encode(read_dataset(b"x;y\n1,5;a\n2,5;b\n3,25;c\n", "t.csv"))
    release = AddNoise(columns=("x",), percent=50).apply(Release.original(table), context(["x"]))
    assert all(len(text.partition(",")[2]) == 2 for text in release.columns["x"].nodes.labels)


def test_a_record_that_is_left_out_changes_no_other_number(build, context):
    table = build({"x": [str(i) for i in range(30)]})
    step = AddNoise(columns=("x",), percent=50)
    kept = np.arange(30) % 3 > 0
    every = numbers(step.apply(Release.original(table), context(["x"])), "x")
    some = numbers(step.apply(Release.original(table).keeping(kept), context(["x"])), "x")
    assert np.array_equal(every[kept], some)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"x": ["1", None]}, "one number only"),
        ({"x": ["1", "old"]}, "^1 different values"),
        ({"x": ["1e308", "-1e308"]}, "too large"),
        ({"z": ["1"]}, "'x'"),
    ],
)
def test_what_cannot_be_moved_is_refused(build, context, columns, words):
    with pytest.raises(PrivacyToolError, match=words):
        AddNoise(columns=("x",), percent=10).apply(Release.original(build(columns)), context(["x"]))


def test_a_correlation_needs_two_complete_records(build, context):
    table = build({"x": ["1", "2", None], "y": [None, "2", "3"]})
    step = AddNoise(columns=("x", "y"), percent=10, correlated=True)
    with pytest.raises(PrivacyToolError, match="Fewer than two records"):
        step.apply(Release.original(table), context(["x"]))


def test_constant_and_dependent_columns_are_taken(build, context):
    table = build({"x": ["1", "2", "3"], "y": ["2", "4", "6"], "z": ["5", "5", "5"]})
    step = AddNoise(columns=("x", "y", "z"), percent=10, correlated=True)
    release = step.apply(Release.original(table), context(["x"]))
    assert release.frame()["z"].tolist() == ["5", "5", "5"]


def test_the_root_of_a_correlation_of_columns_that_follow_from_others():
    # Just below, at and just above what three equal columns should have.
    for near in (-1e-15, 0.0, 1e-15):
        matrix = np.ones((3, 3)) + near * (1 - np.eye(3))
        root = _root(matrix)
        assert root @ root.T == pytest.approx(matrix, abs=1e-7)
        assert np.array_equal(root[:, 1:], np.zeros((3, 2)))


@given(st.integers(1, 6), st.integers(0, 1000))
def test_the_root_of_a_correlation(columns, seed):
    data = np.random.default_rng(seed).normal(size=(columns + 3, columns))
    matrix = np.atleast_2d(np.corrcoef(data.T))
    root = _root(matrix)
    assert root @ root.T == pytest.approx(matrix, abs=1e-9)
    assert np.array_equal(root, np.tril(root))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.floats(-1e100, 1e100, allow_nan=False).map(repr),
            st.sampled_from(["1e-300", "007", "+3", "-0", "old", "9" * 30]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_hostile_columns_are_moved_or_refused_in_words(build, context, values):
    step = AddNoise(columns=("x",), percent=100)
    refused = ""
    try:
        release = step.apply(Release.original(build({"x": values})), context(["x"]))
    except PrivacyToolError as error:
        refused = str(error)
    if refused:
        assert "'x'" in refused
    else:
        assert release.frame()["x"].isna().sum() == values.count(None)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"columns": ["x"], "percent": 0}, "'percent' must be a number from 0.1 to 500"),
        ({"columns": ["x"]}, "'percent'"),
        ({"columns": ["x"], "percent": 5, "correlated": 1}, "true or false"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(parameters, words):
    with pytest.raises(PrivacyToolError, match=words):
        AddNoise.from_json({"step": "add_noise", **parameters})


def test_json_round_trip_and_description():
    step = AddNoise(columns=("x", "y"), percent=12.5, correlated=True)
    assert AddNoise.from_json(step.to_json()) == step
    assert step.describe() == (
        "Add random noise of 12.5 % of a standard deviation to the numbers of 'x', 'y', keeping "
        "their correlation."
    )
