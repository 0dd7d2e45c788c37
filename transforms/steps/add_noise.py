"""Add random noise to numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from transforms.draws import generator
from transforms.parameters import NUMERIC, REQUIRED, DeclaredStep, Parameter, columns_parameter
from transforms.perturbation import number_column, released_numbers, too_large
from transforms.step import StepContext, named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class AddNoise(DeclaredStep):
    """
    Add normal noise of mean 0 to the numbers of some columns.

    Its standard deviation is p per cent of the column's own, s with n - 1 over all original
    records. Correlated noise has the columns' correlation as well (over the records without a
    gap), so that the correlation of the released numbers stays what it was. Numbers are rounded to
    the decimals of the column, whole numbers stay whole; none is cut off at a limit. Gaps stay
    gaps. The draw belongs to the position of a record in the table.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers.
    percent : float
        p. sdcMicro's method "additive" has the same meaning; its "correlated" draws with p/100 of
        the covariance, which is 10 times the root of p here.
    correlated : bool

    References
    ----------
    Brand (2002), Microdata protection through noise addition, in Inference control in statistical
    databases, LNCS 2316.
    """

    name: ClassVar[str] = "add_noise"
    title: ClassVar[str] = "Add noise to numbers"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter("Columns of numbers", kinds=NUMERIC),
        Parameter(
            name="percent",
            title="Amount of noise (% of the column's standard deviation)",
            kind="number",
            default=REQUIRED,
            low=0.1,
            high=500,
            help="More noise hides the true numbers better and blurs what is counted from them.",
        ),
        Parameter(
            name="correlated",
            title="Keep the correlation of the columns",
            kind="flag",
            default=False,
            help="Draws the noise of all columns together, so that their correlation stays.",
        ),
    )

    columns: tuple[str, ...]
    percent: float
    correlated: bool = False

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        kept = ", keeping their correlation" if self.correlated else ""
        return (
            f"Add random noise of {self.percent:g} % of a standard deviation to the numbers of "
            f"{named(self.columns)}{kept}."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with noise added.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed before, does not hold at least two numbers or too
            large ones.
        """
        read = [number_column(release, name, step=self.name) for name in self.columns]
        values = np.column_stack([column.values for column in read])
        spreads = [_spread(values[:, i], name, self.name) for i, name in enumerate(self.columns)]
        noise = self._draws(release, values, context) * np.array(spreads) * (self.percent / 100)
        with np.errstate(over="ignore"):  # told by `released_numbers`
            moved = values + noise
        return release.with_columns(
            *(
                released_numbers(column, moved[:, i], column.decimals)
                for i, column in enumerate(read)
            )
        )

    def _draws(
        self, release: Release, values: NDArray[np.float64], context: StepContext
    ) -> NDArray[np.float64]:
        """Return noise of standard deviation 1: float64[n0, c]."""
        if not self.correlated:
            return np.column_stack(
                [
                    generator(release, context, self.name, column).standard_normal(len(values))
                    for column in self.columns
                ]
            )
        free = generator(release, context, self.name, *self.columns).standard_normal(values.shape)
        return np.asarray(free @ _root(_correlation(values, self.columns)).T, np.float64)


def _spread(values: NDArray[np.float64], column: str, step: str) -> float:
    known = np.sort(values[~np.isnan(values)])  # sorted: a sum in the same order for every table
    if known.size < 2:
        raise PrivacyToolError(
            f"The column {column!r} holds one number only, so it has no standard deviation. Leave "
            f"it out of the step {step!r}."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(known.std(ddof=1))
    if not np.isfinite(spread):
        raise too_large(column)
    return spread


def _correlation(values: NDArray[np.float64], columns: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the correlation over the records without a gap; 0 beside a constant column."""
    complete = values[~np.isnan(values).any(axis=1)]
    if len(complete) < 2:
        raise PrivacyToolError(
            f"Fewer than two records have a number in all of {named(columns)}, so no correlation "
            "can be kept. Add noise to each column alone."
        )
    centred = complete - complete.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    unit = centred / np.where(lengths > 0, lengths, 1.0)
    correlation = unit.T @ unit
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation, dtype=np.float64)


def _root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the lower triangle L with L L' equal to a correlation matrix.

    Columns that follow from others leave a pivot of zero, where the library's own factorisation
    stops.
    """
    c = len(matrix)
    root = np.zeros((c, c))
    for j in range(c):
        pivot = matrix[j, j] - root[j, :j] @ root[j, :j]
        if pivot < 1e-9:
            continue
        root[j, j] = np.sqrt(pivot)
        root[j + 1 :, j] = (matrix[j + 1 :, j] - root[j + 1 :, :j] @ root[j, :j]) / root[j, j]
    return root
