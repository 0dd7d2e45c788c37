"""One exercise: the scene, a prediction, and what is measured."""

from __future__ import annotations

from html import escape

import streamlit as st

from ui import learning
from ui.exercises import EXERCISES, Exercise, Lesson, Table
from ui.learning import Learning
from ui.widgets.chart import draw
from ui.widgets.text import long_md, md, plain

_CELL = "padding:4px 18px 4px 0;text-align:left;vertical-align:top"


def show(exercise: Exercise, lesson: Lesson, state: Learning) -> None:
    """Show an exercise up to what has been revealed of it."""
    number = EXERCISES.index(exercise) + 1
    st.subheader(f"{number} {md(exercise.title)}")
    st.markdown(long_md(lesson.scene))
    if lesson.shown is not None:
        _table(lesson.shown)
    st.markdown(f"**{long_md(lesson.question)}**")
    if exercise.id in state.revealed:
        _revealed(exercise, lesson, state)
        return
    _prediction(exercise, lesson, state)
    predicted = exercise.id in state.predicted
    if not predicted:
        st.caption("Predict first, then the figure can be revealed. Nobody sees or grades it.")
    st.button(
        "Reveal what is measured",
        type="primary",
        disabled=not predicted,
        key="reveal",
        on_click=_reveal,
        args=(exercise.id,),
    )


def _prediction(exercise: Exercise, lesson: Lesson, state: Learning) -> None:
    """Take the prediction; it is kept in the state, since a widget forgets when it is left."""
    key = f"predict-{exercise.id}"
    predicted = state.predicted.get(exercise.id)
    if lesson.choices:
        st.session_state[key] = predicted
        st.radio(
            md(lesson.label),
            lesson.choices,
            format_func=lambda share: md(lesson.text(share)),
            key=key,
            on_change=_predict,
            args=(exercise.id, key, 1),
        )
        return
    st.session_state[key] = round(100 * (predicted or 0.0))
    st.slider(
        md(lesson.label),
        0,
        100,
        step=1,
        key=key,
        on_change=_predict,
        args=(exercise.id, key, 100),
    )


def _revealed(exercise: Exercise, lesson: Lesson, state: Learning) -> None:
    predicted = state.predicted[exercise.id]
    yours, measured = st.columns(2)
    yours.metric("Your prediction", lesson.text(predicted), border=True)
    measured.metric("Measured", lesson.text(lesson.answer), border=True)
    st.markdown(f"{long_md(lesson.finding)} {long_md(lesson.compare(predicted))}")
    draw(lesson.chart, key="learn")
    if lesson.table is not None:
        _table(lesson.table)
    for heading, text in (
        ("Why it is so", lesson.why),
        ("What protects", lesson.protects),
        ("Try it in the app", lesson.try_it),
    ):
        st.markdown(f"#### {heading}")
        st.markdown(long_md(text))
    st.page_link("pages/data.py", label="Go to Data")
    following = state.following
    with st.container(horizontal=True):
        if following is not None:
            st.button(
                "Next exercise", type="primary", key="next", on_click=_open, args=(following,)
            )
        st.button("Predict this one again", key="again", on_click=_again, args=(exercise.id,))


def _table(table: Table) -> None:
    head = "".join(f'<th style="{_CELL}" scope="col">{escape(plain(n))}</th>' for n in table.head)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{_CELL}">{escape(plain(value))}</td>' for value in row)
        + "</tr>"
        for row in table.rows
    )
    title = escape(plain(table.title))
    st.html(
        f'<p style="margin:4px 0">{title}</p>'
        f'<div tabindex="0" role="region" aria-label="{title}" style="overflow-x:auto">'
        f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _predict(exercise: str, key: str, scale: int) -> None:
    value = st.session_state[key]
    if value is not None:
        learning.put(learning.current().predicting(exercise, value / scale))


def _reveal(exercise: str) -> None:
    learning.put(learning.current().revealing(exercise))


def _again(exercise: str) -> None:
    learning.put(learning.current().again(exercise))


def _open(exercise: str) -> None:
    learning.put(learning.current().opening(exercise))
