"""What each cell of a column lost: of its domain, and of the levels of its hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import NotComputed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain
    from microdata.hierarchy import Hierarchy
    from microdata.measure import Context
    from microdata.release import Release, ReleasedColumn

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
    What became of the cells of one quasi-identifier, over all n0 original records.

    Means count a cell that left with its record or its column as 1.

    Parameters
    ----------
    column : str
    leaves : int
        D, the number of values in the declared domain and the data.
    n_original : int
        Number of original cells, n0.
    share : float
        Mean of |L| / D: 1 for a suppressed cell, 1 / D for a missing one that stays missing.
    ncp : float
        Mean of |L| / D, or 0 for a single value and 1 for a cell that says nothing.
    iyengar : float
        Mean of (|L| - 1) / (D - 1), 1 for a cell that says nothing.
    level : float or NotComputed
        Mean of level / height.
    silent : int
        How many cells say nothing: ``*``, a label that covers all of several values, or lost.
    """

    column: str
    leaves: int
    n_original: int
    share: float
    ncp: float
    iyengar: float
    level: float | NotComputed
    silent: int


@dataclass(frozen=True, eq=False, kw_only=True)
class CodeLosses:
    """
    What each released code of a column lost, however many cells have it.

    Parameters
    ----------
    sizes : int64[m + 2]
        |L|: leaves below a label, 1 for missing, D for a suppressed cell.
    levels : float64[m + 2]
        The first level at which a label occurs, the height for a suppressed cell, 0 for a new name
        of one value, a value that the hierarchy does not know and a missing cell. NaN for a label
        of several values that stands at no level.
    table : float64[5, m + 2]
        Share, NCP, Iyengar's loss, level / height and 1 where a cell says nothing. NaN where the
        leaves or the level are not known.
    """

    sizes: NDArray[np.int64]
    levels: NDArray[np.float64]
    table: NDArray[np.float64]


def code_losses(release: Release, name: str) -> CodeLosses:
    """Return what each released code of a published column lost, counted once a column."""
    memo = release.columns[name].memo
    if _MEMO not in memo:
        memo[_MEMO] = _code_losses(release.columns[name], release.domain(name))
    losses: CodeLosses = memo[_MEMO]
    return losses


def _code_losses(column: ReleasedColumn, domain: Domain) -> CodeLosses:
    leaves = max(1, len(domain.leaves))
    sizes = np.append(column.nodes.sizes, [1, leaves])
    share = np.where(sizes < 1, np.nan, sizes / leaves)
    silent = (sizes == leaves) & (leaves > 1)
    silent[column.suppressed] = True
    height, levels = _levels(column, domain.hierarchy)
    table = np.stack(
        [
            share,
            np.where(silent, 1.0, np.where(sizes == 1, 0.0, share)),
            np.where(silent, 1.0, np.maximum((sizes - 1) / max(1, leaves - 1), 0.0)),
            levels / height,
            silent,
        ]
    )
    return CodeLosses(sizes=sizes, levels=levels, table=table)


def height_of(hierarchy: Hierarchy | None) -> int:
    """Return the level at which a column says nothing."""
    return 1 if hierarchy is None else max(1, hierarchy.height)


def _levels(column: ReleasedColumn, hierarchy: Hierarchy | None) -> tuple[int, NDArray[np.float64]]:
    height = height_of(hierarchy)
    levels = np.where(np.append(column.nodes.sizes, [1, 1]) > 1, np.nan, 0.0)
    levels[column.suppressed] = height
    if hierarchy is not None:
        first: dict[str, int] = {}
        for depth in range(hierarchy.height, -1, -1):
            first.update(dict.fromkeys(hierarchy.levels[depth].labels, depth))
        for code, label in enumerate(column.nodes.labels):
            levels[code] = first.get(label, levels[code])
    return height, levels


def cells_of(release: Release, column: str) -> Cells | NotComputed:
    """Return the cells of a column; not computed where a released value has no leaves."""
    lost, kept = release.original_records, np.zeros(5)
    if column in release.columns:
        if release.origin is None:
            change = release.change(column)
            released, n = change.released, change.n
        else:
            counts = np.bincount(release.codes(column))
            released = np.flatnonzero(counts)
            n = counts[released]
        kept = code_losses(release, column).table[:, released] @ n
        lost = release.suppressed_records
    share, ncp, iyengar, level, silent = (kept + lost).tolist()
    if isnan(share):
        return of_unknown_values(column)
    n0 = release.original_records
    return Cells(
        column=column,
        leaves=len(release.domain(column).leaves),
        n_original=n0,
        share=share / n0,
        ncp=ncp / n0,
        iyengar=iyengar / n0,
        level=of_no_level(column) if isnan(level) else level / n0,
        silent=int(silent),
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


def of_no_level(column: str) -> NotComputed:
    """Return the reason for a column with labels that stand at no level of its hierarchy."""
    return NotComputed(
        reason=f"Released values of the column {column!r} stand at no level of its hierarchy."
    )


def cannot_compare(context: Context) -> NotComputed | None:
    """Return why a release cannot be compared with its original, or None."""
    if not context.roles.quasi_identifiers:
        return NotComputed(reason="No column is marked as a quasi-identifier.")
    return None


def quality(value: float, best: float, worst: float) -> float:
    """Return 1 at the best value and 0 at the worst, clipped to that range."""
    return min(1.0, max(0.0, 1.0 - (value - best) / (worst - best)))
