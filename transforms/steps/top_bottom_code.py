"""Put the lowest and the highest numbers of a column under one label each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.release import ReleasedColumn
from transforms.parameters import NUMERIC, REQUIRED, DeclaredStep, Parameter
from transforms.perturbation import number_column, number_text, own_decimals
from transforms.step import StepContext

if TYPE_CHECKING:
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class TopBottomCode(DeclaredStep):
    """
    Replace the numbers of a column up to a bottom by ``≤ bottom``, those from a top by ``≥ top``.

    Few people are very old or earn very much, and such numbers are widely known. The numbers in
    between and gaps stay as they are.

    Parameters
    ----------
    column : str
        A column of numbers.
    bottom, top : float, optional
        At least one; the bottom below the top.

    References
    ----------
    Hundepool et al. (2012), Statistical disclosure control, section 3.2.3.
    """

    name: ClassVar[str] = "top_bottom_code"
    title: ClassVar[str] = "Put extreme numbers under one label"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="column",
            title="Column of numbers",
            kind="column",
            default=REQUIRED,
            column_kinds=NUMERIC,
        ),
        Parameter(
            name="bottom",
            title="Bottom (in the column's unit)",
            kind="number",
            help="This number and all below it get one label; a larger one hides more low numbers.",
        ),
        Parameter(
            name="top",
            title="Top (in the column's unit)",
            kind="number",
            help="This number and all above it get one label; a smaller one hides more high "
            "numbers.",
        ),
    )

    column: str
    bottom: float | None = None
    top: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.bottom is None and self.top is None:
            raise PrivacyToolError(
                f"The step {self.name!r} on the column {self.column!r} has neither a bottom nor a "
                "top. Give at least one."
            )
        if self.bottom is not None and self.top is not None and self.bottom >= self.top:
            raise PrivacyToolError(
                f"In the step {self.name!r} on the column {self.column!r} the bottom is not below "
                "the top. Swap or change them."
            )

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        bottom, top = self._labels(".")
        parts = [
            f"those {where} as {label!r}"
            for where, label in (("at the low end", bottom), ("at the high end", top))
            if label is not None
        ]
        return f"Write extreme numbers of {self.column!r} under one label: {', '.join(parts)}."

    def _labels(self, mark: str) -> tuple[str | None, str | None]:
        bottom, top = (
            None if number is None else number_text(number, own_decimals(number), mark)
            for number in (self.bottom, self.top)
        )
        return bottom and f"≤ {bottom}", top and f"≥ {top}"

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """
        Return the release with the extremes of the column under one label each.

        Raises
        ------
        PrivacyToolError
            The column is not there, was changed before or does not hold numbers.
        """
        read = number_column(release, self.column, step=self.name)
        lowest, highest = self._labels(read.mark)
        numbers = read.leaves
        labels: list[str | None] = [
            leaf if known else None
            for leaf, known in zip(read.domain.leaves, np.isfinite(numbers).tolist(), strict=True)
        ]
        for code in np.flatnonzero(numbers <= _or(self.bottom, -np.inf)).tolist():
            labels[code] = lowest
        for code in np.flatnonzero(numbers >= _or(self.top, np.inf)).tolist():
            labels[code] = highest
        return release.with_columns(ReleasedColumn.from_labels(read.domain, labels))


def _or(limit: float | None, none: float) -> float:
    return none if limit is None else limit
