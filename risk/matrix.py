"""The risk matrix: which severity and likelihood together are acceptable."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, get_args

from microdata.errors import PrivacyToolError

Color = Literal["green", "amber", "red"]
COLORS: tuple[Color, ...] = get_args(Color)
"""From acceptable to not acceptable."""
Matrix = tuple[tuple[Color, ...], ...]
SIDE = 4
MATRIX: Matrix = (
    ("green", "green", "amber", "amber"),
    ("green", "amber", "amber", "red"),
    ("amber", "amber", "red", "red"),
    ("amber", "red", "red", "red"),
)
"""Rows are severity 1 to 4, cells likelihood 1 to 4: a product convention."""
_WHERE = "In the policy file 'matrix'"


def read_matrix(data: object) -> Matrix:
    """
    Read a matrix.

    Raises
    ------
    PrivacyToolError
        Not four rows of four colours, a cell that is greener than one of a lower severity or
        likelihood, or a green cell at severity 4.
    """
    rows = data if isinstance(data, list | tuple) else ()
    matrix = tuple(tuple(row) if isinstance(row, list | tuple) else () for row in rows)
    if [len(row) for row in matrix] != [SIDE] * SIDE or any(
        color not in COLORS for row in matrix for color in row
    ):
        raise PrivacyToolError(
            f"{_WHERE} must be {SIDE} rows, severity 1 to {SIDE}, of {SIDE} colours each, "
            f"likelihood 1 to {SIDE}: {', '.join(COLORS)}."
        )
    lines = (*matrix, *zip(*matrix, strict=True))
    if any(
        COLORS.index(low) > COLORS.index(high) for line in lines for low, high in pairwise(line)
    ):
        raise PrivacyToolError(
            f"{_WHERE} gets greener where the severity or the likelihood rises. Correct it."
        )
    if "green" in matrix[-1]:
        raise PrivacyToolError(
            f"{_WHERE} has a green cell at severity {SIDE}. Lasting harm is never green: use amber."
        )
    return matrix
