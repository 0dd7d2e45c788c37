"""Which few columns are enough to single people out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

from microdata.measure import Context
from risk.columns import known_columns

WORK = 20_000_000
"""How many classes may be grouped in all before combinations are left out: about a second."""


@dataclass(frozen=True, kw_only=True)
class SubsetUniqueness:
    """
    What an attacker finds who knows some of the quasi-identifiers.

    Parameters
    ----------
    columns : tuple of str
    unique : int
        People who are the only ones with their values, U.
    share : float
        U / n.
    success : float
        J / n: the expected share of right guesses.
    """

    columns: tuple[str, ...]
    unique: int
    share: float
    success: float


@dataclass(frozen=True, kw_only=True)
class SinglingOut:
    """
    The combinations that single most people out.

    Parameters
    ----------
    worst : tuple of SubsetUniqueness
        For each number of columns that was examined, the worst combination.
    examined : int
        How many combinations were examined.
    left_out : str
        What was not examined, as a sentence; "" where nothing was left out.
    """

    worst: tuple[SubsetUniqueness, ...]
    examined: int
    left_out: str

    @property
    def smallest(self) -> SubsetUniqueness | None:
        """The smallest combination by which anybody is unique, the worst of its size."""
        return next((subset for subset in self.worst if subset.unique), None)


def smallest_singling_out(context: Context, max_columns: int = 3) -> SinglingOut:
    """
    Find the smallest combinations of quasi-identifiers that single people out.

    Parameters
    ----------
    context : Context
    max_columns : int
        How many columns an attacker may know.

    Returns
    -------
    SinglingOut
        Empty where nothing is released.
    """
    classes = context.classes
    total = len(classes.columns)
    if not classes.n_records:
        return SinglingOut(worst=(), examined=0, left_out="No record is released.")
    rows = classes.n_classes if context.roles.person is None else context.release.released_records
    worst: list[SubsetUniqueness] = []
    examined = 0
    largest = min(max_columns, total)
    for size in range(1, largest + 1):
        number = math.comb(total, size)
        if size > 1 and (examined + number) * rows > WORK:
            break
        subsets = []
        for columns in combinations(classes.columns, size):
            known = known_columns(context, columns)
            unique = int((known.count == 1).sum())
            subsets.append(
                SubsetUniqueness(
                    columns=columns,
                    unique=unique,
                    share=unique / known.n_records,
                    success=known.n_classes / known.n_records,
                )
            )
        examined += number
        worst.append(max(subsets, key=lambda subset: (subset.unique, subset.success)))
    return SinglingOut(worst=tuple(worst), examined=examined, left_out=_left_out(len(worst), total))


def _left_out(examined: int, total: int) -> str:
    if examined >= total:
        return ""
    return (
        f"Combinations of more than {examined} of the {total} quasi-identifiers were not examined."
    )
