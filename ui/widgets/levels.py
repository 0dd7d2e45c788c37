"""How coarse each column is: a slider a column that shows what each level looks like."""

from __future__ import annotations

import numpy as np
import streamlit as st

from microdata.encoding import EncodedTable
from reports.wording import join_names, shorten
from transforms.steps.drop_column import DropColumn
from ui import recipes, state
from ui.state import Session
from ui.widgets.text import long_md, md, option_md, plain

LONGEST_LABEL = 30  # a longer one would lie over what is beside the slider


def levels_section(session: Session, source: EncodedTable) -> None:
    """Show a slider for each quasi-identifier with a hierarchy."""
    st.subheader("How coarse is each column?")
    held = recipes.levels(session.recipe)
    dropped = recipes.columns(session.recipe, DropColumn.name)
    without = []
    for column in session.roles.quasi_identifiers:
        if column in dropped:
            continue
        if column not in session.hierarchies or not session.hierarchies[column].height:
            without.append(column)
            continue
        labels = level_labels(source, column, session.policy.disclosure_threshold)
        key = f"level {column}"
        st.session_state[key] = min(held.get(column, 0), len(labels) - 1)
        st.select_slider(
            md(column),
            list(range(len(labels))),
            format_func=labels.__getitem__,
            key=key,
            on_change=_level_changed,
            args=(column, key),
        )
    if without:
        names = long_md(join_names(without))
        st.caption(f"No hierarchy yet for {names}: build one on the Columns page.")


def _level_changed(column: str, key: str) -> None:
    level = int(st.session_state[key])
    state.change(lambda recipe: recipes.with_level(recipe, column, level))


def level_labels(source: EncodedTable, column: str, least: int = 5) -> list[str]:
    """
    Return what each level of a column looks like: the label that most records get.

    A label that fewer than `least` records get is not shown.
    """
    hierarchy = source.domain(column).hierarchy
    if hierarchy is None:
        return []
    counts = source.counts(column)[: len(hierarchy.leaves)]
    labels = []
    for depth, level in enumerate(hierarchy.levels):
        records = np.bincount(level.lookup, counts, minlength=len(level.labels))
        most = int(np.argmax(records))
        shown = (
            option_md(shorten(plain(level.labels[most]), LONGEST_LABEL))
            if records[most] >= least
            else _in_numbers(depth, len(level.labels))
        )
        labels.append(f"{depth}: {shown}")
    return labels


def _in_numbers(depth: int, labels: int) -> str:
    """Return what a level is like where no label of it may be shown."""
    if depth == 0:
        return "as it is"
    return "one value for all" if labels == 1 else f"{labels:,} values"
