"""The compiled count of what two sets of values share; the tests have a slow twin."""

# mypy: disallow-untyped-decorators=False
# The line above is for numba, whose decorators are untyped.

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def shared_values(
    first: tuple[NDArray[np.int64], NDArray[np.int64]],
    second: tuple[NDArray[np.int64], NDArray[np.int64]],
    pairs: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Count the values that two sets have in common.

    Parameters
    ----------
    first, second : (int64[s + 1], int64[p])
        Set j holds the second [first[j]:first[j + 1]], ascending and without repeats.
    pairs : int64[2, m]
        A set of the first and one of the second.

    Returns
    -------
    int64[m]
    """
    shared = np.zeros(pairs.shape[1], np.int64)
    for j in range(pairs.shape[1]):
        few = first[1][first[0][pairs[0, j]] : first[0][pairs[0, j] + 1]]
        many = second[1][second[0][pairs[1, j]] : second[0][pairs[1, j] + 1]]
        if few.size > many.size:
            few, many = many, few
        at = 0
        for value in few:
            low, high = at, many.size
            while low < high:
                middle = (low + high) >> 1
                if many[middle] < value:
                    low = middle + 1
                else:
                    high = middle
            at = low
            if at < many.size and many[at] == value:
                shared[j] += 1
    return shared
