"""The score of a release whose records are generalised each in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from transforms.search.measure import DEFAULT_BALANCE
from transforms.search.release_score import class_score, made_one

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
            "cannot be given. Remove it, or use the method 'lattice'."
        )


def local_score(problem: SearchProblem, release: Release, classes: EquivalenceClasses) -> Score:
    """
    Return the score of a release, from its cells and its groups alone.

    A cell of a left out record and a suppressed cell stand for every value of the column; otherwise
    the definitions are those of the lattice search.
    """
    names = problem.quasi_identifiers
    if problem.measure.name != "loss":
        leaves = {name: _leaves(release, name) for name in names}
        return class_score(problem.measure.name, release, classes, leaves)
    values = [problem.weight(name) * _loss(release, name) for name in names]
    return made_one(values, problem.measure.aggregate)


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
