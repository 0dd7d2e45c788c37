from __future__ import annotations

import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies.checks import Fault, checked, coverage, faults, rows_by_value


def test_faults_are_counted_by_label_and_by_value():
    rows = [
        ("a", "x", "1", "*"),
        ("b", "x", "2", "*"),
        ("c", "y", "2", "any"),
        ("d", "z", "3", "*"),
    ]
    # x stands below 1 and 2 (a, b); 2 stands below * and any (b, c)
    assert faults(rows) == (
        Fault(level=1, labels=1, values=2),
        Fault(level=2, labels=1, values=2),
    )
    assert faults([]) == ()


def test_a_hierarchy_with_a_fault_is_refused_with_the_number_of_values():
    with pytest.raises(PrivacyToolError, match=r"1 labels there .* concerns 3 values") as error:
        checked("town", [("a", "secret", "1"), ("b", "secret", "2"), ("c", "secret", "2")])
    assert "'town'" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "empty"),
        ([()], "empty"),
        ([("a", "*"), ("b",)], "1 of 2 rows"),
        ([("a", "*"), ("a", "*")], "more than one row"),
    ],
)
def test_other_mistakes_are_told_as_ever(rows, words):
    with pytest.raises(PrivacyToolError, match=words):
        checked("town", rows)


def test_coverage_counts_values_and_rows(build):
    dataset = build({"town": ["a", "b", "b", "c", None]}).dataset
    whole = Hierarchy.from_rows("town", [(v, "*") for v in "abcd"])
    found = coverage(whole, dataset)
    assert (found.values, found.lacking, found.rows) == (3, 0, 0)
    assert "covers all 3" in found.describe()
    found = coverage(Hierarchy.from_rows("town", [("a", "*")]), dataset)
    assert (found.values, found.lacking, found.rows) == (3, 2, 3)
    assert "does not cover 2 of 3 values of the column, which 3 rows hold" in found.describe()
    assert sum(rows_by_value(dataset, "town")) == 4
