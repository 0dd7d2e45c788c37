"""Other labels for the released values of a column; what becomes equal is one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from microdata.hierarchy import SUPPRESSED, Nodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import ReleasedColumn


def relabelled(column: ReleasedColumn, labels: Sequence[str]) -> ReleasedColumn:
    """
    Return a column with another label for each of its nodes.

    Nodes that get the same label become one, which stands for the leaves of all of them. If every
    node is suppressed, missing cells are suppressed too: the column says nothing.

    Parameters
    ----------
    column : ReleasedColumn
    labels : sequence of str
        One for each node; ``*`` suppresses.
    """
    if tuple(labels) == column.nodes.labels:
        return column
    distinct = tuple(dict.fromkeys(label for label in labels if label != SUPPRESSED))
    m = len(distinct)
    position = {label: code for code, label in enumerate(distinct)} | {SUPPRESSED: m + 1}
    codes = np.fromiter((position[label] for label in labels), np.int32, len(labels))
    missing = m if m or not labels else m + 1
    # Missing and suppressed follow the nodes; the last entry serves the code -1.
    rule = np.append(codes, [missing, m + 1, -1]).astype(np.int32)
    nodes = _merged(column.nodes, codes, distinct)
    lookup = None if column.lookup is None else rule[column.lookup]
    explicit = None if column.explicit is None else rule[column.explicit]
    return replace(column, nodes=nodes, lookup=lookup, explicit=explicit, relabelled=True)


def _merged(nodes: Nodes, codes: NDArray[np.int32], labels: tuple[str, ...]) -> Nodes:
    """Return the nodes of the new labels, each with the leaves of all that it stands for."""
    node = np.repeat(codes, nodes.sizes)
    inside = node < len(labels)
    # Perturbed values can stand for the same leaf, so pairs are made unique.
    pairs = np.unique(np.stack([node[inside], nodes.members[inside]]), axis=1)
    offsets = np.zeros(len(labels) + 1, np.int64)
    np.cumsum(np.bincount(pairs[0], minlength=len(labels)), out=offsets[1:])
    return Nodes(labels, offsets, pairs[1].astype(np.int32))
