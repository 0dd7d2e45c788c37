import re

import pytest

from reports.assessment import assess
from reports.headline import headline_rows
from transforms.recipe import Recipe
from ui import recipes


def recipe_of(at):
    return at.session_state["session"].recipe


def tiles(html, at):
    return re.findall(r'class="pv-now">([^<]*)<', html(at))


@pytest.fixture
def page(open_app, inpatients):
    return open_app("reduce", inpatients)


def test_there_is_a_slider_for_each_quasi_identifier_with_a_hierarchy(page, inpatients, sliders):
    assert list(sliders(page).columns) == list(inpatients.roles.quasi_identifiers)
    assert all(len(row["labels"]) > 1 for row in sliders(page).columns.values())


def test_moving_a_slider_changes_the_recipe_and_the_figures(page, html, inpatients, slide):
    before = tiles(html, page)
    for column, level in (("age", 2), ("zip", 2)):
        slide(page, column, level)
    assert recipes.levels(recipe_of(page)) == {"age": 2, "zip": 2}
    assessment = assess(inpatients.with_recipe(recipe_of(page)).case())
    rows = headline_rows(assessment.before, assessment.after, size=5)
    assert tiles(html, page) == [row.now for row in rows]
    assert tiles(html, page) != before
    assert not page.exception


def test_a_slider_put_back_leaves_no_step(page, slide):
    slide(page, "age", 1)
    slide(page, "age", 0)
    assert recipe_of(page) == Recipe()
    assert len(page.session_state["session"].history) == 3


def test_only_levels_that_the_columns_have_are_put_in_force(page, sliders):
    shown = sliders(page)
    shown.told([["age", 99], ["zip", -1], ["nobody", 1]])
    assert recipe_of(page) == Recipe()
    shown.told([["age", 1], ["zip", 0]], version="of another table")
    assert recipe_of(page) == Recipe()
    assert not page.exception
    shown.told([["age", 1], ["zip", 1]])
    assert recipes.levels(recipe_of(page)) == {"age": 1, "zip": 1}
    assert page.session_state["session"].position == 1  # both moves are undone at once


def test_undo_redo_and_start_again(page, slide, sliders):
    assert page.button(key="undo").disabled
    assert page.button(key="redo").disabled
    assert page.button(key="reset").disabled
    slide(page, "age", 1)
    slide(page, "age", 2)
    page.button(key="undo").click().run()
    assert recipes.levels(recipe_of(page)) == {"age": 1}
    assert sliders(page).levels["age"] == 1
    page.button(key="undo").click().run()
    assert recipe_of(page) == Recipe()
    page.button(key="redo").click().run()
    page.button(key="redo").click().run()
    assert recipes.levels(recipe_of(page)) == {"age": 2}
    assert page.button(key="redo").disabled
    page.button(key="reset").click().run()
    assert recipe_of(page) == Recipe()
    page.button(key="undo").click().run()
    assert recipes.levels(recipe_of(page)) == {"age": 2}


def test_the_policy_button_asks_for_its_class_size_and_goes_away(page, html, inpatients):
    page.button(key="as-policy").click().run()
    assert recipes.requirements(recipe_of(page)) == ("k-anonymity=5",)
    assert page.number_input(key="smallest-group").value == 5
    assert "as-policy" not in [button.key for button in page.button]
    left_out = assess(inpatients.with_recipe(recipe_of(page)).case()).after
    assert left_out.value("classes", "suppressed_records") == 12
    assert not page.exception  # nobody is left, and the page still stands


def test_the_smallest_group_is_a_number_of_its_own(page):
    page.number_input(key="smallest-group").set_value(3).run()
    assert recipes.requirements(recipe_of(page)) == ("k-anonymity=3",)
    page.number_input(key="smallest-group").set_value(0).run()
    assert recipe_of(page) == Recipe()


def test_variety_in_a_sensitive_column(page):
    page.number_input(key="smallest-group").set_value(2).run()
    page.number_input(key="l condition").set_value(2).run()
    page.slider(key="t condition").set_value(0.5).run()
    page.selectbox(key="distance condition").set_value("hierarchical").run()
    assert recipes.requirements(recipe_of(page)) == (
        "k-anonymity=2",
        "distinct-l-diversity(condition)=2",
        "t-closeness(condition,hierarchical)=0.5",
    )
    assert page.selectbox(key="distance condition").value == "hierarchical"
    page.number_input(key="l condition").set_value(0).run()
    page.slider(key="t condition").set_value(1.0).run()
    assert recipes.requirements(recipe_of(page)) == ("k-anonymity=2",)
    assert not page.exception


