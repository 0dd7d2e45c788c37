"""beta-likeness: no value of a sensitive attribute gets much likelier among look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import NotComputed
from risk.models import share_kernels
from risk.models.base import (
    TIE,
    contingency_of,
    is_number,
    not_comparable,
    number_text,
    require,
    within,
    worst_of_attribute,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure


def _gains(
    classes: EquivalenceClasses, column: str, *, enhanced: bool = False
) -> NDArray[np.float64]:
    contingency = contingency_of(classes, column)
    q = contingency.overall
    if np.isnan(q).any():
        return np.full(classes.n_classes, np.nan)
    limit = np.full(q.size, np.inf)
    if enhanced:
        has = q > 0
        limit[has] = -np.log(q[has]) * (1 + TIE) + TIE
    return share_kernels.largest_gain(
        contingency.offsets, contingency.value, contingency.n, q.astype(np.float64), limit
    )


@dataclass(frozen=True, kw_only=True)
class BetaLikeness:
    """
    No value of a sensitive attribute gains more than beta, relative to the original table.

    Parameters
    ----------
    column : str
    beta : float

    Notes
    -----
    A class passes if (p(s|E) - q(s)) / q(s) <= beta for every value s; q is the original's.

    References
    ----------
    Cao, Karras 2012, basic beta-likeness.
    """

    name: ClassVar[str] = "beta-likeness"
    title: ClassVar[str] = "beta-likeness"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    beta: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.beta) and self.beta >= 0,
            model=self.name,
            rule="a number beta of at least 0",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return in which classes a value gains more than beta: bool[m]."""
        return ~within(self.per_class(classes), self.beta)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the largest gain, missing left out; infinite for a new value: float64[m]."""
        return _gains(classes, self.column)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the largest gain of a value in any class."""
        absent = not_comparable(classes, self.column)
        return worst_of_attribute(self, classes, worst="max", absent=absent)

    def text(self) -> str:
        """Return ``beta-likeness(occupation)=2``."""
        return f"{self.name}({self.column})={number_text(self.beta)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"No value of {self.column} has a share in a group of look-alikes that is more than "
            f"{1 + self.beta:.4g} times its share in the whole table (beta-likeness)."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "column": self.column, "at_most": self.beta}


@dataclass(frozen=True, kw_only=True)
class EnhancedBetaLikeness(BetaLikeness):
    """
    No value gains more than beta, nor more than the logarithm of its own share allows.

    Parameters
    ----------
    column : str
    beta : float

    Notes
    -----
    A class passes if (p(s|E) - q(s)) / q(s) <= min(beta, -ln q(s)) for every value s. Where one
    gain is above -ln q(s) no beta satisfies the class, and its figure is infinite.

    References
    ----------
    Cao, Karras 2012, enhanced beta-likeness.
    """

    name: ClassVar[str] = "enhanced-beta-likeness"
    title: ClassVar[str] = "Enhanced beta-likeness"

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the largest gain; infinite where no beta satisfies the class: float64[m]."""
        return _gains(classes, self.column, enhanced=True)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the largest gain in any class; not computed where no beta satisfies one."""
        reason = not_comparable(classes, self.column)
        if reason is not None:
            return reason
        gains = self.per_class(classes)
        never = int(np.isinf(gains).sum())
        if never:
            return NotComputed(
                reason=f"No beta satisfies enhanced beta-likeness: in {never:,} of "
                f"{gains.size:,} groups of look-alikes a value of the column {self.column!r} "
                "becomes likelier than its share in the whole table ever allows."
            )
        return worst_of_attribute(self, classes, worst="max")

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"No value of {self.column} has a share in a group of look-alikes that is more than "
            f"{1 + self.beta:.4g} times its share in the whole table, frequent values still "
            "less (enhanced beta-likeness)."
        )
