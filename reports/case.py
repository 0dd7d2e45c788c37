"""Everything that an assessment depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from microdata.dataset import Dataset
from microdata.elsewhere import release_elsewhere
from microdata.encoding import EncodedTable, encode
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.measure import Context
from microdata.population import Population
from microdata.release import Release
from microdata.roles import Roles
from risk.attacks.plan import AttackPlan, check_plans
from risk.policy import Policy
from risk.scenario import Scenario, check_names
from transforms.recipe import Recipe, StepContext


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """
    Everything that an assessment depends on: the same case gives the same figures everywhere.

    Parameters
    ----------
    dataset : Dataset
    roles : Roles
    recipe : Recipe, optional
    hierarchies : mapping of str to Hierarchy
    policy : Policy, optional
    population : Population
    elsewhere : Dataset, optional
        A release that was made elsewhere, in place of a recipe.
    overruled : mapping of str to str
        Why the user gave a column another role than the suggested one.
    scenarios : tuple of Scenario
        Attackers with quasi-identifiers of their own.
    attacks : tuple of AttackPlan
        Attacks that are simulated.
    alternatives : tuple of (str, Recipe)
        Other versions of the recipe, by name, that were tried before this one.
    answers : mapping
    seed : int
    missing : {"own", "wildcard"}
        The rule for missing values in quasi-identifiers, for class sizes and risk.
    key : bytes, optional
        Secret for pseudonyms; used, never stored.
    """

    dataset: Dataset
    roles: Roles
    recipe: Recipe | None = None
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=lambda: MappingProxyType({}))
    policy: Policy | None = None
    population: Population = field(default_factory=Population)
    elsewhere: Dataset | None = None
    overruled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scenarios: tuple[Scenario, ...] = ()
    attacks: tuple[AttackPlan, ...] = ()
    alternatives: tuple[tuple[str, Recipe], ...] = ()
    answers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    seed: int = 0
    missing: Literal["own", "wildcard"] = "own"
    key: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.roles.check_columns(self.dataset.column_names)
        self.population.check_size(people_of(self.dataset, self.roles))
        if self.missing == "wildcard" and self.roles.person is not None:
            raise PrivacyToolError(
                "With a person column a missing value cannot match every value: a person in two "
                "matching groups would count twice. Use the rule 'own', or drop the person role."
            )
        check_names(self.scenarios)
        for scenario in self.scenarios:
            scenario.roles(self.roles).check_columns(self.dataset.column_names)
        for plan in check_plans(self.attacks):
            plan.roles(self.roles).check_columns(self.dataset.column_names)
        if self.recipe is not None and self.elsewhere is not None:
            raise PrivacyToolError("Give a recipe or a release that was made elsewhere, not both.")

    @property
    def disclosure_threshold(self) -> int:
        """The smallest number of people whose value may be printed."""
        return self.policy.disclosure_threshold if self.policy else 5

    def encoded(self) -> EncodedTable:
        """Encode the table over the domains of the case."""
        others = [self.population.table] if self.population.table is not None else []
        return encode(self.dataset, self.hierarchies, others)

    def release(self, source: EncodedTable) -> Release | None:
        """Return the table that would be shared, or None where it is the original."""
        if self.elsewhere is not None:
            return release_elsewhere(source, self.elsewhere)
        if self.recipe is None or not self.recipe.steps:
            return None
        context = StepContext(
            roles=self.roles, seed=self.seed, key=self.key, population=self.population
        )
        return self.recipe.apply(Release.original(source), context)

    def context(self, release: Release) -> Context:
        """Return what measures are computed from."""
        return Context(
            release=release,
            roles=self.roles,
            population=self.population,
            seed=self.seed,
            missing=self.missing,
        )


def people_of(dataset: Dataset, roles: Roles) -> int:
    """Return how many people a table holds; a row without a person is a person of its own."""
    if roles.person is None:
        return dataset.records
    persons = dataset.frame[roles.person]
    return int(persons.nunique() + persons.isna().sum())
