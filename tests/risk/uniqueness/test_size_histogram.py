from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.uniqueness.size_histogram import SizeHistogram


def test_a_table_by_hand():
    histogram = SizeHistogram.of(np.array([1, 3, 1, 2, 3, 3]))
    assert histogram.sizes.tolist() == [1, 2, 3]
    assert histogram.number.tolist() == [2, 1, 3]
    assert (histogram.people, histogram.classes) == (13, 6)
    assert [histogram.of_size(i) for i in (0, 1, 3, 4)] == [0, 2, 3, 0]


@given(st.dictionaries(st.integers(1, 10**6), st.integers(0, 10**6), max_size=8))
def test_counts_and_sizes_are_the_same_histogram(counts):
    histogram = SizeHistogram.from_counts(counts)
    assert histogram.people == sum(i * c for i, c in counts.items())
    assert histogram.classes == sum(counts.values())
    assert all(histogram.of_size(i) == c for i, c in counts.items())


def test_no_overflow_at_large_sizes():
    assert SizeHistogram.from_counts({10**9: 10**6}).people == 10**15


@given(st.dictionaries(st.integers(1, 40), st.integers(1, 200), max_size=6), st.integers(0, 99))
def test_a_half_has_no_class_that_the_whole_could_not_leave(counts, seed):
    whole = SizeHistogram.from_counts(counts)
    half = whole.half(np.random.default_rng(seed))
    assert half.classes <= whole.classes
    assert half.people <= whole.people
    assert (half.sizes >= 1).all()
    assert (half.number >= 1).all()
    # Sorted from the top, every class of the half fits into one of the whole.
    old = np.sort(np.repeat(whole.sizes, whole.number))[::-1]
    new = np.sort(np.repeat(half.sizes, half.number))[::-1]
    assert (new <= old[: new.size]).all()


def test_the_halves_are_binomial():
    # Of 400,000 classes of 3, 1/8 vanish and 3/8, 3/8, 1/8 keep 1, 2, 3; of one class of 10,000
    # half the people stay.
    half = SizeHistogram.from_counts({3: 400_000, 10_000: 1}).half(np.random.default_rng(5))
    shares = [half.of_size(i) / 400_000 for i in (1, 2, 3)]
    assert shares == pytest.approx([3 / 8, 3 / 8, 1 / 8], abs=0.004)
    assert 4_800 < half.sizes.max() < 5_200


def test_a_very_large_class_costs_nothing():
    half = SizeHistogram.from_counts({10**9: 1}).half(np.random.default_rng(0))
    assert half.people == pytest.approx(5e8, rel=1e-3)
