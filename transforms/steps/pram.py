"""Change categories at random so that their expected counts stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.release import ReleasedColumn
from transforms.draws import generator
from transforms.parameters import DeclaredStep, Parameter, columns_parameter
from transforms.step import StepContext, named, require_unchanged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release

MOST_CATEGORIES = 1000
"""A matrix of a million transitions: a second or two."""


@dataclass(frozen=True, kw_only=True)
class Pram(DeclaredStep):
    """
    Post-randomise categories: each becomes another with a probability, drawn for each record.

    Invariant PRAM: the matrix of probabilities R leaves the counts of the categories as they are in
    expectation, so shares can be read from the release without a correction; see
    `invariant_matrix`. Each column is changed by itself, over the records that earlier steps kept
    and that have a value. The draw belongs to the position of a record in the table.

    Parameters
    ----------
    columns : tuple of str
        Columns of categories.
    pd : float
        The least probability to stay, in the first of the two matrices that R is made of.
    alpha : float
        The share of R that is applied; the rest of the probability stays.

    References
    ----------
    Gouweleeuw et al. (1998), Post randomisation for statistical disclosure control, Journal of
    Official Statistics 14(4). Templ et al. (2015), sdcMicro, Journal of Statistical Software 67(4).
    """

    name: ClassVar[str] = "pram"
    title: ClassVar[str] = "Change categories at random (PRAM)"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            "Columns of categories",
            kinds=(ColumnKind.TEXT, ColumnKind.CODE),
            advice="Each column is changed by itself, which also loosens what holds between them.",
        ),
        Parameter(
            name="pd",
            title="Least probability to stay (0 to 1)",
            kind="number",
            default=0.8,
            low=0.01,
            high=1,
            help="With more, more records keep their category: truer, and less safe.",
        ),
        Parameter(
            name="alpha",
            title="Strength (0 to 1)",
            kind="number",
            default=0.5,
            low=0,
            high=1,
            help="With more, more records change their category; with 0 none does.",
        ),
    )

    columns: tuple[str, ...]
    pd: float = 0.8
    alpha: float = 0.5

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        return (
            f"Change the categories of {named(self.columns)} at random, each staying with a "
            f"probability that is drawn from {self.pd:g} upwards, at a strength of "
            f"{self.alpha:g}; expected counts stay (invariant PRAM)."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with categories changed at random.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed before or has too many categories.
        """
        require_unchanged(release, self.columns, step=self.name)
        changed = [self._changed(release, column, context) for column in self.columns]
        return release.with_columns(*changed)

    def _changed(self, release: Release, column: str, context: StepContext) -> ReleasedColumn:
        domain = release.source.domain(column)
        codes = release.source.codes[column]
        counts = np.bincount(codes[release.row_mask], minlength=domain.cardinality)[:-2]
        # By name, so that a new order of the values draws no other matrix.
        levels = np.array(
            sorted(np.flatnonzero(counts).tolist(), key=domain.leaves.__getitem__), np.int64
        )
        if levels.size > MOST_CATEGORIES:
            raise PrivacyToolError(
                f"The column {column!r} has {levels.size:,} categories, and the step {self.name!r} "
                f"takes at most {MOST_CATEGORIES:,}. Generalise the column instead."
            )
        draw = generator(release, context, self.name, column)
        stay = draw.uniform(self.pd, 1.0, levels.size)
        reached = np.cumsum(invariant_matrix(counts[levels], stay, self.alpha), axis=1)
        place = draw.random(codes.size)
        explicit = codes.astype(np.int32)
        by_code = release.record_index[np.argsort(codes[release.row_mask], kind="stable")]
        first = np.cumsum(counts) - counts
        for i, level in enumerate(levels.tolist()):
            records = by_code[first[level] : first[level] + counts[level]]
            # Scaled to the row's sum, which may differ from 1 in the last digit.
            drawn = np.searchsorted(reached[i], place[records] * reached[i, -1], side="right")
            explicit[records] = levels[np.minimum(drawn, levels.size - 1)]
        return ReleasedColumn(
            column, Nodes.identity(domain.leaves), explicit=explicit, perturbed=True
        )


def invariant_matrix(
    counts: NDArray[np.int64], stay: NDArray[np.float64], alpha: float
) -> NDArray[np.float64]:
    """
    Return transition probabilities that leave the counts as they are in expectation.

    P has `stay` on its diagonal and spreads the rest of each row evenly; Q holds, by Bayes' rule,
    the probabilities of each original category given the drawn one. R = alpha P Q + (1 - alpha) I,
    and counts R = counts.

    Parameters
    ----------
    counts : int64[L]
        How often each category occurs, at least once.
    stay : float64[L]
        Above 0.
    alpha : float

    Returns
    -------
    float64[L, L]
        Row: original category; column: released category.

    Examples
    --------
    >>> invariant_matrix(np.array([1, 3]), np.array([0.5, 0.5]), 1.0).tolist()
    [[0.25, 0.75], [0.25, 0.75]]
    """
    levels = counts.size
    rest = (1.0 - stay) / max(1, levels - 1)
    transition = np.repeat(rest[:, None], levels, axis=1)
    np.fill_diagonal(transition, stay if levels > 1 else 1.0)
    joint = transition * counts[:, None]
    backward = (joint / joint.sum(axis=0)).T
    return np.asarray(
        alpha * (transition @ backward) + (1.0 - alpha) * np.eye(levels), dtype=np.float64
    )
