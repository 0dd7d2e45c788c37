"""Which rows fail a requirement: positions on screen, in a form that is not downloaded."""

from __future__ import annotations

import math
from html import escape

import streamlit as st

from reports.wording import format_count, format_number, format_share
from risk.failing import MOST_LISTED, Failing, models_of
from ui import compute
from ui.state import Session
from ui.widgets.text import plain

_STYLE = "padding:2px 18px 2px 0;text-align:right;font-variant-numeric:tabular-nums"


def failing_section(session: Session) -> None:
    """Let the user choose a rule of the policy and see which groups and rows fail it."""
    models = [
        model
        for requirement in session.policy.requirements
        for model in models_of(requirement, session.roles.sensitive)
    ]
    if not models:
        st.markdown(
            "The rules of this policy are about the whole table, so no single group fails them."
        )
        return
    place = st.selectbox(
        "Who fails this rule?",
        range(len(models)),
        format_func=lambda i: plain(models[i].describe()),
    )
    found = compute.failing_rows(session, models[place])
    if not found.people:
        st.markdown("No group fails this rule.")
        return
    share = format_share(found.people / found.all_people)
    st.markdown(
        f"{format_count(found.groups)} of {format_count(found.all_groups)} groups fail it, with "
        f"{format_count(found.people)} of {format_count(found.all_people)} people ({share}). "
        "The rows below are told by their position in the original file; they are shown here and "
        "nowhere else: no report and no download holds them."
    )
    st.html(_table(found))
    if found.people > MOST_LISTED:
        st.caption(f"The first {MOST_LISTED} rows, smallest groups first.")


def _table(found: Failing) -> str:
    head = "".join(
        f'<th style="{_STYLE}" scope="col">{escape(text)}</th>'
        for text in ("Row of the file", "People in its group", f"Its group's {found.title}")
    )
    body = "".join(
        f'<tr><td style="{_STYLE}">{row:,}</td><td style="{_STYLE}">{format_count(size)}</td>'
        f'<td style="{_STYLE}">{_number(value)}</td></tr>'
        for row, size, value in zip(
            found.rows.tolist(), found.sizes.tolist(), found.figures.tolist(), strict=True
        )
    )
    return (
        '<div tabindex="0" role="region" aria-label="Failing rows" '
        'style="max-height:320px;overflow:auto"><table style="border-collapse:collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(value: float) -> str:
    return "not computed" if math.isnan(value) else escape(format_number(value))
