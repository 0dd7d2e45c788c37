"""What the compiled walk over a lattice reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BY_COLUMN, BY_ENTROPY, SQUARES, CLASS_SIZE, PRODUCTS = range(5)
"""How a score is made: column by column, the same with entropies, or class by class."""

GEOMETRIC, ARITHMETIC, SUM, MAX = range(4)


Classes = tuple["NDArray[np.uint64]", "NDArray[np.int32]"]
"""Keys and people of the classes of a node: uint64[m], int32[m]."""


class Fields(NamedTuple):
    """
    Where the code of each column stands in a key of one word, and what its levels make of it.

    The codes of every level are numbered anew from 0; flat arrays hold one entry a code, and
    ``[column, level]`` tells where those of a level begin.
    """

    shift: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    levels: NDArray[np.int64]
    start: NDArray[np.int64]  # [d, L]: of the codes of a level in `coarser` and in `leaves`
    coarser: NDArray[np.uint64]  # the code at the next level
    leaves: NDArray[np.float64]
    uniform: NDArray[np.float64]  # [d, L]: the leaves below every code where all are alike, else 0


class Scoring(NamedTuple):
    """The parts of a score, as `ByColumn` and `ByClass` name them."""

    kind: int
    aggregate: int
    raw: NDArray[np.float64]  # [d, L]
    low: NDArray[np.float64]
    span: NDArray[np.float64]  # infinite where the value of a column is always 0
    weights: NDArray[np.float64]
    digits: float  # 0 where values are not cut
    more: float  # a record left out adds more * leaves / size + people
    size: NDArray[np.float64]
    people: NDArray[np.float64]  # [d, L]
    every: float  # what a record left out costs, class by class
    counts: bool  # whether leaving out costs anything
    times_log: NDArray[np.float64]  # x log2 x, where entropies need it


Row = tuple["NDArray[np.int32]", "NDArray[np.float64]"]
"""Records left out, and the score, of one node for every k."""


class Answers(NamedTuple):
    """What is known of every node for every k, in the numbering of the lattice."""

    stride: NDArray[np.int64]
    bucket: NDArray[np.int64]  # [s]: the place of the first k that a class of s people fails
    suppressed: NDArray[np.int32]
    classes: NDArray[np.int32]
    smallest: NDArray[np.int32]
    score: NDArray[np.float64]
