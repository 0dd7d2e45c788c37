from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import NotComputed
from risk.attacks.residual import Rate, residual, residual_figure, wilson_rate

SHARE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("successes", "n", "value", "error", "tolerance"),
    [(850, 1000, 0.849, 0.022, 5e-4), (23, 100, 0.2399882445, 0.0815555857, 5e-11)],
)
def test_a_rate_is_wilsons_centre_and_half_width(successes, n, value, error, tolerance):
    rate = wilson_rate(successes, n)
    assert rate.value == pytest.approx(value, abs=tolerance)
    assert rate.error == pytest.approx(error, abs=tolerance)


def test_the_residual_has_anonymeters_value_and_error():
    left = residual(Rate(value=0.9, error=0.02), Rate(value=0.85, error=0.02))
    assert left.value == pytest.approx(1 / 3)
    assert left.error == pytest.approx(math.sqrt((2 / 15) ** 2 + (0.002 / 0.0225) ** 2))
    assert left.error == pytest.approx(0.16, abs=5e-4)


def test_an_attack_below_its_control_gains_nothing():
    assert residual(Rate(value=0.2), Rate(value=0.4)).value == 0


def test_where_a_guess_is_always_right_there_is_no_residual():
    assert isinstance(residual_figure(1.0, 1.0), NotComputed)


def test_what_was_counted_has_no_interval_and_what_was_drawn_has_a_seed():
    counted = residual_figure(0.5, 0.2)
    assert (counted.value, counted.low, counted.exact) == (pytest.approx(0.375), None, True)
    drawn = residual_figure(0.5, 0.2, drawn=400, seed=7)
    assert drawn.value == counted.value
    assert (drawn.method, drawn.seed) == ("Wilson", 7)
    assert drawn.low == pytest.approx(0.375 - 0.069, abs=0.006)
    assert drawn.high == pytest.approx(0.375 + 0.069, abs=0.006)


@given(SHARE, st.floats(0, 0.99), st.integers(1, 10_000))
def test_a_residual_lies_within_its_interval_and_within_0_and_1(attack, control, drawn):
    figure = residual_figure(attack, control, drawn=drawn)
    assert 0 <= figure.low <= figure.value <= figure.high <= 1


@given(SHARE, SHARE, st.floats(0, 0.99))
def test_a_better_attack_never_has_a_smaller_residual(one, other, control):
    low, high = sorted((one, other))
    assert (
        residual(Rate(value=low), Rate(value=control)).value
        <= residual(Rate(value=high), Rate(value=control)).value
    )
