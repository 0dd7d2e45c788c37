from collections import Counter, defaultdict

import pytest

from ui.exercises.composition import COMPOSITION, people_by_band


@pytest.fixture(scope="module")
def lesson():
    return COMPOSITION.make()


def sizes(rows, *columns):
    counts = Counter(tuple(row[c] for c in columns) for row in rows)
    return Counter({size: size * n for size, n in Counter(counts.values()).items()})


def test_the_answer_is_who_is_alone_by_class_postcode_and_sex(lesson, rows):
    pupils = rows("school")
    both = sizes(pupils, "class", "postcode", "sex")
    assert both[1] == 121
    assert lesson.answer == pytest.approx(121 / 600)
    below = sum(people for size, people in both.items() if size < 5)
    assert f"121 of 600 pupils alone (20.2 %), and {below} (74.2 %) in groups below 5" in (
        lesson.finding
    )


def test_each_release_alone_keeps_the_limit(lesson, rows):
    pupils = rows("school")
    first, second = sizes(pupils, "class"), sizes(pupils, "postcode", "sex")
    assert (min(first), min(second)) == (25, 7)
    assert "25 by class, 7 by postcode and sex, 1 in both" in lesson.chart.note


def test_the_bars_are_what_plain_loops_count(lesson, rows):
    pupils = rows("school")
    keys = (("class",), ("postcode", "sex"), ("class", "postcode", "sex"))
    for series, columns in zip(lesson.chart.series, keys, strict=True):
        held = sizes(pupils, *columns)
        bands = [(1, 1), (2, 4), (5, 9), (10, 24), (25, 600)]
        expected = [sum(n for s, n in held.items() if low <= s <= high) for low, high in bands]
        assert list(series.values) == expected
        assert sum(series.values) == 600


def test_a_band_holds_its_ends():
    assert people_by_band({1: 1, 2: 2, 4: 4, 5: 5, 9: 9, 10: 10, 24: 24, 25: 25}) == (
        1, 6, 14, 34, 25,
    )  # fmt: skip


def test_the_kinds_of_support_in_both_groups_give_some_away(lesson, rows):
    pupils = rows("school")
    first, second = defaultdict(set), defaultdict(set)
    for row in pupils:
        first[row["class"]].add(row["special_needs"])
        second[row["postcode"], row["sex"]].add(row["special_needs"])
    new = 0
    for row in pupils:
        one, other = first[row["class"]], second[row["postcode"], row["sex"]]
        new += len(one & other) == 1 and min(len(one), len(other)) > 1
    assert new == 15
    assert "for 15 pupils only one kind of support" in lesson.why


def test_a_release_derived_from_the_first_adds_nothing(lesson):
    assert "still have groups of at least 25" in lesson.protects
