"""Models of the whole table: limits on the average risk and on the share of unique people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, NotComputed
from risk.models.base import NOTHING_RELEASED, TIE, is_number, number_text, require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure


def _whole_table(classes: EquivalenceClasses, figure: Figure, limit: float) -> NDArray[np.bool_]:
    above = isinstance(figure, NotComputed) or figure.value > limit + TIE
    return np.full(classes.n_classes, above)


@dataclass(frozen=True, kw_only=True)
class AverageRisk:
    """
    The average prosecutor risk J / n is within a limit.

    Parameters
    ----------
    at_most : float
        Between 0 and 1.
    """

    name: ClassVar[str] = "average-risk"
    title: ClassVar[str] = "Average risk"
    scope: ClassVar[Literal["class", "table"]] = "table"
    column: ClassVar[None] = None

    at_most: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.at_most) and 0 <= self.at_most <= 1,
            model=self.name,
            rule="a number from 0 to 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return all True where the table fails, all False where it passes: bool[m]."""
        return _whole_table(classes, self.value(classes), self.at_most)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return 1 / f_j: float64[m]."""
        return np.asarray(1.0 / classes.count)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return J / n."""
        if not classes.n_records:
            return NOTHING_RELEASED
        return Estimate(value=classes.n_classes / classes.n_records)

    def text(self) -> str:
        """Return ``average-risk=0.05``."""
        return f"{self.name}={number_text(self.at_most)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return f"The average risk of re-identification is at most {number_text(self.at_most)}."

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "at_most": self.at_most}


@dataclass(frozen=True, kw_only=True)
class SampleUniqueness:
    """
    The share of people who are unique in the release is within a limit.

    Parameters
    ----------
    at_most : float
        Between 0 and 1.
    """

    name: ClassVar[str] = "sample-uniqueness"
    title: ClassVar[str] = "Sample uniqueness"
    scope: ClassVar[Literal["class", "table"]] = "table"
    column: ClassVar[None] = None

    at_most: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.at_most) and 0 <= self.at_most <= 1,
            model=self.name,
            rule="a number from 0 to 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return all True where the table fails, all False where it passes: bool[m]."""
        return _whole_table(classes, self.value(classes), self.at_most)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return 1 for a unique person and 0 for any other class: float64[m]."""
        return np.asarray(classes.count == 1, dtype=np.float64)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the share of unique people."""
        if not classes.n_records:
            return NOTHING_RELEASED
        return Estimate(value=int((classes.count == 1).sum()) / classes.n_records)

    def text(self) -> str:
        """Return ``sample-uniqueness=0.01``."""
        return f"{self.name}={number_text(self.at_most)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return f"At most {self.at_most:.4g} of the people are unique in the release."

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "at_most": self.at_most}
