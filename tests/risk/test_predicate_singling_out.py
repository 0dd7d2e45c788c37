from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.predicate_singling_out import GroupPredicate, group_predicate

QUASI = ("a", "b", "c", "d")
PAIRS = ("0000", "1111", "0101", "1010")  # every column half 0 and half 1


def table(rows):
    return {name: [row[i] for row in rows] for i, name in enumerate(QUASI)}


@pytest.mark.parametrize(("size", "published"), [(2, 0.50), (5, 0.41), (10, 0.387)])
def test_the_chance_to_isolate_is_the_published_one(size, published):
    predicate = GroupPredicate(size=size, weight=1e-6, people=1000)
    assert predicate.success == pytest.approx(published, abs=0.0006)
    assert predicate.success > 1 / math.e


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_chance_to_isolate_by_trying_every_outcome(size):
    ones = (draw.count(0) == 1 for draw in product(range(size), repeat=size))
    expected = sum(ones) / size**size
    assert GroupPredicate(size=size, weight=0.5, people=9).success == pytest.approx(expected)


def test_luck_is_a_binomial_draw_and_at_most_37_per_cent_in_a_large_table():
    few = GroupPredicate(size=2, weight=1 / 16, people=8)
    assert few.luck == pytest.approx(8 * (1 / 32) * (31 / 32) ** 7)
    best = GroupPredicate(size=5, weight=5 / 1000, people=1000)
    assert best.luck == pytest.approx(1 / math.e, abs=1e-3)
    assert GroupPredicate(size=1, weight=1.0, people=3).luck == 0
    assert GroupPredicate(size=1, weight=1.0, people=1).luck == 1


def test_a_group_rarer_than_one_in_n_by_hand(context_of):
    found = group_predicate(context_of(table([row for row in PAIRS for _ in "xy"]), quasi=QUASI))
    assert found == GroupPredicate(size=2, weight=pytest.approx(1 / 16), people=8)
    assert found.success == 0.5


def test_a_group_that_chance_explains_is_none(context_of):
    rows = [row for row in PAIRS for _ in "xy"]
    assert group_predicate(context_of(table(rows), quasi=QUASI[:2])) is None


def test_who_is_alone_already_is_another_matter(context_of):
    rows = [row for row in PAIRS for _ in "xy"] + ["0011"]
    assert group_predicate(context_of(table(rows), quasi=QUASI)) is None
    without = context_of(table(rows), quasi=QUASI)
    dropped = replace(without, release=without.release.without(QUASI))
    assert group_predicate(dropped) is None


def test_the_smallest_of_the_rare_groups_is_taken(context_of):
    rows = ["0000"] * 3 + ["1111"] * 2 + ["0101"] * 2 + ["1010"] * 2
    found = group_predicate(context_of(table(rows), quasi=QUASI))
    halves = [5 / 9, 4 / 9]  # every column holds five 0 or five 1
    weights = {
        row: math.prod(
            sum(other[i] == row[i] for other in rows) / len(rows) for i in range(len(QUASI))
        )
        for row in ("1111", "0101", "1010")
    }
    assert {round(w, 12) for w in weights.values()} <= {
        round(math.prod(p), 12) for p in product(halves, repeat=4)
    }
    assert (found.size, found.weight) == (2, pytest.approx(min(weights.values())))


def test_a_suppressed_column_fits_everybody(context_of):
    rows = [row for row in PAIRS for _ in "xy"]
    hierarchies = {"d": [("0", "*"), ("1", "*")]}
    context = context_of(table(rows), quasi=QUASI, hierarchies=hierarchies, levels={"d": 1})
    assert group_predicate(context) is None  # 8 people by 1/8 is one person
    context = context_of(table(rows), quasi=QUASI)
    release = context.release
    emptied = np.where(np.arange(8) < 2, 3, release.codes("d")).astype(np.int32)
    cells = replace(release.columns["d"], lookup=None, explicit=emptied)
    found = group_predicate(replace(context, release=release.with_columns(cells)))
    assert (found.size, found.weight) == (2, pytest.approx(1 / 16))  # not 1/8, of the emptied two


def test_a_coarse_label_weighs_what_is_below_it(context_of):
    rows = [(row[:3], value) for row in PAIRS for value in "pq"]
    columns = {name: [row[i] for row, _ in rows] for i, name in enumerate("abc")}
    columns["d"] = [value for _, value in rows]
    hierarchies = {"d": [("p", "pq"), ("q", "pq"), ("r", "r")]}
    quasi = ("a", "b", "c", "d")
    context = context_of(columns, quasi=quasi, hierarchies=hierarchies, levels={"d": 1})
    assert group_predicate(context) is None  # the label is everybody's
    columns["d"][-2:] = ["r", "r"]
    context = context_of(columns, quasi=quasi, hierarchies=hierarchies, levels={"d": 1})
    found = group_predicate(context)
    assert (found.size, found.weight) == (2, pytest.approx(1 / 8 * 2 / 8))


@pytest.mark.parametrize("changed", ["perturbed", "renamed"])
def test_values_that_nobody_can_look_for_are_not_judged(context_of, changed):
    context = context_of(table([row for row in PAIRS for _ in "xy"]), quasi=QUASI)
    column = replace(context.release.columns["a"], **{changed: True})
    release = context.release.with_columns(column)
    assert group_predicate(replace(context, release=release)) is None


def test_a_label_of_unknown_meaning_is_not_judged(context_of):
    context = context_of(table([row for row in PAIRS for _ in "xy"]), quasi=QUASI)
    column = context.release.columns["a"]
    nodes = replace(column.nodes, offsets=np.zeros(3, np.int64), members=np.empty(0, np.int32))
    release = context.release.with_columns(replace(column, nodes=nodes))
    assert group_predicate(replace(context, release=release)) is None


def test_nobody_released_is_nobody_to_single_out(context_of):
    rows = [row for row in PAIRS for _ in "xy"]
    assert group_predicate(context_of(table(rows), quasi=QUASI, kept=[False] * 8)) is None


def slowly(rows):
    """The same by plain counting: size and weight of the predicate, or None."""
    sizes = {row: rows.count(row) for row in rows}
    if min(sizes.values()) < 2:
        return None
    weight = {
        row: math.prod(
            sum(other[i] == cell for other in rows) / len(rows) for i, cell in enumerate(row)
        )
        for row in sizes
    }
    rare = [(sizes[row], weight[row]) for row in sizes if weight[row] * len(rows) < 1 - 1e-9]
    return min(rare, default=None)


@given(
    st.lists(st.tuples(*[st.sampled_from("012")] * 4), min_size=1, max_size=6),
    st.integers(2, 3),
    st.randoms(use_true_random=False),
)
def test_plain_counting_agrees_in_any_order_of_the_rows(context_of, distinct, times, random):
    rows = ["".join(row) for row in distinct] * times
    random.shuffle(rows)
    context = context_of(table(rows), quasi=QUASI)
    expected, found = slowly(rows), group_predicate(context)
    if expected is None:
        assert found is None or found.weight * len(rows) == pytest.approx(1)
    else:
        assert (found.size, found.weight) == (expected[0], pytest.approx(expected[1]))
        assert found.people == len(rows)
        assert 0 < found.luck < 1 / math.e + 0.2
