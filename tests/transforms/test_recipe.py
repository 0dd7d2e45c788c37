from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps import (
    STEPS,
    DateShift,
    DropColumn,
    Generalize,
    Mask,
    Pseudonymize,
    SampleRecords,
    ShuffleRows,
    SuppressRecords,
    step_class,
)

HOSTILE = ["a,b", "x(y)=5", "<b>&amp;</b>", 'q"uote', "back\\slash", "emoji 🏥", "*", "line\nbreak"]


def every_step(columns):
    return (
        Generalize(levels=dict.fromkeys(columns, 1)),
        SuppressRecords(
            require=(
                "k-anonymity=5",
                *(
                    json.dumps({"model": "distinct-l-diversity", "column": column, "at_least": 2})
                    for column in columns
                ),
            )
        ),
        DropColumn(columns=tuple(columns)),
        Pseudonymize(columns=tuple(columns), length=20),
        Mask(columns=tuple(columns), what="all_but_last", keep=2, replacement="x"),
        DateShift(columns=tuple(columns), days=7),
        SampleRecords(share=0.5),
        SampleRecords(count=100),
        ShuffleRows(),
    )


def test_json_round_trip_keeps_every_step_and_hostile_names():
    recipe = Recipe(steps=every_step(HOSTILE), hierarchies=dict.fromkeys(HOSTILE, "0" * 64))
    again = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert again == recipe
    assert again.digest == recipe.digest
    assert all(sentence.endswith(".") for sentence in again.describe())
    assert {step.name for step in recipe.steps} <= {step.name for step in STEPS}


def test_no_two_steps_share_a_name_and_each_is_found_by_it():
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert all(step_class(step.name) is step for step in STEPS)


def test_the_example_of_the_command_line_is_read():
    recipe = Recipe.from_json(
        {
            "version": 1,
            "steps": [
                {"step": "generalize", "levels": {"age": 3, "education": 1}},
                {"step": "suppress_records", "require": ["k-anonymity=5"]},
            ],
        }
    )
    assert recipe.steps[0] == Generalize(levels={"age": 3, "education": 1})
    assert recipe.steps[1] == SuppressRecords(require=("k-anonymity=5",))
    assert recipe.keeps_rule


def test_the_digest_is_of_the_meaning_not_of_the_writing():
    first = {"version": 1, "steps": [{"step": "suppress_records", "require": ["k-anonymity=5"]}]}
    model = {"model": "k-anonymity", "at_least": 5.0}
    second = {"steps": [{"require": [model], "step": "suppress_records"}], "version": 1}
    other = {"version": 1, "steps": [{"step": "suppress_records", "require": ["k-anonymity=6"]}]}
    assert Recipe.from_json(first).digest == Recipe.from_json(second).digest
    assert Recipe.from_json(first).digest != Recipe.from_json(other).digest


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "one JSON object"),
        ({"version": 1, "steps": [], "extra": 1}, "unknown keys"),
        ({"version": 2, "steps": []}, "version"),
        ({"version": True, "steps": []}, "version"),
        ({"steps": []}, "version"),
        ({"version": 1}, "'steps'"),
        ({"version": 1, "steps": ["generalize"]}, "'steps'"),
        ({"version": 1, "steps": [{"step": "os.system"}]}, "unknown step"),
        ({"version": 1, "steps": [{}]}, "unknown step"),
        ({"version": 1, "steps": [{"step": "generalize", "levels": {}, "x": 1}]}, "unknown keys"),
        ({"version": 1, "steps": [{"step": "generalize"}]}, "'levels'"),
        ({"version": 1, "steps": [{"step": "generalize", "levels": {"a": -1}}]}, "whole number"),
        ({"version": 1, "steps": [{"step": "generalize", "levels": {"a": True}}]}, "whole number"),
        ({"version": 1, "steps": [{"step": "generalize", "levels": {"a": 1.0}}]}, "whole number"),
        ({"version": 1, "steps": [{"step": "drop_column", "columns": "a"}]}, "list"),
        ({"version": 1, "steps": [{"step": "drop_column", "columns": []}]}, "at least one"),
        ({"version": 1, "steps": [{"step": "drop_column", "columns": ["a", "a"]}]}, "only once"),
        ({"version": 1, "steps": [{"step": "suppress_records", "require": []}]}, "nothing"),
        ({"version": 1, "steps": [{"step": "suppress_records", "require": "k"}]}, "list"),
        ({"version": 1, "steps": [{"step": "suppress_records", "require": ["{"]}]}, "JSON"),
        ({"version": 1, "steps": [{"step": "suppress_records", "require": ["k"]}]}, "model"),
        (
            {"version": 1, "steps": [{"step": "pseudonymize", "columns": ["a"], "length": 3}]},
            "4 to 52",
        ),
        (
            {"version": 1, "steps": [{"step": "pseudonymize", "columns": ["a"], "key": "x"}]},
            "unknown keys",
        ),
        ({"version": 1, "steps": [], "hierarchies": {"a": "abc"}}, "SHA-256"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(data, words):
    with pytest.raises(PrivacyToolError, match=words):
        Recipe.from_json(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        *("columns", "levels", "require", "length", "alphabet", "prefix", "what", "keep", "days"),
        *("replacement", "share", "count", "rounds", "column", "x"),
    ]
)
LIKELY = st.sampled_from([["a"], {"a": 1}, ["k-anonymity=2"], 12, 0.5, "hex", None, [["a"]], "a"])
A_STEP = st.builds(
    lambda name, rest: {"step": name} | rest,
    st.sampled_from([step.name for step in STEPS]) | JSON,
    st.dictionaries(KEYS, LIKELY | JSON, max_size=3),
)


