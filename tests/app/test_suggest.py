from dataclasses import replace

import pytest

from microdata.roles import Role, Roles
from risk.own_policy import class_size_policy
from risk.policy import PRESETS
from transforms.search import SearchProblem, search
from ui import recipes
from ui.target import asked_models, published_roles


def recipe_of(at):
    return at.session_state["session"].recipe


@pytest.fixture
def page(open_app, inpatients):
    return open_app("reduce", replace(inpatients, policy=class_size_policy(3)))


def test_the_suggestion_is_put_in_force_and_meets_the_policy(page, inpatients):
    page.button(key="suggest").click().run()
    assert not page.exception
    session = page.session_state["session"]
    found = search(
        SearchProblem(roles=session.roles, models=asked_models(session), suppression_limit=0.05),
        session.case().encoded(),
    )
    assert found.levels is not None
    assert recipes.levels(recipe_of(page)) == {c: v for c, v in found.levels.items() if v}
    assert recipes.requirements(recipe_of(page)) == ("k-anonymity=3",)
    assert any("this is proven" in text.value for text in page.caption)
    page.button(key="undo").click().run()
    assert recipe_of(page) == inpatients.recipe
    assert not any("this is proven" in text.value for text in page.caption)


def test_the_share_of_rows_that_may_be_left_out_is_the_user_s(open_app, hospital):
    page = open_app("reduce", hospital)
    page.slider(key="suppression-limit").set_value(10).run()
    page.button(key="suggest").click().run()
    session = page.session_state["session"]
    source = session.case().encoded()

    def best(limit):
        problem = SearchProblem(
            roles=session.roles, models=asked_models(session), suppression_limit=limit
        )
        return search(problem, source).levels

    assert best(0.1) != best(0.0)
    assert recipes.levels(recipe_of(page)) == {c: v for c, v in best(0.1).items() if v}


def test_where_nothing_is_within_reach_the_page_says_what_to_do(open_app, inpatients):
    session = replace(inpatients, policy=class_size_policy(40))
    page = open_app("reduce", session)
    page.button(key="suggest").click().run()
    assert recipe_of(page) == inpatients.recipe
    assert any("Nothing meets this" in text.value for text in page.caption)


def test_other_steps_of_the_recipe_stay(open_app, inpatients):
    first = inpatients.roles.quasi_identifiers[0]
    dropped = inpatients.with_recipe(recipes.with_dropped(inpatients.recipe, (first,)))
    page = open_app("reduce", replace(dropped, policy=class_size_policy(3)))
    page.button(key="suggest").click().run()
    assert not page.exception
    assert recipes.columns(recipe_of(page), "drop_column") == (first,)
    assert first not in recipes.levels(recipe_of(page))
    assert recipes.requirements(recipe_of(page)) == ("k-anonymity=3",)


def test_a_policy_without_a_rule_for_groups_is_searched_with_its_class_size(inpatients):
    session = replace(inpatients, policy=PRESETS["hipaa-safe-harbor"])
    assert [model.text() for model in asked_models(session)] == ["k-anonymity=5"]


def test_a_column_that_is_left_out_identifies_nobody(inpatients):
    first, *others = inpatients.roles.quasi_identifiers
    session = inpatients.with_recipe(recipes.with_dropped(inpatients.recipe, (first,)))
    assert published_roles(session).quasi_identifiers == tuple(others)
    assert published_roles(session).role_of(first) is Role.INSENSITIVE
    assert isinstance(published_roles(inpatients), Roles)
