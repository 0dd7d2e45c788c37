"""The demo tables as the exercises use them: which columns are known, and what is released."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from demo_data import DEMOS, Demo
from microdata.encoding import EncodedTable
from microdata.measure import Context, Figure, NotComputed
from microdata.readers import read_dataset
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.case import Case
from transforms.hierarchies.csv_files import read_hierarchies
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords


def demo_of(demo_id: str) -> Demo:
    """Return a demo by its id."""
    return next(demo for demo in DEMOS if demo.id == demo_id)


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """A demo table as an exercise uses it, encoded once."""

    case: Case
    source: EncodedTable

    @property
    def records(self) -> int:
        """How many rows the table has."""
        return self.case.dataset.records

    def original(self) -> Context:
        """Return the table as it was collected."""
        return self.case.context(Release.original(self.source))

    def after(self, recipe: Recipe) -> Context:
        """Return the table that a recipe with steps makes."""
        release = replace(self.case, recipe=recipe).release(self.source)
        if release is None:
            raise RuntimeError("a recipe with steps makes a release")
        return self.case.context(release)

    def released(self, levels: Mapping[str, int], *require: str) -> Context:
        """Return the table at some levels, without groups that do not meet what is required."""
        left_out = [SuppressRecords(require=require)] if require else []
        return self.after(Recipe(steps=(Generalize(levels=levels), *left_out)))


def example(demo_id: str, known: Sequence[str] = ()) -> Example:
    """
    Return a demo table with its roles and hierarchies.

    Parameters
    ----------
    demo_id : str
    known : sequence of str
        The quasi-identifiers that the exercise is about; the others are set aside. All if empty.
    """
    demo = demo_of(demo_id)
    dataset = read_dataset(demo.data.read_bytes(), demo.data.name)
    roles = Roles.from_json(json.loads(demo.roles.read_bytes()))
    if known:
        aside = set(roles.quasi_identifiers) - set(known)
        roles = Roles(
            by_column={
                name: Role.INSENSITIVE if name in aside else role
                for name, role in roles.by_column.items()
            }
        )
    hierarchies = read_hierarchies(demo.hierarchies, dataset.column_names)
    case = Case(dataset=dataset, roles=roles, hierarchies=hierarchies)
    return Example(case=case, source=case.encoded())


def group_labels(context: Context, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what is written in some columns for each group of look-alikes."""
    texts = {name: context.release.columns[name].texts for name in columns}
    codes = {name: context.classes.codes(name).tolist() for name in columns}
    return [
        tuple(texts[name][codes[name][group]] or "" for name in columns)
        for group in range(context.classes.n_classes)
    ]


def value_counts(context: Context, column: str) -> list[dict[str, int]]:
    """Return how often each value of a sensitive column occurs in each group."""
    held = context.classes.sensitive[column]
    bounds = zip(held.offsets[:-1].tolist(), held.offsets[1:].tolist(), strict=True)
    return [
        {held.labels[held.value[i]]: int(held.n[i]) for i in range(start, end)}
        for start, end in bounds
    ]


def number(figure: Figure) -> float:
    """Return the value of a figure, which a demo table always has."""
    if isinstance(figure, NotComputed):
        raise TypeError(figure.reason)
    return figure.value
