from __future__ import annotations

import json
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk.models import parse_model
from transforms.recipe import Recipe, StepContext
from transforms.steps import DropColumn, Generalize, RecodeLocally, SuppressRecords

ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
K2 = ("k-anonymity=2",)


def rounds(*levels, column="q"):
    return tuple({column: level} for level in levels)


def labels(release, column):
    return [None if pd.isna(value) else value for value in release.frame()[column]]


def test_each_group_is_released_at_the_first_levels_at_which_it_is_safe(build, context):
    table = build({"q": ["a", "a", "b", "c", "d", "b", "d"]}, {"q": ROWS})
    step = RecodeLocally(rounds=rounds(0, 1, 2), require=("k-anonymity=2",))
    release = step.apply(Release.original(table), context(["q"]))
    # a, b and d are pairs; c is alone at every level, because d left without it.
    assert labels(release, "q") == ["a", "a", "b", "d", "b", "d"]
    assert release.record_index.tolist() == [0, 1, 2, 4, 5, 6]
    assert classes_of(release, context(["q"]).roles).size_histogram == {2: 3}


def test_who_is_left_meets_others_at_a_coarser_level(build, context):
    table = build({"q": ["a", "a", "a", "b", "c", "d", "d"], "r": list("xxxxxxx")}, {"q": ROWS})
    step = RecodeLocally(rounds=rounds(0, 1, 2), require=K2)
    release = step.apply(Release.original(table), context(["q", "r"]))
    # b and c have no pair below *, which is a suppressed cell.
    assert labels(release, "q") == ["a", "a", "a", "*", "*", "d", "d"]
    column = release.columns["q"]
    assert column.lookup is None
    assert column.nodes.labels == ("a", "d")
    assert [column.nodes.leaves(node).tolist() for node in range(2)] == [[0], [3]]
    assert column.explicit.tolist() == [0, 0, 0, 3, 3, 1, 1]
    assert release.columns["r"].unchanged
    assert release.suppressed_records == 0


def test_levels_of_one_round_are_a_rule(build, context):
    table = build({"q": ["a", "b", "c"]}, {"q": ROWS})
    here = context(["q"])
    step = RecodeLocally(rounds=rounds(1), require=K2)
    local = step.apply(Release.original(table), here)
    both = Recipe(steps=(Generalize(levels={"q": 1}), SuppressRecords(require=K2)))
    same = both.apply(Release.original(table), here)
    assert local.columns["q"].lookup is not None
    pd.testing.assert_frame_equal(local.frame(), same.frame())


def test_equal_labels_of_two_levels_are_one_released_value(build, context):
    # "other" is a value and the label of two values above.
    rows = [("a", "a", "*"), ("other", "other", "*"), ("c", "other", "*"), ("d", "other", "*")]
    table = build({"q": ["other", "other", "c", "a", "a"]}, {"q": rows})
    step = RecodeLocally(rounds=rounds(0, 1), require=K2)
    release = step.apply(Release.original(table), context(["q"]))
    # c joins those who already are in the group that reads "other".
    assert labels(release, "q") == ["other", "other", "other", "a", "a"]
    column = release.columns["q"]
    leaves = {column.nodes.labels[i]: column.nodes.leaves(i).tolist() for i in range(2)}
    assert leaves == {"a": [0], "other": [1, 2, 3]}
    assert classes_of(release, context(["q"]).roles).size_histogram == {2: 1, 3: 1}


def test_an_original_value_that_reads_like_a_suppressed_cell_is_one(build, context):
    rows = [("q", "*"), ("r", "*"), ("*", "*"), ("s", "*")]
    table = build({"q": ["*", "*", "q", "r", "s", "s"]}, {"q": rows})
    step = RecodeLocally(rounds=rounds(0, 1), require=K2)
    release = step.apply(Release.original(table), context(["q"]))
    assert labels(release, "q") == ["*", "*", "*", "*", "s", "s"]
    assert classes_of(release, context(["q"]).roles).size_histogram == {2: 1, 4: 1}


