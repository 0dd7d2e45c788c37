import numpy as np
import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy

CITY = [
    ("Lyon", "France", "*"),
    ("Paris", "France", "*"),
    ("Rome", "Italy", "*"),
]


def test_levels_leaves_and_nodes_of_a_small_hierarchy():
    city = Hierarchy.from_rows("city", CITY)
    assert city.leaves == ("Lyon", "Paris", "Rome")
    assert city.height == 2
    country = city.nodes(1)
    assert country.labels == ("France", "Italy")
    assert country.sizes.tolist() == [2, 1]
    assert country.leaves(0).tolist() == [0, 1]
    assert city.rows() == CITY


def test_a_level_that_splits_a_label_is_refused_with_count_and_column():
    with pytest.raises(PrivacyToolError, match=r"'city'.*level 1 to level 2: 1 labels"):
        Hierarchy.from_rows("city", [("a", "x", "1"), ("b", "x", "2")])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "is empty"),
        ([("a", "*"), ("b",)], "1 of 2 rows"),
        ([("a", "*"), ("a", "*")], "1 values stand in more than one row"),
    ],
    ids=["empty", "uneven", "twice"],
)
def test_malformed_hierarchies_are_refused_with_a_sentence(rows, sentence):
    with pytest.raises(PrivacyToolError, match=sentence):
        Hierarchy.from_rows("city", rows)


def test_uncovered_values_are_counted_and_can_be_sent_to_the_star_by_choice():
    city = Hierarchy.from_rows("city", CITY)
    assert city.uncovered(["Paris", "Oslo", "Bern"]) == ("Oslo", "Bern")
    covering = city.covering(["Paris", "Oslo"])
    assert covering.rows()[-1] == ("Oslo", "*", "*")
    assert covering.digest != city.digest
    assert city.covering(["Rome"]) is city


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(PrivacyToolError, match="levels 0 to 2; level 3"):
        Hierarchy.from_rows("city", CITY).nodes(3)


def test_the_digest_changes_with_any_label():
    changed = [("Lyon", "France", "*"), ("Paris", "France", "*"), ("Rome", "Italia", "*")]
    assert Hierarchy.from_rows("city", CITY).digest != Hierarchy.from_rows("city", changed).digest


def test_lookup_is_the_row_order():
    assert np.array_equal(Hierarchy.from_rows("city", CITY).levels[1].lookup, [0, 0, 1])
