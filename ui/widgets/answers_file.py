"""Answers to a file and back, and those of an assessment made with the software of the CNIL."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from reports.exchange.cnil_import import answers_from_cnil
from reports.questionnaire import BY_KEY, answers_from_bytes, answers_to_bytes
from reports.wording import join_names
from ui import state
from ui.state import Session
from ui.widgets.text import plain
from ui.widgets.upload import announced, receive

PLACE = "answers-file"
CNIL_PLACE = "cnil-file"
MOST_LEFT_TOLD = 12


def answers_file_section(session: Session, stem: str) -> None:
    """Let the user save the answers, load them again, and take over those of another program."""
    for place in (PLACE, CNIL_PLACE):
        announced(place)  # here, where a closed expander does not hide it
    with st.expander("Save the answers, or load them from a file"):
        st.download_button(
            "Save the answers",
            answers_to_bytes(session.answers),
            file_name=f"{stem}-answers.json",
            mime="application/json",
            on_click="ignore",
            disabled=not session.answers,
        )
        receive(
            "Answers that were saved here (JSON)",
            PLACE,
            take_answers,
            types=("json",),
            help_="They take the place of all answers on this page.",
        )
        receive(
            "An assessment from the PIA software of the CNIL (JSON)",
            CNIL_PLACE,
            take_cnil,
            types=("json",),
            help_="What it answers takes the place of the answers here; the others stay.",
        )


def take_answers(raw: bytes, name: str) -> str:
    """Put the answers of a file in the place of all answers."""
    answers = answers_from_bytes(raw)
    state.put(replace(state.current(), answers=answers))
    return f"{plain(name)} was read: {_counted(len(answers))} answered."


def take_cnil(raw: bytes, name: str) -> str:
    """Take over what an assessment of the CNIL's software answers, and say what is left out."""
    imported = answers_from_cnil(raw)
    session = state.current()
    answers = MappingProxyType({**session.answers, **imported.answers})
    state.put(replace(session, answers=answers))
    taken = [BY_KEY[key].name for key in imported.answers if key in BY_KEY]
    told = f"{plain(name)} was read: {_counted(len(taken))} answered from it"
    told += f" ({join_names(taken, most=len(taken))})." if taken else "."
    if imported.left:
        left = " ".join(imported.left[:MOST_LEFT_TOLD])
        rest = len(imported.left) - MOST_LEFT_TOLD
        told += f" Not taken over: {left}" + (f" And {rest} more." if rest > 0 else "")
    return told


def _counted(number: int) -> str:
    return f"{number} question{'' if number == 1 else 's'} {'is' if number == 1 else 'are'}"
