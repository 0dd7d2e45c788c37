from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import microaggregation
from transforms.microaggregation import mdav_groups, near_groups, optimal_groups


def squares(points, group):
    """Return the sum of squared distances to the group means."""
    return sum(
        ((points[group == g] - points[group == g].mean(axis=0)) ** 2).sum()
        for g in np.unique(group)
    )


def slow_mdav(points, k):
    """Return the groups by the definition, with lists."""
    left, group = list(range(len(points))), [-1] * len(points)

    def distance(i, to):
        return float(((points[i] - to) ** 2).sum())

    def take(to, number):
        near = sorted(left, key=lambda i: (distance(i, to), i))[:k]
        for i in near:
            left.remove(i)
            group[i] = number

    number = 0
    while len(left) >= 2 * k:
        centre = points[left].mean(axis=0)
        r = points[max(left, key=lambda i: (distance(i, centre), i))]
        take(r, number)
        number += 1
        if len(left) >= 2 * k:
            s = points[max(left, key=lambda i: (distance(i, r), i))]
            take(s, number)
            number += 1
    for i in left:
        group[i] = number
    return group


def best_cut(x, k):
    """Return the least sum of squares over every cut of sorted numbers into groups of k or more."""
    n = len(x)
    best = np.inf
    for cuts in range(1 << (n - 1)):
        edges = [0, *(i + 1 for i in range(n - 1) if cuts >> i & 1), n]
        if all(b - a >= k for a, b in pairwise(edges)):
            cost = sum(((x[a:b] - x[a:b].mean()) ** 2).sum() for a, b in pairwise(edges))
            best = min(best, cost)
    return best


def test_mdav_by_hand():
    # The mean is (3.9, 3.8), from which (10, 10) is farthest: it takes (9, 10). From (10, 10) the
    # farthest is (0, 0): of (1, 0) and (0, 1), equally near, it takes the first. Four are left,
    # with the mean (2.8, 2.5): (8, 7) is farthest and takes (2, 1). The last two are a group.
    points = np.array(
        [[0, 0], [1, 0], [0, 1], [2, 1], [1, 1], [8, 7], [9, 10], [10, 10]], dtype=float
    )
    assert mdav_groups(points, 2).tolist() == [1, 1, 3, 2, 3, 2, 0, 0]


@pytest.mark.parametrize(("n", "k"), [(5, 2), (6, 2), (7, 3), (8, 3), (9, 3), (40, 4), (101, 3)])
def test_mdav_is_the_definition(n, k):
    points = np.random.default_rng(n).normal(size=(n, 3))
    assert mdav_groups(points, k).tolist() == slow_mdav(points, k)


@settings(deadline=None)
@given(st.data())
def test_mdav_with_ties_is_the_definition(data):
    k = data.draw(st.integers(2, 4))
    n = data.draw(st.integers(k, 25))
    # Multiples of 1/4 are exact, so that equal distances are equal in both.
    cells = st.lists(st.integers(0, 3), min_size=2, max_size=2)
    points = np.array(data.draw(st.lists(cells, min_size=n, max_size=n)), float) / 4
    group = mdav_groups(points, k)
    sizes = np.bincount(group)
    assert sizes.min() >= k
    assert sizes.max() <= 2 * k - 1 or n < 2 * k
    assert group.tolist() == slow_mdav(points, k)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("k", [2, 3, 5])
def test_one_column_is_grouped_at_the_least_sum_of_squares(seed, k):
    x = np.sort(np.random.default_rng(seed).lognormal(size=12).round(1 + seed % 2))
    group = optimal_groups(x, k)
    assert squares(x[:, None], group) == pytest.approx(best_cut(x, k), abs=1e-9)
    assert np.bincount(group).min() >= k
    assert np.all(np.diff(group) >= 0)


def test_the_optimum_by_hand():
    # 1 2 3 | 10 11 12 and not 1 2 3 10 | 11 12
    assert optimal_groups(np.array([1.0, 2, 3, 10, 11, 12]), 2).tolist() == [0, 0, 0, 1, 1, 1]
    assert optimal_groups(np.array([5.0, 5, 5]), 2).tolist() == [0, 0, 0]


def test_the_optimum_of_one_column_is_no_worse_than_mdav():
    x = np.random.default_rng(3).lognormal(size=(500, 1))
    assert squares(x, near_groups(x, 4)) <= squares(x, mdav_groups(x, 4))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_records_moves_no_mean(rows, random):
    points = np.array(rows, float)
    mixed = list(range(len(rows)))
    random.shuffle(mixed)

    def released(order):
        group = near_groups(points[order], 2)
        means = [points[order][group == g].mean(axis=0).tolist() for g in group]
        return sorted(zip(points[order].tolist(), means, strict=True))

    assert released(list(range(len(rows)))) == released(mixed)


def test_large_tables_are_cut_into_blocks_first(monkeypatch):
    points = np.random.default_rng(0).normal(size=(2_000, 3))
    whole = near_groups(points, 3)
    monkeypatch.setattr(microaggregation, "WHOLE", 1_000)
    monkeypatch.setattr(microaggregation, "BLOCK", 200)
    cut = near_groups(points, 3)
    assert np.bincount(cut).min() >= 3
    assert np.bincount(cut).max() <= 5
    # Blocks cost a little, random groups would cost tens of times as much.
    assert squares(points, whole) < squares(points, cut) < 1.4 * squares(points, whole)
    large = near_groups(points, 150)
    assert np.bincount(large).min() >= 150
