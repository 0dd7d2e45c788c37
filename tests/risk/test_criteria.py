from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate, NotComputed
from risk.criteria import CONVENTION, CRITERIA, Bound, criteria, criterion

UNIQUE = ("uniqueness", "sample")
K = ("models", "k-anonymity")
HIGH = ("uniqueness", "population", "high")


def at(**by_path):
    paths = {
        "unique": UNIQUE,
        "k": K,
        "below": ("reidentification", "prosecutor", "below", "11"),
        "high": HIGH,
        "prosecutor": ("reidentification", "prosecutor", "highest"),
        "average": ("reidentification", "prosecutor", "average"),
        "journalist": ("reidentification", "journalist", "highest"),
        "homogeneity": ("models", "homogeneity", "hiv", "share"),
        "diversity": ("models", "l-diversity", "hiv", "distinct"),
        "distance": ("models", "t-closeness", "hiv", "equal"),
        "advantage": ("models", "inference", "hiv", "advantage"),
        "accuracy": ("models", "inference", "hiv", "accuracy"),
        "alone": ("models", "inference", "hiv", "leave_one_out"),
        "presence": ("models", "delta-presence", "highest"),
    }
    return {paths[name]: Estimate(value=value) for name, value in by_path.items()}


@pytest.mark.parametrize(
    ("name", "given_figures", "reading"),
    [
        ("singling-out", at(unique=0.01, k=1, below=0.5), "exposed"),
        ("singling-out", at(unique=0, k=2, below=0.5), "residual"),
        ("singling-out", at(unique=0, k=10, below=0.1), "residual"),
        ("singling-out", at(unique=0, k=11, below=0), "protected"),
        ("singling-out", at(unique=0, k=11, below=0, high=0.001), "residual"),
        ("singling-out", at(unique=0, k=11, below=0, high=0), "protected"),
        ("linkability", at(prosecutor=1, average=0.2), "exposed"),
        ("linkability", at(prosecutor=0.001, average=0.0001), "residual"),
        ("linkability", at(prosecutor=0.001, average=0.001, journalist=1), "exposed"),
        ("inference", at(homogeneity=0.1, diversity=1, distance=0.9), "exposed"),
        ("inference", at(diversity=2, distance=0.3), "residual"),
        ("inference", at(diversity=2, distance=0.2), "protected"),
        ("inference", at(diversity=2, distance=0.2, advantage=0.2), "residual"),
        ("inference", at(diversity=2, alone=0.7, accuracy=0.74), "protected"),
        ("inference", at(diversity=2, alone=0.7, accuracy=0.8), "residual"),
        ("membership", at(presence=1), "exposed"),
        ("membership", at(presence=0.5), "residual"),
        ("membership", at(presence=1 / 11), "protected"),
        *((name, {}, "not assessed") for name in CRITERIA),
    ],
)
def test_the_worst_figure_reads_for_the_criterion(name, given_figures, reading):
    assert criterion(name, given_figures).reading == reading


def test_every_sensitive_attribute_counts_by_name():
    two = at(diversity=3) | {("models", "l-diversity", "income", "distinct"): Estimate(value=1)}
    found = criterion("inference", two)
    assert found.reading == "exposed"
    assert [row.what for row in found.decisive] == [
        "different values in the least diverse group (column 'income')"
    ]


def test_what_was_not_computed_is_shown_with_its_reason_and_decides_nothing():
    figures_ = at(unique=0, k=11, below=0) | {HIGH: NotComputed(reason="No population is known.")}
    found = criterion("singling-out", figures_)
    assert found.reading == "protected"
    row = next(row for row in found.rows if row.path == HIGH)
    assert (row.reading, row.value, row.reason) == (
        "not assessed",
        None,
        "No population is known.",
    )
    nothing = {path: NotComputed(reason="Nobody is left.") for path in figures_}
    assert criterion("singling-out", nothing).reading == "not assessed"


def test_an_infinite_figure_is_read_and_written():
    rows = criterion("inference", at(distance=float("inf"))).to_json()["evidence"]
    row = next(row for row in rows if row["figure"][1] == "t-closeness")
    assert (row["value"], row["reading"]) == ("infinite", "residual")
    json.dumps(rows, allow_nan=False)


def test_each_row_prints_its_convention():
    assert "convention of this product" in CONVENTION
    rows = [row for found in criteria(at(unique=0, k=4)) for row in found.rows]
    assert (
        "people in the smallest group of look-alikes: 4",
        "exposed up to 1, protected from 11",
    ) in [(row.found, row.convention) for row in rows]
    assert all(row.convention for found in criteria({}) for row in found.rows)
    assert [found.id for found in criteria({})] == list(CRITERIA)


def test_a_tie_within_rounding_is_a_tie():
    assert Bound(side="<=", number=0.3).holds(0.1 + 0.2)
    assert not Bound(side=">", number=0.3).holds(0.1 + 0.2)


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_larger_smallest_group_never_reads_worse(one, other):
    order = ["protected", "residual", "exposed"]
    small, large = sorted((one, other))
    readings = [criterion("singling-out", at(k=k)).reading for k in (small, large)]
    assert order.index(readings[0]) >= order.index(readings[1])


def test_the_reason_of_a_whole_branch_stands_for_its_figures():
    reason = NotComputed(reason="Give a population table.")
    found = criterion("membership", {("models", "delta-presence"): reason})
    assert [row.reason for row in found.rows] == ["Give a population table."]
    high = criterion("singling-out", at(k=4) | {("uniqueness", "population"): reason}).rows[-1]
    assert (high.path, high.reason) == (HIGH, "Give a population table.")


def test_a_difference_needs_both_figures():
    found = criterion("inference", at(diversity=2, alone=0.7))
    row = next(row for row in found.rows if row.path[-1] == "leave_one_out")
    assert (row.reading, row.value) == ("not assessed", None)
