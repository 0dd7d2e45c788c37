from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from transforms.recipe import Recipe, StepContext
from transforms.replay import replay_check
from transforms.steps import (
    DateShift,
    DropColumn,
    Generalize,
    Mask,
    Mondrian,
    Pseudonymize,
    RecodeLocally,
    SampleRecords,
    ShuffleRows,
    SuppressRecords,
)

AGE = Hierarchy.from_rows("age", [("30", "30-39", "*"), ("31", "30-39", "*"), ("40", "40+", "*")])
RECIPE = Recipe(
    steps=(
        DropColumn(columns=("name",)),
        Pseudonymize(columns=("id",)),
        Generalize(levels={"age": 1, "town": 0}),
        DateShift(columns=("seen",)),
        SampleRecords(share=0.9),
        SuppressRecords(require=("k-anonymity=2", "distinct-l-diversity(illness)=1")),
        ShuffleRows(),
    )
).with_hierarchies({"age": AGE})
MONTH = {
    "name": ["Ann", "Bob", "Cid"],
    "id": ["p1", "p2", "p3"],
    "age": ["30", "31", "40"],
    "town": ["a", "b", "a"],
    "seen": ["2024-01-01", "2024-01-02", "2024-01-03"],
    "illness": ["flu", "cold", "flu"],
}


def table(**changes):
    columns = MONTH | changes
    frame = pd.DataFrame({k: v for k, v in columns.items() if v is not None}, dtype="object")
    return dataset_from_frame(frame, "month.csv")


def codes(dataset, hierarchies=None, recipe=RECIPE):
    issues = replay_check(recipe, dataset, {"age": AGE} if hierarchies is None else hierarchies)
    return [(issue.severity, issue.code, issue.column) for issue in issues]


def test_the_file_that_it_was_made_with_fits():
    assert codes(table()) == []
    assert replay_check(Recipe(), table(), {}) == ()


@pytest.mark.parametrize("column", ["name", "id", "age", "seen", "illness"])
def test_a_column_that_a_step_needs_is_missed(column):
    assert codes(table(**{column: None})) == [("error", "column-missing", column)]


def test_a_new_value_outside_the_hierarchy_is_counted_not_shown():
    dataset = table(age=["30", "97", "98"])
    (issue,) = replay_check(RECIPE, dataset, {"age": AGE})
    assert (issue.severity, issue.code, issue.count) == ("error", "values-not-covered", 2)
    assert "97" not in issue.message
    assert "2 values of the column 'age', in 2 rows" in issue.message


def test_other_hierarchies_are_told():
    other = Hierarchy.from_rows("age", [("30", "x", "*"), ("31", "x", "*"), ("40", "y", "*")])
    assert codes(table(), {"age": other}) == [("warning", "hierarchy-changed", "age")]
    flat = Hierarchy.from_rows("age", [("30",), ("31",), ("40",)])
    assert codes(table(), {"age": flat}) == [
        ("error", "level-missing", "age"),
        ("warning", "hierarchy-changed", "age"),
    ]
    assert codes(table(), {}) == [("error", "hierarchy-missing", "age")]


def test_the_last_level_of_a_hierarchy_fits():
    for level, found in ((2, []), (3, [("error", "level-missing", "age")])):
        recipe = Recipe(steps=(Generalize(levels={"age": level}),))
        assert codes(table(), {"age": AGE}, recipe) == found


def test_levels_that_differ_from_group_to_group_need_the_hierarchy_too():
    step = RecodeLocally(
        rounds=({"age": 0}, {"age": 3}),
        require=("k-anonymity=2", "distinct-l-diversity(wealth)=1"),
    )
    recipe = Recipe(steps=(step,)).with_hierarchies({"age": AGE})
    assert recipe.hierarchies == {"age": AGE.digest}
    assert codes(table(age=["30", "31", "41"]), None, recipe) == [
        ("error", "column-missing", "wealth"),
        ("error", "level-missing", "age"),
        ("error", "values-not-covered", "age"),
    ]
    assert ("error", "hierarchy-missing", "age") in codes(table(), {}, recipe)


