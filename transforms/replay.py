"""Whether a recipe still fits: what to know before it is used on another file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from microdata.dataset import ColumnKind, Dataset, Issue
from transforms.hierarchies.checks import coverage
from transforms.parameters import DATES, NUMERIC, DeclaredStep
from transforms.recipe import Recipe, highest_levels
from transforms.steps.drop_column import DropColumn
from transforms.steps.mondrian import Mondrian
from transforms.steps.recode_locally import RecodeLocally
from transforms.steps.suppress_records import SuppressRecords

if TYPE_CHECKING:
    from microdata.hierarchy import Hierarchy
    from transforms.step import Step


def replay_check(
    recipe: Recipe, dataset: Dataset, hierarchies: Mapping[str, Hierarchy]
) -> tuple[Issue, ...]:
    """
    Tell what keeps a recipe from being used on a file, and what is other than it was.

    Parameters
    ----------
    recipe : Recipe
        Made with this file or with another one, such as last month's.
    dataset : Dataset
    hierarchies : mapping of str to Hierarchy

    Returns
    -------
    tuple of Issue
        Errors, with which the recipe cannot be applied, then warnings. Values are counted, never
        shown; each problem of a column is told once.
    """
    once: dict[tuple[str, str | None], Issue] = {}
    for issue in (
        *_columns(recipe, dataset),
        *_hierarchies(recipe, dataset, hierarchies),
        *_kinds(recipe, dataset),
    ):
        once.setdefault((issue.code, issue.column), issue)
    # Errors first, each kind in the order of the steps.
    return tuple(sorted(once.values(), key=lambda issue: issue.severity != "error"))


def _named(step: Step) -> tuple[str, ...]:
    """Return the columns that a step names, those of its privacy models included."""
    protected: tuple[str | None, ...] = ()
    if isinstance(step, SuppressRecords | RecodeLocally | Mondrian):
        protected = tuple(model.column for model in step.models)
    return (*step.columns, *(column for column in protected if column is not None))


def _columns(recipe: Recipe, dataset: Dataset) -> Iterator[Issue]:
    dropped: set[str] = set()
    for step in recipe.steps:
        for column in _named(step):
            if column not in dataset.column_names:
                yield Issue(
                    severity="error",
                    code="column-missing",
                    message=f"The step {step.name!r} names the column {column!r}, which the file "
                    "does not have. Give the column its former name, or change the step.",
                    column=column,
                )
            elif column in dropped:
                yield Issue(
                    severity="error",
                    code="column-dropped",
                    message=f"The step {step.name!r} names the column {column!r}, which an "
                    "earlier step drops. Remove one of the two steps.",
                    column=column,
                )
        if isinstance(step, DropColumn):
            dropped.update(step.columns)


def _hierarchies(
    recipe: Recipe, dataset: Dataset, hierarchies: Mapping[str, Hierarchy]
) -> Iterator[Issue]:
    for step in recipe.steps:
        for column, level in highest_levels(step).items():
            if level and column in dataset.column_names:
                yield from _level(column, level, dataset, hierarchies.get(column))
    texts = {column.name for column in dataset.columns if column.kind not in NUMERIC + DATES}
    # A hierarchy that no step needs is not missed.
    for issue in recipe.check_hierarchies(hierarchies):
        if issue.column in recipe.generalized_columns:
            yield issue
        elif issue.column in texts.intersection(recipe.split_columns):
            yield replace(issue, severity="warning")  # the parts only get other names


def _level(
    column: str, level: int, dataset: Dataset, hierarchy: Hierarchy | None
) -> Iterator[Issue]:
    if hierarchy is None:
        yield Issue(
            severity="error",
            code="hierarchy-missing",
            message=f"The recipe generalises the column {column!r}, but there is no hierarchy for "
            "it. Build or upload one.",
            column=column,
        )
        return
    if level > hierarchy.height:
        yield Issue(
            severity="error",
            code="level-missing",
            message=f"The recipe asks for level {level} of the column {column!r}, but its "
            f"hierarchy has the levels 0 to {hierarchy.height}. Choose one of them.",
            column=column,
        )
    known = coverage(hierarchy, dataset)
    if known.lacking:
        yield Issue(
            severity="error",
            code="values-not-covered",
            message=f"{known.lacking:,} values of the column {column!r}, in {known.rows:,} rows, "
            "are not in its hierarchy. Add them to it, or let it replace them by *.",
            column=column,
            count=known.lacking,
        )


def _kinds(recipe: Recipe, dataset: Dataset) -> Iterator[Issue]:
    for step in recipe.steps:
        for column in _named(step):
            if column in dataset.column_names and dataset.column(column).kind is ColumnKind.EMPTY:
                yield Issue(
                    severity="warning",
                    code="column-empty",
                    message=f"The column {column!r}, which the recipe names, is empty in this "
                    "file. Check that the file is complete.",
                    column=column,
                )
        if isinstance(step, DeclaredStep):
            yield from _other_kinds(step, dataset)


def _other_kinds(step: DeclaredStep, dataset: Dataset) -> Iterator[Issue]:
    for parameter in step.parameters:
        if not parameter.column_kinds:
            continue
        for column in step.columns_of(parameter):
            if column not in dataset.column_names:
                continue
            kind = dataset.column(column).kind
            if kind not in (*parameter.column_kinds, ColumnKind.EMPTY):
                wanted = " or ".join(kind.value for kind in parameter.column_kinds)
                yield Issue(
                    severity="warning",
                    code="kind-changed",
                    message=f"The step {step.name!r} is meant for columns of the kind {wanted}, "
                    f"but in this file the column {column!r} is read as {kind.value}. Check how "
                    "the file is read.",
                    column=column,
                )
