from __future__ import annotations

import time

import numpy as np
import pytest

from microdata.measure import NotComputed
from risk.uniqueness.decision_rule import estimate
from risk.uniqueness.size_histogram import SizeHistogram
from risk.uniqueness.stability import (
    HALVES,
    STABILITY,
    HalfSamples,
    half_samples,
    stability_figures,
    stability_finding,
)


def test_the_same_seed_gives_the_same_halves(adult_histogram):
    histogram = adult_histogram("five")
    first = half_samples(histogram, 301_620, "zayatz", 3)
    assert first == half_samples(histogram, 301_620, "zayatz", 3)
    assert first != half_samples(histogram, 301_620, "zayatz", 4)
    assert first.solved == HALVES


def test_a_large_sample_is_stable_and_a_tiny_one_is_not(populations, sample_of):
    sizes = populations["mixed"]
    people = int(sizes.sum())
    large, _ = sample_of(sizes, people // 5, 0)
    tiny, _ = sample_of(sizes, people // 200, 0)
    assert not half_samples(large, people, estimate(large, people).pick, 0).unstable
    assert half_samples(tiny, people, estimate(tiny, people).pick, 0).unstable


def test_halves_spread_as_much_as_new_samples_do(populations, sample_of):
    # The delete-half jackknife, on an estimator that is nearly linear in the counts.
    sizes = populations["mixed"]
    people = int(sizes.sum())
    n = people // 50
    shares = [estimate(sample_of(sizes, n, seed)[0], people).solved["zayatz"] for seed in range(30)]
    rng, whole = np.random.default_rng(1), sample_of(sizes, n, 99)[0]
    halves = [estimate(whole.half(rng), people).solved["zayatz"] for _ in range(30)]
    assert 0.5 < np.std(halves) / np.std(shares) < 2


@pytest.mark.parametrize(
    ("halves", "unstable"),
    [
        (HalfSamples(low=0.10, high=0.19, solved=HALVES), False),
        (HalfSamples(low=0.10, high=0.20, solved=HALVES), True),
        (HalfSamples(low=0.0, high=0.01, solved=HALVES), True),
        (HalfSamples(low=0.0, high=0.0, solved=HALVES), False),
        (HalfSamples(low=0.1, high=0.1, solved=15), False),
        (HalfSamples(low=0.1, high=0.1, solved=14), True),
        (HalfSamples(low=None, high=None, solved=0), True),
    ],
)
def test_what_counts_as_unstable(halves, unstable):
    assert halves.unstable is unstable
    finding = stability_finding("pitman", 0.15, halves)
    assert (finding is not None) is unstable
    if finding is not None:
        assert finding.severity == "warning"
        assert "Pitman" in finding.message


def test_the_figures_carry_the_seed_and_what_failed():
    figures = stability_figures("snb", HalfSamples(low=0.1, high=0.3, solved=18), 7)
    assert [figures[path].value for path in STABILITY] == [0.1, 0.3]
    low = figures[STABILITY[0]]
    assert (low.method, low.seed) == ("20 half samples, seed 7", 7)
    assert any("2 of the 20 halves" in caveat for caveat in low.caveats)
    figures = stability_figures("snb", HalfSamples(low=None, high=None, solved=0), 7)
    assert all(isinstance(figure, NotComputed) for figure in figures.values())


def test_one_person_does_not_break_the_halves():
    halves = half_samples(SizeHistogram.from_counts({1: 1}), 100, "zayatz", 0)
    assert 0 < halves.solved < HALVES


def test_a_million_records_take_less_than_a_second():
    rng = np.random.default_rng(0)
    count = np.bincount((rng.pareto(0.5, 1_000_000) * 3000).astype(np.int64) % 10**7)
    histogram = SizeHistogram.of(count[count > 0])
    start = time.process_time()
    half_samples(histogram, 10**8, "pitman", 0)
    assert time.process_time() - start < 1.5
