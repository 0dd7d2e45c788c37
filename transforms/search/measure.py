"""What the search makes as small as possible, in the notation of the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from microdata.errors import PrivacyToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

AGGREGATES = ("geometric", "rank", "max", "sum", "arithmetic")
DEFAULT_BALANCE = 0.5
DEFAULT_WEIGHT = 0.5
"""Of a column whose weight is not given."""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "loss": "loss of detail, by the values that each released value stands for",
        "entropy": "bits of information lost, those of left out records included",
        "entropy-monotonic": "bits of information lost by generalising alone",
        "entropy-normalised": "share of the bits of each column that is lost",
        "discernibility": "how many records each record cannot be told from",
        "discernibility-monotonic": "the same, as if no record were left out",
        "average-class-size": "average size of a group of look-alikes",
        "precision": "average height in the hierarchies, 1 for a left out record",
        "precision-monotonic": "average height in the hierarchies",
        "height": "sum of the levels",
        "ambiguity": "how many combinations of values each record may stand for",
    }
)
"""Every measure by its name, and what it counts; a lower score is better."""

WITH_WEIGHTS = (
    *("loss", "entropy", "entropy-monotonic", "entropy-normalised"),
    *("precision", "precision-monotonic"),
)
"""Measures that are made up column by column, so that columns may count differently."""

IGNORES_SUPPRESSION = (
    *("entropy-monotonic", "discernibility-monotonic", "precision-monotonic", "height"),
)
"""Measures to which leaving everything out costs nothing: they need a low suppression limit."""

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class ScoreMeasure:
    """
    A measure of what a release has lost.

    Parameters
    ----------
    name : str
        A key of `TITLES`.
    aggregate : {"geometric", "rank", "max", "sum", "arithmetic"}
        How the columns' losses are made one, for the measure "loss". With "rank" the losses,
        largest first, are compared one after the other.
    balance : float
        ARX's gs-factor, for "loss": 0 counts generalising alone, 1 leaving records out alone.

    References
    ----------
    Iyengar 2002 (loss); Gionis and Tassa 2009 (non-uniform entropy); Bayardo and Agrawal 2005
    (discernibility); LeFevre et al. 2006 (average class size); Sweeney 2002 (precision);
    Samarati 2001 (height). All as ARX computes them.
    """

    name: str
    aggregate: str = AGGREGATES[0]
    balance: float = DEFAULT_BALANCE

    def __post_init__(self) -> None:
        if self.name not in TITLES:
            raise PrivacyToolError(
                f"{self.name!r} is not a measure of loss. Use one of: {', '.join(TITLES)}."
            )
        if self.aggregate not in AGGREGATES:
            raise PrivacyToolError(
                "The columns' losses can be made one by: " + ", ".join(AGGREGATES) + "."
            )
        if isinstance(self.balance, bool) or not 0 <= self.balance <= 1:
            raise PrivacyToolError("The number after 'gs=' must lie between 0 and 1. Change it.")

    @property
    def suppressed_factor(self) -> float:
        """The weight of leaving a record out: sF."""
        return 2 * self.balance if self.balance < DEFAULT_BALANCE else 1.0

    @property
    def generalized_factor(self) -> float:
        """The weight of generalising: gF."""
        return 1.0 if self.balance <= DEFAULT_BALANCE else 1 - 2 * (self.balance - DEFAULT_BALANCE)

    def shown(self, score: tuple[float, ...]) -> float | tuple[float, ...]:
        """Return a score as one number, but for the aggregate "rank"."""
        return score if self.aggregate == "rank" else score[0]

    def text(self) -> str:
        """Return the measure as the command line writes it."""
        inside = [] if self.aggregate == AGGREGATES[0] else [self.aggregate]
        if self.balance != DEFAULT_BALANCE:
            inside.append(f"gs={self.balance:g}")
        return f"{self.name}({','.join(inside)})" if inside else self.name


def parse_measure(text: str) -> ScoreMeasure:
    """
    Read a measure as the command line writes it.

    Raises
    ------
    PrivacyToolError
        Not a measure, or something in brackets that it does not have.

    Examples
    --------
    >>> parse_measure("loss(rank,gs=0.25)")
    ScoreMeasure(name='loss', aggregate='rank', balance=0.25)
    """
    name, bracket, rest = text.strip().partition("(")
    if not bracket:
        return ScoreMeasure(name=name)
    if name != "loss" or not rest.endswith(")"):
        raise PrivacyToolError(
            "Only 'loss' has something in brackets: loss(rank), loss(max), loss(sum), "
            "loss(arithmetic) or loss(gs=0.5). Correct the measure."
        )
    aggregate, balance = AGGREGATES[0], DEFAULT_BALANCE
    for piece in rest[:-1].split(","):
        key, equals, number = piece.strip().partition("=")
        if not equals:
            aggregate = key
        elif key == "gs" and _NUMBER.fullmatch(number):
            balance = float(number)
        else:
            raise PrivacyToolError(
                "In the brackets of 'loss' stand one way to make the columns one and a number as "
                "in gs=0.5. Correct the measure."
            )
    return ScoreMeasure(name=name, aggregate=aggregate, balance=balance)
