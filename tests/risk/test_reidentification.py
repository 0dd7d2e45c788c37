from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.dataset import Dataset
from microdata.measure import Estimate, NotComputed
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import ReleasedColumn
from risk import RISK_MEASURES
from risk.reidentification import (
    SIZES,
    THRESHOLDS,
    JournalistRisk,
    MarketerRisk,
    ProsecutorRisk,
    _attacker_figures,
)


def values(result, attacker):
    return {
        path[2:]: figure.value
        for path, figure in result.figures.items()
        if path[1] == attacker and isinstance(figure, Estimate)
    }


def population_of(letters) -> Dataset:
    return dataset_from_frame(pd.DataFrame({"q": list(letters)}), "everybody")


@pytest.fixture
def small(context_of):
    """Hold classes of 1, 2 and 3 people."""
    return context_of({"q": list("abbccc")}, quasi=["q"])


def test_prosecutor_figures_by_hand(small):
    got = values(ProsecutorRisk().evaluate(small), "prosecutor")
    assert got[("highest",)] == 1
    assert got[("lowest",)] == pytest.approx(1 / 3)
    assert got[("average",)] == pytest.approx(3 / 6)
    assert got[("expected_reidentifications",)] == pytest.approx(3)
    assert got[("at_least_one",)] == 1
    assert got["at_risk", "0.33"] == 1  # 1/3 is above 0.33: literal
    assert got["below", "3"] == pytest.approx(3 / 6)
    assert got["below", "5"] == 1


def test_a_threshold_is_strict_and_a_decimal_is_taken_literally():
    count = np.array([5, 11], np.int64)
    got = {p[2:]: f.value for p, f in _attacker_figures("x", count, count, 2 / 16).items()}
    assert got["at_risk", "0.2"] == 0  # 1/5 is not above 0.2
    assert got["at_risk", "0.1"] == pytest.approx(5 / 16)
    assert got["below", "11"] == pytest.approx(5 / 16)  # a class of 11 is not below 11
    assert got["below", "20"] == 1


def test_at_least_one_without_unique_people_is_a_product(context_of):
    context = context_of({"q": list("aabbb")}, quasi=["q"])
    got = values(ProsecutorRisk().evaluate(context), "prosecutor")
    assert got[("at_least_one",)] == pytest.approx(1 - (1 / 2) ** 2 * (2 / 3) ** 3)


def test_a_population_size_alone_gives_the_prosecutors_value_as_an_upper_bound(context_of):
    context = context_of({"q": list("abbccc")}, quasi=["q"], population=Population(size=100))
    journalist = JournalistRisk().evaluate(context)
    assert values(journalist, "journalist") == pytest.approx(
        values(ProsecutorRisk().evaluate(context), "prosecutor")
    )
    caveats = journalist.figures["reidentification", "journalist", "highest"].caveats
    assert any("upper bound" in caveat for caveat in caveats)
    assert any("100 people" in caveat for caveat in caveats)


def test_without_a_population_the_assumption_is_told(small):
    for measure, attacker in ((JournalistRisk(), "journalist"), (MarketerRisk(), "marketer")):
        figure = measure.evaluate(small).figures["reidentification", attacker, "average"]
        assert figure.value == pytest.approx(0.5)
        assert figure.attacker == attacker
        assert figure.caveats[0].startswith("Assumption")


def test_a_population_table_gives_its_own_class_sizes(context_of):
    table = population_of("aa" + "b" * 4 + "c" * 30 + "d" * 64)
    context = context_of({"q": list("abbccc")}, quasi=["q"], population=Population(table=table))
    got = values(JournalistRisk().evaluate(context), "journalist")
    linked = (1 / 2 + 2 / 4 + 3 / 30) / 6
    assert got[("highest",)] == pytest.approx(1 / 2)
    assert got[("lowest",)] == pytest.approx(1 / 30)
    assert got[("average",)] == pytest.approx(max(3 / 36, linked))
    assert got["below", "5"] == pytest.approx(3 / 6)
    assert got["at_risk", "0.2"] == pytest.approx(3 / 6)
    marketer = values(MarketerRisk().evaluate(context), "marketer")
    assert marketer[("average",)] == pytest.approx(linked)


def test_the_journalists_average_is_the_larger_of_two(context_of):
    table = population_of("a" * 10 + "b")
    context = context_of({"q": ["a"] * 9 + ["b"]}, quasi=["q"], population=Population(table=table))
    got = values(JournalistRisk().evaluate(context), "journalist")
    linked = (9 / 10 + 1) / 10
    assert got[("average",)] == pytest.approx(max(2 / 11, linked))


