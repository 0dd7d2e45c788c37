"""Everything to take away: the documents, what other programs read, and what makes it again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial

import streamlit as st

from microdata.release import Release
from microdata.roles import Role
from reports.assessment import Assessment
from reports.spreadsheet import release_csv
from transforms.hierarchies import to_csv
from transforms.script import to_script
from ui import compute
from ui.documents import DOCUMENTS, EXCHANGED, AtWork, Format, Made, json_bytes
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.text import long_md, md

_ASKED_FOR = "documents were asked for"
_SECONDS_BETWEEN_LOOKS = 0.5


def downloads_section(session: Session, assessment: Assessment, stem: str) -> None:
    """Show the downloads in three groups, each with what it is for."""
    st.subheader("Take away")
    st.markdown("#### The report")
    st.caption("To be read, filed, signed and published.")
    with guard():
        _documents(session, stem)
    st.markdown("#### For other programs")
    st.caption("The same assessment and its action plan as data.")
    _exchanged(session, assessment, stem)
    st.markdown("#### The table and how it was made")
    st.caption("To share, to make again, or to go on with later.")
    _made_of(session, stem)
    if session.elsewhere is None:
        with guard():
            _table(session, stem)


def _documents(session: Session, stem: str) -> None:
    """Let the user have the documents made, and offer those that belong to what is answered now."""
    asked_for, attempt = st.session_state.get(_ASKED_FOR, ("", 0))
    if st.button("Make the report", type="primary", key="make-report"):
        asked_for, attempt = session.assessment_key(), attempt + 1
        st.session_state[_ASKED_FOR] = (asked_for, attempt)
    if not asked_for:
        return
    if asked_for != session.assessment_key():
        st.caption("Answers or choices changed since the report was made. Make it again.")
        return
    made = compute.documents(session, attempt).poll()
    if made is None:
        _at_work(session, attempt)
    else:
        _offer(made, stem)


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _at_work(session: Session, attempt: int) -> None:
    """Show how far the documents are, and let them be stopped."""
    running = compute.documents(session, attempt)
    if running.done:
        st.rerun()
    done, of = running.progress
    what = f"Making {DOCUMENTS[done - 1].label} …" if 0 < done < of else "Figures are completed …"
    st.progress(done / of if of else 0.0, text=what)
    st.button("Cancel", key="cancel-report", on_click=_cancel, args=(session, attempt))


def _cancel(session: Session, attempt: int) -> None:
    compute.documents(session, attempt).stop()
    st.session_state[_ASKED_FOR] = ("", attempt)


def _offer(made: Made, stem: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for kind in DOCUMENTS:
            if kind.key in made.files:
                st.download_button(
                    kind.label,
                    made.files[kind.key],
                    file_name=f"{stem}{kind.ending}",
                    mime=kind.mime,
                    on_click="ignore",
                    help=kind.purpose,
                )
    for kind in DOCUMENTS:
        if kind.key in made.refused:
            st.error(f"{kind.label}: {long_md(made.refused[kind.key])}")
    if made.late:
        st.caption(
            "An attack or the second opinion was still at work and is not in these documents. "
            "Make the report again when it has ended."
        )


def _exchanged(session: Session, assessment: Assessment, stem: str) -> None:
    at_work = compute.at_work(session)
    with st.container(horizontal=True, gap="small"):
        _file(
            "Assessment (JSON)",
            lambda: json_bytes(at_work.so_far(assessment).to_json()),
            f"{stem}-assessment.json",
            "application/json",
            "Every figure, verdict and answer; the command line and `verify` read it.",
        )
        for kind in EXCHANGED:
            _file(
                kind.label,
                partial(_exchange, kind, at_work, assessment),
                f"{stem}{kind.ending}",
                kind.mime,
                kind.purpose,
            )


def _exchange(kind: Format, at_work: AtWork, assessment: Assessment) -> bytes:
    return kind.form.make(at_work.so_far(assessment))


def _made_of(session: Session, stem: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if session.elsewhere is None:
            _json("Recipe (JSON)", session.recipe.to_json, f"{stem}-recipe.json")
            _file(
                "Recipe as a Python script",
                lambda: script(session, stem).encode(),
                f"{stem}-recipe.py",
                "text/x-python",
                "Makes the protected table again, beside the original and a folder of "
                "hierarchies: unpack the ZIP file as the folder 'hierarchies'.",
            )
        _json(
            "Project, to go on later (JSON)",
            lambda: session.project().to_json(),
            f"{stem}-project.json",
        )
        if session.hierarchies:
            _file(
                "Hierarchies (ZIP)",
                lambda: hierarchy_files(session),
                f"{stem}-hierarchies.zip",
                "application/zip",
            )


def script(session: Session, stem: str) -> str:
    """Return the Python script that makes the protected table again."""
    dataset = session.require_dataset()
    return to_script(
        session.recipe,
        session.roles,
        tuple(session.hierarchies),
        session.seed,
        dataset.name,
        read=dataset.read,
        out_name=f"{stem}-protected.csv",
    )


def hierarchy_files(session: Session) -> bytes:
    """Return one CSV a column, as the command line reads them."""
    out, taken = io.BytesIO(), list[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, hierarchy in session.hierarchies.items():
            safe = name.replace("/", "_").replace("\\", "_").lstrip(".") or "column"
            copies = sum(other.casefold() == safe.casefold() for other in taken)
            taken.append(safe)
            archive.writestr(f"{safe}{f' ({copies + 1})' if copies else ''}.csv", to_csv(hierarchy))
    return out.getvalue()


def _json(label: str, make: Callable[[], object], file_name: str) -> None:
    _file(label, lambda: json_bytes(make()), file_name, "application/json")


def _file(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, purpose: str = ""
) -> None:
    """Offer what `make` returns, written when it is asked for and outside of the session."""
    st.download_button(
        label, make, file_name=file_name, mime=mime, on_click="ignore", help=purpose or None
    )


def _table(session: Session, stem: str) -> None:
    named = [
        name
        for name in (*session.roles.direct_identifiers, *session.roles.columns_with(Role.PERSON))
        if (made := compute.release(session)) is None
        or (name in made.columns and made.columns[name].unchanged)
    ]
    if named:
        names = ", ".join(md(name) for name in named)
        st.warning(
            f"These would be published in clear: {names}. Leave them out, or replace them by "
            "pseudonyms, on the Reduce page first."
        )
    safe = st.checkbox(
        "Safe to open in a spreadsheet",
        value=False,
        key="spreadsheet-safe",
        help="Puts an apostrophe before texts that a spreadsheet would run as a formula.",
    )
    # Written when it is asked for, and outside of the session: what it needs is taken here.
    release = compute.release(session) or Release.original(compute.source(session))
    _file(
        "Download table (CSV)",
        lambda: release_csv(release, spreadsheet_safe=safe),
        f"{stem}-protected.csv",
        "text/csv",
    )
