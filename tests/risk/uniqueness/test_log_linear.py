from __future__ import annotations

import math
import time
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from microdata.population import Population
from risk.uniqueness.log_linear import (
    LogLinearRisk,
    independence_means,
    two_way_means,
    uniques_at_risk,
)

ROOT = ("uniqueness", "log_linear")
ADULT = Path(__file__).resolve().parents[3] / "../shared/data/adult/adult.csv"
FIVE = ["sex", "age", "race", "marital-status", "education"]


def grouped(rows):
    """Return the codes by column and the count of each distinct row."""
    distinct, count = np.unique(np.asarray(rows), axis=0, return_counts=True)
    codes = [np.unique(column, return_inverse=True)[1].astype(np.int64) for column in distinct.T]
    return codes, count.astype(np.int64)


def dense_fit(codes, count, rounds=300):
    """Fit all pairs on the full cross product, cell by cell."""
    shape = [int(column.max()) + 1 for column in codes]
    table, mu = np.zeros(shape), np.ones(shape)
    np.add.at(table, tuple(codes), count)
    axes = range(len(shape))
    for _ in range(rounds):
        for pair in combinations(axes, 2):
            rest = tuple(axis for axis in axes if axis not in pair)
            counted, fitted = table.sum(rest, keepdims=True), mu.sum(rest, keepdims=True)
            mu = mu * np.divide(counted, fitted, out=np.zeros_like(fitted), where=fitted > 0)
    return mu[tuple(codes)]


def test_two_by_two_by_hand():
    # sex F, M and town A, B: FA 3, FB 1, MA 1, MB 0 of n = 5. Main effects: mu(FB) = 4 * 1 / 5,
    # mu(MA) = 1 * 4 / 5. Pairs are the table itself: mu = 1. With N = 20, v = mu (20 - 5) / 5.
    codes, count = grouped([[0, 0]] * 3 + [[0, 1]] + [[1, 0]])
    means = independence_means(codes, count)
    assert means == pytest.approx([16 / 5, 4 / 5, 4 / 5])
    alone = count == 1
    main = uniques_at_risk(means[alone], 5, 20)
    assert main.tau_1 == pytest.approx(2 * math.exp(-2.4))
    assert main.tau_2 == pytest.approx(2 * (1 - math.exp(-2.4)) / 2.4)
    pairs = two_way_means(codes, count)
    assert pairs == pytest.approx(count)
    assert uniques_at_risk(pairs[alone], 5, 20).tau_1 == pytest.approx(2 * math.exp(-3))


def test_the_whole_population_leaves_no_doubt():
    risk = uniques_at_risk(np.array([0.3, 1.0, 7.0]), 50, 50)
    assert (risk.tau_1, risk.tau_2) == (3, 3)


def test_a_mean_that_vanishes_is_certain_and_not_nan():
    risk = uniques_at_risk(np.zeros(2), 5, 10**12)
    assert (risk.tau_1, risk.tau_2) == (2, 2)


@given(st.lists(st.floats(1e-9, 1e3), max_size=20), st.integers(1, 10**6), st.integers(0, 10**12))
def test_matches_are_at_least_the_uniques(means, people, more):
    risk = uniques_at_risk(np.array(means), people, people + more)
    assert 0 <= risk.tau_1 <= risk.tau_2 * (1 + 1e-12) <= len(means) * (1 + 1e-9)


ROWS = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_the_sparse_fit_is_the_dense_one(rows):
    codes, count = grouped(rows)
    means = two_way_means(codes, count)
    if isinstance(means, NotComputed):
        return  # fits with zeros on the edge settle slowly
    assert means == pytest.approx(dense_fit(codes, count), abs=0.15)


def test_the_sparse_fit_is_the_dense_one_to_the_digits_where_it_settles(monkeypatch):
    monkeypatch.setattr("risk.uniqueness.log_linear.TOLERANCE", 1e-10)
    monkeypatch.setattr("risk.uniqueness.log_linear.RELATIVE", 0.0)
    rng = np.random.default_rng(0)
    rows = [row for row in product(range(3), range(2), range(4)) for _ in range(5)]
    rows += rng.integers(0, 2, (40, 3)).tolist()
    codes, count = grouped(rows)
    assert two_way_means(codes, count) == pytest.approx(dense_fit(codes, count), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.permutations(range(3)))
def test_neither_the_order_of_rows_nor_of_columns_matters(rows, order):
    data = pd.DataFrame(rows)
    codes, count = grouped(rows)
    turned, again = grouped(data.iloc[::-1, order].to_numpy())
    for means in (independence_means, two_way_means):
        first, second = means(codes, count), means(turned, again)
        if isinstance(first, NotComputed) or isinstance(second, NotComputed):
            continue
        # The pairs are fitted in another order, so the last steps differ within the tolerance.
        assert np.sort(first) == pytest.approx(np.sort(second), abs=0.3)


def test_columns_with_one_value_change_nothing():
    rng = np.random.default_rng(0)
    codes, count = grouped(rng.integers(0, 3, (50, 3)))
    constant = np.zeros(count.size, np.int64)
    assert two_way_means([*codes, constant], count).tolist() == two_way_means(codes, count).tolist()
    one = two_way_means([codes[0][:3] * 0, np.arange(3)], np.array([5, 1, 1]))
    assert one.tolist() == [5, 1, 1]


