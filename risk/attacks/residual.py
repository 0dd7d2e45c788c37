"""How far an attack does better than a guess, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microdata.measure import Estimate, NotComputed
from risk.attacks.intervals import wilson_interval

if TYPE_CHECKING:
    from microdata.measure import Figure

METHOD = "Wilson"
ALWAYS_RIGHT = NotComputed(
    reason="A random guess is always right here, so there is nothing to gain over it."
)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share and the half width of its 95 % interval."""

    value: float
    error: float = 0.0


def wilson_rate(successes: float, n: int) -> Rate:
    """
    Return the centre and the half width of Wilson's score interval.

    Parameters
    ----------
    successes : float
        May be a sum of probabilities.
    n : int
        At least 1.
    """
    interval = wilson_interval(successes, n)
    return Rate(value=(interval.low + interval.high) / 2, error=(interval.high - interval.low) / 2)


def residual(attack: Rate, control: Rate) -> Rate:
    """
    Return what an attack achieves beyond its control, as a share of what was left to achieve.

    Parameters
    ----------
    attack : Rate
    control : Rate
        Below 1.

    Notes
    -----
    R = (r_a - r_c) / (1 - r_c), kept within 0 and 1; its error is the root of
    (e_a / (1 - r_c))^2 + (e_c (r_a - 1) / (1 - r_c)^2)^2.

    References
    ----------
    Giomi et al. (2023), A unified framework for quantifying privacy risk in synthetic data, PoPETs.
    """
    left = 1 - control.value
    return Rate(
        value=min(1.0, max(0.0, (attack.value - control.value) / left)),
        error=math.hypot(attack.error / left, control.error * (attack.value - 1) / left**2),
    )


def residual_figure(
    attack: float,
    control: float,
    *,
    drawn: int = 0,
    seed: int = 0,
    caveats: tuple[str, ...] = (),
) -> Figure:
    """
    Return the residual of two shares as a figure.

    Parameters
    ----------
    attack, control : float
    drawn : int
        How many attempts were drawn at random, for the interval; 0 where all were counted.
    seed : int
        Of the draws.
    caveats : tuple of str
        Of the two shares.
    """
    if control >= 1:
        return ALWAYS_RIGHT
    value = residual(Rate(value=attack), Rate(value=control)).value
    if not drawn:
        return Estimate(value=value, caveats=caveats)
    around = residual(wilson_rate(attack * drawn, drawn), wilson_rate(control * drawn, drawn))
    # The interval is around Wilson's centres, which lie a little inwards of the shares.
    return Estimate(
        value=value,
        low=min(value, max(0.0, around.value - around.error)),
        high=max(value, min(1.0, around.value + around.error)),
        method=METHOD,
        seed=seed,
        caveats=caveats,
    )
