"""Round numbers to multiples of a base."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.release import ReleasedColumn
from transforms.parameters import NUMERIC, REQUIRED, DeclaredStep, Parameter, columns_parameter
from transforms.perturbation import NumberColumn, number_column, number_text, own_decimals
from transforms.step import StepContext, named

if TYPE_CHECKING:
    from microdata.release import Release

_WAYS = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}


@dataclass(frozen=True, kw_only=True)
class RoundValues(DeclaredStep):
    """
    Replace every number of some columns by a multiple of a base.

    The arithmetic is decimal, so 0.15 to base 0.1 is 0.2. Gaps stay gaps.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers.
    base : float
        Above 0.
    way : {"nearest", "down"}
        To the nearest multiple, halves away from zero, or to the next one below.

    References
    ----------
    Hundepool et al. (2012), Statistical disclosure control, section 3.3.4.
    """

    name: ClassVar[str] = "round_values"
    title: ClassVar[str] = "Round numbers"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter("Columns of numbers", kinds=NUMERIC),
        Parameter(
            name="base",
            title="Base (in the columns' unit)",
            kind="number",
            default=REQUIRED,
            low=1e-9,
            help="Numbers become multiples of it; a larger base makes them coarser.",
        ),
        Parameter(
            name="way",
            title="Direction",
            kind="choice",
            default="nearest",
            choices=tuple(_WAYS),
            help="To the nearest multiple, or always down, as ages are told.",
        ),
    )

    columns: tuple[str, ...]
    base: float
    way: str = "nearest"

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        how = "down to a multiple" if self.way == "down" else "to the nearest multiple"
        return f"Round the numbers of {named(self.columns)} {how} of {self.base:g}."

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """
        Return the release with rounded numbers.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed before or does not hold numbers, or multiples of the
            base are too large.
        """
        read = [number_column(release, name, step=self.name) for name in self.columns]
        return release.with_columns(*(self._rounded(column) for column in read))

    def _rounded(self, column: NumberColumn) -> ReleasedColumn:
        base, decimals, way = Decimal(repr(self.base)), own_decimals(self.base), _WAYS[self.way]

        def label(leaf: str) -> str:
            steps = Decimal(leaf.replace(column.mark, ".")) / base
            rounded = steps.to_integral_value(way) * base
            if not np.isfinite(float(rounded)):
                raise PrivacyToolError(
                    f"Numbers of the column {column.domain.column!r} become too large when they "
                    f"are rounded to multiples of {self.base:g}. Choose a smaller base."
                )
            return number_text(rounded, decimals, column.mark)

        known = np.isfinite(column.leaves).tolist()
        labels = [
            label(leaf) if there else None
            for leaf, there in zip(column.domain.leaves, known, strict=True)
        ]
        return ReleasedColumn.from_labels(column.domain, labels)
