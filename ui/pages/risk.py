"""Risk: how easily people are found, by whom, against which policy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from reports import chart_set
from reports.assessment import Assessment
from reports.chart_uniqueness import (
    contributions,
    population_band,
    special_unique_sizes,
    unicity,
)
from reports.charts import ChartSpec
from reports.figure_names import SENSITIVE
from reports.headline import policy_size
from reports.narrative import (
    assumption_lines,
    figure_rows,
    finding_lines,
    limits_line,
    not_computed,
    scenario_sentences,
    uncounted_lines,
)
from reports.sensitivity import (
    columns_adding_risk,
    columns_driving_risk,
    driver_sentence,
    fragile_sentence,
)
from reports.wording import join_names
from ui import compute, state
from ui.state import Session
from ui.widgets.chart import draw
from ui.widgets.criteria import criteria_section
from ui.widgets.failing import failing_section
from ui.widgets.figures import show_rows
from ui.widgets.gate import missing
from ui.widgets.policy import policy_choice, threshold
from ui.widgets.scenarios import scenario_section
from ui.widgets.scoreboard import scoreboard
from ui.widgets.second_opinion import second_opinion_section
from ui.widgets.subsets import subset_section
from ui.widgets.text import long_md, md
from ui.widgets.verdict import banner, requirement_list

_POPULATION_FIGURES = {
    ("uniqueness", "population"),
    ("uniqueness", "log_linear"),
    ("models", "k-map"),
    ("models", "k-map-estimated"),
    ("models", "delta-presence"),
}


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
    banner(assessment.shared, session.policy, assessment.verdicts, session.roles.quasi_identifiers)
    for sentence in scenario_sentences(assessment.scenarios):
        st.markdown(f"**✕** {long_md(sentence)}")
    for sentence in (
        driver_sentence(assessment.sensitivity),
        fragile_sentence(assessment.sensitivity),
    ):
        if sentence:
            st.markdown(long_md(sentence))
    scoreboard(before, after, session.policy)
    requirement_list(assessment.verdicts)
    for line in finding_lines(assessment):
        st.caption(long_md(line))
    _uncounted(assessment)
    left, right = st.columns(2, gap="large")
    with left:
        draw(chart_set.class_sizes(before, after), key="risk")
    with right:
        draw(chart_set.risk_bands(before, after), key="risk")
    left, right = st.columns(2, gap="large")
    with left:
        size = policy_size(session.policy)
        draw(chart_set.cumulative_risk(before, after, size=size), key="risk")
        threshold(assessment.shared)
    with right:
        draw(columns_driving_risk(assessment.sensitivity), key="risk")
    _closer(session, assessment)
    _fine_print(assessment)


def _uncounted(assessment: Assessment) -> None:
    """Name the attacks that no figure counts; what each is stands behind its name."""
    lines = uncounted_lines(assessment)
    if lines:
        names = join_names([line.split(":", 1)[0] for line in lines], most=6)
        with st.expander(f"Attacks that no figure counts: {md(names)}"):
            for line in lines:
                st.markdown(f"- {long_md(line)}")


def _closer(session: Session, assessment: Assessment) -> None:
    """Show one section for those who want to know more: only that one is drawn."""
    st.subheader("Look closer")
    sections = {
        "What a group gives away": lambda: _attributes(session, assessment),
        "Few known columns": lambda: _few_columns(session, assessment),
        "In the population": lambda: _population(assessment),
        "Criteria (WP216)": lambda: criteria_section(assessment),
        "Other attackers": lambda: scenario_section(session, assessment.scenarios),
        "Who fails": lambda: failing_section(session),
        "Second opinion": lambda: second_opinion_section(session),
        "All figures": lambda: _all_figures(assessment),
    }
    chosen = st.segmented_control(
        "What do you want to see?",
        list(sections),
        default="What a group gives away",
        required=True,
        key="closer",
        label_visibility="collapsed",
    )
    sections[chosen]()


def _draw_pair(charts: Sequence[ChartSpec | None], absent: str) -> None:
    """Draw charts side by side; a chart that there is not is said in its place."""
    for place, chart in zip(st.columns(len(charts), gap="large"), charts, strict=True):
        with place:
            if chart is None:
                st.info(absent)
            else:
                draw(chart, key="risk")


def _attributes(session: Session, assessment: Assessment) -> None:
    if not session.roles.sensitive:
        st.info(
            "No column is marked as sensitive, so nothing is said about what a group gives away "
            "about its members (l-diversity, t-closeness). Mark one on the Columns page."
        )
        return
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
    _draw_pair(charts, "Not computed. The reasons stand under “All figures”.")
    show_rows([row for row in figure_rows(assessment) if row.section == SENSITIVE])


def _few_columns(session: Session, assessment: Assessment) -> None:
    """Show whom an attacker finds who knows only some of the columns."""
    before, after = assessment.before, assessment.after
    _draw_pair(
        (unicity(before, after), special_unique_sizes(before, after)),
        "Not computed. The reasons stand under “All figures”.",
    )
    _draw_pair(
        (columns_adding_risk(assessment.sensitivity), contributions(assessment.shared)),
        "There is nothing to draw here: no further column, or nobody who stands out.",
    )
    subset_section(compute.subsets(session))
    show_rows(
        [row for row in figure_rows(assessment) if row.path[0] in {"unicity", "special_uniques"}]
    )


def _population(assessment: Assessment) -> None:
    """Show who is unique in the population, and how large groups are there."""
    chart = population_band(assessment.before, assessment.after)
    if chart is not None:
        draw(chart, key="risk")
    else:
        st.info(
            "Tell the size of the population on the Columns page, or load its table: then the "
            "people who are unique in the population are estimated, or counted."
        )
    rows = [
        row
        for row in figure_rows(assessment)
        if row.path[:2] in _POPULATION_FIGURES and row.obtained != "not computed"
    ]
    if rows:
        show_rows(rows)


def _all_figures(assessment: Assessment) -> None:
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
