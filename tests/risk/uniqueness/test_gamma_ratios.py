from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.uniqueness.gamma_ratios import digamma_step, log_rising

WHOLE = st.integers(0, 60)
START = st.fractions(Fraction(1, 1000), 10**6, max_denominator=1000)


@given(START, WHOLE)
def test_a_whole_step_is_a_product_of_fractions(z, m):
    product = math.prod((z + j for j in range(m)), start=Fraction(1))
    exact = math.log(product.numerator) - math.log(product.denominator)
    assert float(log_rising(float(z), m)) == pytest.approx(exact, rel=1e-12, abs=1e-11)


@given(START, WHOLE)
def test_a_digamma_step_is_a_sum_of_fractions(z, m):
    exact = sum((1 / (z + j) for j in range(m)), start=Fraction(0))
    assert digamma_step(float(z), m) == pytest.approx(float(exact), rel=1e-9, abs=1e-13)


@given(st.floats(0.01, 1e12), st.floats(0, 1e6), st.floats(0, 1e6))
def test_two_steps_make_one(z, first, second):
    both = float(log_rising(z, first) + log_rising(z + first, second))
    assert both == pytest.approx(float(log_rising(z, first + second)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("z", [1e3, 1e8, 1e12])
def test_the_digits_of_a_small_step_from_afar_are_kept(z):
    # ln Gamma(z + 1/2) - ln Gamma(z) = ln(z) / 2 - 1 / (8 z) + 1 / (192 z^3) - ...; the plain
    # difference of two log-gammas is off by 1e-3 at z = 1e12.
    expected = math.log(z) / 2 - 1 / (8 * z) + 1 / (192 * z**3)
    assert float(log_rising(z, 0.5)) == pytest.approx(expected, rel=1e-12)
    assert digamma_step(z, 1) == pytest.approx(1 / z, rel=1e-12)
