from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from microdata.hierarchy import Nodes
from microdata.measure import Estimate, NotComputed
from microdata.release import Release, ReleasedColumn
from utility.distributions import distribution_bins
from utility.intervals import interval_bins


def test_w1_and_mean_shift_by_hand(build, figures):
    # 0 and 10 become 0-10: 0, 5 and 10 are declared, so a third of the mass each.
    rows = [("0", "low", "*"), ("5", "low", "*"), ("10", "low", "*"), ("20", "high", "*")]
    table = build({"x": ["0", "0", "0", "20"]}, {"x": rows})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("x"), 1))
    found = figures(release, ["x"])
    # F = .75 .75 .75 1; G = .25 .5 .75 1; area = .5 * 5 + .25 * 5 over a range of 20
    assert found["distributions.x.w1"].value == pytest.approx(3.75 / 20)
    # mean 5 -> .25 * 0 + .25 * 5 + .25 * 10 + .25 * 20 = 8.75; sd = sqrt(.75 * 25 + .25 * 225)
    assert found["distributions.x.mean_shift"].value == pytest.approx(3.75 / np.sqrt(75))


def test_a_column_of_text_has_no_w1(build, figures):
    found = figures(Release.original(build({"x": ["a", "b"]})), ["x"])
    assert "distributions.x.w1" not in found


def test_one_number_has_no_range(build, figures):
    found = figures(Release.original(build({"x": ["3", "3"]})), ["x"])
    assert isinstance(found["distributions.x.w1"], NotComputed)
    assert isinstance(found["distributions.x.mean_shift"], NotComputed)


def test_numbers_too_large_to_average_are_not_computed(build, figures):
    table = build({"x": [f"{sign}1.{digit}e308" for sign in ("", "-") for digit in "1234567"]})
    found = figures(Release.original(table), ["x"])
    assert isinstance(found["distributions.x.mean_shift"], NotComputed)
    assert isinstance(found["distributions.x.w1"], NotComputed | Estimate)
    assert len(distribution_bins(Release.original(table), "x", 1, max_bins=5)) <= 5


def test_bars_of_an_unchanged_column(build):
    table = build({"x": ["a"] * 6 + ["b"] * 5})
    kept = Release.original(table).keeping(np.array([True] * 4 + [False] * 2 + [True] * 5))
    assert distribution_bins(kept, "x", 4) == [("a", 6, 4), ("b", 5, 5)]
    assert distribution_bins(kept, "x", 5) == [("b", 5, 5), ("other (1 values)", 6, 4)], (
        "four kept records are too few to be named at a threshold of five"
    )


def test_values_of_few_people_are_pooled(build):
    table = build({"x": ["a"] * 9 + ["rare1"] * 3 + ["rare2"] * 2})
    bars = distribution_bins(Release.original(table), "x", 5)
    assert bars == [("a", 9, 9), ("other (2 values)", 5, 5)]


def test_a_pool_that_is_too_small_takes_in_the_smallest_bar(build):
    table = build({"x": ["a"] * 9 + ["b"] * 6 + ["rare"] * 2})
    bars = distribution_bins(Release.original(table), "x", 5)
    assert bars == [("a", 9, 9), ("other (2 values)", 8, 8)]


def test_nothing_is_shown_of_a_table_of_too_few(build):
    assert distribution_bins(Release.original(build({"x": ["a", "a", "b"]})), "x", 5) == []


def test_people_are_counted_not_rows(build):
    rows = {"x": ["a"] * 9 + ["b"] * 9, "pid": [str(i) for i in range(9)] + ["99"] * 9}
    release = Release.original(build(rows))
    assert distribution_bins(release, "x", 5)[1][0] == "b"
    # the nine rows of b are one person
    assert distribution_bins(release, "x", 5, person="pid") == [("other (2 values)", 18, 18)]


