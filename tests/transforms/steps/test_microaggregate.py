from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset
from microdata.release import Release
from transforms.steps.microaggregate import Microaggregate

K3 = Microaggregate(columns=("x",), group_size=3)
K2 = Microaggregate(columns=("x", "y"), group_size=2)


def rows(release):
    frame = release.frame().astype(object)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]


def released(step, table, context, kept=None):
    release = Release.original(table)
    release = release if kept is None else release.keeping(np.array(kept))
    return step.apply(release, context(["x"]))


def test_one_column_by_hand(build, context):
    table = build({"x": ["1", "10", "2", "12", "3", "11", None]})
    found = released(K3, table, context)
    assert [row[0] for row in rows(found)] == ["2.0", "11.0", "2.0", "11.0", "2.0", "11.0", None]
    assert found.columns["x"].perturbed
    assert found.columns["x"].lookup is None
    assert found.columns["x"].nodes.members.tolist() == [1, 4]


def test_columns_are_brought_to_one_scale_first(build, context):
    # Without it the thousands of y alone would decide.
    table = build(
        {"x": ["1", "1", "9", "9"], "y": ["1000", "1300", "1100", "1400"]},
    )
    assert rows(released(K2, table, context)) == [
        ("1.0", "1150.0"),
        ("1.0", "1150.0"),
        ("9.0", "1250.0"),
        ("9.0", "1250.0"),
    ]


def test_gaps_are_grouped_by_the_other_columns_and_stay(build, context):
    table = build(
        {
            "x": ["1", "2", "30", "31", None, None, "5"],
            "y": ["1", "2", "30", "31", "7", "9", None],
        }
    )
    assert rows(released(K2, table, context)) == [
        ("1.5", "1.5"),
        ("1.5", "1.5"),
        ("30.5", "30.5"),
        ("30.5", "30.5"),
        (None, "8.0"),
        (None, "8.0"),
        ("*", None),  # nobody else has a gap in y alone
    ]


def test_only_kept_records_are_grouped(build, context):
    table = build({"x": ["1", "2", "3", "100", "4"]})
    found = released(
        Microaggregate(columns=("x",), group_size=2),
        table,
        context,
        [True, True, False, False, True],
    )
    assert [row[0] for row in rows(found)] == ["2.3", "2.3", "2.3"]
    # What is left out stands at the nearest mean, never at its own number.
    assert found.columns["x"].nodes.labels == ("2.3",)
    assert found.columns["x"].explicit.tolist() == [0] * 5


def test_a_number_that_only_left_out_records_hold_is_released_nowhere(build, context):
    table = build({"x": ["1.25", None, None], "y": ["1", "2", "4"]})
    found = released(K2, table, context, [False, True, True])
    assert rows(found) == [(None, "3.0"), (None, "3.0")]
    assert found.columns["x"].nodes.labels == ()


def test_decimals_and_mark_are_those_of_the_table(context):
    table = encode(read_dataset(b"x;y\n1,50;a\n2,50;b\n3,25;c\n", "t.csv"))
    assert {row[0] for row in rows(released(K3, table, context))} == {"2,417"}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_released_tuple_is_held_by_k_or_is_open(build, context, data):
    k = data.draw(st.integers(2, 4))
    number = st.one_of(st.none(), st.integers(-3, 3).map(str), st.just("1e3"), st.just("0.25"))
    table = build(
        {name: [*data.draw(st.lists(number, min_size=12, max_size=12)), "7"] for name in ("x", "y")}
    )
    kept = [*data.draw(st.lists(st.booleans(), min_size=8, max_size=8)), *[True] * 5]
    step = Microaggregate(columns=("x", "y"), group_size=k)
    found = released(step, table, context, kept)
    original = Release.original(table).keeping(np.array(kept)).frame()
    assert found.frame().isna().to_numpy().tolist() == original.isna().to_numpy().tolist()
    # A gap is told in the release, and a record of too small a pattern holds * beside it.
    for row, times in Counter(rows(found)).items():
        assert times >= k or set(row) <= {None, "*"}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_records_moves_no_value(build, context, numbers, random):
    mixed = numbers[:]
    random.shuffle(mixed)
    step = Microaggregate(columns=("x",), group_size=2)
    first, second = (
        sorted(row[0] for row in rows(released(step, build({"x": list(map(str, x))}), context)))
        for x in (numbers, mixed)
    )
    assert first == second


def test_the_mean_stays(build, context):
    x = np.random.default_rng(1).lognormal(3, 1, (300, 2)).round(3)
    table = build({"x": x[:, 0].astype(str).tolist(), "y": x[:, 1].astype(str).tolist()})
    step = Microaggregate(columns=("x", "y"), group_size=4)
    after = np.array(rows(released(step, table, context)), float)
    assert after.mean(axis=0) == pytest.approx(x.mean(axis=0), abs=1e-4)
    assert np.all(after.std(axis=0) <= x.std(axis=0))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "2"], "groups of at least 3 records"),
        (["1", "2", "3", "four"], "^1 different values of the column 'x'"),
        ([None] * 4, "holds no value"),
        (["1.5e308", "-1.5e308", "1", "2"], "too large to be averaged"),
        (["1e300", "2e300", "1", "2"], "too large to be averaged"),
    ],
)
def test_what_cannot_be_grouped_is_refused(build, context, values, words):
    with pytest.raises(PrivacyToolError, match=words):
        released(K3, build({"x": values}), context)


@pytest.mark.parametrize(
    "values", [["5"] * 4, ["1e150", "2e150", "1", "2"], ["0.1", "-0.1", "1e-200", "3"]]
)
def test_strange_numbers_are_taken(build, context, values):
    assert len(rows(released(K3, build({"x": values}), context))) == 4


def test_a_changed_column_is_refused(build, context):
    table = build({"x": ["1", "2", "3"]})
    with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
        K3.apply(released(K3, table, context), context(["x"]))


@pytest.mark.parametrize("size", [1, 1001, 2.5, True, "3", None])
def test_a_size_that_makes_no_group_is_refused(size):
    with pytest.raises(PrivacyToolError, match="'group_size' must be a whole number from 2"):
        Microaggregate.from_json({"step": "microaggregate", "columns": ["x"], "group_size": size})


def test_json_round_trip_and_description():
    assert Microaggregate.from_json(K2.to_json()) == K2
    assert Microaggregate.from_json({"step": "microaggregate", "columns": ["x"]}) == K3
    assert "'x', 'y' together" in K2.describe()