@settings(max_examples=150)
@given(
    JSON
    | st.fixed_dictionaries(
        {"version": st.just(1) | JSON, "steps": st.lists(A_STEP, max_size=3) | JSON},
        optional={"hierarchies": JSON, "x": JSON},
    )
)
def test_any_json_is_refused_or_read_as_it_will_be_written(data):
    try:
        recipe = Recipe.from_json(data)
    except PrivacyToolError:
        return
    written = json.dumps(recipe.to_json())
    assert Recipe.from_json(json.loads(written)).digest == recipe.digest
    assert len(recipe.describe()) == len(recipe.steps)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@settings(max_examples=25)
@given(rest=st.dictionaries(KEYS, LIKELY | JSON, max_size=4))
def test_any_step_is_refused_or_read_as_it_will_be_written(step, rest):
    try:
        read = step.from_json({"step": step.name} | rest)
    except PrivacyToolError:
        return
    assert step.from_json(json.loads(json.dumps(read.to_json()))) == read


def test_changing_a_recipe_gives_a_new_one():
    drop, general = DropColumn(columns=("a",)), Generalize(levels={"b": 1})
    recipe = Recipe().with_step(drop).with_step(general)
    assert recipe.steps == (drop, general)
    assert recipe.without_step(0).steps == (general,)
    assert recipe.replace_step(1, drop).steps == (drop, drop)
    assert recipe.steps == (drop, general)
    with pytest.raises(PrivacyToolError, match="position 2"):
        recipe.without_step(2)
    with pytest.raises(PrivacyToolError, match="position -1"):
        recipe.replace_step(-1, drop)


def test_hierarchies_are_recorded_by_digest_and_a_mismatch_is_told():
    age = Hierarchy.from_rows("age", [("1", "*"), ("2", "*")])
    other = Hierarchy.from_rows("age", [("1", "*"), ("3", "*")])
    unused = Hierarchy.from_rows("sex", [("f", "*")])
    recipe = Recipe().with_step(Generalize(levels={"age": 1, "sex": 0}))
    recorded = recipe.with_hierarchies({"age": age, "sex": unused})
    assert recorded.hierarchies == {"age": age.digest}
    assert recorded.check_hierarchies({"age": age}) == ()
    assert [issue.code for issue in recorded.check_hierarchies({"age": other})] == [
        "hierarchy-changed"
    ]
    assert [issue.code for issue in recorded.check_hierarchies({})] == ["hierarchy-missing"]


def test_a_release_carries_the_digest_of_its_recipe(build, context):
    recipe = Recipe().with_step(DropColumn(columns=("s",)))
    table = build({"q": ["a", "b"], "s": ["x", "y"]})
    release = recipe.apply(Release.original(table), context(["q"]))
    assert release.recipe_digest == recipe.digest
    assert list(release.columns) == ["q"]
