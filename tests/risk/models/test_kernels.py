"""Every compiled loop against a slow twin that is written from the definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.models import kernels
from risk.models.t_closeness import TCloseness

QUICK = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw):
    """Draw classes as lists of counts by value; a class may hold no known value."""
    values = draw(st.integers(1, 6))
    classes = draw(
        st.lists(
            st.lists(st.integers(0, 5), min_size=values, max_size=values), min_size=1, max_size=5
        )
    )
    return np.array(classes, np.int64)


def compressed(counts):
    offsets = np.zeros(len(counts) + 1, np.int64)
    offsets[1:] = np.cumsum((counts > 0).sum(axis=1))
    return offsets, np.nonzero(counts)[1].astype(np.int32), counts[counts > 0]


def shares(counts):
    total = counts.sum()
    return counts / total if total else counts.astype(float)


def check(got, counts, slow):
    wanted = [slow(row) if row.sum() else math.nan for row in counts]
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12, equal_nan=True)


@QUICK
@given(tables())
def test_effective_values_is_the_exponential_of_the_entropy(counts):
    offsets, _, n = compressed(counts)

    def slow(row):
        return math.exp(-sum(p * math.log(p) for p in shares(row) if p))

    check(kernels.effective_values(offsets, n), counts, slow)


@QUICK
@given(tables(), st.integers(1, 7))
def test_recursive_ratio_divides_the_largest_count_by_the_tail(counts, rank):
    offsets, _, n = compressed(counts)

    def slow(row):
        ordered = sorted((x for x in row if x), reverse=True)
        tail = sum(ordered[rank - 1 :])
        return ordered[0] / tail if tail else math.inf

    check(kernels.recursive_ratio(offsets, n, rank), counts, slow)


@QUICK
@given(tables(), st.sampled_from([0.5, 1.0, 2.0, 3.5]))
def test_recursive_rank_is_the_largest_l_that_holds(counts, c):
    offsets, _, n = compressed(counts)

    def slow(row):
        ordered = sorted((x for x in row if x), reverse=True)
        holds = [i + 1 for i in range(len(ordered)) if ordered[0] < c * sum(ordered[i:])]
        return max(holds, default=1)

    check(kernels.recursive_rank(offsets, n, c), counts, slow)


@QUICK
@given(tables())
def test_total_variation_is_half_the_sum_of_differences(counts):
    offsets, value, n = compressed(counts)
    q = shares(counts.sum(axis=0))

    def slow(row):
        return 0.5 * sum(abs(p - x) for p, x in zip(shares(row), q, strict=True))

    check(kernels.total_variation(offsets, value, n, q), counts, slow)


@QUICK
@given(tables())
def test_ordered_distance_sums_the_cumulative_differences(counts):
    offsets, value, n = compressed(counts)
    q = shares(counts.sum(axis=0))

    def slow(row):
        if len(q) == 1:
            return 0.0
        cumulative = [float(sum((shares(row) - q)[: i + 1])) for i in range(len(q))]
        return sum(map(abs, cumulative)) / (len(q) - 1)

    check(kernels.ordered_distance(offsets, value, n, q), counts, slow)


def slow_tree(row, q, levels):
    """Walk the whole tree from its leaves: cost (h / H) min(pos, neg) at each node."""
    height = len(levels) - 1
    surplus = dict(enumerate((shares(row) - q).tolist()))
    cost = 0.0
    for h in range(1, height + 1):
        above = {}
        for leaf in range(len(q)):
            above.setdefault(int(levels[h][leaf]), set()).add(int(levels[h - 1][leaf]))
        fresh = {}
        for node, children in above.items():
            gain = sum(max(surplus[child], 0.0) for child in children)
            loss = sum(max(-surplus[child], 0.0) for child in children)
            cost += h / height * min(gain, loss)
            fresh[node] = gain - loss
        surplus = fresh
    return cost


@QUICK
@given(tables(), st.data())
def test_hierarchical_distance_walks_the_tree(counts, data):
    values = counts.shape[1]
    levels = [np.arange(values)]
    while levels[-1].max() > 0:
        below = int(levels[-1].max()) + 1
        merged = data.draw(st.lists(st.integers(0, below - 1), min_size=below, max_size=below))
        _, parent = np.unique(np.array(merged) // 2, return_inverse=True)
        levels.append(parent[levels[-1]])
    levels.append(np.zeros(values, int))
    node_of = np.stack(levels).astype(np.int32)
    q = shares(counts.sum(axis=0))
    share = np.stack([np.bincount(level, weights=q, minlength=values) for level in levels])
    offsets, value, n = compressed(counts)
    got = kernels.hierarchical_distance(offsets, value, n, node_of, share)
    check(got, counts, lambda row: slow_tree(row, q, levels))


@pytest.mark.parametrize("distance", ["equal", "ordered", "hierarchical"])
@QUICK
@given(st.data())
def test_every_distance_lies_between_0_and_1(distance, classes_from, data):
    records = data.draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=30)
    )
    group, value = zip(*records, strict=True)
    levels = (np.array([0, 0, 1, 1, 1], np.int32), np.zeros(5, np.int32))
    classes = classes_from(group, value, 5, levels=levels)
    t = TCloseness(column="s", distance=distance, t=1).per_class(classes)
    assert (t >= 0).all()
    assert (t <= 1 + 1e-12).all()


def test_squares_and_sums_survive_counts_beyond_32_bits():
    big = np.array([3_000_000_000, 1_000_000_000], np.int64)
    offsets, value = np.array([0, 2]), np.array([0, 1], np.int32)
    q = np.array([0.25, 0.75])
    assert kernels.total_variation(offsets, value, big, q)[0] == pytest.approx(0.5)
    assert kernels.recursive_ratio(offsets, big, 2)[0] == 3.0


def test_recursive_rank_sorts_many_values_too():
    n = np.array([*range(1, 41), 3, 1, 2], np.int64)
    # 40 < 2 (40 + ... + r_l) still holds with 1 + ... + 6 = 21; 3 < 2 (2 + 1) and 3 > 2.
    assert kernels.recursive_rank(np.array([0, 40, 43]), n, 2.0).tolist() == [35, 2]
    assert n.tolist() == [*range(1, 41), 3, 1, 2], "what is given is left as it is"


@QUICK
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=20))
def test_people_at_risk_are_those_above_a_threshold_or_below_a_size(classes):
    count, candidates = (np.array([c[i] for c in classes], np.int64) for i in range(2))
    thresholds, sizes = np.array([0.05, 0.2]), np.array([3, 20])
    above, below = kernels.people_at_risk(count, candidates, thresholds, sizes)
    assert above.tolist() == [sum(f for f, c in classes if 1 / c > t) for t in thresholds]
    assert below.tolist() == [sum(f for f, c in classes if c < s) for s in sizes]
