from __future__ import annotations

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize
from transforms.steps.top_bottom_code import TopBottomCode

AGES = ["15", "17", "18", "64", "90", "103", None]


def written(step, table, context, column="age"):
    frame = step.apply(Release.original(table), context([column])).frame()
    return [None if pd.isna(x) else x for x in frame[column].astype(object)]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            {"bottom": 17, "top": 90},
            ["≤ 17", "≤ 17", "18", "64", "≥ 90", "≥ 90", None],
        ),
        ({"top": 64.5}, ["15", "17", "18", "64", "≥ 64.5", "≥ 64.5", None]),
        ({"bottom": -3}, AGES),
        ({"bottom": 500}, ["≤ 500"] * 6 + [None]),
    ],
)
def test_extremes_get_one_label_each(build, context, limits, expected):
    step = TopBottomCode(column="age", **limits)
    assert written(step, build({"age": AGES}), context) == expected


def test_the_leaves_below_a_label_are_all_that_it_stands_for(build, context):
    table = build({"age": AGES})
    column = (
        TopBottomCode(column="age", bottom=17, top=90)
        .apply(Release.original(table), context(["age"]))
        .columns["age"]
    )
    below = dict(zip(column.nodes.labels, column.nodes.sizes.tolist(), strict=True))
    assert below == {"≤ 17": 2, "18": 1, "64": 1, "≥ 90": 2}
    assert column.lookup is not None
    assert not column.perturbed


def test_nothing_beyond_the_limits_leaves_the_column_unchanged(build, context):
    table = build({"age": AGES})
    release = TopBottomCode(column="age", top=104).apply(Release.original(table), context(["age"]))
    assert release.columns["age"].unchanged


def test_the_decimal_mark_of_the_table_is_written(context):
    table = encode(read_dataset(b"pay;y\n1,5;a\n2,5;b\n3,0;c\n", "t.csv"))
    step = TopBottomCode(column="pay", top=2.5)
    assert written(step, table, context, "pay") == ["1,5", "≥ 2,5", "≥ 2,5"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"column": "age"}, "neither a bottom nor a top"),
        ({"column": "age", "bottom": 5, "top": 5}, "not below"),
        ({"column": "age", "top": "90"}, "'top' must be a number"),
        ({"column": "age", "top": True}, "'top' must be a number"),
        ({"column": "age", "top": float("nan")}, "'top' must be a number"),
        ({"top": 3}, "'column'"),
        ({"column": None, "top": 3}, "name of a column"),
        ({"column": "age", "top": 3, "below": 1}, "unknown keys"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(parameters, words):
    with pytest.raises(PrivacyToolError, match=words):
        TopBottomCode.from_json({"step": "top_bottom_code", **parameters})


def test_values_that_are_no_numbers_and_changed_columns_are_refused(build, context):
    step = TopBottomCode(column="age", top=90)
    with pytest.raises(PrivacyToolError, match=r"^1 different values of the column 'age'"):
        written(step, build({"age": ["1", "old"]}), context)
    with pytest.raises(PrivacyToolError, match="'age'"):
        written(step, build({"x": ["1"]}), context, "x")
    table = build({"age": ["1", "2"]}, {"age": [("1", "1-2", "*"), ("2", "1-2", "*")]})
    recipe = Recipe(steps=(Generalize(levels={"age": 1}), step))
    with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
        recipe.apply(Release.original(table), context(["age"]))


def test_a_declared_value_that_nobody_has_is_coded_too(build, context):
    rows = [(x, "*") for x in ("95", "10", "20", "unknown")]
    table = build({"age": ["10", "20"]}, {"age": rows})
    column = (
        TopBottomCode(column="age", top=90)
        .apply(Release.original(table), context(["age"]))
        .columns["age"]
    )
    assert column.nodes.labels == ("≥ 90", "10", "20")
    assert column.lookup.tolist() == [0, 1, 2, -1, 3, 4]


def test_json_round_trip_and_description():
    step = TopBottomCode(column="age", bottom=17, top=90)
    assert TopBottomCode.from_json(step.to_json()) == step
    assert "'≤ 17'" in step.describe()
    assert "'≥ 90'" in step.describe()
    assert step.columns == ("age",)
