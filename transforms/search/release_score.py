"""The score of a release, from its cells and its classes alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import classes_of
from transforms.search.measure import WITH_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.release import Release
    from transforms.search.problem import SearchProblem
    from transforms.search.scores import Score


def release_score(
    problem: SearchProblem, release: Release, classes: EquivalenceClasses, levels: Mapping[str, int]
) -> Score:
    """Return the score of a release, from its cells and its classes alone."""
    name = problem.measure.name
    if name == "height":
        return (float(sum(levels.values())),)
    if name in WITH_WEIGHTS:
        values = [_column(problem, release, column, levels[column]) for column in levels]
        return made_one(values, _aggregate(problem))
    if name == "discernibility-monotonic":
        whole = replace(release, kept=None, class_tables={})
        everyone = classes_of(whole, problem.roles).rows.astype(np.float64)
        return (float(everyone @ everyone),)
    return class_score(name, release, classes, {c: _leaves(release, c) for c in levels})


def class_score(
    name: str,
    release: Release,
    classes: EquivalenceClasses,
    leaves: Mapping[str, tuple[NDArray[np.float64], float]],
) -> Score:
    """
    Return a score that is made up of one value a class.

    Parameters
    ----------
    name : {"discernibility", "average-class-size", "ambiguity"}
    release : Release
    classes : EquivalenceClasses
    leaves : mapping of str to (float64[m + 2], float)
        For each quasi-identifier the leaves below each released code, and how many there are.
    """
    n, lost = float(release.original_records), float(release.suppressed_records)
    kept = classes.rows.astype(np.float64)
    if name == "discernibility":
        return (float(kept @ kept) + lost * n,)
    if name == "average-class-size":
        return (n / (kept.size + (lost > 0)),)
    product, every = np.ones(classes.n_classes), 1.0
    for column, (below, size) in leaves.items():
        product *= below[classes.codes(column)]
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
    weight = problem.weight(name)
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


def _aggregate(problem: SearchProblem) -> str:
    name = problem.measure.name
    if name.startswith("precision"):
        return "arithmetic"
    return "sum" if name.startswith("entropy") else problem.measure.aggregate


def made_one(values: Sequence[float], aggregate: str) -> Score:
    """Return the score that the values of the columns make."""
    if aggregate == "rank":
        return tuple(sorted(values, reverse=True))
    if aggregate == "geometric":
        return (float(np.exp(np.log1p(values).mean()) - 1),)
    if aggregate == "max":
        return (max(values),)
    total = math.fsum(values)
    return (total / len(values) if aggregate == "arithmetic" else total,)
