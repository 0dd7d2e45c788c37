"""The measures of ARX, column by column or class by class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from transforms.search import kernels
from transforms.search.measure import DEFAULT_WEIGHT
from transforms.search.scores import ByClass, ByColumn, Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from transforms.search.columns import SearchColumn
    from transforms.search.measure import ScoreMeasure
    from transforms.search.table import ClassTable, Codebook

_DIGITS = 1e10
"""ARX cuts the value of a column after ten decimals."""


def make_scorer(measure: ScoreMeasure, book: Codebook, weights: Mapping[str, float]) -> Scorer:
    """
    Return the scorer of a measure over the columns of a search.

    Parameters
    ----------
    measure : ScoreMeasure
    book : Codebook
    weights : mapping of str to float
        Of some columns; 0.5 for those not named, and all divided by the largest.
    """
    given = np.array([weights.get(column.name, DEFAULT_WEIGHT) for column in book.columns])
    scale = given / given.max() if given.max() > 0 else given
    if measure.name == "loss":
        return _loss(measure, book, scale)
    if measure.name.startswith("entropy"):
        return _entropy(measure.name, book, scale)
    if measure.name in ("precision", "precision-monotonic", "height"):
        return _levels(measure.name, book, scale)
    return _by_class(measure.name, book)


def _people(table: ClassTable, failing: NDArray[np.bool_]) -> float:
    return float(table.rows[failing].sum())


def _loss(measure: ScoreMeasure, book: Codebook, weights: NDArray[np.float64]) -> Scorer:
    generalized, left_out = measure.generalized_factor, measure.suppressed_factor
    n = float(book.records)
    size = np.array([float(column.size) for column in book.columns])
    low = generalized * n / size

    def added(table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        leaves = kernels.sum_by_column(
            table.keys,
            table.rows,
            failing,
            (book.fields, book.starts_at(table.node)),
            book.leaves,
        )
        # share + sF (1 - share) in place of gF share
        more = 1 - generalized - left_out
        return np.asarray(more * leaves / size + left_out * _people(table, failing))

    return ByColumn(
        tuple(
            generalized * column.leaf_sums / d for column, d in zip(book.columns, size, strict=True)
        ),
        low,
        n - low,
        weights,
        measure.aggregate,
        _DIGITS,
        added if left_out > 0 else None,
    )


def _entropy(name: str, book: Codebook, weights: NDArray[np.float64]) -> Scorer:
    def added(table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        classes = table.classes(book)
        n = table.rows[failing].astype(np.float64)
        total = float(n.sum())
        bits = []
        for column in book.columns:
            held = np.bincount(classes.codes(column.name)[failing], weights=n)
            held = held[held > 0]
            bits.append(float(held @ np.log2(total / held)))
        return np.array(bits)

    ones = np.ones(len(book.columns))
    most = np.array([column.most_entropy for column in book.columns])
    return ByColumn(
        tuple(column.entropy for column in book.columns),
        np.zeros(len(book.columns)),
        most if name == "entropy-normalised" else ones,
        weights,
        "sum",
        _DIGITS,
        None if name == "entropy-monotonic" else added,
    )


def height_shares(column: SearchColumn) -> NDArray[np.float64]:
    """Return how high each level stands in the hierarchy of a column, from 0 to 1."""
    levels = column.lowest + np.arange(column.levels)
    return np.asarray(levels / max(1, column.height))


def _levels(name: str, book: Codebook, weights: NDArray[np.float64]) -> Scorer:
    d, n = len(book.columns), float(book.records)
    zeros, ones = np.zeros(d), np.ones(d)
    if name == "height":
        raw = tuple(c.lowest + np.arange(c.levels, dtype=np.float64) for c in book.columns)
        return ByColumn(raw, zeros, ones, ones, "sum", None, None)
    shares = [height_shares(column) for column in book.columns]

    def added(table: ClassTable, failing: NDArray[np.bool_]) -> NDArray[np.float64]:
        at = np.array([share[level] for share, level in zip(shares, table.node, strict=True)])
        return np.asarray(_people(table, failing) * (1 - at))

    return ByColumn(
        tuple(n * share for share in shares),
        zeros,
        n * ones,
        weights,
        "arithmetic",
        None,
        added if name == "precision" else None,
    )


def _by_class(name: str, book: Codebook) -> Scorer:
    n, most = float(book.records), float(book.base.n_classes)
    if name == "ambiguity":
        return _ambiguity(book)
    values = tuple(1.0 / column.values for column in book.columns)
    if name == "average-class-size":

        def kept_size(table: ClassTable, failing: NDArray[np.bool_]) -> float:
            left = table.count.size - int(failing.sum()) + 1
            return n / left - n / table.count.size

        # There are no more classes than combinations of values, nor than the original has.
        return ByClass(
            values,
            lambda product: n * np.maximum(product, 1 / most),
            lambda table: n / table.count.size,
            kept_size,
            grows=False,
        )

    def squares(table: ClassTable) -> float:
        rows = table.rows.astype(np.float64)
        return float(rows @ rows)

    def everybody(table: ClassTable, failing: NDArray[np.bool_]) -> float:
        rows = table.rows[failing].astype(np.float64)
        return float(rows @ (n - rows))

    # The sum of squares of J sizes that add up to n is at least n^2 / J.
    return ByClass(
        values,
        lambda product: n * n * np.maximum(product, 1 / most) * (1 - 1e-12),
        squares,
        None if name == "discernibility-monotonic" else everybody,
    )


def _ambiguity(book: Codebook) -> Scorer:
    n = float(book.records)
    every = math.prod(float(column.size) for column in book.columns)

    def products(table: ClassTable) -> NDArray[np.float64]:
        return kernels.product_by_class(
            table.keys, book.fields, book.starts_at(table.node), book.leaves
        )

    def added(table: ClassTable, failing: NDArray[np.bool_]) -> float:
        return float(table.rows[failing] @ (every - products(table)[failing]))

    # The mean of products is at least their geometric mean, which columns make up one by one.
    return ByClass(
        tuple(np.exp(column.mean_log_leaves) for column in book.columns),
        lambda product: n * product * (1 - 1e-9),
        lambda table: float(table.rows @ products(table)),
        added,
    )
