"""The risk of each person from sampling weights, and of each household from that of its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.grouping import person_numbers
from microdata.kernels import group_keys
from microdata.kinds import numeric_values
from microdata.measure import (
    Context,
    Estimate,
    Figure,
    Finding,
    MeasureResult,
    NotComputed,
    Path,
)
from microdata.wildcard import neighbours
from risk.missing_values import BY_PERSON
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.uniqueness.benedetti_franconi import METHOD, expected_inverse

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_RATE = 0.01
"""The share of people to be found that the threshold is made for."""

HIGH_RISK = 0.1
CLOSE = 1e-9  # sums of weights differ by their order; a tie stays a tie

_PEOPLE = (
    "expected_reidentifications",
    "rate",
    "highest",
    "higher_than_main_part",
    "threshold_for_1_percent",
)
_HOUSEHOLDS = ("household_expected", "household_rate", "household_highest")

NEITHER = NotComputed(
    reason="No column holds sampling weights and none says who lives together, so there is nothing "
    "beyond the prosecutor's and the journalist's risk."
)
NO_HOUSEHOLD = NotComputed(reason="No column says who lives together.")
ABSENT_HOUSEHOLD = NotComputed(
    reason="The release made elsewhere lacks the household column, so who lives together is not "
    "known. Give a release that has it."
)
ALREADY_BELOW = NotComputed(
    reason="Already fewer than 1 in 100 people are expected to be found, so nobody's risk has to "
    "be lowered for that."
)
NO_THRESHOLD = NotComputed(
    reason="Even if everybody's risk were lowered to the lowest in the table, 1 in 100 people or "
    "more would be expected to be found."
)

FROM_WEIGHTS = (
    "Estimated as E[1 / F | f]: the sampling weights of a group of look-alikes add up to about how "
    "many such people the population holds."
)
FROM_SIZES = (
    "There are no sampling weights, so each person's risk is 1 divided by the size of the group."
)
ONCE_A_PERSON = (
    "A person with several rows in a group counts once there, and so does the person's weight; "
    "where the weights of these rows differ it is the smallest, which gives the higher risk."
)
MAIN_PART = (
    "People whose risk is above 0.1 and above the median risk plus twice the median absolute "
    "deviation (times 1.4826)."
)
THRESHOLD = (
    "If the risk of everybody above this were lowered to it, fewer than 1 in 100 people would be "
    "expected to be found."
)
TOGETHER = (
    "The risk of a household is the chance that at least one of its members in the table is found, "
    "each independently; it is everybody's risk in it. Who has no household is one alone."
)


@dataclass(frozen=True, kw_only=True)
class IndividualRisk:
    """
    The risk of each person, estimated from sampling weights, and of each household.

    Without weights but with a household column the prosecutor's 1 / f_j takes the place of the
    estimate, so that households can be judged.

    Notes
    -----
    r_j = E[1 / F_j | f_j] with p_j = f_j over the sum of the class's weights; the expected number
    of re-identifications is sum_j f_j r_j. A household's risk is 1 - prod (1 - r_i) over its
    members in the release.

    References
    ----------
    Benedetti, Franconi 1998; Franconi, Polettini 2004; Templ, Kowarik, Meindl 2015 (sdcMicro).
    """

    name: ClassVar[str] = "individual-risk"
    title: ClassVar[str] = "Risk of each person from sampling weights"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Benedetti & Franconi 1998; Franconi & Polettini 2004"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        roles = context.roles
        if roles.weight is None:
            no_household = _no_household(context)
            if no_household is not None:
                return NEITHER if roles.household is None else no_household
        if not context.classes.n_records:
            return NOTHING_RELEASED
        if context.missing == "wildcard" and roles.person is not None:
            return BY_PERSON
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures of people and of households."""
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={("individual_risk",): reason})
        risk = _risk_by_class(context)
        classes = context.classes
        values = _figures_of_people(risk.by_class, classes.count)
        values |= _figures_of_households(context, risk.by_class)
        extra: dict[str, tuple[str, ...]] = {
            "higher_than_main_part": (MAIN_PART,),
            "threshold_for_1_percent": (THRESHOLD,),
        }
        extra |= dict.fromkeys(_HOUSEHOLDS, (TOGETHER,))
        figures: dict[Path, Figure] = {}
        for key, value in values.items():
            figures["individual_risk", key] = (
                value
                if isinstance(value, NotComputed)
                else Estimate(
                    value=value,
                    method=risk.method,
                    attacker=risk.attacker,
                    caveats=(*risk.caveats, *extra.get(key, ())),
                )
            )
        return MeasureResult(
            figures=figures,
            by_class=risk.by_class,
            findings=risk.findings,
            labels={("individual_risk", "method"): risk.label},
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Risk:
    """The risk of the people of each class, float64[m], and how it was obtained."""

    by_class: NDArray[np.float64]
    label: str
    method: str
    attacker: str
    caveats: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def _risk_by_class(context: Context) -> _Risk:
    caveats: tuple[str, ...] = () if context.missing == "own" else (WILDCARD,)
    population = _population_by_class(context)
    if population is None:
        return _Risk(
            by_class=np.asarray(1.0 / context.sizes),
            label="prosecutor (1/f)",
            method="exact",
            attacker="prosecutor",
            caveats=(FROM_SIZES, *caveats),
        )
    if context.roles.person is not None:
        caveats += (ONCE_A_PERSON,)
    findings: tuple[Finding, ...] = ()
    short = population < context.sizes * (1 - CLOSE)
    if short.any():
        message = (
            f"In {int(short.sum()):,} groups of look-alikes "
            f"({int(context.classes.count[short].sum()):,} people) the sampling weights add up to "
            "fewer people than the table holds. There the table is taken to be everybody; check "
            "the weights, each of which should be at least 1."
        )
        caveats += (message,)
        findings = (Finding(code="weights-below-people", severity="warning", message=message),)
    return _Risk(
        by_class=expected_inverse(context.sizes, context.sizes / population),
        label=METHOD.lower(),
        method=METHOD,
        attacker="journalist",
        caveats=(FROM_WEIGHTS, *caveats),
        findings=findings,
    )


def _population_by_class(context: Context) -> NDArray[np.float64] | None:
    """Return the sum of the weights of each class, or of its neighbourhood: float64[m]."""
    if context.roles.weight is None:
        return None
    weight = context.classes.weight
    if context.roles.person is not None:
        return _once_a_person(context, context.roles.person, context.roles.weight)
    if weight is None or context.missing == "own":
        return weight
    return neighbours(context.classes, context.first_open, weight)


def _once_a_person(context: Context, person: str, column: str) -> NDArray[np.float64]:
    release, of_record = context.release, _class_of_records(context)
    source, index = release.source, release.record_index
    # That every weight is a number above zero was checked when records were grouped.
    values = numeric_values(source.domain(column).leaves, source.dataset.read.decimal)
    weight = np.asarray(values, dtype=np.float64)[source.codes[column][index]]
    numbers = person_numbers(source, person)[index]
    pair, first = group_keys(np.stack([of_record, numbers]).astype(np.uint64))
    smallest = np.full(first.size, np.inf)
    np.minimum.at(smallest, pair, weight)
    sums = np.bincount(of_record[first], smallest, context.classes.n_classes)
    return sums.astype(np.float64)


def _class_of_records(context: Context) -> NDArray[np.int64]:
    """Return the class of each released record, in the order of `Release.record_index`."""
    # Merged classes also number the records that were left out, as -1.
    of_record = context.classes.class_of
    return of_record[of_record >= 0].astype(np.int64)


def _figures_of_people(
    risk: NDArray[np.float64], count: NDArray[np.int64]
) -> dict[str, float | NotComputed]:
    people = int(count.sum())
    expected = float((count * risk).sum())
    values: tuple[float | NotComputed, ...] = (
        expected,
        expected / people,
        float(risk.max()),
        higher_than_main_part(risk, count),
        threshold_for_rate(risk, count, LARGEST_RATE),
    )
    return dict(zip(_PEOPLE, values, strict=True))


def higher_than_main_part(risk: NDArray[np.float64], count: NDArray[np.int64]) -> int:
    """
    Count the people whose risk is high and far above that of most.

    Parameters
    ----------
    risk : float64[m]
    count : int64[m]
        People of each class.

    Returns
    -------
    int
        People with r > 0.1 and r > median + 2 MAD, in which MAD is the median absolute deviation
        times 1.4826, the rule that sdcMicro's interface prints (its other printouts take 3 MAD).
    """
    middle = _median(risk, count)
    spread = 1.4826 * _median(np.abs(risk - middle), count)
    least = max(middle + 2 * spread, HIGH_RISK)
    return int(count[risk > least * (1 + CLOSE)].sum())


def _median(values: NDArray[np.float64], count: NDArray[np.int64]) -> float:
    order = np.argsort(values)
    upto = np.cumsum(count[order])
    people = int(upto[-1])
    middle = np.searchsorted(upto, [(people - 1) // 2, people // 2], side="right")
    return float(values[order[middle]].mean())


def threshold_for_rate(
    risk: NDArray[np.float64], count: NDArray[np.int64], rate: float
) -> float | NotComputed:
    """
    Return the highest risk that anybody may keep for a mean risk below a rate.

    Parameters
    ----------
    risk : float64[m]
    count : int64[m]
        People of each class.
    rate : float
        g, the share of people that may be expected to be found.

    Returns
    -------
    float or NotComputed
        The highest r_j with sum_i min(r_i, r_j) < g n.

    References
    ----------
    Templ, Kowarik, Meindl 2015 (sdcMicro), who take unsafe records to be protected down to it.
    """
    people = int(count.sum())
    order = np.argsort(-risk, kind="stable")
    descending, number = risk[order], count[order]
    sums = np.cumsum(number * descending)
    limit = rate * people * (1 - CLOSE)
    if sums[-1] < limit:
        return ALREADY_BELOW
    lowered = sums[-1] - sums + descending * np.cumsum(number)
    enough = np.flatnonzero(lowered < limit)
    return float(descending[enough[0]]) if enough.size else NO_THRESHOLD


def _no_household(context: Context) -> NotComputed | None:
    household = context.roles.household
    if household is None:
        return NO_HOUSEHOLD
    return None if household in context.release.source.domains else ABSENT_HOUSEHOLD


def _figures_of_households(
    context: Context, risk: NDArray[np.float64]
) -> dict[str, float | NotComputed]:
    reason = _no_household(context)
    if reason is not None or context.roles.household is None:
        return dict.fromkeys(_HOUSEHOLDS, reason or NO_HOUSEHOLD)
    household, member_class = _members(context, context.roles.household)
    of_member = household_risk(household, risk[member_class])
    expected = float(of_member.sum())
    values = (expected, expected / of_member.size, float(of_member.max()))
    return dict(zip(_HOUSEHOLDS, values, strict=True))


def _members(context: Context, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return household and class of each record, or of each person once in a class."""
    release, of_record = context.release, _class_of_records(context)
    source, index = release.source, release.record_index
    household = person_numbers(source, column)[index]
    person = context.roles.person
    if person is None:
        return household, of_record
    numbers = person_numbers(source, person)[index]
    # A person without a household is one household, whatever the number of rows.
    first_own = source.domain(column).cardinality
    household = np.where(household < first_own, household, first_own + numbers)
    _, first = group_keys(np.stack([household, numbers, of_record]).astype(np.uint64))
    return household[first], of_record[first]


def household_risk(household: NDArray[np.int64], risk: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return for each member the risk that at least one of the household is found.

    Parameters
    ----------
    household : int64[n]
        Same number, same household.
    risk : float64[n]
        r_i, at most 1.

    Returns
    -------
    float64[n]
        1 - prod (1 - r_i) over the members, by logarithms; certainty where one member is certain.

    Examples
    --------
    >>> household_risk(np.array([4, 4, 9]), np.array([0.5, 0.5, 0.25])).round(9).tolist()
    [0.75, 0.75, 0.25]
    """
    _, number = np.unique(household, return_inverse=True)
    missed = np.full(risk.shape, -np.inf)
    np.log1p(-risk, out=missed, where=risk < 1)
    return np.asarray(-np.expm1(np.bincount(number, missed))[number], dtype=np.float64)
