from collections import Counter, defaultdict

import pytest

from ui.exercises.skewness import LEVELS, RARE, SENSITIVE, SKEWNESS

COLUMNS = ("year_of_birth", "sex", "class", "postcode", "language_at_home")


@pytest.fixture(scope="module")
def lesson():
    return SKEWNESS.make()


@pytest.fixture(scope="module")
def groups(rows, levels):
    """The kinds of support in each group of five or more, by plain loops."""
    tables = {column: levels("school", column) for column in COLUMNS}
    found = defaultdict(Counter)
    for row in rows("school"):
        label = tuple(tables[c][row[c]][LEVELS.get(c, 0)] for c in COLUMNS)
        found[label][row[SENSITIVE]] += 1
    return [held for held in found.values() if held.total() >= 5]


@pytest.fixture(scope="module")
def overall(rows):
    counts = Counter(row[SENSITIVE] for row in rows("school"))
    return {name: n / counts.total() for name, n in counts.items()}


def apart(held, overall):
    return sum(abs(held[name] / held.total() - q) for name, q in overall.items()) / 2


def test_the_answer_is_the_largest_share_of_a_group(lesson, groups, overall):
    worst = max(groups, key=lambda held: held[RARE] / held.total())
    assert (worst[RARE], worst.total()) == (3, 7)
    assert lesson.answer == pytest.approx(3 / 7)
    assert overall[RARE] == pytest.approx(26 / 600)
    assert "3 of the 7 pupils" in lesson.finding
    assert "9.89 times" in lesson.finding


def test_every_group_is_large_enough_and_mixed_as_the_scene_says(lesson, groups):
    assert min(held.total() for held in groups) == 5
    assert min(len(held) for held in groups) == 2
    assert "at least 5" in lesson.scene
    assert "at least 2 different kinds" in lesson.scene


def test_the_distance_is_half_the_sum_of_differences(lesson, groups, overall):
    worst = max(groups, key=lambda held: held[RARE] / held.total())
    assert apart(worst, overall) == pytest.approx(0.5126, abs=1e-4)
    assert "0.513 apart" in lesson.chart.note
    shares = dict(zip(lesson.chart.categories, lesson.chart.series[1].values, strict=True))
    assert shares == pytest.approx({name: worst[name] / 7 for name in overall})


def test_closeness_leaves_out_the_groups_that_are_too_far(lesson, groups, overall):
    close = [held for held in groups if apart(held, overall) <= 0.2]
    fewer = sum(held.total() for held in groups) - sum(held.total() for held in close)
    assert f"{fewer} more pupils" in lesson.protects
    most = max(held[RARE] / held.total() for held in close)
    assert most == pytest.approx(2 / 21)
    assert "at most 9.52 % of a group" in lesson.protects
