"""The scores of ARX, taken apart so that the search can bound what it has not looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from transforms.search.table import ClassTable

Score = tuple[float, ...]
"""One number, or with the aggregate "rank" the columns' losses, largest first; lower is better."""


class Scorer(Protocol):
    """
    A score in parts: what generalising costs, and what leaving classes out adds to it.

    Both are vectors of the same length; the score never falls when one of them grows.
    """

    @property
    def grows(self) -> bool:
        """Whether leaving out more records of finer classes never adds less."""
        ...

    @property
    def ignores_suppression(self) -> bool:
        """Whether leaving records out costs nothing."""
        ...

    @property
    def costs(self) -> tuple[NDArray[np.float64], ...]:
        """What each level of each column costs, in a unit in which costs add or multiply."""
        ...

    def floors(self) -> NDArray[np.float64]:
        """Return a lower bound of the score, or its place in their order, of every node."""
        ...

    def floor(self, node: tuple[int, ...]) -> Score:
        """Return a lower bound of the score of a node."""
        ...

    def generalized(self, table: ClassTable) -> NDArray[np.float64]:
        """Return what generalising costs at the node of a table."""
        ...

    def least_generalized(self, node: tuple[int, ...]) -> NDArray[np.float64]:
        """Return what generalising costs at a node at least."""
        ...

    def suppressed(self, table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what leaving some classes of a table out adds."""
        ...

    def score(self, parts: NDArray[np.float64]) -> Score:
        """Return the score of the sum of both."""
        ...


def _outer(
    columns: Sequence[NDArray[np.float64]], combine: Callable[..., Any]
) -> NDArray[np.float64]:
    """Combine one value a column at every node of the lattice."""
    total = columns[0]
    for values in columns[1:]:
        total = combine(total[:, None], values[None, :]).reshape(-1)
    return total


@dataclass(frozen=True, eq=False)
class ByColumn:
    """
    A score that is made up of one value a column.

    Parameters
    ----------
    raw : tuple of float64[levels]
        What generalising a column costs at each level.
    low, span : float64[d]
        The value of a column is (raw - low) / span, not below 0; 0 where the span is 0.
    weights : float64[d]
    aggregate : str
    digits : float, optional
        1e10 where values are cut after ten decimals.
    added : callable, optional
        What leaving classes out adds to each raw value.
    """

    raw: tuple[NDArray[np.float64], ...]
    low: NDArray[np.float64]
    span: NDArray[np.float64]
    weights: NDArray[np.float64]
    aggregate: str
    digits: float | None
    added: Callable[[ClassTable, NDArray[np.bool_]], NDArray[np.float64]] | None

    @property
    def grows(self) -> bool:
        """Whether leaving out more records of finer classes never adds less."""
        return True

    @property
    def ignores_suppression(self) -> bool:
        """Whether leaving records out costs nothing."""
        return self.added is None

    def _values(self, raw: NDArray[np.float64], column: int | slice) -> NDArray[np.float64]:
        span = np.where(self.span[column] > 0, self.span[column], np.inf)
        values = np.maximum((raw - self.low[column]) / span, 0.0)
        if self.digits is not None:
            values = np.floor(values * self.digits) / self.digits
        return np.asarray(values * self.weights[column])

    @cached_property
    def costs(self) -> tuple[NDArray[np.float64], ...]:
        """The value of each column at each level."""
        return tuple(self._values(raw, i) for i, raw in enumerate(self.raw))

    @cached_property
    def _listed(self) -> tuple[list[float], ...]:
        return tuple(values.tolist() for values in self.costs)

    def floors(self) -> NDArray[np.float64]:
        """Return the score of every node if nothing is left out, or its place for "rank"."""
        if self.aggregate == "rank":
            grids = np.meshgrid(*self.costs, indexing="ij")
            ranked = -np.sort(-np.stack([grid.reshape(-1) for grid in grids], axis=1), axis=1)
            place = np.empty(len(ranked))
            place[np.lexsort(ranked.T[::-1])] = np.arange(len(ranked))
            return place
        if self.aggregate == "max":
            return _outer(self.costs, np.maximum)
        if self.aggregate == "geometric":
            product = _outer([values + 1 for values in self.costs], np.multiply)
            return np.asarray(product ** (1 / len(self.costs)) - 1)
        total = _outer(self.costs, np.add)
        return total / len(self.costs) if self.aggregate == "arithmetic" else total

    def floor(self, node: tuple[int, ...]) -> Score:
        """Return the score of a node if nothing is left out."""
        return self._made_one([v[level] for v, level in zip(self._listed, node, strict=True)])

    def generalized(self, table: ClassTable) -> NDArray[np.float64]:
        """Return what generalising costs at the node of a table."""
        return self.least_generalized(table.node)

    def least_generalized(self, node: tuple[int, ...]) -> NDArray[np.float64]:
        """Return what generalising costs at a node."""
        return np.array([raw[level] for raw, level in zip(self.raw, node, strict=True)])

    def suppressed(self, table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what leaving some classes of a table out adds."""
        if self.added is None or not failing.any():
            return np.zeros(len(self.raw))
        return self.added(table, failing)

    def score(self, parts: NDArray[np.float64]) -> Score:
        """Return the score of the sum of both."""
        return self._made_one(self._values(parts, slice(None)).tolist())

    def _made_one(self, values: list[float]) -> Score:
        if self.aggregate == "rank":
            return tuple(sorted(values, reverse=True))
        if self.aggregate == "max":
            return (max(values),)
        if self.aggregate == "geometric":
            return (math.prod(value + 1 for value in values) ** (1 / len(values)) - 1,)
        total = sum(values)
        return (total / len(values) if self.aggregate == "arithmetic" else total,)


@dataclass(frozen=True, eq=False)
class ByClass:
    """
    A score that is made up of one value a class.

    Parameters
    ----------
    costs : tuple of float64[levels]
        Numbers whose product bounds the score, as `bound` tells.
    bound : callable
        The lower bound of the score by the product of a node's costs.
    counted : callable
        What the classes of a table cost.
    added : callable, optional
        What leaving classes out adds.
    grows : bool
    """

    costs: tuple[NDArray[np.float64], ...]
    bound: Callable[[Any], Any]
    counted: Callable[[ClassTable], float]
    added: Callable[[ClassTable, NDArray[np.bool_]], float] | None
    grows: bool = True

    @property
    def ignores_suppression(self) -> bool:
        """Whether leaving records out costs nothing."""
        return self.added is None

    def floors(self) -> NDArray[np.float64]:
        """Return a lower bound of the score of every node."""
        return np.asarray(self.bound(_outer(self.costs, np.multiply)), np.float64)

    def floor(self, node: tuple[int, ...]) -> Score:
        """Return a lower bound of the score of a node."""
        levels = zip(self.costs, node, strict=True)
        return (float(self.bound(math.prod(float(costs[level]) for costs, level in levels))),)

    def generalized(self, table: ClassTable) -> NDArray[np.float64]:
        """Return what the classes of a table cost if none is left out."""
        return np.array([self.counted(table)])

    def least_generalized(self, node: tuple[int, ...]) -> NDArray[np.float64]:
        """Return a lower bound of what the classes of a node cost."""
        return np.array(self.floor(node))

    def suppressed(self, table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what leaving some classes of a table out adds."""
        if self.added is None or not failing.any():
            return np.zeros(1)
        return np.array([self.added(table, failing)])

    def score(self, parts: NDArray[np.float64]) -> Score:
        """Return the score."""
        return (float(parts[0]),)
