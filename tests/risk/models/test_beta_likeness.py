from __future__ import annotations

import math

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import BetaLikeness, EnhancedBetaLikeness

BOTH = pytest.mark.parametrize("model", [BetaLikeness, EnhancedBetaLikeness])


@pytest.fixture
def hospital(context_of, inpatients):
    return context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes


def test_the_inpatient_table_has_the_gains_solved_by_hand(hospital):
    model = BetaLikeness(column="condition", beta=1)
    assert model.per_class(hospital) == pytest.approx([1.0, 0.5, 1.4])
    assert model.failing(hospital).tolist() == [False, False, True]
    assert model.value(hospital).value == pytest.approx(1.4)
    assert not BetaLikeness(column="condition", beta=1.4).failing(hospital).any()


def test_no_beta_satisfies_the_third_class_of_the_inpatient_table(hospital):
    model = EnhancedBetaLikeness(column="condition", beta=1000)
    assert model.per_class(hospital) == pytest.approx([1.0, 0.5, math.inf])
    assert model.failing(hospital).tolist() == [False, False, True]
    figure = model.value(hospital)
    assert isinstance(figure, NotComputed)
    assert figure.reason.startswith("No beta satisfies enhanced beta-likeness: in 1 of 3 groups")


def test_enhanced_beta_likeness_still_needs_beta(hospital):
    good = hospital.select(np.array([True, True, False]))
    model = EnhancedBetaLikeness(column="condition", beta=0.5)
    assert model.failing(good).tolist() == [True, False]
    assert model.value(good).value == pytest.approx(1.0)


def test_a_gain_may_reach_the_logarithm_and_no_more(classes_from):
    # q = 1/e for the first value; its share is q (1 - ln q) = 2/e, so the gain is -ln q = 1.
    q = np.array([1 / math.e, 1 - 1 / math.e])
    overall = {"overall": q}
    up_to = classes_from([0] * 10**4, [0] * 7357 + [1] * 2643, 2, **overall)  # below 2/e
    over = classes_from([0] * 10**4, [0] * 7358 + [1] * 2642, 2, **overall)
    model = EnhancedBetaLikeness(column="s", beta=5)
    assert not model.failing(up_to).any()
    assert model.failing(over).all()


@BOTH
def test_a_table_of_one_value_gains_nothing(model, classes_from):
    classes = classes_from([0, 0, 1], [0, 0, 0], 1)
    assert model(column="s", beta=0).per_class(classes).tolist() == [0, 0]
    assert not model(column="s", beta=0).failing(classes).any()


@BOTH
def test_a_value_that_the_original_lacks_gains_without_end(model, classes_from):
    classes = classes_from([0, 0, 1], [0, 1, 0], 2, overall=np.array([1.0, 0.0]))
    assert model(column="s", beta=1e9).failing(classes).tolist() == [True, False]
    assert model(column="s", beta=1e9).per_class(classes)[0] == math.inf


@BOTH
def test_a_class_of_missing_values_only_fails_and_has_no_figure(model, classes_from):
    classes = classes_from([0, 0, 1], [0, 1, None], 2)
    assert model(column="s", beta=9).failing(classes).tolist() == [False, True]
    assert isinstance(model(column="s", beta=9).value(classes), NotComputed)


@BOTH
def test_labels_that_cannot_be_compared_with_the_original_fail_with_a_reason(model, classes_from):
    classes = classes_from([0, 0], [0, 1], 2, overall=np.array([np.nan, np.nan]))
    assert model(column="s", beta=9).failing(classes).all()
    figure = model(column="s", beta=9).value(classes)
    assert "cannot be compared" in figure.reason


@BOTH
@pytest.mark.parametrize("beta", [-0.1, float("nan"), float("inf"), True, "1", 10**400])
def test_beta_is_a_number_of_at_least_0(model, beta):
    with pytest.raises(PrivacyToolError, match="at least 0"):
        model(column="s", beta=beta)
