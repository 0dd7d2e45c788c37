"""How far an estimate of population uniqueness moves between random halves of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import Estimate, Figure, Finding, NotComputed, Path
from risk.uniqueness.decision_rule import ESTIMATORS, NAMES

if TYPE_CHECKING:
    from risk.uniqueness.size_histogram import SizeHistogram

HALVES = 20
UNSTABLE = 2.0
"""From this ratio of the greatest to the least on, an estimate is called unstable."""

MOST = 0.75
"""In so many of the halves the estimator must find a solution."""

STABILITY: tuple[Path, ...] = tuple(
    ("uniqueness", "population", f"stability_{end}") for end in ("low", "high")
)


@dataclass(frozen=True, kw_only=True)
class HalfSamples:
    """
    The estimates on random halves of the table.

    Parameters
    ----------
    low, high : float, optional
        The least and the greatest; None where no half has a solution.
    solved : int
        In how many halves the estimator found a solution.
    """

    low: float | None
    high: float | None
    solved: int

    @property
    def unstable(self) -> bool:
        """Whether the estimate changes by a factor of 2 or more, or often has no solution."""
        if self.low is None or self.high is None or self.solved < MOST * HALVES:
            return True
        return self.high >= UNSTABLE * self.low and self.high > 0


def half_samples(
    histogram: SizeHistogram, population: int, estimator: str, seed: int
) -> HalfSamples:
    """
    Estimate again on random halves of the sample.

    Parameters
    ----------
    histogram : SizeHistogram
    population : int
        N, which stays.
    estimator : str
        A key of `ESTIMATORS`.
    seed : int

    Notes
    -----
    Deleting a random half spreads an estimate about as widely as sampling it anew from the
    population does (the delete-half jackknife); since a half is a smaller sample, the estimates
    also move where the model does not fit. Both are what a reader must know.

    References
    ----------
    Shao, Wu 1989, A general theory for jackknife variance estimation, Annals of Statistics 17(3).
    """
    rng = np.random.default_rng(seed)
    shares: list[float] = []
    for _ in range(HALVES):
        half = histogram.half(rng)
        share = ESTIMATORS[estimator](half, population).share if half.people else None
        if share is not None:
            shares.append(share)
    return HalfSamples(
        low=min(shares, default=None), high=max(shares, default=None), solved=len(shares)
    )


def stability_figures(pick: str, halves: HalfSamples, seed: int) -> dict[Path, Figure]:
    """Return the least and the greatest estimate on the halves."""
    made_again = (
        f"The estimate by {NAMES[pick]} was made again on {HALVES} random halves of the table: the "
        "least and the greatest, not a confidence interval. A half is a smaller sample, so the "
        "estimate itself may lie outside."
    )
    caveats: tuple[str, ...] = (made_again,)
    if halves.solved < HALVES:
        caveats += (f"In {HALVES - halves.solved} of the {HALVES} halves there was no solution.",)
    figures: dict[Path, Figure] = {}
    for path, value in zip(STABILITY, (halves.low, halves.high), strict=True):
        figures[path] = (
            NotComputed(reason="In no random half of the table did the estimator find a solution.")
            if value is None
            else Estimate(
                value=value,
                method=f"{HALVES} half samples, seed {seed}",
                seed=seed,
                caveats=caveats,
            )
        )
    return figures


def stability_finding(pick: str, share: float, halves: HalfSamples) -> Finding | None:
    """Return the warning that an estimate is unstable, or None."""
    if not halves.unstable:
        return None
    if halves.low is None or halves.high is None or halves.solved < MOST * HALVES:
        how = f"in {HALVES - halves.solved} of {HALVES} random halves of the table it has no "
        how += "solution"
    else:
        how = f"between random halves of the table it runs from {halves.low:.3g} to "
        how += f"{halves.high:.3g}"
    return Finding(
        code="population-uniqueness-unstable",
        severity="warning",
        message=f"The estimated share of people who are unique in the population ({share:.3g}, by "
        f"{NAMES[pick]}) is unstable: {how}. Do not rely on it alone; judge by the highest of "
        "the estimates.",
    )
