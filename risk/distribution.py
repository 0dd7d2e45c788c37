"""How the people of a release are spread over the risks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microdata.classes import EquivalenceClasses

_BANDS = (
    ("certain (1)", 1, 1),
    ("1/2", 2, 2),
    ("1/3 to 1/4", 3, 4),
    ("1/5 to 1/10", 5, 10),
    ("1/11 to 1/19", 11, 19),
    ("1/20 and rarer", 20, None),
)


@dataclass(frozen=True, kw_only=True)
class RiskBand:
    """
    The people whose prosecutor risk lies in a band.

    Parameters
    ----------
    label : str
    smallest : int
        Of the class sizes of the band.
    largest : int, optional
        None for the last band.
    people : int
    share : float
        Of all people released.
    """

    label: str
    smallest: int
    largest: int | None
    people: int
    share: float


def risk_distribution(classes: EquivalenceClasses) -> tuple[RiskBand, ...]:
    """Return the people in each band of risk, riskiest first; empty where nothing is released."""
    if not classes.n_records:
        return ()
    bands = []
    for label, smallest, largest in _BANDS:
        inside = classes.count >= smallest
        if largest is not None:
            inside &= classes.count <= largest
        people = int(classes.count[inside].sum())
        bands.append(
            RiskBand(
                label=label,
                smallest=smallest,
                largest=largest,
                people=people,
                share=people / classes.n_records,
            )
        )
    return tuple(bands)
