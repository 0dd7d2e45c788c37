import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate, NotComputed
from reports.wording import (
    as_clause,
    better_or_worse,
    format_count,
    format_figure,
    format_number,
    format_risk,
    format_share,
    format_value,
    join_names,
    shorten,
)


@pytest.mark.parametrize(
    ("risk", "text"),
    [
        (0.2, "1 in 5 (20.0 %)"),
        (1, "certain (100 %)"),
        (0, "none (0 %)"),
        (1 / 11, "1 in 11 (9.09 %)"),
        (1 / 3, "1 in 3 (33.3 %)"),
        (0.0002, "1 in 5,000 (<0.1 %)"),
        (0.60039, "about 6 in 10 (60.0 %)"),
        (0.163086, "about 1 in 6 (16.3 %)"),
        (0.999, "about 99 in 100 (99.9 %)"),
    ],
)
def test_a_risk_is_one_in_so_many_with_per_cent_beside_it(risk, text):
    assert format_risk(risk) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.46485644, "46.5 %"),
        (0, "0 %"),
        (1, "100 %"),
        (0.0909, "9.09 %"),
        (0.0004, "<0.1 %"),
        (0.99999, ">99.9 %"),
        (0.001, "0.100 %"),
        (0.09999, "10.0 %"),
        (math.inf, "infinite"),
    ],
)
def test_a_share_has_three_digits_and_is_never_rounded_to_nothing_or_all(share, text):
    assert format_share(share) == text


@given(st.floats(min_value=0, max_value=1))
def test_only_zero_prints_as_zero_and_only_one_as_a_hundred(share):
    text = format_share(share)
    assert (text == "0 %") == (share == 0)
    assert (text == "100 %") == (share == 1)


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_a_number_prints_within_half_a_per_cent_of_itself(value):
    text = format_number(value)
    if text.startswith("<"):
        assert value < 0.0005
    else:
        assert float(text.replace(",", "")) == pytest.approx(value, rel=0.005)


@pytest.mark.parametrize(
    ("value", "text"),
    [(30162, "30,162"), (317238626, "317,238,626"), (1.66558, "1.67"), (0.9999, "1.00"), (0, "0")],
)
def test_counts_are_in_full_and_other_numbers_have_three_digits(value, text):
    assert format_count(value) == text


def test_an_estimate_prints_its_range_first():
    figure = Estimate(value=0.1, low=0.03, high=0.22, method="pitman")
    assert format_figure(figure, "share") == "3.00–22.0 %, estimated"
    assert format_figure(Estimate(value=3, low=2, high=4, method="zayatz"), "people") == (
        "2–4 people, estimated"
    )
    assert format_figure(Estimate(value=0.25, method="pitman"), "risk") == (
        "1 in 4 (25.0 %), estimated"
    )


def test_a_gap_prints_its_reason_as_a_clause():
    figure = NotComputed(reason="No population size was given.")
    assert format_figure(figure) == "not computed, because no population size was given"
    assert as_clause("ARX counts otherwise.") == "ARX counts otherwise"


def test_an_infinite_figure_is_a_word():
    assert format_figure(Estimate(value=math.inf), "bits") == "infinite"


def test_units_are_written():
    assert format_value(1, "people") == "1 person"
    assert format_value(5, "people") == "5 people"
    assert format_value(1.263, "bits") == "1.26 bits"


def test_names_are_joined_and_cut():
    assert join_names(["age"]) == "age"
    assert join_names(["age", "sex", "zip"]) == "age, sex and zip"
    assert join_names([str(i) for i in range(9)], most=2) == "0, 1 and 7 more"
    assert join_names([]) == ""
    assert len(shorten("x" * 5000)) == 60
    assert shorten("a\n  b") == "a b"


@pytest.mark.parametrize(
    ("before", "now", "better", "word"),
    [
        (1, 5, "higher", "better"),
        (1, 5, "lower", "worse"),
        (5, 5, "lower", "same"),
        (None, 5, "lower", ""),
        (1, 5, "", ""),
    ],
)
def test_a_change_is_named_by_which_way_is_good(before, now, better, word):
    assert better_or_worse(before, now, better) == word
