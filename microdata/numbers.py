"""The number that a value stands for, before and after it was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import ColumnKind
from microdata.kinds import date_values, numeric_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain
    from microdata.release import Release

NUMERIC = (ColumnKind.INTEGER, ColumnKind.DECIMAL)
ORDERED = (*NUMERIC, ColumnKind.DATE)


def leaf_numbers(domain: Domain, decimal: str | None) -> NDArray[np.float64]:
    """
    Return the number of each value of a domain: float64[D].

    A date is the days since 1970. NaN where a text is neither.
    """
    if domain.kind in NUMERIC:
        return numeric_values(domain.leaves, decimal)
    if domain.kind is ColumnKind.DATE:
        dates = date_values(domain.leaves)
        days = dates.astype(np.int64).astype(np.float64)
        return np.where(np.isnat(dates), np.nan, days)
    return np.full(len(domain.leaves), np.nan)


def label_numbers(release: Release, column: str) -> NDArray[np.float64]:
    """Return the number that each released label is itself, NaN where it is none: float64[m]."""
    table = release.origin or release.source
    labels = release.columns[column].nodes.labels
    domain = release.domain(column)
    if domain.kind is ColumnKind.DATE:
        dates = date_values(labels)
        return np.where(np.isnat(dates), np.nan, dates.astype(np.int64).astype(np.float64))
    if domain.kind in NUMERIC:
        return numeric_values(labels, table.dataset.read.decimal)
    return np.full(len(labels), np.nan)


def released_numbers(release: Release, column: str) -> NDArray[np.float64]:
    """
    Return the number that each released code of a column stands for: float64[m + 2].

    A released value is the mean of the numbers that it stands for; one that was perturbed, or of
    which that is not known, is the number that is written. NaN for what holds no number, for
    missing and ``*``, and throughout for pseudonyms.
    """
    released = release.columns[column]
    result = np.full(released.cardinality, np.nan)
    if released.renamed:
        return result
    table = release.origin or release.source
    numbers = leaf_numbers(release.domain(column), table.dataset.read.decimal)
    nodes = released.nodes
    known = np.isfinite(numbers)
    node = np.repeat(np.arange(len(nodes.labels)), nodes.sizes)
    of_member = np.where(known, numbers, 0.0)[nodes.members]
    total = np.bincount(node, weights=of_member, minlength=len(nodes.labels))
    count = np.bincount(node[known[nodes.members]], minlength=len(nodes.labels))
    with np.errstate(invalid="ignore", over="ignore"):
        means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    written = label_numbers(release, column)
    use_written = np.isfinite(written) & (released.perturbed | (nodes.sizes == 0))
    means = np.where(use_written, written, means)
    result[: means.size] = np.where(np.isfinite(means), means, np.nan)
    return result
