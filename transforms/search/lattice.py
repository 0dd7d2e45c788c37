"""Search the lattice of levels for the best node, with proof."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from transforms.search.judge import Judge, Judged
from transforms.search.large import beam, bound_by_groups
from transforms.search.nodes import MAX_LISTED, FinerMarks, NodeVectors, lattice_size
from transforms.search.scores import Score, Scorer

MAX_RUNNERS_UP = 5

_PIECE = 256

_BEAM_SHARE, _BOUND_SHARE = 0.4, 0.6
"""Of the time, by when the first node and the first bound of a large lattice must be there."""

OnProgress = Callable[[int, int], bool]
"""Called with the nodes looked at and the nodes there are; returns False to stop the search."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """
    What the search of a lattice came to.

    Parameters
    ----------
    best : tuple of Judged
        Admissible nodes that were looked at, best first; empty where there is none.
    bound : Score, optional
        No admissible node has a lower score than this. None where the search did not get so far.
    optimal : bool
        Whether the first is proven to be the best, or that there is none.
    nodes, evaluated : int
    """

    best: tuple[Judged, ...]
    bound: Score | None
    optimal: bool
    nodes: int
    evaluated: int


class LatticeSearch:
    """
    A best-first search with what each node that was looked at tells about the others.

    Nodes are taken in the order of a lower bound of their score, so that the first whose bound
    reaches the best score found ends the search. Where a node is inadmissible for a reason that
    holds at all finer ones, those are crossed out at once; to find such nodes early, a path from
    the node at hand to coarser ones is halved. What leaving records out must cost at finer nodes,
    and what merging must cost at coarser ones, raises their bounds. A lattice too large to be
    listed is first gone through for a good node, and for a bound by a few columns at a time.

    Parameters
    ----------
    judge : Judge
    scorer : Scorer
    levels : tuple of int
        How many levels each column has.
    seconds : float
        When to stop with the best node so far.
    on_progress : callable, optional
    """

    def __init__(
        self,
        judge: Judge,
        scorer: Scorer,
        levels: tuple[int, ...],
        seconds: float,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._judge, self._scorer, self._levels = judge, scorer, levels
        # What the next level of each column costs more; infinite above the last.
        self._steps = [[*np.diff(costs).tolist(), np.inf] for costs in scorer.costs]
        self._begun, self._seconds = time.monotonic(), seconds
        self._on_progress = on_progress
        self._stopped = False
        self._judged: dict[tuple[int, ...], Judged] = {}
        self._admissible: list[Judged] = []
        self._best: Judged | None = None
        self._dead = FinerMarks(levels)
        self._above = NodeVectors(levels)  # what leaving out costs at least at all finer nodes
        self._below = NodeVectors(levels)  # what merging costs at least at all coarser nodes

    def run(self) -> Found:
        """Search until the best node is proven, or the time is over."""
        nodes = lattice_size(self._levels)
        bound = least = self._prepare() if nodes > MAX_LISTED else None
        optimal = not self._stopped
        for node in self._in_order() if optimal else ():
            if node in self._dead:
                # Of a large lattice, so many may be crossed out that time ends among them.
                if nodes > MAX_LISTED and self._is_after(1.0):
                    optimal = False
                    break
                continue
            floor = self._scorer.floor(node)
            bound = floor if least is None else max(floor, least)
            if self._best is not None and bound >= self._best.score:
                break
            self._look_into(node)
            if self._stopped:
                optimal = False
                break
        if optimal:
            bound = None if self._best is None else self._best.score
        ranked = heapq.nsmallest(MAX_RUNNERS_UP + 1, self._admissible, key=Judged.order)
        return Found(
            best=tuple(ranked),
            bound=bound,
            optimal=optimal,
            nodes=nodes,
            evaluated=len(self._judged),
        )

    def _is_after(self, share: float) -> bool:
        return time.monotonic() > self._begun + share * self._seconds

    def _prepare(self) -> Score | None:
        """Find a good node of a large lattice; return a score that no admissible node is below."""

        def look(node: tuple[int, ...]) -> Judged | None:
            if node in self._dead or self._stopped or self._is_after(_BEAM_SHARE):
                return None
            self._look_at(node)
            return self._judged[node]

        def ruled_out(node: tuple[int, ...]) -> bool:
            if node not in self._dead and not self._stopped and not self._is_after(_BOUND_SHARE):
                self._look_at(node)
            return node in self._dead

        beam(self._levels, look)
        return bound_by_groups(self._levels, self._scorer, ruled_out)

    def _in_order(self) -> Iterator[tuple[int, ...]]:
        """Give the nodes in the order of the lower bound of their score."""
        if lattice_size(self._levels) > MAX_LISTED:
            yield from self._one_by_one()
            return
        order = np.argsort(self._scorer.floors(), kind="stable")
        # In pieces: most searches end long before the last node, and cross out most on the way.
        for start in range(0, order.size, _PIECE):
            piece = self._dead.without(order[start : start + _PIECE])
            axes = np.unravel_index(piece, self._levels)
            yield from zip(*(axis.tolist() for axis in axes), strict=True)

    def _one_by_one(self) -> Iterator[tuple[int, ...]]:
        """Give the same without a list: every node follows from exactly one finer node."""
        bottom = (0,) * len(self._levels)
        heap: list[tuple[Score, tuple[int, ...], int]] = [(self._scorer.floor(bottom), bottom, 0)]
        while heap:
            _, node, raised = heapq.heappop(heap)
            yield node
            for i in range(raised, len(node)):
                if node[i] + 1 < self._levels[i]:
                    coarser = (*node[:i], node[i] + 1, *node[i + 1 :])
                    heapq.heappush(heap, (self._scorer.floor(coarser), coarser, i))

    def _look_into(self, node: tuple[int, ...]) -> None:
        if self._beaten(node):
            return
        if self._judge.tells_of_finer and self._crossed_out_from_above(node):
            return
        if not self._stopped and not self._beaten(node):
            self._look_at(node)

    def _crossed_out_from_above(self, node: tuple[int, ...]) -> bool:
        """Halve a path to coarser nodes for one that crosses this node out."""
        path = self._path(node)
        low, high = 0, len(path) - 1
        middle = high
        while low <= high and not self._stopped:
            self._look_at(path[middle])
            if node in self._dead or self._beaten(node):
                return True
            high = middle - 1
            middle = (low + high) // 2
        return False

    def _path(self, node: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Return coarser and coarser nodes while they could still be best, cheapest steps first."""
        path: list[tuple[int, ...]] = []
        steps = self._steps
        while True:
            cheapest = min((steps[i][level], i) for i, level in enumerate(node))
            if cheapest[0] == np.inf:
                return path
            i = cheapest[1]
            node = (*node[:i], node[i] + 1, *node[i + 1 :])
            if self._best is not None and self._scorer.floor(node) >= self._best.score:
                return path
            path.append(node)

    def _beaten(self, node: tuple[int, ...]) -> bool:
        """Whether what is known of other nodes says that this one cannot be better."""
        if self._best is None:
            return False
        merged = self._below.largest_below(node)
        left_out = self._above.largest_above(node)
        if merged is None and left_out is None:
            return self._scorer.floor(node) >= self._best.score
        least = self._scorer.least_generalized(node)
        if merged is not None:
            least = np.maximum(least, merged)
        if left_out is not None:
            least = least + left_out
        return self._scorer.score(least) >= self._best.score

    def _look_at(self, node: tuple[int, ...]) -> None:
        if node in self._judged:
            return
        judged = self._judge.judge(node)
        self._judged[node] = judged
        if judged.finer_fail:
            self._dead.cross_out_finer(node)
        if judged.finer_cost is not None:
            self._above.add(node, judged.finer_cost)
        if judged.coarser_cost is not None:
            self._below.add(node, judged.coarser_cost)
        if judged.admissible:
            self._admissible.append(judged)
            if self._best is None or judged.order() < self._best.order():
                self._best = judged
        if self._is_after(1.0) or (
            self._on_progress is not None
            and not self._on_progress(len(self._judged), lattice_size(self._levels))
        ):
            self._stopped = True