def test_nobody_joins_a_group_that_would_then_break_a_rule(build, context):
    rows = [("a", "other", "*"), ("other", "other", "*")]
    sensitive = ["x", "y", "x", "x", "x", "x", "y", "y", "y", "y"]
    table = build({"q": ["other"] * 2 + ["a"] * 4 + ["a"] * 4, "s": sensitive}, {"q": rows})
    # At level 0 only those with equal shares of x and y are close to the table.
    step = RecodeLocally(rounds=rounds(0, 1), require=("t-closeness(s,equal)=0",))
    release = step.apply(Release.original(table), context(["q"], ["s"]))
    classes = classes_of(release, context(["q"], ["s"]).roles)
    assert not parse_model("t-closeness(s,equal)=0").failing(classes).any()
    assert release.suppressed_records == 0
    skewed = build({"q": ["other"] * 2 + ["a"] * 3, "s": ["x", "y", "x", "x", "y"]}, {"q": rows})
    step = RecodeLocally(rounds=rounds(0, 1), require=("t-closeness(s,equal)=0.1",))
    release = step.apply(Release.original(skewed), context(["q"], ["s"]))
    # "a" is released first; "other" is as far from the table as before and may not be.
    classes = classes_of(release, context(["q"], ["s"]).roles)
    assert not parse_model("t-closeness(s,equal)=0.1").failing(classes).any()


def test_missing_cells_form_groups_of_their_own(build, context):
    table = build({"q": ["a", None, None, "a", "b", "c"]}, {"q": ROWS})
    step = RecodeLocally(rounds=rounds(0, 2), require=K2)
    release = step.apply(Release.original(table), context(["q"]))
    assert labels(release, "q") == ["a", None, None, "a", "*", "*"]
    assert release.columns["q"].missing == 1


def test_distinct_persons_are_counted(build, context):
    table = build(
        {"q": ["a", "a", "b", "b"], "p": ["1", "1", "2", "3"], "s": list("xyxy")}, {"q": ROWS}
    )
    here = context(["q"], ["s"], person="p")
    for models in (K2, (*K2, "distinct-l-diversity(s)=2")):
        step = RecodeLocally(rounds=rounds(0, 1), require=models)
        release = step.apply(Release.original(table), here)
        assert release.record_index.tolist() == [2, 3]
        assert classes_of(release, here.roles).k == 2


def test_records_left_out_before_stay_out(build, context):
    table = build({"q": ["a", "a", "b", "c", "d", "d"], "r": list("xyyyyx")}, {"q": ROWS})
    here = context(["q"])
    before = SuppressRecords(require=K2).apply(Release.original(table), here)
    release = RecodeLocally(rounds=rounds(0, 1), require=K2).apply(before, here)
    assert release.record_index.tolist() == [0, 1, 4, 5]
    both = Recipe(
        steps=(RecodeLocally(rounds=rounds(0, 1), require=K2), DropColumn(columns=("r",)))
    )
    after = both.with_step(SuppressRecords(require=("k-anonymity=3",)))
    assert after.apply(Release.original(table), here).released_records == 0


def test_an_estimate_from_the_size_of_the_population_counts_all_records(build, context):
    table = build({"q": ["a"] * 4 + ["b"] * 4 + ["c"]}, {"q": ROWS})
    here = context(["q"])
    here = StepContext(roles=here.roles, population=Population(size=20))
    model = "k-map(poisson,0.01)=3"
    release = RecodeLocally(rounds=rounds(0, 1, 2), require=(model,)).apply(
        Release.original(table), here
    )
    classes = classes_of(release, here.roles, here.population)
    assert not parse_model(model).failing(classes).any()


