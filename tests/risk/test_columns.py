from __future__ import annotations

import pytest

from microdata.measure import NotComputed
from risk.columns import ColumnPower, known_columns, riskiest_columns


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
    ranked = riskiest_columns(context)
    assert [influence.column for influence in ranked] == ["a", "b", "c"]
    assert ranked[0].average_without == pytest.approx(2 / 4)
    assert ranked[0].unique == 4
    assert ranked[0].unique_without == 0
    assert ranked[1].fall == 0


def test_without_the_only_column_everybody_is_one_class(context_of):
    (influence,) = riskiest_columns(context_of({"a": list("wxyz")}, quasi=["a"]))
    assert influence.average_without == pytest.approx(1 / 4)
    assert influence.unique_without == 0


def test_distinct_persons_are_counted_again_and_not_added(context_of):
    context = context_of(
        {"a": list("xx"), "b": list("12"), "pid": ["p", "p"]}, quasi=["a", "b"], person="pid"
    )
    assert known_columns(context, ("a",)).count.tolist() == [1]


def test_nothing_released_ranks_nothing(context_of):
    assert riskiest_columns(context_of({"a": list("xy")}, quasi=["a"], kept=[False] * 2)) == ()
