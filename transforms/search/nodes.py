"""Sets of lattice nodes that can be asked at once which of them lie above or below another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_LISTED = 1 << 22
"""Nodes up to which the whole lattice is listed at once; above, nodes are made as they come."""


def lattice_size(levels: tuple[int, ...]) -> int:
    """Return how many nodes a lattice has."""
    size = 1
    for number in levels:
        size *= number
    return size


class NodeRows:
    """
    Nodes in the order in which they were added.

    The levels of a node are packed side by side, each with a free bit above it: the free bits that
    are still set after a subtraction tell in which columns the one node is not below the other.

    Parameters
    ----------
    levels : tuple of int
        How many levels each column has.
    """

    def __init__(self, levels: tuple[int, ...]) -> None:
        self._place: list[tuple[int, int]] = []
        free, word, used = [0], 0, 0
        for number in levels:
            bits = max(1, (number - 1).bit_length()) + 1
            if used + bits > 64:
                word, used = word + 1, 0
                free.append(0)
            self._place.append((word, used))
            used += bits
            free[word] |= 1 << (used - 1)
        self._free = np.array(free, np.uint64)[:, None]
        self._rows = np.zeros((len(free), 64), np.uint64)
        self.used = 0

    def _packed(self, node: tuple[int, ...]) -> NDArray[np.uint64]:
        words = [0] * len(self._free)
        for (word, shift), level in zip(self._place, node, strict=True):
            words[word] |= level << shift
        return np.array(words, np.uint64)[:, None]

    def add(self, node: tuple[int, ...]) -> None:
        """Add a node."""
        if self.used == self._rows.shape[1]:
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)], axis=1)
        self._rows[:, self.used] = self._packed(node)[:, 0]
        self.used += 1

    def above(self, node: tuple[int, ...]) -> NDArray[np.int64]:
        """Return the positions of the nodes that are a node or coarser."""
        rows = self._rows[:, : self.used]
        return self._set(((rows | self._free) - self._packed(node)) & self._free)

    def below(self, node: tuple[int, ...]) -> NDArray[np.int64]:
        """Return the positions of the nodes that are a node or finer."""
        rows = self._rows[:, : self.used]
        return self._set(((self._packed(node) | self._free) - rows) & self._free)

    def _set(self, left: NDArray[np.uint64]) -> NDArray[np.int64]:
        if len(left) == 1:
            return np.flatnonzero(left[0] == self._free[0])
        return np.flatnonzero((left == self._free).all(axis=0))


class NodeVectors:
    """
    Nodes with a vector each.

    Parameters
    ----------
    levels : tuple of int
    """

    def __init__(self, levels: tuple[int, ...]) -> None:
        self._nodes = NodeRows(levels)
        self._values = np.zeros((0, 0))

    def add(self, node: tuple[int, ...], value: NDArray[np.float64]) -> None:
        """Add a node with its vector."""
        used = self._nodes.used
        if used >= len(self._values):
            grown = np.zeros((max(64, 2 * used), value.size))
            if used:
                grown[:used] = self._values[:used]
            self._values = grown
        self._values[used] = value
        self._nodes.add(node)

    def largest_above(self, node: tuple[int, ...]) -> NDArray[np.float64] | None:
        """Return the largest of each entry over the nodes at or above a node, or None."""
        return self._largest(self._nodes.above(node)) if self._nodes.used else None

    def largest_below(self, node: tuple[int, ...]) -> NDArray[np.float64] | None:
        """Return the largest of each entry over the nodes at or below a node, or None."""
        return self._largest(self._nodes.below(node)) if self._nodes.used else None

    def _largest(self, chosen: NDArray[np.int64]) -> NDArray[np.float64] | None:
        return np.asarray(self._values[chosen].max(axis=0)) if chosen.size else None


class FinerMarks:
    """
    The nodes that are crossed out: a bit a node, or the nodes above them where there are many.

    Parameters
    ----------
    levels : tuple of int
    """

    def __init__(self, levels: tuple[int, ...]) -> None:
        self._grid = np.zeros(levels, bool) if lattice_size(levels) <= MAX_LISTED else None
        self._rows = NodeRows(levels)

    def cross_out_finer(self, node: tuple[int, ...]) -> None:
        """Cross out a node and all finer ones."""
        if self._grid is None:
            self._rows.add(node)
        else:
            self._grid[tuple(slice(0, level + 1) for level in node)] = True

    def without(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions, in the flattened lattice, that are not crossed out."""
        if self._grid is None:
            return positions
        return np.asarray(positions[~self._grid.reshape(-1)[positions]])

    def __contains__(self, node: tuple[int, ...]) -> bool:
        if self._grid is None:
            return bool(self._rows.above(node).size)
        return bool(self._grid[node])