def test_above_the_limit_it_says_so():
    rng = np.random.default_rng(0)
    codes, count = grouped(rng.integers(0, 30, (2_000, 4)))
    means = two_way_means(codes, count, work=60_000)
    assert isinstance(means, NotComputed)
    assert "10,000 cells" in means.reason
    wide = [np.arange(5_000), np.arange(5_000)[::-1].copy()]
    assert isinstance(two_way_means(wide, np.ones(5_000, np.int64)), NotComputed)


def test_cells_in_which_two_values_never_meet_do_not_count_towards_the_limit():
    # The third column follows the first: 100 of the 1,000 cells are possible.
    codes, count = grouped([(i, j, i) for i in range(10) for j in range(10)])
    assert two_way_means(codes, count, work=3 * 100) == pytest.approx(np.ones(100))


def test_the_limit_keeps_it_quick():
    rng = np.random.default_rng(0)
    rows = np.stack([rng.integers(0, k, 200_000) for k in (2, 70, 5, 7, 16, 8)], axis=1)
    codes, count = grouped(rows)
    start = time.process_time()
    two_way_means(codes, count)
    assert time.process_time() - start < 4


@pytest.mark.parametrize("seed", range(3))
def test_a_population_that_obeys_the_model_is_estimated(seed):
    # Poisson cells with independent columns: main effects hold, so tau is the truth on average.
    rng = np.random.default_rng(seed)
    margins = [rng.dirichlet(np.full(k, 0.6)) for k in (40, 30, 20)]
    people = np.stack([rng.choice(m.size, 60_000, p=m) for m in margins], axis=1)
    total = pd.Series(1, pd.MultiIndex.from_arrays(people.T)).groupby(level=[0, 1, 2]).sum()
    sample = people[rng.choice(60_000, 6_000, replace=False)]
    codes, count = grouped(sample)
    alone = np.unique(sample, axis=0)[count == 1]
    population = total[list(map(tuple, alone))].to_numpy()
    risk = uniques_at_risk(independence_means(codes, count)[count == 1], 6_000, 60_000)
    assert risk.tau_1 == pytest.approx((population == 1).sum(), rel=0.2)
    assert risk.tau_2 == pytest.approx((1 / population).sum(), rel=0.1)


def test_the_bracket_of_adult():
    if not ADULT.is_file():
        pytest.skip("the Adult table is not beside the project")
    adult = pd.read_csv(ADULT, sep=";", dtype=str)[FIVE]
    everybody = adult.groupby(FIVE).size()
    n, size = round(0.1 * len(adult)), len(adult)
    found = []
    for seed in range(3):
        drawn = np.random.default_rng(seed).choice(size, n, replace=False)
        sample = adult.iloc[drawn].groupby(FIVE).size()
        codes = [pd.factorize(sample.index.get_level_values(c))[0].astype(np.int64) for c in FIVE]
        count = sample.to_numpy().astype(np.int64)
        alone = count == 1
        truth = everybody[sample.index[alone]].to_numpy()
        main = uniques_at_risk(independence_means(codes, count)[alone], n, size)
        pairs = uniques_at_risk(two_way_means(codes, count)[alone], n, size)
        found.append(
            [
                *(pairs.tau_1, (truth == 1).sum(), main.tau_1),
                *(pairs.tau_2, (1 / truth).sum(), main.tau_2),
            ]
        )
    low_1, true_1, high_1, low_2, true_2, high_2 = np.mean(found, axis=0)
    assert low_1 < true_1 < high_1
    assert low_2 < true_2 < high_2
    stated = [213, 332, 361, 417, 517, 547]
    assert np.mean(found, axis=0) == pytest.approx(stated, rel=0.07)


def columns(n=200):
    rng = np.random.default_rng(7)
    return {f"q{k}": [f"v{i}" for i in rng.integers(0, 4 + k, n)] for k in range(3)}


def test_the_figures_stand_at_their_places(context_of):
    context = context_of(columns(), quasi=["q0", "q1", "q2"], population=Population(size=2_000))
    figures = LogLinearRisk().evaluate(context).figures
    assert set(figures) == {
        (*ROOT, model, key) for model in ("main_effects", "two_way") for key in ("tau_1", "tau_2")
    }
    for (*_, model, _), figure in figures.items():
        assert not figure.exact
        assert ("main" in model) == ("main" in figure.method)
        assert any("bracket" in caveat for caveat in figure.caveats)


def test_a_missing_value_is_a_category(context_of):
    with_gap = {"a": ["x", "x", None, "y"], "b": ["1", "2", "1", "1"]}
    filled = {"a": ["x", "x", "z", "y"], "b": ["1", "2", "1", "1"]}
    results = [
        LogLinearRisk()
        .evaluate(context_of(data, quasi=["a", "b"], population=Population(size=40)))
        .figures
        for data in (with_gap, filled)
    ]
    assert {path: figure.value for path, figure in results[0].items()} == pytest.approx(
        {path: figure.value for path, figure in results[1].items()}
    )


@pytest.mark.parametrize("population", [Population(), Population(size=10)])
def test_without_a_usable_population_there_is_one_reason(context_of, population):
    context = context_of(columns(), quasi=["q0", "q1", "q2"], population=population)
    figures = LogLinearRisk().evaluate(context).figures
    assert set(figures) == {ROOT}
    assert isinstance(figures[ROOT], NotComputed)
