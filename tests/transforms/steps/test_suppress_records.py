from __future__ import annotations

from dataclasses import replace

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
from microdata.release import Release, TupleMask
from microdata.roles import Roles
from transforms.recipe import Recipe, StepContext
from transforms.steps import DropColumn, Generalize, Pseudonymize, SuppressRecords

ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
K2 = SuppressRecords(require=("k-anonymity=2",))


def test_small_classes_leave_whole(build, context):
    table = build({"q": ["a", "a", "b", "c", "c", "c"]}, {"q": ROWS})
    release = K2.apply(Release.original(table), context(["q"]))
    assert release.record_index.tolist() == [0, 1, 3, 4, 5]
    assert release.suppressed_records == 1
    assert isinstance(release.kept, TupleMask)


def test_nothing_changes_where_nothing_fails(build, context):
    release = Release.original(build({"q": ["a", "a"]}))
    assert K2.apply(release, context(["q"])) is release


def test_all_records_may_leave(build, context):
    table = build({"q": ["a", "b"]})
    release = K2.apply(Release.original(table), context(["q"]))
    assert release.released_records == 0
    assert release.frame().empty
    assert classes_of(release, context(["q"]).roles).n_classes == 0
    assert K2.apply(release, context(["q"])).released_records == 0


def test_every_required_model_counts(build, context):
    table = build({"q": ["a", "a", "b", "b", "c"], "s": ["x", "x", "x", "y", "x"]})
    step = SuppressRecords(require=("k-anonymity=2", "distinct-l-diversity(s)=2"))
    release = step.apply(Release.original(table), context(["q"], ["s"]))
    assert release.record_index.tolist() == [2, 3]


def test_a_column_name_with_brackets_goes_as_an_object(build, context):
    name = "s(x),=5"
    table = build({"q": ["a", "a", "b", "b"], name: ["x", "x", "x", "y"]})
    step = SuppressRecords.from_json(
        {
            "step": "suppress_records",
            "require": [{"model": "distinct-l-diversity", "column": name, "at_least": 2}],
        }
    )
    release = step.apply(Release.original(table), context(["q"], [name]))
    assert release.record_index.tolist() == [2, 3]
    assert SuppressRecords.from_json(step.to_json()) == step


def test_a_column_name_that_the_text_form_cannot_hold_stays_an_object():
    model = {"model": "entropy-l-diversity", "column": "s,grassberger", "at_least": 2}
    step = SuppressRecords.from_json({"step": "suppress_records", "require": [model]})
    assert step.to_json()["require"] == [model]
    assert SuppressRecords.from_json(step.to_json()) == step


def test_masks_of_other_roles_are_not_mixed_up(build, context):
    table = build({"q": ["a", "a", "b", "b", "b"], "r": ["x", "x", "x", "y", "y"]})
    release = K2.apply(Release.original(table), context(["q", "r"]))
    assert release.record_index.tolist() == [0, 1, 3, 4]
    k3 = SuppressRecords(require=("k-anonymity=3",))
    assert k3.apply(release, context(["r"])).released_records == 0
    assert K2.apply(release, context(["r"])) is release


def test_a_release_made_elsewhere_can_lose_more_records(build, context):
    original, protected = build({"q": ["a", "b", "b", "c"]}), build({"q": ["b", "b", "c"]})
    columns = Release.original(protected).columns
    release = K2.apply(Release(protected, columns, origin=original), context(["q"]))
    assert release.record_index.tolist() == [0, 1]
    assert release.suppressed_records == 2


def test_a_model_of_an_unknown_attribute_is_refused(build, context):
    table = build({"q": ["a", "b"]})
    step = SuppressRecords(require=("distinct-l-diversity(nobody)=2",))
    with pytest.raises(PrivacyToolError, match="nobody"):
        step.apply(Release.original(table), context(["q"]))


def test_a_table_model_takes_the_fewest_small_classes(build, context):
    # Classes of 1, 1, 2 and 6: J/n = 4/10; without one single 3/9; without both 2/8 = .25.
    table = build({"q": ["a", "b", *["c"] * 2, *["d"] * 6]})
    step = SuppressRecords(require=("average-risk=0.34",))
    release = step.apply(Release.original(table), context(["q"]))
    assert release.record_index.tolist() == [1, *range(2, 10)]
    step = SuppressRecords(require=("average-risk=0.25",))
    assert step.apply(Release.original(table), context(["q"])).released_records == 8


def test_a_table_model_looks_at_what_the_class_models_leave(build, context):
    table = build({"q": ["a", "b", *["c"] * 2, *["d"] * 6]})
    step = SuppressRecords(require=("average-risk=0.25", "k-anonymity=2"))
    assert step.apply(Release.original(table), context(["q"])).released_records == 8


def test_a_person_with_two_rows_is_one_person(build, context):
    table = build({"q": ["a", "a", "b", "b"], "pid": ["1", "1", "2", "3"]})
    release = K2.apply(Release.original(table), context(["q"], person="pid"))
    assert release.record_index.tolist() == [2, 3]


