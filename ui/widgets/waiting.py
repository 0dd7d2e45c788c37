"""A line that stands where a result of work behind the page will be, until it is there."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_SECONDS_BETWEEN_LOOKS = 0.5


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def waiting(done: Callable[[], bool], words: Callable[[], str]) -> None:
    """Say what is being done, and draw the page anew once it is done."""
    if done():
        st.rerun()
    st.caption(words())