def test_a_population_that_lacks_people_of_the_release_gives_no_figure(context_of):
    context = context_of(
        {"q": list("abbccc")}, quasi=["q"], population=Population(table=population_of("bbbccc"))
    )
    for measure in (JournalistRisk(), MarketerRisk()):
        result = measure.evaluate(context)
        assert all(isinstance(figure, NotComputed) for figure in result.figures.values())
    finding = JournalistRisk().evaluate(context).findings[0]
    assert finding.code == "population-lacks-people"
    assert "1 people of the release (1 groups" in finding.message


def test_a_population_with_fewer_people_in_a_class_is_told_and_used(context_of):
    context = context_of(
        {"q": list("abbccc")}, quasi=["q"], population=Population(table=population_of("aabccc"))
    )
    result = JournalistRisk().evaluate(context)
    assert result.findings[0].code == "population-smaller-than-release"
    assert values(result, "journalist")[("highest",)] == 1  # b: two here, one there
    assert values(result, "journalist")[("average",)] <= 1


def test_a_column_changed_record_by_record_has_no_population_classes(context_of):
    context = context_of(
        {"q": list("aabb")}, quasi=["q"], population=Population(table=population_of("aabb"))
    )
    column = context.release.columns["q"]
    noisy = ReleasedColumn("q", column.nodes, None, np.array([0, 1, 0, 1], np.int32))
    changed = type(context)(
        release=context.release.with_columns(noisy),
        roles=context.roles,
        population=context.population,
    )
    figure = JournalistRisk().evaluate(changed).figures["reidentification", "journalist", "highest"]
    assert "record by record" in figure.reason


def test_with_a_person_column_people_count_and_not_rows(context_of):
    context = context_of(
        {"q": list("aaaabb"), "pid": ["p1", "p1", "p1", "p2", "p3", "p3"]},
        quasi=["q"],
        person="pid",
    )
    got = values(ProsecutorRisk().evaluate(context), "prosecutor")
    assert got[("highest",)] == 1  # class b is one person with two rows
    assert got[("average",)] == pytest.approx(2 / 3)


def test_nothing_released_is_never_zero(context_of):
    context = context_of(
        {"q": list("aabb"), "s": list("xyxy")},
        quasi=["q"],
        sensitive=["s"],
        kept=[False] * 4,
        population=Population(size=10),
    )
    for measure in RISK_MEASURES:
        for path, figure in measure.evaluate(context).figures.items():
            if path == ("classes", "suppressed_records"):
                assert figure.value == 4
            else:
                assert isinstance(figure, NotComputed), path
                assert figure.reason.endswith(".")


def test_a_figure_that_cannot_be_computed_stands_at_its_path_or_for_its_whole_object(context_of):
    columns = {"q": list("aabb"), "s": list("xyxy")}
    for measure in RISK_MEASURES:
        full = measure.evaluate(context_of(columns, quasi=["q"], sensitive=["s"]))
        empty = measure.evaluate(
            context_of(columns, quasi=["q"], sensitive=["s"], kept=[False] * 4)
        )
        gone = set(empty.figures)
        for path in full.figures:
            assert any(path[:depth] in gone for depth in range(1, len(path) + 1)), path
        for path in gone:
            assert any(known[: len(path)] == path for known in full.figures), path


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_the_figures_agree_with_a_loop_over_people(sizes):
    count = np.array(sizes, np.int64)
    people = [size for size in sizes for _ in range(size)]
    got = _attacker_figures("x", count, count, len(sizes) / len(people))
    got = {path[2:]: figure.value for path, figure in got.items()}
    n = len(people)
    assert got[("average",)] == pytest.approx(sum(1 / size for size in people) / n)
    assert got[("expected_reidentifications",)] == pytest.approx(len(sizes))
    for threshold in THRESHOLDS:
        above = sum(1 / size > float(threshold) for size in people)
        assert got["at_risk", threshold] == pytest.approx(above / n)
    for size in SIZES:
        assert got["below", size] == pytest.approx(sum(f < int(size) for f in people) / n)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=25),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
def test_merging_values_never_raises_the_risk_and_equals_grouping_anew(context_of, rows, merged):
    columns = {"a": [f"a{x}" for x, _ in rows], "b": [f"b{y}" for _, y in rows]}
    tree = [(f"a{i}", f"m{merged[i]}", "*") for i in range(4)]
    fine = context_of(columns, quasi=["a", "b"], hierarchies={"a": tree})
    coarse = context_of(columns, quasi=["a", "b"], hierarchies={"a": tree}, levels={"a": 1})
    direct = context_of(columns | {"a": [f"m{merged[x]}" for x, _ in rows]}, quasi=["a", "b"])
    assert coarse.classes.size_histogram == direct.classes.size_histogram
    before = values(ProsecutorRisk().evaluate(fine), "prosecutor")
    after = values(ProsecutorRisk().evaluate(coarse), "prosecutor")
    assert coarse.classes.k >= fine.classes.k
    for path in before:
        if path != ("lowest",):
            assert after[path] <= before[path] + 1e-12
