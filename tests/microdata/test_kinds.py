from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.kinds import date_values, numeric_values, read_dates


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_every_number_is_read_back(numbers):
    assert numeric_values([repr(x) for x in numbers]).tolist() == numbers


@pytest.mark.parametrize(
    "text", ["", " ", "1,5", "0x10", "inf", "nan", "1_000", "1e999", "١٢", "--1"]
)
def test_what_is_no_number_is_nan(text):
    assert np.isnan(numeric_values([text])).all()


def test_a_decimal_comma_is_read_where_it_is_told():
    assert numeric_values(["1,5", "-2", "+,25"], ",").tolist() == [1.5, -2.0, 0.25]
    assert np.isnan(numeric_values(["1.5"], ",")).all()


@given(st.lists(st.dates(min_value=dt.date(1800, 1, 1)), min_size=1))
def test_every_day_is_read_back_from_each_form(days):
    expected = np.array(days, dtype="datetime64[D]")
    for form in ("{0.year:04}-{0.month:02}-{0.day:02}", "{0.day}.{0.month}.{0.year:04}"):
        assert np.array_equal(date_values([form.format(day) for day in days]), expected)
    texts = [f"{day.month}/{day.day}/{day.year:04}" for day in days]
    if any(day.day > 12 for day in days):
        dates, ambiguous = read_dates(texts)
        assert np.array_equal(dates, expected)
        assert not ambiguous


@pytest.mark.parametrize("text", ["2023-02-29", "2023-13-01", "31.4.2020", "0/1/2020", "2020", "x"])
def test_what_is_no_day_is_not_a_time(text):
    assert np.isnat(date_values([text])).all()


def test_a_time_of_day_is_cut():
    assert date_values(["2020-01-02T23:59:59Z", "2020-01-03 04:05"]).tolist() == [
        dt.date(2020, 1, 2),
        dt.date(2020, 1, 3),
    ]


def test_nothing_reads_as_nothing():
    assert len(numeric_values([])) == len(date_values([])) == 0
