import pytest

from microdata.measure import Estimate, NotComputed
from reports.saved_leaves import pair_words, same


@pytest.mark.parametrize(
    ("said", "now", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        ("a", "a", True),
        (None, 0, False),
        (1e-15, 0, True),
        ([1, "b"], (1.0, "b"), True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1 + 1e-12}, True),
        ({"a": 1}, {"b": 1}, False),
        (Estimate(value=2), Estimate(value=2.0), True),
        (Estimate(value=2), Estimate(value=2, caveats=("Of one kind.",)), False),
        (Estimate(value=float("inf")), Estimate(value=float("inf")), True),
        (Estimate(value=2), NotComputed(reason="No."), False),
        (NotComputed(reason="No."), NotComputed(reason="No."), True),
    ],
)
def test_what_counts_as_the_same(said, now, equal):
    assert same(said, now) is equal
    assert same(now, said) is equal


@pytest.mark.parametrize(
    ("said", "now"),
    [
        (Estimate(value=2), Estimate(value=2, method="pitman")),
        (Estimate(value=2, low=1.0, high=3.0), Estimate(value=2)),
        (Estimate(value=float("inf")), Estimate(value=2)),
        (NotComputed(reason="No."), NotComputed(reason="Nobody.")),
        (NotComputed(reason="No."), Estimate(value=2)),
        ("met", "not met"),
        ("one", "another"),
        ([1], [2]),
        (None, 2.5),
    ],
)
def test_the_words_of_a_difference_differ(said, now):
    first, second = pair_words(said, now)
    assert first != second
    assert "another" not in (first, second)
