from __future__ import annotations

import math

import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity


@pytest.fixture
def hospital(context_of, inpatients):
    return context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes


def one_class(classes_from, counts):
    value = [v for v, number in enumerate(counts) for _ in range(number)]
    return classes_from([0] * len(value), value, len(counts))


def test_the_inpatient_table_has_the_diversities_of_the_paper(hospital):
    distinct = DistinctLDiversity(column="condition", diversity=2)
    entropy = EntropyLDiversity(column="condition", diversity=2)
    assert distinct.per_class(hospital).tolist() == [2, 3, 1]
    assert entropy.per_class(hospital) == pytest.approx([2.0, 2.8284271247, 1.0])
    assert distinct.failing(hospital).tolist() == [False, False, True]
    assert entropy.failing(hospital).tolist() == [False, False, True]
    assert distinct.value(hospital).value == 1


@pytest.mark.parametrize("values", [2, 3, 4, 6, 7, 10])
def test_uniform_values_reach_exactly_their_number(classes_from, values):
    classes = one_class(classes_from, [7] * values)
    assert not EntropyLDiversity(column="s", diversity=values).failing(classes).any()
    assert EntropyLDiversity(column="s", diversity=values + 1e-6).failing(classes).all()
    assert EntropyLDiversity(column="s", diversity=1).value(classes).value == pytest.approx(values)


def test_a_broken_l_needs_the_next_whole_number_of_values(classes_from):
    classes = one_class(classes_from, [5, 5])
    assert not DistinctLDiversity(column="s", diversity=1.5).failing(classes).any()
    assert DistinctLDiversity(column="s", diversity=2.1).failing(classes).all()


@pytest.mark.parametrize(
    ("counts", "c", "rank", "fails"),
    [
        ([100, 1, 1], 100, 3, True),
        ([100, 1, 1], 100.5, 3, False),
        ([100, 1, 1], 50, 2, True),  # strict: 100 < 50 * 2 is false
        ([100, 1, 1], 51, 2, False),
        ([5, 5], 3, 3, True),  # fewer than l values
        ([4], 2, 1, False),
    ],
)
def test_recursive_diversity_is_strict(classes_from, counts, c, rank, fails):
    classes = one_class(classes_from, counts)
    model = RecursiveCLDiversity(column="s", c=c, rank=rank)
    assert model.failing(classes).tolist() == [fails]


def test_missing_values_are_no_value(classes_from):
    classes = classes_from([0, 0, 0], [0, None, None], 2)
    model = DistinctLDiversity(column="s", diversity=2)
    assert model.per_class(classes).tolist() == [1]
    assert model.value(classes).caveats == (
        "66.7% of the people have no value of 's'; they are left out.",
    )


@pytest.mark.parametrize(
    "model",
    [
        DistinctLDiversity(column="s", diversity=1),
        EntropyLDiversity(column="s", diversity=1),
        RecursiveCLDiversity(column="s", c=100, rank=1),
    ],
)
def test_a_class_with_only_missing_values_fails_and_has_no_figure(classes_from, model):
    classes = classes_from([0, 0, 1, 1], [0, 1, None, None], 2)
    assert np.isnan(model.per_class(classes)).tolist() == [False, True]
    assert model.failing(classes).tolist() == [False, True]
    figure = model.value(classes)
    assert isinstance(figure, NotComputed)
    assert "1 of 2 groups" in figure.reason


def test_a_column_that_is_not_sensitive_is_refused_when_it_decides(hospital):
    model = DistinctLDiversity(column="salary", diversity=2)
    with pytest.raises(PrivacyToolError, match="'salary'"):
        model.failing(hospital)
    assert isinstance(model.value(hospital), NotComputed)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (DistinctLDiversity, {"diversity": 0.5}),
        (EntropyLDiversity, {"diversity": float("nan")}),
        (RecursiveCLDiversity, {"c": 0, "rank": 2}),
        (RecursiveCLDiversity, {"c": 2, "rank": 1.5}),
    ],
)
def test_parameters_out_of_range_are_refused(model, fields):
    with pytest.raises(PrivacyToolError, match="needs a"):
        model(column="s", **fields)


