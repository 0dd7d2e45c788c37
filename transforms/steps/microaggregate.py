"""Replace numbers by the mean of a small group of near records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from transforms.microaggregation import near_groups
from transforms.parameters import NUMERIC, DeclaredStep, Parameter, columns_parameter
from transforms.perturbation import (
    nearest_places,
    number_column,
    released_numbers,
    too_large,
)
from transforms.step import StepContext, named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class Microaggregate(DeclaredStep):
    """
    Replace the numbers of some columns by the mean of a group of at least k near records.

    The groups are made over all columns together, after dividing each by its standard deviation:
    MDAV, or for one column the optimum; see `transforms.microaggregation.near_groups`, also for
    what is done with many records. Only records that earlier steps kept are grouped. Records with
    gaps in the same columns are grouped among themselves by the other columns; where they are
    fewer than k, their numbers become ``*``. Gaps stay gaps. A mean is rounded to one decimal more
    than the column has.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers.
    group_size : int
        k, the least number of records of a group.

    References
    ----------
    Domingo-Ferrer & Mateo-Sanz (2002), Practical data-oriented microaggregation for statistical
    disclosure control, IEEE TKDE 14(1).
    """

    name: ClassVar[str] = "microaggregate"
    title: ClassVar[str] = "Replace numbers by group means"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            "Columns of numbers",
            kinds=NUMERIC,
            advice="Groups are made over all these columns together: more columns, farther means.",
        ),
        Parameter(
            name="group_size",
            title="Least size of a group (records)",
            kind="whole",
            default=3,
            low=2,
            high=1000,
            help="A larger group hides each record among more others and moves numbers further.",
        ),
    )

    columns: tuple[str, ...]
    group_size: int = 3

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        together = " together" if len(self.columns) > 1 else ""
        return (
            f"Replace the numbers of {named(self.columns)}{together} by the mean of a group of at "
            f"least {self.group_size} near records (microaggregation)."
        )

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """
        Return the release with group means in place of numbers.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed before, does not hold numbers or too large ones, or
            fewer records than one group were kept.
        """
        read = [number_column(release, name, step=self.name) for name in self.columns]
        values = np.column_stack([column.values for column in read])
        kept = release.row_mask
        if kept.sum() < self.group_size:
            raise PrivacyToolError(
                f"The step {self.name!r} makes groups of at least {self.group_size} records, and "
                "the table has fewer. Choose a smaller group."
            )
        points = _standardized(values, kept, self.columns)
        means = values.copy()
        too_few = np.zeros(values.shape, bool)
        for records, known in _patterns(values, kept):
            if records.size < self.group_size:
                too_few[np.ix_(records, known)] = True
                continue
            group = near_groups(points[np.ix_(records, known)], self.group_size)
            size = np.bincount(group)
            for column in known.tolist():
                mean = _group_means(values[records, column], group, size)
                means[records, column] = mean[group]
        means[~kept] = _as_the_kept(means, kept, too_few)
        return release.with_columns(
            *(
                released_numbers(column, means[:, i], column.decimals + 1, too_few[:, i])
                for i, column in enumerate(read)
            )
        )


def _patterns(
    values: NDArray[np.float64], kept: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Give the kept records that have gaps in the same columns, with the columns they have."""
    gaps = np.isnan(values)
    some = gaps.any(axis=1)
    complete = np.flatnonzero(kept & ~some)
    if complete.size:
        yield complete, np.arange(values.shape[1])
    rest = np.flatnonzero(kept & some)
    kinds, kind = np.unique(gaps[rest], axis=0, return_inverse=True)
    for number, gap in enumerate(kinds):
        if not gap.all():
            yield rest[kind.reshape(-1) == number], np.flatnonzero(~gap)


def _standardized(
    values: NDArray[np.float64], kept: NDArray[np.bool_], names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return each column in standard deviations around its mean, over the kept records."""
    points = np.zeros_like(values)
    for i, name in enumerate(names):
        column = values[:, i]
        known = column[kept & ~np.isnan(column)]
        if not known.size:
            continue
        # In the order of the numbers, so that the order of the records moves no last digit.
        known = np.sort(known)
        with np.errstate(over="ignore", invalid="ignore"):
            spread = known.std()
            centre = known.mean()
        if not (np.isfinite(spread) and np.isfinite(centre)):
            raise too_large(name)
        if spread > 0:
            points[:, i] = (column - centre) / spread
    return points


def _group_means(
    values: NDArray[np.float64], group: NDArray[np.int64], size: NDArray[np.int64]
) -> NDArray[np.float64]:
    order = np.argsort(values, kind="stable")  # as above
    total = np.bincount(group[order], weights=values[order], minlength=size.size)
    return np.asarray(total / size, dtype=np.float64)


def _as_the_kept(
    means: NDArray[np.float64], kept: NDArray[np.bool_], too_few: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return, for the records that are left out, the nearest mean of each column, if any."""
    nearest = means[~kept].copy()
    for i in range(means.shape[1]):
        written = np.unique(means[kept & ~too_few[:, i] & ~np.isnan(means[:, i]), i])
        known = ~np.isnan(nearest[:, i])
        if not written.size:
            nearest[:, i] = np.nan
            continue
        nearest[known, i] = written[nearest_places(written, nearest[known, i])]
    return nearest
