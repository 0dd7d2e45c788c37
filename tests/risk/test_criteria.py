from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate, NotComputed
from risk.criteria import CONVENTION, CRITERIA, criteria, criterion
from risk.criterion_marks import Bound

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
        "journalist_average": ("reidentification", "journalist", "average"),
        "one_value": ("attacks", "singling_out", "univariate", "people"),
        "conditions": ("attacks", "singling_out", "multivariate", "success"),
        "together": ("attacks", "linkability", "worst"),
        "told": ("attacks", "membership", "advantage"),
        "told_surely": ("attacks", "membership", "tpr_at_1_percent_fpr"),
        "homogeneity": ("models", "homogeneity", "hiv", "share"),
        "diversity": ("models", "l-diversity", "hiv", "distinct"),
        "distance": ("models", "t-closeness", "hiv", "equal"),
        "advantage": ("models", "inference", "hiv", "advantage"),
        "accuracy": ("models", "inference", "hiv", "accuracy"),
        "alone": ("models", "inference", "hiv", "leave_one_out"),
        "presence": ("models", "delta-presence", "highest"),
    }
    return {paths[name]: Estimate(value=value) for name, value in by_path.items()}


HIDDEN = {"prosecutor": 1 / 11, "average": 0.01, "journalist": 0.001, "journalist_average": 0.001}
LINKED = at(**HIDDEN, together=0)
MEMBER = {"presence": 1 / 11, "told": 0.1, "told_surely": 0.05}


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
        ("singling-out", at(unique=0, k=11, below=0, one_value=0.01), "exposed"),
        ("singling-out", at(unique=0, k=11, below=0, conditions=0.01), "exposed"),
        ("singling-out", at(unique=0, k=11, below=0, one_value=0, conditions=0), "protected"),
        ("linkability", LINKED, "protected"),
        ("linkability", LINKED | at(together=0.001), "exposed"),
        ("linkability", LINKED | at(prosecutor=0.1), "residual"),
        ("linkability", LINKED | at(journalist_average=0.1), "residual"),
        ("linkability", at(prosecutor=0.001, average=0.0001), "not assessed"),
        ("linkability", at(prosecutor=0.2, average=0.0001), "residual"),
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
        ("membership", at(**MEMBER), "protected"),
        ("membership", at(**MEMBER | {"told": 0.11}), "residual"),
        ("membership", at(**MEMBER | {"told": 0.5}), "exposed"),
        ("membership", at(**MEMBER | {"told_surely": 0.06}), "residual"),
        ("membership", at(**MEMBER | {"told_surely": 0.5}), "exposed"),
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


def test_an_estimate_is_told_as_one():
    path = ("attacks", "singling_out", "multivariate", "success")
    for method, words in (("Wilson", "fulfils, estimated: 0"), ("exact", "fulfils: 0")):
        figures_ = at(k=11) | {path: Estimate(value=0.0, method=method)}
        rows = criterion("singling-out", figures_).rows
        assert next(row.found for row in rows if row.path == path).endswith(words)


def test_a_tie_within_rounding_is_a_tie():
    assert Bound(side="<=", number=0.3).holds(0.1 + 0.2)
    assert not Bound(side=">", number=0.3).holds(0.1 + 0.2)


@pytest.mark.parametrize("path", LINKED, ids="/".join)
def test_linkability_is_protected_only_if_every_figure_is_there_and_reads_so(path):
    without = {other: figure for other, figure in LINKED.items() if other != path}
    assert criterion("linkability", without).reading == "not assessed"
    missing = without | {path: NotComputed(reason="Only one column is published.")}
    found = criterion("linkability", missing)
    assert found.reading == "not assessed"
    assert [row.reason for row in found.rows if row.reason] == ["Only one column is published."]


def test_a_figure_that_is_exposed_counts_also_where_others_are_missing():
    assert criterion("linkability", at(together=0.2)).reading == "exposed"


def test_linkability_says_what_was_not_simulated():
    found = criterion("linkability", LINKED)
    assert "Tables elsewhere that hold other columns" in found.note
    assert ("share of people whose two partial files can be put together: 0", "protected at 0") in [
        (row.found, row.convention.removeprefix("exposed above 0, ")) for row in found.rows
    ]


def test_membership_is_not_protected_while_the_attack_could_not_be_carried_out():
    advantage = ("attacks", "membership", "advantage")
    figures_ = at(presence=0.05) | {advantage: NotComputed(reason="In several groups.")}
    assert criterion("membership", figures_).reading == "not assessed"


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_larger_smallest_group_never_reads_worse(one, other):
    order = ["protected", "residual", "exposed"]
    small, large = sorted((one, other))
    readings = [criterion("singling-out", at(k=k)).reading for k in (small, large)]
    assert order.index(readings[0]) >= order.index(readings[1])


def test_the_reason_of_a_whole_branch_stands_for_its_figures():
    reason = NotComputed(reason="Give a population table.")
    found = criterion("membership", {("models", "delta-presence"): reason})
    assert found.rows[0].reason == "Give a population table."
    rows = criterion("singling-out", at(k=4) | {("uniqueness", "population"): reason}).rows
    assert next(row.reason for row in rows if row.path == HIGH) == "Give a population table."


def test_a_difference_needs_both_figures():
    found = criterion("inference", at(diversity=2, alone=0.7))
    row = next(row for row in found.rows if row.path[-1] == "leave_one_out")
    assert (row.reading, row.value) == ("not assessed", None)


def test_a_bound_of_one_over_a_group_size_is_told_as_that():
    assert Bound(side="<=", number=1 / 11).words == "up to 1 in 11"
    assert Bound(side="<=", number=0.2).words == "up to 0.2"
