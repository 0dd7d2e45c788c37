"""One row a column: what it looks like, the role it has, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from microdata.dataset import ColumnKind, Dataset
from microdata.errors import PrivacyToolError
from microdata.profile import ColumnProfile, Profile, suggested_roles
from microdata.roles import Role, Roles
from reports.wording import format_count, format_share
from ui import state
from ui.state import Session
from ui.widgets.text import long_md, md
from ui.widgets.upload import announce

AT_ONCE = 60
A_PAGE = 50
ROLE_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.DIRECT_IDENTIFIER: "Names a person (direct identifier)",
        Role.QUASI_IDENTIFIER: "Others can know it (quasi-identifier)",
        Role.SENSITIVE: "To be kept private (sensitive)",
        Role.INSENSITIVE: "None of these (insensitive)",
        Role.PERSON: "Numbers the people (person)",
        Role.HOUSEHOLD: "Numbers the households (household)",
        Role.WEIGHT: "Sample weight",
    }
)
_ROLES = tuple(ROLE_WORDS)
_WIDTHS = (2.4, 2.4, 3.0, 4.0)
_CRIMINAL = "criminal offences"


def with_role(session: Session, name: str, role: Role) -> Session:
    """
    Return the state in which a column has another role.

    Raises
    ------
    PrivacyToolError
        Another column has a role that only one can have.
    """
    for other in session.roles.columns_with(role):
        if other != name and role in {Role.PERSON, Role.HOUSEHOLD, Role.WEIGHT}:
            raise PrivacyToolError(
                f"Only one column can be the {role.value} column, and {other!r} is. {name!r} keeps "
                f"the role {session.roles.role_of(name).value!r} until you change {other!r}."
            )
    roles = Roles(by_column={**session.roles.by_column, name: role})
    reasons = dict(session.overruled)
    if session.profile is not None and role is session.profile.column(name).role:
        reasons.pop(name, None)
    return session.with_roles(roles, reasons)


def with_reason(session: Session, name: str, why: str) -> Session:
    """Return the state with the reason why a suggestion was overruled; "" takes it back."""
    reasons = {column: text for column, text in session.overruled.items() if column != name}
    if why.strip():
        reasons[name] = why.strip()
    return session.with_roles(session.roles, reasons)


def roles_table(session: Session) -> None:
    """Show the table of roles; every change is in force at once."""
    dataset = session.require_dataset()
    if session.profile is None:
        return
    shown = _page(session.profile)
    overruled = [c for c in session.profile.columns if session.roles.role_of(c.name) is not c.role]
    st.write(_count(session.roles, dataset))
    with st.container(border=True):
        for position in shown:
            _row(session, session.profile.columns[position], position)
    if overruled and st.button("Take all suggestions", key="take-suggestions"):
        state.put(session.with_roles(suggested_roles(session.profile), {}))
        state.renew_widgets()
        announce("columns", "Every column has its suggested role again.")
        st.rerun()


def _page(profile: Profile) -> range:
    total = len(profile.columns)
    if total <= AT_ONCE:
        return range(total)
    starts = range(0, total, A_PAGE)
    start = st.selectbox(
        "Columns shown",
        starts,
        format_func=lambda first: f"{first + 1} to {min(first + A_PAGE, total)} of {total:,}",
        key=f"page-{state.generation()}",
    )
    return range(start, min(start + A_PAGE, total))


def _count(roles: Roles, dataset: Dataset) -> str:
    held = [roles.role_of(name) for name in dataset.column_names]
    parts = [
        f"{number:,} {words}"
        for role, words in (
            (Role.QUASI_IDENTIFIER, "that others can know (quasi-identifiers)"),
            (Role.SENSITIVE, "to be kept private (sensitive)"),
            (Role.DIRECT_IDENTIFIER, "that name a person (direct identifiers)"),
        )
        if (number := held.count(role))
    ]
    return f"Of {len(held):,} columns: {'; '.join(parts) or 'none has a role that matters'}."


def _row(session: Session, column: ColumnProfile, position: int) -> None:
    name = column.name
    cells = st.columns(_WIDTHS)
    # Each cell says what it is: on a narrow screen the cells stand below each other.
    described = session.require_dataset().column(name).description
    sample = f"looks like {md(column.masked_sample)}" if column.masked_sample else "empty"
    share = f" ({format_share(column.missing_share)})" if column.missing else ""
    counts = f"{format_count(column.distinct)} distinct, {format_count(column.missing)} missing"
    cells[0].markdown(_lines(f"**{md(name)}**", long_md(described), sample))
    cells[1].markdown(_lines(_kind(column), counts + share))
    role = session.roles.role_of(name)
    with cells[2]:
        chosen = st.selectbox(
            f"Role of {md(name)}",
            _ROLES,
            index=_ROLES.index(role),
            format_func=ROLE_WORDS.__getitem__,
            key=f"role-{state.generation()}-{position}",
            label_visibility="collapsed",
        )
    cells[3].caption(_why(column))
    if chosen is not role:
        try:
            state.put(with_role(session, name, chosen))
        except PrivacyToolError as error:
            st.error(long_md(str(error)))
            return
        st.rerun()
    if role is not column.role:
        with cells[2]:
            why = st.text_input(
                f"Why? Suggested for {md(name)} was: {column.role.value}",
                session.overruled.get(name, ""),
                max_chars=500,
                placeholder="Your reason, for the report",
                key=f"why-{state.generation()}-{position}",
            )
        if why.strip() != session.overruled.get(name, ""):
            state.put(with_reason(session, name, why))
            st.rerun()


def _lines(first: str, *small: str) -> str:
    return "  \n".join([first, *(f":small[{line}]" for line in small if line)])


def _kind(column: ColumnProfile) -> str:
    if column.kind is ColumnKind.FREE_TEXT:
        return "free text, not assessed"
    return column.kind.value


def _why(column: ColumnProfile) -> str:
    told = [f"Suggested: **{column.role.value}**. {long_md(column.reason)}"]
    if column.special_category:
        article = "10" if column.special_category == _CRIMINAL else "9"
        told.append(f"Special category (GDPR Art. {article}): {md(column.special_category)}.")
    if column.hipaa_class:
        told.append(f"HIPAA identifier {md(column.hipaa_class)}.")
    return " ".join(told)
