"""A search as the command line asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError
from risk.models import model_from_json, parse_model
from risk.models.base import is_number
from transforms.search.measure import parse_measure
from transforms.search.problem import SearchProblem

if TYPE_CHECKING:
    from microdata.roles import Roles

METHODS = ("lattice", "local", "anjana")
"""How a recipe may be looked for."""

_RANGE = re.compile(r"([0-9]{1,4})(?:\.\.([0-9]{1,4}))?", re.ASCII)


def search_problem(
    roles: Roles,
    *,
    require: Sequence[str] = (),
    require_file: object = None,
    suppression_limit: float = 0.0,
    minimize: str = "loss",
    method: str = METHODS[0],
    levels: Sequence[str] = (),
    weights: object = None,
) -> SearchProblem:
    """
    Read a request for a search.

    Parameters
    ----------
    roles : Roles
    require : sequence of str
        Models in the command line's form.
    require_file : object, optional
        A list of models as JSON objects.
    suppression_limit : float
    minimize : str
        A measure in the command line's form.
    method : {"lattice", "local", "anjana"}
    levels : sequence of str
        ``column=1..3`` or ``column=2``.
    weights : object, optional
        A JSON object: a number for some columns.

    Raises
    ------
    PrivacyToolError
        A method that is not there, or something that cannot be read.
    """
    if method not in METHODS:
        raise PrivacyToolError(
            f"{method!r} is not a method of search. Use one of: {', '.join(METHODS)}."
        )
    models = [parse_model(text) for text in require]
    if require_file is not None:
        if not isinstance(require_file, list):
            raise PrivacyToolError(
                'The file of models must hold a list, such as [{"model": "k-anonymity", '
                '"at_least": 5}].'
            )
        models += [model_from_json(data) for data in require_file]
    return SearchProblem(
        roles=roles,
        models=tuple(models),
        suppression_limit=suppression_limit,
        measure=parse_measure(minimize),
        levels=_levels(levels),
        weights=_weights(weights),
    )


def _levels(texts: Sequence[str]) -> dict[str, tuple[int, int]]:
    ranges: dict[str, tuple[int, int]] = {}
    for text in texts:
        # From the right: a column's name may hold the same sign.
        column, equals, span = text.rpartition("=")
        match = _RANGE.fullmatch(span)
        if not equals or match is None:
            raise PrivacyToolError(
                "The levels of a column are written like age=1..3, or age=2 for one level only."
            )
        if column in ranges:
            raise PrivacyToolError(
                f"The levels of the column {column!r} are given twice. Keep one."
            )
        low = int(match[1])
        ranges[column] = (low, low if match[2] is None else int(match[2]))
    return ranges


def _weights(data: object) -> dict[str, float]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PrivacyToolError(
            'The weights must be one JSON object, such as {"age": 1, "sex": 0.5}.'
        )
    weights: dict[str, float] = {}
    for column, weight in data.items():
        if not is_number(weight):
            raise PrivacyToolError(f"The weight of the column {column!r} must be a number.")
        weights[column] = float(weight)
    return weights
