from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.steps.drop_column import DropColumn
from transforms.steps.swap import Swap


def swapped(step, table, context, seed=1, kept=None):
    release = Release.original(table)
    release = release if kept is None else release.keeping(np.array(kept))
    release = step.apply(release, replace(context(["x"]), seed=seed))
    return [None if pd.isna(x) else x for x in release.frame()["x"].astype(object)]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(-9, 9).map(str)), max_size=30),
    st.floats(0.01, 100),
    st.integers(0, 9),
)
def test_a_column_keeps_exactly_its_values_and_gaps(build, context, values, percent, seed):
    values = [*values, "1.5"]
    after = swapped(Swap(columns=("x",), percent=percent), build({"x": values}), context, seed)
    assert Counter(after) == Counter(values)
    assert [x is None for x in after] == [x is None for x in values]


def test_nobody_gets_a_value_from_farther_away_than_told(build, context):
    x = np.random.default_rng(2).permutation(1000) / 8
    after = np.array(swapped(Swap(columns=("x",), percent=5), build({"x": x.astype(str)}), context))
    moved = np.abs(rankdata(after.astype(float)) - rankdata(x))
    assert moved.max() <= 50
    assert np.mean(moved > 0) > 0.98
    assert moved.mean() > 10


def test_the_farthest_rank_is_a_share_of_those_who_take_part(build, context):
    # 40 of 400 rows have a value and half of them are kept: 10 % are 2 ranks.
    values = [str(i / 20) if i % 10 == 0 else None for i in range(400)]
    kept = [i % 20 == 0 for i in range(400)]
    after = swapped(Swap(columns=("x",), percent=10), build({"x": values}), context, kept=kept)
    moved = np.abs(np.array(after, dtype=float) - np.arange(0, 400, 20) / 20)
    assert moved.max() == 2
    assert np.mean(moved > 0) > 0.8


def test_equal_values_are_ranked_at_random(build, context):
    # With the ranks of a tie in the table's order the first ten would swap among themselves.
    values = ["1"] * 10 + ["2"] * 10
    found = [
        swapped(Swap(columns=("x",), percent=50), build({"x": values}), context, seed)
        for seed in range(30)
    ]
    share = np.mean([[after == "2" for after in row] for row in found], axis=0)
    assert np.all(share[:10] > 0.2)


def test_only_kept_records_take_part(build, context):
    values, kept = [str(i / 2) for i in range(20)], [True, False] * 10
    after = swapped(Swap(columns=("x",), percent=100), build({"x": values}), context, kept=kept)
    assert sorted(after, key=float) == values[::2]
    assert after != values[::2]


def test_dates_are_swapped_by_time(build, context):
    days = [f"{day:02d}.{month:02d}.2024" for month in range(1, 13) for day in (1, 15)]
    table = build({"x": days})
    after = swapped(Swap(columns=("x",), percent=5), table, context)
    order = {day: i for i, day in enumerate(days)}
    assert sorted(after) == sorted(days)
    assert max(abs(order[a] - order[b]) for a, b in zip(after, days, strict=True)) == 1


def test_each_column_is_swapped_by_itself(build, context):
    values = [str(i / 4) for i in range(100)]
    table = build({"x": values, "y": values})
    release = Swap(columns=("x", "y"), percent=20).apply(Release.original(table), context(["x"]))
    frame = release.frame()
    assert (frame["x"].astype(str) != frame["y"].astype(str)).mean() > 0.5
    alone = Swap(columns=("x",), percent=20).apply(Release.original(table), context(["x"]))
    assert alone.frame()["x"].equals(frame["x"])
    assert alone.columns["y"].unchanged
    assert alone.columns["x"].perturbed


def test_the_same_seed_swaps_the_same(build, context):
    table, step = build({"x": [str(i / 4) for i in range(50)]}), Swap(columns=("x",))
    assert swapped(step, table, context, 3) == swapped(step, table, context, 3)
    assert swapped(step, table, context, 3) != swapped(step, table, context, 4)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "b"], "^1 different values of the column 'x' are not numbers"),
        (["red", "green"], "^2 different values of the column 'x' are not numbers"),
    ],
)
def test_what_has_no_rank_is_refused(build, context, values, words):
    with pytest.raises(PrivacyToolError, match=words):
        swapped(Swap(columns=("x",)), build({"x": values}), context)


def test_a_changed_or_dropped_column_is_refused(build, context):
    table, step = build({"x": ["1.5", "2"], "y": ["1", "2"]}), Swap(columns=("x",))
    once = step.apply(Release.original(table), context(["x"]))
    with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
        step.apply(once, context(["x"]))
    gone = DropColumn(columns=("x",)).apply(Release.original(table), context(["x"]))
    with pytest.raises(PrivacyToolError, match="earlier step drops"):
        step.apply(gone, context(["x"]))


@pytest.mark.parametrize("percent", [0, 101, "5", True, None])
def test_a_share_that_is_none_is_refused(percent):
    with pytest.raises(PrivacyToolError, match=r"'percent' must be a number from 0\.01 to 100"):
        Swap.from_json({"step": "swap", "columns": ["x"], "percent": percent})


def test_json_round_trip_and_description():
    step = Swap(columns=("x", "y"), percent=7)
    assert Swap.from_json(step.to_json()) == step
    assert "at most 7 %" in step.describe()