@pytest.mark.parametrize(
    "model",
    ["average-risk=0.1", "k-map=2", "delta-presence=0,0.5", "sample-uniqueness=0.01"],
)
def test_models_that_no_group_can_be_judged_by_are_refused(model):
    with pytest.raises(PrivacyToolError, match="cannot require"):
        RecodeLocally(rounds=rounds(0), require=(model,))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"rounds": [], "require": ["k-anonymity=2"]}, "no rounds"),
        ({"rounds": [{}], "require": ["k-anonymity=2"]}, "no rounds"),
        ({"rounds": [{"q": 0}, {"r": 0}], "require": ["k-anonymity=2"]}, "same columns"),
        ({"rounds": [{"q": -1}], "require": ["k-anonymity=2"]}, "whole number"),
        ({"rounds": [{"q": True}], "require": ["k-anonymity=2"]}, "whole number"),
        ({"rounds": [{"q": 1.0}], "require": ["k-anonymity=2"]}, "whole number"),
        ({"rounds": [{"q": 0}], "require": []}, "requires nothing"),
        ({"rounds": [{"q": 0}]}, "'require' must be a list"),
        ({"rounds": [{"q": 0}], "require": [5]}, "'require' must be a list"),
        ({"rounds": {"q": 0}, "require": ["k-anonymity=2"]}, "'rounds' must be a list"),
        ({"rounds": ["q"], "require": ["k-anonymity=2"]}, "'rounds' must be a list"),
        ({"rounds": [{"q": 0}], "require": ["k-anonymity=2"], "k": 2}, "k"),
    ],
)
def test_a_wrong_recipe_is_refused_with_a_sentence(data, message):
    with pytest.raises(PrivacyToolError, match=message):
        RecodeLocally.from_json({"step": "recode_locally"} | data)


def test_columns_must_be_quasi_identifiers_as_they_were(build, context):
    table = build({"q": ["a", "b"], "r": ["x", "y"]}, {"q": ROWS})
    here, release = context(["q"]), Release.original(table)
    with pytest.raises(PrivacyToolError, match="not a quasi-identifier"):
        RecodeLocally(rounds=rounds(0, column="r"), require=K2).apply(release, here)
    with pytest.raises(PrivacyToolError, match="'r'"):
        RecodeLocally(rounds=rounds(1, column="r"), require=K2).apply(release, context(["q", "r"]))
    with pytest.raises(PrivacyToolError, match="levels 0 to 2"):
        RecodeLocally(rounds=rounds(3), require=K2).apply(release, here)
    changed = Generalize(levels={"q": 1}).apply(release, here)
    with pytest.raises(PrivacyToolError, match="changed by an earlier step"):
        RecodeLocally(rounds=rounds(1), require=K2).apply(changed, here)
    open_ = build({"q": ["a", "z"]}, {"q": ROWS})
    with pytest.raises(PrivacyToolError, match="1 values of the column 'q' are not in"):
        RecodeLocally(rounds=rounds(1), require=K2).apply(Release.original(open_), here)


def test_it_goes_into_a_recipe_file_and_back():
    step = RecodeLocally(rounds=rounds(0, 2), require=("k-anonymity=2", "alpha(a)=0.5"))
    recipe = Recipe(steps=(step,))
    again = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert again == recipe
    assert again.digest == recipe.digest
    assert not again.keeps_rule
    (sentence,) = again.describe()
    assert "'q'" in sentence
    assert "2 rounds" in sentence


def test_an_empty_table_is_released_as_it_is(build, context):
    table = build({"q": ["a", "b"]}, {"q": ROWS})
    nothing = Release.original(table).keeping(np.zeros(2, bool))
    release = RecodeLocally(rounds=rounds(0, 1), require=K2).apply(nothing, context(["q"]))
    assert release.released_records == 0


