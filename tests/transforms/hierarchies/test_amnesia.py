from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies.amnesia import is_amnesia, to_amnesia
from transforms.hierarchies.csv_files import read_hierarchy

DISTINCT = """distinct
name countries
type string
height 4

NO has Oslo Bergen\x20
IT has Rome

North has NO
South has IT Malta

Europe has North South
"""
AGES = """range
name age
type int
height 3

0,10 has 0,5 5,10\x20
10,20 has 10,15 15,20

0,20 has 0,10 10,20
"""


def test_a_distinct_file_is_read():
    hierarchy = read_hierarchy(DISTINCT.encode(), "town")
    assert hierarchy.rows() == [
        ("Oslo", "NO", "North", "Europe"),
        ("Bergen", "NO", "North", "Europe"),
        ("Rome", "IT", "South", "Europe"),
        ("Malta", "Malta", "South", "Europe"),  # a short branch repeats its label
    ]
    assert read_hierarchy(DISTINCT.replace("\n", "\r\n").encode(), "x").rows() == hierarchy.rows()


def test_whole_numbers_are_put_into_ranges():
    hierarchy = read_hierarchy(AGES.encode(), "age", values=["20", "7", "5", "0", "21", "x", "-1"])
    # A shared end belongs to the range that begins with it; the last range holds its end.
    assert hierarchy.rows() == [
        ("0", "0-4", "0-9", "0-20"),
        ("5", "5-9", "0-9", "0-20"),
        ("7", "5-9", "0-9", "0-20"),
        ("20", "15-20", "10-20", "0-20"),
    ]
    assert hierarchy.uncovered(["21", "x", "-1"]) == ("21", "x", "-1")


def test_ranges_that_share_no_end_hold_both_ends():
    text = "range\nname x\ntype int\nheight 2\n\n-9,9 has -9,-1 0,9 null,null\n"
    hierarchy = read_hierarchy(text.encode(), "x", values=["-9", "-1", "0", "9"])
    assert [row[1] for row in hierarchy.rows()] == ["-9 to -1", "-9 to -1", "0-9", "0-9"]


def test_decimals_and_dates_are_put_into_ranges():
    text = "range\nname x\ntype decimal\nheight 2\n\n0.0,2.0 has 0.0,0.5 0.5,2.0\n"
    hierarchy = read_hierarchy(text.encode(), "x", values=["0,5", "2,0"], decimal=",")
    assert hierarchy.rows()[0] == ("0,5", "[0.5, 2]", "[0, 2]")
    assert hierarchy.uncovered(["2,0"]) == ()
    text = (
        "range\nname d\ntype date\nheight 3\n\n01/2020,06/2020 has 01/01/2020,31/03/2020 "
        "01/04/2020,30/06/2020\n\n2020,2021 has 01/2020,06/2020\n"
    )
    hierarchy = read_hierarchy(
        text.encode(), "d", values=["2020-06-30", "2020-03-31", "2022-01-01"]
    )
    assert hierarchy.rows() == [
        (
            "2020-03-31",
            "2020-01-01 to 2020-03-31",
            "2020-01-01 to 2020-06-30",
            "2020-01-01 to 2021-12-31",
        ),
        (
            "2020-06-30",
            "2020-04-01 to 2020-06-30",
            "2020-01-01 to 2020-06-30",
            "2020-01-01 to 2021-12-31",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("distinct\nname x\n\nsecret\n", "PARENT has CHILD"),
        ("distinct\nname x\n\nsecret y has a\n", "PARENT has CHILD"),
        ("distinct\nname x\n", "names no children"),
        ("distinct\nname x\n\nA has secret\nB has secret\n", "1 labels stand below more than one"),
        ("distinct\nname x\n\nA has secret\n\nB has C\n", "1 values are not connected"),
        ("range\ntype int\n\n0,9 has 0,secret\n", "LOW,HIGH"),
        ("range\ntype int\n\n0,9 has 5,1\n", "LOW,HIGH"),
        ("range\ntype date\n\n2020,2021 has 99/2020,2021\n", "LOW,HIGH"),
        ("range\ntype date\n\n2020,2021 has 2020-01,2021\n", "LOW,HIGH"),
        ("range\ntype int\n\n0,9 has 0,5 5,9\n", "hold no value"),
    ],
)
def test_what_is_wrong_is_told_without_a_value(text, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        read_hierarchy(text.encode(), "town")
    assert "'town'" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_csv_file_that_begins_alike_is_a_csv_file():
    assert not is_amnesia("distinct;*\nname;*\n")
    assert not is_amnesia("distinct\n")
    assert read_hierarchy(b"distinct;*\nname;*\n", "x").leaves == ("distinct", "name")


words = st.text("abcé<>|;,", min_size=1, max_size=4)


@given(
    st.lists(words, min_size=1, max_size=8, unique=True), st.lists(st.integers(0, 2), min_size=8)
)
def test_what_is_written_is_read_again(values, groups):
    rows = [
        (v, f"g{group}", f"h{group % 2}", "*") for v, group in zip(values, groups, strict=False)
    ]
    again = read_hierarchy(to_amnesia(Hierarchy.from_rows("q q", rows)), "q q")
    assert sorted(again.rows()) == sorted(rows)


def test_a_label_at_two_levels_gets_another_name_and_several_tops_a_root():
    hierarchy = Hierarchy.from_rows("x", [("a", "a"), ("b", "c")])
    again = read_hierarchy(to_amnesia(hierarchy), "x")
    assert again.rows() == [("a", "a_1", "*"), ("b", "c", "*")]


@pytest.mark.parametrize("label", ["New York", "has", " a", "x\ty"])
def test_labels_that_amnesia_cannot_read_are_counted(label):
    with pytest.raises(PrivacyToolError, match=r"^1 labels") as error:
        to_amnesia(Hierarchy.from_rows("x", [(label, "g", "*"), ("b", "g", "*")]))
    assert "New York" not in str(error.value)
