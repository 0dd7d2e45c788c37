"""Columns as what a model learns from: categories, and numbers where the column has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.numbers import leaf_numbers, released_numbers
from utility.coded_rows import codes_by_record, first_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.release import Release

MOST_CATEGORIES = 50
FARTHEST = 10.0
"""Standard deviations at which an outlier is cut, so that it does not hide everyone else."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Feature:
    """
    One column of some rows.

    Parameters
    ----------
    category : int64[n]
    number : float64[n]
        Days for dates; NaN where the cell holds neither.
    """

    category: NDArray[np.int64]
    number: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Design:
    """
    What models read.

    Parameters
    ----------
    indicators : float64[n, p]
        One column for each of the most frequent categories, and the numbers in standard units.
    plain : float64[n, q]
        One column each: its number, or the rank of its category; NaN where that is not known.
    categorical : tuple of bool
        Which columns of `plain` are categories.
    """

    indicators: NDArray[np.float64]
    plain: NDArray[np.float64]
    categorical: tuple[bool, ...]


def original_numbers(table: EncodedTable, name: str) -> NDArray[np.float64]:
    """Return the number of each original code: float64[D + 2], NaN where it is none."""
    numbers = leaf_numbers(table.domain(name), table.dataset.read.decimal)
    return np.append(numbers, [np.nan, np.nan])


def original_feature(table: EncodedTable, name: str, rows: NDArray[np.int64]) -> Feature:
    """Return a column of the original."""
    codes = table.codes[name][rows].astype(np.int64)
    return Feature(category=codes, number=original_numbers(table, name)[codes])


def released_feature(release: Release, name: str, rows: NDArray[np.int64]) -> Feature:
    """Return a column as the release writes it."""
    codes = codes_by_record(release, name, rows)
    return Feature(category=codes, number=released_numbers(release, name)[codes])


def new_feature(release: Release, name: str, rows: NDArray[np.int64]) -> Feature:
    """
    Return a column of people whom a model meets after it was trained on the release.

    Their values are recoded as the release was. Noise and swapping are no rule to recode by: such
    a column is taken as it is in the original.
    """
    released = release.columns[name]
    if not released.perturbed:
        return released_feature(release, name, rows)
    truth = original_feature(release.source, name, rows)
    return Feature(
        category=first_labels(released, release.domain(name))[truth.category],
        number=truth.number,
    )


def designs(
    train: Sequence[Feature], test: Sequence[Feature], rows: tuple[int, int]
) -> tuple[Design, Design]:
    """
    Return what a model reads of the training rows and of the tested ones, `rows` many.

    Categories, means and standard deviations are those of the training rows; a category that they
    do not hold is in none of the indicators.
    """
    columns = [_of_column(*pair) for pair in zip(train, test, strict=True)]
    # A constant where there is no column: the model can then only learn shares.
    nothing = _Column(
        indicators=(np.zeros((rows[0], 1)), np.zeros((rows[1], 1))),
        plain=(np.zeros(rows[0]), np.zeros(rows[1])),
        categorical=False,
    )
    columns = columns or [nothing]
    return _design(columns, 0), _design(columns, 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    """One column of the training rows and of the tested ones, as models read it."""

    indicators: tuple[NDArray[np.float64], NDArray[np.float64]]
    plain: tuple[NDArray[np.float64], NDArray[np.float64]]
    categorical: bool


def _design(columns: Sequence[_Column], side: int) -> Design:
    return Design(
        indicators=np.concatenate([column.indicators[side] for column in columns], axis=1),
        plain=np.stack([column.plain[side] for column in columns], axis=1),
        categorical=tuple(column.categorical for column in columns),
    )


def _of_column(train: Feature, test: Feature) -> _Column:
    held, count = np.unique(train.category, return_counts=True)
    frequent = held[np.argsort(-count, kind="stable")[:MOST_CATEGORIES]]
    learnt, learnt_rank = _indicators(train.category, held, frequent)
    tested, tested_rank = _indicators(test.category, held, frequent)
    if not np.isfinite(train.number).any():
        return _Column(
            indicators=(learnt, tested), plain=(learnt_rank, tested_rank), categorical=True
        )
    units = _standard_units(train.number, test.number)
    return _Column(
        indicators=(
            np.column_stack([learnt, np.nan_to_num(units[0], nan=0.0)]),
            np.column_stack([tested, np.nan_to_num(units[1], nan=0.0)]),
        ),
        plain=units,
        categorical=False,
    )


def _indicators(
    category: NDArray[np.int64], held: NDArray[np.int64], frequent: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a column for each frequent category and one for the others, and their rank."""
    equal = category[:, None] == frequent
    other = np.isin(category, held) & ~equal.any(axis=1)
    rank = np.where(other, float(frequent.size), np.nan)
    rank = np.where(equal.any(axis=1), equal.argmax(axis=1), rank)
    return np.column_stack([equal, other]).astype(np.float64), rank


def _standard_units(
    train: NDArray[np.float64], test: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = train[np.isfinite(train)]
    largest = float(np.abs(known).max()) or 1.0
    # Squares of large numbers would overflow, so the largest is the unit at first.
    mean, spread = float((known / largest).mean()), float((known / largest).std())
    if not spread > 1e-12:
        return np.where(np.isfinite(train), 0.0, np.nan), np.where(np.isfinite(test), 0.0, np.nan)

    def units(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(over="ignore"):  # what is too far is cut
            far = (numbers / largest - mean) / spread
        return np.asarray(np.clip(far, -FARTHEST, FARTHEST), np.float64)

    return units(train), units(test)
