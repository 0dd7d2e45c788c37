"""The numbers that the values of a sensitive attribute stand for in a contingency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microdata.numbers import ORDERED, label_numbers, leaf_numbers, released_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency
    from microdata.measure import Context


def value_numbers(context: Context, column: str, contingency: Contingency) -> NDArray[np.float64]:
    """Return the number that each value of a contingency stands for, NaN for none: float64[V]."""
    if in_number_order(context, column):
        return np.sort(original_numbers(context, column))
    return _of_values(context, column, contingency, released_numbers(context.release, column))


def value_bounds(
    context: Context, column: str, contingency: Contingency
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest number that each value may stand for: float64[V] each."""
    if in_number_order(context, column):
        numbers = np.sort(original_numbers(context, column))
        return numbers, numbers
    release = context.release
    released = release.columns[column]
    nodes = released.nodes
    low = np.full(len(nodes.labels), np.inf)
    high = -low
    of_member = original_numbers(context, column)[nodes.members]
    known = np.isfinite(of_member)
    node = np.repeat(np.arange(low.size), nodes.sizes)[known]
    np.minimum.at(low, node, of_member[known])
    np.maximum.at(high, node, of_member[known])
    # What was perturbed is the number that is written, not those that it may come from.
    written = label_numbers(release, column)
    as_written = np.isfinite(written) & (released.perturbed | (nodes.sizes == 0))
    low, high = np.where(as_written, written, low), np.where(as_written, written, high)
    unknown = ~np.isfinite(low) | released.renamed
    low[unknown] = high[unknown] = np.nan
    return (
        _of_values(context, column, contingency, low),
        _of_values(context, column, contingency, high),
    )


def in_number_order(context: Context, column: str) -> bool:
    """Whether the values of a contingency are those of the original, from least to greatest."""
    release = context.release
    known = release.origin is None and release.columns[column].unchanged
    return known and release.domain(column).kind in ORDERED


def original_numbers(context: Context, column: str) -> NDArray[np.float64]:
    """Return the number of each value of a column's domain, NaN for none: float64[D]."""
    release = context.release
    key = f"numbers of {column}"
    if key not in context.memo:
        table = release.origin or release.source
        context.memo[key] = leaf_numbers(release.domain(column), table.dataset.read.decimal)
    numbers: NDArray[np.float64] = context.memo[key]
    return numbers


def _of_values(
    context: Context, column: str, contingency: Contingency, of_node: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put what is known of each node into the order of a contingency, absent originals beside."""
    leaves = context.release.domain(column).leaves
    known = dict(zip(leaves, original_numbers(context, column).tolist(), strict=True))
    labels = context.release.columns[column].nodes.labels
    known |= dict(zip(labels, of_node[: len(labels)].tolist(), strict=True))
    return np.array([known[label] for label in contingency.labels], np.float64)
