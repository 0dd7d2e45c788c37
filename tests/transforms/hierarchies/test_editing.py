"""Every change gives a hierarchy over the same values, and leaves the former one as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies import editing

ROWS = [
    ("Oslo", "NO", "North", "*"),
    ("Bergen", "NO", "North", "*"),
    ("Umea", "SE", "North", "*"),
    ("Rome", "IT", "South", "*"),
    ("Bari", "IT", "South", "*"),
]


@pytest.fixture
def places():
    return Hierarchy.from_rows("town", ROWS)


def column(hierarchy, level):
    return [row[level] for row in hierarchy.rows()]


def test_a_label_is_renamed(places):
    after = editing.renamed(places, 1, "NO", "  Norway ")
    assert column(after, 1) == ["Norway", "Norway", "SE", "IT", "IT"]
    assert column(after, 2) == column(places, 2)
    assert places.rows() == ROWS
    assert editing.renamed(after, 1, "Norway", "NO").digest == places.digest


def test_labels_of_one_group_are_merged(places):
    after = editing.merged(places, 1, ["NO", "SE"], "Scandinavia")
    assert column(after, 1) == [*["Scandinavia"] * 3, "IT", "IT"]
    assert column(after, 2) == column(places, 2)
    assert column(editing.merged(places, 1, ["NO", "SE"], "SE"), 1)[:3] == ["SE"] * 3


def test_labels_of_two_groups_are_merged_only_where_it_is_said_where_they_go(places):
    with pytest.raises(PrivacyToolError, match="different groups of level 2"):
        editing.merged(places, 1, ["SE", "IT"], "both")
    after = editing.merged(places, 1, ["SE", "IT"], "both", under="IT")
    assert column(after, 1) == ["NO", "NO", "both", "both", "both"]
    assert column(after, 2) == ["North", "North", "South", "South", "South"]


def test_a_value_moves_into_a_group_and_into_a_new_one(places):
    after = editing.moved(places, 0, "Bari", "NO")
    assert after.rows()[4] == ("Bari", "NO", "North", "*")
    new = editing.moved(places, 0, "Bari", "Apulia")
    assert new.rows()[4] == ("Bari", "Apulia", "South", "*")


def test_a_label_moves_with_everything_below_it(places):
    after = editing.moved(places, 1, "NO", "South")
    assert column(after, 2) == ["South", "South", "North", "South", "South"]
    assert column(after, 1) == column(places, 1)


def test_a_level_is_added_and_removed(places):
    after = editing.with_level(places, 1)
    assert after.height == 4
    assert column(after, 2) == column(after, 1) == column(places, 1)
    assert editing.without_level(after, 2).digest == places.digest
    assert editing.without_level(places, 1).rows()[0] == ("Oslo", "North", "*")
    bare = editing.without_level(places, 3)
    assert editing.with_level(bare, 2).digest == places.digest


def test_a_label_is_placed_with_its_values(places):
    first = editing.placed(places, 2, "South", "first")
    assert first.leaves == ("Rome", "Bari", "Oslo", "Bergen", "Umea")
    assert editing.placed(places, 0, "Bergen", "earlier").leaves[:2] == ("Bergen", "Oslo")
    assert editing.placed(places, 1, "NO", "later").leaves[:3] == ("Umea", "Oslo", "Bergen")
    assert editing.placed(places, 0, "Oslo", "last").leaves[-1] == "Oslo"
    assert editing.placed(places, 0, "Bari", "later").leaves == places.leaves


def test_values_are_arranged():
    hierarchy = Hierarchy.from_rows("x", [(v, "*") for v in ("10", "9", "n/a", "-1")])
    assert editing.arranged(hierarchy, "number").leaves == ("-1", "9", "10", "n/a")
    assert editing.arranged(hierarchy, "text").leaves == ("-1", "10", "9", "n/a")
    rows = editing.arranged(hierarchy, "rows", rows=[1, 5, 5, 7])
    assert rows.leaves == ("-1", "9", "n/a", "10")
    days = Hierarchy.from_rows("d", [(v, "*") for v in ("2024-02-01", "?", "2023-03-01")])
    assert editing.arranged(days, "date").leaves == ("2023-03-01", "2024-02-01", "?")


def test_a_table_changed_by_hand_is_taken_over(places):
    changed = [list(row) for row in places.rows()[:3]]
    changed[2][1] = " Sweden "
    after = editing.with_rows(places, changed)
    assert column(after, 1) == ["NO", "NO", "Sweden", "IT", "IT"]
    changed[0][2] = "South"
    with pytest.raises(PrivacyToolError, match=r"from level 1 to level 2: 1 labels .* 2 values"):
        editing.with_rows(places, changed)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda h: editing.renamed(h, 0, "Oslo", "x"), "values themselves"),
        (lambda h: editing.renamed(h, 1, "NO", "  "), "needs a name"),
        (lambda h: editing.renamed(h, 1, "NO", "SE"), "of this name already"),
        (lambda h: editing.renamed(h, 1, "secret", "x"), "1 of the chosen labels"),
        (lambda h: editing.renamed(h, 9, "NO", "x"), "level 9 does not exist"),
        (lambda h: editing.merged(h, 1, [], "x"), "no label was chosen"),
        (lambda h: editing.moved(h, 3, "*", "x"), "no groups above"),
        (lambda h: editing.moved(h, 0, "Oslo", ""), "needs a name"),
        (lambda h: editing.with_level(h, 3), "one label only"),
        (lambda h: editing.without_level(h, 0), "values themselves"),
        (lambda h: editing.arranged(h, "number"), "is a number"),
        (lambda h: editing.arranged(h, "date"), "is a date"),
        (lambda h: editing.with_rows(h, [("Paris", "FR", "x", "*")]), "no longer those"),
        (lambda h: editing.with_rows(h, [("Oslo", "", "North", "*")]), "1 rows"),
    ],
)
def test_what_cannot_be_is_refused_without_a_value(places, make, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        make(places)
    assert "secret" not in str(error.value)
    assert "Oslo" not in str(error.value)


def test_the_only_level_stays_and_there_are_not_too_many():
    flat = Hierarchy.from_rows("x", [("a", "*"), ("b", "*")])
    with pytest.raises(PrivacyToolError, match="only level"):
        editing.without_level(flat, 1)
    deep = Hierarchy.from_rows("x", [("a", *["*"] * 63), ("b", *["*"] * 63)])
    with pytest.raises(PrivacyToolError, match="at most 64"):
        editing.with_level(deep, 1)


NAMES = st.sampled_from(["NO", "SE", "IT", "North", "South", "new", "*", "<b>"])
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just(editing.renamed), st.integers(0, 3), NAMES, NAMES),
        st.tuples(st.just(editing.merged), st.integers(0, 3), st.lists(NAMES, max_size=3), NAMES),
        st.tuples(st.just(editing.moved), st.integers(0, 3), NAMES, NAMES),
        st.tuples(st.just(editing.with_level), st.integers(0, 4)),
        st.tuples(st.just(editing.without_level), st.integers(0, 4)),
        st.tuples(
            st.just(editing.placed),
            st.integers(0, 3),
            NAMES,
            st.sampled_from(["first", "earlier", "later", "last"]),
        ),
    ),
    max_size=10,
)


@given(MOVES)
def test_no_run_of_changes_breaks_a_hierarchy(moves):
    hierarchy = Hierarchy.from_rows("town", ROWS)
    for make, *arguments in moves:
        try:
            after = make(hierarchy, *arguments)
        except PrivacyToolError:
            continue
        assert sorted(after.leaves) == sorted(hierarchy.leaves)
        # from_rows refuses a level that is no function of the one below
        assert Hierarchy.from_rows("town", after.rows()).digest == after.digest
        assert all(map(all, after.rows()))
        hierarchy = after


@given(
    st.integers(0, 3).flatmap(
        lambda level: st.tuples(
            st.just(level),
            st.sampled_from(sorted({row[level] for row in ROWS})),
            st.sampled_from(["first", "last"]),
        )
    )
)
def test_placing_keeps_labels_and_brings_a_label_together(move):
    level, label, place = move
    before = Hierarchy.from_rows("town", ROWS)
    after = editing.placed(before, level, label, place)
    assert sorted(after.rows()) == sorted(before.rows())
    held = column(after, level)
    size = held.count(label)
    assert (held[:size] if place == "first" else held[-size:]) == [label] * size
