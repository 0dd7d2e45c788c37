"""What a model is to predict: the true values, and those that the release teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import NotComputed
from microdata.numbers import released_numbers
from utility.coded_rows import codes_by_record
from utility.prediction.features import original_numbers
from utility.prediction.splits import equal_strata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release

MOST_VALUES = 20


@dataclass(frozen=True, eq=False, kw_only=True)
class Target:
    """
    A column to be predicted, by position in the ORIGINAL table.

    Parameters
    ----------
    truth : int64[n0] or float64[n0]
        What a prediction is compared with: a value's code below `values`, or a number.
    taught : int64[n0] or float64[n0]
        What the release says, the same way; -1 or NaN where it says nothing.
    drawn : bool[n0]
        Which rows are split into trained and tested ones, by the original alone.
    known : bool[n0]
        Which of them have a truth after recoding.
    stratum : int64[n0]
        By the original value alone.
    values : int
        How many values there are; 0 for a number.
    caveats : tuple of str
    """

    truth: NDArray[np.int64] | NDArray[np.float64]
    taught: NDArray[np.int64] | NDArray[np.float64]
    drawn: NDArray[np.bool_]
    known: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    values: int
    caveats: tuple[str, ...] = ()


def target_of(release: Release, name: str) -> Target | NotComputed:
    """Return a column as a target, or why it is none."""
    if name not in release.columns:
        return NotComputed(
            reason=f"The column {name!r} is not published, so nobody can learn from the release "
            "to predict it."
        )
    held = np.flatnonzero(release.source.counts(name)[:-1])
    if held.size < 2:
        return NotComputed(
            reason=f"The column {name!r} holds fewer than two different values, so there is "
            "nothing to predict."
        )
    if held.size <= MOST_VALUES:
        return _values(release, name, held)
    by_code, by_released = original_numbers(release.source, name), released_numbers(release, name)
    if not np.isfinite(by_code).any():
        return NotComputed(
            reason=f"The column {name!r} holds {held.size:,} different texts; models are trained "
            f"for numbers, for dates and for up to {MOST_VALUES} different values."
        )
    if not np.isfinite(by_released).any():
        return NotComputed(
            reason=f"The release holds no number in the column {name!r}, so nobody can learn from "
            "it to predict one."
        )
    return _numbers(release, name, by_code, by_released)


def _numbers(
    release: Release,
    name: str,
    by_code: NDArray[np.float64],
    by_released: NDArray[np.float64],
) -> Target | NotComputed:
    source = release.source
    truth = by_code[source.codes[name]]
    known = np.isfinite(truth)
    taught = by_released[codes_by_record(release, name)]
    largest = float(np.abs(truth[known]).max(initial=0.0))
    if not largest > 0 or np.ptp(truth[known] / largest) < 1e-9:
        return NotComputed(
            reason=f"The numbers of the column {name!r} do not vary, so there is nothing to "
            "predict."
        )
    stratum = np.zeros(truth.size, np.int64)
    stratum[known] = equal_strata(truth[known])
    # R^2 is the same in any unit, and squares of the largest number might be too large.
    return Target(
        truth=truth / largest,
        taught=taught / largest,
        drawn=known,
        known=known,
        stratum=stratum,
        values=0,
    )


def _values(release: Release, name: str, held: NDArray[np.int64]) -> Target | NotComputed:
    source, released = release.source, release.columns[name]
    original = source.codes[name].astype(np.int64)
    codes = codes_by_record(release, name)
    caveats: tuple[str, ...] = ()
    if released.lookup is not None and not released.perturbed:
        # The rule says what each true value becomes: that is what can be predicted.
        truth, taught = codes, codes
        if not released.unchanged and not released.renamed:
            caveat = (
                f"The release writes {name!r} in other values; every model predicts those, also "
                "the one that is trained on the original."
            )
            caveats = (caveat,)
        reserved = released.missing
    else:
        truth = original
        leaf = np.full(released.cardinality, -1, np.int64)
        single = released.nodes.sizes == 1
        leaf[: single.size][single] = released.nodes.members[released.nodes.offsets[:-1][single]]
        taught = leaf[codes]
        if np.any(taught[release.row_mask & (codes < released.missing)] < 0):
            return NotComputed(
                reason=f"Released values of the column {name!r} stand for several original values "
                "each and no rule says for which, so a prediction cannot be checked."
            )
        reserved = source.domain(name).missing
    drawn = original < source.domain(name).missing
    known = drawn & (truth < reserved)
    values, truth_place = np.unique(truth[known], return_inverse=True)
    if values.size < 2:
        return NotComputed(
            reason=f"The release writes the same value for everybody in the column {name!r}, so "
            "there is nothing to predict."
        )
    place = np.full(truth.size, -1, np.int64)
    place[known] = truth_place
    nearest = np.minimum(np.searchsorted(values, taught), values.size - 1)
    return Target(
        truth=place,
        taught=np.where(values[nearest] == taught, nearest, -1),
        drawn=drawn,
        known=known,
        stratum=np.searchsorted(held, original),
        values=int(values.size),
        caveats=caveats,
    )
