from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import risk.special_uniques.search as module
from microdata.measure import Estimate, NotComputed
from microdata.population import Population
from risk.special_uniques import SpecialUniques

FIVE = json.loads(
    (Path(__file__).resolve().parents[2] / "golden/adult.json").read_text(encoding="utf-8")
)["five"]
ROOT = "special_uniques"


@pytest.fixture
def pair_and_two(context_of):
    """Hold a pair, one person alone by a, and one alone by a and by b."""

    def build(**options):
        columns = {"a": list("1123"), "b": list("xxxy")}
        return context_of(columns, quasi=["a", "b"], **options)

    return build


def figures_of(context):
    return SpecialUniques().evaluate(context).figures


def values_of(context, *prefix):
    return {
        path[len(prefix) :]: figure.value
        for path, figure in figures_of(context).items()
        if path[: len(prefix)] == prefix
    }


def test_figures_by_hand(pair_and_two):
    result = SpecialUniques().evaluate(pair_and_two())
    got = {path: figure.value for path, figure in result.figures.items()}
    # M counts as 3: a minimal unique of one column scores 2. Q = 1.25; one pair of two people.
    powers = np.array([2.0, 4.0]) ** 1.25
    dis = 1 / (1 + 2 * 0.99 / 0.01 / (powers * (1 / powers).sum()))
    wanted = {
        (ROOT, "records"): 2,
        (ROOT, "by_size", "1"): 3,
        (ROOT, "by_size", "2"): 0,
        (ROOT, "suda", "sum"): 6,
        (ROOT, "suda", "max"): 4,
        (ROOT, "suda", "sampling_fraction"): 0.01,
        (ROOT, "suda", "dis_max"): dis[1],
        (ROOT, "suda", "dis_mean"): dis.sum() / 4,
        (ROOT, "contribution_percent", "a"): 100 * 4 / 6,
        (ROOT, "contribution_percent", "b"): 100 * 2 / 6,
        ("unicity", "1", "mean"): (2 / 4 + 1 / 4) / 2,
        ("unicity", "1", "max"): 2 / 4,
        ("unicity", "1", "success_max"): 3 / 4,
        ("unicity", "2", "mean"): 2 / 4,
        ("unicity", "2", "max"): 2 / 4,
        ("unicity", "2", "success_max"): 3 / 4,
    }
    assert got == pytest.approx(wanted, rel=1e-14)
    assert result.labels == {
        ("unicity", "1", "worst_columns"): "a",
        ("unicity", "2", "worst_columns"): "a, b",
    }
    assert sorted(result.by_class.tolist()) == [0, 2, 4]
    assert result.findings == ()


def test_five_quasi_identifiers_of_adult(context_of, adult):
    columns = FIVE["quasi_identifiers"]
    result = SpecialUniques().evaluate(context_of(adult, quasi=columns))
    figures = {path: figure.value for path, figure in result.figures.items()}
    assert figures[ROOT, "records"] == FIVE["records_with_minimal_sample_uniques"]
    for size, number in FIVE["minimal_sample_uniques_by_size"].items():
        assert figures[ROOT, "by_size", size] == number
    assert figures[ROOT, "suda", "sum"] == FIVE["suda"]["sum"]
    assert figures[ROOT, "suda", "max"] == FIVE["suda"]["max"]
    for m, fact in enumerate(FIVE["largest_unicity_by_columns_known"], start=1):
        assert round(figures["unicity", str(m), "max"], 6) == fact["value"]
        label = result.labels["unicity", str(m), "worst_columns"]
        assert set(label.split(", ")) == set(fact["columns"])
    assert figures["unicity", "5", "success_max"] == pytest.approx(FIVE["average_risk"])
    assert result.by_class.sum() == FIVE["suda"]["sum"]


def test_unicity_rises_with_the_columns_known(context_of):
    rng = np.random.default_rng(2)
    columns = {f"c{i}": rng.integers(0, 4, 80).astype(str).tolist() for i in range(5)}
    context = context_of(columns, quasi=list(columns))
    for key in ("mean", "max", "success_max"):
        values = [values_of(context, "unicity", str(m))[key,] for m in range(1, 6)]
        assert values == sorted(values)
        assert values[-1] > values[0]


@pytest.mark.parametrize("kept", [False, True])
def test_the_population_gives_the_sampling_fraction(pair_and_two, context_of, kept):
    options = {"kept": [True, True, True, False]} if kept else {}
    context = pair_and_two(population=Population(size=40), **options)
    fraction = figures_of(context)[ROOT, "suda", "sampling_fraction"]
    assert fraction.value == (3 if kept else 4) / 40
    assert "40 people" in fraction.caveats[0]
    table = context_of({"a": list("112334"), "b": list("xxxyyy")}, quasi=["a"])
    population = Population(table=table.release.source.dataset)
    assert values_of(pair_and_two(population=population), ROOT, "suda")[
        "sampling_fraction",
    ] == pytest.approx(4 / 6)


