"""The compiled loops of attacks on attributes; each has a plain Python twin in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from risk.models.kernels import known_people

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def ruled_out(
    offsets: NDArray[np.int64], n: NDArray[np.int64], theta: float
) -> NDArray[np.float64]:
    """
    Return how many values must be ruled out in each class before one has the share theta.

    Parameters
    ----------
    offsets, n
        The contingency.
    theta : float
        Above 0 and at most 1.

    Returns
    -------
    float64[m]
        NaN for a class in which every value is missing.

    Notes
    -----
    With counts r_1 >= r_2 >= ... the least t with r_1 / (r_1 + r_{t+2} + ... + r_m) >= theta: the
    attacker rules out the most frequent of the other values first.
    """
    result = np.full(offsets.size - 1, np.nan)
    for j in range(offsets.size - 1):
        left = known_people(offsets, n, j)
        if left == 0:
            continue
        counts = np.sort(n[offsets[j] : offsets[j + 1]])[::-1]
        t = 0
        while counts[0] < theta * (1.0 - 1e-12) * left:  # at t = m - 1 only r_1 is left
            t += 1
            left -= counts[t]
        result[j] = t
    return result


@nb.njit(cache=True, nogil=True)
def median_guesses(
    offsets: NDArray[np.int64],
    number: NDArray[np.float64],
    n: NDArray[np.int64],
    prior: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Guess everybody's number by the lower median of the class, with and without themselves.

    Parameters
    ----------
    offsets : int64[m + 1]
    number : float64[p]
        Ascending within each class.
    n : int64[p]
        People of each entry, all above zero.
    prior : float
        The guess for whoever is alone, in the second figure.

    Returns
    -------
    whole, rest : float64[p]
        The guess for the people of each entry, from all of the class and from the others.

    Notes
    -----
    The lower median of N numbers in order is number (N - 1) // 2, counted from 0. Without one of
    the people of an entry, whatever comes after that person moves down by one place.
    """
    whole = np.empty(number.size)
    rest = np.empty(number.size)
    for j in range(offsets.size - 1):
        start, stop = offsets[j], offsets[j + 1]
        total = known_people(offsets, n, j)
        middle = (total - 1) // 2
        of_rest = (total - 2) // 2
        at_middle = at_rest = at_next = prior
        seen = 0
        for i in range(start, stop):
            before, seen = seen, seen + n[i]
            if before <= middle < seen:
                at_middle = number[i]
            if before <= of_rest < seen:
                at_rest = number[i]
            if before <= of_rest + 1 < seen:
                at_next = number[i]
        seen = 0
        for i in range(start, stop):
            seen += n[i]
            whole[i] = at_middle
            if total == 1:
                rest[i] = prior
            else:
                rest[i] = at_rest if of_rest < seen - 1 else at_next
    return whole, rest
