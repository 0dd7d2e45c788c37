"""The recipe step by step, with what can be done to each of them."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.state import Session
from ui.widgets.step_form import change_buttons, move
from ui.widgets.text import long_md


def recipe_section(session: Session) -> None:
    """Show the steps in their order; those that the form added can be changed and moved."""
    st.subheader("The recipe")
    if not session.recipe.steps:
        st.caption("Nothing is changed yet: the table is as it was uploaded.")
    for number, sentence in enumerate(session.recipe.describe()):
        st.markdown(f"{number + 1}\\. {long_md(sentence)}")
        with st.container(horizontal=True, gap="small"):
            by = change_buttons(session, number)
            st.button(
                "Remove",
                key=f"remove-{number}",
                on_click=state.change,
                args=(lambda recipe, number=number: recipe.without_step(number),),
            )
        if by:
            move(session, number, by)
