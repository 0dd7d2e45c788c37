from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import risk.special_uniques.search as module
from risk.special_uniques import search_subsets

VALUES = st.sampled_from([None, "1", "2", "3"])


@st.composite
def tables(draw, most_rows=9):
    names = draw(st.sampled_from([("a",), ("b", "a"), ("a", "b", "c"), ("d", "a", "c", "b")]))
    n = draw(st.integers(1, most_rows))
    return {name: draw(st.lists(VALUES, min_size=n, max_size=n)) for name in names}


def as_sets(search):
    rows = zip(search.mask, search.groups, search.unique, search.people, search.pairs, strict=True)
    return {frozenset(search.columns_of(int(row[0]))): tuple(map(int, row[1:])) for row in rows}


@settings(max_examples=80)
@example({"a": ["1"], "b": ["1"]})
@given(tables())
def test_every_set_and_every_minimal_unique_is_as_by_brute_force(
    context_of, brute_force, minimal_by_row, columns
):
    context = context_of(columns, quasi=list(columns))
    search = search_subsets(context)
    sets, minimal = brute_force(columns)
    assert as_sets(search) == sets
    assert minimal_by_row(search, context.classes) == minimal
    assert search.left_out == ""


@settings(max_examples=80)
@given(tables(), st.data())
def test_distinct_persons_are_counted_as_by_brute_force(
    context_of, brute_force, minimal_by_row, columns, data
):
    n = len(next(iter(columns.values())))
    persons = data.draw(st.lists(st.sampled_from("pqrs"), min_size=n, max_size=n))
    context = context_of(columns | {"pid": persons}, quasi=list(columns), person="pid")
    search = search_subsets(context)
    sets, minimal = brute_force(columns, persons)
    assert as_sets(search) == sets
    assert minimal_by_row(search, context.classes) == minimal


@pytest.mark.parametrize("by_person", [False, True])
def test_a_larger_table_is_as_by_brute_force(context_of, brute_force, minimal_by_row, by_person):
    rng = np.random.default_rng(5)
    columns = {f"c{k}": rng.integers(0, k, 150).astype(str).tolist() for k in (2, 9, 3, 40, 5)}
    persons = rng.integers(0, 90, 150).astype(str).tolist() if by_person else None
    table = columns | ({"pid": persons} if by_person else {})
    context = context_of(table, quasi=list(columns), person="pid" if by_person else None)
    search = search_subsets(context)
    sets, minimal = brute_force(columns, persons)
    assert as_sets(search) == sets
    assert minimal_by_row(search, context.classes) == minimal
    assert search.found.size > 100


@settings(max_examples=60)
@given(tables())
def test_no_minimal_unique_holds_another_and_who_is_unique_has_one(
    context_of, minimal_by_row, columns
):
    context = context_of(columns, quasi=list(columns))
    classes = context.classes
    minimal = minimal_by_row(search_subsets(context), classes)
    for sets, j in zip(minimal, classes.class_of.tolist(), strict=True):
        assert not any(one < other for one in sets for other in sets)
        assert bool(sets) == (classes.count[j] == 1)


@settings(max_examples=60)
@given(tables())
def test_who_knows_more_columns_sees_more_groups_and_more_uniques(context_of, columns):
    found = as_sets(search_subsets(context_of(columns, quasi=list(columns))))
    for less, (groups, unique, _, pairs) in found.items():
        for more in found:
            if less < more:
                assert found[more][0] >= groups
                assert found[more][1] >= unique
                assert found[more][3] <= pairs


