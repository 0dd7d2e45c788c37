"""The compiled loops over shares against slow twins that are written from the definitions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.models import share_kernels

QUICK = settings(max_examples=80, deadline=None)


@st.composite
def tables(draw):
    """Draw counts by class and value, and the original's counts; either may lack a value."""
    values = draw(st.integers(1, 5))
    row = st.lists(st.integers(0, 5), min_size=values, max_size=values)
    counts = np.array(draw(st.lists(row, min_size=1, max_size=5)), np.int64)
    original = np.array(draw(row.filter(any)), np.int64)
    return counts, original


def compressed(counts):
    offsets = np.zeros(len(counts) + 1, np.int64)
    offsets[1:] = np.cumsum((counts > 0).sum(axis=1))
    return offsets, np.nonzero(counts)[1].astype(np.int32), counts[counts > 0]


def exact(row):
    return [Fraction(int(x), int(sum(row))) for x in row]


def check(got, counts, slow):
    wanted = [float(slow(row)) if row.sum() else math.nan for row in counts]
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12, equal_nan=True)


@QUICK
@given(tables())
def test_largest_share_is_that_of_the_most_frequent_value(table):
    counts, _ = table
    offsets, _, n = compressed(counts)
    check(share_kernels.largest_share(offsets, n), counts, lambda row: max(exact(row)))


def gains(row, original):
    pairs = zip(exact(row), exact(original), strict=True)
    return [math.inf if not q else (p - q) / q for p, q in pairs if p or q]


@QUICK
@given(tables())
def test_largest_gain_is_the_largest_relative_difference(table):
    counts, original = table
    offsets, value, n = compressed(counts)
    q = original / original.sum()
    got = share_kernels.largest_gain(offsets, value, n, q, np.full(q.size, np.inf))
    check(got, counts, lambda row: max(gains(row, original)))


@QUICK
@given(
    tables(),
    st.lists(st.sampled_from([0.123457, 0.551319, 1.318281, 7.713171]), min_size=5, max_size=5),
)
def test_a_gain_above_its_own_limit_makes_the_class_infinite(table, limits):
    counts, original = table
    offsets, value, n = compressed(counts)
    q, limit = original / original.sum(), np.array(limits[: original.size])

    def slow(row):
        pairs = zip(exact(row), exact(original), limits, strict=False)
        above = any(p and (not q or (p - q) / q > most) for p, q, most in pairs)
        return math.inf if above else max(gains(row, original))

    check(share_kernels.largest_gain(offsets, value, n, q, limit), counts, slow)


@QUICK
@given(tables())
def test_share_ratios_are_over_the_values_present(table):
    counts, original = table
    offsets, value, n = compressed(counts)
    largest, present = share_kernels.share_ratios(offsets, value, n, original / original.sum())

    def slow(row):
        pairs = [(p, q) for p, q in zip(exact(row), exact(original), strict=True) if p]
        return max(math.inf if not q else max(p / q, q / p) for p, q in pairs)

    check(largest, counts, slow)
    assert present.tolist() == [int(((row > 0) & (original > 0)).sum()) for row in counts]


def slow_guesses(counts, mode):
    """Take every person out of their class in turn and let the others guess."""
    right, control = 0, Fraction(0)
    for row in counts.tolist():
        right += max(row)
        for v, people in enumerate(row):
            for _ in range(people):
                rest = list(row)
                rest[v] -= 1
                if not any(rest):
                    control += v == mode
                    continue
                guesses = [w for w, x in enumerate(rest) if x == max(rest)]
                control += Fraction(v in guesses, len(guesses))
    return right, control


@QUICK
@given(tables(), st.integers(0, 4))
def test_best_guesses_with_and_without_the_own_record(table, mode):
    counts, _ = table
    offsets, value, n = compressed(counts)
    values = counts.shape[1]
    right, alone, split = share_kernels.best_guesses(offsets, value, n, values, mode)
    control = alone + sum(Fraction(int(x), max(i, 1)) for i, x in enumerate(split))
    assert (right, control) == slow_guesses(counts, mode)


def test_counts_beyond_32_bits_survive():
    big = np.array([3_000_000_000, 1_000_000_000], np.int64)
    offsets, value, q = np.array([0, 2]), np.array([0, 1], np.int32), np.array([0.25, 0.75])
    free = np.full(2, np.inf)
    assert share_kernels.largest_share(offsets, big)[0] == 0.75
    assert share_kernels.largest_gain(offsets, value, big, q, free)[0] == 2.0
    assert share_kernels.share_ratios(offsets, value, big, q)[0][0] == pytest.approx(3.0)
    assert share_kernels.best_guesses(offsets, value, big, 2, 0)[0] == 3_000_000_000