def test_a_distance_can_be_chosen_before_the_limit(page):
    page.selectbox(key="distance condition").set_value("hierarchical").run()
    assert page.selectbox(key="distance condition").value == "hierarchical"
    page.slider(key="t condition").set_value(0.5).run()
    assert recipes.requirements(recipe_of(page)) == ("t-closeness(condition,hierarchical)=0.5",)


def test_people_who_are_counted_more_than_once_are_told_apart_from_people(open_app, hospital):
    at = open_app("reduce", hospital)
    people = hospital.dataset.frame["person_id"].nunique()
    (said,) = [text.value for text in at.caption if "count once" in text.value]
    assert said.startswith(f"In the original: {people:,} people are counted 3,976 times")


def test_nobody_is_said_to_be_counted_more_than_once_where_a_row_is_a_person(page):
    assert not [text.value for text in page.caption if "count once" in text.value]


def test_a_trade_that_is_not_counted_leaves_the_whole_width_to_the_chart(open_app, hospital, page):
    def halves(at):
        return sum(column.proto.weight == 0.5 for column in at.get("column"))

    at = open_app("reduce", hospital)
    assert any("Where one person has several rows" in text.value for text in at.caption)
    assert halves(page) - halves(at) == 2


def test_columns_that_name_people_are_left_out_or_replaced(open_app, hospital):
    at = open_app("reduce", hospital)
    at.selectbox(key="identifier name").set_value("leave out").run()
    at.selectbox(key="identifier email").set_value("replace by pseudonyms").run()
    assert recipes.columns(recipe_of(at), "drop_column") == ("name",)
    assert recipes.columns(recipe_of(at), "pseudonymize") == ("email",)
    at.selectbox(key="identifier email").set_value("leave out").run()
    assert set(recipes.columns(recipe_of(at), "drop_column")) == {"name", "email"}
    assert recipes.columns(recipe_of(at), "pseudonymize") == ()
    at.selectbox(key="identifier name").set_value("keep in clear").run()
    assert recipes.columns(recipe_of(at), "drop_column") == ("email",)
    assert not at.exception


def test_leaving_a_quasi_identifier_out_takes_its_level_away(page, slide, sliders):
    slide(page, "age", 1)
    page.multiselect(key="dropped").set_value(["age"]).run()
    assert recipes.levels(recipe_of(page)) == {}
    assert recipes.columns(recipe_of(page), "drop_column") == ("age",)
    assert "age" not in sliders(page).columns
    assert not page.exception
    page.multiselect(key="dropped").set_value([]).run()
    assert recipe_of(page) == Recipe()


def test_every_quasi_identifier_can_be_left_out(page, inpatients):
    page.multiselect(key="dropped").set_value(list(inpatients.roles.quasi_identifiers)).run()
    assert not page.exception


def test_a_sensitive_column_with_a_requirement_can_be_left_out(page, html):
    page.number_input(key="l condition").set_value(2).run()
    page.multiselect(key="dropped").set_value(["condition"]).run()
    assert not page.exception
    assert recipes.columns(recipe_of(page), "drop_column") == ("condition",)


def test_a_step_can_be_removed(page, slide, sliders):
    slide(page, "age", 1)
    page.number_input(key="smallest-group").set_value(2).run()
    page.button(key="remove-0").click().run()
    assert [step.name for step in recipe_of(page).steps] == ["suppress_records"]
    assert sliders(page).levels["age"] == 0


def test_decisions_are_shown_again_after_another_page(page, turn_to, slide, sliders):
    slide(page, "zip", 1)
    page.number_input(key="smallest-group").set_value(2).run()
    page.number_input(key="l condition").set_value(2).run()
    turn_to(page, "risk")
    turn_to(page, "reduce")
    assert sliders(page).levels["zip"] == 1
    assert page.number_input(key="smallest-group").value == 2
    assert page.number_input(key="l condition").value == 2


def test_a_step_that_does_not_fit_is_told_and_can_be_undone(open_app, inpatients):
    recipe = Recipe.from_json(
        {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 9}}]}
    )
    at = open_app("reduce", inpatients.with_recipe(recipe))
    assert not at.exception
    assert any("age" in element.value for element in at.error)
    at.button(key="undo").click().run()
    assert not at.error


@pytest.mark.parametrize("page_name", ["risk", "report"])
def test_a_step_that_does_not_fit_is_refused_everywhere(open_app, inpatients, page_name):
    recipe = Recipe.from_json(
        {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 9}}]}
    )
    at = open_app(page_name, inpatients.with_recipe(recipe))
    assert len(at.exception) == 1  # the server shows it as its sentence
    assert not at.get("download_button")
