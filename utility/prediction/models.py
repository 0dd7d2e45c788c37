"""The models that are trained, and how well they predict rows that they have not seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has no stubs

from utility.coefficients import middle_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from utility.prediction.features import Design

CLASSIFIERS = ("logistic_regression", "gradient_boosting")
REGRESSORS = ("ridge_regression", "gradient_boosting")
_ENOUGH_STEPS = 10_000
"""The logistic regression is penalised and its columns are in like units; it ends far earlier."""


@contextmanager
def one_thread() -> Iterator[None]:
    """
    Train in one thread.

    The tables are small, and where other programs use the cores, threads that wait for each other
    made the same fit forty times slower.
    """
    # Only libraries that are loaded already are limited.
    import sklearn.ensemble  # noqa: F401, PLC0415 - a second, on demand only

    with threadpool_limits(1):
        yield


def shares_of_logistic(
    indicators: NDArray[np.float64], label: NDArray[np.int64], of: NDArray[np.float64], values: int
) -> NDArray[np.float64]:
    """Fit a logistic regression and return the probability of each value: float64[n, values]."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    model = LogisticRegression(max_iter=_ENOUGH_STEPS, tol=1e-3).fit(indicators, label)
    return _in_place(model.predict_proba(of), model.classes_, values)


def probabilities(
    name: str, train: Design, label: NDArray[np.int64], test: Design, values: int
) -> NDArray[np.float64]:
    """Train a classifier and return the probability of each value for the tested rows."""
    held = np.unique(label)
    if held.size == 1:
        return _in_place(np.ones((test.plain.shape[0], 1)), held, values)
    if name == "logistic_regression":
        return shares_of_logistic(train.indicators, label, test.indicators, values)
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - as above

    model = HistGradientBoostingClassifier(
        # With more than two values each round grows a tree for each of them.
        max_iter=50 if held.size == 2 else 20,
        max_leaf_nodes=15,
        l2_regularization=1.0,  # without it rare values make the scores jump
        categorical_features=list(train.categorical),
        early_stopping=False,  # and so nothing here is random
        random_state=0,
    ).fit(train.plain, label)
    return _in_place(model.predict_proba(test.plain), model.classes_, values)


def predictions(
    name: str, train: Design, number: NDArray[np.float64], test: Design
) -> NDArray[np.float64]:
    """Train a model of a number and return what it says of the tested rows."""
    if name == "ridge_regression":
        from sklearn.linear_model import Ridge  # noqa: PLC0415 - as above

        fitted = Ridge().fit(train.indicators, number)
        return np.asarray(fitted.predict(test.indicators), np.float64)
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - as above

    trees = HistGradientBoostingRegressor(
        max_iter=50,
        max_leaf_nodes=15,
        categorical_features=list(train.categorical),
        early_stopping=False,
        random_state=0,
    ).fit(train.plain, number)
    return np.asarray(trees.predict(test.plain), np.float64)


def _in_place(
    shares: NDArray[np.float64], held: NDArray[np.int64], values: int
) -> NDArray[np.float64]:
    """Return probabilities with a column for each value, 0 for those not trained on."""
    full = np.zeros((shares.shape[0], values))
    full[:, held] = shares
    return full


def accuracy(probability: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the share of rows whose likeliest value is the true one."""
    return float(np.mean(probability.argmax(axis=1) == truth))


def area_under_curve(probability: NDArray[np.float64], truth: NDArray[np.int64]) -> float | None:
    """
    Return the area under the ROC curve, one value against the rest, mean over the values.

    It is the probability that a row with the value gets a higher probability of it than a row
    without; a tie counts half. None where the rows hold one value only.
    """
    areas = []
    once = np.ones(truth.size, np.int64)
    for value in np.unique(truth):
        has = truth == value
        positive = int(has.sum())
        negative = has.size - positive
        if negative:
            ranks = float(middle_ranks(probability[:, value], once)[has].sum())
            areas.append((ranks - positive * (positive + 1) / 2) / (positive * negative))
    return float(np.mean(areas)) if areas else None


def explained(prediction: NDArray[np.float64], truth: NDArray[np.float64]) -> float | None:
    """Return R^2: 1 less the squared error over the squared distance from the mean."""
    around = float(((truth - truth.mean()) ** 2).sum())
    return 1.0 - float(((truth - prediction) ** 2).sum()) / around if around > 0 else None


def interval(scores: NDArray[np.float64], ratio: float) -> tuple[float, float] | None:
    """
    Return the 95 % interval of the mean of scores from repeated random splits.

    Splits share rows, so the variance s^2 / J of independent scores is far too small; the factor
    is 1/J + (rows tested) / (rows trained on) instead.

    References
    ----------
    Nadeau & Bengio (2003), Inference for the generalization error, Machine Learning 52.
    """
    if scores.size < 2:
        return None
    error = float(np.sqrt((1 / scores.size + ratio) * scores.var(ddof=1)))
    mean, reach = float(scores.mean()), float(stdtrit(scores.size - 1, 0.975)) * error
    return mean - reach, mean + reach
