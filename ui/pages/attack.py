"""Attack: choose who attacks and what they know, press one button, and see who is found."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.widgets.attack_form import attack_form
from ui.widgets.attack_register import register_section
from ui.widgets.attack_results import results_section
from ui.widgets.composition import composition_section
from ui.widgets.gate import missing


def main() -> None:
    """Show the page."""
    st.header("Attack")
    session = state.current()
    if missing(session):
        return
    controls, results = st.columns([1, 2], gap="large")
    with controls:
        attack_form(session)
        register_section(session)
    with results:
        results_section(session)
    composition_section(session)


main()
