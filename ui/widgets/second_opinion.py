"""The second opinion: computed behind the page, shown when it is there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from reports.second_opinion import WHAT, comparison_rows, summary
from risk.second_opinion import Comparison
from ui import compute
from ui.state import Session
from ui.widgets.text import long_md
from ui.widgets.waiting import waiting

_SIGNS = {"agrees": "✓ agrees", "differs": "✕ differs", "not comparable": "? not comparable"}


def second_opinion_section(session: Session) -> None:
    """Show what another program says of the same table, or that it is still at work."""
    st.markdown(long_md(WHAT))
    found = compute.second_opinion(session).poll()
    if found is None:
        waiting(
            lambda: compute.second_opinion(session).poll() is not None,
            lambda: "pycanon is still at work; the page goes on without it.",
        )
    else:
        _show(found)


def _show(found: tuple[Comparison, ...]) -> None:
    st.markdown(f"**{long_md(summary(found))}**")
    rows = comparison_rows(found)
    table = pd.DataFrame(
        {
            "figure": [row.name for row in rows],
            "this program": [row.ours for row in rows],
            "pycanon": [row.theirs for row in rows],
            "": [_SIGNS[row.verdict] for row in rows],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch")
    for why in dict.fromkeys(row.why for row in rows if row.verdict != "agrees"):
        st.caption(long_md(why))
