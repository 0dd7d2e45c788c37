"""The project file: all the work on a table, and none of its data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.roles import Roles
from reports.questionnaire import read_answers
from risk.attacks.plan import AttackPlan, read_plans
from risk.policy import PRESETS, Policy
from risk.scenario import Scenario, read_scenarios
from transforms.recipe import Recipe

VERSION = 1
MOST_SAVED = 50
LONGEST_NAME = 80
Saved = tuple[tuple[str, Recipe], ...]
_KEYS = {
    "version",
    "read",
    "content_sha256",
    "roles",
    "overruled",
    "hierarchies",
    "recipe",
    "saved",
    "policy",
    "scenarios",
    "attacks",
    "population_size",
    "answers",
    "seed",
}


@dataclass(frozen=True, kw_only=True)
class Project:
    """
    What a user decided about a table.

    Parameters
    ----------
    read : ReadOptions
        How the file was read.
    content_sha256 : str
        Digest of the table that it was made for; another table is told, not refused.
    roles : Roles
    overruled : mapping of str to str
        Why the user gave a column another role than the suggested one.
    hierarchies : mapping of str to Hierarchy
        With their labels: the user's own file, never part of a report.
    recipe : Recipe
    saved : tuple of (str, Recipe)
        Named versions of the recipe; `check_saved` says which names are allowed.
    policy : Policy, optional
        Saved as the id of a preset, or as a whole where it is the user's own.
    scenarios : tuple of Scenario
    attacks : tuple of AttackPlan
        Without those that match a register: the file is not kept.
    population_size : int, optional
    answers : mapping
        As `reports.questionnaire.read_answers` takes them.
    seed : int
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    content_sha256: str = ""
    roles: Roles = field(default_factory=lambda: Roles(by_column={}))
    overruled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=lambda: MappingProxyType({}))
    recipe: Recipe = field(default_factory=Recipe)
    saved: Saved = ()
    policy: Policy | None = None
    scenarios: tuple[Scenario, ...] = ()
    attacks: tuple[AttackPlan, ...] = ()
    population_size: int | None = None
    answers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the project as JSON."""
        return {
            "version": VERSION,
            "read": self.read.to_json(),
            "content_sha256": self.content_sha256,
            "roles": self.roles.to_json(),
            "overruled": dict(self.overruled),
            "hierarchies": {name: h.rows() for name, h in self.hierarchies.items()},
            "recipe": self.recipe.to_json(),
            "saved": [{"name": name, "recipe": recipe.to_json()} for name, recipe in self.saved],
            "policy": _policy_json(self.policy),
            "scenarios": [scenario.to_json() for scenario in self.scenarios],
            "attacks": [plan.to_json() for plan in self.attacks if plan.attack.register is None],
            "population_size": self.population_size,
            "answers": dict(self.answers),
            "seed": self.seed,
        }

    @classmethod
    def from_bytes(cls, raw: bytes) -> Project:
        """
        Read a project file.

        Raises
        ------
        PrivacyToolError
            Not JSON, another version, unknown keys or wrong types.
        """
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise PrivacyToolError(
                "This is not a project file: it is not JSON. Choose a file that was saved with "
                "“Save project”."
            ) from error
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise PrivacyToolError(f"This is not a project file of version {VERSION}.")
        if set(data) - _KEYS:
            raise PrivacyToolError.unknown_keys(set(data) - _KEYS, where="The project file")
        try:
            return cls(
                read=ReadOptions.from_json(data.get("read", {})),
                content_sha256=str(data.get("content_sha256", "")),
                roles=Roles.from_json(data.get("roles", {})),
                overruled=_texts(data.get("overruled", {})),
                hierarchies=MappingProxyType(
                    {
                        str(name): _hierarchy(str(name), rows)
                        for name, rows in data.get("hierarchies", {}).items()
                    }
                ),
                recipe=Recipe.from_json(data.get("recipe") or {"version": 1, "steps": []}),
                saved=read_versions(data.get("saved", [])),
                policy=_policy(data.get("policy", "")),
                scenarios=read_scenarios(data.get("scenarios", [])),
                attacks=read_plans(data.get("attacks", [])),
                population_size=_whole(data.get("population_size"), "population_size"),
                answers=read_answers(data.get("answers", {})),
                seed=_whole(data.get("seed", 0), "seed") or 0,
            )
        except (AttributeError, TypeError) as error:
            raise PrivacyToolError(
                "The project file has a part of the wrong type, so it was not loaded. "
                "Save the project again."
            ) from error


def check_saved(saved: Saved) -> Saved:
    """
    Return named versions of a recipe as they are.

    Raises
    ------
    PrivacyToolError
        A name that is blank, too long or given twice, or too many versions.
    """
    names = [name for name, _ in saved]
    if not all(name.strip() for name in names):
        raise PrivacyToolError("A saved version has no name. Give it one.")
    if any(len(name) > LONGEST_NAME for name in names):
        raise PrivacyToolError(
            f"The name of a saved version has more than {LONGEST_NAME} characters. Shorten it."
        )
    if len(set(names)) != len(names):
        raise PrivacyToolError("Two saved versions have the same name. Give each its own name.")
    if len(names) > MOST_SAVED:
        raise PrivacyToolError(f"At most {MOST_SAVED} versions can be saved. Delete one first.")
    return saved


def read_versions(data: object, *, what: str = "In the project file 'saved'") -> Saved:
    """
    Read named versions of a recipe.

    Raises
    ------
    PrivacyToolError
        Not a list of objects with name and recipe, or as in `check_saved`.
    """
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise PrivacyToolError(f"{what} must be a list of objects.")
    for item in data:
        if set(item) - {"name", "recipe"}:
            unknown = set(item) - {"name", "recipe"}
            raise PrivacyToolError.unknown_keys(unknown, where="A saved version")
        if not isinstance(item.get("name"), str):
            raise PrivacyToolError(f"{what} must give each version a text under 'name'.")
    return check_saved(tuple((item["name"], Recipe.from_json(item.get("recipe"))) for item in data))


def _hierarchy(name: str, rows: Any) -> Hierarchy:
    return Hierarchy.from_rows(name, [tuple(map(str, row)) for row in rows])


def _texts(data: Any) -> Mapping[str, str]:
    return MappingProxyType({str(key): str(value) for key, value in data.items()})


def _policy_json(policy: Policy | None) -> Any:
    if policy is None:
        return ""
    return policy.id if PRESETS.get(policy.id) == policy else policy.to_json()


def _policy(value: Any) -> Policy | None:
    # Never a path: a project file must not make the program read another file.
    if isinstance(value, dict):
        return Policy.from_json(value)
    if value == "" or value in PRESETS:
        return PRESETS.get(value)
    raise PrivacyToolError("The project file names a policy that this version does not have.")


def _whole(value: Any, key: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise PrivacyToolError(f"In the project file {key!r} must be a whole number.")
