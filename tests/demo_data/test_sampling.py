"""Draws are reproducible and follow the weights that they were given."""

from __future__ import annotations

import statistics
from collections import Counter

import pytest

from demo_data.sampling import Sampler


def test_the_same_seed_gives_the_same_draws():
    first, second = Sampler(7), Sampler(7)
    assert [first.uniform() for _ in range(5)] == [second.uniform() for _ in range(5)]
    assert Sampler(7).uniform() != Sampler(8).uniform()


def test_between_reaches_both_ends_and_nothing_else():
    sampler = Sampler(0)
    assert {sampler.between(3, 5) for _ in range(200)} == {3, 4, 5}


def test_pick_never_takes_a_weight_of_zero_and_follows_the_others():
    sampler = Sampler(0)
    counts = Counter(sampler.pick({"a": 0.0, "b": 3.0, "c": 1.0, "d": 0.0}) for _ in range(4000))
    assert set(counts) == {"b", "c"}
    assert counts["b"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_normal_has_its_mean_and_deviation():
    sampler = Sampler(0)
    draws = [sampler.normal(10, 2) for _ in range(4000)]
    assert statistics.mean(draws) == pytest.approx(10, abs=0.1)
    assert statistics.stdev(draws) == pytest.approx(2, abs=0.1)


def test_subset_holds_each_value_at_most_once():
    drawn = Sampler(0).subset(range(50), 20)
    assert len(drawn) == len(set(drawn)) == 20


def test_subset_prefers_heavy_values():
    sampler = Sampler(0)
    hits = sum(
        0 in sampler.subset(range(10), 1, lambda v: 9.0 if v == 0 else 1.0) for _ in range(2000)
    )
    assert hits / 2000 == pytest.approx(0.5, abs=0.04)
