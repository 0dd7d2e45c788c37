from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset
from microdata.release import Release
from transforms.steps.round_values import RoundValues


def written(step, table, context, column="x"):
    frame = step.apply(Release.original(table), context([column])).frame()
    return [None if pd.isna(x) else x for x in frame[column].astype(object)]


@pytest.mark.parametrize(
    ("values", "how", "expected"),
    [
        (["12", "13", "-13", None], (5, "nearest"), ["10", "15", "-15", None]),
        (["12", "14", "-13", None], (5, "down"), ["10", "10", "-15", None]),
        (["0.3", "0.15", "0.25"], (0.1, "nearest"), ["0.3", "0.2", "0.3"]),
        (["0.3", "0.19"], (0.1, "down"), ["0.3", "0.1"]),
        (["-0.04", "0.04", "1.0"], (0.1, "nearest"), ["0.0", "0.0", "1.0"]),
        (["1.1", "1.3"], (0.25, "nearest"), ["1.00", "1.25"]),
        (["1.5e20", "3"], (1000, "nearest"), ["1.5e+20", "0"]),
    ],
)
def test_numbers_become_multiples(build, context, values, how, expected):
    step = RoundValues(columns=("x",), base=how[0], way=how[1])
    assert written(step, build({"x": values}), context) == expected


def test_the_decimal_mark_of_the_table_is_written(context):
    table = encode(read_dataset(b"x;y\n1,57;a\n2,5;b\n3,0;c\n", "t.csv"))
    assert written(RoundValues(columns=("x",), base=0.5), table, context) == ["1,5", "2,5", "3,0"]


def test_a_label_stands_for_all_that_was_rounded_to_it(build, context):
    table = build({"x": ["1", "2", "3", "4", "6"]})
    column = (
        RoundValues(columns=("x",), base=5)
        .apply(Release.original(table), context(["x"]))
        .columns["x"]
    )
    assert column.nodes.labels == ("0", "5")
    assert [column.nodes.leaves(i).tolist() for i in (0, 1)] == [[0, 1], [2, 3, 4]]
    assert column.lookup.tolist() == [0, 0, 1, 1, 1, 2, 3]
    assert not column.perturbed


@settings(deadline=None)
@given(
    st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=20),
    st.sampled_from([0.001, 0.1, 0.25, 0.3, 1, 5, 7, 1000]),
    st.sampled_from(["nearest", "down"]),
)
def test_rounding_is_exact_and_near(build, context, values, base, way):
    step = RoundValues(columns=("x",), base=base, way=way)
    step_size = Decimal(str(base))
    # A text keeps what a number of one digit or a constant column would hide.
    found = written(step, build({"x": [f"{value}" for value in values] + ["0.5"]}), context)
    for value, text in zip(values, found[:-1], strict=True):
        rounded = Decimal(text)
        assert rounded % step_size == 0
        if way == "down":
            assert 0 <= value - rounded < step_size
        else:
            assert abs(value - rounded) <= step_size / 2


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"columns": ["x"], "base": 0}, "'base' must be a number from"),
        ({"columns": ["x"], "base": -5}, "'base' must be a number from"),
        ({"columns": ["x"]}, "'base'"),
        ({"columns": ["x"], "base": 5, "way": "up"}, "'way' must be one of: nearest, down"),
        ({"columns": [], "base": 5}, "at least one column"),
        ({"columns": ["x", "x"], "base": 5}, "only once"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(parameters, words):
    with pytest.raises(PrivacyToolError, match=words):
        RoundValues.from_json({"step": "round_values", **parameters})


def test_texts_are_refused(build, context):
    with pytest.raises(PrivacyToolError, match=r"^2 different values of the column 'x'"):
        written(RoundValues(columns=("x",), base=5), build({"x": ["1", "a", "b"]}), context)


def test_json_round_trip_and_description():
    step = RoundValues(columns=("x", "y"), base=0.5, way="down")
    assert RoundValues.from_json(step.to_json()) == step
    assert step.describe() == "Round the numbers of 'x', 'y' down to a multiple of 0.5."


def test_multiples_that_no_number_can_hold_are_refused(build, context):
    step = RoundValues(columns=("x",), base=1e308)
    with pytest.raises(PrivacyToolError, match="'x' become too large"):
        written(step, build({"x": ["1.7e308", "1"]}), context)
