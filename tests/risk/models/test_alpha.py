from __future__ import annotations

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import AlphaModel


def test_the_inpatient_table_has_the_shares_solved_by_hand(context_of, inpatients):
    classes = context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes
    model = AlphaModel(column="condition", alpha=0.5)
    assert model.per_class(classes).tolist() == [0.5, 0.5, 1.0]
    assert model.failing(classes).tolist() == [False, False, True]
    assert model.value(classes).value == 1.0


@pytest.mark.parametrize("people", [3, 7, 49])
def test_a_share_that_equals_alpha_meets_it(classes_from, people):
    classes = classes_from([0] * people, range(people), people)
    assert not AlphaModel(column="s", alpha=1 / people).failing(classes).any()
    assert AlphaModel(column="s", alpha=1 / people - 1e-6).failing(classes).all()


def test_missing_values_are_left_out_of_the_share(classes_from):
    classes = classes_from([0, 0, 0, 0], [0, 1, None, None], 2)
    figure = AlphaModel(column="s", alpha=0.5).value(classes)
    assert figure.value == 0.5
    assert figure.caveats == ("50.0% of the people have no value of 's'; they are left out.",)


def test_a_class_of_missing_values_only_fails_whatever_alpha_is(classes_from):
    classes = classes_from([0, 0, 1], [0, 1, None], 2)
    model = AlphaModel(column="s", alpha=1)
    assert model.failing(classes).tolist() == [False, True]
    figure = model.value(classes)
    assert isinstance(figure, NotComputed)
    assert "1 of 2 groups" in figure.reason


def test_labels_that_cannot_be_compared_with_the_original_still_have_shares(classes_from):
    classes = classes_from([0, 0, 0], [0, 0, 1], 2, overall=np.array([np.nan, np.nan]))
    assert AlphaModel(column="s", alpha=1).value(classes).value == pytest.approx(2 / 3)


def test_nothing_released_and_a_column_that_is_not_sensitive(classes_from):
    classes = classes_from([0, 0], [0, 1], 2)
    nothing = classes.select(np.zeros(1, bool))
    assert isinstance(AlphaModel(column="s", alpha=1).value(nothing), NotComputed)
    assert isinstance(AlphaModel(column="x", alpha=1).value(classes), NotComputed)
    with pytest.raises(PrivacyToolError, match="'x'"):
        AlphaModel(column="x", alpha=1).failing(classes)


@pytest.mark.parametrize("alpha", [-0.1, 1.01, float("nan"), float("inf"), True, "0.5"])
def test_alpha_lies_between_0_and_1(alpha):
    with pytest.raises(PrivacyToolError, match="from 0 to 1"):
        AlphaModel(column="s", alpha=alpha)
