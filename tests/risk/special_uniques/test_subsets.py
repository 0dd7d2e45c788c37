from __future__ import annotations

import json
from pathlib import Path

import pytest

import risk.special_uniques.search as module
from risk.special_uniques import smallest_singling_out, subset_table

REFERENCE = Path(__file__).resolve().parents[3] / "../shared/reference/arx_adult.json"


@pytest.fixture
def people(context_of):
    columns = {"a": list("xxyy"), "b": list("1212"), "c": list("0000")}
    return context_of(columns, quasi=["a", "b", "c"])


def test_the_smallest_combination_that_singles_out_is_found(people):
    found = smallest_singling_out(people)
    assert found.examined == 7
    assert found.left_out == ""
    assert [subset.unique for subset in found.worst] == [0, 4, 4]
    assert found.smallest.columns == ("a", "b")
    assert found.smallest.share == 1
    assert found.worst[0].success == pytest.approx(0.5)


def test_more_columns_never_single_out_fewer_people(people):
    shares = [subset.share for subset in smallest_singling_out(people).worst]
    assert shares == sorted(shares)


def test_what_was_not_examined_is_told(people, monkeypatch):
    assert "more than 1 of the 3" in smallest_singling_out(people, max_columns=1).left_out
    monkeypatch.setattr(module, "WORK", 20)
    capped = smallest_singling_out(people)
    assert capped.examined == 3
    assert "more than 1 of the 3" in capped.left_out
    assert capped.smallest is None


def test_nothing_released_singles_nobody_out(context_of):
    nothing = context_of({"a": list("xy")}, quasi=["a"], kept=[False] * 2)
    found = smallest_singling_out(nothing)
    assert found.worst == ()
    assert found.smallest is None
    assert subset_table(nothing).subsets == ()
    assert "No record" in subset_table(nothing).left_out


def test_the_table_by_hand(people):
    table = subset_table(people)
    assert [subset.columns for subset in table.subsets] == [
        ("a",),
        ("b",),
        ("c",),
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
        ("a", "b", "c"),
    ]
    (first, *_), both = table.worst(1), table.worst(2, most=1)
    assert (first.groups, first.unique, first.share, first.success) == (2, 0, 0, 0.5)
    assert first.separation == pytest.approx(1 - 2 / 6)  # two pairs of six share a value
    assert len(both) == 1
    assert both[0].separation == 1
    assert table.worst(9) == ()


def test_the_worst_comes_first(context_of):
    columns = {"a": list("1111"), "b": list("1123"), "c": list("1122")}
    table = subset_table(context_of(columns, quasi=["a", "b", "c"]), 1)
    assert [subset.columns for subset in table.subsets] == [("b",), ("c",), ("a",)]
    assert table.left_out.startswith("Combinations of more than 1 of the 3")


def test_one_person_has_no_separation(context_of):
    (subset,) = subset_table(context_of({"a": ["x"]}, quasi=["a"])).subsets
    assert subset.separation is None
    assert subset.share == 1


def test_distinct_persons_are_counted_anew_for_each_combination(context_of):
    columns = {"a": list("xxy"), "b": list("123"), "pid": list("ppq")}
    table = subset_table(context_of(columns, quasi=["a", "b"], person="pid"))
    by_columns = {subset.columns: subset for subset in table.subsets}
    assert by_columns["a",].unique == 2
    assert by_columns["a",].share == 1
    assert by_columns["b",].groups == 3


def test_all_subsets_of_eight_quasi_identifiers_as_arx(context_of, adult):
    if not REFERENCE.is_file():
        pytest.skip("the reference figures are not beside the project")
    known = json.loads(REFERENCE.read_text(encoding="utf-8"))["input_risk"]["input-Q8"]
    table = subset_table(context_of(adult, quasi=known["quasi_identifiers"]))
    got = {frozenset(subset.columns): subset for subset in table.subsets}
    assert len(got) == len(known["attribute_risks"]) == 255
    for row in known["attribute_risks"]:
        subset = got[frozenset(row["qi"])]
        assert subset.success == pytest.approx(row["distinction"], abs=1e-12)
        assert subset.separation == pytest.approx(row["separation"], abs=1e-12)
