"""A hierarchy changed by hand: labels, groups, levels and the order of its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from reports.wording import format_count
from transforms.hierarchies import editing
from ui import state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.hierarchy_levels import rows_by_leaf
from ui.widgets.options import words_of
from ui.widgets.text import md
from ui.widgets.upload import announce, announced

PLACE = "hierarchy-changes"
MOST_CHANGED = 100_000  # values
MOST_OFFERED = 2_000  # labels of one level, to choose from
MOST_IN_TABLE = 500
LONGEST_LABEL = 200
_PLACES: dict[str, editing.Place] = {
    "one place earlier": "earlier",
    "one place later": "later",
    "to the beginning": "first",
    "to the end": "last",
}
_ORDERS: dict[str, editing.Order] = {
    "by the alphabet": "text",
    "as numbers": "number",
    "as dates": "date",
    "by rows, most first": "rows",
}
Change = Callable[[Hierarchy, int], Hierarchy | None]


def changes(session: Session, column: str) -> None:
    """Let the user change the hierarchy of a column; every change can be undone."""
    hierarchy = session.hierarchies.get(column)
    if hierarchy is None:
        return
    if len(hierarchy.leaves) > MOST_CHANGED:
        st.caption(
            f"A hierarchy of more than {MOST_CHANGED:,} values is changed in a file: download it, "
            "change it, and upload it again."
        )
        return
    position = session.require_dataset().column_names.index(column)
    if not st.toggle(
        "Change it by hand",
        key=f"change-hierarchy-{state.generation()}-{position}",
        help="Real values, on the screen.",
    ):
        return
    announced(PLACE)
    with st.container(border=True):
        left, right = st.columns([1, 2], gap="large")
        with left:
            action = st.selectbox(
                "What to change", tuple(_ACTIONS), key=f"action-{state.generation()}"
            )
            levels = levels_for(action, hierarchy)
            level = st.selectbox(
                "Level",
                levels,
                index=1 if len(levels) > 1 and not levels[0] else 0,
                placeholder="none",
                format_func=lambda number: _level_words(hierarchy, number),
                key=f"level-of-{_fresh(hierarchy)}-{list(_ACTIONS).index(action)}",
            )
        with right, guard():
            if not levels:
                raise PrivacyToolError(
                    f"Every level has more than {MOST_OFFERED:,} labels to choose from, or there "
                    "is none above the values. Change the hierarchy in a file, or add a level."
                )
            changed = _ACTIONS[action](hierarchy, level)
            if changed is not None:
                _take(session, changed)
        st.markdown(f"**The table of {md(column)}**, to be changed cell by cell")
        with guard():
            _table(session, hierarchy)


def _fresh(hierarchy: Hierarchy) -> str:
    """Return a part of widget keys that changes with the hierarchy, so that none is stale."""
    return f"{state.generation()}-{hierarchy.digest[:12]}"


def levels_for(action: str, hierarchy: Hierarchy) -> list[int]:
    """Return the levels that an action can be done to."""
    levels = range(
        1 if action in {RENAME, MERGE, REMOVE} else 0,
        hierarchy.height + (action != MOVE),
    )
    if action in {ADD, REMOVE}:
        return list(levels)
    return [n for n in levels if len(hierarchy.levels[n].labels) <= MOST_OFFERED]


def _level_words(hierarchy: Hierarchy, level: int) -> str:
    if level == 0:
        return "0: the values"
    number = len(hierarchy.levels[level].labels)
    return f"{level}: {format_count(number)} {'label' if number == 1 else 'labels'}"


def _take(session: Session, changed: Hierarchy) -> None:
    after = session.with_edited(changed)
    state.put(after)
    begun = "" if after.recipe == session.recipe else " The recipe used its levels and begins anew."
    announce(PLACE, f"The hierarchy of {changed.column!r} is changed.{begun}")
    st.rerun()


def _one(label: str, names: Sequence[str], key: str) -> str:
    words = dict(zip(names, words_of(names), strict=True))
    chosen: str = st.selectbox(label, names, format_func=words.__getitem__, key=key)
    return chosen


def _rename(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    label = _one("Label", hierarchy.levels[level].labels, f"renamed-{_fresh(hierarchy)}-{level}")
    name = st.text_input(
        "New name", max_chars=LONGEST_LABEL, key=f"new-name-{_fresh(hierarchy)}-{level}"
    )
    if st.button("Rename the label", key="rename-label"):
        return editing.renamed(hierarchy, level, label, name)
    return None


def _merge(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    names = hierarchy.levels[level].labels
    words = dict(zip(names, words_of(names), strict=True))
    key = f"{_fresh(hierarchy)}-{level}"
    chosen = st.multiselect(
        "Labels to merge", names, format_func=words.__getitem__, key=f"merged-{key}"
    )
    name = st.text_input("Name of the merged label", max_chars=LONGEST_LABEL, key=f"into-{key}")
    under = None
    if level < hierarchy.height and chosen:
        above = dict(zip(names, _parents(hierarchy, level), strict=True))
        groups = {above[label]: label for label in reversed(chosen)}
        if len(groups) > 1:
            group = _one("Group of the level above", list(groups), f"under-{key}")
            under = groups[group]
    if st.button("Merge the labels", key="merge-labels"):
        if len(chosen) < 2:
            raise PrivacyToolError("Choose at least two labels to merge.")
        return editing.merged(hierarchy, level, chosen, name or chosen[0], under=under)
    return None


def _parents(hierarchy: Hierarchy, level: int) -> list[str]:
    """Return the label above each label of a level."""
    parents = [""] * len(hierarchy.levels[level].labels)
    above = hierarchy.levels[level + 1]
    for below, parent in zip(hierarchy.levels[level].lookup, above.lookup, strict=True):
        parents[below] = above.labels[parent]
    return parents


def _move(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    key = f"{_fresh(hierarchy)}-{level}"
    what = "Value" if level == 0 else "Label"
    label = _one(what, hierarchy.levels[level].labels, f"moved-{key}")
    group = _one("Into the group", hierarchy.levels[level + 1].labels, f"group-{key}")
    new = st.text_input(
        "Or into a new group of this name", max_chars=LONGEST_LABEL, key=f"new-group-{key}"
    )
    if st.button("Move it", key="move-label"):
        return editing.moved(hierarchy, level, label, new.strip() or group)
    return None


def _order(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    st.caption(
        "Ordered measures (ordered EMD) and splits of ordered columns (Mondrian) follow the order "
        "of the values. A label moves with all its values."
    )
    key = f"{_fresh(hierarchy)}-{level}"
    dataset = state.current().require_dataset()
    label = _one("Label", hierarchy.levels[level].labels, f"placed-{key}")
    where = st.selectbox("Moves", tuple(_PLACES), key=f"place-{state.generation()}")
    if st.button("Move it in the order", key="place-label"):
        return editing.placed(hierarchy, level, label, _PLACES[where])
    by = st.selectbox("Or all values", tuple(_ORDERS), key=f"order-{state.generation()}")
    if st.button("Put all values in order", key="arrange-values"):
        rows = rows_by_leaf(hierarchy, dataset)
        return editing.arranged(hierarchy, _ORDERS[by], rows=rows, decimal=dataset.read.decimal)
    return None


def _add(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    st.caption("The new level has the labels of the chosen one; merge or rename them then.")
    if st.button("Add a level above it", key="add-level"):
        return editing.with_level(hierarchy, level)
    return None


def _remove(hierarchy: Hierarchy, level: int) -> Hierarchy | None:
    if st.button("Remove the level", key="remove-level"):
        return editing.without_level(hierarchy, level)
    return None


RENAME, MERGE, MOVE, ORDER, ADD, REMOVE = (
    "Rename a label",
    "Merge labels",
    "Move to another group",
    "Change the order",
    "Add a level",
    "Remove a level",
)
_ACTIONS: dict[str, Change] = {
    RENAME: _rename,
    MERGE: _merge,
    MOVE: _move,
    ORDER: _order,
    ADD: _add,
    REMOVE: _remove,
}


def _table(session: Session, hierarchy: Hierarchy) -> None:
    names = ["Value", *(f"Level {number}" for number in range(1, hierarchy.height + 1))]
    shown = [
        tuple(level.labels[level.lookup[code]] for level in hierarchy.levels)
        for code in range(min(MOST_IN_TABLE, len(hierarchy.leaves)))
    ]
    edited = st.data_editor(
        pd.DataFrame(shown, columns=names),
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * len(shown), 400),
        disabled=["Value"],
        num_rows="fixed",
        key=f"table-{_fresh(hierarchy)}",
    )
    if len(hierarchy.leaves) > MOST_IN_TABLE:
        st.caption(
            f"The first {MOST_IN_TABLE:,} of {len(hierarchy.leaves):,} values. The controls above "
            "change all."
        )
    if st.button("Take over the table", key="take-table"):
        rows = [["" if cell is None else str(cell) for cell in row] for row in edited.to_numpy()]
        _take(session, editing.with_rows(hierarchy, rows))
