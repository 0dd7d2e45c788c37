"""delta-disclosure: shares of a sensitive attribute change little among look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from risk.models import share_kernels
from risk.models.base import (
    TIE,
    contingency_of,
    is_number,
    not_comparable,
    number_text,
    require,
    worst_of_attribute,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses
    from microdata.measure import Figure


def log_ratios(contingency: Contingency) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Return how far shares move in each class, and which classes lack a value of the original.

    Returns
    -------
    bits : float64[m]
        max |log2 p/q| over the values present; NaN where all are missing or q is not known,
        infinite for a value that the original lacks.
    lacking : bool[m]
        Classes with a known value that do not hold every value of the original.
    """
    classes = contingency.offsets.size - 1
    q = contingency.overall.astype(np.float64)
    if np.isnan(q).any():
        return np.full(classes, np.nan), np.zeros(classes, bool)
    largest, present = share_kernels.share_ratios(
        contingency.offsets, contingency.value, contingency.n, q
    )
    bits = np.log2(largest)
    return bits, (present < np.count_nonzero(q)) & ~np.isnan(bits)


@dataclass(frozen=True, kw_only=True)
class DeltaDisclosure:
    """
    The share of no value present in a class differs from the original's by delta bits or more.

    Parameters
    ----------
    column : str
    delta : float

    Notes
    -----
    A class passes if |log2(p(s|E) / q(s))| < delta, strictly, for every value s present in it, as
    ARX reads the model. In the paper's reading, with natural logarithms over all values, a value
    that a class lacks makes it infinite.

    References
    ----------
    Brickell, Shmatikov 2008.
    """

    name: ClassVar[str] = "delta-disclosure"
    title: ClassVar[str] = "delta-disclosure"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    delta: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.delta) and self.delta > 0,
            model=self.name,
            rule="a number delta above 0",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return in which classes a share moves by delta or more: bool[m]."""
        # What rounding put just below delta has reached it.
        return ~(self.per_class(classes) < self.delta * (1 - TIE))

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return max |log2 p/q| over the values present, missing left out: float64[m]."""
        return log_ratios(contingency_of(classes, self.column))[0]

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the largest move of a share in any class, in bits."""
        absent = not_comparable(classes, self.column)
        return worst_of_attribute(self, classes, worst="max", absent=absent)

    def text(self) -> str:
        """Return ``delta-disclosure(occupation)=1.5``."""
        return f"{self.name}({self.column})={number_text(self.delta)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"The share of every value of {self.column} that a group of look-alikes holds differs "
            f"from its share in the whole table by less than {number_text(self.delta)} bits "
            "(delta-disclosure); one bit is twice or half."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "column": self.column, "at_most": self.delta}
