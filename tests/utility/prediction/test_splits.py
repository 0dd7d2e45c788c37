from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utility.prediction.splits import content_order, draw, equal_strata, splits


def made(table, stratum=None, **options):
    rows = np.arange(table.records)
    stratum = np.zeros(rows.size, np.int64) if stratum is None else stratum
    options = {"person": None, "seed": 0, "repeats": 3, "most_rows": 10_000} | options
    return splits(table, rows, stratum, **options)


def test_nobody_is_both_trained_on_and_tested(table):
    for split in made(table):
        assert np.intersect1d(split.train, split.test).size == 0
        assert np.union1d(split.train, split.test).size == table.records
        assert split.test.size == pytest.approx(0.3 * table.records, abs=1)


def test_splits_differ_from_each_other_and_repeat_with_their_seed(table):
    first, again, other = made(table), made(table), made(table, seed=1)
    assert not np.array_equal(first[0].test, first[1].test)
    assert all(np.array_equal(a.test, b.test) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0].test, other[0].test)


def test_rows_of_one_person_stay_together(table):
    of_row = np.arange(table.records) // 2  # as the column who says
    for split in made(table, person="who"):
        assert np.intersect1d(of_row[split.train], of_row[split.test]).size == 0
        assert split.test.size + split.train.size == table.records


def test_a_large_table_is_sampled_to_about_the_limit(table):
    stratum = (np.arange(table.records) % 4 == 0).astype(np.int64)
    for split in made(table, stratum, most_rows=100):
        both = np.append(split.train, split.test)
        assert both.size == pytest.approx(100, abs=1)
        assert stratum[both].sum() == pytest.approx(25, abs=2)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=80), st.floats(0, 1), st.integers(0, 9))
def test_each_stratum_gives_its_share_up_to_one(stratum, share, seed):
    stratum = np.array(stratum)
    chosen = draw(np.random.default_rng(seed), stratum, share)
    for value in np.unique(stratum):
        inside = stratum == value
        assert abs(chosen[inside].sum() - share * inside.sum()) < 1 + 1e-9


def test_any_unit_may_be_drawn():
    drawn = np.zeros(10, np.int64)
    for seed in range(200):
        drawn += draw(np.random.default_rng(seed), np.zeros(10, np.int64), 0.3)
    # 200 draws of 3 in 10: 60 each, 6.5 standard deviation
    assert drawn.min() > 30
    assert drawn.max() < 90


def test_the_order_of_the_texts_is_the_order_of_the_rows_and_no_other(build):
    columns = {"a": ["x", None, "b", "x"], "b": ["2", "1", "3", "10"]}
    order = content_order(build(columns), ["b", "a"])
    assert order.tolist() == [2, 3, 0, 1]  # b; x 10; x 2; missing last
    turned = build({name: values[::-1] for name, values in columns.items()})
    assert (3 - content_order(turned, ["a", "b"])).tolist() == order.tolist()


def test_equal_numbers_are_in_one_stratum_and_the_strata_are_of_equal_size():
    assert np.bincount(equal_strata(np.arange(100.0))).tolist() == [10] * 10
    assert set(equal_strata(np.array([5.0, 1.0, 5.0, 5.0]))[[0, 2, 3]]) == {2}
