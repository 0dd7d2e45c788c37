import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.recipe import Recipe
from transforms.steps.recode_locally import RecodeLocally
from transforms.steps.round_values import RoundValues
from ui import recipes

RECORDS = "suppress_records"

NAMES = st.sampled_from(["a", "b", "c", "d"])
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just(recipes.with_level), NAMES, st.integers(0, 3)),
        st.tuples(st.just(recipes.with_dropped), st.lists(NAMES, unique=True)),
        st.tuples(st.just(recipes.with_pseudonyms), st.lists(NAMES, unique=True)),
        st.tuples(
            st.just(recipes.with_requirements),
            st.lists(st.sampled_from(["k-anonymity=5", "distinct-l-diversity(d)=2"]), unique=True),
        ),
    ),
    max_size=12,
)


@given(MOVES)
def test_each_kind_of_step_stands_once_and_in_order(moves):
    recipe = Recipe()
    for make, *arguments in moves:
        recipe = make(recipe, *arguments)
    names = [step.name for step in recipe.steps]
    assert names == [name for name in recipes.ORDER if name in names]
    assert Recipe.from_json(recipe.to_json()) == recipe


@given(MOVES, NAMES, st.integers(0, 3))
def test_a_level_that_is_set_is_read_back_and_others_stay(moves, column, level):
    recipe = Recipe()
    for make, *arguments in moves:
        recipe = make(recipe, *arguments)
    after = recipes.with_level(recipe, column, level)
    expected = {**recipes.levels(recipe), column: level}
    assert recipes.levels(after) == {name: held for name, held in expected.items() if held}
    assert recipes.requirements(after) == recipes.requirements(recipe)


@pytest.mark.parametrize(
    "undo",
    [
        lambda r: recipes.with_level(recipes.with_level(r, "a", 2), "a", 0),
        lambda r: recipes.with_requirements(recipes.with_requirements(r, ["k-anonymity=5"]), []),
        lambda r: recipes.with_dropped(recipes.with_dropped(r, ["a"]), []),
        lambda r: recipes.with_pseudonyms(recipes.with_pseudonyms(r, ["a"]), []),
    ],
    ids=["level", "requirements", "dropped", "pseudonyms"],
)
def test_a_control_put_back_leaves_no_step(undo):
    assert undo(Recipe()) == Recipe()


def test_leaving_groups_out_comes_last_whatever_was_there_before():
    recipe = recipes.with_level(Recipe(), "a", 1).with_step(RoundValues(columns=("b",), base=10))
    recipe = recipes.with_smallest_group(recipe, 5)
    assert [step.name for step in recipe.steps] == ["generalize", "round_values", RECORDS]
    again = recipes.with_dropped(recipes.with_level(recipe, "a", 2), ["c"])
    names = [step.name for step in again.steps]
    assert (names[0], names[-1]) == ("drop_column", RECORDS)


def test_levels_for_everybody_replace_levels_by_group():
    step = RecodeLocally(rounds=({"a": 1},), require=("k-anonymity=2",))
    assert recipes.with_level(Recipe(steps=(step,)), "a", 0).steps == (step,)
    assert [s.name for s in recipes.with_level(Recipe(steps=(step,)), "a", 1).steps] == [
        "generalize"
    ]


def test_the_smallest_group_is_read_back_and_leaves_other_rules_alone():
    recipe = recipes.with_requirements(Recipe(), ["t-closeness(d,equal)=0.2"])
    recipe = recipes.with_smallest_group(recipe, 7)
    assert recipes.smallest_group(recipe) == 7
    assert [model.text() for model in recipes.models(recipe)] == list(recipes.requirements(recipe))
    assert recipes.requirements(recipes.with_smallest_group(recipe, 0)) == (
        "t-closeness(d,equal)=0.2",
    )


def test_columns_and_requirements_are_read_back():
    recipe = recipes.with_dropped(Recipe(), ["a", "b"])
    recipe = recipes.with_requirements(recipe, ["k-anonymity=5", "t-closeness(d,equal)=0.2"])
    assert recipes.columns(recipe, "drop_column") == ("a", "b")
    assert recipes.requirements(recipe) == ("k-anonymity=5", "t-closeness(d,equal)=0.2")
    assert recipes.columns(recipe, "pseudonymize") == ()
