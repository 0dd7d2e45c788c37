from dataclasses import dataclass
from typing import ClassVar

import pytest

import transforms.steps
from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from transforms.parameters import REQUIRED, DeclaredStep, Parameter
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.suppress_cells import SuppressCells
from transforms.steps.suppress_records import SuppressRecords
from ui.widgets.step_form import can_move, declared_steps, made, with_added, with_moved

REAL = transforms.steps.STEPS
GROUPS = SuppressRecords(require=("k-anonymity=2",))


@dataclass(frozen=True, kw_only=True)
class Everything(DeclaredStep):
    """A step with a parameter of every kind."""

    name: ClassVar[str] = "everything"
    title: ClassVar[str] = "Do everything"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="which",
            title="Columns of numbers",
            kind="columns",
            default=REQUIRED,
            column_kinds=(ColumnKind.INTEGER,),
        ),
        Parameter(name="within", title="Within", kind="column"),
        Parameter(name="size", title="Size", kind="whole", default=3, low=2, high=9),
        Parameter(name="share", title="Share", kind="number", low=0, high=1),
        Parameter(name="way", title="Way", kind="choice", default="a", choices=("a", "b")),
        Parameter(name="sign", title="Sign", kind="text", default="*"),
        Parameter(name="loud", title="Loud", kind="flag", default=False),
        Parameter(name="weights", title="Weight", kind="by_column", default=(), low=0),
    )
    which: tuple[str, ...]
    within: str | None = None
    size: int = 3
    share: float | None = None
    way: str = "a"
    sign: str = "*"
    loud: bool = False
    weights: tuple[tuple[str, float], ...] = ()

    def describe(self):
        return f"Do everything to {len(self.which)} columns with size {self.size}."

    def apply(self, release, _context):
        if self.loud:
            raise PrivacyToolError("The step cannot be loud here. Be quiet.")
        return release


@dataclass(frozen=True, kw_only=True)
class Weigh(DeclaredStep):
    """A step whose numbers name their columns themselves."""

    name: ClassVar[str] = "weigh"
    title: ClassVar[str] = "Weigh"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="weights", title="Weight", kind="by_column", default=REQUIRED),
    )
    weights: tuple[tuple[str, float], ...]

    def describe(self):
        return "Weigh."

    def apply(self, release, _context):
        return release


@pytest.fixture(autouse=True)
def _steps(monkeypatch):
    monkeypatch.setattr(transforms.steps, "STEPS", (SuppressRecords, DropColumn, Everything, Weigh))


def page():
    from ui import state
    from ui.widgets.recipe_list import recipe_section
    from ui.widgets.step_form import step_form

    recipe_section(state.current())
    step_form(state.current())


def recipe_of(at):
    return at.session_state["session"].recipe


def named(elements, label):
    return next(element for element in elements if element.label == label)


@pytest.fixture
def at(show, inpatients):
    return show(page, inpatients.with_recipe(Recipe(steps=(GROUPS,))))


def choose(at, kind):
    named(at.selectbox, "Step to add").set_value(kind).run()


def test_only_steps_without_controls_of_their_own_are_added():
    assert declared_steps() == (Everything, Weigh)


def test_a_step_is_added_before_groups_are_left_out(at):
    choose(at, Everything)
    named(at.multiselect, "Columns of numbers").set_value(["age"]).run()
    named(at.selectbox, "Within").set_value("zip").run()
    named(at.number_input, "Size").set_value(5).run()
    named(at.number_input, "Share").set_value(0.25).run()
    named(at.selectbox, "Way").set_value("b").run()
    named(at.text_input, "Sign").set_value("x").run()
    named(at.number_input, "Weight: age").set_value(2).run()
    at.button(key="add-step").click().run()
    assert not at.exception
    assert not at.error
    assert recipe_of(at).steps == (
        Everything(
            which=("age",),
            within="zip",
            size=5,
            share=0.25,
            way="b",
            sign="x",
            weights=(("age", 2.0),),
        ),
        GROUPS,
    )
    # The form is empty again.
    assert named(at.selectbox, "Step to add").value is None


