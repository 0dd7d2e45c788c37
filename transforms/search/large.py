"""What helps where there are too many nodes to go through: a good node soon, and a proven bound."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

from transforms.search.judge import Judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transforms.search.scores import Score, Scorer

Node = tuple[int, ...]

BEAM_WIDTH = 6
"""Nodes that are followed at once on the way to finer levels."""

MAX_GROUP = 256
"""Nodes of a group of columns that are looked at for the bound."""


def beam(levels: Node, look: Callable[[Node], Judged | None]) -> None:
    """
    Look for a good node from the coarsest one down, a level of a column at a time.

    `look` judges a node; it says None of one that cannot be admissible, or when time is over.

    Of the finer neighbours of the nodes at hand, the admissible ones of lowest score are followed.
    Every node above an admissible one is admissible where parts of failing classes fail, so that
    a way to the best node exists; another of lower scores may crowd it out. At last, the
    neighbours of the best node and exchanges of a level between two of its columns are tried.
    """
    top = tuple(number - 1 for number in levels)
    first = look(top)
    if first is None or not first.admissible:
        return
    best, front, seen = first, [first], {top}
    while front:
        found = []
        for judged in front:
            for finer in _steps(judged.node, levels, (-1,)):
                if finer not in seen:
                    seen.add(finer)
                    candidate = look(finer)
                    if candidate is not None and candidate.admissible:
                        found.append(candidate)
        front = heapq.nsmallest(BEAM_WIDTH, found, key=Judged.order)
        best = min([best, *front], key=Judged.order)
    while True:
        near = [
            candidate
            for node in _near(best.node, levels)
            if (candidate := look(node)) is not None and candidate.admissible
        ]
        better = min(near, key=Judged.order, default=best)
        if better.order() >= best.order():
            return
        best = better


def _steps(node: Node, levels: Node, sizes: tuple[int, ...]) -> Iterator[Node]:
    for i, level in enumerate(node):
        for size in sizes:
            if 0 <= level + size < levels[i]:
                yield (*node[:i], level + size, *node[i + 1 :])


def _near(node: Node, levels: Node) -> Iterator[Node]:
    for other in _steps(node, levels, (-1, 1)):
        yield other
        yield from (last for last in _steps(other, levels, (-1, 1)) if last != node)


def bound_by_groups(
    levels: Node, scorer: Scorer, ruled_out: Callable[[Node], bool]
) -> Score | None:
    """
    Return a score that no admissible node is below, from a few columns at a time.

    A node whose columns but for a group are generalised fully, and of which all finer nodes fail,
    rules its levels of the group out for every node. What the cheapest levels of each group that
    are not ruled out cost together, no admissible node can cost less. None where one score is not
    made up of the columns' one by one, as with "rank".
    """
    if len(scorer.floor((0,) * len(levels))) != 1:
        return None
    top = tuple(number - 1 for number in levels)
    cheapest = [0] * len(levels)
    for group in _groups(levels):
        for node in _in_order(group, levels, scorer):
            chosen = tuple(node[i] if i in group else level for i, level in enumerate(top))
            if not ruled_out(chosen):
                break
        for i in group:
            cheapest[i] = node[i]
    return scorer.floor(tuple(cheapest))


def _groups(levels: Node) -> list[list[int]]:
    """Return the columns in groups of not too many nodes each."""
    groups: list[list[int]] = []
    for i, number in enumerate(levels):
        if groups and math.prod(levels[j] for j in groups[-1]) * number <= MAX_GROUP:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _in_order(group: list[int], levels: Node, scorer: Scorer) -> list[Node]:
    nodes = [(0,) * len(levels)]
    for i in group:
        nodes = [(*n[:i], level, *n[i + 1 :]) for n in nodes for level in range(levels[i])]
    return sorted(nodes, key=scorer.floor)
