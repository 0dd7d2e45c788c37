from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk.models import parse_model
from transforms.recipe import Recipe, StepContext
from transforms.steps import DropColumn, Generalize, Mondrian, SuppressRecords

ROWS = [("a", "ab", "*"), ("c", "cd", "*"), ("b", "ab", "*"), ("d", "cd", "*")]
K2 = ("k-anonymity=2",)


def split(columns=("q",), require=K2):
    return Mondrian(columns=columns, require=require)


def labels(release, column):
    return [None if pd.isna(value) else value for value in release.frame()[column]]


def test_numbers_are_cut_in_the_middle_and_told_by_their_ends(build, context):
    table = build({"age": ["30", "21", "45", "33", "20", "50"]})
    release = split(("age",)).apply(Release.original(table), context(["age"]))
    # 20, 21, 30 | 33, 45, 50: neither half can be cut again.
    assert labels(release, "age") == ["20-30", "20-30", "33-50", "33-50", "20-30", "33-50"]
    column = release.columns["age"]
    assert column.nodes.labels == ("20-30", "33-50")
    leaves = table.domain("age").leaves
    found = [sorted(leaves[code] for code in column.nodes.leaves(node)) for node in range(2)]
    assert found == [["20", "21", "30"], ["33", "45", "50"]]


def test_declared_values_between_the_ends_belong_to_the_range(build, context):
    tree = [(str(v), "*") for v in range(10, 15)]
    table = build({"age": ["10", "14", "12"]}, {"age": tree})
    release = split(("age",)).apply(Release.original(table), context(["age"]))
    assert release.columns["age"].nodes.sizes.tolist() == [5]


def test_text_is_cut_between_branches_and_told_by_its_hierarchy(build, context):
    table = build({"q": ["a", "b", "c", "d", "d"]}, {"q": ROWS})
    release = split().apply(Release.original(table), context(["q"]))
    assert labels(release, "q") == ["ab", "ab", "cd", "cd", "cd"]
    column = release.columns["q"]
    leaves = {column.nodes.labels[i]: column.nodes.leaves(i).tolist() for i in range(2)}
    assert leaves == {"ab": [0, 2], "cd": [1, 3]}


def test_text_without_a_label_for_both_is_suppressed(build, context):
    table = build({"q": ["a", "b", "c", "c"], "r": ["x", "y", "z", "z"]}, {"q": ROWS[:3]})
    release = split(("q", "r")).apply(Release.original(table), context(["q", "r"]))
    assert labels(release, "q") == ["ab", "ab", "c", "c"]
    assert labels(release, "r") == ["*", "*", "z", "z"]


def test_negative_numbers_decimals_and_dates_are_readable(build, context):
    table = build(
        {
            "balance": ["-5", "-1", "3", "4"],
            "day": ["2020-01-01", "2020-01-02", "2021-05-05", "2021-05-06"],
            "rate": ["0.5", "0.75", "1.5", "2.0"],
        }
    )
    names = ("balance", "day", "rate")
    release = split(names).apply(Release.original(table), context(names))
    assert labels(release, "balance") == ["-5 to -1", "-5 to -1", "3-4", "3-4"]
    assert labels(release, "day")[0] == "2020-01-01 to 2020-01-02"
    assert labels(release, "rate") == ["0.5-0.75", "0.5-0.75", "1.5-2.0", "1.5-2.0"]


def test_missing_cells_are_apart_or_suppressed_with_the_others(build, context):
    apart = build({"age": ["20", "20", None, None]})
    release = split(("age",)).apply(Release.original(apart), context(["age"]))
    assert labels(release, "age") == ["20", "20", None, None]
    mixed = build({"age": ["20", "21", None]})
    release = split(("age",)).apply(Release.original(mixed), context(["age"]))
    assert labels(release, "age") == ["*", "*", "*"]


def test_columns_that_may_not_be_cut_keep_people_apart(build, context):
    table = build({"age": ["20", "30", "20", "31", "40"], "r": list("xxyyz")})
    release = split(("age",)).apply(Release.original(table), context(["age", "r"]))
    assert labels(release, "age") == ["20-30", "20-30", "20-31", "20-31"]
    assert release.record_index.tolist() == [0, 1, 2, 3]


def test_a_cut_that_breaks_a_rule_is_not_made_and_another_is_tried(build, context):
    table = build(
        {"age": ["1", "2", "8", "9"], "q": ["a", "c", "a", "c"], "s": ["x", "x", "y", "y"]},
        {"q": ROWS},
    )
    here = context(["age", "q"], ["s"])
    step = split(("age", "q"), (*K2, "distinct-l-diversity(s)=2"))
    release = step.apply(Release.original(table), here)
    # By age there would be two halves of one value each; the branches of q hold both.
    assert labels(release, "q") == ["a", "c", "a", "c"]
    assert labels(release, "age") == ["1-8", "2-9", "1-8", "2-9"]


