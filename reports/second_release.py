"""A second release of the same table, from a recipe or a file, beside the one that is assessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.release import Release
from reports.headline import policy_size
from reports.input_files import read_json, read_table
from risk.attacks.composition import Composition, compose
from transforms.recipe import Recipe
from transforms.replay import replay_check

if TYPE_CHECKING:
    from microdata.dataset import Issue
    from microdata.encoding import EncodedTable
    from reports.case import Case


def second_case(
    case: Case, recipe: Path | None, table: Path | None
) -> tuple[Case, tuple[Issue, ...]]:
    """
    Return the case of a second release, and in which ways its recipe does not fit.

    Parameters
    ----------
    case : Case
        Of the first one.
    recipe, table : Path, optional
        A recipe for the same rows, or a release that was made elsewhere; one of the two.

    Raises
    ------
    PrivacyToolError
        Both or neither are given, or a file cannot be read.
    """
    if recipe is None and table is not None:
        return replace(case, recipe=None, elsewhere=read_table(table)), ()
    if recipe is None or table is not None:
        raise PrivacyToolError("Give a second recipe or a second release, one of the two.")
    second = Recipe.from_json(read_json(recipe))
    issues = replay_check(second, case.dataset, case.hierarchies)
    return replace(case, recipe=second, elsewhere=None), tuple(issues)


def composition_of(
    first: Case, second: Case, source: EncodedTable, *, same_order: bool = False
) -> Composition:
    """
    Return what two releases of one table give away together.

    Parameters
    ----------
    first, second : Case
        Of the same table, with the same roles.
    source : EncodedTable
        The table.
    same_order : bool
        Whether the rows of a release made elsewhere stand in the order of the original.

    Raises
    ------
    PrivacyToolError
        It cannot be computed; the reason is the sentence.
    """
    contexts = [
        case.context(case.release(source) or Release.original(source)) for case in (first, second)
    ]
    found = compose(
        contexts[0],
        contexts[1],
        threshold=policy_size(first.policy),
        same_order=same_order,
    )
    if isinstance(found, NotComputed):
        raise PrivacyToolError(found.reason)
    return found