def test_an_unknown_population_is_told(pair_and_two):
    figures = figures_of(pair_and_two())
    for key in ("sampling_fraction", "dis_max", "dis_mean"):
        assert "taken to hold 1 % of it" in " ".join(figures[ROOT, "suda", key].caveats)
    assert figures[ROOT, "suda", "dis_max"].method == "DIS-SUDA"
    assert figures[ROOT, "suda", "sum"].exact


def test_a_table_of_everybody_makes_every_unique_certain(pair_and_two):
    result = SpecialUniques().evaluate(pair_and_two(population=Population(size=4)))
    assert result.figures[ROOT, "suda", "dis_max"].value == 1
    assert result.findings == ()


def test_no_pairs_is_a_finding(context_of):
    context = context_of({"a": list("1112")}, quasi=["a"])
    result = SpecialUniques().evaluate(context)
    assert [finding.code for finding in result.findings] == ["no-pairs"]
    assert result.figures[ROOT, "suda", "dis_max"].value == 1
    assert "exactly two" in " ".join(result.figures[ROOT, "suda", "dis_max"].caveats)


def test_where_nobody_is_unique_no_column_contributes(context_of):
    figures = figures_of(context_of({"a": list("1122"), "b": list("xxyy")}, quasi=["a", "b"]))
    assert isinstance(figures[ROOT, "contribution_percent", "a"], NotComputed)
    assert figures[ROOT, "records"].value == 0
    assert figures[ROOT, "suda", "dis_max"].value == 0
    assert figures["unicity", "2", "max"].value == 0


def test_everybody_twice_leaves_nothing(context_of):
    columns = {"a": list("12") * 2, "b": list("xy") * 2}
    figures = figures_of(context_of(columns, quasi=["a", "b"]))
    assert {figures[ROOT, key].value for key in ("records",)} == {0}
    assert figures[ROOT, "suda", "sum"].value == 0


def test_missing_and_suppressed_cells_are_told(context_of):
    figures = figures_of(context_of({"a": ["1", None, "1"]}, quasi=["a"]))
    told = [figure for figure in figures.values() if isinstance(figure, Estimate)]
    own = [figure for figure in told if "value of its own" in " ".join(figure.caveats)]
    assert len(own) == len(told) - 1  # all but the sampling fraction
    figures = figures_of(context_of({"a": ["1", "2", "1"]}, quasi=["a"]))
    assert figures[ROOT, "records"].caveats == ()


def test_what_was_left_out_stands_beside_every_figure(pair_and_two, monkeypatch):
    monkeypatch.setattr(module, "WORK", 1)
    figures = figures_of(pair_and_two())
    assert ("unicity", "2", "max") not in figures
    assert (ROOT, "by_size", "2") not in figures
    for path, figure in figures.items():
        told = "more than 1 of the 2" in " ".join(figure.caveats)
        assert told == (path != (ROOT, "suda", "sampling_fraction"))


def test_a_column_that_was_not_combined_has_no_contribution(context_of):
    columns = {f"c{i}": list("1122") for i in range(63)} | {"id": list("1234")}
    figures = figures_of(context_of(columns, quasi=list(columns)))
    assert figures[ROOT, "contribution_percent", "id"].value == 100
    left = [f for f in figures.values() if isinstance(f, NotComputed)]
    assert len(left) == 1
    assert "too many quasi-identifiers" in left[0].reason


def test_rows_of_one_person_do_not_make_it_less_unique(context_of):
    columns = {"a": list("112"), "b": list("xyz"), "pid": list("ppq")}
    context = context_of(columns, quasi=["a", "b"], person="pid")
    figures = figures_of(context)
    assert figures[ROOT, "by_size", "1"].value == 6
    assert "counts once in each group" in " ".join(figures[ROOT, "records"].caveats)


def test_nothing_released_is_not_computed(context_of):
    nothing = context_of({"a": list("12")}, quasi=["a"], kept=[False] * 2)
    measure = SpecialUniques()
    assert isinstance(measure.needs(nothing), NotComputed)
    result = measure.evaluate(nothing)
    assert set(result.figures) == {(ROOT,), ("unicity",)}
    assert all(isinstance(figure, NotComputed) for figure in result.figures.values())


def test_the_order_of_rows_and_columns_does_not_matter(context_of):
    rng = np.random.default_rng(3)
    columns = {f"c{i}": rng.integers(0, 5, 70).astype(str) for i in range(5)}
    one = figures_of(context_of({k: v.tolist() for k, v in columns.items()}, quasi=list(columns)))
    order = rng.permutation(70)
    mixed = {name: columns[name][order].tolist() for name in reversed(columns)}
    assert figures_of(context_of(mixed, quasi=list(mixed))) == one


def test_hostile_column_names_stay_as_they_are(context_of):
    names = ["a.b", "", "{0}", "=1+1", "<b>"]
    columns = {name: list("123") for name in names if name}
    result = SpecialUniques().evaluate(context_of(columns, quasi=list(columns)))
    for name in columns:
        assert result.figures[ROOT, "contribution_percent", name].value > 0
    assert result.labels["unicity", "1", "worst_columns"] == "a.b"
