"""Steps with declared parameters: added, changed and put in another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import streamlit as st

import transforms.steps
from microdata.errors import PrivacyToolError
from transforms.parameters import DeclaredStep
from transforms.recipe import Recipe
from transforms.step import Step
from transforms.steps.suppress_records import SuppressRecords
from ui import compute, recipes, state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.parameter_controls import controls, lacking
from ui.widgets.upload import announce, announced

PLACE = "step-form"
_CHANGED = "step-to-change"


def declared_steps() -> tuple[type[DeclaredStep], ...]:
    """Return the kinds of steps that the form adds: those without controls of their own."""
    return tuple(
        step
        for step in transforms.steps.STEPS
        if issubclass(step, DeclaredStep) and step.name not in recipes.ORDER
    )


def step_form(session: Session) -> None:
    """Let the user add a step, or change the one that was chosen in the recipe."""
    st.subheader("More ways to change values")
    announced(PLACE)
    found = _step_to_change(session)
    if found is not None:
        _change(session, *found)
    else:
        _add(session)


def with_added(recipe: Recipe, step: Step) -> Recipe:
    """Return the recipe with one more step, before groups are left out, which comes last."""
    names = [held.name for held in recipe.steps]
    place = names.index(SuppressRecords.name) if SuppressRecords.name in names else len(names)
    steps = (*recipe.steps[:place], step, *recipe.steps[place:])
    return replace(recipe, steps=steps)


def with_moved(recipe: Recipe, position: int, by: int) -> Recipe:
    """Return the recipe with a step exchanged for its neighbour before (-1) or after it (+1)."""
    steps = list(recipe.steps)
    steps[position], steps[position + by] = steps[position + by], steps[position]
    return replace(recipe, steps=tuple(steps))


def can_move(recipe: Recipe, position: int, by: int) -> bool:
    """Return whether there is a neighbour to exchange a step for; groups are left out last."""
    to = position + by
    return 0 <= to < len(recipe.steps) and recipe.steps[to].name != SuppressRecords.name


def put_if_it_applies(session: Session, recipe: Recipe, said: str) -> None:
    """Put a recipe in force only after it was applied; otherwise say why not."""
    with guard():
        after = session.with_recipe(recipe)
        with st.spinner("Applying…"):
            compute.release(after)
        state.put(after)
        announce(PLACE, said)
        st.session_state.pop(_CHANGED, None)
        st.rerun()


def change_buttons(session: Session, position: int) -> int:
    """Show what can be done to a step that the form added; return by how much it is to move."""
    if not isinstance(session.recipe.steps[position], DeclaredStep):
        return 0
    moved = 0
    if st.button("Change", key=f"step-change-{position}"):
        st.session_state[_CHANGED] = (session.recipe.digest, position)
    for word, by in (("Earlier", -1), ("Later", 1)):
        if st.button(
            word,
            key=f"step-{word.lower()}-{position}",
            disabled=not can_move(session.recipe, position, by),
        ):
            moved = by
    return moved


def move(session: Session, position: int, by: int) -> None:
    """Exchange a step for its neighbour, if the recipe still applies then."""
    moved = with_moved(session.recipe, position, by)
    put_if_it_applies(session, moved, "The order of the steps is changed.")


def _step_to_change(session: Session) -> tuple[int, DeclaredStep] | None:
    """Return the step that is being changed, as long as the recipe is still the same."""
    digest, position = st.session_state.get(_CHANGED, ("", 0))
    if digest != session.recipe.digest:
        return None
    step = session.recipe.steps[position]
    return (position, step) if isinstance(step, DeclaredStep) else None


def _add(session: Session) -> None:
    kinds = declared_steps()
    if not kinds:
        return
    key = f"{state.generation()}-{session.recipe.digest[:12]}"
    kind = st.selectbox(
        "Step to add",
        kinds,
        index=None,
        format_func=lambda step: step.title,
        placeholder="Choose what to do",
        key=f"step-kind-{key}",
    )
    if kind is None:
        return
    values = controls(session, kind, {}, key=f"{key}-{kind.name}")
    if st.button("Add this step", key="add-step"):
        with guard():
            step = made(kind, values)
            put_if_it_applies(session, with_added(session.recipe, step), "The step is added.")


def _change(session: Session, position: int, step: DeclaredStep) -> None:
    kind = type(step)
    held = {parameter.name: getattr(step, parameter.name) for parameter in kind.parameters}
    with st.container(border=True):
        st.markdown(f"**Change step {position + 1}: {kind.title}**")
        key = f"{state.generation()}-{session.recipe.digest[:12]}-{position}-change"
        values = controls(session, kind, held, key=key)
        with st.container(horizontal=True, gap="small"):
            saved = st.button("Save the change", key="save-step")
            left = st.button("Leave it as it is", key="leave-step")
    if left:
        st.session_state.pop(_CHANGED, None)
        st.rerun()
    if saved:
        with guard():
            changed = session.recipe.replace_step(position, made(kind, values))
            put_if_it_applies(session, changed, f"Step {position + 1} is changed.")


def made(kind: type[DeclaredStep], values: Mapping[str, Any]) -> Step:
    """
    Build a step from what its controls hold.

    Raises
    ------
    PrivacyToolError
        Something that must be given is not, or does not fit.
    """
    missing = lacking(kind, values)
    if missing:
        raise PrivacyToolError(f"Fill in first: {'; '.join(missing)}.")
    return cast("Step", kind(**values))
