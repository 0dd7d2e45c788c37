"""Every builder gives levels that are functions of each other, cover all values and end in *."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies.dates import LEVELS, date_hierarchy
from transforms.hierarchies.intervals import cut_points, equal_width, quantiles
from transforms.hierarchies.masking import mask_hierarchy
from transforms.hierarchies.propose import propose, propose_hierarchy
from transforms.hierarchies.taxonomy import by_frequency, by_prefix, grouped, value_or_nothing


def check(hierarchy, values):
    rows = hierarchy.rows()
    assert set(values) <= set(hierarchy.leaves)
    assert {row[-1] for row in rows} == {"*"}
    assert all(all(row) for row in rows)
    assert Hierarchy.from_rows(hierarchy.column, rows).rows() == rows  # functional and total
    return dict(zip(hierarchy.leaves, rows, strict=True))


def labels(hierarchy, value):
    return hierarchy.rows()[hierarchy.positions[value]][1:]


whole_numbers = st.lists(st.integers(-(10**20), 10**20), min_size=1, max_size=30, unique=True)
small_numbers = st.lists(st.integers(-60, 60), min_size=1, max_size=30, unique=True)
decimals = st.lists(
    st.decimals(-1000, 1000, places=2, allow_nan=False).map(str),
    min_size=1,
    max_size=30,
    unique=True,
)


@given(numbers=st.one_of(whole_numbers, small_numbers))
def test_equal_width_of_whole_numbers(numbers):
    values = [*map(str, numbers), "n/a"]
    found = check(equal_width("q", values), values)
    assert set(found["n/a"][1:]) == {"*"}


@given(values=decimals, ends=st.tuples(st.integers(-500, 0), st.integers(1, 500)))
def test_equal_width_of_decimals_with_ends(values, ends):
    bottom, top = ends
    hierarchy = equal_width("q", values, bottom=bottom, top=top)
    found = check(hierarchy, values)
    for value, row in found.items():
        if hierarchy.height > 1:
            assert row[1].startswith("<") == (float(value) < bottom)
            assert row[1].startswith(">=") == (float(value) >= top)


@given(values=decimals, cuts=st.lists(st.integers(-900, 900), min_size=1, max_size=9, unique=True))
def test_cut_points_put_every_number_into_its_interval(values, cuts):
    cuts = sorted(cuts)
    found = check(cut_points("q", values, cuts), values)
    finest = {value: sum(float(value) >= cut for cut in cuts) for value in values}
    for a in values:
        for b in values:
            if finest[a] == finest[b]:
                assert found[a][1] == found[b][1]
            elif len(set(finest.values())) > 1:
                assert found[a][1] != found[b][1]


@given(
    rows=st.dictionaries(st.integers(-50, 50), st.integers(0, 9), min_size=2, max_size=30),
    groups=st.integers(2, 9),
)
def test_quantiles(rows, groups):
    values = [str(number) for number in rows]
    held = [number for number, count in rows.items() if count]
    if len(held) < 2:
        with pytest.raises(PrivacyToolError, match="quantiles"):
            quantiles("q", values, list(rows.values()), groups=groups)
        return
    # One value that holds most records leaves nothing to cut at, so each is given one record.
    hierarchy = quantiles("q", values, [1] * len(values), groups=groups)
    check(hierarchy, values)
    assert 2 <= len(hierarchy.levels[1].labels) <= groups


dates = st.lists(st.dates(dt.date(1000, 1, 1)), min_size=1, max_size=20, unique=True)


@given(days=dates, levels=st.sets(st.sampled_from(LEVELS)))
def test_dates(days, levels):
    values = [day.isoformat() for day in days]
    hierarchy = date_hierarchy("q", values, [name for name in LEVELS if name in levels])
    check(hierarchy, values)
    assert list(hierarchy.leaves) == sorted(values)


codes = st.lists(st.text("0123456789*A", min_size=1, max_size=14), min_size=1, unique=True)


@given(
    values=codes,
    side=st.sampled_from(["left", "right"]),
    levels=st.one_of(st.none(), st.integers(1, 20)),
)
def test_masks(values, side, levels):
    found = check(mask_hierarchy("q", values, side=side, levels=levels), values)
    for value, row in found.items():
        for label in row[1:]:
            assert label == "*" or len(label) == len(value)
            assert label == "*" or set(label) != {"*"}


@given(values=codes, counts=st.data())
def test_by_frequency_and_value_or_nothing(values, counts):
    held = counts.draw(st.lists(st.integers(0, 9), min_size=len(values), max_size=len(values)))
    check(by_frequency("q", values, held, at_least=5), values)
    assert value_or_nothing("q", values).height == 1


def test_ages_get_the_intervals_that_people_use():
    hierarchy = equal_width("age", [str(age) for age in range(17, 91)])
    assert labels(hierarchy, "39") == ("35-39", "30-39", "20-39", "0-39", "*")
    assert labels(hierarchy, "40") == ("40-44", "40-49", "40-59", "40-79", "*")


def test_whole_numbers_between_the_values_are_declared():
    assert equal_width("x", ["1", "5", "9"], width=5).leaves == tuple(map(str, range(1, 10)))
    assert equal_width("x", ["1", "5", "9"], width=5, complete=False).leaves == ("1", "5", "9")
    assert equal_width("x", ["01", "5", "9"], width=5).leaves == ("01", "5", "9")
    assert len(equal_width("x", ["1", "100000"], width=5).leaves) == 2


def test_signs_are_not_mistaken_for_dashes():
    hierarchy = equal_width("x", ["-12", "-5", "0", "4", "7"], width=5, levels=1)
    assert labels(hierarchy, "-5")[0] == "-5 to -1"
    assert labels(hierarchy, "4")[0] == "0-4"
    assert labels(hierarchy, "-12")[0] == "-15 to -11"


def test_ends_are_one_group_each_at_every_level():
    hierarchy = equal_width("x", list(map(str, range(100))), width=5, bottom=18, top=65)
    assert set(labels(hierarchy, "3")[:-1]) == {"<18"}
    assert set(labels(hierarchy, "99")[:-1]) == {">=65"}
    assert labels(hierarchy, "18")[:2] == ("18-19", "18-19")
    assert labels(hierarchy, "64")[:2] == ("60-64", "60-64")
    assert labels(hierarchy, "20")[:3] == ("20-24", "20-29", "20-39")


def test_decimal_intervals_are_exact():
    hierarchy = equal_width("x", ["0.1", "0.2", "0.3", "0.7"], width=0.1, levels=2)
    assert labels(hierarchy, "0.3") == ("[0.3, 0.4)", "[0.2, 0.4)", "*")
    comma = equal_width("x", ["0,1", "0,2", "0,3"], width="0.1", levels=1, decimal=",")
    assert labels(comma, "0,3")[0] == "[0.3, 0.4)"


def test_numbers_beyond_53_bits_are_exact():
    hierarchy = equal_width("x", ["9007199254740993", "9007199254740992"], width=1, levels=1)
    assert labels(hierarchy, "9007199254740993")[0] == "9007199254740993"


def test_cut_points_by_hand():
    hierarchy = cut_points("age", ["5", "18", "30", "64", "65", "90"], [18, 40, 65])
    assert [labels(hierarchy, v)[0] for v in ("5", "18", "64", "65", "90")] == [
        "<18",
        "18-39",
        "40-64",
        ">=65",
        ">=65",
    ]
    assert labels(hierarchy, "30")[1] == "<40"
    assert hierarchy.height == 3


def test_each_further_level_keeps_the_cut_points_that_are_told():
    hierarchy = cut_points("age", ["5", "18", "30", "65"], [18, 30, 65], further=[[18, 65], [65]])
    assert labels(hierarchy, "30") == ("30-64", "18-64", "<65", "*")
    assert labels(hierarchy, "5") == ("<18", "<18", "<65", "*")


def test_quantiles_by_hand():
    # ten records: 1 1 1 1 1 2 3 4 5 6; cut after five of them
    hierarchy = quantiles("x", list("123456"), [5, 1, 1, 1, 1, 1], groups=2)
    assert [labels(hierarchy, v)[0] for v in "123456"] == ["<2", *[">=2"] * 5]


def test_dates_by_hand():
    calendar = [level for level in LEVELS if level != "week"]
    hierarchy = date_hierarchy("d", ["2024-05-17", "2019-12-31", "unknown"], calendar)
    assert labels(hierarchy, "2024-05-17") == (
        "2024-05",
        "2024-Q2",
        "2024",
        "2020-2024",
        "2020-2029",
        "*",
    )
    assert set(labels(hierarchy, "unknown")) == {"*"}
    times = date_hierarchy("d", ["2024-05-17 10:00", "2024-05-17 11:00"], LEVELS)
    assert labels(times, "2024-05-17 10:00")[0] == "2024-05-17"


def test_a_week_lies_where_its_thursday_lies():
    # 2019-12-31 is the Tuesday of the week whose Thursday is 2020-01-02; ISO 8601 says 2020-W01.
    values = ["2019-12-31", "2021-01-03", "2024-05-01", "2024-04-29"]
    hierarchy = date_hierarchy("d", values, ["day", "week", "month", "year"])
    assert [labels(hierarchy, value)[0] for value in values] == [
        "2020-W01",
        "2020-W53",
        "2024-W18",
        "2024-W18",
    ]
    assert labels(hierarchy, "2024-04-29")[1:] == (
        "2024-05 (whole weeks)",
        "2024 (whole weeks)",
        "*",
    )


@given(days=dates)
def test_weeks_are_those_of_the_calendar(days):
    hierarchy = date_hierarchy("q", [day.isoformat() for day in days], ["week"])
    for day in days:
        year, week, _ = day.isocalendar()
        assert labels(hierarchy, day.isoformat())[0] == f"{year:04d}-W{week:02d}"


@given(
    values=st.lists(st.text("ab/…é", max_size=8), min_size=1, max_size=12, unique=True),
    lengths=st.sets(st.integers(1, 6), min_size=1),
    separator=st.sampled_from(["", "/"]),
)
def test_prefixes_group_exactly_what_begins_alike(values, lengths, separator):
    falling = sorted(lengths, reverse=True)
    hierarchy = by_prefix("q", values, lengths=falling, separator=separator)
    assert Hierarchy.from_rows("q", hierarchy.rows()).rows() == hierarchy.rows()

    def head(value, length):
        parts = value.split("/") if separator else list(value)
        return tuple(parts[:length]), len(parts) >= length

    for a in values:
        for b in values:
            for level, length in enumerate(falling):
                alike = head(a, length) == head(b, length)
                assert (labels(hierarchy, a)[level] == labels(hierarchy, b)[level]) == alike


def test_masks_by_hand():
    assert labels(mask_hierarchy("zip", ["02139"]), "02139") == (
        "0213*",
        "021**",
        "02***",
        "0****",
        "*",
    )
    left = mask_hierarchy("zip", ["02139", "12"], side="left")
    assert labels(left, "02139")[0] == "*2139"
    assert labels(left, "12")[:2] == ("*2", "*")
    assert mask_hierarchy("x", ["0" * 30]).height == 10


def test_groups_by_hand():
    values = ["cold", "flu", "hiv", "fracture"]
    levels = [{"airways": ["cold", "flu"]}, {"illness": ["airways", "Other"]}]
    hierarchy = grouped("d", values, levels)
    assert labels(hierarchy, "flu") == ("airways", "illness", "*")
    assert labels(hierarchy, "hiv") == ("Other", "illness", "*")
    own = grouped("d", values, levels[:1], rest="own")
    assert labels(own, "hiv") == ("hiv", "*")
    check(own, values)


def test_rare_values_become_one_group():
    hierarchy = by_frequency("d", ["a", "b", "Other"], [9, 1, 9], at_least=5)
    assert hierarchy.rows() == [
        ("a", "a", "*"),
        ("b", "Other (rare)", "*"),
        ("Other", "Other", "*"),
    ]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: equal_width("x", ["secret"]), "No value"),
        (lambda: equal_width("x", []), "No value"),
        (lambda: equal_width("x", ["1", "2"], width=0), "width above zero"),
        (lambda: equal_width("x", ["1", "2"], levels=0), "at least one level"),
        (lambda: equal_width("x", ["1", "2"], bottom=5, top=5), "below the top"),
        (lambda: cut_points("x", ["1"], []), "cut points"),
        (lambda: cut_points("x", ["1"], [2, 2]), "cut points"),
        (lambda: cut_points("x", ["1"], [2], further=[[]]), "cut points"),
        (lambda: cut_points("x", ["1"], [2, 4], further=[[4, 3]]), "cut points"),
        (lambda: cut_points("x", ["1"], [2, 4], further=[[3], [4]]), "2 cut points"),
        (lambda: quantiles("x", ["1", "2"], [0, 0]), "No record"),
        (lambda: quantiles("x", ["1", "2"], [1, 1], groups=1), "two groups"),
        (lambda: date_hierarchy("x", ["secret"]), "No value"),
        (lambda: date_hierarchy("x", ["2024-01-01"], ["year", "month"]), "fine to coarse"),
        (lambda: date_hierarchy("x", ["2024-01-01"], ["century"]), "fine to coarse"),
        (lambda: by_prefix("x", ["a"], lengths=[]), "smaller than the one before"),
        (lambda: by_prefix("x", ["a"], lengths=[1, 2]), "smaller than the one before"),
        (lambda: by_prefix("x", ["a"], lengths=[1, 0]), "from 1 upwards"),
        (lambda: mask_hierarchy("x", []), "no values"),
        (lambda: mask_hierarchy("x", ["1"], levels=0), "at least one level"),
        (lambda: grouped("x", ["a"], [{"g": ["secret"]}]), "1 members"),
        (lambda: grouped("x", ["a"], [{"": ["a"]}]), "no name"),
        (lambda: grouped("x", ["a"], [{"g": ["a"], "h": ["a"]}]), "more than one group"),
        (lambda: grouped("x", ["a", "g"], [{"g": ["a"]}], rest="own"), "name of a group"),
    ],
)
def test_what_makes_no_sense_is_refused_without_a_value(make, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        make()
    assert "'x'" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "kind", "label"),
    [
        ([str(age) for age in range(17, 91)], ColumnKind.INTEGER, "30-34"),
        ([f"{i}.5" for i in range(30)], ColumnKind.DECIMAL, "[28, 30)"),
        (["2020-01-30", "2021-02-28", "2022-03-30"], ColumnKind.DATE, "2020-01"),
        (["02139", "02138", "00501"], ColumnKind.CODE, "0213*"),
        (["x", "y", "<b>"], ColumnKind.TEXT, "*"),
        (["0", "1", "0"], ColumnKind.INTEGER, "*"),
        (["5", "5"], ColumnKind.INTEGER, "*"),
    ],
)
def test_a_proposal_follows_the_kind_of_the_column(build, values, kind, label):
    dataset = build({"q": values}).dataset
    assert dataset.column("q").kind is kind
    proposal = propose(dataset, "q")
    check(proposal.hierarchy, values)
    levels = proposal.hierarchy.levels
    assert label in levels[1].labels
    assert "'q'" in proposal.sentence
    assert propose_hierarchy(dataset, "q").rows() == proposal.hierarchy.rows()


def test_nothing_is_proposed_for_empty_columns_and_many_texts(build):
    empty = build({"q": [None, None], "p": ["a", "b"]}).dataset
    assert propose_hierarchy(empty, "q") is None
    many = build({"q": [f"name {i} {'x' * (i % 7)}" for i in range(1_500)]}).dataset
    proposal = propose(many, "q")
    assert proposal.hierarchy is None
    assert "name 1" not in proposal.sentence


@pytest.mark.parametrize("name", ["a,b", "x(y)=5", "<b>bold</b>", "*", "line\nbreak"])
def test_hostile_column_names_and_values_pass(name):
    values = ["<script>", "a;b", '"', "=1+1", "*", "x\ny"]
    check(value_or_nothing(name, values), values)
    check(mask_hierarchy(name, values), values)