def test_distinct_persons_are_counted(build, context):
    table = build({"age": ["1", "1", "2", "2"], "p": ["1", "1", "2", "3"]})
    here = context(["age"], person="p")
    release = split(("age",)).apply(Release.original(table), here)
    assert labels(release, "age") == ["1-2"] * 4
    assert classes_of(release, here.roles).k == 3


def test_a_table_that_no_split_makes_safe_is_left_out(build, context):
    table = build({"age": ["1", "2"], "s": ["x", "x"]})
    step = split(("age",), ("distinct-l-diversity(s)=2",))
    assert step.apply(Release.original(table), context(["age"], ["s"])).released_records == 0
    nothing = Release.original(table).keeping(np.zeros(2, bool))
    assert split(("age",)).apply(nothing, context(["age"])).released_records == 0


def test_records_left_out_before_stay_out(build, context):
    table = build({"age": ["1", "1", "5", "9", "9"]})
    here = context(["age"])
    before = SuppressRecords(require=K2).apply(Release.original(table), here)
    release = split(("age",)).apply(before, here)
    assert labels(release, "age") == ["1", "1", "9", "9"]
    after = SuppressRecords(require=("k-anonymity=3",)).apply(release, here)
    assert after.released_records == 0


def test_wrong_parameters_are_refused_with_a_sentence(build, context):
    for data, message in (
        ({"columns": [], "require": ["k-anonymity=2"]}, "at least one column"),
        ({"columns": ["q", "q"], "require": ["k-anonymity=2"]}, "only once"),
        ({"columns": "q", "require": ["k-anonymity=2"]}, "list of column names"),
        ({"columns": ["q"], "require": []}, "requires nothing"),
        ({"columns": ["q"]}, "'require' must be a list"),
        ({"columns": ["q"], "require": ["average-risk=0.1"]}, "cannot require"),
        ({"columns": ["q"], "require": ["k-anonymity=2"], "k": 3}, "k"),
    ):
        with pytest.raises(PrivacyToolError, match=message):
            Mondrian.from_json({"step": "mondrian"} | data)
    release = Release.original(build({"q": ["a", "b"], "r": ["x", "y"]}, {"q": ROWS}))
    with pytest.raises(PrivacyToolError, match="not a quasi-identifier"):
        split(("r",)).apply(release, context(["q"]))
    with pytest.raises(PrivacyToolError, match="'nope'"):
        split(("nope",)).apply(release, context(["q"]))
    with pytest.raises(PrivacyToolError, match="drops"):
        split().apply(DropColumn(columns=("q",)).apply(release, context(["q"])), context(["q"]))
    with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
        split().apply(Generalize(levels={"q": 1}).apply(release, context(["q"])), context(["q"]))


def test_it_goes_into_a_recipe_file_and_back():
    recipe = Recipe(steps=(split(("q", "age")),))
    again = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert again == recipe
    assert not again.keeps_rule
    assert "'q', 'age'" in again.describe()[0]


CELLS = st.tuples(
    st.sampled_from(["1", "2", "3", "5", "8", "13", None]),
    st.sampled_from(["a", "b", "c", "d", "y", "z", None]),
    st.sampled_from(["x", "y", None]),
)
MODELS = st.sampled_from(
    [
        ("k-anonymity=2",),
        ("k-anonymity=3", "distinct-l-diversity(s)=2"),
        ("t-closeness(s,equal)=0.3",),
        ("delta-disclosure(s)=1.2",),
    ]
)
ROLES = Roles(
    by_column={"age": Role.QUASI_IDENTIFIER, "q": Role.QUASI_IDENTIFIER, "s": Role.SENSITIVE}
)


def table_of(cells):
    frame = pd.DataFrame(cells, columns=["age", "q", "s"], dtype="object")
    return encode(dataset_from_frame(frame, "table"), {"q": Hierarchy.from_rows("q", ROWS)})


@settings(max_examples=80, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=30), models=MODELS)
def test_every_released_group_is_safe_and_every_cell_is_true(every_cell_is_true, cells, models):
    table = table_of(cells)
    release = split(("age", "q"), models).apply(Release.original(table), StepContext(roles=ROLES))
    classes = classes_of(release, ROLES)
    assert not any(parse_model(model).failing(classes).any() for model in models)
    if models == K2:
        assert release.suppressed_records == (len(cells) if len(cells) < 2 else 0)
    assert every_cell_is_true(release, ("age", "q"))


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=25), models=MODELS, seed=st.integers(0, 9))
def test_the_order_of_the_records_changes_nothing(cells, models, seed):
    order = np.random.default_rng(seed).permutation(len(cells))

    def released(rows):
        step = split(("age", "q"), models)
        release = step.apply(Release.original(table_of(rows)), StepContext(roles=ROLES))
        found = [None] * len(rows)
        for place, record in enumerate(release.record_index.tolist()):
            found[record] = [
                release.columns[name].texts[release.codes(name)[place]] for name in ("age", "q")
            ]
        return found

    straight, mixed = released(cells), released([cells[i] for i in order])
    assert [straight[i] for i in order] == mixed
