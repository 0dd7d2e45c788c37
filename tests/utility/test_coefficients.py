from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import normalized_mutual_info_score

from utility import kernels
from utility.coded_rows import Pairs
from utility.coefficients import (
    correlation_ratio,
    cramers_v,
    known,
    mutual_information,
    pearson,
    spearman,
)


def as_pairs(a, b):
    ones = np.ones(len(a), np.int64)
    return Pairs(a=np.array(a, np.int32), b=np.array(b, np.int32), n=ones)


def counted(a, b):
    table = np.zeros((max(a) + 1, max(b) + 1), np.int64)
    np.add.at(table, (a, b), 1)
    return table


def correlations(a, b, x, y):
    pairs = as_pairs(a, b)
    counts = known(pairs, x, y)
    return pearson(pairs, x, y, counts), spearman(pairs, x, y, counts)


def test_cramers_v_of_a_table_by_hand():
    # n = 20, all expected 5: chi2 = 4 * 9 / 5 = 7.2, phi2 = .36, less 1/19 = .307368;
    # r~ = c~ = 2 - 1/19, so V = sqrt(.307368 / (18/19)) = sqrt(.324444)
    assert cramers_v(np.array([[8, 2], [2, 8]])) == pytest.approx(np.sqrt(0.36 * 19 / 18 - 1 / 18))


def test_what_follows_from_each_other_is_linked_wholly():
    assert cramers_v(np.array([[7, 0], [0, 13]])) == pytest.approx(1.0)
    assert mutual_information(np.array([[7, 0], [0, 13]])) == pytest.approx(1.0)


def test_what_is_independent_is_not_linked():
    table = np.outer([3, 9], [4, 2, 6])
    assert cramers_v(table) == 0
    assert mutual_information(table) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("table", [[[5, 7]], [[5], [7]], [[0, 0], [3, 4]], [[1]]])
def test_a_constant_is_linked_with_nothing(table):
    assert cramers_v(np.array(table)) == 0
    assert mutual_information(np.array(table)) == 0


def test_a_value_of_its_own_for_each_record_is_no_link():
    # Without the correction this would be 1.
    assert cramers_v(np.eye(6, dtype=int)) == 0


codes = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
    )
)


@settings(max_examples=80, deadline=None)
@given(codes)
def test_mutual_information_is_that_of_scikit_learn(both):
    a, b = both
    if len(set(a)) > 1 and len(set(b)) > 1:
        expected = normalized_mutual_info_score(a, b)
        assert mutual_information(counted(a, b)) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(codes)
def test_cramers_v_is_symmetric_in_range_and_blind_to_order_and_empty_values(both):
    a, b = both
    table = counted(a, b)
    v = cramers_v(table)
    assert 0 <= v <= 1
    assert cramers_v(table.T) == pytest.approx(v)
    assert cramers_v(table[::-1, ::-1]) == pytest.approx(v)
    assert cramers_v(np.pad(table, 2)) == pytest.approx(v)


@settings(max_examples=80, deadline=None)
@given(codes)
def test_cramers_v_is_that_of_the_paper_written_out(both):
    a, b = both
    table = counted(a, b)
    held = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    r, c = held.shape
    n = held.sum()
    if min(r, c) < 2:
        return
    phi2 = stats.chi2_contingency(held, correction=False).statistic / n
    phi2 = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    if least > 1e-9:
        assert cramers_v(table) == pytest.approx(min(1, np.sqrt(phi2 / least)), abs=1e-7)


numbers = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


@settings(max_examples=80, deadline=None)
@given(codes, st.lists(numbers, min_size=5, max_size=5), st.lists(numbers, min_size=4, max_size=4))
def test_correlations_are_those_of_scipy(both, x, y):
    a, b = both
    x, y = np.array(x), np.array(y)
    if len(set(x[a])) < 2 or len(set(y[b])) < 2:
        assert correlations(a, b, x, y) == (0, 0)
        return
    found = correlations(a, b, x, y)
    assert found[0] == pytest.approx(np.corrcoef(x[a], y[b])[0, 1], abs=1e-6)
    assert found[1] == pytest.approx(stats.spearmanr(x[a], y[b]).statistic, abs=1e-9)
    assert correlations(b, a, y, x) == pytest.approx(found, abs=1e-12)


