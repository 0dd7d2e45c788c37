from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import EntropyLDiversity, TCloseness

SALARIES = {"A": [3, 4, 5], "B": [6, 8, 11], "C": [7, 9, 10]}
OTHER_SALARIES = {"A": [3, 5, 9], "B": [6, 8, 11], "C": [4, 7, 10]}


def salaries(context_of, groups):
    columns = {
        "group": [name for name in groups for _ in range(3)],
        "salary": [str(salary) for group in groups.values() for salary in group],
    }
    return context_of(columns, quasi=["group"], sensitive=["salary"]).classes


def test_the_inpatient_table_has_the_distances_solved_by_hand(context_of, inpatients):
    classes = context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes
    model = TCloseness(column="condition", distance="equal", t=0.5)
    assert model.per_class(classes) == pytest.approx([5 / 12, 1 / 6, 7 / 12])
    assert model.failing(classes).tolist() == [False, False, True]
    assert model.value(classes).value == pytest.approx(7 / 12)


@pytest.mark.parametrize(
    ("groups", "distances"),
    [(SALARIES, [0.375, 1 / 6, 17 / 72]), (OTHER_SALARIES, [1 / 6, 1 / 6, 1 / 12])],
)
def test_salaries_are_ordered_as_numbers(context_of, groups, distances):
    classes = salaries(context_of, groups)
    figure = TCloseness(column="salary", distance="ordered", t=1).value(classes)
    per_class = TCloseness(column="salary", distance="ordered", t=1).per_class(classes)
    assert per_class == pytest.approx(distances)
    assert figure.caveats == ("Order of the values of 'salary': order of the numbers.",)


def test_equality_meets_t(context_of):
    classes = salaries(context_of, SALARIES)
    assert not TCloseness(column="salary", distance="ordered", t=0.375).failing(classes).any()
    assert TCloseness(column="salary", distance="ordered", t=0.3749).failing(classes).sum() == 1


def test_a_constant_attribute_is_0_close_in_every_distance(classes_from):
    classes = classes_from([0, 0, 1], [0, 0, 0], 1, levels=(np.zeros(1, np.int32),))
    for distance in ("equal", "ordered", "hierarchical"):
        model = TCloseness(column="s", distance=distance, t=0)
        assert model.per_class(classes).tolist() == [0, 0]
        assert not model.failing(classes).any()


def test_values_that_nobody_has_do_not_stretch_the_order(classes_from):
    few = classes_from([0, 0, 1, 1], [0, 1, 0, 0], 2)
    many = classes_from([0, 0, 1, 1], [3, 7, 3, 3], 9)
    model = TCloseness(column="s", distance="ordered", t=1)
    assert model.per_class(many) == pytest.approx(model.per_class(few))


def test_a_value_that_the_original_lacks_still_counts(classes_from):
    classes = classes_from([0, 0], [0, 1], 3, overall=np.array([1.0, 0.0, 0.0]))
    assert TCloseness(column="s", distance="ordered", t=1).per_class(classes) == pytest.approx(
        [0.5]
    )


def test_only_missing_values_fail(classes_from):
    classes = classes_from([0, 1], [0, None], 1)
    model = TCloseness(column="s", t=1)
    assert model.failing(classes).tolist() == [False, True]
    assert isinstance(model.value(classes), NotComputed)


def test_the_distribution_is_the_original_tables(context_of):
    columns = {"group": list("AAAABBBB"), "s": list("xxxyyyyy")}
    kept = [True] * 4 + [False] * 4
    classes = context_of(columns, quasi=["group"], sensitive=["s"], kept=kept).classes
    # p = (3/4, 1/4) against q = (3/8, 5/8), not against the released (3/4, 1/4)
    assert TCloseness(column="s", t=1).per_class(classes) == pytest.approx([0.375])


def test_hierarchical_distance_needs_a_hierarchy(context_of, inpatients):
    classes = context_of(inpatients, quasi=["group"], sensitive=["condition"]).classes
    model = TCloseness(column="condition", distance="hierarchical", t=0.2)
    assert "hierarchy" in model.value(classes).reason
    with pytest.raises(PrivacyToolError, match="hierarchy"):
        model.failing(classes)


def test_hierarchical_distance_by_hand(context_of, inpatients):
    rows = [
        ("heart", "chronic", "*"),
        ("cancer", "chronic", "*"),
        ("viral", "infection", "*"),
    ]
    classes = context_of(
        inpatients, quasi=["group"], sensitive=["condition"], hierarchies={"condition": rows}
    ).classes
    model = TCloseness(column="condition", distance="hierarchical", t=1)
    # q = heart 3/12, cancer 5/12, viral 4/12. Class C (cancer 1): within "chronic" 3/12 of heart's
    # mass costs 1/2, and 4/12 of viral's costs 1: 1/8 + 1/3.
    assert model.per_class(classes)[2] == pytest.approx(1 / 8 + 1 / 3)
    # Class A (heart 1/2, viral 1/2): 1/4 moves inside "chronic", 1/6 between the two.
    assert model.per_class(classes)[0] == pytest.approx(1 / 8 + 1 / 6)


def test_a_forest_is_joined_by_one_more_level(classes_from):
    levels = (np.array([0, 0, 1], np.int32),)
    classes = classes_from([0, 0, 1, 1], [0, 0, 2, 2], 3, levels=levels)
    model = TCloseness(column="s", distance="hierarchical", t=1)
    assert model.per_class(classes) == pytest.approx([0.5, 0.5])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20),
)
def test_replicating_every_record_changes_neither_t_nor_l(classes_from, records):
    levels = (np.array([0, 0, 1, 1], np.int32), np.zeros(4, np.int32))
    group, value = zip(*records, strict=True)
    once = classes_from(group, value, 4, levels=levels)
    often = classes_from(group * 100, value * 100, 4, levels=levels)
    for distance in ("equal", "ordered", "hierarchical"):
        model = TCloseness(column="s", distance=distance, t=1)
        assert model.per_class(often) == pytest.approx(model.per_class(once), abs=1e-12)
    entropy = EntropyLDiversity(column="s", diversity=1)
    assert entropy.per_class(often) == pytest.approx(entropy.per_class(once))


@pytest.mark.parametrize("t", [-0.1, 1.1, float("nan"), True])
def test_t_lies_between_0_and_1(t):
    with pytest.raises(PrivacyToolError, match="from 0 to 1"):
        TCloseness(column="s", t=t)


def test_an_unknown_distance_is_refused():
    with pytest.raises(PrivacyToolError, match="equal, ordered, hierarchical"):
        TCloseness(column="s", distance="euclid", t=0.2)
