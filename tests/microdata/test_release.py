from dataclasses import replace

import numpy as np
import pytest

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes, classes_of
from microdata.hierarchy import Hierarchy
from microdata.release import Release, ReleasedColumn, TupleMask
from microdata.roles import Role, Roles

AGES = [("20", "20-29", "*"), ("25", "20-29", "*"), ("31", "30-39", "*")]


def age_source(make_dataset, values=("20", "25", "31", None)):
    return encode(make_dataset({"age": list(values)}), {"age": Hierarchy.from_rows("age", AGES)})


def test_missing_stays_missing_until_the_column_says_nothing(make_dataset):
    source = age_source(make_dataset)
    one = Release.original(source).with_columns(ReleasedColumn.generalized(source.domain("age"), 1))
    assert one.frame()["age"].tolist()[:3] == ["20-29", "20-29", "30-39"]
    assert one.frame()["age"].isna().tolist() == [False, False, False, True]
    top = Release.original(source).with_columns(ReleasedColumn.generalized(source.domain("age"), 2))
    assert top.frame()["age"].tolist() == ["*"] * 4
    assert classes_of(top, Roles(by_column={"age": Role.QUASI_IDENTIFIER})).k == 4


def test_uncovered_values_are_refused_with_their_count_and_not_their_text(make_dataset):
    source = age_source(make_dataset, ["20", "secret", "hidden"])
    column = ReleasedColumn.generalized(source.domain("age"), 1)
    with pytest.raises(PrivacyToolError, match="2 values of the column 'age'") as caught:
        column.require_covered(source)
    assert "secret" not in str(caught.value)


def test_a_column_at_a_level_is_made_once_a_table_and_refused_as_often_as_asked(make_dataset):
    source = age_source(make_dataset)
    one = Release.original(source).at_level("age", 1)
    assert Release.original(source).at_level("age", 1) is one
    assert one.nodes.labels == ("20-29", "30-39")
    assert Release.original(source).at_level("age", 2).nodes.labels == ()
    assert Release.original(age_source(make_dataset)).at_level("age", 1) is not one
    uncovered = Release.original(age_source(make_dataset, ["20", "secret"]))
    for _ in range(2):
        with pytest.raises(PrivacyToolError, match="1 values of the column 'age'"):
            uncovered.at_level("age", 1)


def test_columns_at_the_same_level_are_not_taken_for_each_other(make_dataset):
    rules = {"age": Hierarchy.from_rows("age", AGES)}
    rules["sex"] = Hierarchy.from_rows("sex", [("f", "*"), ("m", "*")])
    table = make_dataset({"age": ["20", "31"], "sex": ["f", "m"]})
    release = Release.original(encode(table, rules))
    assert release.at_level("age", 1).nodes.labels == ("20-29", "30-39")
    assert release.at_level("sex", 1).nodes.labels == ()
    assert release.at_level("sex", 1).name == "sex"


def test_a_column_made_of_another_shares_nothing_that_was_counted(make_dataset):
    column = Release.original(age_source(make_dataset)).columns["age"]
    column.memo["counted"] = 1
    assert replace(column, renamed=True).memo == {}
    assert not replace(column, renamed=True).unchanged
    assert column.unchanged
    assert column.memo == {"counted": 1}


def test_a_column_without_a_hierarchy_cannot_be_generalised(make_dataset):
    source = encode(make_dataset({"age": ["20"]}))
    with pytest.raises(PrivacyToolError, match="no hierarchy"):
        ReleasedColumn.generalized(source.domain("age"), 1)


def test_change_counts_every_record_once_kept_or_suppressed(make_dataset):
    source = age_source(make_dataset)
    release = (
        Release.original(source)
        .with_columns(ReleasedColumn.generalized(source.domain("age"), 1))
        .keeping(np.array([True, False, True, True]))
    )
    change = release.change("age")
    rows = sorted(zip(change.original, change.released, change.n, strict=True))
    assert rows == [(0, 0, 1), (2, 1, 1), (3, 2, 1)]
    assert change.suppressed.tolist() == [0, 1, 0, 0, 0]
    assert change.n.sum() + change.suppressed.sum() == source.records
    assert release.suppressed_records == 1
    assert release.record_index.tolist() == [0, 2, 3]


def test_a_dropped_column_is_not_in_the_release(make_dataset):
    source = encode(make_dataset({"a": ["1"], "b": ["2"]}))
    release = Release.original(source).without(("a",))
    assert list(release.frame()) == ["b"]


def test_a_hierarchy_for_an_unknown_column_is_refused(make_dataset):
    with pytest.raises(PrivacyToolError, match="'zip'"):
        encode(make_dataset({"age": ["20"]}), {"zip": Hierarchy.from_rows("zip", [("1", "*")])})


@pytest.mark.parametrize("values", [["20"], ["20", "31"]])
def test_one_label_for_each_value_is_still_a_change(make_dataset, values):
    # The codes stay as they were, so labels alone tell: another step would bring the values back.
    rows = [(value, f"{value[0]}x") for value in values]
    source = encode(make_dataset({"age": values}), {"age": Hierarchy.from_rows("age", rows)})
    domain = source.domain("age")
    assert ReleasedColumn.generalized(domain, 0).unchanged
    assert not ReleasedColumn.generalized(domain, 1).unchanged
    assert ReleasedColumn.from_labels(domain, values).unchanged


def test_records_left_out_by_their_classes_are_counted_as_those_left_out_by_row(make_dataset):
    table = make_dataset(
        {"age": ["20", "25", "20", None, "31"], "sex": list("ffmmm"), "ill": list("abbac")}
    )
    source = encode(table, {"age": Hierarchy.from_rows("age", AGES)})
    roles = Roles(by_column={"age": Role.QUASI_IDENTIFIER, "sex": Role.QUASI_IDENTIFIER})
    base = base_classes(source, roles)
    coarse = Release.original(source).with_columns(Release.original(source).at_level("age", 1))
    by_class = coarse.keeping(TupleMask(base, base.codes("sex") == 1))
    by_row = coarse.keeping(np.array([False, False, True, True, True]))
    assert by_class.released_records == by_row.released_records == 3
    assert by_class.suppressed_records == 2
    for name in ("age", "sex", "ill"):
        one, other = by_class.change(name), by_row.change(name)
        assert one.suppressed.tolist() == other.suppressed.tolist()
        for field in ("original", "released", "n"):
            assert getattr(one, field).tolist() == getattr(other, field).tolist()