def test_numbers_that_are_not_known_are_left_out_in_pairs():
    x, y = np.array([1.0, 2.0, np.nan, 9.0]), np.array([2.0, 4.0, 6.0, np.nan])
    a, b = [0, 1, 2, 3, 1, 0], [0, 1, 2, 3, 0, 2]
    both = [i for i in range(6) if not np.isnan(x[a[i]] + y[b[i]])]
    left, right = x[[a[i] for i in both]], y[[b[i] for i in both]]
    found = correlations(a, b, x, y)
    assert found[0] == pytest.approx(np.corrcoef(left, right)[0, 1])
    assert found[1] == pytest.approx(stats.spearmanr(left, right).statistic)
    assert correlations([2, 2], [0, 1], x, y) == (None, None)


def test_equal_numbers_under_two_names_are_ties():
    a, b = [0, 1, 2, 2], [0, 1, 2, 0]
    same = np.array([1.0, 1.0, 2.0])  # "1" and "1.0"
    merged = correlations([0, 0, 1, 1], b, np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
    assert correlations(a, b, same, np.array([1.0, 2.0, 3.0])) == pytest.approx(merged)


def test_tiny_and_huge_numbers_keep_their_link():
    a = b = [0, 1, 2]
    tiny, huge = np.array([1e-300, 2e-300, 4e-300]), np.array([1e200, 2e200, 4e200])
    assert correlations(a, b, tiny, huge) == pytest.approx((1, 1))
    too_wide = np.array([-1.7e308, 0.0, 1.7e308])
    assert correlations(a, b, too_wide, tiny)[0] is None
    pairs = as_pairs(a, b)
    assert correlation_ratio(pairs, 3, too_wide, np.ones(3, np.int64)) is None


@settings(max_examples=80, deadline=None)
@given(codes, st.lists(numbers, min_size=4, max_size=4))
def test_the_correlation_ratio_is_the_share_of_variance_between_groups(both, y):
    group, b = both
    y = np.array(y)
    values = y[b]
    n = np.bincount(b, minlength=4)
    found = correlation_ratio(as_pairs(group, b), 5, y, n)
    if len(set(values)) < 2:
        assert found == 0
        return
    means = {g: values[np.array(group) == g].mean() for g in set(group)}
    between = sum((means[g] - values.mean()) ** 2 for g in group)
    assert found == pytest.approx(
        np.sqrt(between / ((values - values.mean()) ** 2).sum()), abs=1e-6
    )
    assert 0 <= found <= 1


def test_the_correlation_ratio_by_hand():
    # means 2 and 5 around 3.5: 4 * 2.25 = 9 between the groups and 4 * 1 within them
    y = np.array([1.0, 3.0, 4.0, 6.0])
    found = correlation_ratio(as_pairs([0, 0, 1, 1], [0, 1, 2, 3]), 2, y, np.ones(4, np.int64))
    assert found == pytest.approx(np.sqrt(9 / 13))


@settings(max_examples=40, deadline=None)
@given(codes, st.data())
def test_kernels_do_what_their_plain_twins_do(both, data):
    codes_ = np.array(both, np.int32)
    counts = kernels.count_cells(codes_, np.array([1, 0]), np.array([4, 5]))
    expected = np.zeros((4, 5), int)
    np.add.at(expected, (codes_[1], codes_[0]), 1)
    assert counts.tolist() == expected.ravel().tolist()
    share = st.sampled_from([0.0, 0.25, 1.0])
    left = np.array(data.draw(st.lists(share, min_size=5, max_size=5)))
    right = np.array(data.draw(st.lists(share, min_size=4, max_size=4)))
    weight = kernels.weigh_rows(
        codes_, np.array([0, 1]), np.concatenate([left, right]), np.array([0, 5])
    )
    assert weight == pytest.approx((left[codes_[0]] * right[codes_[1]]).sum())
