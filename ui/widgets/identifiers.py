"""Columns that name people, and other columns to leave out."""

from __future__ import annotations

import streamlit as st

from microdata.roles import Role
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.pseudonymize import Pseudonymize
from ui import recipes, state
from ui.state import Session
from ui.widgets.text import md, plain

KEEP, DROP, PSEUDONYM = "keep in clear", "leave out", "replace by pseudonyms"


def identifiers_section(session: Session) -> None:
    """Show what happens to each column that names people, and which others are left out."""
    roles = session.roles
    named = [*roles.direct_identifiers, *([roles.person] if roles.person else [])]
    others = [
        name
        for name in session.require_dataset().column_names
        if name not in named and roles.role_of(name) is not Role.WEIGHT
    ]
    if named:
        st.subheader("Columns that name people")
    dropped = recipes.columns(session.recipe, DropColumn.name)
    hidden = recipes.columns(session.recipe, Pseudonymize.name)
    for column in named:
        key = f"identifier {column}"
        st.session_state[key] = (
            DROP if column in dropped else PSEUDONYM if column in hidden else KEEP
        )
        st.selectbox(
            md(column),
            [KEEP, DROP, PSEUDONYM],
            key=key,
            on_change=_identifier_changed,
            args=(column, key),
        )
    st.session_state["dropped"] = [name for name in dropped if name in others]
    st.multiselect(
        "Other columns to leave out",
        others,
        format_func=plain,
        key="dropped",
        on_change=_dropped_changed,
        args=(tuple(named),),
    )


def _identifier_changed(column: str, key: str) -> None:
    def make(recipe: Recipe) -> Recipe:
        choice = st.session_state[key]
        dropped = [c for c in recipes.columns(recipe, DropColumn.name) if c != column]
        hidden = [c for c in recipes.columns(recipe, Pseudonymize.name) if c != column]
        dropped += [column] if choice == DROP else []
        hidden += [column] if choice == PSEUDONYM else []
        return recipes.with_pseudonyms(recipes.with_dropped(recipe, dropped), hidden)

    state.change(make)


def _dropped_changed(named: tuple[str, ...]) -> None:
    def make(recipe: Recipe) -> Recipe:
        chosen = list(st.session_state["dropped"])
        kept = [c for c in recipes.columns(recipe, DropColumn.name) if c in named]
        held = recipes.levels(recipe)
        levels = {c: v for c, v in held.items() if c not in chosen}
        if levels != held:
            recipe = recipes.with_levels(recipe, levels)
        return recipes.with_dropped(recipe, [*kept, *chosen])

    state.change(make)
