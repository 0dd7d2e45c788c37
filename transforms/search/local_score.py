"""The score of a release whose records are generalised each in its own way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from transforms.search.measure import DEFAULT_BALANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.release import Release
    from transforms.search.problem import SearchProblem
    from transforms.search.scores import Score

SUPPORTED = ("loss", "discernibility", "average-class-size", "ambiguity")
"""Measures that are told by cells and groups, with no level of a whole column."""


def require_measure(problem: SearchProblem) -> None:
    """Refuse a measure that asks for one level a column."""
    measure = problem.measure
    if measure.name not in SUPPORTED:
        raise PrivacyToolError(
            f"The measure {measure.name!r} asks for one level for each column, which the method "
            f"'local' does not have. Use one of: {', '.join(SUPPORTED)}."
        )
    if measure.balance != DEFAULT_BALANCE:
        raise PrivacyToolError(
            "With the method 'local' a record that is left out counts as lost in full, so 'gs=' "
            "cannot be given. Remove it, or use '--method lattice'."
        )


def local_score(problem: SearchProblem, release: Release, classes: EquivalenceClasses) -> Score:
    """
    Return the score of a release, from its cells and its groups alone.

    A cell of a left out record and a suppressed cell stand for every value of the column; otherwise
    the definitions are those of the lattice search.
    """
    names = problem.quasi_identifiers
    n, lost = float(release.original_records), float(release.suppressed_records)
    kept = classes.rows.astype(np.float64)
    if problem.measure.name == "discernibility":
        return (float(kept @ kept) + lost * n,)
    if problem.measure.name == "average-class-size":
        return (n / (kept.size + (lost > 0)),)
    if problem.measure.name == "ambiguity":
        product, every = np.ones(classes.n_classes), 1.0
        for name in names:
            leaves, size = _leaves(release, name)
            product *= leaves[classes.codes(name)]
            every *= size
        return (float(kept @ product) + lost * every,)
    most = max(problem.weights.get(name, DEFAULT_BALANCE) for name in names)
    values = [
        _loss(release, name) * problem.weights.get(name, DEFAULT_BALANCE) / most for name in names
    ]
    return _made_one(values, problem.measure.aggregate)


def _leaves(release: Release, name: str) -> tuple[NDArray[np.float64], float]:
    """Return the leaves below each released code of a column, and how many there are."""
    size = max(1, release.domain(name).declared)
    below = np.append(np.maximum(1, release.columns[name].nodes.sizes), [1, size])
    return np.minimum(below, size).astype(np.float64), float(size)


def _loss(release: Release, name: str) -> float:
    """Return ARX's normalised loss of a column."""
    leaves, size = _leaves(release, name)
    change, n = release.change(name), float(release.original_records)
    raw = float(change.n @ (leaves[change.released] / size)) + release.suppressed_records
    low = n / size
    return max(0.0, (raw - low) / (n - low)) if n > low else 0.0


def _made_one(values: list[float], aggregate: str) -> Score:
    if aggregate == "rank":
        return tuple(sorted(values, reverse=True))
    if aggregate == "geometric":
        return (float(np.exp(np.log1p(values).mean()) - 1),)
    if aggregate == "max":
        return (max(values),)
    total = math.fsum(values)
    return (total / len(values) if aggregate == "arithmetic" else total,)
