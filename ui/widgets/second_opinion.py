"""The second opinion: computed behind the page, shown when it is there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from reports.second_opinion import WHAT, comparison_rows, summary
from risk.second_opinion import Comparison
from ui import compute
from ui.state import Session
from ui.widgets.text import long_md

_SIGNS = {"agrees": "✓ agrees", "differs": "✕ differs", "not comparable": "? not comparable"}
_SECONDS_BETWEEN_LOOKS = 1.5


def second_opinion_section(session: Session) -> None:
    """Show what another program says of the same table, or that it is still at work."""
    st.markdown(long_md(WHAT))
    found = compute.second_opinion(session).poll()
    if found is None:
        _waiting(session)
    else:
        _show(found)


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _waiting(session: Session) -> None:
    if compute.second_opinion(session).poll() is not None:
        st.rerun()
    st.markdown("pycanon is still at work; the page goes on without it.")


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
