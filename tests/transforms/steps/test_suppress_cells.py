from __future__ import annotations

import itertools
import json
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.measure import Context
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_cells import SuppressCells
from transforms.steps.suppress_records import SuppressRecords

STAR = "*"


def released(table, context, names, *steps):
    """The cells after some steps, record by record."""
    release = Release.original(table)
    for step in steps:
        release = step.apply(release, context)
    frame = release.frame()[list(names)].astype(object)
    return [
        tuple(v if isinstance(v, str) else None for v in row)
        for row in frame.itertuples(index=False)
    ]


def matches(one, other):
    return all(a == b or {a, b} & {None, STAR} for a, b in zip(one, other, strict=True))


def look_alikes(rows, missing):
    """Among how many each record is, by either rule: the slow twin."""
    if missing == "own":
        sizes = Counter(rows)
        return [sizes[row] for row in rows]
    return [sum(matches(row, other) for other in rows) for row in rows]


def emptied(before, after):
    return [
        {c for c, (a, b) in enumerate(zip(one, other, strict=True)) if a != b}
        for one, other in zip(before, after, strict=True)
    ]


def rows_of(columns):
    return list(zip(*columns.values(), strict=True))


def test_one_record_that_stands_out_loses_the_cell_that_tells_it_apart(build, context):
    columns = {"sex": list("ffff"), "age": ["30", "30", "30", "31"]}
    table, asked = build(columns), context(["sex", "age"])
    after = released(table, asked, columns, SuppressCells(k=2, missing="wildcard"))
    assert after == [("f", "30"), ("f", "30"), ("f", "30"), ("f", STAR)]


def test_by_the_own_rule_it_needs_company_which_a_larger_group_gives(build, context):
    columns = {"sex": list("ffff"), "age": ["30", "30", "30", "31"]}
    table, asked = build(columns), context(["sex", "age"])
    after = released(table, asked, columns, SuppressCells(k=2))
    assert after == [("f", STAR), ("f", "30"), ("f", "30"), ("f", STAR)]


def test_by_the_wildcard_rule_the_gaps_of_two_serve_the_rest_of_the_group(build, context):
    columns = {"sex": ["f"] * 5, "age": ["30", "31", "32", "33", "34"]}
    table, asked = build(columns), context(["sex", "age"])
    after = released(table, asked, columns, SuppressCells(k=3, missing="wildcard"))
    assert sum(age == STAR for _, age in after) == 2
    assert min(look_alikes(after, "wildcard")) == 3


def test_few_records_of_each_class_are_opened_where_classes_just_miss_k(build, context):
    # Two classes of 9 that each lack one: one record of each is enough.
    columns = {"sex": ["f"] * 18, "age": ["30"] * 9 + ["31"] * 9}
    table, asked = build(columns), context(["sex", "age"])
    after = released(table, asked, columns, SuppressCells(k=10, missing="wildcard"))
    assert [i for i, (_, age) in enumerate(after) if age == STAR] == [0, 9]


def test_a_table_of_exactly_k_people_becomes_one_group(build, context):
    table, asked = build({"a": ["1", "2", "3"], "b": ["x", "x", "x"]}), context(["a", "b"])
    release = SuppressCells(k=3).apply(Release.original(table), asked)
    assert release.frame()["a"].tolist() == ["*"] * 3
    assert release.frame()["b"].tolist() == ["x"] * 3


def test_where_every_group_is_large_enough_nothing_changes(build, context):
    columns = {"sex": ["f", "f", "m", "m"]}
    table, asked = build(columns), context(["sex"])
    release = SuppressCells(k=2).apply(Release.original(table), asked)
    assert release.columns["sex"].unchanged
    assert release.columns["sex"].lookup is not None


def test_an_important_column_is_kept_and_another_loses_its_cells(build, context):
    columns = {"age": ["1", "1", "1", "2"], "zip": ["x", "y", "x", "x"]}
    table, asked = build(columns), context(["age", "zip"])
    for kept, lost in (("age", 1), ("zip", 0)):
        step = SuppressCells(k=2, importance=((kept, 1.0),), missing="wildcard")
        after = released(table, asked, columns, step)
        cells = set().union(*emptied(rows_of(columns), after))
        # Either column alone cannot help both; the one that is protected loses what it must.
        assert lost in cells
        assert min(look_alikes(after, "wildcard")) >= 2


