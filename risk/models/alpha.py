"""alpha: no value of a sensitive attribute is nearly certain among look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from risk.models import share_kernels
from risk.models.base import (
    contingency_of,
    is_number,
    number_text,
    require,
    within,
    worst_of_attribute,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure


@dataclass(frozen=True, kw_only=True)
class AlphaModel:
    """
    No value of a sensitive attribute has a share above alpha in any class.

    Parameters
    ----------
    column : str
    alpha : float
        Between 0 and 1.

    Notes
    -----
    A class passes if max_s p(s|E) <= alpha. Together with k-anonymity it is (alpha, k)-anonymity.

    References
    ----------
    Wong, Li, Fu, Wang 2006.
    """

    name: ClassVar[str] = "alpha"
    title: ClassVar[str] = "alpha"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    alpha: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.alpha) and 0 <= self.alpha <= 1,
            model=self.name,
            rule="a number from 0 to 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return in which classes a value has a share above alpha: bool[m]."""
        return ~within(self.per_class(classes), self.alpha)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the largest share of one value, missing left out: float64[m]."""
        contingency = contingency_of(classes, self.column)
        return share_kernels.largest_share(contingency.offsets, contingency.n)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the largest share of one value in any class."""
        return worst_of_attribute(self, classes, worst="max")

    def text(self) -> str:
        """Return ``alpha(occupation)=0.5``."""
        return f"{self.name}({self.column})={number_text(self.alpha)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"In every group of look-alikes at most {self.alpha:.4g} of the people have the same "
            f"value of {self.column} (alpha)."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "column": self.column, "at_most": self.alpha}
