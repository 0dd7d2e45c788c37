"""Splitting a table into parts of look-alikes, and what the parts are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import ColumnKind
from microdata.hierarchy import SUPPRESSED, Nodes
from microdata.kernels import group_keys
from microdata.kinds import date_values, numeric_values
from microdata.release import ReleasedColumn
from transforms.group_judge import class_of_record
from transforms.local_kernels import propose_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from microdata.encoding import Domain, EncodedTable
    from microdata.release import Release
    from transforms.group_judge import GroupJudge


@dataclass(frozen=True, eq=False)
class CutColumn:
    """
    The values of a column in the order in which they are cut.

    Parameters
    ----------
    domain : Domain
        D leaves.
    order : int32[D + 1]
        The original code of each rank; missing is the last.
    tree : int32[levels, D + 1]
        The node of each rank at each level, from the values themselves up to one node for all.
    share : float64[levels, D + 1]
        The share of the leaves that is below it.
    ordered : bool
        Whether a range of values can be told by its ends, as of numbers and dates.
    """

    domain: Domain
    order: NDArray[np.int32]
    tree: NDArray[np.int32]
    share: NDArray[np.float64]
    ordered: bool

    @classmethod
    def of(cls, source: EncodedTable, name: str) -> CutColumn:
        """Return a column of a table: numbers and dates by value, text by its hierarchy."""
        domain = source.domain(name)
        size = len(domain.leaves)
        values = _numbers(domain, source.dataset.read.decimal)
        levels = [np.arange(size)]
        if values is None and domain.hierarchy is not None:
            for level in domain.hierarchy.levels[1:]:
                apart = np.arange(len(level.labels), len(level.labels) + size - domain.declared)
                levels.append(np.append(level.lookup, apart))
        above = levels[1:] if values is None else [values]
        order = np.append(np.lexsort([_by_leaf(domain), *above]), size).astype(np.int32)
        # A missing cell is below no label but that of all.
        nodes = [np.append(level, level.max(initial=-1) + 1)[order] for level in levels]
        tree = np.array([*nodes, np.zeros(size + 1)], np.int32)
        below = [np.bincount(level)[level] / max(1, size) for level in tree[:-1]]
        share = np.array([*below, np.ones(size + 1)])
        return cls(domain, order, tree, share, values is not None)

    def label(self, low: int, high: int) -> tuple[str, NDArray[np.int32]]:
        """Return what the values between two different ranks are called, and those it covers."""
        missing = self.domain.missing
        if self.ordered and high < missing:
            covered = self.order[low : high + 1]
            ends = self.domain.leaves[covered[0]], self.domain.leaves[covered[-1]]
            return _range(*ends), np.sort(covered)
        level = int(np.argmax(self.tree[:, low] == self.tree[:, high]))
        if self.ordered or self.domain.hierarchy is None or level == len(self.tree) - 1:
            return SUPPRESSED, np.empty(0, np.int32)
        at = self.domain.hierarchy.levels[level]
        node = int(self.tree[level, low])
        return at.labels[node], np.flatnonzero(at.lookup == node).astype(np.int32)


def _by_leaf(domain: Domain) -> NDArray[np.int64]:
    """Return the place of each leaf: that in its hierarchy, or else that in the alphabet."""
    known = 0 if domain.hierarchy is None else domain.declared
    place = np.arange(len(domain.leaves))
    labels = np.array(domain.leaves[known:], dtype=object)
    place[known:][np.argsort(labels, kind="stable")] = np.arange(known, len(domain.leaves))
    return place


def _numbers(domain: Domain, decimal: str | None) -> NDArray[np.float64] | None:
    """Return the leaves as numbers where they have an order of their own, or None."""
    if domain.kind in {ColumnKind.INTEGER, ColumnKind.DECIMAL}:
        values = numeric_values(domain.leaves, decimal)
    elif domain.kind is ColumnKind.DATE:
        values = np.asarray(date_values(domain.leaves), np.float64)
    else:
        return None
    return None if np.isnan(values).any() else values


def _range(low: str, high: str) -> str:
    """Return the label of a range: ``20-29``, and ``-5 to 0`` where a sign could mislead."""
    plain = low[:1].isdigit() and high[:1].isdigit() and "-" not in low + high
    return f"{low}-{high}" if plain else f"{low} to {high}"


@dataclass(frozen=True, eq=False)
class Partition:
    """
    The parts into which a table was split.

    Parameters
    ----------
    columns : tuple of CutColumn
    ranks : int32[m, d]
        The rank of each class's value in each column.
    part : int32[m]
        The part of each class.
    """

    columns: tuple[CutColumn, ...]
    ranks: NDArray[np.int32]
    part: NDArray[np.int32]

    @classmethod
    def split(cls, columns: Sequence[CutColumn], judge: GroupJudge) -> Partition:
        """
        Split the classes of a release until no part can be split into two that meet every model.

        Parameters
        ----------
        columns : sequence of CutColumn
            The columns that may be cut; the others keep classes apart from the start.
        judge : GroupJudge
        """
        base = judge.base
        ranks = np.empty((base.n_classes, len(columns)), np.int32)
        for c, column in enumerate(columns):
            rank = np.argsort(column.order).astype(np.int32)
            ranks[:, c] = rank[base.codes(column.domain.column)]
        names = {column.domain.column for column in columns}
        part = np.zeros(base.n_classes, np.int32)
        if any(name not in names for name in base.columns):
            part, _ = group_keys(
                np.stack([base.codes(n).astype(np.uint64) for n in base.columns if n not in names])
            )
        trees = _padded(columns)
        tried = np.zeros((int(part.max(initial=-1)) + 1, len(columns)), bool)
        open_ = np.arange(base.n_classes)
        while open_.size:
            # The open classes, part by part; parts that are done are not looked at again.
            open_ = open_[np.argsort(part[open_], kind="stable")]
            first = np.flatnonzero(np.diff(part[open_], prepend=-1))
            numbers, offsets = part[open_[first]], np.append(first, open_.size)
            asked = tried[numbers]
            cut_in, last = propose_cuts(
                ranks[open_], (offsets, base.rows[open_]), trees, asked, judge.least
            )
            tried[numbers] = asked
            cut = np.flatnonzero(cut_in >= 0)
            if not cut.size:
                break
            # Both sides of a cut: 2 i and 2 i + 1 for the part at cut[i]; neither is empty.
            where = np.repeat(np.arange(numbers.size), np.diff(offsets))
            right = ranks[open_, np.maximum(cut_in, 0)[where]] > last[where]
            inside = cut_in[where] >= 0
            open_, right = open_[inside], right[inside]
            which = np.searchsorted(cut, where[inside])
            fails = _failing_sides(judge, 2 * which + right, open_)
            good = ~(fails[0::2] | fails[1::2])
            tried[numbers[cut[~good]], cut_in[cut[~good]]] = True
            tried[numbers[cut[good]]] = False
            fresh = np.full(cut.size, -1, np.int32)
            fresh[good] = len(tried) + np.arange(int(good.sum()), dtype=np.int32)
            moved = right & good[which]
            part[open_[moved]] = fresh[which[moved]]
            tried = np.concatenate([tried, np.zeros((int(good.sum()), len(columns)), bool)])
        return cls(tuple(columns), ranks, part)

    def released_columns(self, release: Release, judge: GroupJudge) -> tuple[ReleasedColumn, ...]:
        """Return the columns as the parts release them."""
        base, of_record = judge.base, class_of_record(release, judge.base)
        order = np.argsort(self.part, kind="stable")
        starts = np.unique(self.part[order], return_index=True)[1]
        of_class = np.empty(base.n_classes, np.int64)
        of_class[order] = np.repeat(
            np.arange(starts.size), np.diff(np.append(starts, base.n_classes))
        )
        made = []
        for c, column in enumerate(self.columns):
            sorted_ranks = self.ranks[order, c]
            low = np.minimum.reduceat(sorted_ranks, starts)
            high = np.maximum.reduceat(sorted_ranks, starts)
            nodes, code = _named(column, low, high)
            explicit = np.full(release.source.records, len(nodes.labels) + 1, np.int32)
            explicit[release.record_index] = code[of_class][of_record]
            made.append(ReleasedColumn(column.domain.column, nodes, explicit=explicit))
        return tuple(made)


def _failing_sides(
    judge: GroupJudge, side: NDArray[np.int64], open_: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which sides of cuts fail, in the order of their numbers; none is empty."""
    group = np.full(judge.base.n_classes, -1, np.int32)
    group[open_] = side
    total = np.bincount(side, weights=judge.base.rows[open_]).astype(np.int64)
    return judge.failing(group, total)


