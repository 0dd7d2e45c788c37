"""Errors as sentences: what happened, what it means for the data, what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import streamlit as st

from microdata.errors import PrivacyToolError
from ui.widgets.text import long_md

UNEXPECTED = (
    "Something went wrong inside Privascope. Your data and your choices are still here, and "
    "nothing was sent anywhere. Undo the last change or go back a page; if it happens again, "
    "report what you did (not the data)."
)


def show(error: PrivacyToolError | None) -> None:
    """Show a known mistake by its sentence, anything else by a general one."""
    st.error(UNEXPECTED if error is None else long_md(str(error)))


@contextlib.contextmanager
def guard() -> Iterator[None]:
    """Show a PrivacyToolError where it happens and go on with the page."""
    try:
        yield
    except PrivacyToolError as error:
        show(error)
