"""l-diversity: look-alikes differ enough in a sensitive attribute."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import numpy as np
from scipy.special import digamma

from microdata.errors import PrivacyToolError
from risk.models import kernels
from risk.models.base import (
    TIE,
    absent_column,
    contingency_of,
    is_number,
    missing_caveats,
    number_text,
    require,
    worst_class,
    worst_of_attribute,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses
    from microdata.measure import Figure


Estimator = Literal["shannon", "grassberger"]
ESTIMATORS: tuple[Estimator, ...] = get_args(Estimator)
EXPERIMENTAL = (
    "Grassberger's estimate of the entropy is experimental: it can call a small group more "
    "diverse than the number of its values."
)


def distinct_values(contingency: Contingency) -> NDArray[np.float64]:
    """Return how many values each class holds: float64[m], NaN where all are missing."""
    number = np.diff(contingency.offsets).astype(np.float64)
    number[number == 0] = np.nan
    return number


def least_values(diversity: float) -> int:
    """Return ceil(l), in which 3 and 3.0000000000000004 are both 3."""
    return math.ceil(diversity * (1 - TIE))


def grassberger_values(contingency: Contingency) -> NDArray[np.float64]:
    """
    Return exp(H) of each class by Grassberger's estimate: float64[m], NaN where all are missing.

    Notes
    -----
    H = G(N) - sum n_v G(n_v) / N with G_1 = -gamma - ln 2 and
    G_2n = G_2n+1 = -gamma - ln 2 + sum_{i<=n} 2 / (2i - 1), which is digamma(n + 1/2) + ln 2.

    References
    ----------
    Grassberger 2003, arXiv:physics/0307138; ln N there is G(N) here, as in ARX.
    """
    # ln 2 cancels in H.
    totals = contingency.totals
    terms = contingency.n * digamma(contingency.n // 2 + 0.5)
    of_entry = np.repeat(np.arange(totals.size), np.diff(contingency.offsets))
    sums = np.bincount(of_entry, weights=terms, minlength=totals.size)
    result = np.full(totals.size, np.nan)
    known = totals > 0
    # An estimate below zero is that of a class less diverse than one value: none is.
    entropy = digamma(totals[known] // 2 + 0.5) - sums[known] / totals[known]
    result[known] = np.exp(np.maximum(entropy, 0.0))
    return result


@dataclass(frozen=True, kw_only=True)
class DistinctLDiversity:
    """
    Every class holds at least l different values of a sensitive attribute.

    Parameters
    ----------
    column : str
    diversity : float
        l; a class needs ceil(l) values.

    References
    ----------
    Machanavajjhala et al. 2007.
    """

    name: ClassVar[str] = "distinct-l-diversity"
    title: ClassVar[str] = "Distinct l-diversity"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    diversity: float

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.diversity) and self.diversity >= 1,
            model=self.name,
            rule="a number l of at least 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes hold too few values: bool[m]."""
        return ~(self.per_class(classes) >= least_values(self.diversity))

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the number of different values, missing left out: float64[m]."""
        return distinct_values(contingency_of(classes, self.column))

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the smallest number of different values."""
        return worst_of_attribute(self, classes, worst="min", whole=True)

    def text(self) -> str:
        """Return ``distinct-l-diversity(occupation)=3``."""
        return f"{self.name}({self.column})={number_text(self.diversity)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"Every group of look-alikes holds at least {least_values(self.diversity)} different "
            f"values of {self.column} (distinct l-diversity)."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "column": self.column, "at_least": self.diversity}