def test_without_numbers_the_column_with_the_most_values_goes_first(build, context):
    columns = {"sex": list("ffmm"), "age": ["1", "2", "3", "4"]}
    table, asked = build(columns), context(["sex", "age"])
    for missing in ("own", "wildcard"):
        after = released(table, asked, columns, SuppressCells(k=2, missing=missing))
        assert set().union(*emptied(rows_of(columns), after)) == {1}


def test_linked_columns_follow_whether_or_not_an_attacker_knows_them(build, context):
    columns = {"zip": ["1", "1", "1", "2"], "town": list("aaab"), "street": list("stuv")}
    table = build(columns)
    step = SuppressCells(
        k=2, missing="wildcard", linked=(("zip", ("town",)), ("town", ("street",)))
    )
    after = released(table, context(["zip", "town"]), columns, step)
    assert after == [("1", "a", "s"), ("1", "a", "t"), ("1", "a", "u"), (STAR, STAR, STAR)]


def test_a_cell_that_was_missing_loses_nothing_by_the_wildcard_rule(build, context):
    columns = {"sex": ["f", "f", "m"], "age": ["30", "30", None], "room": ["1", "2", "3"]}
    table, asked = build(columns), context(["sex", "age"])
    step = SuppressCells(
        k=2,
        missing="wildcard",
        importance=(("sex", 0.0), ("age", -1.0)),
        linked=(("age", ("room",)),),
    )
    assert released(table, asked, columns, step)[2] == (STAR, None, "3")


def test_it_works_on_what_earlier_steps_released(build, context):
    hierarchy = [("1", "1-2", "*"), ("2", "1-2", "*"), ("3", "3-4", "*"), ("4", "3-4", "*")]
    columns = {"age": ["1", "2", "1", "3"], "sex": list("ffff")}
    table, asked = build(columns, {"age": hierarchy}), context(["age", "sex"])
    steps = (Generalize(levels={"age": 1}), SuppressCells(k=2, missing="wildcard"))
    after = released(table, asked, columns, *steps)
    assert after == [("1-2", "f")] * 3 + [(STAR, "f")]


def test_it_follows_and_precedes_the_leaving_out_of_records(build, context):
    columns = {"age": ["1", "1", "2", "3", "3", "3"], "sex": list("ffffff")}
    table, asked = build(columns), context(["age", "sex"])
    leave_out = SuppressRecords(require=("k-anonymity=2",))
    after = released(table, asked, columns, leave_out, SuppressCells(k=3))
    assert len(after) == 5
    assert min(look_alikes(after, "own")) >= 3
    both = released(table, asked, columns, SuppressCells(k=3), leave_out)
    assert len(both) == 6


def test_the_figures_see_the_cells(build, context):
    columns = {"sex": list("ffff"), "age": ["30", "30", "30", "31"]}
    table, asked = build(columns), context(["sex", "age"])
    release = SuppressCells(k=2, missing="wildcard").apply(Release.original(table), asked)
    figures = Context(release=release, roles=asked.roles)
    assert (figures.classes.k, figures.wildcard_sizes.min()) == (1, 4)
    change = release.change("age")
    assert change.n[change.released == release.columns["age"].suppressed].sum() == 1


RECIPE = {
    "step": "suppress_cells",
    "k": 3,
    "importance": {"sex": 2.0},
    "missing": "wildcard",
    "linked": [{"column": "zip", "with": ["town"]}],
}


def test_a_recipe_file_holds_every_parameter():
    step = SuppressCells.from_json(RECIPE)
    assert step.to_json() == RECIPE
    assert SuppressCells.from_json(json.loads(json.dumps(step.to_json()))) == step
    assert step.columns == ("sex", "zip", "town")
    assert SuppressCells.from_json({"step": "suppress_cells", "k": 2}) == SuppressCells(k=2)
    assert not Recipe(steps=(step,)).keeps_rule


