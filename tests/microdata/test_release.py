import numpy as np
import pytest

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.hierarchy import Hierarchy
from microdata.release import Release, ReleasedColumn
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
