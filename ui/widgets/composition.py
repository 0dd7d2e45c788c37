"""A second release of the same people: what both give away together."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from microdata.dataset import Dataset
from microdata.elsewhere import release_elsewhere
from microdata.measure import NotComputed
from microdata.readers import read_dataset
from reports.chart_composition import composition_advice, composition_chart, composition_rows
from reports.wording import format_count
from ui import compute, state
from ui.state import Session
from ui.widgets.chart import draw
from ui.widgets.guard import guard
from ui.widgets.options import words_of
from ui.widgets.text import long_md, md
from ui.widgets.upload import announced, receive

PLACE = "second-release"
HERE = "The table to be shared"
FROM_FILE = "Another release, from a file"


def composition_section(session: Session) -> None:
    """Let the user choose a second release, and show what it gives away with this one."""
    st.subheader("A second release of the same people")
    st.markdown(
        "Whoever holds two releases looks a person up in both: only those who fit in both are "
        "left. What else has been published of these people, or will be?"
    )
    table = _held(session)
    words = words_of([*(name for name, _ in session.saved), FROM_FILE])
    chosen = st.selectbox(
        "The second release",
        range(len(words)),
        index=0 if table is None else len(session.saved),
        format_func=words.__getitem__,
        # An upload renews widgets; what was chosen before it stays.
        key=f"second-{session.require_dataset().digest}-{len(words)}",
    )
    same_order = False
    if chosen < len(session.saved):
        other = replace(session.with_recipe(session.saved[chosen][1]), elsewhere=None)
        name = words[chosen]
    else:
        if table is None:
            receive("The other release", PLACE, _take)
            return
        _uploaded(table)
        other, name = replace(session, elsewhere=table), table.name
        if table.records == session.require_dataset().records:
            same_order = st.checkbox(
                "Its rows stand in the same order as those of the table here",
                key=f"same-order-{state.generation()}",
            )
    show_composition(session, other, (HERE, name), same_order=same_order, key="attack")


def show_composition(
    first: Session,
    second: Session,
    names: tuple[str, str],
    *,
    same_order: bool = False,
    key: str,
) -> None:
    """
    Show what two releases of one table give away together, and what to do about it.

    Parameters
    ----------
    first, second : Session
        Of the same table, with the same roles.
    names : (str, str)
        What the two releases are called.
    same_order : bool
        Whether the rows of a release made elsewhere stand in the order of the original.
    key : str
        Of the page, where a page shows more than one.
    """
    with guard():
        with st.spinner("Looking everybody up in both…"):
            found = compute.composition(first, second, same_order=same_order)
        if isinstance(found, NotComputed):
            st.info(long_md(found.reason))
            return
        draw(composition_chart(found, names), key=key)
        head, *body = composition_rows(found, names)
        st.dataframe(
            pd.DataFrame(body, columns=words_of(head)),
            hide_index=True,
            width="stretch",
            alt="What each of the two releases gives away, and what both do together",
        )
        st.markdown(f"**What to do:** {composition_advice(found)}")


def _held(session: Session) -> Dataset | None:
    """Return the second release that was uploaded for this table; let go of one for another."""
    of_table, table = st.session_state.get(compute.SECOND_RELEASE, ("", None))
    if of_table != session.require_dataset().digest:
        st.session_state.pop(compute.SECOND_RELEASE, None)
        return None
    second: Dataset | None = table
    return second


def _uploaded(table: Dataset) -> None:
    announced(PLACE)
    st.caption(f"{md(table.name)}, {format_count(table.records)} rows")
    if st.button("Remove it", key="remove-second-release"):
        st.session_state.pop(compute.SECOND_RELEASE)
        st.rerun()


def _take(raw: bytes, name: str) -> str:
    """Keep an uploaded release beside the table; refuse one that does not fit it."""
    session = state.current()
    table = read_dataset(raw, name)
    release_elsewhere(compute.source(session), table)
    st.session_state[compute.SECOND_RELEASE] = (session.require_dataset().digest, table)
    return f"{table.name} was read."
