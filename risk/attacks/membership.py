"""Membership: how well a table of the population tells who of it is in the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from risk.attacks.singling_out import open_cells
from risk.models.base import NOTHING_RELEASED
from risk.models.k_map import NO_POPULATION, NO_TABLE, fewer_people, lacking_people
from risk.persons import in_several_groups
from risk.special_uniques.measure import OPEN_CELLS

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT: Path = ("attacks", "membership")
KEYS = (
    "true_positive_rate",
    "false_positive_rate",
    "advantage",
    "precision",
    "baseline",
    "auc",
    "tpr_at_1_percent_fpr",
)
FALSE_ALARMS = 0.01
EXPECTED = (
    "Who of a group of look-alikes is in the release is not known, so everyone of a group counts "
    "with the group's share."
)
NOBODY_ELSE = NotComputed(
    reason="Everyone in the population table is in the release, so there is nobody whom the "
    "release could be thought to hold by mistake."
)


@dataclass(frozen=True, kw_only=True)
class MembershipAttack:
    """
    Somebody with a table of the population tells who of it is in the release.

    Two tests. The first says "in the release" of everyone who has a look-alike in it. The second
    says so from a score on, the share f_j / F_j of the group's people in the population who are
    released. Both are counted over everyone in the table, so no interval is needed.

    Notes
    -----
    Class j of the population has f_j members and F_j - f_j others; people whose values no rule of
    the release covers have no look-alike. The area under the curve is the probability that a
    member has a higher score than another person, a tie counting half. Between two scores the
    curve is a straight line: someone who tosses a coin over the people of one score. Rows that are
    left out of the release are people of the population who are not in it.

    References
    ----------
    Nergiz, Atzori, Clifton (2007), Hiding the presence of individuals from shared databases,
    SIGMOD: f_j / F_j. Yeom et al. (2018), Privacy risk in machine learning, CSF: the advantage.
    """

    name: ClassVar[str] = "membership"
    title: ClassVar[str] = "Telling who is in the table"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Nergiz, Atzori & Clifton 2007; Yeom et al. 2018"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        classes = context.classes
        if not classes.n_records:
            return NOTHING_RELEASED
        if classes.population is None:
            return NO_POPULATION
        sizes = classes.population_sizes
        if sizes is None:
            return NO_TABLE
        lacking = lacking_people(classes, sizes)
        if lacking is not None:
            return NotComputed(reason=lacking)
        several = in_several_groups(context)
        if several is not None:
            return several
        return None if classes.population.size > _held(classes.count, sizes) else NOBODY_ELSE

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        reason = self.needs(context)
        classes = context.classes
        sizes, population = classes.population_sizes, classes.population
        if reason is not None or sizes is None or population is None:
            why = reason or NO_TABLE
            return MeasureResult(figures={(*ROOT, key): why for key in KEYS})
        members = classes.count
        others = np.maximum(0, sizes - members)
        fewer = fewer_people(classes, sizes)
        caveats = (EXPECTED,) if fewer is None else (EXPECTED, fewer)
        if open_cells(context):
            caveats = (*caveats, OPEN_CELLS)
        n, mistaken = int(members.sum()), int(others.sum())
        rest = population.size - _held(members, sizes)
        in_table = n + rest
        hits, alarms = _curve(members, others, rest)
        area = float((np.diff(alarms) * (hits[1:] + hits[:-1]) / 2).sum())
        values = (
            1.0,
            mistaken / rest,
            1 - mistaken / rest,
            n / (n + mistaken),
            n / in_table,
            area,
            float(np.interp(FALSE_ALARMS, alarms, hits)),
        )
        figures: dict[Path, Figure] = {
            (*ROOT, key): Estimate(value=value, caveats=caveats)
            for key, value in zip(KEYS, values, strict=True)
        }
        return MeasureResult(figures=figures)


def _held(members: NDArray[np.int64], sizes: NDArray[np.int64]) -> int:
    """Return how many people of the population are in the release."""
    return int(np.minimum(members, sizes).sum())


def _curve(
    members: NDArray[np.int64], others: NDArray[np.int64], rest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of members and of others from each score on, highest score first."""
    # Equal shares are equal floats: the quotient of whole numbers is rounded alike.
    scores, group = np.unique(-members / (members + others), return_inverse=True)
    hits, alarms = np.zeros(scores.size, np.int64), np.zeros(scores.size, np.int64)
    np.add.at(hits, group, members)
    np.add.at(alarms, group, others)
    found = np.concatenate([[0], np.cumsum(hits), [hits.sum()]]) / int(hits.sum())
    mistaken = np.concatenate([[0], np.cumsum(alarms), [rest]]) / rest
    return found, mistaken
