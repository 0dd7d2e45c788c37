"""The compiled search for minimal sample uniques; the tests have a slow twin as its oracle."""

# mypy: disallow-untyped-decorators=False
# The line above is for numba, whose decorators are untyped.

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PER_SUBSET = 64
"""What a set costs beside its classes, in classes looked at."""
PER_STEP = 8
"""What a look at one minimal unique costs, which lies anywhere in memory."""
PER_FOUND = 16
"""What keeping a minimal unique costs."""


@nb.njit(cache=True, nogil=True)
def _split(
    codes: NDArray[np.int32],
    entries: NDArray[np.int32],
    starts: NDArray[np.int32],
    depth: int,
    scratch: NDArray[np.int32],
) -> int:
    """
    Split the groups of classes at a depth by one more column, counting within each group.

    Groups of several classes go one depth down. Classes that are now a group of their own are
    written to the third row of ``scratch``, and their number is returned. The first row of it
    holds a zero for every code, before and after.
    """
    slot, touched, alone = scratch[0], scratch[1], scratch[2]
    deeper = depth + 1
    place = number = single = 0
    for g in range(starts[depth, -1]):
        low, high = starts[depth, g], starts[depth, g + 1]
        values = 0
        for i in range(low, high):
            v = codes[entries[depth, i]]
            if slot[v] == 0:
                touched[values] = v
                values += 1
            slot[v] += 1
        for t in range(values):
            v = touched[t]
            size = slot[v]
            if size == 1:
                slot[v] = -1
            else:
                starts[deeper, number] = slot[v] = place
                number += 1
                place += size
        for i in range(low, high):
            j = entries[depth, i]
            v = codes[j]
            if slot[v] < 0:
                alone[single] = j
                single += 1
            else:
                entries[deeper, slot[v]] = j
                slot[v] += 1
        for t in range(values):
            slot[touched[t]] = 0
    starts[deeper, number] = place
    starts[deeper, -1] = number
    return single


@nb.njit(cache=True, nogil=True)
def _grown(found: NDArray[np.int64], used: int, needed: int) -> NDArray[np.int64]:
    larger = np.empty((3, 2 * needed), np.int64)
    for row in range(3):
        for f in range(used):
            larger[row, f] = found[row, f]
    return larger


@nb.njit(cache=True, nogil=True)
def _keep_if_minimal(
    j: int, mask: int, found: NDArray[np.int64], last: NDArray[np.int64], number: int
) -> tuple[int, int]:
    """Keep that class j is unique on a set, unless it is on a smaller one; return the work too."""
    steps = 0
    f = last[j]
    while f >= 0:
        steps += 1
        if found[1, f] & mask == found[1, f]:
            return number, PER_STEP * steps
        f = found[2, f]
    found[0, number], found[1, number], found[2, number] = j, mask, last[j]
    last[j] = number
    return number + 1, PER_STEP * steps + PER_FOUND