def test_what_was_not_touched_has_its_default(at):
    choose(at, Everything)
    assert named(at.multiselect, "Columns of numbers").options == ["age"]
    named(at.multiselect, "Columns of numbers").set_value(["age"]).run()
    at.button(key="add-step").click().run()
    assert recipe_of(at).steps[0] == Everything(which=("age",))


def test_what_must_be_given_is_asked_for(at):
    choose(at, Everything)
    named(at.number_input, "Size").set_value(None).run()
    at.button(key="add-step").click().run()
    assert any("Columns of numbers; Size" in error.value for error in at.error)
    assert recipe_of(at).steps == (GROUPS,)
    choose(at, Weigh)
    at.button(key="add-step").click().run()
    assert any("Fill in first: Weight" in error.value for error in at.error)


def test_numbers_for_columns_of_their_own_choice(at):
    choose(at, Weigh)
    named(at.multiselect, "Weight").set_value(["zip", "age"]).run()
    named(at.number_input, "Weight: zip").set_value(1.5).run()
    at.button(key="add-step").click().run()
    assert recipe_of(at).steps[0] == Weigh(weights=(("zip", 1.5),))


def test_a_step_that_cannot_be_applied_is_told_and_not_put_in_force(at):
    choose(at, Everything)
    named(at.multiselect, "Columns of numbers").set_value(["age"]).run()
    named(at.checkbox, "Loud").set_value(True).run()
    at.button(key="add-step").click().run()
    assert not at.exception
    assert any("Be quiet" in error.value for error in at.error)
    assert recipe_of(at).steps == (GROUPS,)


def test_a_step_is_changed_from_what_it_is(show, inpatients):
    held = Everything(
        which=("age",), within="zip", size=4, share=0.5, loud=False, weights=(("age", 1.0),)
    )
    at = show(page, inpatients.with_recipe(Recipe(steps=(held, GROUPS))))
    at.button(key="step-change-0").click().run()
    assert named(at.multiselect, "Columns of numbers").value == ["age"]
    assert named(at.selectbox, "Within").value == "zip"
    assert named(at.number_input, "Size").value == 4
    assert named(at.number_input, "Weight: age").value == 1.0
    named(at.number_input, "Size").set_value(6).run()
    named(at.number_input, "Share").set_value(None).run()
    named(at.selectbox, "Within").select_index(0).run()  # none
    at.button(key="save-step").click().run()
    assert not at.error
    after = Everything(which=("age",), size=6, weights=(("age", 1.0),))
    assert recipe_of(at).steps == (after, GROUPS)
    assert named(at.selectbox, "Step to add").value is None


def test_columns_that_follow_others_have_a_list_each(show, inpatients, monkeypatch):
    monkeypatch.setattr(transforms.steps, "STEPS", (SuppressRecords, DropColumn, SuppressCells))
    held = SuppressCells(k=2, linked=(("zip", ("age",)),))
    at = show(page, inpatients.with_recipe(Recipe(steps=(held,))))
    at.button(key="step-change-0").click().run()
    at.number_input[0].set_value(3).run()
    at.button(key="save-step").click().run()
    assert not at.error
    assert recipe_of(at).steps == (SuppressCells(k=3, linked=(("zip", ("age",)),)),)
    at.button(key="step-change-0").click().run()
    named(at.multiselect, "Which columns follow another?").set_value(["zip", "age"]).run()
    at.button(key="save-step").click().run()
    assert "at least one other column" in at.error[0].value
    named(at.multiselect, "Emptied with age").set_value(["condition"]).run()
    at.button(key="save-step").click().run()
    assert not at.error
    linked = (("zip", ("age",)), ("age", ("condition",)))
    assert recipe_of(at).steps == (SuppressCells(k=3, linked=linked),)


