"""Risk: how easily people are found, by whom, against which policy."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from reports import chart_set
from reports.assessment import Assessment
from reports.narrative import (
    assumption_lines,
    figure_rows,
    finding_lines,
    limits_line,
    not_computed,
    policy_size,
)
from risk.policy import PRESETS
from ui import compute, state
from ui.state import Session
from ui.widgets.chart import draw
from ui.widgets.figures import show_rows
from ui.widgets.gate import missing
from ui.widgets.scoreboard import scoreboard
from ui.widgets.text import long_md, md
from ui.widgets.verdict import banner, requirement_list

_POLICY = "policy-choice"


def policy_choice(session: Session) -> None:
    """Let the user choose the policy to compare with."""

    def chosen() -> None:
        state.put(replace(state.current(), policy=st.session_state[_POLICY]))

    st.session_state[_POLICY] = session.policy
    st.selectbox(
        "Compare with",
        list(PRESETS),
        format_func=lambda name: f"{PRESETS[name].title} ({PRESETS[name].status})",
        key=_POLICY,
        on_change=chosen,
    )
    policy = PRESETS[session.policy]
    read = "" if policy.verified_on else " The source was not read again for this version."
    setting, source = policy.setting.rstrip("."), policy.source.title.rstrip(".")
    st.caption(f"{long_md(setting)}. Source: {long_md(source)}.{read}")


def main() -> None:
    """Show the page."""
    st.header("Risk")
    session = state.current()
    if missing(session):
        return
    policy_choice(session)
    with st.spinner("Measuring…"):
        assessment = compute.assessment(session)
    before, after = assessment.before, assessment.after
    policy = PRESETS[session.policy]
    banner(assessment.shared, policy, assessment.verdicts, session.roles.quasi_identifiers)
    scoreboard(before, after, session.policy)
    requirement_list(assessment.verdicts)
    for line in finding_lines(assessment):
        st.caption(long_md(line))
    left, right = st.columns(2, gap="large")
    with left:
        draw(chart_set.class_sizes(before, after), key="risk")
    with right:
        draw(chart_set.risk_bands(before, after), key="risk")
    left, right = st.columns(2, gap="large")
    with left:
        size = policy_size(policy)
        draw(chart_set.cumulative_risk(before, after, size=size), key="risk")
    with right:
        _columns(session)
    _attributes(session, assessment)
    _all_figures(assessment)
    _fine_print(assessment)


def _columns(session: Session) -> None:
    falls = {row.column: max(0.0, row.fall) for row in compute.influences(session)}
    chart = chart_set.columns_driving_risk(
        falls, what="fall of the average risk if the column were not known"
    )
    note = (
        "Average risk by a prosecutor of the table that would be shared, with one column at a "
        "time left out of what the attacker knows. Exact."
    )
    draw(replace(chart, maximum=None, note=note), key="risk")


def _attributes(session: Session, assessment: Assessment) -> None:
    if not session.roles.sensitive:
        st.info(
            "No column is marked as sensitive, so nothing is said about what a group gives away "
            "about its members (l-diversity, t-closeness). Mark one on the Columns page."
        )
        return
    st.subheader("What a group gives away about its members")
    distances = {
        "equal": "all values equally far apart (equal)",
        "ordered": "by rank: neighbouring values are close (ordered)",
        "hierarchical": "by the hierarchy: values under one label are close (hierarchical)",
    }
    distance = st.selectbox(
        "Distance between two sensitive values (t-closeness)",
        list(distances),
        format_func=lambda name: distances[name],
    )
    charts = (
        chart_set.diversity(assessment.before, assessment.after),
        chart_set.closeness(assessment.before, assessment.after, distance=distance),
    )
    for place, chart in zip(st.columns(2, gap="large"), charts, strict=True):
        with place:
            if chart is None:
                st.info("Not computed. The reasons stand under “All figures”.")
            else:
                draw(chart, key="risk")


def _all_figures(assessment: Assessment) -> None:
    st.subheader("All figures")
    rows = figure_rows(assessment)
    for section in dict.fromkeys(row.section for row in rows):
        with st.expander(md(section)):
            show_rows([row for row in rows if row.section == section])


def _fine_print(assessment: Assessment) -> None:
    st.subheader("What the figures rest on")
    for line in assumption_lines(assessment):
        st.markdown(f"- {long_md(line)}")
    st.markdown(f"- {long_md(limits_line())}")
    with st.expander("Not computed, and why"):
        for reason, names in not_computed(assessment):
            st.markdown(f"- {long_md(names)}: {long_md(reason)}")


main()
