"""The whole lattice at once: what every choice of levels costs, for every k and every limit."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes
from microdata.measure import NotComputed
from microdata.population import Population
from risk.models import KAnonymity
from transforms.search.columns import search_columns
from transforms.search.nodes import lattice_size
from transforms.search.problem import allowed_records
from transforms.search.table import Codebook, TableStore
from transforms.search.walk import no_answers, packed, scoring_of, walk_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from transforms.search.lattice import OnProgress
    from transforms.search.problem import SearchProblem

LARGEST_K = 64
"""Every k up to here is answered, and the k of the problem where it is larger."""

MAX_PROFILED = 1 << 18
"""Choices of levels up to which a profile is made: about a third of a gigabyte."""

SAFE, WITHIN, OVER = range(3)
"""Nothing to leave out; no more than the limit; more than the limit."""


@dataclass(frozen=True, kw_only=True)
class ProfileNode:
    """
    One choice of levels for one k.

    Parameters
    ----------
    levels : mapping of str to int
    k : int
        Groups of fewer than this are left out.
    score : float
    suppressed : int
        Records left out.
    classes, smallest : int
        Groups of look-alikes that are kept, and people in the smallest of them.
    node : int
    """

    levels: Mapping[str, int]
    k: int
    score: float
    suppressed: int
    classes: int
    smallest: int
    node: int

    @property
    def risk(self) -> float:
        """The highest prosecutor risk: 1 / people of the smallest group."""
        return 1 / self.smallest


@dataclass(frozen=True, kw_only=True, eq=False)
class LatticeProfile:
    """
    What leaving out the groups of fewer than k people costs at every node, for every k.

    Nodes are numbered as the entries of an array of the shape `shape`, the last column fastest.
    Every answer is read from the profile, without another look at the table.

    Parameters
    ----------
    columns : tuple of str
    lowest : tuple of int
        The lowest level of each column that may be chosen.
    shape : tuple of int
        How many levels of each column may be chosen.
    k : int64[K]
    suppressed, classes, smallest : int32[nodes, K]
        Records left out, groups kept, and people in the smallest of those; 0 where none is kept.
    score : float64[nodes, K]
    records : int
    measure : str
        What the score counts, in the notation of the command line.
    seconds : float
    """

    columns: tuple[str, ...]
    lowest: tuple[int, ...]
    shape: tuple[int, ...]
    k: NDArray[np.int64]
    suppressed: NDArray[np.int32]
    classes: NDArray[np.int32]
    smallest: NDArray[np.int32]
    score: NDArray[np.float64]
    records: int
    measure: str
    seconds: float

    @property
    def nodes(self) -> int:
        """How many choices of levels there are."""
        return len(self.suppressed)

    @cached_property
    def _by_k(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Records left out and scores with the nodes of one k side by side."""
        return np.ascontiguousarray(self.suppressed.T), np.ascontiguousarray(self.score.T)

    def levels_of(self, node: int) -> dict[str, int]:
        """Return the level of each column at a node."""
        at = np.unravel_index(node, self.shape)
        return {
            name: low + int(level)
            for name, low, level in zip(self.columns, self.lowest, at, strict=True)
        }

    def node_of(self, levels: Mapping[str, int]) -> int:
        """
        Return the number of the node with some levels.

        Raises
        ------
        PrivacyToolError
            A column is missing, or a level may not be chosen.
        """
        at = []
        for name, low, number in zip(self.columns, self.lowest, self.shape, strict=True):
            if not low <= levels.get(name, -1) < low + number:
                raise PrivacyToolError(
                    f"The column {name!r} needs a level from {low} to {low + number - 1}."
                )
            at.append(levels[name] - low)
        return int(np.ravel_multi_index(at, self.shape))

    def neighbours(self, node: int) -> tuple[int, ...]:
        """Return the nodes that are one level higher or lower in one column."""
        at = [int(level) for level in np.unravel_index(node, self.shape)]
        found = []
        for column, number in enumerate(self.shape):
            for level in (at[column] - 1, at[column] + 1):
                if 0 <= level < number:
                    other = [*at[:column], level, *at[column + 1 :]]
                    found.append(int(np.ravel_multi_index(other, self.shape)))
        return tuple(found)

    def _place(self, k: int) -> int:
        place = int(np.searchsorted(self.k, k))
        if place == self.k.size or self.k[place] != k:
            raise PrivacyToolError(
                f"The profile answers for every k from 1 to {LARGEST_K}, and for the one it was "
                f"made for, but not for {k}. Choose another k."
            )
        return place

    def at(self, node: int, k: int) -> ProfileNode:
        """Return one node for one k."""
        place = self._place(k)
        return ProfileNode(
            levels=self.levels_of(node),
            k=k,
            score=float(self.score[node, place]),
            suppressed=int(self.suppressed[node, place]),
            classes=int(self.classes[node, place]),
            smallest=int(self.smallest[node, place]),
            node=node,
        )

    def _best_node(self, place: int, allowed: int) -> int | None:
        """Return the node of lowest score; of equal ones that with fewer left out, then finer."""
        left_out, score = (values[place] for values in self._by_k)
        admissible = np.flatnonzero(left_out <= min(allowed, self.records - 1))
        if not admissible.size:
            return None
        scores = score[admissible]
        ties = admissible[scores == scores.min()]
        return int(ties[np.argmin(left_out[ties])])

    def best(self, k: int, limit: float) -> ProfileNode | None:
        """Return the best node of those that leave out no more than a share of the records."""
        node = self._best_node(self._place(k), allowed_records(limit, self.records))
        return None if node is None else self.at(node, k)

    def frontier(self, limit: float) -> tuple[ProfileNode, ...]:
        """
        Return the releases that no other beats in both risk and loss, the finest first.

        Risk is that of the smallest group, up to the largest k of the profile. The k of each is
        the largest up to there that the release satisfies.
        """
        allowed = allowed_records(limit, self.records)
        found: list[ProfileNode] = []
        lowest = np.inf
        for place in range(self.k.size - 1, -1, -1):
            node = self._best_node(place, allowed)
            if node is not None and self.score[node, place] < lowest:
                lowest = self.score[node, place]
                found.append(self.at(node, int(self.k[place])))
        return tuple(reversed(found))

    def states(self, k: int, limit: float) -> NDArray[np.uint8]:
        """Return SAFE, WITHIN or OVER for every node: uint8[nodes]."""
        left_out = self._by_k[0][self._place(k)]
        allowed = min(allowed_records(limit, self.records), self.records - 1)
        states = np.where(left_out > allowed, OVER, np.where(left_out > 0, WITHIN, SAFE))
        return states.astype(np.uint8)


