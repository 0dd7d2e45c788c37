"""Hierarchies: upload, propose, build, see what they cover, change them."""

from __future__ import annotations

import streamlit as st

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies import column_of_file, coverage, propose, read_hierarchy
from ui import state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.hierarchy_builders import builders
from ui.widgets.hierarchy_changes import changes
from ui.widgets.hierarchy_levels import PLACE, look
from ui.widgets.text import long_md, md, plain
from ui.widgets.upload import announce, announced, receive


def with_hierarchy(session: Session, hierarchy: Hierarchy) -> Session:
    """Return the state in which a column has this hierarchy."""
    return session.with_hierarchies({**session.hierarchies, hierarchy.column: hierarchy})


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
    dataset = session.require_dataset()
    hierarchy = read_hierarchy(
        raw, column, values=dataset.values(column), decimal=dataset.read.decimal
    )
    state.put(with_hierarchy(session, hierarchy))
    known = coverage(hierarchy, dataset).describe()
    return f"{column!r} has the levels 0 to {hierarchy.height}. {known}"


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
        "Upload hierarchies, one file a column: `value;level 1;…;*`, as ARX and Amnesia write them",
        "hierarchy-files",
        take_hierarchy,
        types=("csv", "txt"),
        several=True,
        help_="Name each file COLUMN.csv, or let its name end in _hierarchy_COLUMN.csv. A file of "
        "Amnesia may end in .txt.",
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
    with guard():
        look(session, chosen)
        changes(session, chosen)
    st.markdown(f"**{'Build another' if chosen in session.hierarchies else 'Build one'}**")
    left, _ = st.columns([3, 2])
    with left:
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
        known = coverage(hierarchy, session.require_dataset())
        if not known.lacking:
            continue
        with st.container(border=True):
            st.markdown(f"⚠ **{md(column)}**: {long_md(known.describe())}")
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
                        f"In the hierarchy of {column!r}, {known.lacking:,} values become * from "
                        "level 1 upwards.",
                    )
                    st.rerun()
