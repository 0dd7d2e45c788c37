"""Likelihood of re-identification as a level: a product convention, anchored on precedents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from microdata.measure import Estimate
from reports.headline import people_below, people_in, policy_size
from reports.wording import format_count, format_risk, format_share, format_value, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.stage import Stage
    from risk.policy import Policy

Judged = TypeVar("Judged")

# One over a class size, not decimals: 1/11 = 0.0909 is above 0.09, yet k = 11 is the accepted
# reading of 0.09.
LEVELS = ((Fraction(1, 20), 1), (Fraction(1, 11), 2), (Fraction(1, 5), 3))
WORDS: Mapping[int, str] = MappingProxyType(
    {1: "Negligible", 2: "Limited", 3: "Significant", 4: "Maximum"}
)
CONTROLS = ("none", "some", "strong")
MOTIVES = ("low", "medium", "high")
ATTEMPT: Mapping[str, Mapping[str, Fraction]] = MappingProxyType(
    {
        controls: MappingProxyType(
            dict(zip(MOTIVES, (Fraction(n, 100) for n in shares), strict=True))
        )
        for controls, shares in zip(
            CONTROLS, ((40, 50, 60), (20, 30, 40), (5, 10, 20)), strict=True
        )
    }
)
"""The chance that the receiver tries, by what stops them and what they would gain."""
ATTEMPT_SOURCE = (
    "K. El Emam (2013): Guide to the de-identification of personal health information; source not "
    "re-read"
)
NOT_TOLD = (
    "A try is taken as certain until it is answered who gets the data, what stops them and what "
    "they would gain."
)
PUBLIC = "A try is taken as certain, because the release is public."
_AVERAGE = ("reidentification", "prosecutor", "average")
_POPULATION = ("uniqueness", "population")
_T_CLOSENESS = ("models", "t-closeness")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """
    How likely it is that a risk comes true.

    Parameters
    ----------
    level : int, optional
        1 to 4; None where nothing was released.
    reasons : tuple of str
        Sentences.
    risk, attempt : Fraction, optional
        The chance to be found by whoever tries, and the chance that somebody tries.
    """

    level: int | None
    reasons: tuple[str, ...]
    risk: Fraction | None = None
    attempt: Fraction | None = None


def level_of(risk: Fraction) -> int:
    """Return the level of a chance to be found: at most 1/20 is 1, 1/11 is 2, 1/5 is 3, else 4."""
    return next((level for most, level in LEVELS if risk <= most), 4)


def controls_of(answers: Mapping[str, Any]) -> str | None:
    """Return how strong the answered controls are: "none", "some" or "strong"; None if unknown."""
    said = answers.get("controls")
    if not said:
        return None
    # Nothing beside something contradicts itself, and counts as the worse of the two.
    held = set() if "none" in said else set(said)
    if "secure_room" in held or {"contract", "access_log"} <= held:
        return "strong"
    return "some" if held else "none"


def chance_of_attempt(answers: Mapping[str, Any]) -> tuple[Fraction, str]:
    """Return the chance that somebody tries, and why; certain until the context is answered."""
    if answers.get("audience") == "public":
        return Fraction(1), PUBLIC
    controls, motive = controls_of(answers), str(answers.get("motive"))
    if not answers.get("audience") or controls is None or motive not in MOTIVES:
        return Fraction(1), NOT_TOLD
    attempt = ATTEMPT[controls][motive]
    return attempt, (
        f"The chance of a try is taken as {float(attempt):.0%}".replace("%", " %")
        + f" (controls: {controls}; motive: {motive}; a convention after {ATTEMPT_SOURCE})."
    )


def before_and_now(
    judge: Callable[..., Judged], assessment: Assessment, answers: Mapping[str, Any] | None = None
) -> tuple[Judged, Judged]:
    """Return what a rule says of the original and of the table to be shared, in the same way."""
    said = assessment.answers if answers is None else answers
    was = {result.name: result.before for result in assessment.scenarios}
    now = {result.name: result.highest for result in assessment.scenarios}
    return (
        judge(assessment.before, answers=said, policy=assessment.policy, attackers=was),
        judge(assessment.shared, answers=said, policy=assessment.policy, attackers=now),
    )


def likelihood(
    stage: Stage,
    *,
    answers: Mapping[str, Any] = _NOTHING,
    policy: Policy | None = None,
    attackers: Mapping[str, float | None] = _NOTHING,
) -> Likelihood:
    """Return the likelihood of the worse of two risks: to be found, and to be told about."""
    found = identity_likelihood(stage, answers=answers, policy=policy, attackers=attackers)
    told = attribute_likelihood(stage, answers=answers, policy=policy, attackers=attackers)
    if told is None or told.level is None or found.level is None:
        return found
    own = tuple(reason for reason in told.reasons if reason not in found.reasons)
    if told.level > found.level:
        return Likelihood(
            level=told.level,
            reasons=(*found.reasons, *own),
            risk=found.risk,
            attempt=found.attempt,
        )
    return found


def identity_likelihood(
    stage: Stage,
    *,
    answers: Mapping[str, Any] = _NOTHING,
    policy: Policy | None = None,
    attackers: Mapping[str, float | None] = _NOTHING,
) -> Likelihood:
    """
    Return how likely it is that somebody's row is found.

    R is the chance of a try times the chance to be found: 1/k of the smallest group, or the average
    where the release is not public and the policy judges the average; or the highest risk of an
    attacker who knows other columns, by the name of the scenario, where that is higher. The context
    lowers a level by at most 1, and never that of a public release. Somebody alone in the table
    makes it 3 at least, unless the table is known to be a part of everyone; without a confirmed
    list of quasi-identifiers it is 2 at least.
    """
    k = stage.value("classes", "smallest")
    if k is None:
        return Likelihood(level=None, reasons=("Nobody is left whose risk could be judged.",))
    risk = Fraction(1, int(k))
    held = format_value(int(k), "people")
    highest = format_risk(1 / int(k))
    reasons = [f"The smallest group of look-alikes holds {held}, so the highest risk is {highest}."]
    average = stage.figure(*_AVERAGE)
    private = answers.get("audience") not in {None, "public"}
    if private and _judges_average(policy) and isinstance(average, Estimate):
        # An estimate counts with its upper end.
        upper = average.value if average.high is None else average.high
        risk = Fraction(upper).limit_denominator(10**12)
        reasons.append(f"The policy judges the average risk, which is {format_risk(float(risk))}.")
        reasons.append(_share_at_risk(stage, policy))
    name, worst = max(
        ((name, chance or 0.0) for name, chance in attackers.items()),
        key=lambda one: one[1],
        default=("", 0.0),
    )
    # One over a group's size, which a float keeps well enough to be told again.
    other = Fraction(worst).limit_denominator(10**9)
    if other > risk:
        risk = other
        reasons.append(
            f"The attacker of the scenario {shorten(name)} finds somebody with a "
            f"chance of {format_risk(worst)}."
        )
    attempt, why = chance_of_attempt(answers)
    certain = level_of(risk)
    level = max(level_of(risk * attempt), certain - 1)
    reasons.append(why)
    if level < certain:
        reasons.append(
            f"That lowers the level from {certain} to {level}; a context lowers it by 1 at most."
        )
    alone = _alone(stage, answers) if k == 1 or other == 1 else ""
    if alone and level < 3:
        level = 3
        reasons.append(f"Somebody is alone in the table {alone}, so the level is 3 at least.")
    if level == 1 and not str(answers.get("confirmed_by", "")).strip():
        level = 2
        reasons.append(
            "Nobody confirmed by name that the list of quasi-identifiers is complete, so the "
            "level is 2 at least."
        )
    return Likelihood(level=level, reasons=tuple(reasons), risk=risk, attempt=attempt)


def attribute_likelihood(
    stage: Stage,
    *,
    answers: Mapping[str, Any] = _NOTHING,
    policy: Policy | None = None,
    attackers: Mapping[str, float | None] = _NOTHING,
) -> Likelihood | None:
    """
    Return how likely it is that a sensitive attribute is told without finding a row.

    A group in which everyone has the same value makes it 4 whatever k is, and a distance over the
    policy's t makes it one more than the likelihood to be found. None without such an attribute.
    """
    values = stage.below("models", "l-diversity")
    columns = list(dict.fromkeys(path[0] for path in values if len(path) > 1))
    found = identity_likelihood(stage, answers=answers, policy=policy, attackers=attackers)
    if not columns or found.level is None:
        return None
    level, reasons = found.level, list(found.reasons)
    for rule in policy.requirements if policy else ():
        if rule.figure[:2] != _T_CLOSENESS:
            continue
        far = [
            figure
            for path, figure in stage.figures.items()
            if rule.concerns(path) and isinstance(figure, Estimate)
        ]
        if any(not rule.met_by(figure.value) for figure in far):
            level = min(4, found.level + 1)
            reasons.append("A group's shares are farther from everyone's than the policy allows.")
            break
    for column in columns:
        figure = values.get((column, "distinct"))
        if isinstance(figure, Estimate) and figure.value == 1:
            level = 4
            reasons.append(
                f"In a group of look-alikes everyone has the same value of {shorten(column)!r}."
            )
    return Likelihood(level=level, reasons=tuple(reasons), risk=found.risk, attempt=found.attempt)


def _judges_average(policy: Policy | None) -> bool:
    return policy is not None and any(rule.figure == _AVERAGE for rule in policy.requirements)


def _share_at_risk(stage: Stage, policy: Policy | None) -> str:
    """Return how many people an average hides, as a sentence."""
    size, people = policy_size(policy), people_in(stage)
    below = people_below(stage, size)
    share = format_share(below / people) if people else "none"
    return f"In groups below {size} people are {format_count(below)} of them ({share})."


def _alone(stage: Stage, answers: Mapping[str, Any]) -> str:
    """Return why somebody alone in the table may be alone among everyone, as a clause, or ""."""
    size = stage.value(*_POPULATION, "size")
    if answers.get("coverage") == "everyone" or (size is not None and size <= people_in(stage)):
        return "and it holds everyone"
    if stage.value(*_POPULATION, "sample_uniques_confirmed"):
        return "and in the population"
    if size is None and stage.value("models", "k-map") is None:
        return "and it is not known what share of everyone it holds"
    return ""
