"""Page 2, Columns: the role of each column, hierarchies, the population, what singles out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from microdata.population import Population
from reports import chart_set
from reports.wording import format_count, format_share, join_names
from risk.special_uniques import SinglingOut
from ui import compute, state
from ui.state import Session, Stage
from ui.widgets.chart import draw
from ui.widgets.guard import guard
from ui.widgets.hierarchy_editor import hierarchy_editor
from ui.widgets.reading import LARGEST_POPULATION, check_population, with_population_table
from ui.widgets.roles_table import roles_table
from ui.widgets.text import long_md, md
from ui.widgets.upload import announced, receive

NOT_KNOWN, NUMBER, TABLE = "Not known", "A number of people", "A table of all of them"


def take_population(raw: bytes, name: str) -> str:
    """Take an uploaded table for the population."""
    session = with_population_table(state.current(), raw, name)
    state.put(session)
    return session.population.assumption


def with_population_size(session: Session, size: int | None) -> Session:
    """Return the state with a population of this size; None takes it back."""
    population = Population(size=size)
    check_population(population, session.require_dataset(), session.roles)
    return replace(session, population=population)


def render() -> None:
    """Show the page."""
    st.header("Columns")
    session = state.current()
    if session.stage is Stage.EMPTY:
        st.info("There is no table yet. Upload one, or try a demo.")
        st.page_link("pages/data.py", label="Go to Data")
        return
    announced("columns")
    roles_table(session)
    ready = session.stage is Stage.READY
    if not ready:
        st.info(
            "Mark at least one column as “Others can know it (quasi-identifier)”; before that "
            "there is no risk to measure."
        )
    if ready:
        _singling_out(session)
    hierarchy_editor(session)
    _population(session)
    if st.button("Go on to the risk", type="primary", key="to-risk", disabled=not ready):
        st.switch_page("pages/risk.py")


def _singling_out(session: Session) -> None:
    st.subheader("The smallest combination that singles people out")
    left, right = st.columns([3, 2], gap="large")
    with left, guard():
        with st.spinner("Looking for combinations …"):
            found = compute.singling_out(session)
        st.markdown(long_md(sentence(found)))
        if found.worst:
            st.dataframe(
                pd.DataFrame(
                    [
                        (
                            len(subset.columns),
                            join_names(subset.columns),
                            f"{format_count(subset.unique)} ({format_share(subset.share)})",
                            format_share(subset.success),
                        )
                        for subset in found.worst
                    ],
                    columns=["Columns known", "The worst", "Alone", "Right guesses"],
                ),
                hide_index=True,
                width="stretch",
                alt="For each number of known columns, the combination that singles most out",
            )
        if found.left_out:
            st.caption(long_md(found.left_out))
    with right, guard():
        with st.spinner("Measuring …"):
            spec = chart_set.column_separation(compute.before(session))
        if spec is not None:
            draw(spec, key="columns")


def sentence(found: SinglingOut) -> str:
    """Return what the search found, as a sentence."""
    smallest = found.smallest
    if smallest is None:
        if not found.worst:
            return "Nothing was examined."
        most = len(found.worst[-1].columns)
        known = "one column" if most == 1 else f"up to {most} columns"
        return f"Nobody is alone with the values of {known}."
    one = smallest.unique == 1
    people = "1 person is the only one" if one else f"{smallest.unique:,} people are the only ones"
    return (
        f"{people} with their {join_names(smallest.columns)} "
        f"({format_share(smallest.share)} of all): whoever knows that finds them with certainty."
    )


def _population(session: Session) -> None:
    st.subheader("The population")
    st.write(
        "The people from whom the table was drawn. With them known, the risk is measured for an "
        "attacker who does not know whether a person is in the table (journalist)."
    )
    known = session.population
    now = TABLE if known.table is not None else NUMBER if known.size is not None else NOT_KNOWN
    choices = (NOT_KNOWN, NUMBER, TABLE)
    chosen = st.radio(
        "What is known of it",
        choices,
        index=choices.index(now),
        horizontal=True,
        key=f"population-{state.generation()}",
    )
    if now not in {chosen, NOT_KNOWN}:
        state.put(replace(session, population=Population()))
        st.rerun()
    if chosen == NUMBER:
        size = st.number_input(
            "People in the population",
            min_value=1,
            max_value=LARGEST_POPULATION,
            value=known.size,
            step=1,
            placeholder="such as 83000000",
            key=f"population-size-{state.generation()}",
        )
        if size != known.size:
            with guard():
                state.put(with_population_size(session, size))
                st.rerun()
    if chosen == TABLE:
        if known.table is not None:
            st.markdown(f"**{md(known.table.name)}**, {known.table.records:,} rows.")
        receive(
            "A table of everybody in the population",
            "population-table",
            take_population,
            help_="It needs every quasi-identifier, under the same column name.",
        )
    st.caption(long_md(state.current().population.assumption))


render()
