from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from risk.background_knowledge import BackgroundKnowledge
from risk.inference_kernels import ruled_out


def needed(context, theta="1", column="s"):
    figures = BackgroundKnowledge().evaluate(context).figures
    place = ("models", "background-knowledge", column, theta)
    return {path[-1]: figure for path, figure in figures.items() if path[:-1] == place}


def values(figures):
    return {key: figure.value for key, figure in figures.items()}


def test_the_inpatients_lose_one_value_two_values_or_none(context_of, inpatients):
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"])
    for theta in ("1", "0.9"):
        got = values(needed(context, theta, "condition"))
        assert got == pytest.approx({"smallest": 0, "none": 1 / 3, "at_most_one": 2 / 3})


def test_who_wants_to_be_nearly_certain_rules_out_fewer(context_of):
    # 9 : 1 : 1 is 9/11, then 9/10, then 9/9; 5 : 2 : 1 is 5/8, then 5/6, then 5/5
    columns = {"q": ["a"] * 11 + ["b"] * 8, "s": [*"xxxxxxxxxyz", *"xxxxxyyz"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    assert values(needed(context)) == {"smallest": 2, "none": 0, "at_most_one": 0}
    nearly = values(needed(context, "0.9"))
    assert nearly == pytest.approx({"smallest": 1, "none": 0, "at_most_one": 11 / 19})
    assert isinstance(nearly["smallest"], int)


def test_whoever_is_alone_needs_nothing(context_of):
    context = context_of({"q": list("abb"), "s": list("xxy")}, quasi=["q"], sensitive=["s"])
    got = values(needed(context))
    assert got == pytest.approx({"smallest": 0, "none": 1 / 3, "at_most_one": 1})


def test_a_group_without_any_value_leaves_the_weakest_group_unknown(context_of):
    columns = {"q": list("aabbc"), "s": ["x", "y", None, None, "x"]}
    figures = needed(context_of(columns, quasi=["q"], sensitive=["s"]))
    assert isinstance(figures["smallest"], NotComputed)
    assert figures["none"].value == pytest.approx(1 / 3)
    assert "40.0% of the people have no value" in figures["none"].caveats[0]


def test_what_is_not_published_or_empty_has_a_reason(context_of):
    empty = context_of({"q": list("ab"), "s": [None, None]}, quasi=["q"], sensitive=["s"])
    without = type(empty)(release=empty.release.without(("s",)), roles=empty.roles)
    nobody = context_of(
        {"q": list("ab"), "s": list("xy")}, quasi=["q"], sensitive=["s"], kept=[False, False]
    )
    for context in (empty, without, nobody):
        figures = BackgroundKnowledge().evaluate(context).figures
        assert len(figures) == 6
        assert all(isinstance(figure, NotComputed) for figure in figures.values())
    assert isinstance(BackgroundKnowledge().needs(nobody), NotComputed)


def plain(counts, theta):
    first, *others = sorted(counts, reverse=True)
    for gone in range(len(counts)):
        if first / (first + sum(others[gone:])) >= theta:
            return gone
    raise AssertionError


COUNTS = st.lists(st.lists(st.integers(1, 12), max_size=6), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(COUNTS, st.sampled_from([1.0, 0.9, 0.8, 0.5, 1 / 3]), st.sampled_from([1, 3 * 10**9]))
def test_the_loop_agrees_with_the_definition_at_any_size(classes, theta, times):
    offsets = np.cumsum([0, *map(len, classes)]).astype(np.int64)
    n = np.array([times * number for counts in classes for number in counts], np.int64)
    for counts, got in zip(classes, ruled_out(offsets, n, theta), strict=True):
        if counts:
            assert got == plain(counts, theta)
        else:
            assert np.isnan(got)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=25),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_nor_repeated_rows_play_a_part(context_of, rows, random):
    def of(rows):
        columns = {"q": [q for q, _ in rows], "s": [s for _, s in rows]}
        context = context_of(columns, quasi=["q"], sensitive=["s"])
        return [values(needed(context, theta)) for theta in ("1", "0.9")]

    first = of(rows)
    certain, nearly = first
    assert nearly["smallest"] <= certain["smallest"]
    assert nearly["none"] >= certain["none"]
    assert certain["none"] <= certain["at_most_one"]
    shuffled = rows * 3
    random.shuffle(shuffled)
    assert of(shuffled) == first
