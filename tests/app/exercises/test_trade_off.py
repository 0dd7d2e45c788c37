from collections import Counter
from itertools import product

import pytest

from ui.exercises.trade_off import SIZES, TRADE_OFF

COLUMNS = ("year_of_birth", "sex", "class", "postcode", "language_at_home")


@pytest.fixture(scope="module")
def lesson():
    return TRADE_OFF.make()


@pytest.fixture(scope="module")
def kept(rows, levels):
    """The most detail kept for each size of group, by trying every choice of levels."""
    tables = {column: levels("school", column) for column in COLUMNS}
    pupils = [tuple(row[c] for c in COLUMNS) for row in rows("school")]
    heights = [len(next(iter(tables[c].values()))) for c in COLUMNS]
    shares = {
        (c, level, label): count / len(tables[c])
        for c, height in zip(COLUMNS, heights, strict=True)
        for level in range(height)
        for label, count in Counter(row[level] for row in tables[c].values()).items()
    }
    floor = sum(1 / len(tables[c]) for c in COLUMNS) / len(COLUMNS)
    best = dict.fromkeys(SIZES, -1.0)
    for node in product(*map(range, heights)):
        released = [
            tuple(tables[c][v][level] for c, v, level in zip(COLUMNS, pupil, node, strict=True))
            for pupil in pupils
        ]
        groups = Counter(released)
        share = {
            label: sum(
                shares[c, level, text] for c, level, text in zip(COLUMNS, node, label, strict=True)
            )
            / len(COLUMNS)
            for label in groups
        }
        for size in SIZES:
            out = sum(n for n in groups.values() if n < size)
            if out > 0.05 * len(pupils):
                continue
            mean = out + sum(n * share[label] for label, n in groups.items() if n >= size)
            best[size] = max(best[size], 1 - (mean / len(pupils) - floor) / (1 - floor))
    return best


def test_the_best_release_of_each_size_is_found_by_trying_all(lesson, kept):
    (series,) = lesson.chart.series
    assert dict(zip(SIZES, series.values, strict=True)) == pytest.approx(kept)


def test_the_answer_and_the_figure_given_with_the_question(lesson, kept):
    assert lesson.answer == pytest.approx(kept[20])
    assert f"keeps {100 * kept[5]:.1f} %" in lesson.scene
    assert kept[10] == kept[20], "that a stricter rule may cost nothing is what is learnt"


def test_no_larger_group_keeps_more(lesson):
    values = lesson.chart.series[0].values
    assert list(values) == sorted(values, reverse=True)
    assert [row[0] for row in lesson.chart.rows()[1:]] == [str(size) for size in SIZES]
    assert all(int(row[3]) >= int(row[0]) for row in lesson.chart.rows()[1:])
    assert all(int(row[4]) <= 30 for row in lesson.chart.rows()[1:])
