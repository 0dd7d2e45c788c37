from dataclasses import replace

import pytest

from reports.charts import ChartSpec, Series
from ui.exercises import EXERCISES, Lesson, Table

CHART = ChartSpec(
    id="c",
    kind="columns",
    title="t",
    categories=("a",),
    series=(Series(name="s", values=(1.0,), tone="risk"),),
    category_title="x",
    value_title="y",
)
LESSON = Lesson(
    scene="",
    question="",
    label="",
    answer=0.5186,
    finding="",
    chart=CHART,
    why="",
    protects="",
    try_it="",
)


@pytest.mark.parametrize(
    ("predicted", "said"),
    [
        (0.3, "That is 22 percentage points more than you predicted."),
        (0.51, "That is 1 percentage point more than you predicted."),
        (0.52, "That is what you predicted."),
        (0.9, "That is 38 percentage points less than you predicted."),
    ],
)
def test_the_distance_to_the_prediction_is_told_without_a_judgement(predicted, said):
    assert LESSON.compare(predicted) == said


def test_a_choice_is_compared_by_its_words():
    lesson = replace(LESSON, choices=(0.25, 1.0), answer=1.0)
    assert lesson.compare(1.0) == "That is what you predicted."
    assert lesson.compare(0.25) == "You predicted 1 in 4 (25.0 %)."


def test_a_prediction_is_printed_as_a_whole_number_and_a_figure_in_three_digits():
    assert LESSON.text(0.3) == "30 %"
    assert LESSON.text(0.29) == "29 %"
    assert LESSON.text(LESSON.answer) == "51.9 %"
    assert LESSON.text(0.0) == "0 %"


def test_a_row_that_does_not_fit_its_head_is_refused():
    with pytest.raises(ValueError, match="does not match its head"):
        Table(title="t", head=("a", "b"), rows=(("1",),))


def test_the_exercises_have_names_of_their_own():
    assert [exercise.id for exercise in EXERCISES] == [
        "linkage",
        "homogeneity",
        "skewness",
        "composition",
        "trade-off",
    ]
    assert len({exercise.title for exercise in EXERCISES}) == len(EXERCISES)


@pytest.fixture(scope="module", params=EXERCISES, ids=lambda exercise: exercise.id)
def lesson(request):
    return request.param.make()


def test_every_lesson_says_all_its_parts(lesson):
    for part in ("scene", "question", "label", "finding", "why", "protects", "try_it"):
        assert len(getattr(lesson, part)) > 20, part
    assert len(lesson.scene.split(". ")) <= 4
    assert 0 < lesson.answer <= 1
    assert lesson.chart.alt
    assert lesson.chart.note


def test_nothing_that_is_shown_before_gives_the_answer_away(lesson):
    before = " ".join((lesson.scene, lesson.question, lesson.label, str(lesson.shown)))
    assert lesson.text(lesson.answer) not in before
