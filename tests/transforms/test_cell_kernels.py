"""The compiled loops of local suppression against slow twins that try everything."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import cell_kernels as kernels

CLASSES = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=5)


def gaps(classes):
    """Open records of one group of classes (lack, count), all of which may act."""
    classes = sorted(classes, key=lambda pair: (-pair[0], pair[1]))
    lack, count = (np.array(values, np.int64) for values in zip(*classes, strict=True))
    start, acts = np.array([0, lack.size]), np.ones(lack.size, bool)
    return lack, count, kernels.gaps_in_groups(start, lack, count, acts)


def enough(lack, count, opened):
    """Whether all who are left have what they lack from the opened records of other classes."""
    rest = opened.sum() - opened
    return bool(((opened == count) | (rest >= lack)).all())


@given(CLASSES)
@settings(max_examples=200, deadline=None)
def test_in_a_group_as_few_are_opened_as_the_rest_lack(classes):
    lack, count, opened = gaps(classes)
    assert ((opened >= 0) & (opened <= count)).all()
    assert enough(lack, count, opened)
    every = (np.array(o) for o in itertools.product(*(range(c + 1) for c in count)))
    least = min(int(o.sum()) for o in every if enough(lack, count, o))
    # Whole classes in order of what they lack are not always the fewest; never far from it.
    assert least <= opened.sum() <= least + count.max() - 1


def test_a_group_in_which_nobody_acts_opens_nothing_and_who_does_not_act_is_not_opened():
    start = np.array([0, 2, 4])
    lack, count = np.array([2, 1, 2, 2]), np.array([1, 2, 1, 1])
    acts = np.array([False, False, False, True])
    assert kernels.gaps_in_groups(start, lack, count, acts).tolist() == [0, 0, 0, 1]


def merge(kinds, counts, k, donors, cells=1):
    kind, count = np.array(kinds), np.array(counts)
    rule = (k, donors, cells)
    return kernels.mergers_in_groups(np.array([0, kind.size]), kind, count, rule).tolist()


def test_small_classes_that_fill_a_group_are_merged_without_others():
    kinds = [kernels.UNSAFE, kernels.UNSAFE, kernels.DONOR]
    assert merge(kinds, [1, 2, 9], 3, kernels.ANY_DONORS) == [1, 2, 0]


def test_a_class_that_is_there_takes_in_one_more():
    kinds = [kernels.UNSAFE, kernels.THERE]
    assert merge(kinds, [1, 3], 3, kernels.CHEAP_DONORS) == [1, 0]


def test_donors_give_what_they_can_spare_the_largest_first():
    kinds = [kernels.UNSAFE, kernels.DONOR, kernels.DONOR]
    assert merge(kinds, [1, 6, 5], 4, kernels.ANY_DONORS) == [1, 2, 1]
    assert merge(kinds, [1, 9, 4], 4, kernels.ANY_DONORS) == [1, 3, 0]


def test_cheap_donors_cost_no_more_cells_than_one_more_column_would():
    kinds = [kernels.UNSAFE, kernels.DONOR]
    assert merge(kinds, [2, 9], 3, kernels.CHEAP_DONORS, cells=2) == [2, 1]
    assert merge(kinds, [1, 9], 3, kernels.CHEAP_DONORS, cells=1) == [0, 0]


def test_where_no_class_can_spare_enough_the_smallest_is_opened_whole():
    kinds = [kernels.UNSAFE, kernels.DONOR, kernels.DONOR]
    assert merge(kinds, [1, 5, 4], 4, kernels.ANY_DONORS) == [1, 0, 4]
    assert merge(kinds, [1, 5, 4], 4, kernels.CHEAP_DONORS) == [0, 0, 0]


def test_where_all_others_are_opened_already_they_are_opened_alike():
    kinds = [kernels.UNSAFE, kernels.OTHER, kernels.OTHER]
    assert merge(kinds, [1, 3, 3], 3, kernels.ANY_DONORS) == [1, 3, 3]
    assert merge(kinds, [1, 0, 1], 3, kernels.ANY_DONORS) == [0, 0, 0]


KIND = st.sampled_from([kernels.UNSAFE, kernels.THERE, kernels.DONOR, kernels.OTHER])


@given(
    st.lists(st.tuples(KIND, st.integers(1, 9)), min_size=1, max_size=6),
    st.integers(2, 4),
    st.sampled_from([kernels.CHEAP_DONORS, kernels.ANY_DONORS]),
)
@settings(max_examples=200, deadline=None)
def test_a_merger_holds_k_people_and_leaves_no_donor_too_small(classes, k, donors):
    least = {kernels.DONOR: k}  # a donor holds at least k, a class that is too small fewer
    classes = [
        (kind, min(count, k - 1) if kind == kernels.UNSAFE else max(count, least.get(kind, 1)))
        for kind, count in classes
    ]
    classes.sort(key=lambda pair: (pair[0], -pair[1]))
    kinds, counts = (list(values) for values in zip(*classes, strict=True))
    opened = merge(kinds, counts, k, donors)
    there = sum(c for kind, c in classes if kind == kernels.THERE)
    if any(opened):
        assert sum(opened) + there >= k
    for kind, count, moved in zip(kinds, counts, opened, strict=True):
        if kind == kernels.DONOR:
            assert moved == count or count - moved >= k
        else:
            assert moved in (0, count)
    total = sum(counts)
    if donors == kernels.ANY_DONORS and kernels.UNSAFE in kinds and total >= k:
        unsafe = [m == c for kind, c, m in zip(kinds, counts, opened, strict=True) if not kind]
        assert all(unsafe)
