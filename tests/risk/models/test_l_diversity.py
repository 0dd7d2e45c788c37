from __future__ import annotations

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
