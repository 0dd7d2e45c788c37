from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from reports.spreadsheet import release_csv
from transforms.recipe import Recipe
from transforms.steps import (
    DropColumn,
    Generalize,
    SampleRecords,
    ShuffleRows,
    SuppressRecords,
)

SHUFFLE = ShuffleRows()


@pytest.fixture
def table(build):
    return build(
        {"n": [f"{i:03d}" for i in range(60)], "q": [str(i % 7) for i in range(60)]},
        {"q": [(str(i), "low" if i < 4 else "high", "*") for i in range(7)]},
    )


def rows(release):
    return release_csv(release).decode().splitlines()[1:]


def test_the_same_records_are_written_in_another_order(table, context):
    original = Release.original(table)
    release = SHUFFLE.apply(original, context(["q"]))
    assert sorted(rows(release)) == sorted(rows(original))
    assert rows(release) != rows(original)
    assert [",".join(row) for row in release.frame().astype(str).to_numpy()] == rows(release)


def test_the_seed_decides(table, context):
    original, given = Release.original(table), context(["q"])

    def order(**changes):
        return rows(SHUFFLE.apply(original, replace(given, **changes)))

    assert order() == order()
    assert order() != order(seed=1)
    assert order(seed=-5) != order(seed=5)


def test_records_that_are_alike_are_shuffled_too(build, context):
    release = SHUFFLE.apply(Release.original(build({"q": ["a"] * 50})), context(["q"]))
    assert release.order is not None
    assert sorted(release.order.tolist()) == list(range(50))
    assert release.order.tolist() != list(range(50))


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_it_may_stand_anywhere_in_a_recipe(table, context, place):
    steps = [
        Generalize(levels={"q": 1}),
        SampleRecords(share=0.5),
        SuppressRecords(require=("k-anonymity=3",)),
    ]
    without = Recipe(steps=tuple(steps)).apply(Release.original(table), context(["q"]))
    steps.insert(place, SHUFFLE)
    release = Recipe(steps=tuple(steps)).apply(Release.original(table), context(["q"]))
    assert release.released_records == without.released_records
    assert sorted(rows(release)) == sorted(rows(without))


def test_a_second_shuffle_and_a_release_of_nothing(table, context):
    twice = Recipe(steps=(SHUFFLE, SHUFFLE)).apply(Release.original(table), context(["q"]))
    assert sorted(rows(twice)) == sorted(rows(Release.original(table)))
    nobody = Release.original(table).keeping(np.zeros(60, bool))
    assert rows(SHUFFLE.apply(nobody, context(["q"]))) == []
    no_columns = DropColumn(columns=("n", "q")).apply(Release.original(table), context([]))
    assert SHUFFLE.apply(no_columns, context([])).released_records == 60


def test_no_figure_depends_on_the_order():
    frame = pd.DataFrame(
        {
            "age": [str(20 + i % 9) for i in range(90)],
            "town": [("Aford", "Bham", "Cton")[i % 3] for i in range(90)],
            "illness": [("flu", "cold")[i % 5 == 0] for i in range(90)],
        },
        dtype="object",
    )
    ages = Hierarchy.from_rows("age", [(str(a), f"{a // 5 * 5}+", "*") for a in range(20, 29)])
    roles = Roles(
        by_column={
            "age": Role.QUASI_IDENTIFIER,
            "town": Role.QUASI_IDENTIFIER,
            "illness": Role.SENSITIVE,
        }
    )
    steps = (Generalize(levels={"age": 1}), SuppressRecords(require=("k-anonymity=7",)))
    found = [
        assess(
            Case(
                dataset=dataset_from_frame(frame, "people.csv"),
                roles=roles,
                recipe=Recipe(steps=recipe),
                hierarchies={"age": ages},
            )
        ).to_json()
        for recipe in (steps, (*steps, SHUFFLE))
    ]
    assert found[0]["after"] == found[1]["after"]
    assert found[0]["before"] == found[1]["before"]


def test_it_is_written_without_parameters():
    assert SHUFFLE.to_json() == {"step": "shuffle_rows"}
    assert SHUFFLE.columns == ()
    assert Recipe.from_json({"version": 1, "steps": [SHUFFLE.to_json()]}).steps == (SHUFFLE,)
