"""Check a report: what of an uploaded PDF holds for the table that is loaded."""

from __future__ import annotations

import hashlib
import json

import pandas as pd
import streamlit as st

from microdata.memory import return_memory
from reports.attached import Attached
from reports.rebuilding import Material
from reports.verification import Verification, verify
from reports.wording import format_count
from ui import state
from ui.state import Session
from ui.widgets.text import long_md, long_plain
from ui.widgets.upload import receive

PLACE = "verify"
MOST_SHOWN = 50
_RESULT = "verified report"


def verify_section(session: Session) -> None:
    """Let the user upload a report, and show what of it holds for the table that is loaded."""
    st.subheader("Check a report")
    st.markdown(
        "Everything that a report says is recomputed from the table that is loaded here, with the "
        "hierarchies of this session, and compared figure by figure. Where the report holds a "
        "second opinion, that takes up to a minute."
    )
    receive("A report of this program (PDF)", PLACE, take_report, types=("pdf",))
    of_what, found = st.session_state.get(_RESULT, ("", None))
    if found is not None and of_what == _key(session):
        _show(found)


def take_report(raw: bytes, name: str) -> str:
    """Recompute what a report says; keep the result for this table, and let go of the report."""
    session = state.current()
    st.session_state.pop(_RESULT, None)
    found = verify(
        Attached.from_pdf(raw),
        Material(
            dataset=session.require_dataset(),
            hierarchies=session.hierarchies,
            population=session.population.table,
            elsewhere=session.elsewhere,
            key=session.key,
        ),
    )
    st.session_state[_RESULT] = (_key(session), found)
    return_memory()
    return f"{name} was read and recomputed."


def _key(session: Session) -> str:
    """Return a digest of what a result depends on; with another table it is not shown."""
    elsewhere = "" if session.elsewhere is None else session.elsewhere.digest
    parts = [session.source_key(), elsewhere, session.require_dataset().file_sha256]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _show(found: Verification) -> None:
    (st.success if found.holds else st.error)(long_md(found.sentence))
    if found.differences:
        shown = found.differences[:MOST_SHOWN]
        rows = [tuple(map(long_plain, (d.name, d.said, d.recomputed))) for d in shown]
        st.dataframe(
            pd.DataFrame(rows, columns=["what does not hold", "the report says", "recomputed"]),
            hide_index=True,
            width="stretch",
            alt="What of the report does not hold",
        )
        if len(found.differences) > len(shown):
            rest = format_count(len(found.differences) - len(shown))
            st.caption(f"{rest} more are not shown here; `privascope verify` lists them all.")
    for remark in found.remarks:
        st.warning(long_md(remark))
    st.markdown("**Not checked**")
    st.dataframe(
        pd.DataFrame(
            [
                (
                    long_plain(part.what),
                    format_count(part.statements) if part.statements else "",
                    long_plain(part.because),
                )
                for part in found.not_checked
            ],
            columns=["what", "statements", "because"],
        ),
        hide_index=True,
        width="stretch",
        alt="What of the report was not checked, and why",
    )