def test_many_numbers_are_put_into_intervals(build):
    table = build({"x": [str(value) for value in range(18, 98)] * 5 + [None] * 7})
    bars = distribution_bins(Release.original(table), "x", 5)
    assert bars[0] == ("15-19", 10, 10)
    assert bars[1] == ("20-24", 25, 25)
    assert bars[-1] == ("(missing)", 7, 7)
    assert sum(before for _, before, _ in bars) == 407
    assert len(bars) <= 20


def test_many_decimals_and_negative_numbers_are_put_into_intervals(build):
    table = build({"x": [f"{value / 10:.1f}" for value in range(-30, 30)] * 5})
    bars = distribution_bins(Release.original(table), "x", 5)
    assert bars[0][0] == "[-3.0, -2.5)"
    assert sum(before for _, before, _ in bars) == 300


def test_many_dates_are_put_into_intervals(build):
    days = [f"{year}-{month:02d}-15" for year in range(1931, 2021) for month in range(1, 13)]
    bars = distribution_bins(Release.original(build({"x": days})), "x", 5)
    assert bars[0] == ("1930-1939", 9 * 12, 9 * 12)
    assert bars[-1] == ("2020-2029", 12, 12)
    assert sum(before for _, before, _ in bars) == len(days)
    in_a_year = [f"2024-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    bars = distribution_bins(Release.original(build({"x": in_a_year})), "x", 5)
    assert [bars[0], bars[-1]] == [("2024-01", 28, 28), ("2024-12", 28, 28)]
    bars = distribution_bins(Release.original(build({"x": in_a_year})), "x", 5, max_bins=6)
    assert bars[0] == ("2024-01 to 2024-03", 84, 84)


def test_huge_numbers_fall_back_to_the_largest_values(build):
    values = [str(10**300 + i * 10**290) for i in range(30)] * 5
    bars = distribution_bins(Release.original(build({"x": values})), "x", 5, max_bins=4)
    assert sum(before for _, before, _ in bars) == 150


def test_many_texts_keep_the_largest(build):
    table = build({"x": [f"v{i:02d}" for i in range(30) for _ in range(5 + i)]})
    bars = distribution_bins(Release.original(table), "x", 5, max_bins=4)
    assert [label for label, _, _ in bars] == ["v27", "v28", "v29", "other (27 values)"]


def test_bars_of_a_generalised_column(build):
    rows = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
    table = build({"x": ["a"] * 3 + ["b"] * 3 + ["c"] * 5}, {"x": rows})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("x"), 1))
    assert distribution_bins(release, "x", 5) == [("ab", 6, 6), ("cd", 5, 5)]


def test_bars_of_a_release_made_elsewhere(build):
    original = build({"x": ["a"] * 6 + ["b"] * 5 + ["c"] * 7 + [None] * 5})
    protected = build({"x": ["ab"] * 9 + [None] * 5})
    nodes = Nodes(("ab",), np.array([0, 2]), np.array([0, 1], np.int32))
    column = ReleasedColumn(name="x", nodes=nodes, lookup=np.arange(3, dtype=np.int32))
    release = Release(protected, {"x": column}, origin=original)
    # the seven c have no label of their own
    assert distribution_bins(release, "x", 5) == [("ab", 11, 9), ("(missing)", 5, 5), ("*", 7, 0)]


def test_bars_of_a_column_without_a_rule(build):
    table = build({"x": ["a"] * 6 + ["b"] * 6})
    nodes = Nodes(("a", "ab"), np.array([0, 1, 3]), np.array([0, 0, 1], np.int32))
    explicit = np.array([0] * 5 + [1] * 7, np.int32)
    column = ReleasedColumn(name="x", nodes=nodes, explicit=explicit)
    release = Release.original(table).with_columns(column)
    assert distribution_bins(release, "x", 5) == [("a", 5, 5), ("ab", 7, 7)]


