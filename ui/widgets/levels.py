"""How coarse each column is: a slider a column that shows what each level looks like."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from microdata.encoding import EncodedTable
from reports.wording import join_names, shorten
from transforms.steps.drop_column import DropColumn
from ui import recipes, state
from ui.state import Session
from ui.widgets.text import long_md, plain

KEY = "levels"
LONGEST_LABEL = 40
_HTML = '<div class="levels"></div>'
_CSS = """
.levels {font-family: var(--st-font, sans-serif); color: #0b1016; font-size: 14px;}
.level {display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; margin-bottom: 14px;}
.level .name {font-weight: 600; overflow-wrap: anywhere;}
.level .where {color: #0b4f94; text-align: right; overflow-wrap: anywhere;}
.level .handle {grid-column: 1 / -1; accent-color: #0b4f94; width: 100%; height: 24px; margin: 0;}
"""


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text("utf-8")


def levels_section(session: Session, source: EncodedTable) -> None:
    """Show a slider for each quasi-identifier with a hierarchy."""
    st.subheader("How coarse is each column?")
    held = recipes.levels(session.recipe)
    dropped = recipes.columns(session.recipe, DropColumn.name)
    without = []
    columns: list[dict[str, Any]] = []
    for column in session.roles.quasi_identifiers:
        if column in dropped:
            continue
        if column not in session.hierarchies or not session.hierarchies[column].height:
            without.append(column)
            continue
        labels = level_labels(source, column, session.policy.disclosure_threshold)
        level = min(held.get(column, 0), len(labels) - 1)
        columns.append({"column": column, "name": plain(column), "labels": labels, "level": level})
    if columns:
        _sliders(session, columns)
    if without:
        names = long_md(join_names(without))
        st.caption(f"No hierarchy yet for {names}: build one on the Columns page.")


def _sliders(session: Session, columns: list[dict[str, Any]]) -> None:
    """Draw the sliders as a component: Streamlit's own waits before it tells of a move."""
    version = session.source_key()
    last = st.session_state.get(KEY, {}).get("moved") or {}
    component = st.components.v2.component("levels", html=_HTML, css=_CSS, js=_script())
    component(
        data={"columns": columns, "version": version, "sent": last.get("sent", 0)},
        key=KEY,
        on_moved_change=partial(_moved, version),
    )


def _moved(version: str) -> None:
    moved = st.session_state[KEY]["moved"]
    if moved and moved["version"] == version:
        put_in_force({str(column): int(level) for column, level in moved["levels"]})


def put_in_force(levels: Mapping[str, int]) -> None:
    """Put the levels of the sliders in force, as far as their columns still have them."""
    session = state.current()
    now = recipes.levels(session.recipe)
    changed = {
        column: level
        for column, level in levels.items()
        if column in session.hierarchies
        and 0 <= level <= session.hierarchies[column].height
        and level != now.get(column, 0)
    }
    if changed:
        state.change(lambda recipe: recipes.with_levels(recipe, {**now, **changed}))


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
            shorten(plain(level.labels[most]), LONGEST_LABEL)
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
