import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata import wildcard
from microdata.classes import group_records
from microdata.wildcard import neighbours

OPEN = 9


def count(columns):
    n = len(next(iter(columns.values())))
    codes = {
        name: np.array([OPEN if v is None else v for v in values], np.uint8)
        for name, values in columns.items()
    }
    classes = group_records(codes, dict.fromkeys(columns, OPEN + 2), n)
    return neighbours(classes, dict.fromkeys(columns, OPEN))[classes.class_of].tolist()


def twin(columns):
    rows = list(zip(*columns.values(), strict=True))

    def match(a, b):
        return all(x == y or x is None or y is None for x, y in zip(a, b, strict=True))

    return [sum(match(a, b) for b in rows) for a in rows]


@pytest.mark.parametrize("table", ["missing_cells", "missing_row_and_column"])
def test_the_oracle_of_sdcmicro(table):
    path = Path(__file__).resolve().parents[1] / "golden/wildcard.json"
    golden = json.loads(path.read_text("utf-8"))[table]
    assert count(golden["columns"]) == golden["sample_counts"]


cell = st.one_of(st.none(), st.integers(0, 2))


@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=40))
def test_neighbours_equal_the_pairwise_definition(rows):
    columns = dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))
    assert count(columns) == twin(columns)


@pytest.mark.parametrize("pairwise", [True, False])
def test_both_ways_of_counting_agree_with_many_columns(monkeypatch, pairwise):
    monkeypatch.setattr(wildcard._Patterns, "pairwise", pairwise)
    rng = np.random.default_rng(0)
    columns = {
        f"c{i}": [None if rng.random() < 0.3 else int(v) for v in rng.integers(0, 2, 60)]
        for i in range(25)  # more than one word
    }
    assert count(columns) == twin(columns)


@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=30))
def test_a_wildcard_never_makes_a_neighbourhood_smaller_than_its_class(rows):
    columns = dict(zip("ab", map(list, zip(*rows, strict=True)), strict=True))
    own = [rows.count(row) for row in rows]
    assert all(w >= o for w, o in zip(count(columns), own, strict=True))


def test_without_missing_values_it_is_the_class_size():
    assert count({"a": [0, 0, 1]}) == [2, 2, 1]
