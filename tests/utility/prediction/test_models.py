from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import r2_score, roc_auc_score

from utility.prediction.features import Feature, designs
from utility.prediction.models import (
    accuracy,
    area_under_curve,
    explained,
    interval,
    probabilities,
)


def feature(category, number=None):
    nothing = [np.nan] * len(category)
    return Feature(
        category=np.array(category, np.int64), number=np.array(number or nothing, np.float64)
    )


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_that_of_scikit_learn(rows):
    score, truth = np.array([s for s, _ in rows]) / 4, np.array([int(y) for _, y in rows])
    area = area_under_curve(np.column_stack([1 - score, score]), truth)
    if np.unique(truth).size == 1:
        assert area is None
    else:
        assert area == pytest.approx(roc_auc_score(truth, score))


def test_the_area_of_three_values_is_the_mean_of_one_against_the_rest():
    probability = np.random.default_rng(0).dirichlet([1, 1, 1], 60)
    truth = np.arange(60) % 3
    expected = roc_auc_score(truth, probability, multi_class="ovr", average="macro")
    assert area_under_curve(probability, truth) == pytest.approx(expected)


def test_accuracy_and_explained_by_hand():
    assert accuracy(np.array([[0.6, 0.4], [0.5, 0.5], [0.1, 0.9]]), np.array([0, 1, 1])) == 2 / 3
    truth, said = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.0])
    assert explained(said, truth) == 1 - 4 / 2 == r2_score(truth, said)
    assert explained(said, np.ones(3)) is None


def test_the_interval_by_hand():
    # s^2 = .01, J = 2, n2/n1 = .5: .1 either side of .5 times t(1) = 12.706
    low, high = interval(np.array([0.5 - 0.005**0.5, 0.5 + 0.005**0.5]), 0.5)
    assert (low, high) == pytest.approx((0.5 - 1.2706, 0.5 + 1.2706), abs=1e-4)
    assert interval(np.array([0.5]), 0.5) is None


def test_designs_by_hand():
    train, test = designs(
        [feature([7, 7, 2, 2, 2]), feature([0, 1, 2, 3, 4], [1, 1, 3, 3, np.nan])],
        [feature([2, 9]), feature([8, 8], [3, 100])],
        (5, 2),
    )
    # code 2 is the most frequent, then 7; the last column is "other"
    assert train.indicators[:, :3].tolist() == [[0, 1, 0]] * 2 + [[1, 0, 0]] * 3
    assert test.indicators[:, :3].tolist() == [[1, 0, 0], [0, 0, 0]]
    assert train.indicators[:, -1] == pytest.approx([-1, -1, 1, 1, 0])
    assert test.indicators[:, -1] == pytest.approx([1, 10])  # 98 is cut
    assert train.categorical == (True, False)
    assert train.plain[:, 0].tolist() == [1, 1, 0, 0, 0]
    assert np.isnan(test.plain[1, 0])
    assert np.isnan(train.plain[4, 1])


def test_numbers_that_are_too_large_to_square_are_no_trouble():
    train, test = designs([feature([0, 1], [1e308, -1e308])], [feature([0], [1e-300])], (2, 1))
    assert train.plain[:, 0].tolist() == [1, -1]
    assert test.plain[0, 0] == 0


def test_what_was_never_seen_has_no_probability():
    train, test = designs([feature([0, 1] * 30)], [feature([0, 1])], (60, 2))
    label = np.array([2, 0] * 30)
    for model in ("logistic_regression", "gradient_boosting"):
        said = probabilities(model, train, label, test, 4)
        assert said.shape == (2, 4)
        assert said.argmax(axis=1).tolist() == [2, 0]
        assert not said[:, [1, 3]].any()
        alone = probabilities(model, train, np.full(60, 3), test, 4)
        assert alone.tolist() == [[0, 0, 0, 1]] * 2
