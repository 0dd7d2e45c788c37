from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.uniqueness.size_histogram import SizeHistogram
from risk.uniqueness.zayatz import zayatz

COUNTS = st.dictionaries(st.integers(1, 30), st.integers(1, 20), min_size=1, max_size=6)


def exactly(counts, population):
    """Return the share by the definition, in fractions."""
    n, u = sum(i * c for i, c in counts.items()), sum(counts.values())

    def one_drawn(i):
        return Fraction(i * comb(population - i, n - 1), comb(population, n))

    both = Fraction(counts[1], u) * one_drawn(1)
    chance = both / sum(Fraction(c, u) * one_drawn(i) for i, c in counts.items() if c)
    return counts[1] * chance / n


def test_by_hand():
    # n = 3, N = 4: h(1) = 3/4, h(2) = 2 C(2,2) / C(4,3) = 1/2; P = (3/8) / (3/8 + 1/4) = 3/5.
    estimated = zayatz(SizeHistogram.from_counts({1: 1, 2: 1}), 4)
    assert estimated.parameters["P"] == pytest.approx(3 / 5)
    assert estimated.share == pytest.approx(1 / 5)


@given(COUNTS, st.integers(1, 40), st.integers(0, 5000))
def test_it_is_the_definition_in_fractions(others, singles, left_out):
    counts = others | {1: singles}
    population = sum(i * c for i, c in counts.items()) + left_out
    estimated = zayatz(SizeHistogram.from_counts(counts), population)
    assert estimated.share == pytest.approx(float(exactly(counts, population)), rel=1e-10)


@pytest.mark.parametrize("name", ["input-Q8", "input-Q5"])
def test_it_agrees_with_arx(adult_facts, adult_histogram, name):
    for estimate in adult_facts["inputs"][name]["population_uniques"].values():
        population = estimate["population"]
        uniques = zayatz(adult_histogram(name), population).share * population
        assert uniques == pytest.approx(estimate["zayatz"], rel=1e-8)


@pytest.mark.parametrize("fraction", ["0.1", "0.2"])
def test_all_columns_of_adult(adult_facts, adult_histogram, fraction):
    stated = adult_facts["nine"]["population_uniqueness"][fraction]["zayatz"]
    share = zayatz(adult_histogram("nine"), round(30_162 / float(fraction))).share
    assert share == pytest.approx(stated, rel=1e-12)


def test_the_whole_population_gives_the_share_of_sample_uniques(adult_histogram):
    share = zayatz(adult_histogram("nine"), 30_162).share
    assert share == pytest.approx(0.5142895033485844, abs=1e-15)


def test_populations_beyond_32_bits_are_not_clipped():
    # As N grows with n fixed, h(i) / h(1) becomes i (1 - f)^(i - 1).
    histogram = SizeHistogram.from_counts({1: 100, 2: 50, 3: 20, 50: 3})
    n = histogram.people
    for population in (2**31 + 5, 10**12):
        fraction = n / population
        weights = {i: i * (1 - fraction) ** (i - 1) for i in (1, 2, 3, 50)}
        total = 100 + 50 * weights[2] + 20 * weights[3] + 3 * weights[50]
        assert zayatz(histogram, population).share == pytest.approx(100 / n * 100 / total, rel=1e-6)


def test_nobody_alone_gives_0():
    assert zayatz(SizeHistogram.from_counts({2: 5}), 1_000).share == 0
