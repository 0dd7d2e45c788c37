"""What the compiled walk over a lattice needs, laid out from the columns of a search."""

from __future__ import annotations

import math
import os
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from transforms.search.formulas import height_shares, make_scorer
from transforms.search.profile_kernels import walk
from transforms.search.profile_parts import (
    ARITHMETIC,
    BY_COLUMN,
    BY_ENTROPY,
    CLASS_SIZE,
    GEOMETRIC,
    MAX,
    PRODUCTS,
    SQUARES,
    SUM,
    Answers,
    Classes,
    Fields,
    Scoring,
)
from transforms.search.scores import ByColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from transforms.search.lattice import OnProgress
    from transforms.search.problem import SearchProblem
    from transforms.search.table import ClassTable, Codebook

WORD = 64
"""Bits of a key."""

_WALKS = 12
"""Parts into which a lattice is cut at least, where it can be, for two threads to share."""

_LOOK_EVERY = 0.02

_AGGREGATES = {"geometric": GEOMETRIC, "arithmetic": ARITHMETIC, "sum": SUM, "max": MAX}
_BY_CLASS = {
    "discernibility": SQUARES,
    "discernibility-monotonic": SQUARES,
    "average-class-size": CLASS_SIZE,
    "ambiguity": PRODUCTS,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Packed:
    """
    The classes at the lowest levels, with keys of one word.

    Parameters
    ----------
    classes : Classes
    fields : Fields
    order : int64[d]
        The columns, those first that leave least of their values: what follows is small.
    """

    classes: Classes
    fields: Fields
    order: NDArray[np.int64]


def packed(table: ClassTable, book: Codebook) -> Packed | None:
    """Return the classes of the lowest levels with keys of one word; None where that is short."""
    classes = table.classes(book)
    d, deepest = len(book.columns), max(column.levels for column in book.columns)
    start, uniform = np.zeros((d, deepest), np.int64), np.zeros((d, deepest))
    shift, mask = np.zeros((2, d), np.uint64)
    keys = np.zeros(table.count.size, np.uint64)
    coarser: list[NDArray[np.int64]] = []
    leaves: list[NDArray[np.int64]] = []
    left = np.zeros(d)
    used, position = 0, 0
    for c, column in enumerate(book.columns):
        held, code = np.unique(classes.codes(column.name), return_inverse=True)
        found = [
            np.unique(representative[held], return_index=True, return_inverse=True)
            for representative in column.representative
        ]
        bits = int(held.size - 1).bit_length()
        if used + bits > WORD:
            return None
        for level, (values, first, _) in enumerate(found):
            below = column.leaves[level][held[first]]
            start[c, level] = position
            uniform[c, level] = below[0] if (below == below[0]).all() else 0
            last = level + 1 == column.levels
            coarser.append(np.zeros_like(first) if last else found[level + 1][2][first])
            leaves.append(below)
            position += values.size
        # A column of one value takes no bits, wherever it stands.
        shift[c], mask[c] = min(used, WORD - 1), (1 << bits) - 1
        keys |= code.astype(np.uint64) << shift[c]
        used += bits
        left[c] = found[-1][0].size / held.size
    fields = Fields(
        shift,
        mask,
        np.array([column.levels for column in book.columns], np.int64),
        start,
        np.concatenate(coarser).astype(np.uint64),
        np.concatenate(leaves).astype(np.float64),
        uniform,
    )
    return Packed(
        classes=(keys, table.count.astype(np.int32)),
        fields=fields,
        order=np.argsort(left, kind="stable").astype(np.int64),
    )


def scoring_of(problem: SearchProblem, book: Codebook) -> Scoring:
    """Return the parts of the problem's score as the compiled walk reads them."""
    measure, scorer = problem.measure, make_scorer(problem.measure, book, problem.weights)
    d, deepest = len(book.columns), max(column.levels for column in book.columns)
    raw, people = np.zeros((d, deepest)), np.zeros((d, deepest))
    size = np.array([float(column.size) for column in book.columns])
    counts = not scorer.ignores_suppression
    if not isinstance(scorer, ByColumn):
        ones, none = np.ones(d), np.zeros(0)
        every = math.prod(size.tolist()) if measure.name == "ambiguity" else float(book.records)
        kind = _BY_CLASS[measure.name]
        return Scoring(
            kind, SUM, raw, ones, ones, ones, 0.0, 0.0, size, people, float(every), counts, none
        )
    more = 0.0
    for c, column in enumerate(book.columns):
        raw[c, : column.levels] = scorer.raw[c]
        if measure.name == "precision":
            people[c, : column.levels] = 1 - height_shares(column)
    if measure.name == "loss":
        people[:] = measure.suppressed_factor
        more = 1 - measure.generalized_factor - measure.suppressed_factor
    return Scoring(
        BY_ENTROPY if measure.name.startswith("entropy") else BY_COLUMN,
        _AGGREGATES[scorer.aggregate],
        raw,
        scorer.low.astype(np.float64),
        np.where(scorer.span > 0, scorer.span, np.inf),
        scorer.weights.astype(np.float64),
        scorer.digits or 0.0,
        more,
        np.maximum(size, 1.0),
        people,
        0.0,
        counts,
        _times_log(book.records) if measure.name.startswith("entropy") else np.zeros(0),
    )


def _times_log(most: int) -> NDArray[np.float64]:
    """Return x log2 x for every whole number up to one."""
    x = np.arange(most + 1, dtype=np.float64)
    return np.asarray(x * np.log2(np.maximum(x, 1.0)))


def no_answers(levels: Sequence[int], ks: NDArray[np.int64]) -> Answers:
    """Return room for the answers of all nodes."""
    nodes = math.prod(levels)
    stride = [math.prod(levels[c + 1 :]) for c in range(len(levels))]
    sizes = np.arange(ks[-1], dtype=np.int64)
    shape = (nodes, ks.size)
    return Answers(
        np.array(stride, np.int64),
        np.searchsorted(ks, sizes, side="right").astype(np.int64),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape),
    )


def walk_all(
    packed_: Packed,
    scoring: Scoring,
    answers: Answers,
    *,
    seconds: float,
    on_progress: OnProgress | None,
) -> bool:
    """Answer for every node, in two threads; return False where time ran out or it was stopped."""
    fields, order = packed_.fields, packed_.order
    heads = 0
    while heads < order.size and math.prod(fields.levels[order[:heads]].tolist()) < _WALKS:
        heads += 1
    begins = []
    for levels in product(*(range(int(fields.levels[c])) for c in order[:heads])):
        begin = np.zeros(fields.levels.size, np.int64)
        begin[order[:heads]] = levels
        begins.append(begin)
    nodes = int(answers.suppressed.shape[0])
    done = np.zeros((len(begins), 2), np.int64)
    given = (fields, scoring, answers)
    # A walk that is over before it begins: no time of the table goes into compiling.
    walk(packed_.classes, begins[0], order[heads:], given, np.ones(2, np.int64))
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as threads:
        waiting = {
            threads.submit(walk, packed_.classes, begin, order[heads:], given, done[i])
            for i, begin in enumerate(begins)
        }
        while waiting:
            finished, waiting = wait(waiting, _LOOK_EVERY, FIRST_COMPLETED)
            for future in finished:
                future.result()
            if waiting and (
                time.monotonic() > end
                or not (on_progress is None or on_progress(int(done[:, 0].sum()), nodes))
            ):
                done[:, 1] = 1
                for future in waiting:
                    future.cancel()
                return False
    return True
