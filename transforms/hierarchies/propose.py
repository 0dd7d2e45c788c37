"""A first hierarchy for a column, from what is known of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microdata.dataset import ColumnKind
from transforms.hierarchies.dates import date_hierarchy
from transforms.hierarchies.intervals import equal_width
from transforms.hierarchies.masking import mask_hierarchy
from transforms.hierarchies.taxonomy import value_or_nothing

if TYPE_CHECKING:
    from microdata.dataset import Dataset
    from microdata.hierarchy import Hierarchy

FEW_NUMBERS = 4  # up to so many distinct numbers are taken for categories
MANY_TEXTS = 1_000


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """
    A hierarchy that was made without being asked, and what was done.

    Parameters
    ----------
    hierarchy : Hierarchy or None
        None where nothing sensible can be proposed.
    sentence : str
        What was done or what to do; holds no value of the column.
    """

    hierarchy: Hierarchy | None
    sentence: str


def propose(dataset: Dataset, column: str) -> Proposal:
    """
    Propose a hierarchy for a column.

    Numbers get intervals, dates get months to decades, codes are masked from the right, and a
    text is either kept or replaced by ``*``.
    """
    kind = dataset.column(column).kind
    values = dataset.values(column)
    if not values:
        return Proposal(hierarchy=None, sentence=f"{column!r} holds no values.")
    if kind is ColumnKind.FREE_TEXT:
        return Proposal(
            hierarchy=None,
            sentence=f"{column!r} is free text, which cannot be generalised. Drop the column.",
        )
    if kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL) and len(values) > FEW_NUMBERS:
        hierarchy = equal_width(column, values, decimal=dataset.read.decimal)
        return Proposal(
            hierarchy=hierarchy,
            sentence=f"{column!r} gets intervals of equal width, doubled at each of "
            f"{hierarchy.height - 1} levels.",
        )
    if kind is ColumnKind.DATE:
        hierarchy = date_hierarchy(column, values)
        return Proposal(
            hierarchy=hierarchy,
            sentence=f"{column!r} is generalised from days to months, quarters, years and decades.",
        )
    if kind is ColumnKind.CODE:
        hierarchy = mask_hierarchy(column, values)
        return Proposal(
            hierarchy=hierarchy,
            sentence=f"{column!r} is masked from the right in {hierarchy.height} levels.",
        )
    if len(values) > MANY_TEXTS:
        return Proposal(
            hierarchy=None,
            sentence=f"{column!r} holds {len(values):,} distinct texts. Group them by hand, upload "
            "a hierarchy, or drop the column.",
        )
    return Proposal(
        hierarchy=value_or_nothing(column, values),
        sentence=f"A value of {column!r} is either kept or replaced by *. Group the values by hand "
        "for levels in between.",
    )


def propose_hierarchy(dataset: Dataset, column: str) -> Hierarchy | None:
    """Return the proposed hierarchy of a column, or None; `propose` also says what was done."""
    return propose(dataset, column).hierarchy
