from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from microdata.elsewhere import release_elsewhere
from microdata.measure import Context, NotComputed
from microdata.release import Release, ReleasedColumn
from microdata.roles import Roles
from utility.prediction.features import Feature
from utility.propensity import Propensity, _expanded, told_apart

TOWNS = [(town, half, "*") for town, half in zip("abcd", "1122", strict=True)]


@pytest.fixture
def table(build):
    rng = np.random.default_rng(0)
    return build(
        {
            "town": ["abcd"[i] for i in rng.choice(4, 400, p=[0.85, 0.05, 0.05, 0.05])],
            "age": [str(20 + i) for i in rng.integers(0, 50, 400)],
        },
        {"town": TOWNS},
    )


def found(release, seed=0, **options):
    roles = Roles.from_json({"quasi_identifiers": ["town"], "sensitive": ["age"]})
    context = Context(release=release, roles=roles, seed=seed)
    figures = Propensity(**options).evaluate(context).figures
    return figures["utility", "propensity", "pmse"], figures[
        "utility", "propensity", "share_of_largest"
    ]


def categories(codes):
    codes = np.array(codes, np.int64)
    return Feature(category=codes, number=np.full(codes.size, np.nan))


def test_a_table_cannot_be_told_from_itself(table):
    for most in (10_000, 100):
        pmse, share = found(Release.original(table), most_rows=most)
        assert pmse.value == pytest.approx(0, abs=1e-12)
        assert share.value == pytest.approx(0, abs=1e-12)


def test_tables_with_nothing_in_common_are_told_apart_in_every_row():
    pmse, largest = told_apart([categories([0] * 3000)], [categories([1] * 1000)])
    assert largest == 0.25 * 0.75
    assert pmse == pytest.approx(largest, rel=0.02)


def test_half_told_apart_by_hand():
    # b is in the release only: p is 1/3 for a and 1 for b, c is 1/2
    pmse, largest = told_apart(
        [categories([0] * 20_000)], [categories([0] * 10_000 + [1] * 10_000)]
    )
    expected = 0.75 * (1 / 3 - 0.5) ** 2 + 0.25 * 0.5**2
    assert largest == 0.25
    assert pmse == pytest.approx(expected, rel=0.01)


def test_coarser_is_told_apart_more_easily(table):
    shares = []
    for level in (0, 1, 2):
        column = ReleasedColumn.generalized(table.domain("town"), level)
        shares.append(found(Release.original(table).with_columns(column))[1].value)
    assert shares[0] < 0.01 < shares[1] < shares[2] < 1


def test_what_is_drawn_is_among_what_a_value_stands_for(table):
    rng = np.random.default_rng(0)
    column = ReleasedColumn.generalized(table.domain("town"), 1)
    release = Release.original(table).with_columns(column)
    codes = np.repeat([0, 1, column.missing, column.suppressed], 500)
    drawn = _expanded(release, "town", codes, rng).reshape(4, 500)
    assert [set(row.tolist()) for row in drawn] == [{0, 1}, {2, 3}, {4}, {0, 1, 2, 3}]
    assert np.bincount(drawn[3]).min() > 90  # 125 each, standard deviation 10


def test_the_seed_is_told_and_decides(table):
    column = ReleasedColumn.generalized(table.domain("town"), 1)
    release = Release.original(table).with_columns(column)
    first, again, other = found(release)[0], found(release)[0], found(release, seed=1)[0]
    assert first == again
    assert first.value != other.value
    assert (first.seed, other.seed) == (0, 1)
    assert "drawn at random" in first.caveats[0]


def test_the_order_of_the_rows_does_not_matter(build):
    rng = np.random.default_rng(0)
    town = rng.choice(list("abcd"), 200)
    shares = []
    for step in (1, -1):
        source = build({"town": town[::step].tolist(), "age": ["30"] * 200}, {"town": TOWNS})
        column = ReleasedColumn.generalized(source.domain("town"), 1)
        shares.append(found(Release.original(source).with_columns(column))[0].value)
    assert shares[0] == pytest.approx(shares[1], rel=1e-9)


def test_a_release_made_elsewhere_is_compared_too(table, build):
    other = build({"town": ["1"] * 200 + ["c"] * 100, "age": ["20"] * 300}).dataset
    pmse, share = found(release_elsewhere(table, other))
    assert 0.5 < share.value <= 1
    assert pmse.value == pytest.approx(share.value * (3 / 7) * (4 / 7))
    unknown = build({"town": ["nowhere"] * 300, "age": ["20"] * 300}).dataset
    assert isinstance(found(release_elsewhere(table, unknown))[0], NotComputed)


def test_nothing_to_compare_is_said(table):
    nothing = Release.original(table)
    for release in (nothing.keeping(np.zeros(400, bool)), nothing.without(("town", "age"))):
        for figure in found(release):
            assert "nothing to compare" in figure.reason


def test_columns_that_are_not_published_are_told(table):
    figure, _ = found(Release.original(table).without(("age",)))
    assert figure.caveats[-1] == "Columns that the release does not publish are not compared."
    dropped = replace(Release.original(table), kept=np.arange(400) < 300).without(("age",))
    assert found(dropped)[0].value < 0.01
