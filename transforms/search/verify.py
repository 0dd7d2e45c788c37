"""Check a recipe from the release that it makes, not from the books of the search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.release import Release
from transforms.search.release_score import release_score
from transforms.step import StepContext

if TYPE_CHECKING:
    from microdata.classes import EquivalenceClasses
    from microdata.encoding import EncodedTable
    from microdata.population import Population
    from transforms.recipe import Recipe
    from transforms.search.judge import Judged
    from transforms.search.problem import SearchProblem
    from transforms.search.scores import Score


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the release of a recipe is: records left out, classes, and the smallest of them."""

    suppressed: int
    classes: int
    smallest: int
    score: Score


def released(
    recipe: Recipe, problem: SearchProblem, source: EncodedTable, population: Population
) -> tuple[Release, EquivalenceClasses, list[str]]:
    """Return the release of a recipe, its classes, and the models that do not hold there."""
    context = StepContext(roles=problem.roles, population=population)
    release = recipe.apply(Release.original(source), context)
    classes = classes_of(release, problem.roles, population)
    broken = [model.text() for model in problem.models if model.failing(classes).any()]
    return release, classes, broken


def verify(
    recipe: Recipe,
    *,
    problem: SearchProblem,
    source: EncodedTable,
    population: Population,
    best: Judged,
    levels: Mapping[str, int],
) -> Checked:
    """
    Make the release of a recipe and measure it anew.

    Raises
    ------
    PrivacyToolError
        The release is not what the search said: a fault of this program, not of the data.
    """
    release, classes, broken = released(recipe, problem, source, population)
    checked = Checked(
        suppressed=release.suppressed_records,
        classes=classes.n_classes,
        smallest=classes.k,
        score=release_score(problem, release, classes, levels),
    )
    if (
        broken
        or checked.suppressed != best.suppressed
        or checked.suppressed > problem.allowed(source.records)
        or not _same(checked.score, best.score)
    ):
        raise PrivacyToolError(
            "The release does not bear out the search, so no recipe is suggested; this is a fault "
            f"of the program and not of the table. Rules that fail: {broken or 'none'}; "
            f"{checked.suppressed:,} records left out in place of {best.suppressed:,}; "
            f"score {checked.score} in place of {best.score}."
        )
    return checked


def _same(one: Score, other: Score) -> bool:
    return all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=2e-9) for a, b in zip(one, other, strict=True)
    )
