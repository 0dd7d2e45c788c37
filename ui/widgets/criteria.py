"""Singling out, linkability, inference and membership: what the figures say of each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from reports.assessment import Assessment
from reports.detections import NOTHING, WHAT, detection_rows
from reports.narrative import criterion_words
from risk.criteria import CONVENTION, criteria
from ui.widgets.text import long_md

_SIGNS = {
    "protected": "✓ Protected",
    "residual": "! Residual",
    "exposed": "✕ Exposed",
    "not assessed": "? Not assessed",
}


def criteria_section(assessment: Assessment) -> None:
    """Show the reading of each criterion with the figures that decide it."""
    for found in criteria(assessment.shared.figures):
        title = f"{_SIGNS[found.reading]}: {found.title}"
        st.markdown(f"**{long_md(title)}.** {long_md(found.question)}")
        st.markdown(long_md(criterion_words(found)))
    st.caption(long_md(CONVENTION))
    st.markdown("**What the columns of the table to be shared seem to hold**")
    rows = detection_rows(assessment.detected)
    if rows:
        table = pd.DataFrame([vars(row) for row in rows])
        st.dataframe(table, hide_index=True, width="stretch")
    else:
        st.markdown(NOTHING)
    st.caption(WHAT)
