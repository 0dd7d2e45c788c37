"""Check a recipe from the release that it makes, not from the books of the search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.release import Release
from transforms.search.measure import WITH_WEIGHTS
from transforms.step import StepContext

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    context = StepContext(roles=problem.roles, population=population)
    release = recipe.apply(Release.original(source), context)
    classes = classes_of(release, problem.roles, population)
    checked = Checked(
        suppressed=release.suppressed_records,
        classes=classes.n_classes,
        smallest=classes.k,
        score=release_score(problem, release, classes, levels),
    )
    broken = [model.text() for model in problem.models if model.failing(classes).any()]
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


def release_score(
    problem: SearchProblem, release: Release, classes: EquivalenceClasses, levels: Mapping[str, int]
) -> Score:
    """Return the score of a release, from its cells and its classes alone."""
    name = problem.measure.name
    n, lost = float(release.original_records), float(release.suppressed_records)
    kept = classes.rows.astype(np.float64)
    if name == "height":
        return (float(sum(levels.values())),)
    if name in WITH_WEIGHTS:
        return _made_one(problem, [_column(problem, release, c, levels[c]) for c in levels])
    if name == "discernibility":
        return (float(kept @ kept) + lost * n,)
    if name == "discernibility-monotonic":
        whole = replace(release, kept=None, class_tables={})
        everyone = classes_of(whole, problem.roles).rows.astype(np.float64)
        return (float(everyone @ everyone),)
    if name == "average-class-size":
        return (n / (kept.size + (lost > 0)),)
    product = np.ones(classes.n_classes)
    every = 1.0
    for column in levels:
        leaves, size = _leaves(release, column)
        product *= leaves[classes.codes(column)]
        every *= size
    return (float(kept @ product) + lost * every,)


def _leaves(release: Release, name: str) -> tuple[NDArray[np.float64], float]:
    """Return the declared leaves below each released code of a column, and how many there are."""
    column, declared = release.columns[name], release.domain(name).declared
    rule = np.arange(column.cardinality) if column.lookup is None else column.lookup
    below = np.bincount(
        np.maximum(rule[:declared], 0),
        weights=np.asarray(rule[:declared] >= 0, np.float64),
        minlength=column.cardinality,
    )
    return np.maximum(below, 1.0), float(max(1, declared))


def _column(problem: SearchProblem, release: Release, name: str, level: int) -> float:
    """Return the value of one column, weight included."""
    measure, change = problem.measure, release.change(name)
    column = release.columns[name]
    weights = [problem.weights.get(other, 0.5) for other in problem.quasi_identifiers]
    weight = problem.weights.get(name, 0.5) / max(weights)
    rule = np.arange(column.cardinality) if column.lookup is None else column.lookup
    lost_codes = np.flatnonzero(change.suppressed)
    lost = change.suppressed[lost_codes].astype(np.float64)
    n = float(release.original_records)
    if measure.name.startswith("precision"):
        hierarchy = release.domain(name).hierarchy
        share = level / max(1, 0 if hierarchy is None else hierarchy.height)
        extra = float(lost.sum()) * (1 - share) if measure.name == "precision" else 0.0
        return weight * (share + extra / n)
    if measure.name == "loss":
        leaves, size = _leaves(release, name)
        kept_share = leaves[change.released] / size
        lost_share = leaves[rule[lost_codes]] / size
        raw = measure.generalized_factor * float(change.n @ kept_share)
        raw += float(lost @ (lost_share + measure.suppressed_factor * (1 - lost_share)))
        low = measure.generalized_factor * n / size
        return weight * max(0.0, (raw - low) / (n - low)) if n > low else 0.0
    held = release.source.counts(name).astype(np.float64)
    codes = np.flatnonzero(held)
    grouped = np.bincount(rule[codes], weights=held[codes])
    bits = float(held[codes] @ np.log2(grouped[rule[codes]] / held[codes]))
    if measure.name != "entropy-monotonic" and lost.size:
        among = np.bincount(rule[lost_codes], weights=lost)
        among = among[among > 0]
        bits += float(among @ np.log2(among.sum() / among))
    if measure.name == "entropy-normalised":
        most = float(held[codes] @ np.log2(n / held[codes]))
        return weight * bits / most if most else 0.0
    return weight * bits


def _made_one(problem: SearchProblem, values: list[float]) -> Score:
    name, aggregate = problem.measure.name, problem.measure.aggregate
    if name.startswith("precision"):
        return (float(np.mean(values)),)
    if name.startswith("entropy"):
        return (math.fsum(values),)
    if aggregate == "rank":
        return tuple(sorted(values, reverse=True))
    if aggregate == "geometric":
        return (float(np.exp(np.log1p(values).mean()) - 1),)
    if aggregate == "max":
        return (max(values),)
    total = math.fsum(values)
    return (total / len(values) if aggregate == "arithmetic" else total,)
