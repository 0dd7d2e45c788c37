"""The wildcard reading of missing values: a missing or suppressed cell matches every value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microdata import kernels
from microdata.classes import key_layout, pack_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses


def neighbours(classes: EquivalenceClasses, first_open: Mapping[str, int]) -> NDArray[np.int64]:
    """
    Count the people that match each class when an open cell matches every value.

    Two tuples match if in every column they are equal or one of them is open. That is not
    transitive, so the counts are those of neighbourhoods and do not add up to n (sdcMicro's
    ``freqCalc`` with alpha = 1).

    Parameters
    ----------
    classes : EquivalenceClasses
        m classes.
    first_open : mapping of str to int
        By column, the least released code that is open (missing, then ``*``).

    Returns
    -------
    int64[m]
        The class's own people included.
    """
    m = classes.n_classes
    columns = classes.columns
    is_open = {name: classes.codes(name) >= first_open[name] for name in columns}
    pattern_keys = pack_keys(
        key_layout(dict.fromkeys(columns, 2)),
        {name: flags.astype(np.uint8) for name, flags in is_open.items()},
        m,
    )
    pattern, first = kernels.group_keys(pattern_keys)
    members = [np.flatnonzero(pattern == p) for p in range(first.size)]
    closed = [frozenset(n for n in columns if not is_open[n][j]) for j in first]
    total = np.zeros(m, np.int64)
    for p, mine in enumerate(members):
        for q, theirs in enumerate(members):
            total[mine] += _matching(classes, closed[p] & closed[q], mine, theirs)
    return total


def _matching(
    classes: EquivalenceClasses,
    shared: frozenset[str],
    mine: NDArray[np.int64],
    theirs: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return, for each of my classes, how many people of theirs are equal in the shared columns."""
    if not shared:
        return np.full(mine.size, classes.count[theirs].sum(), np.int64)
    both = np.concatenate([mine, theirs])
    layout = key_layout({f.column: f.cardinality for f in classes.layout if f.column in shared})
    codes = {name: classes.codes(name)[both] for name in shared}
    group, first = kernels.group_keys(pack_keys(layout, codes, both.size))
    people = kernels.sum_by_group(group[mine.size :], classes.count[theirs], int(first.size))
    return np.asarray(people[group[: mine.size]], dtype=np.int64)
