"""Which few columns are enough to single people out."""

from __future__ import annotations

from dataclasses import dataclass

from microdata.measure import Context
from risk.special_uniques.search import SubsetSearch, search_subsets

NO_RECORD = "No record is released."


@dataclass(frozen=True, kw_only=True)
class SubsetUniqueness:
    """
    What an attacker finds who knows some of the quasi-identifiers.

    Parameters
    ----------
    columns : tuple of str
    groups : int
        Groups of look-alikes, J.
    unique : int
        People who are the only ones with their values, U.
    share : float
        U / n.
    success : float
        J / n: the expected share of right guesses; also called the distinction of the columns.
    separation : float or None
        1 - sum_j C(f_j, 2) / C(n, 2): the share of pairs of people told apart. None for one
        person alone.
    """

    columns: tuple[str, ...]
    groups: int
    unique: int
    share: float
    success: float
    separation: float | None


@dataclass(frozen=True, kw_only=True)
class SubsetTable:
    """
    Every combination that was examined.

    Parameters
    ----------
    subsets : tuple of SubsetUniqueness
        By the number of columns; of each number the worst first: most people unique.
    left_out : str
        What was not examined, as a sentence; "" where nothing was left out.
    """

    subsets: tuple[SubsetUniqueness, ...]
    left_out: str

    def worst(self, columns: int, most: int = 10) -> tuple[SubsetUniqueness, ...]:
        """Return the worst combinations of a number of columns."""
        return tuple(s for s in self.subsets if len(s.columns) == columns)[:most]


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
    if not context.classes.n_records:
        return SinglingOut(worst=(), examined=0, left_out=NO_RECORD)
    search = search_subsets(context, max_columns)
    sizes = range(1, search.largest + 1)
    return SinglingOut(
        worst=tuple(_subset(search, int(search.worst_first(size)[0])) for size in sizes),
        examined=search.mask.size,
        left_out=search.left_out,
    )


def subset_table(context: Context, max_columns: int | None = None) -> SubsetTable:
    """
    Examine every combination of up to so many quasi-identifiers.

    Parameters
    ----------
    context : Context
    max_columns : int, optional
        How many columns an attacker may know; all of them if None.

    Returns
    -------
    SubsetTable
        Empty where nothing is released.

    References
    ----------
    Motwani, Xu (2007), Efficient algorithms for masking and finding quasi-identifiers, VLDB:
    distinction and separation.
    """
    if not context.classes.n_records:
        return SubsetTable(subsets=(), left_out=NO_RECORD)
    if not context.classes.columns:
        return SubsetTable(subsets=(), left_out="No quasi-identifier is published.")
    search = search_subsets(context, max_columns)
    subsets = tuple(
        _subset(search, int(place))
        for size in range(1, search.largest + 1)
        for place in search.worst_first(size)
    )
    return SubsetTable(subsets=subsets, left_out=search.left_out)


def _subset(search: SubsetSearch, place: int) -> SubsetUniqueness:
    people, groups, unique = (
        int(numbers[place]) for numbers in (search.people, search.groups, search.unique)
    )
    pairs = float(people) * (people - 1)
    return SubsetUniqueness(
        columns=search.columns_of(int(search.mask[place])),
        groups=groups,
        unique=unique,
        share=unique / people,
        success=groups / people,
        separation=1 - float(search.pairs[place]) / pairs if pairs else None,
    )
