"""Hierarchies made by hand, by frequency, by prefix, or with nothing between value and ``*``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy

OTHER = "Other"
CUT = "…"


def value_or_nothing(column: str, values: Sequence[str]) -> Hierarchy:
    """Build the hierarchy of two levels: the value, or ``*``."""
    return Hierarchy.from_rows(column, [(value, SUPPRESSED) for value in values])


def grouped(
    column: str,
    values: Sequence[str],
    levels: Sequence[Mapping[str, Sequence[str]]],
    *,
    rest: Literal["other", "own"] = "other",
    other: str = OTHER,
) -> Hierarchy:
    """
    Build a hierarchy from groups made by hand.

    Parameters
    ----------
    column : str
    values : sequence of str
        The values that the column may hold.
    levels : sequence of mapping of str to sequence of str
        For each level from the finest up: group -> its members, which are labels of the level
        below (values, at the first).
    rest : {"other", "own"}
        What becomes of labels in no group: one group named `other`, or each stays as it is.
    other : str
        Name of that group.

    Raises
    ------
    PrivacyToolError
        A group without a name, a member in two groups, a member that the level below does not
        have, or a label that stays as it is and has the name of a group.
    """
    current = list(values)
    columns: list[list[str]] = []
    for depth, groups in enumerate(levels, start=1):
        where = f"In level {depth} of the hierarchy of {column!r}"
        group_of: dict[str, str] = {}
        twice = 0
        for label, members in groups.items():
            if not label:
                raise PrivacyToolError(f"{where}, a group has no name. Name it.")
            for member in members:
                twice += group_of.setdefault(member, label) != label
        if twice:
            raise PrivacyToolError(
                f"{where}, {twice} labels stand in more than one group. Keep each in one."
            )
        below = set(current)
        unknown = sum(member not in below for member in group_of)
        if unknown:
            raise PrivacyToolError(
                f"{where}, {unknown} members of groups are not labels of the level below. "
                "Remove them or check their spelling."
            )
        if rest == "own":
            clash = sum(label in groups for label in below if label not in group_of)
            if clash:
                raise PrivacyToolError(
                    f"{where}, {clash} labels that stay as they are have the name of a group. "
                    "Put them into that group or rename it."
                )
        current = [group_of.get(label, other if rest == "other" else label) for label in current]
        columns.append(current)
    return Hierarchy.from_rows(
        column,
        [(value, *(labels[i] for labels in columns), SUPPRESSED) for i, value in enumerate(values)],
    )


def by_frequency(
    column: str,
    values: Sequence[str],
    counts: Sequence[int],
    *,
    at_least: int,
    other: str = OTHER,
) -> Hierarchy:
    """
    Build a hierarchy in which values held by few records become one group.

    Parameters
    ----------
    column, values
        As in `grouped`.
    counts : sequence of int
        How many records hold each value.
    at_least : int
        A value held by fewer records is rare.
    other : str
        Name of the group of rare values; extended where a frequent value has that name.
    """
    frequent = {v for v, count in zip(values, counts, strict=True) if count >= at_least}
    while other in frequent:
        other += " (rare)"
    return Hierarchy.from_rows(
        column, [(value, value if value in frequent else other, SUPPRESSED) for value in values]
    )


def by_prefix(
    column: str, values: Sequence[str], *, lengths: Sequence[int], separator: str = ""
) -> Hierarchy:
    """
    Build a hierarchy in which values that begin alike become one group.

    Parameters
    ----------
    column, values
        As in `grouped`.
    lengths : sequence of int
        How many characters are kept, or how many parts where there is a separator; falling, one
        for each level. A shorter value stays as it is; a cut one ends in ``…``.
    separator : str
        What stands between the parts of a value, such as ``/``.

    Raises
    ------
    PrivacyToolError
        No lengths, lengths that do not fall, or one below 1.

    Examples
    --------
    >>> codes = by_prefix("code", ["E11.9", "E10", "I1"], lengths=[3, 1])
    >>> codes.rows()[0]
    ('E11.9', 'E11…', 'E…', '*')
    >>> by_prefix("place", ["NO/Oslo"], lengths=[1], separator="/").rows()
    [('NO/Oslo', 'NO/…', '*')]
    """
    falling = all(longer > shorter for longer, shorter in pairwise(lengths))
    if not lengths or lengths[-1] < 1 or not falling:
        raise PrivacyToolError(
            f"For the prefixes of {column!r} give how much of a value is kept at each level: whole "
            "numbers from 1 upwards, each smaller than the one before."
        )

    def cut(value: str, length: int) -> str:
        # The values that are exactly so long belong to the group of those that begin with them.
        parts: Sequence[str] = value.split(separator) if separator else value
        if len(parts) < length:
            return value
        return separator.join([*parts[:length], ""]) + CUT

    return Hierarchy.from_rows(
        column,
        [(value, *(cut(value, length) for length in lengths), SUPPRESSED) for value in values],
    )