def test_a_recorded_hierarchy_that_no_step_needs_is_not_missed():
    recipe = Recipe(steps=(ShuffleRows(),), hierarchies={"town": "0" * 64})
    assert codes(table(), {}, recipe) == []


def test_parts_that_would_get_other_names_are_a_warning():
    town = Hierarchy.from_rows("town", [("a", "north", "*"), ("b", "north", "*")])
    step = Mondrian(columns=("age", "town"), require=("k-anonymity=2",))
    recipe = Recipe(steps=(step,)).with_hierarchies({"town": town, "age": AGE})
    assert codes(table(), {"town": town, "age": AGE}, recipe) == []
    # Ages are numbers, which are split by value whatever their hierarchy.
    assert codes(table(), {}, recipe) == [("warning", "hierarchy-missing", "town")]
    other = Hierarchy.from_rows("town", [("a", "south", "*"), ("b", "south", "*")])
    assert codes(table(), {"town": other}, recipe) == [("warning", "hierarchy-changed", "town")]


def test_another_kind_and_an_empty_column_are_warnings():
    assert codes(table(seen=["5", "6", "7"])) == [("warning", "kind-changed", "seen")]
    assert codes(table(id=[None] * 3)) == [("warning", "column-empty", "id")]
    # An empty column of dates is told once, as empty.
    assert codes(table(seen=[None] * 3)) == [("warning", "column-empty", "seen")]
    masks = Recipe(steps=(Mask(columns=("town",)), Mask(columns=("seen", "illness"))))
    assert codes(table(), {}, masks) == [("warning", "kind-changed", "seen")]


def test_a_column_that_an_earlier_step_drops_is_told_once():
    recipe = Recipe(
        steps=(
            Mask(columns=("name",)),
            DropColumn(columns=("name", "illness")),
            Pseudonymize(columns=("name",)),
            Pseudonymize(columns=("name",)),
            SuppressRecords(require=("distinct-l-diversity(illness)=1",)),
        )
    )
    assert codes(table(), {}, recipe) == [
        ("error", "column-dropped", "name"),
        ("error", "column-dropped", "illness"),
    ]


def test_errors_come_first():
    dataset = table(seen=["5", "6", "7"], illness=None)
    assert [severity for severity, _, _ in codes(dataset)] == ["error", "warning"]


@given(
    age=st.sampled_from([None, ["30", "31", "40"], ["30", "31", "50"], [None, "31", "31"]]),
    name=st.sampled_from([None, ["Ann", "Bob", "Cid"], [None] * 3]),
    illness=st.sampled_from([None, ["flu", "cold", "flu"]]),
    with_hierarchy=st.booleans(),
    level=st.integers(0, 4),
)
def test_what_is_an_error_stops_the_recipe_and_nothing_else_does(
    age, name, illness, with_hierarchy, level
):
    dataset = table(age=age, name=name, illness=illness)
    hierarchies = {"age": AGE} if with_hierarchy else {}
    recipe = Recipe(
        steps=(
            Generalize(levels={"age": level}),
            DropColumn(columns=("name",)),
            SuppressRecords(require=("distinct-l-diversity(illness)=1",)),
        )
    )
    wrong = any(issue.severity == "error" for issue in replay_check(recipe, dataset, hierarchies))
    roles = {"town": Role.QUASI_IDENTIFIER, "illness": Role.SENSITIVE}
    roles = {column: role for column, role in roles.items() if column in dataset.column_names}
    here = {k: v for k, v in hierarchies.items() if k in dataset.column_names}
    original = Release.original(encode(dataset, here))
    try:
        recipe.apply(original, StepContext(roles=Roles(by_column=roles)))
    except PrivacyToolError:
        assert wrong
    else:
        assert not wrong
