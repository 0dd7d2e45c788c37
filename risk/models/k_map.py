"""k-map: everyone has at least k - 1 look-alikes in the population."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import numpy as np
from scipy.special import pdtrc

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, NotComputed
from risk.models.base import NOTHING_RELEASED, is_number, number_text, require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Figure

Method = Literal["table", "poisson", "zero-truncated"]
METHODS: tuple[Method, ...] = get_args(Method)
DEFAULT_SIGNIFICANCE = 0.01

NO_POPULATION = NotComputed(
    reason="Nothing is known of the population that the table was drawn from. Give its size or a "
    "table of it."
)
NO_TABLE = NotComputed(
    reason="There is no table of the population that could be recoded like the release: only its "
    "size is known, or a quasi-identifier was changed record by record."
)


def lacking_people(classes: EquivalenceClasses, sizes: NDArray[np.int64]) -> str | None:
    """Return the sentence on people of the release whom the population F_j lacks, if any."""
    lacking = sizes < 1
    if not lacking.any():
        return None
    return (
        f"The population table lacks {int(classes.count[lacking].sum()):,} people of the "
        f"release ({int(lacking.sum()):,} groups of look-alikes), so it is not a table of "
        "everybody. Check it, or give a population size instead."
    )


def fewer_people(classes: EquivalenceClasses, sizes: NDArray[np.int64]) -> str | None:
    """Return the sentence on classes with fewer people in the population F_j, if there are any."""
    fewer = int((sizes < classes.count).sum())
    if not fewer:
        return None
    return (
        f"In {fewer:,} groups of look-alikes the population table holds fewer people than "
        "the release, so it is not a table of everybody. Its counts are used as they are."
    )


def least_in_sample(k: int, fraction: float, method: Method, significance: float) -> int:
    """
    Return k', the size from which a class of the sample is taken to have k people in all.

    Parameters
    ----------
    k : int
    fraction : float
        n / N, above 0 and at most 1.
    method : {"poisson", "zero-truncated"}
        The distribution of f for a class with k people: of any class, or of one that was drawn.
    significance : float
        How often a smaller class may reach k'.

    Notes
    -----
    lambda = k n / N. With c the least number such that P(f > c) is at most the significance, k' is
    c + 2 for the Poisson distribution and c + 1, c at least 1, for the zero-truncated one; never
    more than k. These are the numbers of ARX; the first is larger by one than it must be.

    Examples
    --------
    >>> least_in_sample(5, 0.0001, "poisson", 0.01)
    2
    """
    mean = k * fraction
    allowed, first, extra = significance, 0, 2
    if method == "zero-truncated":
        allowed, first, extra = significance * -np.expm1(-mean), 1, 1
    counts = range(first, k + 1)
    c = bisect_left(counts, True, key=lambda count: bool(pdtrc(count, mean) <= allowed))
    return min(k, first + c + extra)


@dataclass(frozen=True, kw_only=True)
class KMap:
    """
    Every equivalence class has at least k people in the population.

    Parameters
    ----------
    k : int
    method : {"table", "poisson", "zero-truncated"}
        Count F_j in a table of the population, or tell from its size N and a distribution how
        many people f_j a class of the release must have.
    significance : float
        How often the second may go wrong for a class that is too small.

    Notes
    -----
    The sampling fraction is that of the released records. Leaving records out lowers it and with
    it the size asked, so a class that passed still passes.

    References
    ----------
    Sweeney 2002; the estimates as in ARX (KMap).
    """

    name: ClassVar[str] = "k-map"
    title: ClassVar[str] = "k-map"
    scope: ClassVar[Literal["class", "table"]] = "class"
    column: ClassVar[None] = None

    k: int
    method: Method = "table"
    significance: float = DEFAULT_SIGNIFICANCE

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.k) and float(self.k).is_integer() and self.k >= 1,
            model=self.name,
            rule="a whole number k of at least 1",
        )
        if self.method not in METHODS:
            raise PrivacyToolError(
                f"The model {self.name!r} knows no such method. Use one of: {', '.join(METHODS)}."
            )
        require(
            valid=is_number(self.significance) and 0 < self.significance < 1,
            model=self.name,
            rule="a significance between 0 and 1",
        )
        object.__setattr__(self, "k", int(self.k))
        if self.method == "table":  # a count is never wrong by chance
            object.__setattr__(self, "significance", DEFAULT_SIGNIFICANCE)

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes have, or are taken to have, fewer than k people: bool[m]."""
        return ~(self.per_class(classes) >= self._least(classes))

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return F_j, or f_j where it is compared with an estimated size: float64[m]."""
        if self._absent(classes) is not None:
            return np.full(classes.n_classes, np.nan)
        sizes = classes.population_sizes if self.method == "table" else classes.count
        found = np.asarray(sizes, dtype=np.float64)
        return np.where(found > 0, found, np.nan)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the smallest F_j, or the smallest f_j beside the size that is asked of it."""
        absent = self._absent(classes)
        if absent is not None:
            return absent
        if self.method != "table":
            sentence = (
                f"Compare it with {self._least(classes):,}: a group of that size in the release "
                f"is taken to have {self.k:,} people in the population, with a chance of error of "
                f"{number_text(self.significance)}."
            )
            return Estimate(
                value=classes.k, method=f"k-map, {self.method} estimate", caveats=(sentence,)
            )
        sizes = np.asarray(classes.population_sizes)
        lacking, fewer = lacking_people(classes, sizes), fewer_people(classes, sizes)
        if lacking is not None:
            return NotComputed(reason=lacking)
        return Estimate(value=int(sizes.min()), caveats=() if fewer is None else (fewer,))

    def _least(self, classes: EquivalenceClasses) -> int:
        if self.method == "table" or classes.population is None or not classes.n_records:
            return self.k
        fraction = min(1.0, classes.n_records / classes.population.size)
        return least_in_sample(self.k, fraction, self.method, self.significance)

    def _absent(self, classes: EquivalenceClasses) -> NotComputed | None:
        if not classes.n_records:
            return NOTHING_RELEASED
        population = classes.population
        if population is None:
            return NO_POPULATION
        if self.method == "table":
            return NO_TABLE if population.classes is None else None
        if population.size < classes.n_records:
            return NotComputed(
                reason=f"The population has {population.size:,} people, fewer than the "
                f"{classes.n_records:,} in the table. Check the number."
            )
        return None

    def text(self) -> str:
        """Return ``k-map=5`` or ``k-map(poisson,0.01)=5``."""
        if self.method == "table":
            return f"{self.name}={self.k}"
        return f"{self.name}({self.method},{number_text(self.significance)})={self.k}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        people = "1 person" if self.k == 1 else f"{self.k} people"
        how = "k-map"
        if self.method != "table":
            how = f"k-map, {self.method} estimate with an error of {number_text(self.significance)}"
        return (
            f"Every person looks like at least {people} of the population, self included ({how})."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        data: dict[str, object] = {"model": self.name, "at_least": self.k}
        if self.method != "table":
            data |= {"method": self.method, "significance": self.significance}
        return data
