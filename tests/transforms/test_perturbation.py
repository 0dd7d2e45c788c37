from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.kinds import numeric_values
from microdata.readers import read_dataset
from microdata.release import Release
from transforms.perturbation import (
    most_decimals,
    number_column,
    number_text,
    own_decimals,
    released_numbers,
)


def read(table, name="x"):
    return number_column(Release.original(table), name, step="a step")


@pytest.mark.parametrize(
    ("texts", "mark", "decimals"),
    [
        (["1", "20"], ".", 0),
        (["1.50", "2"], ".", 2),
        (["1,5", "2,25"], ",", 2),
        (["1e-3", "2.5e1"], ".", 3),
        (["2.5E-1"], ".", 2),
        (["1e-300"], ".", 20),
        ([], ".", 0),
    ],
)
def test_decimals_are_those_of_the_most_exact_value(texts, mark, decimals):
    assert most_decimals(texts, mark) == decimals


@pytest.mark.parametrize(("value", "decimals"), [(90.0, 0), (0.1, 1), (1e-7, 7), (2.25, 2)])
def test_a_number_given_by_a_person_keeps_its_own_decimals(value, decimals):
    assert own_decimals(value) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "mark", "text"),
    [
        (0.1 + 0.2, 1, ".", "0.3"),
        (-0.04, 1, ".", "0.0"),
        (-0.4, 1, ".", "-0.4"),
        (Decimal("1234.5"), 2, ",", "1234,50"),
        (1e300, 2, ",", "1e+300"),
        (-(2.0**60), 0, ".", "-1.152921504606847e+18"),
    ],
)
def test_numbers_are_written_without_noise_of_floats(value, decimals, mark, text):
    assert number_text(value, decimals, mark) == text


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 20),
    st.sampled_from([".", ","]),
)
def test_what_is_written_is_read_back(value, decimals, mark):
    back = numeric_values([number_text(value, decimals, mark)], mark)[0]
    # half a unit of the last digit, and what a float itself leaves out
    assert abs(back - value) <= 0.5000001 * 10.0**-decimals + abs(value) * 1e-15


def test_new_numbers_stand_over_the_nearest_original_value(build):
    column = read(build({"x": ["10", "20", None, "40"]}))
    released = released_numbers(column, np.array([14.0, 15.0, np.nan, 99.0]), 0)
    assert released.nodes.labels == ("14", "15", "99")
    # 15 lies as far from 10 as from 20: the lower one
    assert released.nodes.members.tolist() == [0, 0, 2]
    assert released.nodes.sizes.tolist() == [1, 1, 1]
    assert released.explicit.tolist() == [0, 1, 3, 2]
    assert released.perturbed
    assert not released.unchanged


def test_a_number_that_is_an_original_value_stands_over_itself(build):
    column = read(build({"x": ["3", "03.0", "7"]}))
    released = released_numbers(column, np.array([3.0, 3.0, 7.0]), 1)
    assert released.nodes.labels == ("3.0", "7.0")
    leaves = column.domain.leaves
    same = released_numbers(column, np.array([3.0, 3.0, 7.0]), 0)
    assert [leaves[i] for i in same.nodes.members] == ["3", "7"]


def test_suppressed_cells_are_stars(build):
    table = build({"x": ["10", "20", None]})
    released = released_numbers(
        read(table), np.array([10.0, 20.0, np.nan]), 0, np.array([True, False, False])
    )
    frame = Release.original(table).with_columns(released).frame()
    assert frame["x"].astype(object).tolist()[:2] == ["*", "20"]
    assert frame["x"].isna().tolist() == [False, False, True]


def test_numbers_that_round_to_one_text_are_one_value(build):
    released = released_numbers(read(build({"x": ["1", "2"]})), np.array([1.04, 0.96]), 1)
    assert released.nodes.labels == ("1.0",)
    assert released.explicit.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "secret", "secret", "geheim"], "^2 different values of the column 'x'"),
        ([None, None], "holds no value"),
        (["2024-01-31", "2024-02-01"], "^2 different values"),
        (["01234", "04567"], "read as codes"),
    ],
)
def test_what_is_not_a_number_is_refused_without_showing_it(build, values, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        read(build({"x": values}))
    assert "secret" not in str(error.value)
    assert "geheim" not in str(error.value)


def test_the_decimal_mark_of_the_table_is_used():
    dataset = read_dataset(b"x;y\n1,5;a\n2,5;b\n3,0;c\n", "table.csv")
    column = read(encode(dataset))
    assert (column.mark, column.decimals) == (",", 1)
    assert column.values.tolist() == [1.5, 2.5, 3.0]
    assert released_numbers(column, np.array([1.1, 2.0, 3.0]), 1).nodes.labels[0] == "1,1"


def test_infinite_results_are_refused(build):
    with pytest.raises(PrivacyToolError, match="too large"):
        released_numbers(read(build({"x": ["1", "2"]})), np.array([np.inf, 1.0]), 0)


def test_values_that_only_the_hierarchy_knows_may_be_no_numbers(build):
    rows = [("1.5", "*"), ("unknown", "*"), ("2.25", "*")]
    column = read(build({"x": ["1.5", None, "2.25"]}, {"x": rows}))
    assert column.leaves.tolist() == pytest.approx([1.5, np.nan, 2.25], nan_ok=True)
    assert column.values.tolist() == pytest.approx([1.5, np.nan, 2.25], nan_ok=True)
    assert column.decimals == 2
