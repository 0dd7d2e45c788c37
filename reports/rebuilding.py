"""From a saved assessment and the data back to the case that it was made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.roles import Roles
from reports.attacks import AttackReport
from reports.case import Case
from reports.questionnaire import read_answers
from reports.saved import saved_text
from reports.wording import join_names
from risk.attacks.plan import AttackPlan
from risk.policy import Policy
from risk.scenario import read_scenarios
from transforms.recipe import Recipe
from transforms.replay import replay_check
from transforms.steps.pseudonymize import Pseudonymize

if TYPE_CHECKING:
    from microdata.dataset import Dataset

_SCENARIO_KEYS = ("name", "attacker", "known")
_STATED = re.compile(r"Population: ([0-9,]{1,17}) people, as stated by the user\.")


@dataclass(frozen=True, kw_only=True)
class Material:
    """
    What the one who checks a report has: the files that are no part of it.

    Parameters
    ----------
    dataset : Dataset
    hierarchies : mapping of str to Hierarchy
    population : Dataset, optional
        A table of the population.
    elsewhere : Dataset, optional
        A release that was made elsewhere.
    key : bytes, optional
        Secret for pseudonyms.
    """

    dataset: Dataset
    hierarchies: Mapping[str, Hierarchy]
    population: Dataset | None = None
    elsewhere: Dataset | None = None
    key: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """
    The case of a report, and what keeps parts of it from being checked.

    Parameters
    ----------
    case : Case
    release_missing : bool
        Whether the release was made elsewhere and is not there.
    unchecked_attacks : mapping of str to str
        Names of the attacks that cannot be repeated, and why.
    pseudonyms : tuple of str
        Columns whose values were replaced under a key that no report holds.
    remarks : tuple of str
        What is other than it was, as sentences.
    """

    case: Case
    release_missing: bool
    unchecked_attacks: Mapping[str, str]
    pseudonyms: tuple[str, ...]
    remarks: tuple[str, ...]


def rebuild(saved: Mapping[str, Any], material: Material) -> Rebuilt:
    """
    Return the case that a saved assessment was made of.

    Roles, policy, recipe, alternatives, seed, rule for missing values, answers, scenarios and
    attacks are the saved ones; the data, the hierarchies and other tables are those given.

    Raises
    ------
    PrivacyToolError
        The assessment does not fit the table, or a table that it needs is not given.
    LookupError, TypeError, ValueError and others
        The assessment is not as this program writes one; `verify` tells it as `damaged`.
    """
    recipe = None if saved["recipe"] is None else Recipe.from_json(saved["recipe"])
    remarks = () if recipe is None else _fits(recipe, material)
    plans, unchecked = _plans(saved["attacks"])
    elsewhere, release_missing = material.elsewhere, False
    if not saved["elsewhere"]:
        elsewhere = None
    elif elsewhere is None:
        release_missing = True
    missing: Literal["own", "wildcard"] = "own" if saved["missing"] == "own" else "wildcard"
    if saved["missing"] != missing or type(saved["seed"]) is not int:
        raise damaged()
    case = Case(
        dataset=material.dataset,
        roles=Roles.from_json(saved["roles"]),
        recipe=recipe,
        hierarchies=material.hierarchies,
        policy=Policy.from_json(saved["policy"]) if saved["policy"] else None,
        population=_population(saved["population"], material.population),
        elsewhere=elsewhere,
        overruled={
            row["name"]: row["overruled_because"]
            for row in saved["attributes"]
            if row["overruled_because"]
        },
        scenarios=read_scenarios(
            [{key: one[key] for key in _SCENARIO_KEYS} for one in saved["scenarios"]]
        ),
        attacks=plans,
        alternatives=tuple(
            (saved_text(one["name"]), Recipe.from_json(one["recipe"]))
            for one in saved["alternatives"]
        ),
        answers=read_answers(saved["answers"]),
        seed=saved["seed"],
        missing=missing,
        key=material.key,
    )
    steps = () if recipe is None else recipe.steps
    return Rebuilt(
        case=case,
        release_missing=release_missing,
        unchecked_attacks=unchecked,
        pseudonyms=tuple(
            column for step in steps if isinstance(step, Pseudonymize) for column in step.columns
        ),
        remarks=(*remarks, *_not_looked_at(material, case)),
    )


def damaged() -> PrivacyToolError:
    """Build the error for an assessment that holds something else than this program writes."""
    return PrivacyToolError(
        "The attached assessment is damaged or was changed: a part of it is not what this program "
        "writes. Ask for the file as it was written."
    )


def _not_looked_at(material: Material, case: Case) -> tuple[str, ...]:
    """Return which tables are at hand that the report was not made with, as sentences."""
    at_hand = (
        ("release that was made elsewhere", material.elsewhere, case.elsewhere),
        ("table of the population", material.population, case.population.table),
    )
    return tuple(
        f"The report was made without a {what}, so the one that is given was not looked at."
        for what, given, used in at_hand
        if given is not None and used is None
    )


def _fits(recipe: Recipe, material: Material) -> tuple[str, ...]:
    issues = replay_check(recipe, material.dataset, material.hierarchies)
    errors = [issue.message for issue in issues if issue.severity == "error"]
    if errors:
        raise PrivacyToolError(errors[0])
    return tuple(issue.message for issue in issues)


def _plans(attacks: list[Any]) -> tuple[tuple[AttackPlan, ...], dict[str, str]]:
    """Return the attacks that can be repeated, and why the others cannot."""
    plans, unchecked = [], {}
    for saved in attacks:
        plan = AttackPlan.from_json(saved["settings"])
        if saved["register"]:
            unchecked[plan.name] = "the file that the attacker has is not part of a report"
        elif saved["original"] == AttackReport.unfinished(plan).to_json()["original"]:
            unchecked[plan.name] = "it had not come to an end when the report was written"
        else:
            plans.append(plan)
    return tuple(plans), unchecked


def _population(said: object, table: Dataset | None) -> Population:
    """Return the population that a report's sentence tells of."""
    if not isinstance(said, str):
        raise damaged()
    stated = _STATED.fullmatch(said)
    nothing = Population()
    if stated is not None:
        found = Population(size=int(stated[1].replace(",", "")))
    elif said == nothing.assumption:
        found = nothing
    elif table is None:
        raise PrivacyToolError(
            "The report was made with a table of the population, on which its figures depend. "
            "Give that table too."
        )
    else:
        found = Population(table=table)
    if found.assumption != said:
        raise PrivacyToolError(
            "The table of the population is not as large as the one of the report. "
            "Give the table that the report was made with."
            if found.table is not None
            else str(damaged())
        )
    return found


def unrecorded_hierarchies(case: Case) -> str:
    """Return which hierarchies the report does not identify, as a sentence; "" if it does all."""
    recorded = case.recipe.hierarchies if case.recipe is not None else {}
    others = [name for name in case.hierarchies if name not in recorded]
    if not others:
        return ""
    return (
        f"The report does not record which hierarchies it was made with for {join_names(others)}: "
        "figures hold only with the same ones."
    )
