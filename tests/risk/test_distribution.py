from __future__ import annotations

import numpy as np
import pytest

from risk.distribution import risk_distribution


def test_everybody_is_in_exactly_one_band(classes_from):
    sizes = [1, 2, 3, 4, 5, 10, 11, 19, 20, 40]
    group = [number for number, size in enumerate(sizes) for _ in range(size)]
    bands = risk_distribution(classes_from(group))
    assert [band.people for band in bands] == [1, 2, 7, 15, 30, 60]
    assert sum(band.share for band in bands) == pytest.approx(1)
    assert bands[-1].largest is None


def test_nothing_released_has_no_bands(classes_from):
    assert risk_distribution(classes_from([0]).select(np.array([False]))) == ()