def _hindrance(problem: SearchProblem) -> NotComputed | None:
    """Return why there can be no profile, as far as the question alone tells."""
    if problem.roles.person is not None:
        return NotComputed(
            reason="Where one person has several rows, the groups at coarser levels cannot be "
            "counted from finer ones, so the choices of levels are not shown all at once."
        )
    others = [model.text() for model in problem.models if not isinstance(model, KAnonymity)]
    if others:
        return NotComputed(
            reason="All choices of levels at once are known for group sizes (k-anonymity) alone; "
            f"this rule needs a search of its own: {', '.join(others)}."
        )
    if problem.measure.aggregate == "rank":
        return NotComputed(
            reason="The losses of the columns are compared one after the other, so no choice of "
            "levels has one number that could be shown."
        )
    return None


def profile_lattice(
    problem: SearchProblem,
    source: EncodedTable,
    population: Population | None = None,
    *,
    seconds: float = 5.0,
    on_progress: OnProgress | None = None,
) -> LatticeProfile | NotComputed:
    """
    Measure every choice of levels, for every k and every suppression limit at once.

    Parameters
    ----------
    problem : SearchProblem
        Its suppression limit does not matter.
    source : EncodedTable
    population : Population, optional
    seconds : float
        After so long there is no profile.
    on_progress : callable, optional
        Called with the number of nodes done and of all nodes; returns False to stop.

    Raises
    ------
    PrivacyToolError
        Levels that a hierarchy does not have, or values that it does not cover.
    """
    hindrance = _hindrance(problem)
    if hindrance is not None:
        return hindrance
    begun = time.perf_counter()
    problem.roles.check_columns(source.domains)
    columns = search_columns(source, problem.quasi_identifiers, problem.levels)
    shape = tuple(column.levels for column in columns)
    nodes = lattice_size(shape)
    if nodes > MAX_PROFILED:
        return NotComputed(
            reason=f"There are {nodes:,} choices of levels, more than the {MAX_PROFILED:,} that "
            "are shown at once; the search for the best one works all the same."
        )
    book = Codebook(columns, base_classes(source, problem.roles, population or Population()))
    table = packed(TableStore(book, ()).at((0,) * len(columns)), book)
    if table is None:
        return NotComputed(
            reason="The quasi-identifiers have too many different values for all choices of "
            "levels to be shown at once; the search for the best one works all the same."
        )
    wanted = {model.k for model in problem.models if isinstance(model, KAnonymity)}
    ks = np.array(sorted({*range(1, LARGEST_K + 1), *wanted}), np.int64)
    answers = no_answers(shape, ks)
    scoring = scoring_of(problem, book)
    if not walk_all(table, scoring, answers, seconds=seconds, on_progress=on_progress):
        return NotComputed(
            reason=f"Measuring all {nodes:,} choices of levels takes longer than the {seconds:g} "
            "seconds allowed, so only the search for the best one is offered."
        )
    return LatticeProfile(
        columns=problem.quasi_identifiers,
        lowest=tuple(column.lowest for column in columns),
        shape=shape,
        k=ks,
        suppressed=answers.suppressed,
        classes=answers.classes,
        smallest=answers.smallest,
        score=answers.score,
        records=book.records,
        measure=problem.measure.text(),
        seconds=time.perf_counter() - begun,
    )