@dataclass(frozen=True, kw_only=True)
class EntropyLDiversity:
    """
    The values of every class are as diverse as l equally frequent ones.

    Parameters
    ----------
    column : str
    diversity : float
        l, compared with exp(H), a real number.
    estimator : {"shannon", "grassberger"}
        How H is obtained: from the shares as they are, or with a correction for small classes,
        which is experimental.

    Notes
    -----
    A class passes if it has ceil(l) values and sum n_v ln n_v <= n (ln n - ln l).

    References
    ----------
    Machanavajjhala et al. 2007; Grassberger 2003 for the correction.
    """

    name: ClassVar[str] = "entropy-l-diversity"
    title: ClassVar[str] = "Entropy l-diversity"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    diversity: float
    estimator: Estimator = "shannon"

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            raise PrivacyToolError(
                "The estimator of entropy l-diversity must be one of: "
                + ", ".join(ESTIMATORS)
                + "."
            )
        require(
            valid=is_number(self.diversity) and self.diversity >= 1,
            model=self.name,
            rule="a number l of at least 1",
        )

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes are less diverse than l: bool[m]."""
        few = ~(
            distinct_values(contingency_of(classes, self.column)) >= least_values(self.diversity)
        )
        return few | ~(self.per_class(classes) >= self.diversity * (1 - TIE))

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return exp(H) of the values, missing left out: float64[m]."""
        contingency = contingency_of(classes, self.column)
        if self.estimator == "grassberger":
            return grassberger_values(contingency)
        return kernels.effective_values(contingency.offsets, contingency.n)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the smallest exp(H)."""
        absent = absent_column(classes, self.column)
        if absent is not None:
            return absent
        caveats = missing_caveats(classes.sensitive[self.column], self.column)
        if self.estimator == "grassberger":
            caveats += (EXPERIMENTAL,)
        return worst_class(
            self.per_class(classes), worst="min", column=self.column, caveats=caveats
        )

    def text(self) -> str:
        """Return ``entropy-l-diversity(occupation)=3``."""
        inside = self.column if self.estimator == "shannon" else f"{self.column},{self.estimator}"
        return f"{self.name}({inside})={number_text(self.diversity)}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        how = "" if self.estimator == "shannon" else ", Grassberger's estimate, experimental"
        return (
            f"The values of {self.column} in every group of look-alikes are as diverse as "
            f"{number_text(self.diversity)} equally frequent ones (entropy l-diversity{how})."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        data = {"model": self.name, "column": self.column, "at_least": self.diversity}
        return data if self.estimator == "shannon" else data | {"estimator": self.estimator}


@dataclass(frozen=True, kw_only=True)
class RecursiveCLDiversity:
    """
    The most frequent value of every class is not too frequent against the rare ones.

    Parameters
    ----------
    column : str
    c : float
    rank : int
        l.

    Notes
    -----
    With counts r_1 >= r_2 >= ... >= r_m a class passes if r_1 < c (r_l + ... + r_m); with fewer
    than l values it fails.

    References
    ----------
    Machanavajjhala et al. 2007.
    """

    name: ClassVar[str] = "recursive-cl-diversity"
    title: ClassVar[str] = "Recursive (c, l)-diversity"
    scope: ClassVar[Literal["class", "table"]] = "class"

    column: str
    c: float
    rank: int

    def __post_init__(self) -> None:
        require(
            valid=is_number(self.c) and self.c > 0,
            model=self.name,
            rule="a number c above 0",
        )
        require(
            valid=is_number(self.rank) and float(self.rank).is_integer() and self.rank >= 1,
            model=self.name,
            rule="a whole number l of at least 1",
        )
        object.__setattr__(self, "rank", int(self.rank))

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes fail: bool[m]."""
        return ~(self.per_class(classes) < self.c)

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return r_1 / (r_l + ... + r_m), the number that c must exceed: float64[m]."""
        contingency = contingency_of(classes, self.column)
        # A class has at most as many values as there are entries; no kernel holds any integer.
        rank = min(self.rank, contingency.n.size + 1)
        return kernels.recursive_ratio(contingency.offsets, contingency.n, rank)

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the number that c must exceed in the worst class; infinite with too few values."""
        return worst_of_attribute(self, classes, worst="max")

    def text(self) -> str:
        """Return ``recursive-cl-diversity(occupation)=4,3``."""
        return f"{self.name}({self.column})={number_text(self.c)},{self.rank}"

    def describe(self) -> str:
        """Return the model as a sentence."""
        return (
            f"In every group of look-alikes the most frequent value of {self.column} is held by "
            f"fewer than {number_text(self.c)} times as many people as the values from rank "
            f"{self.rank} on (recursive (c, l)-diversity)."
        )

    def to_json(self) -> dict[str, object]:
        """Return the model as an object."""
        return {"model": self.name, "column": self.column, "c": self.c, "l": self.rank}
