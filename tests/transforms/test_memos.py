"""What is counted once and kept: never stale, never another table's, never more and more."""

from __future__ import annotations

import gc
import itertools
import weakref
from dataclasses import replace

import numpy as np
import pytest

from microdata.grouping import classes_of
from microdata.identifiers import detected
from microdata.measure import Context
from microdata.release import Release
from microdata.roles import Role, Roles
from risk import RISK_MEASURES
from transforms.recipe import Recipe, StepContext
from transforms.steps import (
    STEPS,
    AddNoise,
    DateShift,
    DropColumn,
    Generalize,
    Mask,
    Microaggregate,
    Mondrian,
    Pram,
    Pseudonymize,
    RecodeLocally,
    RoundValues,
    SampleRecords,
    ShuffleRows,
    SuppressCells,
    SuppressRecords,
    Swap,
    TopBottomCode,
)
from utility import UTILITY_MEASURES

INTERACTIVE = tuple(m for m in (*RISK_MEASURES, *UTILITY_MEASURES) if m.interactive)
K3 = ("k-anonymity=3",)
EVERY_STEP = (
    Generalize(levels={"age": 1, "zip": 2}),
    SuppressRecords(require=K3),
    DropColumn(columns=("zip",)),
    RecodeLocally(rounds=({"age": 1, "zip": 2}, {"age": 2, "zip": 3}), require=K3),
    Mondrian(columns=("age", "zip"), require=K3),
    SuppressCells(k=3),
    TopBottomCode(column="age", bottom=25, top=40),
    RoundValues(columns=("age",), base=10),
    Microaggregate(columns=("age",), group_size=4),
    AddNoise(columns=("age",), percent=40),
    Swap(columns=("age",), percent=30),
    Pram(columns=("zip",), pd=0.3),
    Pseudonymize(columns=("zip",)),
    Mask(columns=("zip",), what="all_but_first", keep=2),
    DateShift(columns=("day",), days=40),
    SampleRecords(share=0.6),
    ShuffleRows(),
)
COARSE = Generalize(levels={"age": 1, "zip": 1, "day": 0})
NEXT = SuppressRecords(require=("k-anonymity=2",))
AGES = [(str(age), f"{age // 10}0s", "*") for age in range(20, 50)]
OTHER_AGES = [(str(age), "young" if age < 35 else "old", "*") for age in range(20, 50)]
ZIPS = [f"10{i}{j}" for i in range(3) for j in range(3)]
ZIP_ROWS = [(zip_code, f"{zip_code[:3]}*", f"{zip_code[:2]}**", "*") for zip_code in ZIPS]
ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "zip": Role.QUASI_IDENTIFIER,
        "day": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
    }
)


@pytest.fixture
def table(build):
    def _table(ages=AGES, seed=1):
        draw, rows = np.random.default_rng(seed), 60
        columns = {
            "age": [str(age) for age in draw.integers(20, 50, rows)],
            "zip": draw.choice(ZIPS, rows).tolist(),
            "day": [f"2020-01-{day:02d}" for day in draw.integers(1, 29, rows)],
            "ill": draw.choice(["flu", "cold", "none"], rows).tolist(),
            "few": [str(weight) for weight in draw.integers(1, 4, rows)],
            "many": [str(weight) for weight in draw.integers(10, 31, rows)],
        }
        columns["zip"][7] = columns["age"][9] = None
        return build(columns, {"age": ages, "zip": ZIP_ROWS})

    return _table


def said(release, roles=ROLES, measures=INTERACTIVE):
    """Return every figure, label and finding of a release."""
    context = Context(release=release, roles=roles)
    found = {}
    for measure in measures:
        result = measure.evaluate(context)
        found |= {path: repr(figure) for path, figure in result.figures.items()}
        found |= {(*path, "label"): text for path, text in result.labels.items()}
        found[measure.name] = repr(result.findings)
    return found


def made(source, *steps):
    context = StepContext(roles=ROLES, key=b"k" * 32)
    return Recipe(steps=steps).apply(Release.original(source), context)


def test_every_step_is_tried_here():
    assert tuple(type(step) for step in EVERY_STEP) == STEPS


@pytest.mark.parametrize("step", EVERY_STEP, ids=lambda step: step.name)
def test_figures_do_not_depend_on_what_was_measured_before(table, step):
    alone, untouched = said(made(table(), step)), said(Release.original(table()))
    source = table()
    assert said(Release.original(source)) == untouched
    said(made(source, COARSE, NEXT))
    assert said(made(source, step)) == alone
    assert said(made(source, step)) == alone
    assert said(Release.original(source)) == untouched


def test_figures_are_those_of_the_hierarchy_and_of_the_table_at_hand(table):
    variants = ({}, {"ages": OTHER_AGES}, {"seed": 2})
    alone = [said(made(table(**variant), COARSE, NEXT)) for variant in variants]
    assert all(one != other for one, other in itertools.combinations(alone, 2))
    sources = [table(**variant) for variant in variants]
    for _ in range(2):
        assert [said(made(source, COARSE, NEXT)) for source in sources] == alone
    ages = [Release.original(source).at_level("age", 1) for source in sources]
    assert ages[0].nodes.labels == ages[2].nodes.labels == ("20s", "30s", "40s")
    assert ages[1].nodes.labels == ("young", "old")