def test_without_such_steps_there_is_nothing_to_add(show, inpatients, monkeypatch):
    monkeypatch.setattr(transforms.steps, "STEPS", (SuppressRecords, DropColumn))
    at = show(page, inpatients)
    assert not at.exception
    assert not at.selectbox


def test_a_change_ends_when_the_recipe_is_another(show, inpatients):
    recipe = Recipe(steps=(Everything(which=("age",)),))
    at = show(page, inpatients.with_recipe(recipe))
    at.button(key="step-change-0").click().run()
    at.session_state["session"] = inpatients.with_recipe(Recipe(steps=(GROUPS,)))
    at.run()
    assert not at.exception
    assert "save-step" not in [button.key for button in at.button]


def test_a_change_can_be_left(show, inpatients):
    recipe = Recipe(steps=(Everything(which=("age",)),))
    at = show(page, inpatients.with_recipe(recipe))
    at.button(key="step-change-0").click().run()
    at.button(key="leave-step").click().run()
    assert recipe_of(at) == recipe
    assert "save-step" not in [button.key for button in at.button]


def test_a_column_that_was_dropped_meanwhile_is_still_shown(show, inpatients):
    recipe = Recipe(steps=(DropColumn(columns=("age",)), Everything(which=("age",))))
    at = show(page, inpatients.with_recipe(recipe))
    at.button(key="step-change-1").click().run()
    assert named(at.multiselect, "Columns of numbers").value == ["age"]
    at.button(key="leave-step").click().run()
    choose(at, Everything)
    assert named(at.multiselect, "Columns of numbers").options == []


def test_steps_are_moved_and_groups_are_left_out_last(show, inpatients):
    first, second = Everything(which=("age",)), Weigh(weights=(("zip", 1.0),))
    at = show(page, inpatients.with_recipe(Recipe(steps=(first, second, GROUPS))))
    assert at.button(key="step-earlier-0").disabled
    assert at.button(key="step-later-1").disabled
    at.button(key="step-later-0").click().run()
    assert recipe_of(at).steps == (second, first, GROUPS)
    at.button(key="step-earlier-1").click().run()
    assert recipe_of(at).steps == (first, second, GROUPS)


def test_where_steps_go():
    a, b = Everything(which=("age",)), Weigh(weights=())
    assert with_added(Recipe(), a).steps == (a,)
    assert with_added(Recipe(steps=(b, GROUPS)), a).steps == (b, a, GROUPS)
    assert with_moved(Recipe(steps=(a, b)), 1, -1).steps == (b, a)
    assert [can_move(Recipe(steps=(a, b)), 0, by) for by in (-1, 1)] == [False, True]
    assert not can_move(Recipe(steps=(a, GROUPS)), 0, 1)


def test_a_step_is_made_of_its_values():
    with pytest.raises(PrivacyToolError, match="Weight"):
        made(Weigh, {"weights": ()})
    assert made(Weigh, {"weights": (("zip", 1),)}) == Weigh(weights=(("zip", 1.0),))


def test_every_step_of_the_program_has_a_form(show, hospital, monkeypatch):
    monkeypatch.setattr(transforms.steps, "STEPS", REAL)
    at = show(page, hospital)
    for kind in declared_steps():
        named(at.selectbox, "Step to add").set_value(kind).run()
        assert not at.exception, kind.name
        labels = " ".join(element.label for element in (*at.selectbox, *at.multiselect))
        labels += " ".join(element.label for element in (*at.number_input, *at.text_input))
        labels += " ".join(element.label for element in at.checkbox)
        assert all(parameter.title in labels for parameter in kind.parameters), kind.name


def test_hostile_columns_do_nothing(show, hostile, hostile_parts):
    names = hostile.dataset.column_names
    recipe = Recipe(steps=(Weigh(weights=tuple((name, 1.0) for name in names)),))
    at = show(page, hostile.with_recipe(recipe))
    assert not hostile_parts(at)
    at.button(key="step-change-0").click().run()
    assert not at.exception
    assert len(at.number_input) == len(names)
    assert not hostile_parts(at)
