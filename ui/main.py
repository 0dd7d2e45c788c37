"""Navigation, the line that is on every page, and the pages."""

from __future__ import annotations

import streamlit as st

from ui import compute, state
from ui.state import Stage
from ui.widgets.text import md

_NARROW = """
<style>
.stMainBlockContainer {padding-top: 3.9rem; padding-bottom: 3rem; max-width: 1320px;}
.stMainBlockContainer h2 {font-size: 1.7rem; padding: .2rem 0 .4rem 0;}
.stMainBlockContainer h3 {font-size: 1.15rem; padding: .5rem 0 .2rem 0;}
.stMainBlockContainer h4 {font-size: 1rem; padding: .4rem 0 .1rem 0;}
@media (max-width: 640px) {.stMainBlockContainer {padding-left: 1rem; padding-right: 1rem;}}
</style>
"""


def _tick(title: str, *, done: bool) -> str:
    return f"✓ {title}" if done else title


def _privacy_line(session: state.Session) -> None:
    held = "Nothing is in memory."
    if session.dataset is not None:
        held = f"In memory: {md(session.dataset.name)}, {session.dataset.records:,} rows."
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(f"Runs on this computer. No outbound calls (enforced). {held}", width="content")
        if session.dataset is not None and st.button(
            "Forget my data", type="tertiary", key="forget"
        ):
            compute.forget()
            st.rerun()


def main() -> None:
    """Show one page."""
    st.set_page_config(page_title="Privascope", page_icon="🛡️", layout="wide")
    st.html(_NARROW)
    session = state.current()
    loaded, ready = session.stage >= Stage.LOADED, session.stage >= Stage.READY
    changed = bool(session.recipe.steps) or session.elsewhere is not None
    pages = [
        st.Page("pages/data.py", title=_tick("Data", done=loaded), url_path="data", default=True),
        st.Page("pages/columns.py", title=_tick("Columns", done=ready), url_path="columns"),
        st.Page("pages/risk.py", title=_tick("Risk", done=ready), url_path="risk"),
        st.Page("pages/attack.py", title="Attack", url_path="attack"),
        st.Page("pages/reduce.py", title=_tick("Reduce", done=changed), url_path="reduce"),
        st.Page("pages/report.py", title="Report", url_path="report"),
        st.Page("pages/learn.py", title="Learn", url_path="learn"),
    ]
    page = st.navigation(pages, position="top")
    _privacy_line(session)
    page.run()


main()
