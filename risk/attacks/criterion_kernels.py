"""The compiled loops of the attacks for each criterion; the tests have slow twins as oracles."""

# mypy: disallow-untyped-decorators=False
# The line above is for numba, whose decorators are untyped.

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def isolating(
    places: NDArray[np.int32],
    people: tuple[NDArray[np.int64], NDArray[np.int64]],
    columns: NDArray[np.int64],
    bounds: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.bool_]:
    """
    Tell which predicates exactly one person fulfils.

    Parameters
    ----------
    places : int32[q, u]
        The place of each unit's value in the order of its column.
    people : (int64[u], int64[u])
        How many are in each unit, and the person who has several units; -1 for other people.
        Units of one person stand together.
    columns : int64[p, q]
        The columns of each predicate, those that few people fulfil first; -1 after the last.
    bounds : (int32[p, q], int32[p, q])
        The first and the last place that fulfils it, by column.

    Returns
    -------
    bool[p]
    """
    q, units = places.shape
    count, owner = people
    low, high = bounds
    alone = np.zeros(columns.shape[0], np.bool_)
    for p in range(columns.shape[0]):
        matched = 0
        last = -1
        for j in range(units):
            fits = True
            for i in range(q):
                c = columns[p, i]
                if c < 0:
                    break
                if places[c, j] < low[p, c] or places[c, j] > high[p, c]:
                    fits = False
                    break
            if not fits:
                continue
            if owner[j] < 0:
                matched += count[j]
            elif owner[j] != last:
                matched += 1
                last = owner[j]
            if matched > 1:
                break
        alone[p] = matched == 1
    return alone


@nb.njit(cache=True, nogil=True)
def people_by_group(
    group: NDArray[np.int32], owner: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    """
    Count the different people of each group.

    Parameters
    ----------
    group : int32[o]
        Of each unit.
    owner : int64[o]
        The person, 0 or more; units of one person stand together.
    groups : int
    """
    total = np.zeros(groups, np.int64)
    last = np.full(groups, -1, np.int64)
    for i in range(group.size):
        if last[group[i]] != owner[i]:
            last[group[i]] = owner[i]
            total[group[i]] += 1
    return total
