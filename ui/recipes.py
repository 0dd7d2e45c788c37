"""The controls of the Reduce page as a recipe: each kind of step once, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.recipe import Recipe
from transforms.step import Step
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.pseudonymize import Pseudonymize
from transforms.steps.suppress_records import SuppressRecords

ORDER = (DropColumn.name, Pseudonymize.name, Generalize.name, SuppressRecords.name)


def step_of(recipe: Recipe, name: str) -> Step | None:
    """Return the step of a kind, or None."""
    return next((step for step in recipe.steps if step.name == name), None)


def levels(recipe: Recipe) -> Mapping[str, int]:
    """Return the level of each generalised column."""
    step = step_of(recipe, Generalize.name)
    return dict(step.levels) if isinstance(step, Generalize) else {}


def requirements(recipe: Recipe) -> tuple[str, ...]:
    """Return the models that every group must meet to stay in."""
    step = step_of(recipe, SuppressRecords.name)
    return tuple(step.require) if isinstance(step, SuppressRecords) else ()


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
    return _with(recipe, Generalize.name, Generalize(levels=raised) if raised else None)


def with_requirements(recipe: Recipe, texts: Sequence[str]) -> Recipe:
    """Return the recipe with other models that every group must meet."""
    step = SuppressRecords(require=tuple(texts)) if texts else None
    return _with(recipe, SuppressRecords.name, step)


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
        place = sum(s.name in ORDER and ORDER.index(s.name) < ORDER.index(name) for s in steps)
        steps.insert(place, step)
    return Recipe(version=recipe.version, steps=tuple(steps), hierarchies=recipe.hierarchies)
