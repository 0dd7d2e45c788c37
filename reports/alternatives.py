"""Alternatives: other recipes that were tried on the same table, with their risk and their loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from microdata.errors import PrivacyToolError
from microdata.identifiers import detected
from microdata.release import Release
from reports.headline import people_below, people_in, policy_size
from reports.measuring import INTERACTIVE, evaluate, interactive_suffices
from reports.questionnaire import judge
from reports.saved import saved_text
from reports.wording import format_count, format_risk, format_share, shorten
from transforms.recipe import Recipe
from transforms.replay import replay_check

if TYPE_CHECKING:
    from microdata.encoding import EncodedTable
    from reports.case import Case
    from reports.stage import Stage
    from risk.policy import Verdict

MOST = 12
MOST_ROWS = 5_000_000
"""How many rows are transformed and measured before versions are left out: some seconds."""
NOT_JUDGED = "The policy asks for a figure that is computed only for the version that is shared."
HIGHEST = ("reidentification", "prosecutor", "highest")
_RANK = ("not met", "not computed", "met")
_WHOLE = ("smallest", "people", "below", "suppressed")
_SHARES = ("highest", "granularity")


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """
    One version of the recipe, measured in short.

    Parameters
    ----------
    name : str
    recipe : mapping
        As JSON.
    smallest : int, optional
        People in the smallest group; None, as every figure, where it could not be tried.
    highest : float, optional
        The highest prosecutor risk.
    people, below : int, optional
        People released, and how many of them are in groups below the policy's class size.
    suppressed : int, optional
        Rows left out.
    granularity : float, optional
        The detail kept.
    verdict : str
        What the policy says of it, the worst first; "" without a policy.
    reason : str
        Why it was not tried or not judged; "" otherwise.
    """

    name: str
    recipe: Mapping[str, Any]
    smallest: int | None = None
    highest: float | None = None
    people: int | None = None
    below: int | None = None
    suppressed: int | None = None
    granularity: float | None = None
    verdict: str = ""
    reason: str = ""

    @property
    def tried(self) -> bool:
        """Whether it was carried out and measured."""
        return self.people is not None

    @classmethod
    def measured(
        cls, name: str, recipe: Recipe, stage: Stage, size: int, verdicts: Sequence[Verdict]
    ) -> Alternative:
        """Return a version with its figures."""
        suppressed = stage.value("classes", "suppressed_records")
        return cls(
            name=name,
            recipe=MappingProxyType(recipe.to_json()),
            smallest=min((held for held, people in stage.people_by_size.items() if people),
                         default=None),
            highest=stage.value(*HIGHEST),
            people=people_in(stage),
            below=people_below(stage, size),
            suppressed=None if suppressed is None else int(suppressed),
            granularity=stage.value("utility", "granularity"),
            verdict=leading(verdicts),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return the version as an object."""
        return vars(self) | {"recipe": dict(self.recipe)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Alternative:
        """Read what `to_json` wrote; raise TypeError where a part has another type."""
        for keys, types in ((_WHOLE, (int,)), (_SHARES, (int, float))):
            if any(data[key] is not None and type(data[key]) not in types for key in keys):
                raise TypeError("a saved figure of a version is something else")
        return cls(
            **{key: data[key] for key in (*_WHOLE, *_SHARES)},
            name=saved_text(data["name"]),
            recipe=MappingProxyType(Recipe.from_json(data["recipe"]).to_json()),
            verdict=saved_text(data["verdict"]),
            reason=saved_text(data["reason"]),
        )


def leading(verdicts: Sequence[Verdict]) -> str:
    """Return the verdict that leads: not met, not computed, met; "" without one."""
    return min((verdict.verdict for verdict in verdicts), key=_RANK.index, default="")


def try_alternatives(case: Case, source: EncodedTable) -> tuple[Alternative, ...]:
    """
    Carry out and measure the alternatives of a case, in their order.

    Only the first ones are measured, `MOST` of them or fewer where the table is large; those beyond
    stand without figures and with that reason, as do those that do not fit the table.
    """
    affordable = max(1, min(MOST, MOST_ROWS // max(1, case.dataset.records)))
    versions = "version is" if affordable == 1 else "versions are"
    beyond = f"Only the first {affordable} {versions} measured in one assessment."
    return tuple(
        _tried(case, source, name, recipe)
        if number < affordable
        else _untried(name, recipe, beyond)
        for number, (name, recipe) in enumerate(case.alternatives)
    )


def _untried(name: str, recipe: Recipe, reason: str) -> Alternative:
    return Alternative(name=name, recipe=MappingProxyType(recipe.to_json()), reason=reason)


def _tried(case: Case, source: EncodedTable, name: str, recipe: Recipe) -> Alternative:
    issues = replay_check(recipe, case.dataset, case.hierarchies)
    errors = [issue.message for issue in issues if issue.severity == "error"]
    if errors:
        return _untried(name, recipe, errors[0])
    policy = case.policy
    try:
        other = replace(case, recipe=recipe, elsewhere=None)
        release = other.release(source) or Release.original(source)
        stage = evaluate(
            other.context(release),
            threshold=case.disclosure_threshold,
            measures=INTERACTIVE,
            with_distributions=False,
        )
        columns = (
            detected(release, case.roles, threshold=case.disclosure_threshold)
            if policy is not None and policy.checks
            else ()
        )
    except PrivacyToolError as error:
        return _untried(name, recipe, str(error))
    verdicts = judge(policy, stage.figures, columns, case.answers)
    found = Alternative.measured(name, recipe, stage, policy_size(policy), verdicts)
    if found.verdict != "not met" and not interactive_suffices(policy, stage.figures):
        return replace(found, verdict="not computed", reason=NOT_JUDGED)
    return found


def tried_sentence(found: Alternative) -> str:
    """Return what a version would have meant, as a sentence."""
    name = f"Version “{shorten(found.name)}”"
    if not found.tried:
        return f"{name}: not measured. {found.reason}"
    if not found.people:
        return f"{name}: every row would be left out."
    parts = []
    if found.smallest is not None:
        parts.append(f"the smallest group would hold {format_count(found.smallest)}")
    if found.highest is not None:
        parts.append(f"the highest risk would be {format_risk(found.highest)}")
    if found.suppressed is not None:
        parts.append(f"{format_count(found.suppressed)} rows would be left out")
    if found.granularity is not None:
        parts.append(f"{format_share(found.granularity)} of the detail would be kept")
    judged = f"; the policy: {found.verdict}" if found.verdict else ""
    return f"{name}: {', '.join(parts)}{judged}."
