"""Attackers with columns of their own: added, removed, and what each finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from microdata.errors import PrivacyToolError
from reports.narrative import as_sentence, found_words
from reports.scenarios import ScenarioResult
from reports.wording import join_names
from risk.scenario import ATTACKERS, NOT_KNOWN, Scenario, check_names
from ui import state
from ui.state import Session
from ui.widgets.text import long_md, md, plain
from ui.widgets.verdict import verdict_line

_WORDS = {
    "prosecutor": "knows that the person is in the table (prosecutor)",
    "journalist": "does not know who is in the table (journalist)",
}


def scenario_section(session: Session, results: Sequence[ScenarioResult]) -> None:
    """Show what each scenario's attacker finds, and let the user add and remove scenarios."""
    st.markdown(
        "An acquaintance, an employer and a data broker know different columns. Each scenario is "
        "judged by the same policy; the worst one leads."
    )
    for result in results:
        left, right = st.columns([6, 1], vertical_alignment="center")
        with left:
            known = join_names(result.known, most=12)
            verdict_line(
                result.verdict,
                f"{result.name} ({result.attacker}) knows {known}",
                as_sentence(found_words(result)),
            )
        right.button(
            "Remove",
            key=f"scenario-remove-{result.name}",
            on_click=_remove,
            args=(result.name,),
            help=f"Remove the scenario {md(result.name)}",
        )
    _form(session)


def _remove(name: str) -> None:
    session = state.current()
    kept = tuple(scenario for scenario in session.scenarios if scenario.name != name)
    state.put(replace(session, scenarios=kept))


def _form(session: Session) -> None:
    columns = [
        name
        for name in session.require_dataset().column_names
        if session.roles.role_of(name) not in NOT_KNOWN
    ]
    with st.form("scenario", clear_on_submit=True, border=True):
        name = st.text_input("Who is the attacker?", placeholder="Neighbour, employer, data broker")
        known = st.multiselect("What does this attacker know?", columns, format_func=plain)
        attacker = st.radio(
            "The attacker …", ATTACKERS, format_func=lambda kind: _WORDS[kind], horizontal=True
        )
        if not st.form_submit_button("Add this scenario"):
            return
    try:
        added = Scenario(name=name, attacker=attacker, known=tuple(known))
        added.roles(session.roles)
        scenarios = (*session.scenarios, added)
        check_names(scenarios)
    except PrivacyToolError as error:
        st.error(long_md(str(error)))
        return
    state.put(replace(session, scenarios=scenarios))
    st.rerun()
