"""Learn: predict a figure of a demo table, then see what is measured."""

from __future__ import annotations

import streamlit as st

from ui import compute, learning
from ui.exercises import EXERCISES
from ui.widgets.exercise import show
from ui.widgets.text import md

_BY_ID = {exercise.id: exercise for exercise in EXERCISES}


def main() -> None:
    """Show the page."""
    st.header("Learn")
    st.markdown(
        "Five short exercises on made-up tables, a few minutes each. Predict first, then see what "
        "is measured. No person in them is real, and your own table is not touched."
    )
    state = learning.current()
    # The choice is kept in the state, since a widget forgets its value when its page is left.
    st.session_state["exercise"] = state.opened
    st.segmented_control(
        "Which exercise?",
        list(_BY_ID),
        format_func=lambda name: _title(name, done=name in state.revealed),
        required=True,
        key="exercise",
        on_change=_choose,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{state.done} of {len(EXERCISES)} done**", width="content")
        if state.predicted:
            st.button("Start over", type="tertiary", key="start-over", on_click=_start_over)
    exercise = _BY_ID[state.opened]
    with st.spinner("Measuring the demo table …"):
        lesson = compute.lesson(exercise)
    show(exercise, lesson, state)


def _title(name: str, *, done: bool) -> str:
    number = list(_BY_ID).index(name) + 1
    title = f"{number} {md(_BY_ID[name].title)}"
    return f"✓ {title}" if done else title


def _choose() -> None:
    chosen = st.session_state["exercise"]
    learning.put(learning.current().opening(chosen))


def _start_over() -> None:
    learning.put(learning.Learning())


main()