def test_a_rank_that_no_machine_integer_holds_fails_every_class(hospital):
    model = RecursiveCLDiversity(column=next(iter(hospital.sensitive)), c=2, rank=10**30)
    assert model.failing(hospital).all()


def slow_g(n):
    """Return G_n by the sum of its definition."""
    half = sum(2 / (2 * i - 1) for i in range(1, n // 2 + 1))
    return -np.euler_gamma - math.log(2) + half


@pytest.mark.parametrize(
    "counts", [[1], [1, 1], [2, 1], [5], [5, 5], [3, 1, 1], [40, 7, 1], [100, 1, 1], [2] * 9]
)
def test_grassbergers_entropy_is_the_sum_of_its_definition(classes_from, counts):
    model = EntropyLDiversity(column="s", diversity=1, estimator="grassberger")
    n = sum(counts)
    entropy = slow_g(n) - sum(count * slow_g(count) for count in counts) / n
    got = model.per_class(one_class(classes_from, counts))
    assert got == pytest.approx([math.exp(max(entropy, 0))], rel=1e-12)


def test_grassbergers_estimate_never_replaces_values_that_are_not_there(classes_from):
    # one person of each of two values: exp(2) = 7.39 by the estimate, and two values all the same
    classes = one_class(classes_from, [1, 1])
    for diversity, fails in ((2, False), (2.5, True)):
        model = EntropyLDiversity(column="s", diversity=diversity, estimator="grassberger")
        assert model.failing(classes).tolist() == [fails]
    assert "experimental" in model.value(classes).caveats[-1]
    assert "experimental" in model.describe()


def test_grassbergers_estimate_of_missing_values_is_none(classes_from):
    classes = classes_from([0, 0, 1], [0, 1, None], 2)
    model = EntropyLDiversity(column="s", diversity=1, estimator="grassberger")
    assert np.isnan(model.per_class(classes)).tolist() == [False, True]
    assert model.failing(classes).tolist() == [False, True]


def test_an_unknown_estimator_is_refused():
    with pytest.raises(PrivacyToolError, match="shannon, grassberger"):
        EntropyLDiversity(column="s", diversity=2, estimator="miller")


# Two tables on which sdcMicro errs; the counts are small enough to be read off by eye.


def test_a_missing_sensitive_value_is_not_a_new_value_each_time(context_of):
    columns = {"k": list("aaabbccc"), "s": ["1", None, None, None, None, "1", "1", None]}
    classes = context_of(columns, quasi=["k"], sensitive=["s"]).classes
    distinct = DistinctLDiversity(column="s", diversity=1).per_class(classes)
    of_record = distinct[classes.class_of].tolist()
    assert of_record[:3] + of_record[5:] == [1] * 6
    assert np.isnan(of_record[3:5]).all()
    assert EntropyLDiversity(column="s", diversity=1).per_class(classes)[0] == 1.0
    sdcmicro = [3, 3, 3, 2, 2, 2, 2, 2]  # each missing value counted as one more value
    assert all(theirs > ours for theirs, ours in zip(sdcmicro, of_record, strict=True) if ours == 1)


def test_a_missing_quasi_identifier_is_a_value_of_its_own_in_l_diversity(context_of):
    columns = {
        "sex": list("fffmmfffm"),
        "occ": [None, None, None, "t", "t", "n", "n", "n", None],
        "eth": list("ooooommmo"),
        "s": list("110100125"),
    }
    classes = context_of(columns, quasi=["sex", "occ", "eth"], sensitive=["s"]).classes
    distinct = DistinctLDiversity(column="s", diversity=1).per_class(classes)
    # sdcMicro before 5.8.2 took every record with a missing key for a class of its own
    assert distinct[classes.class_of].tolist() == [2, 2, 2, 2, 2, 3, 3, 3, 1]
    entropy = EntropyLDiversity(column="s", diversity=1).per_class(classes)
    assert entropy[classes.class_of][[0, 3, 5, 8]] == pytest.approx([1.889882, 2, 3, 1], abs=1e-6)
