from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import Context, NotComputed
from microdata.release import Release, ReleasedColumn
from microdata.roles import Roles
from utility.classification import ClassificationMetric

PATH = ("utility", "classification", "s")


def metric(release, person=None):
    roles = Roles.from_json({"quasi_identifiers": ["q"], "sensitive": ["s"], "person": person})
    return ClassificationMetric().evaluate(Context(release=release, roles=roles)).figures[PATH]


@pytest.mark.parametrize(
    ("q", "s", "expected"),
    [
        ("aaaaaaaaaa", "xxxxxyyyyy", 0.5),  # a tie: one of the two values is the commonest
        ("aaaabbbb", "xxxyyyyy", 1 / 8),
        ("aabb", "xyxy", 0.5),
        ("abcd", "xyxy", 0.0),
        ("aaaaaa", "xxyyzz", 4 / 6),
    ],
)
def test_the_metric_by_hand(build, q, s, expected):
    assert metric(Release.original(build({"q": list(q), "s": list(s)}))).value == expected


def test_rows_left_out_count_as_wrong_and_rows_without_a_value_do_not_count(build):
    table = build({"q": list("aaaabb"), "s": ["x", "x", "y", None, "y", "y"]})
    assert metric(Release.original(table)).value == 1 / 5
    kept = Release.original(table).keeping(np.array([True, False, True, True, True, False]))
    # of 5 with a value: a says x of x and y, b says y: 2 are right
    assert metric(kept).value == 3 / 5
    assert metric(kept.keeping(np.zeros(6, bool))).value == 1.0


def test_a_value_that_says_nothing_is_wrong(build):
    table = build({"q": list("aaab"), "s": list("xxyz")})
    column = ReleasedColumn.from_labels(table.domain("s"), ["x", "y", "*"])
    found = metric(Release.original(table).with_columns(column))
    assert found.value == 2 / 4
    assert len(found.caveats) == 2


def test_rows_are_counted_and_not_people(build):
    table = build({"q": list("aaaa"), "s": list("xxxy"), "p": list("1112")})
    assert metric(Release.original(table), person="p").value == 1 / 4


def test_a_release_made_elsewhere_is_divided_by_the_records_of_its_original(build):
    original = build({"q": list("aaabb"), "s": list("xxyyy")})
    protected = build({"q": list("aab"), "s": list("xxy")})
    columns = {name: ReleasedColumn.identity(protected.domain(name)) for name in "qs"}
    assert metric(Release(protected, columns, origin=original)).value == 2 / 5


def test_a_column_that_is_not_published_is_said(build):
    table = build({"q": list("ab"), "s": list("xy")})
    assert isinstance(metric(Release.original(table).without(("s",))), NotComputed)
    empty = build({"q": list("ab"), "s": [None, None]})
    assert isinstance(metric(Release.original(empty)), NotComputed)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", None])), min_size=1),
    st.data(),
)
def test_it_is_the_slow_count_and_coarser_is_never_better(build, rows, data):
    table = build(
        {"q": [q for q, _ in rows], "s": [s for _, s in rows]},
        {"q": [("a", "1", "*"), ("b", "1", "*"), ("c", "2", "*"), ("d", "2", "*")]},
    )
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    known = sum(s is not None for _, s in rows)
    before = -1.0
    labels = (dict(zip("abcd", of, strict=True)) for of in ("abcd", "1122", "****"))
    for level, label in enumerate(labels):
        said = {}
        for (q, s), keep in zip(rows, kept, strict=True):
            if keep and s is not None:
                said.setdefault(label[q], []).append(s)
        right = sum(max(map(values.count, values)) for values in said.values())
        column = ReleasedColumn.generalized(table.domain("q"), level)
        found = metric(Release.original(table).with_columns(column).keeping(kept))
        if not known:
            assert isinstance(found, NotComputed)
            continue
        assert found.value == pytest.approx((known - right) / known)
        assert found.value >= before
        before = found.value
