"""The state of one browser tab: one frozen value, from which every widget reads."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Any

import streamlit as st

from microdata.dataset import Dataset
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.profile import Profile
from microdata.roles import Roles
from reports.case import Case
from reports.project import Project, Saved, check_saved
from risk.attacks.plan import AttackPlan
from risk.policy import PRESETS, Policy
from risk.scenario import Scenario
from transforms.recipe import Recipe

_KEY = "session"
MOST_UNDONE = 50
NO_ROLES = Roles(by_column={})


class Stage(IntEnum):
    """How far a user has come; pages beyond it say what is missing."""

    EMPTY = 0
    LOADED = 1
    READY = 2  # at least one quasi-identifier


@dataclass(frozen=True, kw_only=True)
class Session:
    """
    Everything that a user decided, and the table itself.

    Parameters
    ----------
    raw : bytes
        The uploaded file, kept so that another reading can be tried; dropped with the data.
    dataset, profile : optional
        What was read and what is known of it.
    roles, overruled, hierarchies, population, policy, scenarios, attacks, answers, seed
        As in `reports.case.Case`.
    elsewhere : Dataset, optional
        A release that was made elsewhere.
    register : Dataset, optional
        A file that an attacker has; it is in no project file.
    history : tuple of Recipe
        Undo is a list of recipes, so it costs nothing at any size.
    position : int
        The recipe in force.
    saved : tuple of (str, Recipe)
        Named versions; each records which hierarchies it was made with.
    former_hierarchies : mapping of str to tuple of Hierarchy
        What the hierarchy of a column was before each change, for undo; the last one is the latest.
    key : bytes
        Secret of pseudonyms for this session.
    """

    raw: bytes = field(default=b"", repr=False)
    dataset: Dataset | None = None
    profile: Profile | None = None
    roles: Roles = NO_ROLES
    overruled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=lambda: MappingProxyType({}))
    population: Population = field(default_factory=Population)
    policy: Policy = PRESETS["k5"]
    scenarios: tuple[Scenario, ...] = ()
    attacks: tuple[AttackPlan, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    seed: int = 0
    elsewhere: Dataset | None = None
    register: Dataset | None = None
    history: tuple[Recipe, ...] = (Recipe(),)
    position: int = 0
    saved: Saved = ()
    former_hierarchies: Mapping[str, tuple[Hierarchy, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def stage(self) -> Stage:
        """How far the user has come."""
        if self.dataset is None:
            return Stage.EMPTY
        return Stage.READY if self.roles.quasi_identifiers else Stage.LOADED

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        return self.history[self.position]

    @property
    def alternatives(self) -> Saved:
        """The saved versions that are not in force."""
        force = None if self.elsewhere is not None else self.recipe.steps
        return tuple((name, recipe) for name, recipe in self.saved if recipe.steps != force)

    def with_dataset(self, dataset: Dataset, profile: Profile, raw: bytes) -> Session:
        """Start over with another table; the policy and the answers stay."""
        return Session(
            raw=raw,
            dataset=dataset,
            profile=profile,
            policy=self.policy,
            answers=self.answers,
        )

    def with_roles(self, roles: Roles, overruled: Mapping[str, str]) -> Session:
        """
        Change roles; the recipe stays, since its steps name columns, not roles.

        A scenario whose attacker knows a column that can no longer be known is dropped.
        """
        return replace(
            self,
            roles=roles,
            overruled=MappingProxyType(dict(overruled)),
            scenarios=tuple(scenario for scenario in self.scenarios if scenario.fits(roles)),
            attacks=tuple(plan for plan in self.attacks if plan.fits(roles)),
        )

    def with_hierarchies(self, hierarchies: Mapping[str, Hierarchy]) -> Session:
        """Change hierarchies; recipes that name levels of a changed one are dropped."""
        changed = {
            name
            for name in {*self.hierarchies, *hierarchies}
            if getattr(self.hierarchies.get(name), "digest", None)
            != getattr(hierarchies.get(name), "digest", None)
        }
        former = {
            name: (*self.former_hierarchies.get(name, ()), self.hierarchies[name])[-MOST_UNDONE:]
            for name in changed & set(self.hierarchies)
        }
        kept = replace(
            self,
            hierarchies=MappingProxyType(dict(hierarchies)),
            former_hierarchies=MappingProxyType({**self.former_hierarchies, **former}),
        )
        if not changed & {name for recipe in self.history for name in recipe.generalized_columns}:
            return kept
        stays = not changed & set(self.recipe.generalized_columns)
        return replace(kept, history=(self.recipe if stays else Recipe(),), position=0)

    def with_edited(self, hierarchy: Hierarchy) -> Session:
        """
        Change one hierarchy by hand.

        Recipes stay where it keeps its values and its number of levels: they mean the same levels.
        """
        former = self.hierarchies.get(hierarchy.column)
        changed = self.with_hierarchies({**self.hierarchies, hierarchy.column: hierarchy})
        if (
            former is None
            or former.height != hierarchy.height
            or set(former.leaves) != set(hierarchy.leaves)
        ):
            return changed
        return replace(changed, history=self.history, position=self.position)

    def with_former(self, column: str) -> Session:
        """Undo the latest change of the hierarchy of a column; without one nothing happens."""
        former = self.former_hierarchies.get(column, ())
        if not former:
            return self
        rest = {**self.former_hierarchies, column: former[:-1]}
        return replace(self.with_edited(former[-1]), former_hierarchies=MappingProxyType(rest))

    def with_saved(self, name: str) -> Session:
        """Save the recipe in force under a name that no other version has."""
        recipe = self.recipe.with_hierarchies(self.hierarchies)
        return replace(self, saved=check_saved((*self.saved, (name.strip(), recipe))))

    def without_saved(self, name: str) -> Session:
        """Delete a saved version."""
        return replace(self, saved=tuple(held for held in self.saved if held[0] != name))

    def with_renamed(self, name: str, new: str) -> Session:
        """Give a saved version another name."""
        saved = tuple((new.strip() if held == name else held, r) for held, r in self.saved)
        return replace(self, saved=check_saved(saved))

    def with_recipe(self, recipe: Recipe) -> Session:
        """Put a recipe in force; what was undone before is forgotten."""
        if recipe == self.recipe:
            return self
        history = (*self.history[: self.position + 1], recipe)
        return replace(self, history=history, position=len(history) - 1)

    def moved(self, by: int) -> Session:
        """Undo (-1) or redo (+1)."""
        return replace(self, position=min(max(self.position + by, 0), len(self.history) - 1))

    def restored(self, project: Project) -> Session:
        """Take over the decisions of a project file for the table that is loaded."""
        return replace(
            self,
            roles=project.roles,
            overruled=project.overruled,
            hierarchies=project.hierarchies,
            former_hierarchies=MappingProxyType({}),
            history=(project.recipe,),
            position=0,
            saved=project.saved,
            policy=project.policy or self.policy,
            scenarios=project.scenarios,
            attacks=project.attacks,
            population=Population(size=project.population_size),
            answers=project.answers,
            seed=project.seed,
        )

    def with_answer(self, key: str, value: Any) -> Session:
        """Answer a question; an empty answer is none."""
        answers = {name: held for name, held in self.answers.items() if name != key}
        if value is not None and value not in ("", [], {}):
            answers[key] = value
        return replace(self, answers=MappingProxyType(answers))

    def project(self) -> Project:
        """Return the decisions as a project; it holds no data."""
        dataset = self.require_dataset()
        return Project(
            read=dataset.read,
            content_sha256=dataset.digest,
            roles=self.roles,
            overruled=self.overruled,
            hierarchies=self.hierarchies,
            recipe=self.recipe,
            saved=self.saved,
            policy=self.policy,
            scenarios=self.scenarios,
            attacks=self.attacks,
            population_size=self.population.size,
            answers=self.answers,
            seed=self.seed,
        )

    def require_dataset(self) -> Dataset:
        """Return the table; pages that need one are not reached without."""
        if self.dataset is None:
            raise RuntimeError("no table is loaded")
        return self.dataset

    def case(self) -> Case:
        """Return the case that screen, documents and command line share."""
        return Case(
            dataset=self.require_dataset(),
            roles=self.roles,
            recipe=None if self.elsewhere is not None else self.recipe,
            hierarchies=self.hierarchies,
            policy=self.policy,
            scenarios=self.scenarios,
            alternatives=self.alternatives,
            population=self.population,
            elsewhere=self.elsewhere,
            overruled=self.overruled,
            answers=self.answers,
            seed=self.seed,
            key=self.key,
        )

    def source_key(self) -> str:
        """Return a digest of what the encoded table depends on."""
        table = self.population.table
        return _digest(
            self.require_dataset().digest,
            {name: h.digest for name, h in sorted(self.hierarchies.items())},
            table.digest if table is not None else "",
        )

    def original_key(self) -> str:
        """Return a digest of what the figures of the original depend on."""
        return _digest(
            self.source_key(),
            self.roles.to_json(),
            self.population.size,
            self.policy.to_json(),
            self.seed,
        )

    def figures_key(self) -> str:
        """Return a digest of what every figure depends on."""
        return _digest(
            self.original_key(),
            self.recipe.digest,
            self.elsewhere.digest if self.elsewhere is not None else "",
            hashlib.sha256(self.key).hexdigest(),
        )

    def measured_key(self) -> str:
        """Return a digest of what the figures and the judged scenarios of an assessment rest on."""
        dataset = self.require_dataset()
        return _digest(
            self.figures_key(),
            [scenario.to_json() for scenario in self.scenarios],
            [(name, recipe.digest) for name, recipe in self.alternatives],
            # The verdict on a scenario or another version may rest on what was attested; every
            # other one is judged anew.
            self.answers.get("attested") if self.scenarios or self.alternatives else None,
            dict(self.overruled),
            # The content alone does not say which file it came from, nor how it was read.
            (dataset.name, dataset.file_sha256, dataset.read.to_json()),
            self.elsewhere.name if self.elsewhere is not None else "",
        )

    def assessment_key(self) -> str:
        """Return a digest of what an assessment depends on, the answers included."""
        attacks = [plan.digest for plan in self.attacks]
        return _digest(self.measured_key(), attacks, dict(self.answers))


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def current() -> Session:
    """Return the state of this tab."""
    session: Session = st.session_state.setdefault(_KEY, Session())
    return session


def put(session: Session) -> None:
    """Replace the state of this tab."""
    st.session_state[_KEY] = session


def change(make: Callable[[Recipe], Recipe]) -> None:
    """
    Put a changed recipe in force; `make` may read widgets.

    Without a table nothing happens: a widget can tell of itself after the data was forgotten.
    """
    session = current()
    if session.dataset is not None:
        put(session.with_recipe(make(session.recipe)))


def generation() -> int:
    """Return a number for widget keys that changes whenever widgets must forget their values."""
    number: int = st.session_state.setdefault("generation", 0)
    return number


def renew_widgets() -> None:
    """Make every keyed widget read from the state again."""
    st.session_state["generation"] = generation() + 1


def forget() -> None:
    """Drop the data and everything that was decided about it."""
    number = generation()
    st.session_state.clear()
    st.session_state["generation"] = number + 1
    put(Session())
