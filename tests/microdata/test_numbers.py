from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy, Nodes
from microdata.numbers import leaf_numbers, released_numbers
from microdata.readers import dataset_from_frame
from microdata.release import Release, ReleasedColumn


@pytest.fixture
def build():
    """Encode columns of text, whose kinds are guessed, with hierarchies given as rows."""

    def _build(columns, hierarchies=None):
        dataset = dataset_from_frame(pd.DataFrame(columns, dtype="object"), "table")
        made = {name: Hierarchy.from_rows(name, rows) for name, rows in (hierarchies or {}).items()}
        return encode(dataset, made)

    return _build


def test_numbers_and_days_are_read_and_texts_are_not(build):
    table = build({"x": ["10", "-2.5"], "d": ["1970-01-02", "1969-12-31"], "t": ["a", "b"]})
    assert sorted(leaf_numbers(table.domain("x"), None)) == [-2.5, 10]
    assert sorted(leaf_numbers(table.domain("d"), None)) == [-1, 1]
    assert np.isnan(leaf_numbers(table.domain("t"), None)).all()


def test_a_released_value_is_the_mean_of_what_can_be_read(build):
    rows = [("1", "low"), ("3", "low"), ("n/a", "low"), ("8", "high"), ("?", "none")]
    table = build({"x": ["1", "3", "8", "1", "3", "8", "1", "3", "8"]}, {"x": rows})
    column = ReleasedColumn.generalized(table.domain("x"), 1)
    found = released_numbers(Release.original(table).with_columns(column), "x")
    by_label = dict(zip(column.nodes.labels, found, strict=False))
    assert by_label["low"] == 2
    assert by_label["high"] == 8
    assert np.isnan(by_label["none"])
    assert np.isnan(found[-2:]).all(), "missing cells and * hold no number"


def test_an_unchanged_column_holds_its_own_numbers_exactly(build):
    table = build({"x": ["0.1", "0.2", "0.30000000000000004"]})
    found = released_numbers(Release.original(table), "x")
    assert np.array_equal(found[:-2], leaf_numbers(table.domain("x"), None))


def test_numbers_too_large_to_average_are_unknown(build):
    rows = [("1.7e308", "top"), ("1.6e308", "top"), ("1", "1")]
    table = build({"x": ["1.7e308", "1.6e308", "1"]}, {"x": rows})
    column = ReleasedColumn.generalized(table.domain("x"), 1)
    found = released_numbers(Release.original(table).with_columns(column), "x")
    by_label = dict(zip(column.nodes.labels, found, strict=False))
    assert np.isnan(by_label["top"])
    assert by_label["1"] == 1


def test_a_perturbed_date_is_the_day_that_is_written(build):
    table = build({"d": ["1970-01-02", "1970-01-05"]})
    nodes = Nodes(("1970-01-04", "unclear"), np.array([0, 1, 2]), np.array([1, 0], np.int32))
    explicit = np.array([0, 1], np.int32)
    column = ReleasedColumn(name="d", nodes=nodes, explicit=explicit, perturbed=True)
    found = released_numbers(Release.original(table).with_columns(column), "d")
    assert found[:2].tolist() == [3, 1], "what cannot be read is what it stands for"
