import pytest

from ui.exercises import EXERCISES
from ui.learning import Learning
from ui.widgets.text import long_md

EACH = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


@pytest.fixture(scope="module")
def lessons():
    return {exercise.id: exercise.make() for exercise in EXERCISES}


def said(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption))


def opened(at, exercise):
    at.session_state["learning"] = Learning(opened=exercise.id)
    return at.run()


def predict(at, exercise):
    if at.radio:
        return at.radio(key=f"predict-{exercise.id}").set_value(1 / 4).run()
    return at.slider(key=f"predict-{exercise.id}").set_value(30).run()


def reveal(at, exercise):
    return predict(at, exercise).button(key="reveal").click().run()


@EACH
def test_the_figure_can_be_revealed_once_it_was_predicted(open_app, lessons, exercise):
    at = opened(open_app("learn"), exercise)
    lesson = lessons[exercise.id]
    assert at.button(key="reveal").disabled
    assert long_md(lesson.finding) not in said(at)
    assert not at.get("plotly_chart")
    assert not at.metric
    predict(at, exercise)
    assert not at.button(key="reveal").disabled
    at.button(key="reveal").click().run()
    assert not at.exception
    assert [metric.label for metric in at.metric] == ["Your prediction", "Measured"]
    assert at.metric[1].value == lesson.text(lesson.answer)
    assert at.metric[0].value == lesson.text(1 / 4 if lesson.choices else 0.3)
    for part in (lesson.finding, lesson.why, lesson.protects, lesson.try_it, lesson.chart.title):
        assert long_md(part) in said(at)
    assert len(at.get("plotly_chart")) == 1
    assert not at.slider
    assert not at.radio


def test_what_was_predicted_is_shown_beside_what_is_measured(open_app):
    at = reveal(open_app("learn"), EXERCISES[0])
    assert (at.metric[0].value, at.metric[1].value) == ("30 %", "51.9 %")
    assert "22 percentage points more than you predicted" in said(at)


def test_a_prediction_of_nobody_counts_once_it_was_made(open_app):
    at = open_app("learn")
    predict(at, EXERCISES[0])
    at.slider(key="predict-linkage").set_value(0).run()
    assert not at.button(key="reveal").disabled


def test_all_five_can_be_done_one_after_the_other(open_app):
    at = open_app("learn")
    for number, exercise in enumerate(EXERCISES):
        assert f"{number} of 5 done" in said(at)
        assert at.subheader[0].value == f"{number + 1} {exercise.title}"
        reveal(at, exercise)
        if exercise is not EXERCISES[-1]:
            at.button(key="next").click().run()
    assert "5 of 5 done" in said(at)
    assert "next" not in [button.key for button in at.button]
    assert not at.exception


def test_what_was_done_survives_another_page(open_app, turn_to):
    at = reveal(open_app("learn"), EXERCISES[0])
    at.button(key="next").click().run()
    predict(at, EXERCISES[1])
    turn_to(at, "data")
    turn_to(at, "learn")
    assert at.subheader[0].value.startswith("2 ")
    assert "1 of 5 done" in said(at)
    assert at.radio(key="predict-homogeneity").value == 1 / 4
    assert not at.button(key="reveal").disabled


def test_start_over_forgets_everything_that_was_predicted(open_app):
    at = open_app("learn")
    assert "start-over" not in [button.key for button in at.button]
    reveal(at, EXERCISES[0]).button(key="start-over").click().run()
    assert "0 of 5 done" in said(at)
    assert at.slider(key="predict-linkage").value == 0
    assert at.button(key="reveal").disabled
    assert at.session_state["learning"] == Learning()


def test_one_exercise_can_be_predicted_again(open_app):
    at = reveal(open_app("learn"), EXERCISES[0])
    at.button(key="again").click().run()
    assert "0 of 5 done" in said(at)
    assert at.slider(key="predict-linkage").value == 0


def test_the_data_of_the_tab_is_not_touched(open_app, inpatients):
    at = open_app("learn", inpatients)
    reveal(at, EXERCISES[0])
    at.button(key="next").click().run()
    reveal(at, EXERCISES[1])
    assert at.session_state["session"] is inpatients
    assert "In memory: inpatients.csv, 12 rows" in said(at)


@EACH
def test_headings_come_in_order_and_one_button_leads(open_app, exercise):
    at = opened(open_app("learn"), exercise)
    assert [b.key for b in at.button if b.proto.type == "primary"] == ["reveal"]
    reveal(at, exercise)
    assert [heading.tag for heading in (*at.header, *at.subheader)] == ["h2", "h3"]
    smaller = [m.value for m in at.markdown if m.value.startswith("#")]
    assert smaller == ["#### Why it is so", "#### What protects", "#### Try it in the app"]
    assert [b.key for b in at.button if b.proto.type == "primary"] == ["next"]


@EACH
def test_nothing_of_a_lesson_acts_on_the_page(open_app, hostile_parts, exercise):
    at = reveal(opened(open_app("learn"), exercise), exercise)
    assert not hostile_parts(at)
