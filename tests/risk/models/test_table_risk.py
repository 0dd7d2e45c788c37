from __future__ import annotations

import numpy as np
import pytest

from microdata.measure import NotComputed
from risk.models import AverageRisk, SampleUniqueness


def test_the_whole_table_fails_or_passes(classes_from):
    classes = classes_from([0, 0, 0, 1])
    assert AverageRisk(at_most=0.5).value(classes).value == 0.5
    assert not AverageRisk(at_most=0.5).failing(classes).any()
    assert AverageRisk(at_most=0.49).failing(classes).all()
    assert SampleUniqueness(at_most=0.25).value(classes).value == 0.25
    assert not SampleUniqueness(at_most=0.25).failing(classes).any()
    assert SampleUniqueness(at_most=0.2).failing(classes).all()
    assert AverageRisk(at_most=1).per_class(classes) == pytest.approx([1 / 3, 1])
    assert SampleUniqueness(at_most=1).per_class(classes).tolist() == [0, 1]


@pytest.mark.parametrize("model", [AverageRisk(at_most=0.5), SampleUniqueness(at_most=0.5)])
def test_nothing_released_has_no_figure(classes_from, model):
    classes = classes_from([0]).select(np.array([False]))
    assert isinstance(model.value(classes), NotComputed)
