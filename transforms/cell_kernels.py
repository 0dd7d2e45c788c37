"""The compiled loops of local suppression; each has a slow twin in the tests as its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNSAFE, THERE, DONOR, OTHER = 0, 1, 2, 3
"""What a class is to a merger: too small, already of its form, able to give, or neither."""

CHEAP_DONORS, ANY_DONORS = 0, 1


@nb.njit(cache=True, nogil=True)
def _needed(
    lack: NDArray[np.int64], count: NDArray[np.int64], own: NDArray[np.int64]
) -> tuple[int, int]:
    """
    Return the fewest records to open, and how many of them classes give that are not emptied.

    The first number without the second means whole classes, in order, until the rest lack nothing.
    """
    whole = 0
    for i in own:
        if lack[i] <= whole:
            break
        whole += count[i]
    forced = 0  # records of classes that lack more than `total`
    for i in own:
        forced += count[i]
    first = own.size  # how many classes lack more than `total`
    for total in range(1, whole):
        while first > 0 and lack[own[first - 1]] <= total:
            first -= 1
            forced -= count[own[first]]
        if forced > total:
            continue
        spare = 0
        for i in own[first:]:
            spare += min(count[i], total - lack[i])
        if forced + spare >= total:
            return total, total - forced
    return whole, 0


@nb.njit(cache=True, nogil=True)
def gaps_in_groups(
    start: NDArray[np.int64],
    lack: NDArray[np.int64],
    count: NDArray[np.int64],
    acts: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """
    Choose how many records of each class are opened, where a gap matches every value.

    A record that is opened has enough look-alikes itself and is one more for every other class of
    its group. So as many are opened in a group as the rest of its classes lack.

    Parameters
    ----------
    start : int64[groups + 1]
        Classes of group g stand at start[g]:start[g + 1], those that lack most first.
    lack : int64[p]
        How many look-alikes the people of a class lack; not above 0 where they lack none.
    count : int64[p]
    acts : bool[p]
        Whether a class may be opened and is to be helped now; others only gain.

    Returns
    -------
    int64[p]
        How many records of each class are opened.
    """
    opened = np.zeros(count.size, np.int64)
    for g in range(start.size - 1):
        a, z = start[g], start[g + 1]
        own = a + np.flatnonzero(acts[a:z] & (lack[a:z] > 0))
        if not own.size:
            continue
        total, spare = _needed(lack, count, own)
        done = 0
        for i in own:
            if (spare and lack[i] > total) or (not spare and lack[i] > done):
                opened[i] = count[i]
                done += count[i]
            elif spare:
                opened[i] = min(spare, count[i], total - lack[i])
                spare -= opened[i]
                done += opened[i]
                if not spare:
                    break
            else:
                break
    return opened


@nb.njit(cache=True, nogil=True)
def mergers_in_groups(
    start: NDArray[np.int64],
    kind: NDArray[np.int64],
    count: NDArray[np.int64],
    rule: tuple[int, int, int],
) -> NDArray[np.int64]:
    """
    Choose how many records of each class are opened, where a gap is a value of its own.

    Opened records of a group are one class. It is made where it holds at least k people, with
    records of larger classes where those too small do not suffice.

    Parameters
    ----------
    start : int64[groups + 1]
        Classes of group g stand at start[g]:start[g + 1], the largest donors first.
    kind : int64[p]
        `UNSAFE`, `THERE`, `DONOR` or `OTHER`.
    count : int64[p]
    rule : tuple of int
        k; `CHEAP_DONORS` (only where they cost no more cells than one more column of the others)
        or `ANY_DONORS`; and how many cells a record loses.

    Returns
    -------
    int64[p]
        How many records of each class are opened.
    """
    k, donors, cells = rule
    opened = np.zeros(count.size, np.int64)
    for g in range(start.size - 1):
        unsafe = there = spare = others = 0
        smallest = -1
        for i in range(start[g], start[g + 1]):
            if kind[i] == UNSAFE:
                unsafe += count[i]
            elif kind[i] == THERE:
                there += count[i]
            elif kind[i] == DONOR:
                spare += count[i] - k
                smallest = i  # the last one, as they are sorted
            else:
                others += count[i]
        needed = k - unsafe - there
        if not unsafe:
            continue
        if needed > 0:
            if donors == CHEAP_DONORS and needed * cells > unsafe:
                continue
            if spare < needed and (donors == CHEAP_DONORS or (smallest < 0 and others < needed)):
                continue
        for i in range(start[g], start[g + 1]):
            if kind[i] == UNSAFE:
                opened[i] = count[i]
            elif needed > 0 and spare >= needed and kind[i] == DONOR:
                opened[i] = min(count[i] - k, needed)
                needed -= opened[i]
                spare -= count[i] - k
            elif needed > 0 and spare < needed and smallest < 0 and kind[i] == OTHER:
                opened[i] = count[i]
        if needed > 0 and spare < needed and smallest >= 0:
            opened[smallest] = count[smallest]
    return opened