def test_a_dropped_quasi_identifier_is_not_part_of_the_classes(build, context):
    table = build({"q": ["a", "a", "b"], "r": ["x", "y", "x"]})
    recipe = Recipe(steps=(DropColumn(columns=("r",)), K2))
    release = recipe.apply(Release.original(table), context(["q", "r"]))
    assert release.record_index.tolist() == [0, 1]


tables = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from("xyz")),
    min_size=1,
    max_size=30,
)
MODELS = ("k-anonymity=2", "k-anonymity=3", "distinct-l-diversity(s)=2", "t-closeness(s,equal)=0.4")


@settings(max_examples=120, deadline=None)
@given(rows=tables, models=st.lists(st.sampled_from(MODELS), min_size=1, max_size=3))
def test_once_is_enough(build, context, rows, models):
    q, r, s = (list(values) for values in zip(*rows, strict=True))
    table = build({"q": q, "r": r, "s": s}, {"q": ROWS, "r": ROWS})
    step = SuppressRecords(require=tuple(models))
    given_ = context(["q", "r"], ["s"])
    release = Generalize(levels={"q": 1}).apply(Release.original(table), given_)
    once = step.apply(release, given_)
    classes = classes_of(once, given_.roles)
    for model in step.models:
        assert not model.failing(classes).any()
    assert step.apply(once, given_) is once


@settings(max_examples=120, deadline=None)
@given(rows=tables, sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)), level=st.integers(0, 2))
def test_the_tuple_path_the_row_path_and_pandas_agree(build, context, rows, sizes, level):
    first, second = sizes
    q, r, s = (list(values) for values in zip(*rows, strict=True))
    table = build({"q": q, "r": r, "s": s}, {"q": ROWS, "r": ROWS})
    given_ = context(["q", "r"], ["s"])
    steps = (
        SuppressRecords(require=(f"k-anonymity={first}",)),
        Generalize(levels={"q": level}),
        SuppressRecords(require=(f"k-anonymity={second}",)),
    )
    by_tuple = Recipe(steps=steps).apply(Release.original(table), given_)
    by_row = Release.original(table).keeping(np.ones(len(rows), bool))
    by_row = Recipe(steps=steps).apply(by_row, given_)
    assert not isinstance(by_row.kept, TupleMask)

    frame = pd.DataFrame({"q": q, "r": r})
    frame = frame[frame.groupby(["q", "r"])["q"].transform("size") >= first]
    labels = {row[0]: row[level] for row in ROWS}
    frame = frame.assign(q=frame["q"].map(labels))
    frame = frame[frame.groupby(["q", "r"])["q"].transform("size") >= second]
    expected = frame.index.tolist()
    assert by_tuple.record_index.tolist() == by_row.record_index.tolist() == expected
    counts = [
        sorted(classes_of(release, given_.roles).count.tolist()) for release in (by_tuple, by_row)
    ]
    assert counts[0] == counts[1] == sorted(frame.groupby(["q", "r"]).size().tolist())
    for name in ("q", "s"):
        changes = [release.change(name) for release in (by_tuple, by_row)]
        assert changes[0].n.tolist() == changes[1].n.tolist()
        assert changes[0].suppressed.tolist() == changes[1].suppressed.tolist()


def test_a_changed_sensitive_attribute_keeps_the_tuple_path_right(build, context):
    table = build({"q": ["a", "a", "b", "c", "c"], "s": ["x", "y", "x", "x", "y"]}, {"q": ROWS})
    recipe = Recipe(steps=(Pseudonymize(columns=("s",)), K2))
    release = recipe.apply(Release.original(table), context(["q"], ["s"], key=b"k"))
    assert release.record_index.tolist() == [0, 1, 3, 4]


# k, levels of sex age race marital education country workclass occupation, suppressed, classes,
# smallest: METHODS.md, appendix A.
ADULT = [
    (2, "04013221", 0, 60, 3),
    (2, "03011111", 584, 895, 2),
    (2, "03002101", 1240, 1334, 2),
    (2, "03001001", 2524, 1704, 2),
    (5, "04023221", 0, 30, 16),
    (5, "03012112", 552, 233, 5),
    (5, "03001112", 1458, 399, 5),
    (5, "03002101", 3049, 649, 5),
    (10, "04023221", 0, 30, 16),
    (10, "03013112", 501, 114, 10),
    (10, "03011112", 1484, 200, 10),
    (10, "03002111", 3330, 318, 10),
    (25, "04113221", 0, 12, 397),
    (25, "03013212", 588, 63, 27),
    (25, "03022112", 1403, 75, 25),
    (25, "03012011", 4702, 146, 25),
    (50, "04113221", 0, 12, 397),
    (50, "03113211", 529, 62, 51),
    (50, "04013102", 1306, 45, 53),
    (50, "03012011", 6243, 101, 51),
    (100, "04113221", 0, 12, 397),
    (100, "03113212", 342, 23, 101),
    (100, "04023102", 1455, 23, 106),
    (100, "03012012", 5537, 42, 102),
]
ADULT_COLUMNS = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
)