@settings(max_examples=40)
@given(tables(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_of_columns_matters(context_of, columns, random):
    found = search_subsets(context_of(columns, quasi=list(columns)))
    rows = list(zip(*columns.values(), strict=True))
    random.shuffle(rows)
    mixed = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    other = search_subsets(context_of(mixed, quasi=random.sample(list(columns), len(columns))))
    assert as_sets(found) == as_sets(other)
    names = [
        sorted(sorted(search.columns_of(mask)) for mask in search.found_mask.tolist())
        for search in (found, other)
    ]
    assert names[0] == names[1]


def test_sets_come_by_size_and_then_in_the_order_of_the_columns(context_of):
    columns = {"b": list("112"), "a": list("123"), "c": list("111")}
    search = search_subsets(context_of(columns, quasi=["b", "a", "c"]))
    names = ["".join(search.columns_of(int(mask))) for mask in search.mask]
    assert names == ["b", "a", "c", "ba", "bc", "ac", "bac"]
    assert search.size.tolist() == [1, 1, 1, 2, 2, 2, 3]
    assert search.holds("a").tolist() == [mask & 2 > 0 for mask in search.found_mask.tolist()]


@settings(max_examples=30)
@given(tables())
def test_a_table_that_holds_everybody_twice_has_no_uniques(context_of, columns):
    twice = {name: values * 2 for name, values in columns.items()}
    search = search_subsets(context_of(twice, quasi=list(twice)))
    assert search.found.size == 0
    assert not search.unique.any()


def test_work_that_is_too_much_leaves_larger_sets_out_and_tells(context_of, monkeypatch):
    rng = np.random.default_rng(1)
    columns = {f"c{i}": rng.integers(0, 4, 60).astype(str).tolist() for i in range(6)}
    context = context_of(columns, quasi=list(columns))
    whole = search_subsets(context)
    assert whole.largest == 6
    largest = []
    for work in (1, 3_000, 8_000, 10**6):
        monkeypatch.setattr(module, "WORK", work)
        search = search_subsets(context)
        largest.append(search.largest)
        kept = whole.size <= search.largest
        assert search.mask.tolist() == whole.mask[kept].tolist()
        assert search.unique.tolist() == whole.unique[kept].tolist()
        assert np.count_nonzero(whole.found_size <= search.largest) == search.found.size
        told = f"Combinations of more than {search.largest} of the 6 quasi-identifiers"
        assert (told in search.left_out) == (search.largest < 6)
    assert largest[0] == 1
    assert largest == sorted(largest)
    assert 1 < largest[1] < 6
    assert largest[-1] == 6


def test_what_is_settled_early_makes_larger_sets_affordable(context_of, monkeypatch):
    n = 2_000
    numbers = [str(i) for i in range(n)]
    columns = {"id": numbers, "code": numbers[::-1]} | {f"c{i}": ["x"] * n for i in range(6)}
    context = context_of(columns, quasi=list(columns))
    # Sets of up to 6 of the 8 columns are 246, so that is what is affordable if all look at all.
    monkeypatch.setattr(module, "WORK", 246 * n)
    search = search_subsets(context)
    assert search.largest == 7
    assert {search.columns_of(mask) for mask in search.found_mask.tolist()} == {("id",), ("code",)}


def test_too_many_sets_are_left_out(context_of, monkeypatch):
    columns = {f"c{i}": list("12") for i in range(5)}
    monkeypatch.setattr(module, "SUBSETS", 15)
    search = search_subsets(context_of(columns, quasi=list(columns)))
    assert search.largest == 2
    assert search.mask.size == 15


def test_more_columns_than_a_mask_has_bits_are_told(context_of):
    columns = {f"c{i}": list("1122") for i in range(70)} | {"id": list("1234")}
    search = search_subsets(context_of(columns, quasi=list(columns)), 2)
    assert len(search.columns) == 63
    assert "id" in search.columns
    assert "Only the 63 of 71 quasi-identifiers" in search.left_out
    assert {search.columns_of(mask) for mask in search.found_mask.tolist()} == {("id",)}


def test_sixty_three_columns_use_every_bit(context_of):
    columns = {f"c{i}": ["x", "y" if i in {0, 62} else "x"] for i in range(63)}
    search = search_subsets(context_of(columns, quasi=list(columns)), 2)
    names = {search.columns_of(mask) for mask in search.found_mask.tolist()}
    assert names == {("c0",), ("c62",)}
    assert search.left_out == (
        "Combinations of more than 2 of the 63 quasi-identifiers were not examined."
    )


def test_suppressed_records_are_not_there(context_of):
    columns = {"a": list("1123"), "b": list("xyxx")}
    context = context_of(columns, quasi=["a", "b"], kept=[True, True, True, False])
    found = as_sets(search_subsets(context))
    assert found[frozenset("a")] == (2, 1, 3, 2)
    table = pd.DataFrame(columns, dtype=object).assign(pid=list("ppqr"))
    context = context_of(table, quasi=["a", "b"], person="pid", kept=[True, True, False, True])
    found = as_sets(search_subsets(context))
    assert found[frozenset("a")] == (2, 2, 2, 0)
    assert found[frozenset("ab")] == (3, 3, 3, 0)
