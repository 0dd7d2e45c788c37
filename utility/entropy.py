"""How much information about the original values is left, in bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import (
    ALL_CONSTANT,
    CONSTANT,
    Cells,
    all_cells,
    cannot_compare,
    quality,
    released_levels,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release

NOT_KNOWN_WHICH = NotComputed(
    reason="This release was made elsewhere, so it is not known which original record became which."
)


@dataclass(frozen=True, kw_only=True)
class NonUniformEntropy:
    """
    How much information about the original values is left.

    The loss of a cell with original value x and released value g is
    -log2(freq(x) / sum of freq(y) over y in g), with the frequencies of the ORIGINAL table; a
    suppressed cell loses -log2(freq(x) / n0), a kept one in an unchanged column nothing. The figure
    is 1 - (sum over all cells) / (that sum at full suppression). ARX's quality, which counts the
    suppressed records within the suppressed set, stands among the raw scores as ``_arx``.

    References
    ----------
    Gionis & Tassa (2009), k-Anonymization with minimal loss of information, IEEE TKDE 21(2).
    """

    name: ClassVar[str] = "non-uniform-entropy"
    title: ClassVar[str] = "Non-uniform entropy"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Gionis & Tassa 2009"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure, by column and over all quasi-identifiers, and the loss in bits."""
        headline: Path = ("utility", "non_uniform_entropy")
        raw: Path = ("utility", "raw", "non_uniform_entropy")
        arx: Path = ("utility", "raw", "non_uniform_entropy_arx")
        columns = self.needs(context) or all_cells(context)
        if not isinstance(columns, NotComputed) and any(c.original is None for c in columns):
            columns = NOT_KNOWN_WHICH
        if isinstance(columns, NotComputed):
            return MeasureResult(figures=dict.fromkeys((headline, raw, arx), columns))
        figures: dict[Path, Figure] = {}
        loss = most = arx_loss = 0.0
        arx_unknown: NotComputed | None = None
        for cells in columns:
            lost, worst = _entropy(context.release, cells)
            loss, most = loss + lost, most + worst
            path = ("utility", "by_column", cells.column, "non_uniform_entropy")
            figures[path] = Estimate(value=quality(lost, 0.0, worst)) if worst > 0 else CONSTANT
            as_arx = _entropy_arx(context.release, cells)
            if isinstance(as_arx, NotComputed):
                arx_unknown = as_arx
            else:
                arx_loss += as_arx
        bits = ("In bits, summed over all cells of the quasi-identifiers.",)
        figures[headline] = Estimate(value=quality(loss, 0.0, most)) if most > 0 else ALL_CONSTANT
        figures[raw] = Estimate(value=loss, caveats=bits)
        figures[arx] = arx_unknown or (
            Estimate(value=quality(arx_loss, 0.0, most)) if most > 0 else ALL_CONSTANT
        )
        return MeasureResult(figures=figures)


def _entropy(release: Release, cells: Cells) -> tuple[float, float]:
    """Return the loss of a column in bits, and its loss at full suppression."""
    counts = (release.origin or release.source).counts(cells.column).astype(np.float64)
    total = counts.sum()
    held = counts > 0
    alone = np.zeros(counts.size)
    alone[held] = np.log2(total / counts[held])
    worst = float(alone @ counts)
    loss = float(alone @ cells.lost)
    if cells.n.size and cells.original is not None:
        column = release.columns[cells.column]
        running = np.append(0.0, np.cumsum(counts[column.nodes.members]))
        below = np.diff(running[column.nodes.offsets])
        group = np.append(below, [counts[-1], total])[cells.released]
        own = counts[cells.original]
        # Never below zero: a released value that leaves its original value out hides it no less.
        loss += float(np.log2(np.maximum(group, own) / own) @ cells.n)
    return loss, worst


def _entropy_arx(release: Release, cells: Cells) -> float | NotComputed:
    """
    Return the loss of a column in bits as ARX counts it.

    Level by level upwards, over the cells at that level or above: -log2 of how often the value of
    the last level occurs among them, by how often the value of this level does.
    """
    levels = released_levels(release, cells)
    if isinstance(levels, NotComputed) or cells.original is None:
        return levels if isinstance(levels, NotComputed) else NOT_KNOWN_WHICH
    of_kind, height = levels
    leaves = cells.leaves + 1  # missing is the last
    at = np.zeros((height + 1, leaves))
    np.add.at(at, (of_kind, cells.original), cells.n)
    at[height] += cells.lost
    loss = 0.0
    value = np.arange(leaves)
    for level in range(height + 1):
        if not at[level].any():
            continue
        still = at[level:].sum(axis=0)
        higher = _values_at(release, cells, level, height)
        low = np.bincount(value, weights=still, minlength=leaves)[value]
        high = np.bincount(higher, weights=still, minlength=leaves)[higher]
        there = still > 0
        loss += float(np.log2(high[there] / low[there]) @ still[there])
        value = higher
    return loss


def _values_at(release: Release, cells: Cells, level: int, height: int) -> NDArray[np.int64]:
    """Return a number for the label of each leaf, missing last, at a level."""
    own = np.arange(cells.leaves + 1)
    if level == height:
        return np.zeros_like(own)
    hierarchy = release.domain(cells.column).hierarchy
    if hierarchy is None:
        return own
    declared = hierarchy.levels[level].lookup.astype(np.int64)
    _, first = np.unique(declared, return_index=True)
    own[: declared.size] = first[declared]
    return own
