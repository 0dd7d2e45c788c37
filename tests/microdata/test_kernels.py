import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microdata import kernels


def twin_group(keys):
    """Number columns by first occurrence, with a dictionary."""
    seen = {}
    group = [seen.setdefault(tuple(column), len(seen)) for column in keys.T.tolist()]
    first = [group.index(g) for g in range(len(seen))]
    return np.array(group), np.array(first)


def twin_contingency(group, value, amount, groups, values):
    dense = np.zeros((groups, values), np.int64)
    for g, v, n in zip(group, value, amount, strict=True):
        if g >= 0 and 0 <= v < values:
            dense[g, v] += n
    return dense


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**64 - 1)), max_size=60))
def test_groups_equal_those_of_a_dictionary_also_over_two_words(rows):
    keys = np.array([[r[0] for r in rows], [r[1] for r in rows]], np.uint64).reshape(2, -1)
    group, first = kernels.group_keys(keys)
    expected_group, expected_first = twin_group(keys)
    assert group.tolist() == expected_group.tolist()
    assert first.tolist() == expected_first.tolist()


def test_the_hash_table_grows_without_losing_a_key():
    keys = np.arange(50_000, dtype=np.uint64).repeat(2)[None, :]
    group, first = kernels.group_keys(keys)
    assert first.size == 50_000
    assert np.array_equal(group, np.arange(50_000).repeat(2))


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 6), st.integers(1, 2**40)), max_size=80)
)
def test_contingency_equals_the_dense_table(rows):
    group, value, amount = (np.array([r[i] for r in rows]) for i in range(3))
    offsets, values, n = kernels.contingency(
        group.astype(np.int32), value.astype(np.int32), amount.astype(np.int64), 5, 6
    )
    dense = np.zeros((5, 6), np.int64)
    for g in range(5):
        part = slice(offsets[g], offsets[g + 1])
        assert (np.diff(values[part]) > 0).all(), "values of a class are sorted and distinct"
        dense[g, values[part]] = n[part]
    assert np.array_equal(dense, twin_contingency(group, value, amount, 5, 6))


def test_sums_are_64_bit_and_leave_out_group_minus_one():
    total = kernels.sum_by_group(
        np.array([0, 0, -1, 1], np.int32), np.array([2**40, 2**40, 7, 1], np.int64), 2
    )
    assert total.tolist() == [2**41, 1]
