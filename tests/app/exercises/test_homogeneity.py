import pytest

from ui.exercises.homogeneity import HOMOGENEITY


@pytest.fixture(scope="module")
def lesson():
    return HOMOGENEITY.make()


def test_the_third_group_gives_its_condition_away(lesson):
    # Figure 2 of Machanavajjhala et al.: all four people of the third class have cancer.
    assert lesson.answer == 1
    assert lesson.answer in lesson.choices
    assert "all 4 people of the group have the same condition, cancer" in lesson.finding


def test_before_the_prediction_only_the_sizes_of_groups_are_shown(lesson):
    assert lesson.shown.rows == (
        ("130**", "<30", "*", "4"),
        ("1485*", ">=40", "*", "4"),
        ("130**", "3*", "*", "4"),
    )
    told = " ".join((lesson.scene, lesson.question, str(lesson.shown), lesson.label))
    assert "cancer" not in told.lower()


def test_the_map_is_the_table_of_the_paper(lesson):
    assert lesson.chart.rows()[1:] == [
        ("Cancer", "0", "1", "4"),
        ("Heart disease", "2", "1", "0"),
        ("Viral infection", "2", "2", "0"),
    ]
    assert "33.3 % of all inpatients" in lesson.chart.note


def test_with_variety_a_guess_is_right_in_half_of_all_cases(lesson):
    # Below 40 there are eight people: four with cancer, two and two with the others.
    assert "at least 3 different conditions" in lesson.protects
    assert "a chance of 1 in 2 (50.0 %)" in lesson.protects
