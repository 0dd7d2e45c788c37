"""Hierarchies of codes: characters are replaced by stars, more at each level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy

MAX_LEVELS = 10


def mask_hierarchy(
    column: str,
    values: Sequence[str],
    *,
    side: Literal["right", "left"] = "right",
    levels: int | None = None,
) -> Hierarchy:
    """
    Build a hierarchy that masks characters from one side: 02139, 0213*, 021**, ..., ``*``.

    A value of which nothing is left is ``*``. Every label keeps the length of its value.

    Parameters
    ----------
    column : str
    values : sequence of str
        The values that the column may hold.
    side : {"right", "left"}
        Where masking starts.
    levels : int, optional
        How many levels, the last ``*`` included; one a character, and at most ten, where None.
    """
    if not values:
        raise PrivacyToolError(f"The column {column!r} holds no values to mask.")
    longest = max(1, *(len(value) for value in values))
    number = min(longest, MAX_LEVELS) if levels is None else levels
    if number < 1:
        raise PrivacyToolError(f"The hierarchy of {column!r} needs at least one level.")
    number = min(number, longest)
    # With fewer levels than characters a level masks several at once, the same at each step.
    steps = sorted({-(-longest * level // number) for level in range(1, number + 1)})

    def masked(value: str, hidden: int) -> str:
        kept = max(0, len(value) - hidden)
        stars = SUPPRESSED * (len(value) - kept)
        label = value[:kept] + stars if side == "right" else stars + value[len(value) - kept :]
        return SUPPRESSED if not label.strip(SUPPRESSED) else label

    return Hierarchy.from_rows(
        column,
        [
            (value, *(masked(value, hidden) for hidden in steps[:-1]), SUPPRESSED)
            for value in values
        ],
    )
