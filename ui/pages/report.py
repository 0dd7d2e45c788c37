"""Report: a few answers, a preview of what is printed, and everything to take away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from microdata.release import Release
from microdata.roles import Role
from reports.answers import YES_NO_QUESTIONS, questions_of
from reports.assessment import Assessment
from reports.attacks import AttackReport, worst_first
from reports.likelihood import WORDS
from reports.narrative import figure_rows, open_items, overall_reason, recipe_lines
from reports.spreadsheet import release_csv
from transforms.hierarchies import to_csv
from transforms.script import to_script
from ui import compute, state
from ui.state import Session
from ui.widgets.figures import show_rows
from ui.widgets.gate import missing
from ui.widgets.guard import guard
from ui.widgets.scoreboard import scoreboard
from ui.widgets.text import long_md, md
from ui.widgets.verdict import banner, requirement_list
from ui.widgets.verify import verify_section

QUESTIONS = {
    "title": "Title of the assessment",
    "organisation": "Which organisation decides why and how the data is used?",
    "author": "Who made this assessment?",
    "purpose": "What is this data for, in one sentence?",
    "recipients": "Who will receive it?",
}
SEVERITY = "What would happen to a person if their row were recognised? (worst realistic case)"
MAIN_FIGURES = {
    ("classes", "count"),
    ("classes", "smallest"),
    ("classes", "suppressed_records"),
    ("reidentification", "prosecutor", "highest"),
    ("reidentification", "prosecutor", "average"),
    ("reidentification", "journalist", "average"),
    ("reidentification", "marketer", "average"),
    ("uniqueness", "sample"),
    ("utility", "granularity"),
    ("utility", "discernibility"),
}
_YES_NO = {"": "Not answered", "yes": "Yes", "no": "No"}
HARM = {
    0: "Not answered",
    1: "Negligible: a small nuisance, quickly over",
    2: "Limited: a real inconvenience, overcome with some effort",
    3: "Significant: serious harm, overcome only with real difficulty",
    4: "Maximum: lasting or irreversible harm",
}


def main() -> None:
    """Show the page."""
    st.header("Report")
    session = state.current()
    if missing(session):
        return
    with st.spinner("Measuring…"):
        assessment = compute.assessment(session)
    compute.second_opinion(session)  # at work while the questions are answered
    policy = session.policy
    banner(assessment.shared, policy, assessment.verdicts, session.roles.quasi_identifiers)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _questions(session)
    with right:
        _downloads(session, assessment)
    _preview(session, assessment)
    verify_section(session)


def _questions(session: Session) -> None:
    st.subheader("What only you can say")

    asked = questions_of(session.policy)

    def save() -> None:
        given = {name: st.session_state[f"answer {name}"].strip() for name in QUESTIONS}
        answers = {name: text for name, text in given.items() if text}
        if st.session_state["answer severity"]:
            answers["severity"] = st.session_state["answer severity"]
        yes_no = {name: st.session_state[f"answer {name}"] for name in YES_NO_QUESTIONS}
        answers |= {name: said for name, said in yes_no.items() if said}
        attested = {name: said for name in asked if (said := st.session_state[f"attested {name}"])}
        if attested:
            answers["attested"] = attested
        state.put(replace(state.current(), answers=MappingProxyType(answers)))

    for name, question in QUESTIONS.items():
        st.session_state[f"answer {name}"] = str(session.answers.get(name, ""))
        st.text_input(question, key=f"answer {name}", on_change=save, max_chars=400)
    st.session_state["answer severity"] = session.answers.get("severity") or 0
    st.selectbox(
        SEVERITY,
        list(HARM),
        format_func=lambda level: HARM[level],
        key="answer severity",
        on_change=save,
    )
    for name, question in YES_NO_QUESTIONS.items():
        st.session_state[f"answer {name}"] = session.answers.get(name, "")
        st.selectbox(
            question,
            list(_YES_NO),
            format_func=_YES_NO.__getitem__,
            key=f"answer {name}",
            on_change=save,
        )

    said = session.answers.get("attested", {})
    for name, question in asked.items():
        st.session_state[f"attested {name}"] = said.get(name, "")
        st.selectbox(
            long_md(question),
            list(_YES_NO),
            format_func=_YES_NO.__getitem__,
            key=f"attested {name}",
            on_change=save,
        )


def _downloads(session: Session, assessment: Assessment) -> None:
    st.subheader("Take away")
    stem = session.require_dataset().name.rsplit(".", 1)[0]
    if st.button("Make the PDF", type="primary", key="make-pdf"):
        with st.spinner("Writing the report…"):
            st.session_state["pdf-of"] = session.assessment_key()
            compute.document(session)
    if st.session_state.get("pdf-of") == session.assessment_key():
        st.download_button(
            "Download PDF",
            compute.document(session),
            file_name=f"{stem}-assessment.pdf",
            mime="application/pdf",
            on_click="ignore",
        )
        st.download_button(
            "The same as a web page (HTML)",
            compute.web_page(session),
            file_name=f"{stem}-assessment.html",
            mime="text/html",
            on_click="ignore",
            help="One file for any browser: no script, and nothing is fetched from elsewhere.",
        )
    running = [compute.attack(session, plan) for plan in session.attacks]

    def so_far() -> object:
        """Return the assessment with the attacks that have come to an end by now."""
        reports = [
            one.poll() or AttackReport.unfinished(plan)
            for plan, one in zip(session.attacks, running, strict=True)
        ]
        return replace(assessment, attacks=worst_first(reports)).to_json()

    _download_json("Assessment (JSON)", so_far, f"{stem}-assessment.json")
    if session.elsewhere is None:
        _download_json("Recipe (JSON)", session.recipe.to_json, f"{stem}-recipe.json")
        st.download_button(
            "Recipe as a Python script",
            script(session, stem).encode(),
            file_name=f"{stem}-recipe.py",
            mime="text/x-python",
            on_click="ignore",
            help="Makes the protected table again, beside the original and a folder of "
            "hierarchies: unpack the ZIP file as the folder 'hierarchies'.",
        )
    _download_json(
        "Project, to go on later (JSON)",
        lambda: session.project().to_json(),
        f"{stem}-project.json",
    )
    if session.hierarchies:
        st.download_button(
            "Hierarchies (ZIP)",
            lambda: hierarchy_files(session),
            file_name=f"{stem}-hierarchies.zip",
            mime="application/zip",
            on_click="ignore",
        )
    if session.elsewhere is None:
        with guard():
            _table(session, stem)


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


def _download_json(label: str, make: Callable[[], object], file_name: str) -> None:
    """Offer what `make` returns, written when it is asked for and outside of the session."""

    def text() -> bytes:
        written = json.dumps(make(), indent=2, ensure_ascii=False, allow_nan=False)
        return written.encode("utf-8", "backslashreplace")

    st.download_button(label, text, file_name=file_name, mime="application/json", on_click="ignore")


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


def _table(session: Session, stem: str) -> None:
    st.markdown("**The protected table**")
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
    st.download_button(
        "Download table (CSV)",
        lambda: release_csv(release, spreadsheet_safe=safe),
        file_name=f"{stem}-protected.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _preview(session: Session, assessment: Assessment) -> None:
    st.subheader("What the report says")
    scoreboard(assessment.before, assessment.after, session.policy)
    requirement_list(assessment.verdicts)
    st.markdown(f"**Overall: {md(assessment.overall)}.** {long_md(overall_reason(assessment))}")
    pia = assessment.pia
    if pia["likelihood"] is not None:
        severity = WORDS[pia["severity"]] if pia["severity"] else "not answered"
        st.markdown(
            f"Likelihood of re-identification: **{WORDS[pia['likelihood']]}** (computed); "
            f"severity: **{severity}** (your answer)."
        )
    items = open_items(assessment)
    if items:
        st.markdown("**Still open**")
        for item in items:
            st.markdown(f"- {long_md(item)}")
    if assessment.recipe_text:
        st.markdown("**The recipe**")
        for line in recipe_lines(assessment):
            st.markdown(f"- {long_md(line)}")
    with st.expander("The main figures"):
        show_rows([row for row in figure_rows(assessment) if row.path in MAIN_FIGURES])


main()
