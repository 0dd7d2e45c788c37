"""k-anonymity: everyone has at least k - 1 look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from risk.models.base import is_number, require, worst_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure


@dataclass(frozen=True, kw_only=True)
class KAnonymity:
    """
    Every equivalence class holds at least k people.

    Parameters
    ----------
    k : int

    References
    ----------
    Samarati 2001; Sweeney 2002.
    """

    name: ClassVar[str] = "k-anonymity"
    title: ClassVar[str] = "k-anonymity"
    scope: ClassVar[Literal["class", "table"]] = "class"
    column: ClassVar[None] = None

    k: int

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.k) and float(self.k).is_integer() and self.k >= 1,
            model=self.name,
            rule="a whole number k of at least 1",
        )
        object.__setattr__(self, "k", int(self.k))

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes are smaller than k: bool[m]."""
        return classes.count < self.k

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return f_j: float64[m]."""
        return classes.count.astype(np.float64)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the size of the smallest class."""
        return worst_class(self.per_class(classes), worst="min", whole=True)

    def text(self) -> str:
        """Return ``k-anonymity=5``."""
        return f"{self.name}={self.k}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        others = "1 other person" if self.k == 2 else f"{self.k - 1} other people"
        return f"Every person looks like at least {others} (k-anonymity, k = {self.k})."

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "at_least": self.k}
