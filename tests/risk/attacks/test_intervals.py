from __future__ import annotations

import numpy as np
import pytest

from risk.attacks import percentile_interval, wilson_interval


@pytest.mark.parametrize(
    ("successes", "n", "centre", "half"),
    [(850, 1000, 0.849, 0.022), (23, 100, 0.2399882445, 0.0815555857)],
    ids=["anonymeter's 850 of 1000", "anonymeter's 23 of 100"],
)
def test_wilson_gives_published_intervals(successes, n, centre, half):
    interval = wilson_interval(successes, n)
    tolerance = 5e-4 if n == 1000 else 5e-11
    assert (interval.low + interval.high) / 2 == pytest.approx(centre, abs=tolerance)
    assert (interval.high - interval.low) / 2 == pytest.approx(half, abs=tolerance)
    assert interval.method == "Wilson"


def test_wilson_stays_within_zero_and_one_and_holds_the_share():
    for successes, n in ((0, 1), (1, 1), (0, 50), (50, 50), (0.4, 3)):
        interval = wilson_interval(successes, n)
        assert 0 <= interval.low <= successes / n <= interval.high <= 1


def test_percentiles_over_targets_agree_with_the_normal_limit():
    found = np.repeat([0.0, 1.0], [700, 300])
    interval = percentile_interval([found], np.random.default_rng(0))
    assert interval.low == pytest.approx(0.3 - 1.96 * (0.21 / 1000) ** 0.5, abs=0.004)
    assert interval.high == pytest.approx(0.3 + 1.96 * (0.21 / 1000) ** 0.5, abs=0.004)


def test_percentiles_cover_repeats_that_differ():
    interval = percentile_interval([np.zeros(9), np.ones(9)], np.random.default_rng(1))
    assert (interval.low, interval.high) == (0.0, 1.0)


def test_repeats_that_are_all_alike_and_certain_leave_no_width():
    interval = percentile_interval([np.ones(5)] * 3, np.random.default_rng(2))
    assert interval.low == pytest.approx(1)
    assert interval.high == pytest.approx(1)