TREES = {
    "q": ROWS,
    "r": [("1", "low", "any"), ("2", "low", "any"), ("3", "high", "any"), ("low", "low", "any")],
}
CELLS = st.tuples(
    st.sampled_from(["a", "b", "c", "d", None]),
    st.sampled_from(["1", "2", "3", "low", None]),
    st.sampled_from(["x", "y", None]),
)
VECTORS = st.lists(
    st.fixed_dictionaries({"q": st.integers(0, 2), "r": st.integers(0, 2)}), min_size=1, max_size=5
)
MODELS = st.sampled_from(
    [
        ("k-anonymity=2",),
        ("k-anonymity=3",),
        ("k-anonymity=2", "distinct-l-diversity(s)=2"),
        ("t-closeness(s,equal)=0.3",),
        ("k-anonymity=2", "delta-disclosure(s)=1.2"),
    ]
)


def table_of(cells):
    frame = pd.DataFrame(cells, columns=["q", "r", "s"], dtype="object")
    trees = {name: Hierarchy.from_rows(name, rows) for name, rows in TREES.items()}
    return encode(dataset_from_frame(frame, "table"), trees)


def slowly(cells, vectors, k):
    """The labels that k-anonymity gives, record by record, or None for one that is left out."""

    def label(column, value, level):
        if value is None:
            every = {row[level] for row in TREES[column]}
            return "*" if every == {"*"} else None
        return next(row[level] for row in TREES[column] if row[0] == value)

    released = [None] * len(cells)
    for levels in vectors:
        trial = [
            tuple(label(c, cell[i], levels[c]) for i, c in enumerate(("q", "r"))) for cell in cells
        ]
        size = Counter(
            (trial[i],) if released[i] is None else released[i] for i in range(len(cells))
        )
        for i in range(len(cells)):
            if released[i] is None and size[trial[i],] >= k:
                released[i] = (trial[i],)
    return released


ROLES = Roles(
    by_column={"q": Role.QUASI_IDENTIFIER, "r": Role.QUASI_IDENTIFIER, "s": Role.SENSITIVE}
)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=25), vectors=VECTORS, k=st.integers(1, 4))
def test_it_is_what_the_definition_says_record_by_record(cells, vectors, k):
    step = RecodeLocally(rounds=tuple(vectors), require=(f"k-anonymity={k}",))
    release = step.apply(Release.original(table_of(cells)), StepContext(roles=ROLES))
    expected = [found[0] for found in slowly(cells, vectors, k) if found is not None]
    frame = release.frame()[["q", "r"]].astype(object)
    got = [tuple(None if pd.isna(v) else v for v in row) for row in frame.to_numpy().tolist()]
    assert got == expected


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=25), vectors=VECTORS, models=MODELS)
def test_every_released_group_is_safe_and_every_cell_is_true(
    every_cell_is_true, cells, vectors, models
):
    step = RecodeLocally(rounds=tuple(vectors), require=models)
    table = table_of(cells)
    release = step.apply(Release.original(table), StepContext(roles=ROLES))
    classes = classes_of(release, ROLES)
    assert not any(parse_model(model).failing(classes).any() for model in models)
    assert every_cell_is_true(release, ("q", "r"))


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(CELLS, min_size=1, max_size=20),
    vectors=VECTORS,
    models=MODELS,
    seed=st.integers(0, 9),
)
def test_the_order_of_the_records_changes_nothing(cells, vectors, models, seed):
    step = RecodeLocally(rounds=tuple(vectors), require=models)
    order = np.random.default_rng(seed).permutation(len(cells))

    def released(rows):
        release = step.apply(Release.original(table_of(rows)), StepContext(roles=ROLES))
        found = defaultdict(str)
        texts = {name: release.columns[name].texts for name in ("q", "r")}
        for place, record in enumerate(release.record_index.tolist()):
            found[record] = [texts[name][release.codes(name)[place]] for name in texts]
        return [found[record] for record in range(len(rows))]

    straight, mixed = released(cells), released([cells[i] for i in order])
    assert [straight[i] for i in order] == mixed
