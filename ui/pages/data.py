"""Page 1, Data: bring a table, see how it was read, change that."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from demo_data import DEMOS
from microdata.dataset import ColumnKind, Dataset, Issue
from microdata.readers import MAX_UPLOAD_BYTES
from reports.wording import format_count, format_share
from ui import state
from ui.state import Session, Stage
from ui.widgets.guard import guard
from ui.widgets.reading import (
    continued,
    demo_opened,
    opened,
    reading_form,
    with_elsewhere,
)
from ui.widgets.text import long_md, md
from ui.widgets.upload import announce, announced, receive

_FIRST_ROWS = 20
_FIRST_COLUMNS = 60
_FEW_COLUMNS = 25
_MOST_ISSUES = 6
_MOST_LABELS = 500
_SEVERITIES = (
    ("error", "Errors: the work cannot go on", st.error),
    ("warning", "Warnings: figures can change", st.warning),
    ("note", "Notes", st.info),
)


def take_table(raw: bytes, name: str) -> str:
    """Put an uploaded table in place of the one before."""
    session = opened(state.current(), raw, name)
    state.put(session)
    return f"{session.require_dataset().name} was read."


def take_project(raw: bytes, _name: str) -> str:
    """Put the decisions of a project file in force."""
    session, said = continued(state.current(), raw)
    state.put(session)
    return said


def take_elsewhere(raw: bytes, name: str) -> str:
    """Take a table that was protected elsewhere for the release."""
    session = with_elsewhere(state.current(), raw, name)
    state.put(session)
    return "From now on this table is assessed as the release, in place of the recipe."


def render() -> None:
    """Show the page."""
    st.header("Data")
    upload, demo = st.columns(2, border=True)
    with upload:
        st.subheader("Upload")
        receive(
            f"A table of people, one row a record, up to {MAX_UPLOAD_BYTES >> 20} MB",
            "upload",
            take_table,
            help_="CSV, Excel, OpenDocument, Parquet, SPSS, Stata or SAS. It is read on this "
            "computer, in a process of its own, and is never written to the disk.",
        )
        st.caption("CSV, Excel, OpenDocument, Parquet, SPSS, Stata or SAS.")
    with demo:
        st.subheader("Try a demo")
        _demos()
    announced("data")
    session = state.current()
    if session.stage is Stage.EMPTY:
        _continue_earlier(session)
        return
    _table(session)
    _continue_earlier(session)
    _elsewhere(session)


def _demos() -> None:
    for demo in DEMOS:
        if st.button(demo.title, key=f"demo-{demo.id}", width="stretch"):
            with st.spinner("Reading the demo …"), guard():
                state.put(demo_opened(state.current(), demo))
                state.renew_widgets()
                announce("data", f"The demo “{demo.title}” is loaded, with roles and hierarchies.")
                st.rerun()
        st.caption(long_md(demo.sentence))


def _table(session: Session) -> None:
    dataset = session.require_dataset()
    st.subheader(md(dataset.name))
    rows, columns, _ = st.columns([1, 1, 2])
    rows.metric("Rows", format_count(dataset.records))
    columns.metric("Columns", format_count(len(dataset.columns)))
    if st.button("Go on to the columns", type="primary", key="to-columns"):
        st.switch_page("pages/columns.py")
    _issues(dataset.issues)
    _free_text(dataset)
    st.subheader("What the columns look like")
    _preview(session, dataset)
    _labels(dataset)
    with st.expander("How the file was read"):
        reading_form(session)


def _issues(issues: tuple[Issue, ...]) -> None:
    for severity, title, box in _SEVERITIES:
        told = [f"- {long_md(issue.message)}" for issue in issues if issue.severity == severity]
        if not told:
            continue
        box("\n".join([f"**{title}**", "", *told[:_MOST_ISSUES]]))
        if len(told) > _MOST_ISSUES:
            with st.expander(f"{len(told) - _MOST_ISSUES:,} more of this kind"):
                st.markdown("\n".join(told[_MOST_ISSUES:]))


def _free_text(dataset: Dataset) -> None:
    names = [column.name for column in dataset.columns if column.kind is ColumnKind.FREE_TEXT]
    if names:
        listed = ", ".join(f"**{md(name)}**" for name in names[:_MOST_ISSUES])
        more = f" and {len(names) - _MOST_ISSUES:,} more" if len(names) > _MOST_ISSUES else ""
        st.warning(
            f"Free text, not assessed: {listed}{more}. Text can name people in any row; no figure "
            "of Privascope covers it. Leave such columns out of a release."
        )


def _preview(session: Session, dataset: Dataset) -> None:
    if session.profile is not None:
        st.caption("Values are masked: a letter shows as A or a, a digit as 9.")
        st.dataframe(
            pd.DataFrame(
                [
                    (
                        column.name,
                        column.masked_sample,
                        "free text, not assessed"
                        if column.kind is ColumnKind.FREE_TEXT
                        else column.kind.value,
                        column.distinct,
                        f"{column.missing:,} ({format_share(column.missing_share)})",
                    )
                    for column in session.profile.columns
                ],
                columns=[
                    "Column",
                    "Most frequent value looks like",
                    "Read as",
                    "Distinct",
                    "Missing",
                ],
            ),
            hide_index=True,
            width="stretch",
            height="content" if len(dataset.columns) <= _FEW_COLUMNS else "auto",
            alt="Each column with the shape of its most frequent value",
        )
    shown = st.toggle(
        "Show the first rows",
        key=f"first-rows-{state.generation()}",
        help="Shows real values on the screen.",
    )
    if shown:
        st.dataframe(
            dataset.frame.iloc[:_FIRST_ROWS, :_FIRST_COLUMNS].astype(object),
            hide_index=True,
            width="stretch",
            alt="The first rows of the table",
        )
        if len(dataset.columns) > _FIRST_COLUMNS:
            st.caption(f"The first {_FIRST_COLUMNS} of {len(dataset.columns):,} columns.")


def _labels(dataset: Dataset) -> None:
    rows = [
        (column.name, code, label)
        for column in dataset.columns
        for code, label in column.labels.items()
    ]
    if not rows:
        return
    with st.expander("Value labels"):
        st.caption("The codes stay the values of the table; the labels say what they mean.")
        st.dataframe(
            pd.DataFrame(rows[:_MOST_LABELS], columns=["Column", "Code", "Label"]),
            hide_index=True,
            width="stretch",
            alt="Codes and their labels",
        )
        if len(rows) > _MOST_LABELS:
            st.caption(f"The first {_MOST_LABELS:,} of {len(rows):,} labels.")


def _continue_earlier(session: Session) -> None:
    with st.expander("Continue earlier work"):
        if session.stage is Stage.EMPTY:
            st.write(
                "A project file holds decisions and no data. Load its table first, then come back "
                "here."
            )
            return
        receive(
            "Project file",
            "project",
            take_project,
            types=("json",),
            help_="Roles, hierarchies, recipe, policy and answers take the place of those here.",
        )


def _elsewhere(session: Session) -> None:
    with st.expander(
        "Assess a table that was protected elsewhere", expanded=session.elsewhere is not None
    ):
        if session.elsewhere is not None:
            announced("elsewhere")
            st.markdown(
                f"**{md(session.elsewhere.name)}**, {session.elsewhere.records:,} rows, is "
                "assessed as the release of this table. The recipe is set aside as long as it is "
                "here."
            )
            if st.button("Remove it", key="remove-elsewhere"):
                state.put(replace(session, elsewhere=None))
                st.rerun()
            return
        st.write(
            "Give the release that another program made from the table above. It is compared with "
            "its original, column by column."
        )
        receive("The protected table", "elsewhere", take_elsewhere)


render()
