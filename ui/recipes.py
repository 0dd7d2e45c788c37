"""The controls of the Reduce page as a recipe: each kind of step once, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from risk.models import KAnonymity, PrivacyModel
from transforms.recipe import Recipe
from transforms.step import Step
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.mondrian import Mondrian
from transforms.steps.pseudonymize import Pseudonymize
from transforms.steps.recode_locally import RecodeLocally
from transforms.steps.suppress_records import SuppressRecords

BY_GROUP = (RecodeLocally.name, Mondrian.name)
ORDER = (DropColumn.name, Pseudonymize.name, Generalize.name, SuppressRecords.name)


def step_of(recipe: Recipe, name: str) -> Step | None:
    """Return the step of a kind, or None."""
    return next((step for step in recipe.steps if step.name == name), None)


def levels(recipe: Recipe) -> Mapping[str, int]:
    """Return the level of each generalised column."""
    step = step_of(recipe, Generalize.name)
    return dict(step.levels) if isinstance(step, Generalize) else {}


def requirements(recipe: Recipe) -> tuple[str, ...]:
    """Return the models that every group must meet to stay in, as text."""
    step = step_of(recipe, SuppressRecords.name)
    return step.require if isinstance(step, SuppressRecords) else ()


def models(recipe: Recipe) -> tuple[PrivacyModel, ...]:
    """Return the same models as they are, in the same order."""
    step = step_of(recipe, SuppressRecords.name)
    return step.models if isinstance(step, SuppressRecords) else ()


def smallest_group(recipe: Recipe) -> int:
    """Return how many people every group must hold; 0 where the recipe does not ask."""
    sizes = [model.k for model in models(recipe) if isinstance(model, KAnonymity)]
    return max(sizes, default=0)


def columns(recipe: Recipe, name: str) -> tuple[str, ...]:
    """Return the columns that a step of a kind names."""
    step = step_of(recipe, name)
    return () if step is None else step.columns


def with_level(recipe: Recipe, column: str, level: int) -> Recipe:
    """Return the recipe with one column at another level."""
    return with_levels(recipe, {**levels(recipe), column: level})


def with_levels(recipe: Recipe, chosen: Mapping[str, int]) -> Recipe:
    """Return the recipe with these levels and no others."""
    raised = {column: level for column, level in chosen.items() if level}
    if raised:
        # Levels for everybody and levels by group exclude each other.
        kept = tuple(step for step in recipe.steps if step.name not in BY_GROUP)
        recipe = replace(recipe, steps=kept)
    return _with(recipe, Generalize.name, Generalize(levels=raised) if raised else None)


def with_requirements(recipe: Recipe, texts: Sequence[str]) -> Recipe:
    """Return the recipe with other models that every group must meet."""
    step = SuppressRecords(require=tuple(texts)) if texts else None
    return _with(recipe, SuppressRecords.name, step)


def with_smallest_group(recipe: Recipe, k: int) -> Recipe:
    """Return the recipe in which every group must hold k people, or any number for 0."""
    asked = zip(requirements(recipe), models(recipe), strict=True)
    rest = [text for text, model in asked if not isinstance(model, KAnonymity)]
    return with_requirements(recipe, [f"k-anonymity={k}", *rest] if k else rest)


def with_dropped(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """Return the recipe with other columns left out."""
    return _with(recipe, DropColumn.name, DropColumn(columns=tuple(names)) if names else None)


def with_pseudonyms(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """Return the recipe with other columns replaced by pseudonyms."""
    step = Pseudonymize(columns=tuple(names)) if names else None
    return _with(recipe, Pseudonymize.name, step)


def _with(recipe: Recipe, name: str, step: Step | None) -> Recipe:
    """Replace the step of a kind, or put it at its place in the order."""
    steps = [s for s in recipe.steps if s.name != name]
    if step is not None:
        earlier = [i for i, s in enumerate(steps) if s.name in ORDER[: ORDER.index(name)]]
        # Groups are judged by what all other steps leave, so leaving them out comes last.
        last = name == ORDER[-1]
        steps.insert(len(steps) if last else max(earlier, default=-1) + 1, step)
    return Recipe(version=recipe.version, steps=tuple(steps), hierarchies=recipe.hierarchies)
