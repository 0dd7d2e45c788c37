"""Uploads: the file is read, then leaves the upload manager, whatever came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from microdata.errors import PrivacyToolError
from ui import state
from ui.widgets.text import long_md

TABLE_TYPES = (
    "csv", "tsv", "txt", "tab", "dat", "data", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet",
    "pq", "sav", "zsav", "por", "dta", "sas7bdat", "xpt",
)  # fmt: skip
_NOTICES = "notices"
Take = Callable[[bytes, str], str]
"""Takes the bytes and the name of a file, changes the state, and says what was done."""


def announce(place: str, text: str, kind: Literal["done", "refused"] = "done") -> None:
    """Keep a sentence for the next run, which shows it once, at a place with this name."""
    st.session_state.setdefault(_NOTICES, {}).setdefault(place, []).append((kind, text))


def announced(place: str) -> None:
    """Show what was kept for this place: what was done, then each refusal in a box of its own."""
    kept = st.session_state.get(_NOTICES, {}).pop(place, [])
    done = [long_md(text) for kind, text in kept if kind == "done"]
    if done:
        st.success("\n\n".join(done))
    for kind, text in kept:
        if kind == "refused":
            st.error(long_md(text))


def receive(
    label: str,
    place: str,
    take: Take,
    *,
    types: Sequence[str] = TABLE_TYPES,
    several: bool = False,
    help_: str | None = None,
) -> None:
    """
    Show an uploader.

    A file that cannot be taken is told below the uploader; what was there before stays.

    Parameters
    ----------
    label : str
        Of the uploader, constant text.
    place : str
        Name of this uploader, unique on the page.
    take : callable
        What to do with each file.
    types : sequence of str
        Endings that the file dialog offers.
    several : bool
        Whether more than one file can be given at once.
    help_ : str, optional
        Constant text.
    """
    given = st.file_uploader(
        label,
        type=list(types),
        accept_multiple_files=several,
        help=help_,
        key=f"{place}-{state.generation()}",
    )
    files = given if isinstance(given, list) else [given] if given is not None else []
    announced(place)
    if not files:
        return
    try:
        with st.spinner("Reading the file …"):
            for file in files:
                try:
                    announce(place, take(file.getvalue(), file.name))
                except PrivacyToolError as error:
                    announce(place, str(error), "refused")
    finally:
        # Another key lets the raw upload go, also after an error that nobody foresaw.
        state.renew_widgets()
    st.rerun()
