"""The table of figures: as printed in the documents."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from reports.narrative import FigureRow, caveat_lines
from ui.widgets.text import long_md


def show_rows(rows: list[FigureRow]) -> None:
    """Show figures with their field's term, unit, attacker and how they were obtained."""
    table = pd.DataFrame(
        {
            "figure": [row.name for row in rows],
            "original": [row.before for row in rows],
            "now": [row.after for row in rows],
            "obtained": [row.obtained for row in rows],
            "what it means": [row.meaning for row in rows],
            "term": [row.term for row in rows],
            "attacker": [row.attacker for row in rows],
        }
    )
    if not any(row.after for row in rows):
        table = table.drop(columns="now")
    if not any(row.attacker for row in rows):
        table = table.drop(columns="attacker")
    st.dataframe(table, hide_index=True, width="stretch")
    for line in caveat_lines(rows):
        st.caption(long_md(line))