def _padded(
    columns: Sequence[CutColumn],
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the trees of all columns in arrays of one shape."""
    shape = (
        len(columns),
        max(len(column.tree) for column in columns),
        max(column.tree.shape[1] for column in columns),
    )
    tree, share = np.zeros(shape, np.int32), np.ones(shape)
    for c, column in enumerate(columns):
        levels, ranks = column.tree.shape
        tree[c, :levels, :ranks] = column.tree
        share[c, :levels, :ranks] = column.share
    return tree, share, np.array([column.ordered for column in columns])


def _named(
    column: CutColumn, low: NDArray[np.int32], high: NDArray[np.int32]
) -> tuple[Nodes, NDArray[np.int32]]:
    """Return the nodes of a column, and the released code of each part."""
    missing = column.domain.missing
    ends, which = np.unique(low.astype(np.int64) * (missing + 1) + high, return_inverse=True)
    position: dict[str, int] = {}
    leaves: list[NDArray[np.int32]] = []
    code = np.empty(ends.size, np.int32)
    for i, end in enumerate(ends.tolist()):
        first, last = divmod(end, missing + 1)
        if first == last == missing:
            code[i] = -1
            continue
        if first == last:
            leaf = int(column.order[first])
            label, below = column.domain.leaves[leaf], np.array([leaf], np.int32)
        else:
            label, below = column.label(first, last)
        if label == SUPPRESSED:
            code[i] = -2
            continue
        code[i] = position.setdefault(label, len(position))
        if code[i] == len(leaves):
            leaves.append(below)
        else:  # the same label at two levels: an observer cannot tell which
            leaves[code[i]] = np.union1d(leaves[code[i]], below).astype(np.int32)
    offsets = np.append(0, np.cumsum([below.size for below in leaves])).astype(np.int64)
    members = np.concatenate([np.empty(0, np.int32), *leaves]).astype(np.int32)
    code[code == -1] = len(position)
    code[code == -2] = len(position) + 1
    return Nodes(tuple(position), offsets, members), code[which]