@pytest.mark.parametrize(
    ("values", "max_bins", "expected"),
    [
        (range(-10, 20), 9, ["-10 to -6", "-5 to -1", "0-4", "5-9", "10-14", "15-19"]),
        (range(7), 6, ["0-1", "2-3", "4-5", "6-7"]),
        (range(3), 6, ["0", "1", "2"]),
        (range(100, 3_100, 7), 6, ["0-999", "1000-1999", "2000-2999", "3000-3999"]),
    ],
)
def test_intervals_of_whole_numbers(build, values, max_bins, expected):
    labels, rule = interval_bins(build({"x": list(map(str, values))}), "x", max_bins)
    assert labels == [*expected, "(not readable)", "(missing)"]
    assert sorted(set(rule.tolist())) == list(range(len(labels)))


def test_texts_have_no_intervals(build):
    assert interval_bins(build({"x": ["a", "b"]}), "x", 9) is None


def test_a_person_without_a_number_is_a_person(build):
    rows = {"x": ["a"] * 5 + ["b"] * 5, "pid": [None] * 5 + ["1", "2", "3", "4", "5"]}
    bars = distribution_bins(Release.original(build(rows)), "x", 5, person="pid")
    assert bars == [("a", 5, 5), ("b", 5, 5)]


def test_no_label_is_held_by_too_few(build):
    rng = np.random.default_rng(7)
    for _ in range(50):
        values = [f"v{v}" for v in rng.geometric(0.3, size=40)]
        bars = distribution_bins(Release.original(build({"x": values})), "x", 5, max_bins=6)
        assert all(before >= 5 for _, before, _ in bars)
        assert sum(before for _, before, _ in bars) in (0, 40)
        assert len(bars) <= 6


def test_changes_of_numbers_by_hand(build, figures):
    # 0, 0, 0, 20 become "low" (0, 5, 10) and 20: F = .75 .75 .75 1, G = .25 .5 .75 1.
    rows = [("0", "low", "*"), ("5", "low", "*"), ("10", "low", "*"), ("20", "high", "*")]
    table = build({"x": ["0", "0", "0", "20"]}, {"x": rows})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("x"), 1))
    found = figures(release, ["x"])
    sd = np.sqrt(75)
    assert found["distributions.x.ks"].value == pytest.approx(0.5)
    # mean 8.75: .25 * (76.5625 + 14.0625 + 1.5625 + 126.5625)
    assert found["distributions.x.sd_ratio"].value == pytest.approx(np.sqrt(54.6875) / sd)
    assert found["distributions.x.p25_shift"].value == 0
    assert found["distributions.x.p50_shift"].value == pytest.approx(5 / sd)
    assert found["distributions.x.p75_shift"].value == pytest.approx(10 / sd)


def test_the_original_is_not_moved_from_itself(build, figures):
    found = figures(Release.original(build({"x": list("1239") * 7})), ["x"])
    for name in ("ks", "w1", "mean_shift", "p25_shift", "p50_shift", "p75_shift"):
        assert found[f"distributions.x.{name}"].value == 0
    assert found["distributions.x.sd_ratio"].value == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=20), st.data())
def test_left_out_records_move_numbers_as_in_scipy_and_pandas(build, figures, values, data):
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    before, after = pd.Series(values, dtype=float), pd.Series(values, dtype=float)[kept]
    if before.nunique() < 2 or not kept.any():
        return
    table = build({"x": [str(value) for value in values]})
    found = figures(Release.original(table).keeping(kept), ["x"])
    sd = before.std(ddof=0)
    assert found["distributions.x.ks"].value == pytest.approx(
        stats.ks_2samp(before, after, method="asymp").statistic
    )
    assert found["distributions.x.sd_ratio"].value == pytest.approx(after.std(ddof=0) / sd)
    for percent in (25, 50, 75):
        shift = (
            np.quantile(after, percent / 100, method="inverted_cdf")
            - np.quantile(before, percent / 100, method="inverted_cdf")
        ) / sd
        assert found[f"distributions.x.p{percent}_shift"].value == pytest.approx(shift)


def test_one_number_has_no_gap_and_no_spread(build, figures):
    found = figures(Release.original(build({"x": ["3", "3"]})), ["x"])
    assert found["distributions.x.ks"].value == 0
    for name in ("sd_ratio", "p50_shift"):
        assert isinstance(found[f"distributions.x.{name}"], NotComputed)
