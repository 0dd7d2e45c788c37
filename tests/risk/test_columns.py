from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import risk.columns as module
from microdata.measure import NotComputed
from microdata.population import Population
from microdata.release import TupleMask
from risk.columns import ColumnPower, known_columns, sensitivity


def test_distinction_and_separation_by_hand(context_of):
    context = context_of({"a": list("xxyz"), "b": list("1111")}, quasi=["a", "b"])
    figures = ColumnPower().evaluate(context).figures
    assert figures["columns", "a", "distinction"].value == pytest.approx(3 / 4)
    assert figures["columns", "a", "separation"].value == pytest.approx(1 - 1 / 6)
    assert figures["columns", "b", "distinction"].value == pytest.approx(1 / 4)
    assert figures["columns", "b", "separation"].value == 0


def test_one_person_has_no_separation(context_of):
    figures = ColumnPower().evaluate(context_of({"a": ["x"]}, quasi=["a"])).figures
    assert figures["columns", "a", "distinction"].value == 1
    assert isinstance(figures["columns", "a", "separation"], NotComputed)


def test_leaving_out_a_column_lowers_the_risk_by_what_it_adds(context_of):
    context = context_of({"a": list("wxyz"), "b": list("1122"), "c": list("0000")}, quasi="abc")
    ranked = sensitivity(context).changes
    assert [change.column for change in ranked] == ["a", "b", "c"]
    assert ranked[0].after.average == pytest.approx(2 / 4)
    assert ranked[0].before.unique == 4
    assert ranked[0].after.unique == 0
    assert ranked[1].rise == 0


def test_without_the_only_column_everybody_is_one_class(context_of):
    (change,) = sensitivity(context_of({"a": list("wxyz")}, quasi=["a"])).changes
    assert change.after.average == pytest.approx(1 / 4)
    assert change.after.unique == 0


def test_distinct_persons_are_counted_again_and_not_added(context_of):
    context = context_of(
        {"a": list("xx"), "b": list("12"), "pid": ["p", "p"]}, quasi=["a", "b"], person="pid"
    )
    assert known_columns(context, ("a",)).count.tolist() == [1]


@pytest.fixture
def four(context_of):
    columns = {
        "a": list("1122"),
        "b": list("xxyz"),
        "illness": list("pqpp"),
        "note": list("0000"),
        "name": list("ABCD"),
    }
    return context_of(columns, quasi=["a", "b"], sensitive=["illness"])


def test_leaving_out_and_adding_columns_by_hand(context_of, four):
    # Groups by a and b: (1, x) twice, (2, y), (2, z): 3 of 4.
    found = sensitivity(four, size=3)
    assert found.left_out == ""
    before = found.changes[0].before
    assert (before.average, before.unique, before.below) == (3 / 4, 2, 1)
    changes = {change.column: change for change in found.changes}
    assert [change.column for change in found.changes] == ["b", "a", "illness", "name", "note"]
    assert [change.added for change in found.changes] == [False, False, True, True, True]
    assert changes["b"].after.average == 2 / 4
    assert changes["b"].rise == -1 / 4
    assert changes["a"].after == before
    assert (changes["illness"].after.average, changes["illness"].after.unique) == (1, 4)
    assert changes["illness"].rise == 1 / 4
    assert changes["note"].after == before
    assert sensitivity(four, size=2).changes[0].before.below == 2 / 4
    assert sensitivity(four, size=2).size == 2


def test_identifiers_are_not_added(context_of):
    columns = {"a": list("12"), "pid": list("pq")}
    found = sensitivity(context_of(columns, quasi=["a"], person="pid"))
    assert [change.column for change in found.changes] == ["a"]


def test_adding_a_column_is_as_having_it_among_the_quasi_identifiers(context_of, adult):
    known, other = ["sex", "race", "education"], "workclass"
    table = adult[[*known, other]]
    found = sensitivity(context_of(table, quasi=known))
    (added,) = [change for change in found.changes if change.added]
    whole = context_of(table, quasi=[*known, other]).classes
    assert added.column == other
    assert added.after.average == whole.n_classes / whole.n_records
    assert added.after.unique == int((whole.count == 1).sum())
    assert added.after.below == whole.count[whole.count < 5].sum() / whole.n_records


def test_added_columns_count_distinct_persons(context_of):
    columns = {"a": list("1111"), "s": list("xxyy"), "pid": list("ppqr")}
    context = context_of(columns, quasi=["a"], sensitive=["s"], person="pid")
    found = {change.column: change for change in sensitivity(context, size=2).changes}
    # p holds x alone, q and r hold y
    assert (found["s"].before.unique, found["s"].after.unique) == (0, 1)
    assert found["s"].after.average == 2 / 3
    # who knows nothing sees the three persons, not the four rows
    assert found["a"].after.average == 1 / 3


@pytest.mark.parametrize("generalised", [False, True])
def test_records_left_out_are_not_counted_with_an_added_column(context_of, generalised):
    options = {}
    if generalised:
        options = {"hierarchies": {"a": [("1", "*"), ("2", "*")]}, "levels": {"a": 1}}
    columns = {"a": list("1122"), "s": list("xyxy")}
    kept = [True, True, True, False]
    context = context_of(columns, quasi=["a"], sensitive=["s"], kept=kept, **options)
    (_, added) = sensitivity(context).changes
    assert added.after.unique == (1 if generalised else 3)


def test_groups_left_out_whole_are_not_counted_with_an_added_column(context_of):
    columns = {"a": list("1122"), "s": list("xyxx")}
    whole = context_of(columns, quasi=["a"], sensitive=["s"])
    keep = np.array([False, True])  # a = 2, whose two people hold the same
    kept = whole.release.keeping(TupleMask(whole.original_classes, keep))
    (_, added) = sensitivity(replace(whole, release=kept), size=3).changes
    assert (added.after.average, added.after.unique, added.after.below) == (1 / 2, 0, 1)


def test_a_large_table_adds_the_sensitive_columns_first_and_tells(four, monkeypatch):
    monkeypatch.setattr(module, "ADDED_CELLS", 9)
    found = sensitivity(four)
    assert {change.column for change in found.changes if change.added} == {"illness", "note"}
    assert "Only 2 of the 3 other columns" in found.left_out
    monkeypatch.setattr(module, "ADDED_CELLS", 1)
    assert {change.column for change in sensitivity(four).changes if change.added} == {"illness"}


def test_nothing_released_has_no_sensitivity(context_of):
    found = sensitivity(context_of({"a": list("xy")}, quasi=["a"], kept=[False] * 2))
    assert found.changes == ()
    assert found.left_out


def test_a_population_does_not_change_what_columns_tell(context_of):
    columns = {"a": list("xxyz"), "b": list("1112")}
    table = context_of(columns, quasi=["a"]).release.source.dataset
    context = context_of(columns, quasi=["a", "b"], population=Population(table=table))
    without = context_of(columns, quasi=["a", "b"])
    assert sensitivity(context) == sensitivity(without)
    assert known_columns(context, ("a",)).population is None


@given(st.lists(st.tuples(*[st.sampled_from("123") for _ in range(3)]), min_size=1, max_size=12))
def test_less_known_never_raises_and_more_known_never_lowers_the_risk(context_of, rows):
    columns = dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))
    found = sensitivity(context_of(columns, quasi=["a", "b"]), size=3)
    assert len(found.changes) == 3
    for change in found.changes:
        sign = 1 if change.added else -1
        assert sign * change.rise >= 0
        assert sign * (change.after.unique - change.before.unique) >= 0
        assert sign * (change.after.below - change.before.below) >= 0
