"""Recoding that differs from record to record: levels by round, and the groups that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import classes_of
from microdata.hierarchy import SUPPRESSED, Nodes
from microdata.keys import key_layout
from microdata.release import ReleasedColumn
from transforms.group_judge import GroupJudge, class_of_record
from transforms.local_kernels import group_open, next_round

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.population import Population
    from microdata.release import Release
    from microdata.roles import Roles
    from risk.models import PrivacyModel


@dataclass(frozen=True, eq=False)
class LeveledColumn:
    """
    A column at several levels of its hierarchy, in one set of codes.

    An observer sees labels and not levels, so equal labels of two levels have one code.

    Parameters
    ----------
    name : str
    labels : tuple of str
        L labels; code L is missing and L + 1 suppressed.
    codes : mapping of int to int32[D + 2]
        For each level the code of each original code; -1 for a value that it does not cover.
    shared : bool
        Whether a label stands at more than one of the levels.
    leveled : bool
        Whether it has levels to choose from; False for a column that stays as it is.
    """

    name: str
    labels: tuple[str, ...]
    codes: Mapping[int, NDArray[np.int32]]
    shared: bool
    leveled: bool = True

    @property
    def cardinality(self) -> int:
        """Number of codes, the two reserved ones included."""
        return len(self.labels) + 2

    @classmethod
    def of(cls, source: EncodedTable, name: str, levels: Iterable[int]) -> LeveledColumn:
        """Return a column of a table at some levels; refuse values that one does not cover."""
        columns = {}
        for level in sorted(set(levels)):
            columns[level] = ReleasedColumn.generalized(source.domain(name), level)
            columns[level].require_covered(source)
        position: dict[str, int] = {}
        for column in columns.values():
            for label in column.nodes.labels:
                if label != SUPPRESSED:  # an original value that reads so says as little
                    position.setdefault(label, len(position))
        codes = {}
        for level, column in columns.items():
            missing, suppressed = len(position), len(position) + 1
            of_label = [position.get(label, suppressed) for label in column.nodes.labels]
            fresh = np.array([*of_label, missing, suppressed, -1], np.int32)
            codes[level] = fresh[np.asarray(column.lookup)]
        shared = sum(len(c.nodes.labels) for c in columns.values()) > len(position)
        return cls(name, tuple(position), MappingProxyType(codes), shared)

    @classmethod
    def kept(cls, column: ReleasedColumn) -> LeveledColumn:
        """Return a column that stays as it is released."""
        same = np.arange(column.cardinality, dtype=np.int32)
        return cls(
            column.name,
            column.nodes.labels,
            MappingProxyType({0: same}),
            shared=False,
            leveled=False,
        )

    def nodes(self, used: Mapping[int, NDArray[np.bool_]]) -> tuple[Nodes, NDArray[np.int32]]:
        """
        Return the released values that occur, and the released code of each of these codes.

        Parameters
        ----------
        used : mapping of int to bool[L + 2]
            For each level that occurs, which codes occur at it.
        """
        count, most = len(self.labels), 0
        node, leaf = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for level, occurs in used.items():
            below = self.codes[level][:-2]  # without missing and suppressed
            most = below.size
            covered = np.flatnonzero((below >= 0) & (below < count) & occurs[below])
            node.append(below[covered].astype(np.int64))
            leaf.append(covered)
        pairs = np.unique(np.concatenate(node) * max(1, most) + np.concatenate(leaf))
        of_node, members = pairs // max(1, most), pairs % max(1, most)
        kept = np.unique(of_node)
        offsets = np.append(np.searchsorted(of_node, kept), of_node.size).astype(np.int64)
        fresh = np.full(count + 2, -1, np.int32)
        fresh[kept] = np.arange(kept.size, dtype=np.int32)
        fresh[count:] = [kept.size, kept.size + 1]
        labels = tuple(self.labels[code] for code in kept.tolist())
        return Nodes(labels, offsets, members.astype(np.int32)), fresh


class LocalRounds:
    """
    The classes of a release, recoded round by round until every group meets every model.

    Parameters
    ----------
    columns : tuple of LeveledColumn
        The quasi-identifiers of the judge's classes, in their order.
    judge : GroupJudge
    """

    def __init__(self, columns: tuple[LeveledColumn, ...], judge: GroupJudge) -> None:
        base = judge.base
        self._judge, self.columns = judge, columns
        layout = key_layout({column.name: column.cardinality for column in columns})
        self._fields = np.array([(f.word, f.shift) for f in layout], np.int64).reshape(-1, 2)
        self._words = layout[-1].word + 1 if layout else 1
        flat: list[NDArray[np.int32]] = []
        self._start: list[dict[int, int]] = []
        position = 0
        for column in columns:
            self._start.append({})
            for level, codes in column.codes.items():
                self._start[-1][level] = position
                flat.append(codes)
                position += codes.size
        self._lookup = np.concatenate([np.empty(0, np.int32), *flat])
        # Groups of two rounds can only be one where a label stands at two levels.
        self._may_join = any(column.shared for column in columns)
        self._released = np.empty((self._words, 0), np.uint64)
        self._released_rows = np.empty(0, np.int64)
        self._class_of = np.full(base.n_classes, -1, np.int32)
        self.groups = 0
        self.round_of = np.full(base.n_classes, -1, np.int32)
        self.rounds: list[tuple[int, ...]] = []
        self._open = np.arange(base.n_classes)
        self._codes = np.empty((base.n_classes, len(columns)), np.int32)
        for i, column in enumerate(columns):
            self._codes[:, i] = base.codes(column.name)
        self._rows = base.rows

    @property
    def left(self) -> int:
        """Records that are in no released group yet."""
        return int(self._rows.sum())

    @property
    def open_tuples(self) -> int:
        """Classes of the original that are in no released group yet."""
        return int(self._open.size)

    def recode(self, levels: tuple[int, ...], least: int = 1) -> int:
        """
        Recode the open records to levels, and release the groups that meet every model.

        Parameters
        ----------
        levels : tuple of int
            One a column.
        least : int
            Change nothing where fewer records would be released.

        Returns
        -------
        int
            How many records were released.
        """
        start = np.array([s[level] for s, level in zip(self._start, levels, strict=True)], np.int64)
        keys, group, total = group_open(
            self._codes, self._rows, (self._lookup, start, self._fields), self._released
        )
        known = self._released.shape[1]
        total[:known] += self._released_rows
        if int(self._rows[(total >= self._judge.least)[group]].sum()) < max(1, least):
            return 0
        of_base = self._class_of.copy() if self._may_join else np.full_like(self._class_of, -1)
        of_base[self._open] = group
        passes = ~self._judge.failing(of_base, total)
        chosen = passes[group]
        found = int(self._rows[chosen].sum())
        if found < max(1, least):
            return 0
        fresh = np.flatnonzero(passes[known:]) + known
        self.groups += fresh.size
        if self._may_join:
            number = np.arange(total.size, dtype=np.int32)
            number[fresh] = known + np.arange(fresh.size, dtype=np.int32)
            self._class_of[self._open[chosen]] = number[group[chosen]]
            joined = np.flatnonzero(passes[:known])
            self._released_rows[joined] = total[joined]
            self._released = np.concatenate([self._released, keys[:, fresh]], axis=1)
            self._released_rows = np.append(self._released_rows, total[fresh])
        self.round_of[self._open[chosen]] = len(self.rounds)
        self.rounds.append(levels)
        still = ~chosen
        self._open, self._rows = self._open[still], self._rows[still]
        self._codes = self._codes[still]
        return found

    def starts(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where the codes of each column begin for choices of levels: int64[v, d]."""
        table = np.zeros_like(nodes)
        for c, start in enumerate(self._start):
            of_level = np.full(max(start) + 1, -1, np.int64)
            of_level[list(start)] = list(start.values())
            table[:, c] = of_level[nodes[:, c]]
        return table

    def next_round(self, starts: NDArray[np.int64], least: int) -> int:
        """
        Return the first of some choices of levels at which enough records may be released.

        Groups are asked for their size alone: every choice that is passed over releases too few.
        """
        layout = (self._lookup, starts, self._fields)
        asked = (self._judge.least, max(1, least))
        return int(next_round(self._codes, self._rows, layout, self._released, asked))

    def released_columns(self, release: Release) -> tuple[ReleasedColumn, ...]:
        """Return the columns that have levels, as the rounds release them."""
        made = []
        for i, column in enumerate(self.columns):
            if column.leveled:
                by_round = np.array([levels[i] for levels in self.rounds] + [-1], np.int64)
                made.append(self._released_column(release, column, by_round[self.round_of]))
        return tuple(made)

    def _released_column(
        self, release: Release, column: LeveledColumn, level_of: NDArray[np.int64]
    ) -> ReleasedColumn:
        base, domain = self._judge.base, release.source.domain(column.name)
        levels = np.unique(level_of[level_of >= 0]).tolist() or [min(column.codes)]
        if len(levels) == 1:  # the same value always becomes the same label: there is a rule
            return ReleasedColumn.generalized(domain, levels[0])
        original = base.codes(column.name)
        code = np.full(base.n_classes, column.cardinality - 1, np.int32)
        used = {}
        for level in levels:
            here = level_of == level
            code[here] = column.codes[level][original[here]]
            used[level] = np.bincount(code[here], minlength=column.cardinality) > 0
        nodes, fresh = column.nodes(used)
        # Whoever is left out has no released value; a suppressed cell says so.
        explicit = np.full(release.source.records, len(nodes.labels) + 1, np.int32)
        explicit[release.record_index] = fresh[code][class_of_record(release, base)]
        return ReleasedColumn(column.name, nodes, explicit=explicit)

    def kept(self, release: Release) -> NDArray[np.bool_]:
        """Return which original records are in a released group: bool[n0]."""
        kept = np.zeros(release.source.records, bool)
        released = self.round_of >= 0
        kept[release.record_index] = released[class_of_record(release, self._judge.base)]
        return kept


def local_rounds(
    release: Release,
    roles: Roles,
    population: Population,
    levels: Mapping[str, Iterable[int]],
    models: tuple[PrivacyModel, ...],
) -> LocalRounds:
    """
    Return the open records of a release, before the first round.

    Parameters
    ----------
    release : Release
    roles : Roles
    population : Population
        Its size, for models that estimate from it.
    levels : mapping of str to levels
        The levels that rounds may give to some of the published quasi-identifiers, which no
        earlier step has changed.
    models : tuple of PrivacyModel
    """
    base = classes_of(release, roles, population)
    columns = tuple(
        LeveledColumn.of(release.source, name, levels[name])
        if name in levels
        else LeveledColumn.kept(release.columns[name])
        for name in base.columns
    )
    return LocalRounds(columns, GroupJudge(models, base, release, roles))
