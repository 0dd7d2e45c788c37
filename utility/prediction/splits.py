"""Which original rows train a model and which are held out, whatever is done to the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import person_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable

HELD_OUT = 0.3
STRATA = 10
"""How many groups of equal size the numbers of a numeric target are put into."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Split:
    """Positions of original rows: those that may train a model, and those that test it."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def content_order(table: EncodedTable, columns: Sequence[str]) -> NDArray[np.int64]:
    """
    Return the rows of a table in the order of their texts: int64[n0].

    What is drawn in this order depends neither on the order of the rows, but for rows that are
    equal in all the columns, nor on the order of a column's values.
    """
    ranks: list[NDArray[np.int32]] = []
    for name in sorted(columns, reverse=True):
        leaves = table.domain(name).leaves
        rank = np.empty(len(leaves) + 2, np.int32)
        rank[sorted(range(len(leaves)), key=leaves.__getitem__)] = np.arange(len(leaves))
        rank[len(leaves) :] = len(leaves)
        ranks.append(rank[table.codes[name]])
    return np.asarray(np.lexsort(ranks), np.int64)


def equal_strata(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of ten groups of equal size each number is in, equal numbers together."""
    ordered = np.sort(numbers)
    return np.searchsorted(ordered, numbers) * STRATA // max(1, numbers.size)


def draw(rng: np.random.Generator, stratum: NDArray[np.int64], share: float) -> NDArray[np.bool_]:
    """
    Draw a share of units, the same of each stratum up to one unit: bool[n].

    The units are put in random order within their stratum, and the strata one after the other;
    a systematic sample of that line is a stratified one.
    """
    line = np.lexsort((rng.random(stratum.size), stratum))
    marks = np.floor(np.arange(stratum.size + 1) * min(1.0, share) + rng.random())
    chosen = np.zeros(stratum.size, bool)
    chosen[line] = np.diff(marks) > 0
    return chosen


def splits(
    table: EncodedTable,
    rows: NDArray[np.int64],
    stratum: NDArray[np.int64],
    *,
    person: str | None,
    seed: int,
    repeats: int,
    most_rows: int,
) -> tuple[Split, ...]:
    """
    Split rows of the ORIGINAL table several times.

    Nothing of a release goes in, so a recipe cannot change who is held out. All rows of one
    person fall on the same side.

    Parameters
    ----------
    table : EncodedTable
    rows : int64[r]
        The rows whose target is known, in an order that their content gives.
    stratum : int64[r]
        Of each of them.
    person : str, optional
        Column that tells which rows are one person.
    seed : int
    repeats : int
    most_rows : int
        Of more rows about so many are drawn first.
    """
    unit_of = np.arange(rows.size)
    if person is not None:
        numbers = person_numbers(table, person)[rows]
        _, first, place = np.unique(numbers, return_index=True, return_inverse=True)
        # Units stand in the order of their first row, and not of their codes.
        rank = np.empty(first.size, np.int64)
        rank[np.argsort(first)] = np.arange(first.size)
        unit_of = rank[place]
        stratum = stratum[np.sort(first)]
    rng = np.random.default_rng(seed)
    sample = np.ones(stratum.size, bool)
    if rows.size > most_rows:
        sample = draw(rng, stratum, most_rows / rows.size)
    made = []
    for _ in range(repeats):
        held_out = np.zeros(stratum.size, bool)
        held_out[sample] = draw(rng, stratum[sample], HELD_OUT)
        made.append(
            Split(
                train=rows[(sample & ~held_out)[unit_of]],
                test=rows[held_out[unit_of]],
            )
        )
    return tuple(made)
