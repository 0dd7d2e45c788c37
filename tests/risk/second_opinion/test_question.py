from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from microdata.measure import Context
from risk.second_opinion import question as asking
from risk.second_opinion.question import questions, table

K = ("models", "k-anonymity")
L = ("models", "l-diversity", "s", "distinct")
T = ("models", "t-closeness", "s", "equal")
ORDERED = ("models", "t-closeness", "s", "ordered")
ALPHA = ("models", "alpha", "s")
BETA = ("models", "beta-likeness", "s")


def by_figure(context):
    return {question.figure: question for question in questions(context)}


def test_five_figures_of_each_attribute_and_k(context_of):
    columns = {"q": list("aabb"), "s": list("xyxy"), "u": list("xxyy")}
    asked = by_figure(context_of(columns, quasi=["q"], sensitive=["s", "u"]))
    assert len(asked) == 11
    assert {figure for figure in asked if "u" not in figure} == {K, L, T, ORDERED, ALPHA, BETA}
    assert {q.attribute for f, q in asked.items() if "u" in f} == {1}
    assert [asked[f].ours for f in (K, L, T, ALPHA, BETA)] == [2, 2, 0, 0.5, 0]
    assert not any(q.hindrance for q in asked.values())


def test_only_codes_travel(context_of):
    columns = {"q": [30, 30, None, 50], "w": list("bbaa"), "s": ["10", "9", None, "9"]}
    codes = table(context_of(columns, quasi=["q", "w"], sensitive=["s"]))
    assert codes.dtype == np.int32
    q, w, s = codes
    # the missing value is a code of its own, and not that of 30 or 50
    assert len({q[0], q[2], q[3]}) == 3
    assert q[0] == q[1]
    assert w[0] == w[1] != w[2]
    assert s.tolist() == [1, 0, -1, 0]  # numbers in their order, not in that of their texts


def test_a_suppressed_cell_has_no_value_of_an_attribute(context_of):
    hierarchy = [("x", "X", "*"), ("y", "*", "*")]
    columns = {"q": list("aaa"), "s": list("xyx")}
    context = context_of(
        columns, quasi=["q"], sensitive=["s"], hierarchies={"s": hierarchy}, levels={"s": 1}
    )
    assert table(context)[1].tolist() == [0, -1, 0]


def test_no_published_quasi_identifier_makes_one_class(context_of):
    context = context_of({"q": list("ab"), "s": list("xy")}, quasi=["q"], sensitive=["s"])
    without = Context(release=context.release.without(("q",)), roles=context.roles)
    assert table(without).tolist() == [[0, 0], [0, 1]]
    assert by_figure(without)[K].ours == 2


def test_suppressed_records_are_not_sent(context_of):
    context = context_of(
        {"q": list("aab"), "s": list("xyz")}, quasi=["q"], sensitive=["s"], kept=[1, 1, 0]
    )
    assert table(context).shape == (2, 2)


def test_the_original_distribution_is_told_beside_the_released(context_of):
    columns = {"q": list("aabb"), "s": list("xyyy")}
    asked = by_figure(context_of(columns, quasi=["q"], sensitive=["s"], kept=[1, 1, 0, 0]))
    assert asked[T].ours == 0
    assert asked[T].reported == pytest.approx(0.25)
    assert "as reported, it is 0.25." in asked[T].notes[-1]
    assert asked[BETA].ours == 0
    assert asked[BETA].reported == pytest.approx(1)  # 1/2 against 1/4
    assert asked[L].reported is None
    assert asked[ALPHA].notes == ()


def test_left_out_values_are_told(context_of):
    columns = {"q": list("aab"), "s": ["x", None, "y"]}
    asked = by_figure(context_of(columns, quasi=["q"], sensitive=["s"]))
    assert asked[ALPHA].notes == ("Records without a value of 's' were left out of both.",)
    assert asked[K].notes == ()


def hindrances(context):
    return {question.hindrance for question in questions(context)}


def test_people_with_several_rows_are_not_rows(context_of):
    columns = {"q": list("aab"), "s": list("xyx"), "p": list("112")}
    (why,) = hindrances(context_of(columns, quasi=["q"], sensitive=["s"], person="p"))
    assert "more than one row" in why
    one_each = columns | {"p": list("123")}
    assert hindrances(context_of(one_each, quasi=["q"], sensitive=["s"], person="p")) == {""}


def test_the_wildcard_reading_of_k_is_not_asked(context_of):
    context = context_of({"q": ["a", "a", None], "s": list("xyx")}, quasi=["q"], sensitive=["s"])
    asked = by_figure(dataclasses.replace(context, missing="wildcard"))
    assert asked[K].ours == 3
    assert "matches every value" in asked[K].hindrance
    assert asked[T].hindrance == ""


def test_an_empty_release_is_not_asked(context_of):
    context = context_of({"q": ["a"], "s": ["x"]}, quasi=["q"], sensitive=["s"], kept=[0])
    assert all("no record is released" in why for why in hindrances(context))


def test_a_table_that_is_too_large_is_not_sent(context_of, monkeypatch):
    monkeypatch.setattr(asking, "MAX_CELLS", 3)
    context = context_of({"q": list("ab"), "s": list("xy")}, quasi=["q"], sensitive=["s"])
    assert hindrances(context) == {"the table has more than 3 cells, too many for pycanon"}


def test_an_attribute_that_is_not_published_is_not_asked(context_of):
    context = context_of(
        {"q": list("ab"), "s": list("xy"), "u": list("xx")}, quasi=["q"], sensitive=["s", "u"]
    )
    without = Context(release=context.release.without(("s",)), roles=context.roles)
    asked = by_figure(without)
    assert "no figure of ours" in asked[T].hindrance
    assert asked["models", "alpha", "u"].attribute == 0
    assert table(without).shape == (2, 2)


def test_a_class_of_missing_values_only_leaves_no_figure(context_of):
    context = context_of({"q": list("ab"), "s": ["x", None]}, quasi=["q"], sensitive=["s"])
    asked = by_figure(context)
    assert asked[K].hindrance == ""
    assert asked[L].ours is None
    assert "every value of the column 's' is missing" in asked[L].hindrance


def test_ranks_of_a_constant_are_not_asked(context_of):
    context = context_of({"q": list("ab"), "s": list("xx")}, quasi=["q"], sensitive=["s"])
    asked = by_figure(context)
    assert "divides by zero" in asked[ORDERED].hindrance
    assert asked[T].hindrance == ""
