"""How much of its domain each released cell of a column still covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import NotComputed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release

CONSTANT = NotComputed(
    reason="The column has one value only, so generalising cannot lose anything."
)
ALL_CONSTANT = NotComputed(
    reason="Every quasi-identifier has one value only, so generalising cannot lose anything."
)


_MEMO = "cells"


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """
    The cells of one quasi-identifier over all n0 original records, counted, not listed.

    Parameters
    ----------
    column : str
    leaves : int
        D, the number of values in the declared domain and the data.
    share : float64[p]
        |L| / D of each kind of cell: 1 for a suppressed cell, 1 / D for a missing one that stays
        missing.
    n : int64[p]
        How many kept cells there are of each kind; empty in a dropped column.
    released : int32[p]
        What each kind of cell became; empty in a dropped column.
    suppressed : bool[p]
        Whether a kind of cell says nothing: ``*``, or a label that covers all of several values.
    n_lost : int
        Cells that left with their record or their column.
    original : int32[p], optional
        What each kind of cell was. None for a release made elsewhere, where that is not known.
    lost : int64[D + 1]
        The lost cells by original value, missing last; empty where that is not known.
    """

    column: str
    leaves: int
    share: NDArray[np.float64]
    n: NDArray[np.int64]
    released: NDArray[np.int32]
    suppressed: NDArray[np.bool_]
    n_lost: int
    original: NDArray[np.int32] | None
    lost: NDArray[np.int64]

    @property
    def n_original(self) -> int:
        """Number of original cells, n0."""
        return self.n_lost + int(self.n.sum())

    def mean(self, loss: NDArray[np.float64]) -> float:
        """Return the mean of a loss over all n0 cells, in which a lost cell counts 1."""
        return (float(loss @ self.n) + self.n_lost) / self.n_original


def cells_of(release: Release, column: str) -> Cells | NotComputed:
    """Return the cells of a column; not computed where a released value has no leaves."""
    original_table = release.origin or release.source
    leaves = len(release.domain(column).leaves)
    if column not in release.columns:
        counts = original_table.counts(column)
        return Cells(
            column=column,
            leaves=leaves,
            share=np.empty(0),
            n=np.empty(0, np.int64),
            released=np.empty(0, np.int32),
            suppressed=np.empty(0, bool),
            n_lost=int(counts.sum()),
            original=np.empty(0, np.int32),
            lost=counts,
        )
    of_column = release.columns[column]
    original: NDArray[np.int32] | None = None
    lost = np.empty(0, np.int64)
    if release.origin is None:
        change = release.change(column)
        original, released, n = change.original, change.released, change.n
        lost = change.suppressed[: leaves + 1]
    else:
        counts = np.bincount(release.codes(column), minlength=of_column.cardinality)
        released = np.flatnonzero(counts).astype(np.int32)
        n = counts[released].astype(np.int64)
    sizes = np.append(of_column.nodes.sizes, [1, max(1, leaves)])[released]
    if np.any(sizes < 1):
        return of_unknown_values(column)
    return Cells(
        column=column,
        leaves=leaves,
        share=sizes / max(1, leaves),
        n=n,
        released=released,
        suppressed=((sizes == leaves) & (leaves > 1)) | (released == of_column.suppressed),
        n_lost=release.suppressed_records,
        original=original,
        lost=lost,
    )


def of_unknown_values(column: str) -> NotComputed:
    """Return the reason for a column with labels of which nobody knows what they stand for."""
    return NotComputed(
        reason=f"Released values of the column {column!r} do not say which original values they "
        "stand for."
    )


def all_cells(context: Context) -> tuple[Cells, ...] | NotComputed:
    """Return the cells of every quasi-identifier, or the first reason why one is not known."""
    if _MEMO not in context.memo:
        context.memo[_MEMO] = _all_cells(context)
    found: tuple[Cells, ...] | NotComputed = context.memo[_MEMO]
    return found


def _all_cells(context: Context) -> tuple[Cells, ...] | NotComputed:
    found: list[Cells] = []
    for column in context.roles.quasi_identifiers:
        cells = cells_of(context.release, column)
        if isinstance(cells, NotComputed):
            return cells
        found.append(cells)
    return tuple(found)


def released_levels(release: Release, cells: Cells) -> tuple[NDArray[np.int64], int] | NotComputed:
    """
    Return the level of each kind of cell, and the level of a suppressed one.

    The level is the first at which the released label occurs in the hierarchy; a new name for one
    value, a value that the hierarchy does not know and a missing cell stand at level 0.
    """
    hierarchy = release.domain(cells.column).hierarchy
    height = 1 if hierarchy is None else max(1, hierarchy.height)
    if not cells.n.size:
        return np.empty(0, np.int64), height
    column = release.columns[cells.column]
    first: dict[str, int] = {}
    if hierarchy is not None:
        for depth in range(hierarchy.height, -1, -1):
            first.update(dict.fromkeys(hierarchy.levels[depth].labels, depth))
    by_code = np.zeros(column.cardinality, np.int64)
    by_code[column.suppressed] = height
    for code in np.unique(cells.released[cells.released < column.missing]).tolist():
        label = column.nodes.labels[code]
        if label in first:
            by_code[code] = first[label]
        elif column.nodes.sizes[code] > 1:
            return NotComputed(
                reason=f"Released values of the column {cells.column!r} stand at no level of its "
                "hierarchy."
            )
    return by_code[cells.released], height


def cannot_compare(context: Context) -> NotComputed | None:
    """Return why a release cannot be compared with its original, or None."""
    if not context.roles.quasi_identifiers:
        return NotComputed(reason="No column is marked as a quasi-identifier.")
    return None


def quality(value: float, best: float, worst: float) -> float:
    """Return 1 at the best value and 0 at the worst, clipped to that range."""
    return min(1.0, max(0.0, 1.0 - (value - best) / (worst - best)))