@nb.njit(cache=True, nogil=True)
def examine_subsets(
    codes: NDArray[np.int32],
    count: NDArray[np.int64],
    people_of: tuple[NDArray[np.int64], NDArray[np.int32]],
    subsets: tuple[int, int],
    budget: int,
) -> tuple[int, int, NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """
    Group the classes by every set of up to so many columns, and find each class's minimal uniques.

    A set is reached from the set without its lowest column, by splitting the groups of that set.
    Sets come in the order of their masks, so every set comes after all of its subsets. A group
    of one class is never split, so it is settled for all larger sets and left out of them.

    Parameters
    ----------
    codes : int32[q, m]
        Bit i of a mask stands for row i; at most 63 rows. Codes are below m.
    count : int64[m]
        People of each class.
    people_of : int64[m + 1] and int32[p]
        Where people have several rows, the offsets and the people of each class, and a group's
        people are counted anew. Empty where each class holds people of its own. Numbers of
        people are below p.
    subsets : int and int
        The largest number of columns in a set, and how many such sets there are.
    budget : int
        The search is given up after so much work.

    Returns
    -------
    examined : int
        How many sets were examined; fewer than `subsets` where the search was given up.
    work : int
    sets : int64[4, s]
        Of each set: its mask, groups, groups of one person, and the sum of the groups' people.
    pairs : float64[s]
        Sum of f (f - 1) over the groups.
    found : int64[2, f]
        Each minimal unique: the class, and the mask of the set on which it is unique.
    """
    q, m = codes.shape
    largest, number_of_sets = subsets
    offsets, person = people_of
    by_person = person.size > 0
    sets = np.empty((4, number_of_sets), np.int64)
    pairs = np.empty(number_of_sets, np.float64)
    found = np.empty((3, 1024), np.int64)  # third, the one of the same class found before
    last = np.full(m, -1, np.int64)
    number_found = 0
    # What is not settled at each depth of the search: classes, side by side in groups. The last
    # place of a row of starts holds the number of its groups.
    entries = np.empty((largest + 1, m), np.int32)
    starts = np.empty((largest + 1, m // 2 + 3), np.int32)
    settled = np.zeros((3, largest + 1), np.int64)  # groups, groups of one person, people
    settled_pairs = np.zeros(largest + 1, np.float64)
    at = np.zeros(largest + 1, np.int64)
    lowest = np.zeros(largest + 1, np.int64)
    following = np.zeros(largest + 1, np.int64)
    scratch = np.zeros((3, m), np.int32)
    seen = np.full(person.size, -1, np.int64)
    stamp = 0
    for j in range(m):
        entries[0, j] = j
    starts[0, 0] = 0
    starts[0, 1] = m
    starts[0, -1] = 1
    lowest[0] = q
    examined = work = depth = 0
    while depth >= 0 and work <= budget:
        if depth == largest or following[depth] == lowest[depth]:
            depth -= 1
            continue
        column = following[depth]
        following[depth] += 1
        deeper = depth + 1
        mask = at[depth] | (np.int64(1) << column)
        open_classes = starts[depth, starts[depth, -1]]
        work += PER_SUBSET + open_classes
        if number_found + open_classes > found.shape[1]:
            found = _grown(found, number_found, number_found + open_classes)
        single = _split(codes[column], entries, starts, depth, scratch)
        number = starts[deeper, -1]
        groups = settled[0, depth] + single
        unique = settled[1, depth]
        people = settled[2, depth]
        doubled = settled_pairs[depth]
        for i in range(single):
            j = scratch[2, i]
            people += count[j]
            doubled += float(count[j]) * (count[j] - 1)
            if count[j] == 1:
                unique += 1
                number_found, steps = _keep_if_minimal(j, mask, found, last, number_found)
                work += steps
        settled[0, deeper] = groups
        settled[1, deeper] = unique
        settled[2, deeper] = people
        settled_pairs[deeper] = doubled
        groups += number
        for g in range(number):
            low, high = starts[deeper, g], starts[deeper, g + 1]
            size = 0
            for i in range(low, high):
                j = entries[deeper, i]
                if not by_person:
                    size += count[j]
                    continue
                work += offsets[j + 1] - offsets[j]
                for p in range(offsets[j], offsets[j + 1]):
                    if seen[person[p]] != stamp:
                        seen[person[p]] = stamp
                        size += 1
            stamp += 1
            people += size
            doubled += float(size) * (size - 1)
            if size == 1:  # one person with several classes here
                unique += 1
                for i in range(low, high):
                    j = entries[deeper, i]
                    number_found, steps = _keep_if_minimal(j, mask, found, last, number_found)
                    work += steps
        sets[0, examined] = mask
        sets[1, examined] = groups
        sets[2, examined] = unique
        sets[3, examined] = people
        pairs[examined] = doubled
        examined += 1
        at[deeper] = mask
        lowest[deeper] = column
        following[deeper] = 0
        depth = deeper
    return examined, work, sets, pairs, found[:2, :number_found]