def test_the_sentence_names_the_rule_and_the_columns():
    text = SuppressCells.from_json(RECIPE).describe()
    for words in ("at least 3", "nobody can tell whose", "'sex'", "'zip'", "'town'"):
        assert words in text
    assert "a value of its own" in SuppressCells(k=2).describe()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"k": 1}, "from 2 upwards"),
        ({"k": 2.5}, "whole number"),
        ({"k": True}, "whole number"),
        ({"missing": "alpha"}, "one of: own, wildcard"),
        ({"importance": {"a": "much"}}, "importance"),
        ({"linked": {"zip": ["town"]}}, "list of objects"),
        ({"linked": [{"column": "zip"}]}, "list of objects"),
        ({"linked": [{"column": "zip", "with": ["zip"]}]}, "other column"),
        ({"linked": [{"column": "zip", "with": []}]}, "other column"),
        ({"linked": [{"column": "z", "with": ["a"]}, {"column": "z", "with": ["b"]}]}, "once"),
        ({"colour": 1}, "unknown keys"),
    ],
)
def test_a_wrong_recipe_file_is_refused(change, words):
    with pytest.raises(PrivacyToolError, match=words):
        SuppressCells.from_json(RECIPE | change)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (SuppressCells(k=9), "nobody can have 9"),
        (SuppressCells(k=2, importance=(("other", 1.0),)), "'other', which is not a quasi"),
        (SuppressCells(k=2, linked=(("other", ("sex",)),)), "'other', which is not a quasi"),
        (SuppressCells(k=2, linked=(("sex", ("nobody",)),)), "nobody"),
    ],
)
def test_what_cannot_be_done_is_refused(build, context, step, words):
    table = build({"sex": ["f", "m"], "other": ["1", "2"]})
    with pytest.raises(PrivacyToolError, match=words):
        step.apply(Release.original(table), context(["sex"]))


def test_several_rows_of_one_person_are_refused(build, context):
    table = build({"sex": ["f", "m"], "pid": ["1", "1"]})
    with pytest.raises(PrivacyToolError, match="one row a person"):
        SuppressCells(k=2).apply(Release.original(table), context(["sex"], person="pid"))


def test_a_table_of_which_nobody_is_left_stays_as_it_is(build, context):
    table, asked = build({"sex": ["f", "m"]}), context(["sex"])
    steps = (SuppressRecords(require=("k-anonymity=2",)), SuppressCells(k=2))
    assert released(table, asked, ["sex"], *steps) == []


VALUES = st.sampled_from(["a", "b", "c", None])
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=4, max_size=14)
RULE = st.sampled_from(["own", "wildcard"])
NUMBERS = st.tuples(*[st.sampled_from([0.0, 1.0, 2.0])] * 3)
CASES = st.tuples(ROWS, st.integers(2, 4), RULE, NUMBERS)


def as_columns(rows):
    names = [f"q{c}" for c in range(len(rows[0]))]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def asked_step(columns, numbers, k, missing):
    pairs = tuple(zip(columns, numbers, strict=True))
    return SuppressCells(k=k, missing=missing, importance=pairs)


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_everybody_has_k_look_alikes_and_no_other_cell_changes(build, context, case):
    rows, k, missing, numbers = case
    columns = as_columns(rows)
    table, asked = build(columns), context(list(columns))
    after = released(table, asked, columns, asked_step(columns, numbers, k, missing))
    assert min(look_alikes(after, missing)) >= k
    for one, other in zip(rows, after, strict=True):
        assert all(b in (a, STAR) for a, b in zip(one, other, strict=True))
    if missing == "wildcard":
        enough = look_alikes(rows, missing)
        for lost, people in zip(emptied(rows, after), enough, strict=True):
            assert not lost or people < k