@pytest.mark.parametrize("row", ADULT, ids=lambda row: f"k{row[0]}-{row[1]}")
def test_adult_as_arx_leaves_it(adult, context, row):
    k, vector, *expected = row
    levels = dict(zip(ADULT_COLUMNS, map(int, vector), strict=True))
    recipe = Recipe(
        steps=(Generalize(levels=levels), SuppressRecords(require=(f"k-anonymity={k}",)))
    )
    given_ = context(ADULT_COLUMNS, ["salary-class"])
    release = recipe.apply(Release.original(adult), given_)
    classes = classes_of(release, given_.roles)
    assert [release.suppressed_records, classes.n_classes, classes.k] == expected


def with_people(build, context, sample, people, levels=None):
    """Return the release of some letters, and the step's context with a population of letters."""
    table = build({"q": people}).dataset
    hierarchy = Hierarchy.from_rows("q", ROWS)
    source = encode(build({"q": sample}).dataset, {"q": hierarchy}, [table])
    release = Release.original(source)
    if levels is not None:
        release = Generalize(levels=levels).apply(release, context(["q"]))
    return release, replace(context(["q"]), population=Population(table=table))


@pytest.mark.parametrize(
    ("levels", "left"),
    [(None, [1, 2, 3]), ({"q": 1}, [0, 1, 2, 3])],  # a joins b, and d joins c
)
def test_k_map_counts_the_population_and_not_the_release(build, context, levels, left):
    release, given_ = with_people(build, context, list("abbc"), list("abbbbccdd"), levels)
    step = SuppressRecords(require=("k-map=2",))
    once = step.apply(release, given_)
    assert once.record_index.tolist() == left
    assert step.apply(once, given_).record_index.tolist() == left
    assert step.apply(release, context(["q"])).released_records == 0, (
        "nobody is known to look alike"
    )


def test_what_the_population_holds_too_often_leaves_class_by_class(build, context):
    release, given_ = with_people(build, context, list("aabc"), list("aabbbcccc" + "d"))
    kept = SuppressRecords(require=("delta-presence=0,0.3",)).apply(release, given_)
    assert kept.record_index.tolist() == [3]  # shares 1, 1/3 and 1/4


def test_no_record_can_be_left_out_to_raise_the_share_of_the_population(build, context):
    release, given_ = with_people(build, context, list("abc"), list("aabbccc"))
    met = SuppressRecords(require=("delta-presence=0.3,0.5",))
    assert met.apply(release, given_) is release
    for require in (("delta-presence=0.4,0.5",), ("k-map=3", "delta-presence=0.3,0.5")):
        assert SuppressRecords(require=require).apply(release, given_).released_records == 0


def test_a_population_size_is_enough_for_the_estimate(build, context):
    release = Release.original(build({"q": ["a", "a", "b"]}))
    given_ = replace(context(["q"]), population=Population(size=10_000))
    step = SuppressRecords(require=("k-map(poisson,0.01)=5",))
    assert step.apply(release, given_).record_index.tolist() == [0, 1]  # at least 2 are asked


@given(
    st.lists(st.tuples(*[st.sampled_from("0123")] * 2, st.sampled_from("xy")), min_size=1),
    st.integers(1, 4),
    st.tuples(*[st.integers(0, 2)] * 2),
)
@settings(deadline=None, max_examples=60)
def test_the_classes_that_the_step_knows_are_those_of_its_release(rows, k, levels):
    columns = dict(zip(("a", "b", "s"), map(list, zip(*rows, strict=True)), strict=True))
    tree = [(leaf, "low" if leaf < "2" else "high", "*") for leaf in "0123"]
    source = encode(
        dataset_from_frame(pd.DataFrame(columns), "t"),
        {name: Hierarchy.from_rows(name, tree) for name in "ab"},
    )
    roles = Roles.from_json({"quasi_identifiers": ["a", "b"], "sensitive": ["s"]})
    recipe = Recipe(
        steps=(
            Generalize(levels=dict(zip("ab", levels, strict=True))),
            SuppressRecords(require=(f"k-anonymity={k}",)),
        )
    )
    made = recipe.apply(Release.original(source), StepContext(roles=roles))
    known = classes_of(made, roles)
    anew = classes_of(replace(made, class_tables={}), roles)
    assert known.columns == anew.columns
    for part in ("keys", "count", "rows", "class_of"):
        assert getattr(known, part).tolist() == getattr(anew, part).tolist(), part
    for part in ("offsets", "value", "n", "missing"):
        assert (
            getattr(known.sensitive["s"], part).tolist()
            == getattr(anew.sensitive["s"], part).tolist()
        ), part
