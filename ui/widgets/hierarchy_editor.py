"""Hierarchies: upload, propose, build, see what they cover."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from microdata.dataset import ColumnKind, Dataset
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.patterns import mask
from reports.wording import format_count
from transforms.hierarchies.csv_files import column_of_file, read_hierarchy, to_csv
from transforms.hierarchies.propose import propose
from ui import state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.hierarchy_builders import builders
from ui.widgets.text import long_md, md, plain
from ui.widgets.upload import announce, announced, receive

PLACE = "hierarchies"


def with_hierarchy(session: Session, hierarchy: Hierarchy) -> Session:
    """Return the state in which a column has this hierarchy."""
    return session.with_hierarchies({**session.hierarchies, hierarchy.column: hierarchy})


def without_hierarchy(session: Session, column: str) -> Session:
    """Return the state in which a column has no hierarchy."""
    return session.with_hierarchies(
        {name: hierarchy for name, hierarchy in session.hierarchies.items() if name != column}
    )


def with_proposals(session: Session) -> tuple[Session, tuple[str, ...]]:
    """Return the state with a proposal for each quasi-identifier without one, and what was done."""
    dataset = session.require_dataset()
    made = dict(session.hierarchies)
    said = []
    for column in session.roles.quasi_identifiers:
        if column in made:
            continue
        proposal = propose(dataset, column)
        if proposal.hierarchy is not None:
            made[column] = proposal.hierarchy
        said.append(proposal.sentence)
    return session.with_hierarchies(made), tuple(said)


def take_hierarchy(raw: bytes, name: str) -> str:
    """Take an uploaded hierarchy for the column that its name fits."""
    session = state.current()
    column = column_of_file(name, session.require_dataset().column_names)
    if column is None:
        raise PrivacyToolError(
            f"The file {plain(name)!r} fits no column. Name it COLUMN.csv, or let its name end in "
            "_hierarchy_COLUMN.csv."
        )
    hierarchy = read_hierarchy(raw, column)
    state.put(with_hierarchy(session, hierarchy))
    return f"{column!r} has the levels 0 to {hierarchy.height}. {coverage(hierarchy, session)[1]}"


def coverage(hierarchy: Hierarchy, session: Session) -> tuple[int, str]:
    """Return how many values of the table a hierarchy does not know, and the sentence on it."""
    dataset = session.require_dataset()
    values = dataset.values(hierarchy.column)
    lacking = len(hierarchy.uncovered(values))
    if not lacking:
        return 0, f"The hierarchy covers all {len(values):,} values of the column."
    return lacking, (
        f"The hierarchy does not cover {lacking:,} of {len(values):,} values of the column; "
        "generalising the column is refused until it does."
    )


def levels_table(hierarchy: Hierarchy, dataset: Dataset, least: int = 5) -> pd.DataFrame:
    """
    Return one row a level: how many labels it has, and what one of them looks like.

    A label is shown as it is only if at least `least` leaves lie below it and at least `least`
    rows hold it; otherwise its letters and digits are masked.
    """
    values = dataset.values(hierarchy.column)
    codes = dataset.codes(hierarchy.column)
    rows_of_value = np.bincount(codes[codes >= 0], minlength=len(values))
    rows_of_leaf = np.zeros(len(hierarchy.leaves), np.int64)
    for value, rows in zip(values, rows_of_value.tolist(), strict=True):
        leaf = hierarchy.positions.get(value)
        if leaf is not None:
            rows_of_leaf[leaf] += rows
    table = []
    for number, level in enumerate(hierarchy.levels):
        leaves = np.bincount(level.lookup, minlength=len(level.labels))
        rows = np.bincount(level.lookup, rows_of_leaf, minlength=len(level.labels))
        shown = (leaves >= least) & (rows >= least)
        best = int(np.argmax(np.where(shown, rows, -1) if shown.any() else rows))
        label = level.labels[best]
        table.append((number, len(level.labels), label if shown[best] else mask(label)))
    return pd.DataFrame(table, columns=["Level", "Labels", "Looks like"])


def hierarchy_editor(session: Session) -> None:
    """Show the section."""
    dataset = session.require_dataset()
    st.subheader("Hierarchies")
    st.markdown(
        "A hierarchy says how a value can be told less exactly, level by level: `02139`, `0213*`, "
        "`021**`, `*`. Only columns with one can be generalised."
    )
    announced(PLACE)
    quasi = session.roles.quasi_identifiers
    lacking = [name for name in quasi if name not in session.hierarchies]
    if lacking:
        st.markdown(f"Without a hierarchy: {', '.join(f'**{md(name)}**' for name in lacking)}.")
        if st.button(
            "Propose for all quasi-identifiers without one", key="propose-all", width="content"
        ):
            with guard():
                proposed, said = with_proposals(session)
                state.put(proposed)
                for sentence in said:
                    announce(PLACE, sentence)
                st.rerun()
    _uncovered(session)
    receive(
        "Upload hierarchies, one CSV file a column: `value;level 1;…;*`",
        "hierarchy-files",
        take_hierarchy,
        types=("csv",),
        several=True,
        help_="Name each file COLUMN.csv, or let its name end in _hierarchy_COLUMN.csv.",
    )
    names = [
        *quasi,
        *(
            column.name
            for column in dataset.columns
            if column.name not in quasi
            and column.kind not in {ColumnKind.FREE_TEXT, ColumnKind.EMPTY}
        ),
    ]
    if not names:
        return
    chosen: str = st.selectbox(
        "Column to look at or to build for", names, key=f"hierarchy-of-{state.generation()}"
    )
    left, right = st.columns(2, gap="large")
    with left, guard():
        _levels(session, chosen)
    with right:
        built = builders(dataset, chosen)
    if built is not None:
        state.put(with_hierarchy(session, built))
        announce(PLACE, f"{chosen!r} has the levels 0 to {built.height}.")
        st.rerun()


def _uncovered(session: Session) -> None:
    names = session.require_dataset().column_names
    for column, hierarchy in session.hierarchies.items():
        if column not in names:
            continue
        lacking, sentence = coverage(hierarchy, session)
        if not lacking:
            continue
        with st.container(border=True):
            st.markdown(f"⚠ **{md(column)}**: {long_md(sentence)}")
            if st.button(
                "Replace uncovered values by *",
                key=f"cover-{state.generation()}-{names.index(column)}",
                help="They become * from level 1 upwards.",
            ):
                with guard():
                    values = session.require_dataset().values(column)
                    state.put(with_hierarchy(session, hierarchy.covering(values)))
                    announce(
                        PLACE,
                        f"In the hierarchy of {column!r}, {lacking:,} values become * from level 1 "
                        "upwards.",
                    )
                    st.rerun()


def _levels(session: Session, column: str) -> None:
    hierarchy = session.hierarchies.get(column)
    if hierarchy is None:
        st.info(f"{md(column)} has no hierarchy yet.")
        return
    st.markdown(
        f"**{md(column)}**: levels 0 to {hierarchy.height} over "
        f"{format_count(len(hierarchy.leaves))} values. {long_md(coverage(hierarchy, session)[1])}"
    )
    least = session.policy.disclosure_threshold
    st.dataframe(
        levels_table(hierarchy, session.require_dataset(), least),
        hide_index=True,
        width="stretch",
        alt="Each level with its number of labels and what one looks like",
    )
    st.caption(f"Labels that fewer than {least} rows or values share are masked.")
    with st.container(horizontal=True):
        st.download_button(
            "Download as CSV",
            partial(to_csv, hierarchy),
            file_name=f"{plain(column)}.csv",
            mime="text/csv",
            on_click="ignore",
            key="download-hierarchy",
            help="Holds the values of the column.",
        )
        if st.button("Remove this hierarchy", key="remove-hierarchy"):
            state.put(without_hierarchy(session, column))
            announce(PLACE, f"{column!r} has no hierarchy any more.")
            st.rerun()
