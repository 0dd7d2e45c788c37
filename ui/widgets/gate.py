"""What a page shows while something that it needs is missing."""

from __future__ import annotations

import streamlit as st

from ui.state import Session, Stage


def missing(session: Session) -> bool:
    """Say what a page still needs and where to do it; return whether anything is missing."""
    if session.stage is Stage.EMPTY:
        st.info("No table is loaded yet. Upload one or take a demo.")
        st.page_link("pages/data.py", label="Go to Data")
        return True
    if session.stage is Stage.LOADED:
        st.info(
            "No column is marked as a quasi-identifier (something that an attacker could know), "
            "so there is no risk to measure yet."
        )
        st.page_link("pages/columns.py", label="Go to Columns")
        return True
    return False
