from __future__ import annotations

import math

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import DeltaDisclosure
from risk.models.delta_disclosure import log_ratios


@pytest.fixture
def hospital(context_of, inpatients):
    return context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes


def test_the_inpatient_table_has_the_bits_solved_by_hand(hospital):
    bits = DeltaDisclosure(column="condition", delta=1).per_class(hospital)
    assert bits == pytest.approx([1.0, 0.7370, 1.2630], abs=5e-5)
    assert bits * math.log(2) == pytest.approx([0.6931, 0.5108, 0.8755], abs=5e-5)
    assert DeltaDisclosure(column="condition", delta=1).value(hospital).value == bits[2]


def test_two_classes_of_the_inpatient_table_lack_a_value(hospital):
    _, lacking = log_ratios(hospital.sensitive["condition"])
    assert lacking.tolist() == [True, False, True]


def test_delta_is_strict(hospital):
    # the first class has shares of exactly twice and three halves of the table's
    assert DeltaDisclosure(column="condition", delta=1).failing(hospital).tolist() == [
        True,
        False,
        True,
    ]
    assert DeltaDisclosure(column="condition", delta=1.001).failing(hospital).tolist() == [
        False,
        False,
        True,
    ]


def test_rounding_never_lets_equality_pass(classes_from):
    # 7 of 10 people against 7 of 70: 7 times as frequent, which floats put just below 7
    assert 7 / 10 / (7 / 70) < 7
    classes = classes_from([0] * 10 + [1] * 60, [0] * 7 + [1] * 63, 2)
    model = DeltaDisclosure(column="s", delta=math.log2(7))
    assert model.per_class(classes)[0] < model.delta
    assert model.failing(classes).tolist() == [True, False]


def test_shares_as_in_the_table_are_0_bits(classes_from):
    classes = classes_from([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 0, 1], 2)
    assert DeltaDisclosure(column="s", delta=1).per_class(classes).tolist() == [0, 0]
    assert not DeltaDisclosure(column="s", delta=1e-300).failing(classes).any()


def test_a_value_that_the_original_lacks_is_infinite(classes_from):
    classes = classes_from([0, 0, 1], [0, 1, 0], 2, overall=np.array([1.0, 0.0]))
    bits, lacking = log_ratios(classes.sensitive["s"])
    assert bits.tolist() == [math.inf, 0.0]
    assert lacking.tolist() == [False, False]
    assert DeltaDisclosure(column="s", delta=1e300).failing(classes).tolist() == [True, False]


def test_a_class_of_missing_values_only_fails_and_lacks_nothing(classes_from):
    classes = classes_from([0, 0, 1], [0, 1, None], 2)
    assert DeltaDisclosure(column="s", delta=9).failing(classes).tolist() == [False, True]
    assert isinstance(DeltaDisclosure(column="s", delta=9).value(classes), NotComputed)
    assert log_ratios(classes.sensitive["s"])[1].tolist() == [False, False]


def test_labels_that_cannot_be_compared_with_the_original_fail_with_a_reason(classes_from):
    classes = classes_from([0, 0], [0, 1], 2, overall=np.array([np.nan, np.nan]))
    assert DeltaDisclosure(column="s", delta=9).failing(classes).all()
    assert "cannot be compared" in DeltaDisclosure(column="s", delta=9).value(classes).reason


@pytest.mark.parametrize("delta", [0, -1, float("nan"), float("inf"), True, "1", 10**400])
def test_delta_is_a_number_above_0(delta):
    with pytest.raises(PrivacyToolError, match="above 0"):
        DeltaDisclosure(column="s", delta=delta)
