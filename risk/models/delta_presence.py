"""delta-presence: how sure one can be that a person of the population is in the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, NotComputed
from risk.models.base import NOTHING_RELEASED, TIE, is_number, number_text, require
from risk.models.k_map import NO_POPULATION, NO_TABLE, fewer_people, lacking_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure


def shares_present(classes: EquivalenceClasses) -> NDArray[np.float64]:
    """Return f_j / F_j of the classes that are released: float64[m], NaN where it is not known."""
    sizes = classes.population_sizes
    if sizes is None:
        return np.full(classes.n_classes, np.nan)
    return np.divide(
        classes.count, sizes, out=np.full(classes.n_classes, np.nan), where=sizes > 0
    ).astype(np.float64)


def absent_groups(classes: EquivalenceClasses) -> tuple[int, int]:
    """
    Count the groups of look-alikes of the population of whom nobody is released.

    Returns
    -------
    groups, people : int
        People whose values no rule of the release covers are one more group.
    """
    population, sizes = classes.population, classes.population_sizes
    if population is None or population.classes is None or sizes is None:
        return 0, 0
    uncovered = population.size - population.classes.n_records
    groups = population.classes.n_classes - int((sizes > 0).sum()) + (uncovered > 0)
    return groups, population.size - int(sizes.sum())


def lowest_and_highest(classes: EquivalenceClasses) -> tuple[Estimate, Estimate] | NotComputed:
    """Return the ends of f_j / F_j over every class of the population, or why they are unknown."""
    if not classes.n_records:
        return NOTHING_RELEASED
    if classes.population is None:
        return NO_POPULATION
    sizes = classes.population_sizes
    if sizes is None:
        return NO_TABLE
    lacking, fewer = lacking_people(classes, sizes), fewer_people(classes, sizes)
    if lacking is not None:
        return NotComputed(reason=lacking)
    shares, (groups, people) = shares_present(classes), absent_groups(classes)
    caveats = () if fewer is None else (fewer,)
    nobody = (
        f"Of {groups:,} groups of look-alikes in the population ({people:,} people) nobody is in "
        "the release; their share is 0."
    )
    return (
        Estimate(
            value=0.0 if groups else float(shares.min()),
            caveats=(*caveats, nobody) if groups else caveats,
        ),
        Estimate(value=float(shares.max()), caveats=caveats),
    )


@dataclass(frozen=True, kw_only=True)
class DeltaPresence:
    """
    In every class of the population, the share that is in the release lies within two bounds.

    Parameters
    ----------
    at_least, at_most : float
        delta_min and delta_max: 0 <= at_least <= at_most <= 1.

    Notes
    -----
    delta_min <= f_j / F_j <= delta_max. A class of the population that is absent from the release
    has the share 0, and leaving a class out makes it absent. So with a delta_min above 0 no record
    can be left out to meet the model: it is then one of the whole table, and all classes fail
    where one does or is absent. ARX says the same of classes that were never there, but takes a
    class that it suppressed itself as done with; the published definition does not. With a
    delta_min of 0 the classes above delta_max fail, each for itself.

    References
    ----------
    Nergiz, Atzori, Clifton 2007.
    """

    name: ClassVar[str] = "delta-presence"
    title: ClassVar[str] = "delta-presence"
    scope: ClassVar[Literal["class", "table"]] = "class"
    column: ClassVar[None] = None

    at_least: float
    at_most: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.at_least)
            and is_number(self.at_most)
            and 0 <= self.at_least <= self.at_most <= 1,
            model=self.name,
            rule="two numbers from 0 to 1, the smaller one first",
        )
        if self.at_least > 0:  # one class that is left out then fails the whole table
            object.__setattr__(self, "scope", "table")

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes are outside, all of them where delta_min is missed: bool[m]."""
        shares = self.per_class(classes)
        outside = ~((shares >= self.at_least - TIE) & (shares <= self.at_most + TIE))
        if self.at_least > 0 and (outside.any() or absent_groups(classes)[0]):
            outside[:] = True
        return outside

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return f_j / F_j: float64[m], NaN where the population table lacks the class."""
        return shares_present(classes)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the end of the shares that breaks its bound, the highest where none does."""
        ends = lowest_and_highest(classes)
        if isinstance(ends, NotComputed):
            return ends
        lowest, highest = ends
        worst = lowest if lowest.value < self.at_least - TIE else highest
        sentence = f"The shares run from {lowest.value:.4g} to {highest.value:.4g}."
        return Estimate(value=worst.value, caveats=(sentence, *lowest.caveats))

    def text(self) -> str:
        """Return ``delta-presence=0.05,0.15``."""
        return f"{self.name}={number_text(self.at_least)},{number_text(self.at_most)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            "Of every group of look-alikes in the population a share from "
            f"{number_text(self.at_least)} to {number_text(self.at_most)} is in the release "
            "(delta-presence)."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "at_least": self.at_least, "at_most": self.at_most}
