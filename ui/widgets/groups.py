"""Which groups of look-alikes are left out: too small ones, and those that give secrets away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from reports.headline import policy_size
from risk.models import PrivacyModel
from risk.models.l_diversity import DistinctLDiversity
from risk.models.t_closeness import DISTANCES, TCloseness
from transforms.recipe import Recipe
from ui import recipes, state
from ui.state import Session
from ui.widgets.text import md


def groups_section(session: Session) -> None:
    """Show how small a group may be, and what else every group must meet."""
    st.subheader("Groups that stay too small")
    models = recipes.models(session.recipe)
    k = recipes.smallest_group(session.recipe)
    st.session_state["smallest-group"] = k
    st.number_input(
        "Leave out groups of fewer people than (k; 0 leaves nobody out)",
        min_value=0,
        max_value=1_000_000,
        step=1,
        key="smallest-group",
        on_change=_groups_changed,
    )
    wanted = policy_size(session.policy)
    asks = ", as the policy asks" if session.policy.class_size else ""
    if k != wanted:
        st.button(
            f"Leave out groups below {wanted}{asks}",
            on_click=state.change,
            args=(lambda recipe: recipes.with_smallest_group(recipe, wanted),),
            key="as-policy",
        )
    if session.roles.sensitive:
        with st.expander("Also ask for variety in the sensitive columns"):
            for column in session.roles.sensitive:
                _variety(column, models)


def _groups_changed() -> None:
    state.change(
        lambda recipe: recipes.with_smallest_group(recipe, int(st.session_state["smallest-group"]))
    )


def _variety(column: str, models: Sequence[PrivacyModel]) -> None:
    different = next(
        (m.diversity for m in models if isinstance(m, DistinctLDiversity) and m.column == column), 0
    )
    close = next((m for m in models if isinstance(m, TCloseness) and m.column == column), None)
    st.markdown(f"**{md(column)}**")
    keys = (f"l {column}", f"t {column}", f"distance {column}")
    st.session_state[keys[0]] = int(different)
    st.session_state[keys[1]] = float(close.t) if close else 1.0
    if close:
        st.session_state[keys[2]] = close.distance
    else:
        st.session_state.setdefault(keys[2], "equal")
    st.number_input(
        "Different values in every group, at least (distinct l; 0: not asked)",
        min_value=0,
        max_value=1000,
        step=1,
        key=keys[0],
        on_change=_variety_changed,
        args=(column, keys),
    )
    st.slider(
        "Largest shift of a group's shares (t; 1: not asked)",
        0.0,
        1.0,
        step=0.05,
        key=keys[1],
        on_change=_variety_changed,
        args=(column, keys),
    )
    st.selectbox(
        "Distance between values for t",
        list(DISTANCES),
        key=keys[2],
        on_change=_variety_changed,
        args=(column, keys),
    )


def _variety_changed(column: str, keys: tuple[str, str, str]) -> None:
    state.change(lambda recipe: _with_variety(recipe, column, keys))


def _with_variety(recipe: Recipe, column: str, keys: tuple[str, str, str]) -> Recipe:
    different, close, distance = (st.session_state[key] for key in keys)
    new = []
    if different:
        new.append(DistinctLDiversity(column=column, diversity=int(different)).text())
    if close < 1:
        new.append(TCloseness(column=column, distance=distance, t=float(close)).text())
    asked = zip(recipes.requirements(recipe), recipes.models(recipe), strict=True)
    rest = [text for text, model in asked if model.column != column]
    return recipes.with_requirements(recipe, [*rest, *new])
