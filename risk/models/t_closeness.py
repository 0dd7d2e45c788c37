"""t-closeness: look-alikes are distributed like the whole table in a sensitive attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models import kernels
from risk.models.base import (
    TIE,
    absent_column,
    contingency_of,
    is_number,
    missing_caveats,
    not_comparable,
    number_text,
    require,
    worst_class,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses
    from microdata.measure import Figure

Distance = Literal["equal", "ordered", "hierarchical"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)
_WORDS = {
    "equal": "all values equally far apart",
    "ordered": "values apart by rank",
    "hierarchical": "values apart by their hierarchy",
}


def _ordered(contingency: Contingency) -> NDArray[np.float64]:
    occurs = contingency.overall > 0
    occurs[contingency.value] = True
    rank = np.cumsum(occurs) - 1
    return kernels.ordered_distance(
        contingency.offsets,
        rank[contingency.value].astype(np.int32),
        contingency.n,
        contingency.overall[occurs],
    )


def _hierarchical(contingency: Contingency) -> NDArray[np.float64]:
    values = len(contingency.labels)
    levels = [np.arange(values, dtype=np.int32), *contingency.levels]
    if np.ptp(levels[-1]) > 0:
        levels.append(np.zeros(values, np.int32))  # a forest gets the root that it lacks
    share = np.stack(
        [np.bincount(level, weights=contingency.overall, minlength=values) for level in levels]
    )
    return kernels.hierarchical_distance(
        contingency.offsets,
        contingency.value,
        contingency.n,
        np.stack(levels).astype(np.int32),
        share.astype(np.float64),
    )


@dataclass(frozen=True, kw_only=True)
class TCloseness:
    """
    The distribution of a sensitive attribute in every class is within t of the original table's.

    Parameters
    ----------
    column : str
    distance : {"equal", "ordered", "hierarchical"}
        Ground distance of the Earth Mover's Distance. Ordered: ranks over the m values that occur.
        Hierarchical: the level at which two values meet, divided by the height of the tree.
    t : float
        Between 0 and 1.

    References
    ----------
    Li, Li, Venkatasubramanian 2007.
    """

    name: ClassVar[str] = "t-closeness"
    title: ClassVar[str] = "t-closeness"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    distance: Distance = "equal"
    t: float

    def __post_init__(self) -> None:
        if self.distance not in DISTANCES:
            raise PrivacyToolError(
                "The distance of t-closeness must be one of: " + ", ".join(DISTANCES) + "."
            )
        require(
            valid=is_number(self.t) and 0 <= self.t <= 1,
            model=self.name,
            rule="a number t from 0 to 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes are further than t from the original table: bool[m]."""
        return ~(self.per_class(classes) <= self.t + TIE)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the distance of each class, missing values left out: float64[m]."""
        contingency = contingency_of(classes, self.column)
        if not contingency.comparable:
            return np.full(classes.n_classes, np.nan)
        if self.distance == "equal":
            return kernels.total_variation(
                contingency.offsets, contingency.value, contingency.n, contingency.overall
            )
        if self.distance == "ordered":
            return _ordered(contingency)
        if not contingency.levels:
            raise PrivacyToolError(self._without_hierarchy())
        return _hierarchical(contingency)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the largest distance."""
        absent = absent_column(classes, self.column)
        if absent is not None:
            return absent
        contingency = classes.sensitive[self.column]
        if self.distance == "hierarchical" and not contingency.levels:
            return NotComputed(reason=self._without_hierarchy())
        unmapped = not_comparable(classes, self.column)
        if unmapped is not None:
            return unmapped
        caveats = missing_caveats(contingency, self.column)
        if self.distance == "ordered":
            caveats += (f"Order of the values of {self.column!r}: {contingency.order_name}.",)
        return worst_class(
            self.per_class(classes), worst="max", column=self.column, caveats=caveats
        )

    def _without_hierarchy(self) -> str:
        return (
            f"Hierarchical t-closeness needs a hierarchy that covers the values of the column "
            f"{self.column!r} as they are released. Add one, or choose another distance."
        )

    def text(self) -> str:
        """Return ``t-closeness(occupation,equal)=0.2``."""
        return f"{self.name}({self.column},{self.distance})={number_text(self.t)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"The distribution of {self.column} in every group of look-alikes is within "
            f"{number_text(self.t)} of the whole table's (t-closeness, {_WORDS[self.distance]})."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {
            "model": self.name,
            "column": self.column,
            "distance": self.distance,
            "at_most": self.t,
        }
