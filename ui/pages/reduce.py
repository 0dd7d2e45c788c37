"""Reduce: make columns coarser, leave groups out, and watch risk and loss move at once."""

from __future__ import annotations

from functools import partial

import streamlit as st

from microdata.encoding import EncodedTable
from microdata.measure import NotComputed
from reports import chart_set
from reports.stage import Stage
from transforms.recipe import Recipe
from ui import compute, state
from ui.state import Session
from ui.widgets.analysis import analysis_section
from ui.widgets.frontier import frontier_section
from ui.widgets.gate import missing
from ui.widgets.groups import groups_section
from ui.widgets.guard import guard
from ui.widgets.identifiers import identifiers_section
from ui.widgets.lattice import lattice_section
from ui.widgets.levels import levels_section
from ui.widgets.live_chart import draw_live
from ui.widgets.recipe_list import recipe_section
from ui.widgets.scoreboard import scoreboard
from ui.widgets.scrubber import scrubber_section
from ui.widgets.step_form import step_form
from ui.widgets.suggest import suggest_section
from ui.widgets.text import long_md, plain
from ui.widgets.verdict import banner, requirement_list
from ui.widgets.versions import compare_two, versions_section

_COUNTED_TWICE = "people-in-several-groups"


def main() -> None:
    """Show the page."""
    st.header("Reduce")
    session = state.current()
    if missing(session):
        return
    if session.elsewhere is not None:
        st.info(
            "A table that was protected elsewhere is being assessed, so there is nothing to "
            "change here. Remove it on the Data page to work on a recipe of your own."
        )
        return
    with st.spinner("Measuring…"):
        source = compute.source(session)
        before = compute.before(session)
    with guard():
        after = compute.after(session)
        verdicts = compute.verdicts(session, after or before)
        banner(after or before, session.policy, verdicts, session.roles.quasi_identifiers)
        scoreboard(before, after, session.policy)
        for finding in before.findings:
            if finding.code == _COUNTED_TWICE:
                st.caption(f"In the original: {long_md(finding.message)}")
    controls, views = st.columns([1, 2], gap="large")
    with views, guard():  # first: what a move changes is seen before the controls are drawn again
        _views(session, source, before)
    sections = (
        partial(_history, session),
        partial(levels_section, session, source),
        partial(suggest_section, session, source),
        partial(groups_section, session),
        partial(identifiers_section, session),
        partial(recipe_section, session),
        partial(step_form, session),
        partial(versions_section, session),
    )
    with controls:
        for section in sections:
            # Each in a place of its own: what grows would make the browser build anew what follows.
            with st.container():
                section()


def _history(session: Session) -> None:
    def move(by: int) -> None:
        state.put(state.current().moved(by))

    with st.container(horizontal=True, gap="small"):
        st.button("Undo", on_click=move, args=(-1,), disabled=session.position == 0, key="undo")
        last = session.position == len(session.history) - 1
        st.button("Redo", on_click=move, args=(1,), disabled=last, key="redo")
        st.button(
            "Start again",
            on_click=state.change,
            args=(lambda _: Recipe(),),
            disabled=not session.recipe.steps,
            key="reset",
        )


def _views(session: Session, source: EncodedTable, before: Stage) -> None:
    """Show one view at a time: only that one is drawn, since drawing is what a move costs."""
    after = compute.after(session)
    views = {
        "The trade": lambda: _trade(session, before, after),
        "Columns": lambda: _columns(session, after or before, released=after is not None),
        "Slide": lambda: scrubber_section(session, source),
        "Lattice": lambda: lattice_section(session),
        "For analysts": lambda: analysis_section(session),
        "Compare": lambda: compare_two(session, source),
    }
    chosen = st.segmented_control(
        "What do you want to see?",
        list(views),
        default="The trade",
        required=True,
        key="view",
        label_visibility="collapsed",
        wrap=True,
    )
    views[chosen]()
    requirement_list(compute.verdicts(session, after or before))


def _trade(session: Session, before: Stage, after: Stage | None) -> None:
    # What says in a line why it is not counted needs no half of the width.
    counted = not isinstance(compute.profile(session).poll(), NotComputed)
    left, right = st.columns(2, gap="medium") if counted else (st.container(), st.container())
    with left:
        frontier_section(session)
    with right:
        draw_live(chart_set.class_sizes(before, after), key="reduce")


def _columns(session: Session, stage: Stage, *, released: bool) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        draw_live(chart_set.loss_by_column(chart_set.column_losses(stage)), key="reduce")
    with right:
        _distribution(session, stage, released=released)


def _distribution(session: Session, stage: Stage, *, released: bool) -> None:
    shown = [name for name in session.roles.quasi_identifiers if stage.distributions.get(name)]
    if not shown:
        st.caption("No value is held by enough people to be shown.")
        return
    column = st.selectbox("Distribution of", shown, format_func=plain, key="distribution-of")
    draw_live(
        chart_set.distribution(column, stage.distributions[column], released=released),
        key="reduce",
    )


main()
