"""Report: the questions that only people answer, what the report says, and all to take away."""

from __future__ import annotations

import streamlit as st

from reports.document.front import summary
from reports.document.risk_sections import register_section
from reports.narrative import recipe_lines
from ui import compute, state
from ui.widgets.answers_file import answers_file_section
from ui.widgets.blocks import show_section
from ui.widgets.gate import missing
from ui.widgets.questionnaire import questionnaire_section
from ui.widgets.report_downloads import downloads_section
from ui.widgets.report_status import status_band
from ui.widgets.text import long_md
from ui.widgets.verdict import banner, requirement_list
from ui.widgets.verify import verify_section


def main() -> None:
    """Show the page."""
    st.header("Report")
    session = state.current()
    if missing(session):
        return
    with st.spinner("Measuring…"):
        assessment = compute.assessment(session)
    compute.second_opinion(session)  # at work while the questions are answered
    banner(assessment.shared, session.policy, assessment.verdicts, session.roles.quasi_identifiers)
    status_band(assessment)
    stem = session.require_dataset().name.rsplit(".", 1)[0]
    left, right = st.columns([3, 2], gap="large")
    with left:
        questionnaire_section(assessment)
        answers_file_section(session, stem)
    with right:
        downloads_section(session, assessment, stem)
    st.subheader("What the report says first")
    show_section(summary(assessment))
    requirement_list(assessment.verdicts)
    with st.expander("The recipe"):
        for line in recipe_lines(assessment):
            st.markdown(f"- {long_md(line)}")
    st.subheader("The risk register")
    for section in register_section(assessment):
        show_section(section)
    verify_section(session)


main()
