"""How much information about the original values is left, in bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import (
    ALL_CONSTANT,
    CONSTANT,
    all_cells,
    cannot_compare,
    code_losses,
    height_of,
    quality,
)
from utility.kernels import bits_by_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.measure import Context
    from microdata.release import Change, Release

_MEMO = "entropy"
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
        if not isinstance(columns, NotComputed) and context.release.origin is not None:
            columns = NOT_KNOWN_WHICH
        if isinstance(columns, NotComputed):
            return MeasureResult(figures=dict.fromkeys((headline, raw, arx), columns))
        figures: dict[Path, Figure] = {}
        loss = most = arx_loss = 0.0
        arx_unknown: NotComputed | None = None
        for cells in columns:
            lost, worst = _entropy(context.release, cells.column)
            loss, most = loss + lost, most + worst
            path = ("utility", "by_column", cells.column, "non_uniform_entropy")
            figures[path] = Estimate(value=quality(lost, 0.0, worst)) if worst > 0 else CONSTANT
            if isinstance(cells.level, NotComputed):
                arx_unknown = cells.level
            else:
                arx_loss += _entropy_arx(context.release, cells.column)
        bits = ("In bits, summed over all cells of the quasi-identifiers.",)
        figures[headline] = Estimate(value=quality(loss, 0.0, most)) if most > 0 else ALL_CONSTANT
        figures[raw] = Estimate(value=loss, caveats=bits)
        figures[arx] = arx_unknown or (
            Estimate(value=quality(arx_loss, 0.0, most)) if most > 0 else ALL_CONSTANT
        )
        return MeasureResult(figures=figures)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Original:
    """
    What a column tells before anything is changed.

    ``bits`` float64[D + 1] is what a suppressed cell of each value loses, missing last; `most` is
    their sum over all cells. ``groups`` int32[height + 1, D + 1] numbers the label of each value
    at each level.
    """

    bits: NDArray[np.float64]
    most: float
    groups: NDArray[np.int32]


def _original(table: EncodedTable, column: str) -> _Original:
    key = (_MEMO, column)
    if key not in table.memo:
        counts = table.counts(column).astype(np.float64)
        bits = np.zeros(counts.size)
        held = counts > 0
        bits[held] = np.log2(counts.sum() / counts[held])
        table.memo[key] = _Original(
            bits=bits, most=float(bits @ counts), groups=_groups(table, column)
        )
    original: _Original = table.memo[key]
    return original


def _groups(table: EncodedTable, column: str) -> NDArray[np.int32]:
    domain = table.domain(column)
    height = height_of(domain.hierarchy)
    groups = np.tile(np.arange(len(domain.leaves) + 1, dtype=np.int32), (height + 1, 1))
    if domain.hierarchy is not None:
        for level in range(height):
            declared = domain.hierarchy.levels[level].lookup
            _, first = np.unique(declared, return_index=True)
            groups[level, : declared.size] = first[declared]
    groups[height] = 0
    return groups


def _entropy(release: Release, column: str) -> tuple[float, float]:
    """Return the loss of a column in bits, and its loss at full suppression."""
    original = _original(release.source, column)
    if column not in release.columns:
        return original.most, original.most
    change = release.change(column)
    loss = float(original.bits @ change.suppressed[: original.bits.size])
    return loss + float(_kept_bits(release, column, change) @ change.n), original.most


def _kept_bits(release: Release, name: str, change: Change) -> NDArray[np.float64]:
    """Return what each kind of kept cell loses: once a column where a value has one label."""
    column = release.columns[name]
    if column.lookup is None:
        return _bits(release, name, change.original, change.released)
    if _MEMO not in column.memo:
        every = np.flatnonzero(release.source.counts(name))
        bits = np.zeros(column.lookup.size)
        bits[every] = _bits(release, name, every, column.lookup[every])
        column.memo[_MEMO] = bits
    memo: NDArray[np.float64] = column.memo[_MEMO]
    return memo[change.original]


def _bits(
    release: Release, name: str, original: NDArray[Any], released: NDArray[np.int32]
) -> NDArray[np.float64]:
    counts = release.source.counts(name).astype(np.float64)
    nodes = release.columns[name].nodes
    running = np.append(0.0, np.cumsum(counts[nodes.members]))
    group = np.append(np.diff(running[nodes.offsets]), [counts[-1], counts.sum()])[released]
    own = counts[original]
    # Never below zero: a released value that leaves its original value out hides it no less.
    return np.asarray(np.log2(np.maximum(group, own) / own))


def _entropy_arx(release: Release, column: str) -> float:
    """
    Return the loss of a column in bits as ARX counts it.

    Level by level upwards, over the cells at that level or above: -log2 of how often the value of
    the last level occurs among them, by how often the value of this level does.
    """
    original = _original(release.source, column)
    if column not in release.columns:
        return original.most
    change = release.change(column)
    levels = code_losses(release, column).levels[change.released]
    return float(
        bits_by_level(levels, change.original, change.n, change.suppressed[:-1], original.groups)
    )
