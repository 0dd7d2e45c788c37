"""The compiled loops of the losses against slow twins that are written from the definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.keys import key_layout, pack_keys
from utility import kernels

LABELS = np.array([[0, 1, 2, 3], [0, 0, 2, 2], [0, 0, 0, 0]], np.int32)
"""Of four values, at the three levels of a hierarchy."""


def slow_bits(cells):
    """Return the bits lost, over (value, level) pairs, one level after the other."""
    loss, before = 0.0, [0, 1, 2, 3]
    for level, labels in enumerate(LABELS.tolist()):
        if not any(at == level for _, at in cells):
            continue
        still = [value for value, at in cells if at >= level]
        for value in still:
            low = sum(before[other] == before[value] for other in still)
            high = sum(labels[other] == labels[value] for other in still)
            loss += math.log2(high / low)
        before = labels
    return loss


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=30))
def test_bits_are_lost_level_by_level(rows):
    kept = [(value, level) for value, level, lost in rows if not lost]
    lost = np.bincount([value for value, _, gone in rows if gone], minlength=4)
    kinds = sorted(set(kept))
    got = kernels.bits_by_level(
        np.array([level for _, level in kinds], np.float64),
        np.array([value for value, _ in kinds], np.int32),
        np.array([kept.count(kind) for kind in kinds], np.int64),
        lost.astype(np.int64),
        LABELS,
    )
    cells = kept + [(value, 2) for value, _, gone in rows if gone]
    assert got == pytest.approx(slow_bits(cells), abs=1e-9)


def test_each_key_is_multiplied_by_the_factor_of_its_code():
    layout = key_layout({"a": 5, "b": 3})
    keys = pack_keys(layout, {"a": np.array([4, 0, 2]), "b": np.array([2, 1, 0])}, 3)
    product = np.array([1.0, 2.0, 3.0])
    for place, factors in zip(layout, ([1, 2, 3, 4, 5], [7, 1, 10]), strict=True):
        kernels.multiply_by_code(
            product, keys[place.word], place.shift, place.bits, np.array(factors)
        )
    assert product.tolist() == [50.0, 2.0, 63.0]
