"""What a hierarchy looks like: its levels, the labels of one level, and how many rows hold them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from microdata.dataset import Dataset
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.patterns import mask
from microdata.roles import Role, Roles
from reports.wording import format_count
from transforms.hierarchies import coverage, rows_by_value, to_amnesia, to_csv
from ui import state
from ui.state import Session
from ui.widgets.text import long_md, md, plain
from ui.widgets.upload import announce

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

PLACE = "hierarchies"
MOST_LABELS = 10
_NAMES_PEOPLE = {Role.DIRECT_IDENTIFIER, Role.PERSON, Role.HOUSEHOLD}
MOST_FOR_AMNESIA = 2_000  # the file is made at every run of the page


def without_hierarchy(session: Session, column: str) -> Session:
    """Return the state in which a column has no hierarchy."""
    return session.with_hierarchies(
        {name: hierarchy for name, hierarchy in session.hierarchies.items() if name != column}
    )


def rows_by_leaf(hierarchy: Hierarchy, dataset: Dataset) -> list[int]:
    """Return how many rows hold each leaf."""
    rows: list[int] = _by_leaf(hierarchy, dataset, _leaf_of_value(hierarchy, dataset)).tolist()
    return rows


def _leaf_of_value(hierarchy: Hierarchy, dataset: Dataset) -> Counts:
    """Return the leaf of each value; one past the last where the hierarchy does not know it."""
    known, unknown = hierarchy.positions, len(hierarchy.leaves)
    values = dataset.values(hierarchy.column)
    return np.fromiter((known.get(value, unknown) for value in values), np.int64, len(values))


def _by_leaf(hierarchy: Hierarchy, dataset: Dataset, leaf_of_value: Counts) -> Counts:
    rows, number = rows_by_value(dataset, hierarchy.column), len(hierarchy.leaves)
    return np.bincount(leaf_of_value, rows, minlength=number)[:number].astype(np.int64)


def _held(hierarchy: Hierarchy, level: int, rows_of_leaf: Counts) -> tuple[Counts, Counts]:
    """Return how many leaves lie below each label of a level, and how many rows hold it."""
    lookup, number = hierarchy.levels[level].lookup, len(hierarchy.levels[level].labels)
    rows = np.bincount(lookup, rows_of_leaf, minlength=number).astype(np.int64)
    return np.bincount(lookup, minlength=number), rows


def levels_table(hierarchy: Hierarchy, dataset: Dataset, least: int = 5) -> pd.DataFrame:
    """
    Return one row a level: how many labels it has, and what one of them looks like.

    A label is shown as it is only if at least `least` leaves lie below it and at least `least`
    rows hold it; otherwise its letters and digits are masked.
    """
    rows_of_leaf = _by_leaf(hierarchy, dataset, _leaf_of_value(hierarchy, dataset))
    table = []
    for number, level in enumerate(hierarchy.levels):
        leaves, rows = _held(hierarchy, number, rows_of_leaf)
        shown = (leaves >= least) & (rows >= least)
        best = int(np.argmax(np.where(shown, rows, -1) if shown.any() else rows))
        label = level.labels[best]
        table.append((number, len(level.labels), label if shown[best] else mask(label)))
    return pd.DataFrame(table, columns=["Level", "Labels", "Looks like"])


def labels_table(
    hierarchy: Hierarchy, level: int, dataset: Dataset, roles: Roles, least: int = 5
) -> pd.DataFrame:
    """
    Return the labels of a level that most rows hold, with their values and rows.

    A label that fewer than `least` people hold is masked, and fewer than `least` rows are not
    counted out. In a column that names people, a label needs `least` values as well.
    """
    labels = hierarchy.levels[level].labels
    leaf_of_value = _leaf_of_value(hierarchy, dataset)
    leaves, rows = _held(hierarchy, level, _by_leaf(hierarchy, dataset, leaf_of_value))
    people = rows
    if roles.person is not None:
        people = _people(hierarchy, level, dataset, roles.person, leaf_of_value)
    open_ = people >= least
    if roles.role_of(hierarchy.column) in _NAMES_PEOPLE:
        open_ &= leaves >= least
    table = []
    for node in np.argsort(-rows, kind="stable")[:MOST_LABELS].tolist():
        held = int(rows[node])
        told = f"under {least}" if 0 < held < least else format_count(held)
        label = labels[node] if open_[node] else mask(labels[node])
        table.append((label, format_count(int(leaves[node])), told))
    return pd.DataFrame(table, columns=["Label", "Values", "Rows"])


def _people(
    hierarchy: Hierarchy, level: int, dataset: Dataset, person: str, leaf_of_value: Counts
) -> Counts:
    """Return how many people hold each label; a row without a person is a person of its own."""
    number = len(hierarchy.levels[level].labels)
    # The last place stands for values that are missing or that the hierarchy does not know.
    node_of_leaf = np.append(hierarchy.levels[level].lookup, number)
    node_of_value = np.append(node_of_leaf[leaf_of_value], number)
    nodes = node_of_value[dataset.codes(hierarchy.column)]
    persons = dataset.codes(person).astype(np.int64)
    alone = np.arange(len(persons)) + dataset.frame[person].cat.categories.size
    pairs = np.unique(np.where(persons < 0, alone, persons) * (number + 1) + nodes)
    return np.bincount(pairs % (number + 1), minlength=number + 1)[:number]


def look(session: Session, column: str) -> None:
    """Show the hierarchy of a column, and what can be done with it as a whole."""
    hierarchy = session.hierarchies.get(column)
    if hierarchy is None:
        st.info(f"{md(column)} has no hierarchy yet.")
        with st.container(horizontal=True):
            _undo(session, column)
        return
    dataset = session.require_dataset()
    st.markdown(
        f"**{md(column)}**: levels 0 to {hierarchy.height} over "
        f"{format_count(len(hierarchy.leaves))} values. "
        f"{long_md(coverage(hierarchy, dataset).describe())}"
    )
    least = session.policy.disclosure_threshold
    left, right = st.columns(2, gap="large")
    with left:
        st.dataframe(
            levels_table(hierarchy, dataset, least),
            hide_index=True,
            width="stretch",
            alt="Each level with its number of labels and what one looks like",
        )
        st.caption(f"Labels that fewer than {least} rows or values share are masked.")
        with st.container(horizontal=True):
            _downloads(hierarchy)
            if st.button("Remove this hierarchy", key="remove-hierarchy"):
                state.put(without_hierarchy(session, column))
                announce(PLACE, f"{column!r} has no hierarchy any more.")
                st.rerun()
            _undo(session, column)
    with right:
        _labels(session, hierarchy, least)


def _labels(session: Session, hierarchy: Hierarchy, least: int) -> None:
    level = st.selectbox(
        "Labels of level",
        range(len(hierarchy.levels)),
        index=min(1, hierarchy.height),
        key=f"labels-of-{state.generation()}-{_position(session, hierarchy.column)}"
        f"-{hierarchy.height}",
    )
    st.dataframe(
        labels_table(hierarchy, level, session.require_dataset(), session.roles, least),
        hide_index=True,
        width="stretch",
        alt="The labels of the level with their values and rows",
    )
    number = len(hierarchy.levels[level].labels)
    most = f"The {MOST_LABELS} with most rows of {format_count(number)} labels. "
    st.caption(
        (most if number > MOST_LABELS else "")
        + f"Labels that fewer than {least} people hold are masked."
    )


def _position(session: Session, column: str) -> int:
    return session.require_dataset().column_names.index(column)


def _downloads(hierarchy: Hierarchy) -> None:
    name = plain(hierarchy.column)
    st.download_button(
        "Download as CSV",
        partial(to_csv, hierarchy),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key="download-hierarchy",
        help="Holds the values of the column. ARX reads it as well.",
    )
    if len(hierarchy.leaves) > MOST_FOR_AMNESIA:
        return
    try:
        raw = to_amnesia(hierarchy)
    except PrivacyToolError:
        return  # it holds blanks, which Amnesia cannot read
    st.download_button(
        "Download for Amnesia",
        raw,
        file_name=f"{name}.txt",
        mime="text/plain",
        on_click="ignore",
        key="download-amnesia",
        help="Holds the values of the column.",
    )


def _undo(session: Session, column: str) -> None:
    if not session.former_hierarchies.get(column):
        return
    if st.button("Undo the last change", key="undo-hierarchy"):
        state.put(session.with_former(column))
        announce(PLACE, f"The last change of the hierarchy of {column!r} is undone.")
        st.rerun()
