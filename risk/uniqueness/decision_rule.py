"""All estimators of population uniqueness on one table, and which of them a rule picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from risk.uniqueness.pitman import pitman
from risk.uniqueness.snb import snb
from risk.uniqueness.zayatz import zayatz

if TYPE_CHECKING:
    from risk.uniqueness.size_histogram import PopulationEstimate, SizeHistogram

ESTIMATORS: Mapping[str, Callable[[SizeHistogram, int], PopulationEstimate]] = MappingProxyType(
    {"pitman": pitman, "zayatz": zayatz, "snb": snb}
)
NAMES = MappingProxyType(
    {"pitman": "Pitman", "zayatz": "Zayatz", "snb": "shifted negative binomial"}
)
"""How each estimator is called in sentences."""

NO_PICK = "none"
"""What the rule picks where nobody is unique in the table."""


@dataclass(frozen=True, kw_only=True)
class PopulationEstimates:
    """
    What every estimator gives for one table, and the rule's pick.

    Parameters
    ----------
    by_estimator : mapping of str to PopulationEstimate
    pick : str
        "pitman", "zayatz", "snb" or "none".
    """

    by_estimator: Mapping[str, PopulationEstimate]
    pick: str

    @property
    def solved(self) -> dict[str, float]:
        """The share by each estimator that found a solution."""
        return {
            name: estimate.share
            for name, estimate in self.by_estimator.items()
            if estimate.share is not None
        }

    @property
    def band(self) -> tuple[float, float]:
        """The least and the greatest share that was found: not a confidence interval."""
        shares = self.solved.values()  # never empty: Zayatz's is a closed form
        return min(shares), max(shares)

    @property
    def share(self) -> float:
        """The share by the rule: 0 where nobody is unique in the table."""
        return 0.0 if self.pick == NO_PICK else self.solved[self.pick]


def estimate(histogram: SizeHistogram, population: int) -> PopulationEstimates:
    """
    Run every estimator and the rule of Dankar and others.

    Parameters
    ----------
    histogram : SizeHistogram
        Of the sample, with n <= N.
    population : int
        N.

    Notes
    -----
    With at most a tenth of the population in the sample the rule takes Pitman's estimate, and
    Zayatz's where that has no solution. With more it takes the smaller of Zayatz's and the
    shifted negative binomial's.

    References
    ----------
    Dankar, El Emam, Neisa, Roffey 2012, Estimating the re-identification risk of clinical data
    sets, BMC Medical Informatics and Decision Making 12:66.
    """
    by_estimator = MappingProxyType(
        {name: estimator(histogram, population) for name, estimator in ESTIMATORS.items()}
    )
    few = 10 * histogram.people <= population
    pick = NO_PICK
    if histogram.of_size(1):
        pick = _pick(PopulationEstimates(by_estimator=by_estimator, pick=NO_PICK).solved, few=few)
    return PopulationEstimates(by_estimator=by_estimator, pick=pick)


def _pick(solved: Mapping[str, float], *, few: bool) -> str:
    if few and "pitman" in solved:
        return "pitman"
    # Zayatz's comes first, so that it is named where both are the same.
    allowed = ["zayatz"] if few else ["zayatz", "snb"]
    return min((name for name in allowed if name in solved), key=solved.__getitem__)