def test_figures_are_those_of_the_roles_at_hand(table):
    # One table and one release, asked for one weight after another, and then for other columns.
    roles = [
        Roles(by_column={**ROLES.by_column, **other})
        for other in (
            {"few": Role.WEIGHT},
            {"many": Role.WEIGHT},
            {"few": Role.SENSITIVE},
            {"ill": Role.INSENSITIVE},
            {"day": Role.INSENSITIVE},
        )
    ]
    alone = [said(made(table(), COARSE), one, RISK_MEASURES) for one in roles]
    assert all(one != other for one, other in itertools.combinations(alone, 2))
    release = made(table(), COARSE)
    assert [said(release, one, RISK_MEASURES) for one in (*roles, *roles)] == [*alone, *alone]
    weights = [classes_of(release, one).weight.sum() for one in roles[:2]]
    frame = release.frame()
    assert weights == [
        frame["few"].astype(str).astype(int).sum(),
        frame["many"].astype(str).astype(int).sum(),
    ]


def test_changed_roles_are_other_roles(table):
    given = {"age": Role.QUASI_IDENTIFIER, "few": Role.WEIGHT}
    roles = Roles(by_column=given)
    assert (roles.quasi_identifiers, roles.weight) == (("age",), "few")
    given["zip"] = given["few"] = Role.QUASI_IDENTIFIER
    assert (roles.quasi_identifiers, roles.weight) == (("age",), "few")
    other = replace(roles, by_column=given)
    assert (other.quasi_identifiers, other.weight) == (("age", "few", "zip"), None)


def test_what_is_kept_does_not_grow_with_the_moves(table):
    source = table()
    levels = [("age", 1), ("age", 2), ("zip", 1), ("zip", 2), ("zip", 3)]

    def move(percent):
        for level in levels:
            release = made(source, Generalize(levels=dict([level])), NEXT)
            said(release)
            detected(release, ROLES)
        detected(made(source, AddNoise(columns=("age",), percent=percent)), ROLES)
        columns = [*Release.original(source).columns.values()]
        columns += [Release.original(source).at_level(*level) for level in levels]
        return len(source.memo), [len(column.memo) for column in columns]

    for step in EVERY_STEP:
        detected(made(source, step), ROLES)
        said(made(source, step))
    found = [move(percent) for percent in (10, 20, 30)]
    assert found[0] == found[1] == found[2]
    assert found[0][0] < 25
    assert max(found[0][1]) <= 3


def test_shapes_are_those_of_the_labels_at_hand(build):
    # One column as it is, masked, and as it is again: its shapes are kept in the table meanwhile.
    source = build({"contact": [f"person{i}@example.org" for i in range(30)], "x": ["a"] * 30})
    roles = Roles(by_column={"x": Role.QUASI_IDENTIFIER})
    context = StepContext(roles=roles)
    original = Release.original(source)
    masked = [Mask(columns=("contact",), what=what) for what in ("digits", "all_but_first")]
    alone = [
        [repr(found) for found in detected(step.apply(Release.original(copy), context), roles)]
        for step, copy in zip(masked, (replace(source), replace(source)), strict=True)
    ]
    as_it_is = [repr(found) for found in detected(original, roles)]
    assert as_it_is != alone[0] != alone[1]
    for step, expected in zip((*masked, *masked), (*alone, *alone), strict=True):
        release = step.apply(original, context)
        assert [repr(found) for found in detected(release, roles)] == expected
        assert [repr(found) for found in detected(original, roles)] == as_it_is


def test_a_forgotten_table_takes_all_with_it_that_was_counted(table):
    source = table()
    release = made(source, COARSE, NEXT)
    said(release)
    masked = made(source, EVERY_STEP[-4])
    said(masked)
    watched = [source, *release.columns.values(), *masked.columns.values()]
    watched += [classes_of(release, ROLES), classes_of(release, ROLES).sensitive]
    held = [weakref.ref(one) for one in watched]
    del source, release, masked, watched
    gc.collect()
    assert [one() for one in held] == [None] * len(held)


def test_contingencies_are_regrouped_only_where_asked_and_once(table):
    source = table()
    roles = Roles(by_column={**ROLES.by_column, "few": Role.SENSITIVE})
    classes = classes_of(made(source, COARSE), roles)
    again = classes.select(classes.count > 1).project(("age",))
    assert sorted(again.sensitive) == ["few", "ill"]
    assert again.sensitive["ill"] is again.sensitive["ill"]
    assert set(again.sensitive.made) == {"ill"}
    assert not classes.sensitive.made
    assert again.sensitive["ill"].n.sum() == again.count.sum()
