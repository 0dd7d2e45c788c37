from __future__ import annotations

from itertools import combinations

import pytest


def _brute_force(columns, persons=None):
    """
    Examine every set of columns the slow way.

    Returns for each set (groups, groups of one person, people, sum of f (f - 1)), and for each
    row its minimal uniques.
    """
    names = list(columns)
    rows = list(zip(*columns.values(), strict=True))
    persons = list(range(len(rows))) if persons is None else persons
    sets, alone = {}, {}
    for size in range(1, len(names) + 1):
        for chosen in combinations(range(len(names)), size):
            holders = {}
            for row, person in zip(rows, persons, strict=True):
                holders.setdefault(tuple(row[i] for i in chosen), set()).add(person)
            sizes = [len(people) for people in holders.values()]
            key = frozenset(names[i] for i in chosen)
            sets[key] = (
                len(sizes),
                sizes.count(1),
                sum(sizes),
                sum(f * (f - 1) for f in sizes),
            )
            alone[key] = [len(holders[tuple(row[i] for i in chosen)]) == 1 for row in rows]
    minimal = [
        {
            key
            for key in alone
            if alone[key][i] and not any(alone[less][i] for less in alone if less < key)
        }
        for i in range(len(rows))
    ]
    return sets, minimal


@pytest.fixture(scope="session")
def brute_force():
    return _brute_force


def _minimal_by_row(search, classes):
    """Return the minimal uniques of each record as sets of column names."""
    by_class = [set() for _ in range(classes.n_classes)]
    for j, mask in zip(search.found.tolist(), search.found_mask.tolist(), strict=True):
        by_class[j].add(frozenset(search.columns_of(mask)))
    return [by_class[j] for j in classes.class_of.tolist()]


@pytest.fixture(scope="session")
def minimal_by_row():
    return _minimal_by_row