@given(CASES, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_number_of_cells_does_not_depend_on_the_order_of_rows(build, context, case, random):
    rows, k, missing, numbers = case
    lost = []
    for _ in range(2):
        columns = as_columns(rows)
        table, asked = build(columns), context(list(columns))
        after = released(table, asked, columns, asked_step(columns, numbers, k, missing))
        lost.append(Counter(c for cells in emptied(rows, after) for c in cells))
        rows = list(rows)
        random.shuffle(rows)
    assert lost[0] == lost[1]


def by_tier(columns, numbers):
    """The columns in the order in which they are given up; equal ones together."""
    weight = {
        c: (number, -len(set(values)))
        for c, (number, values) in enumerate(zip(numbers, columns.values(), strict=True))
    }
    return [{c for c in weight if weight[c] == pair} for pair in sorted(set(weight.values()))]


def without(row, cells):
    return tuple(STAR if c in cells else v for c, v in enumerate(row))


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_an_important_column_loses_nothing_where_the_others_suffice(build, context, case):
    rows, k, missing, numbers = case
    columns = as_columns(rows)
    table, asked = build(columns), context(list(columns))
    after = released(table, asked, columns, asked_step(columns, numbers, k, missing))
    unsafe = [i for i, people in enumerate(look_alikes(rows, missing)) if people < k]
    given_up = set()
    for tier in by_tier(columns, numbers):
        given_up |= tier
        # Whoever is too visible gives up these columns; by the own rule, all do, for company.
        opened = [
            without(row, given_up) if missing == "own" or i in unsafe else row
            for i, row in enumerate(rows)
        ]
        reached = look_alikes(opened, missing)
        alone = [
            sum(matches(without(rows[i], given_up), row) for row in rows)
            if missing == "wildcard"
            else reached[i]
            for i in unsafe
        ]
        if all(people >= k for people in alone):
            break
    assert set().union(*emptied(rows, after)) <= given_up


def fewest_cells(rows, k, missing):
    """The fewest cells with which everybody has k look-alikes, by trying all."""
    cells = [(i, c) for i in range(len(rows)) for c in range(len(rows[0]))]
    for number in range(len(cells) + 1):
        for chosen in itertools.combinations(cells, number):
            opened = [without(row, {c for j, c in chosen if j == i}) for i, row in enumerate(rows)]
            if min(look_alikes(opened, missing)) >= k:
                return number
    return math.inf


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), min_size=3, max_size=5),
    st.integers(2, 3),
    RULE,
)
@settings(max_examples=40, deadline=None)
def test_it_is_never_below_the_fewest_nor_above_what_each_alone_would_need(
    build, context, rows, k, missing
):
    columns = as_columns(rows)
    table, asked = build(columns), context(list(columns))
    step = SuppressCells(k=k, missing=missing, importance=(("q0", 0.0), ("q1", 0.0)))
    after = released(table, asked, columns, step)
    lost = sum(map(len, emptied(rows, after)))
    assert lost >= fewest_cells(rows, k, missing)
    if missing == "wildcard":
        unsafe = [i for i, people in enumerate(look_alikes(rows, missing)) if people < k]
        assert lost <= 2 * len(unsafe)


@pytest.mark.parametrize(("k", "theirs"), [(3, 1046), (5, 1836)])
def test_fewer_cells_than_sdcmicro_on_adult(adult, context, k, theirs):
    names = ["sex", "age", "race", "marital-status"]
    asked = context(names)
    for missing, most in (("wildcard", theirs // 5), ("own", theirs + theirs // 50)):
        step = SuppressCells(k=k, missing=missing)
        release = step.apply(Release.original(adult), asked)
        figures = Context(release=release, roles=asked.roles, missing=missing)
        assert figures.sizes.min() >= k
        cells = [
            int((release.codes(name) == release.columns[name].suppressed).sum()) for name in names
        ]
        assert sum(cells) <= most
        assert cells[0] == cells[2] == 0  # sex and race have the fewest values


def test_codes_of_many_columns_do_not_collide(build, context):
    rng = np.random.default_rng(5)
    columns = {f"c{i}": [str(v) for v in rng.integers(0, 40, 60)] for i in range(14)}
    table, asked = build(columns), context(list(columns))
    for missing in ("own", "wildcard"):
        after = released(table, asked, columns, SuppressCells(k=3, missing=missing))
        assert min(look_alikes(after, missing)) >= 3


@pytest.mark.parametrize("missing", ["own", "wildcard"])
def test_where_no_quasi_identifier_is_published_there_is_nothing_to_empty(build, context, missing):
    columns = {"sex": ["f", "m"], "note": ["a", "b"]}
    table, asked = build(columns), context(["sex"])
    steps = DropColumn(columns=("sex",)), SuppressCells(k=2, missing=missing)
    assert released(table, asked, ["note"], *steps) == [("a",), ("b",)]
