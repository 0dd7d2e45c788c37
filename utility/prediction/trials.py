"""One random split: what is learnt from, what is tested, and the scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from utility.prediction.features import designs, new_feature, original_feature, released_feature
from utility.prediction.models import (
    CLASSIFIERS,
    REGRESSORS,
    accuracy,
    area_under_curve,
    explained,
    predictions,
    probabilities,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from microdata.measure import Context
    from utility.prediction.features import Design
    from utility.prediction.splits import Split
    from utility.prediction.target import Target

ORIGINAL, RELEASE, BASELINE = "original", "release", "baseline"
Key = tuple[str, str, str]
"""A model, a metric, and what the model was trained on; the baseline is trained on the original."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Trial:
    """
    Positions in the ORIGINAL table.

    Parameters
    ----------
    own : int64
        Rows that a model learns from in the original.
    taught : int64
        Those of them that a model learns from in the release.
    test : int64
        Held-out rows, which neither sees.
    """

    own: NDArray[np.int64]
    taught: NDArray[np.int64]
    test: NDArray[np.int64]

    @classmethod
    def of(cls, split: Split, target: Target, context: Context) -> Trial:
        """Return the rows of a split that have a value of the target."""
        said = target.taught[split.train]
        says = said >= 0 if target.values else np.isfinite(said)
        return cls(
            own=split.train[target.known[split.train]],
            taught=split.train[says & context.release.row_mask[split.train]],
            test=split.test[target.known[split.test]],
        )


def score(context: Context, name: str, target: Target, trial: Trial) -> Mapping[Key, float]:
    """Train every model on the original and on the release, and test it on the held-out rows."""
    release, test = context.release, trial.test
    columns = [column for column in context.roles.quasi_identifiers if column != name]
    published = [column for column in columns if column in release.columns]
    sides = {
        ORIGINAL: (
            *designs(
                [original_feature(release.source, column, trial.own) for column in columns],
                [original_feature(release.source, column, test) for column in columns],
                (trial.own.size, test.size),
            ),
            target.truth[trial.own],
        ),
        RELEASE: (
            *designs(
                [released_feature(release, column, trial.taught) for column in published],
                [new_feature(release, column, test) for column in published],
                (trial.taught.size, test.size),
            ),
            target.taught[trial.taught],
        ),
    }
    truth = target.truth[test]
    scores: dict[Key, float] = {}
    for trained_on, (train, held_out, taught) in sides.items():
        for model in CLASSIFIERS if target.values else REGRESSORS:
            said = _said(model, train, taught, held_out, target.values)
            for metric, value in _metrics(said, truth, target.values).items():
                scores[model, metric, trained_on] = value
    guess = _guess(target, trial.own, test.size)
    for metric, value in _metrics(guess, truth, target.values).items():
        scores[BASELINE, metric, ORIGINAL] = value
    return scores


def _said(
    model: str,
    train: Design,
    taught: NDArray[np.int64] | NDArray[np.float64],
    held_out: Design,
    values: int,
) -> NDArray[np.float64]:
    if values:
        return probabilities(model, train, taught.astype(np.int64), held_out, values)
    return predictions(model, train, taught.astype(np.float64), held_out)


def _guess(target: Target, own: NDArray[np.int64], tested: int) -> NDArray[np.float64]:
    """Return what is said of everybody by who knows the target of the training rows alone."""
    if target.values:
        shares = np.bincount(target.truth[own].astype(np.int64), minlength=target.values)
        return np.tile(shares / own.size, (tested, 1))
    return np.full(tested, float(target.truth[own].mean()))


def _metrics(
    said: NDArray[np.float64], truth: NDArray[np.int64] | NDArray[np.float64], values: int
) -> dict[str, float]:
    """Return each metric that the tested rows allow."""
    found: dict[str, float | None]
    if values:
        codes = truth.astype(np.int64)
        found = {"accuracy": accuracy(said, codes), "auc": area_under_curve(said, codes)}
    else:
        found = {"r_squared": explained(said, truth.astype(np.float64))}
    return {metric: value for metric, value in found.items() if value is not None}
