from __future__ import annotations

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import KAnonymity


def test_a_class_of_k_people_passes_and_one_fewer_fails(classes_from):
    classes = classes_from([0, 0, 0, 1, 1])
    assert KAnonymity(k=3).failing(classes).tolist() == [False, True]
    assert KAnonymity(k=2).failing(classes).tolist() == [False, False]
    assert KAnonymity(k=2).value(classes).value == 2


def test_a_missing_quasi_identifier_is_a_value_of_its_own(context_of):
    context = context_of({"age": ["30", "30", "30", None], "zip": list("AAAB")}, quasi=["age"])
    assert KAnonymity(k=2).value(context.classes).value == 1
    half = context_of({"age": ["30"] * 50 + [None] * 50}, quasi=["age"])
    assert KAnonymity(k=2).value(half.classes).value == 50


def test_a_table_without_any_known_value_is_one_class(context_of):
    context = context_of({"age": [None] * 4, "x": list("abcd")}, quasi=["age"])
    assert KAnonymity(k=2).value(context.classes).value == 4


def test_nothing_released_has_no_k(classes_from):
    classes = classes_from([0, 0]).select(np.array([False]))
    assert isinstance(KAnonymity(k=2).value(classes), NotComputed)
    assert KAnonymity(k=2).failing(classes).size == 0


@pytest.mark.parametrize("k", [0, -1, 2.5, float("nan"), float("inf"), True, "5", 10**400])
def test_k_must_be_a_whole_number_of_at_least_1(k):
    with pytest.raises(PrivacyToolError, match="whole number"):
        KAnonymity(k=k)


def test_the_sentence_counts_the_others():
    assert "at least 4 other people" in KAnonymity(k=5).describe()
    assert "at least 1 other person" in KAnonymity(k=2).describe()
