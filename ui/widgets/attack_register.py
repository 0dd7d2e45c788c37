"""A file that an attacker has: read, mapped onto the table, looked up in it, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from demo_data import Demo
from microdata.dataset import Dataset
from microdata.errors import PrivacyToolError
from microdata.memory import return_memory
from microdata.readers import read_dataset
from risk.attacks.errors import not_known, unheard_of
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import AttackPlan
from risk.attacks.presets import FEW_KNOWN
from risk.attacks.register import Register
from risk.scenario import MOST_LETTERS
from ui import compute, state
from ui.demos import demo_of
from ui.state import Session
from ui.widgets.attack_form import knowable, put_plan, show_next
from ui.widgets.guard import guard
from ui.widgets.options import words_of
from ui.widgets.text import long_md, md, plain
from ui.widgets.upload import announce, announced, receive

PLACE = "attack-register"
MOST_MAPPED = 30


def register_section(session: Session) -> None:
    """Let the user bring a second table that names people, and attack with it."""
    used = any(plan.attack.register is not None for plan in session.attacks)
    unused = session.register is not None and not used
    with st.expander("The attacker has a file", expanded=unused):
        if session.register is None:
            _bring(session)
        else:
            announced(PLACE)
            _attack_with(session, session.register)


def take_register(raw: bytes, name: str) -> str:
    """Take an uploaded table for the file that the attacker has."""
    table = read_dataset(raw, name)
    state.put(replace(state.current(), register=table))
    return f"{table.name} was read. Say below which of its columns the table has as well."


def forget_register() -> None:
    """Let go of the file and of every attack that uses it."""
    session = state.current()
    kept = tuple(plan for plan in session.attacks if plan.attack.register is None)
    state.put(replace(session, register=None, attacks=kept))
    show_next(None)
    return_memory()


def _bring(session: Session) -> None:
    st.write(
        "A voter list, a staff list, a members' list: people by name, with columns that the table "
        "has as well. Everybody in it is looked for."
    )
    demo = demo_of(session.dataset)
    if demo is not None and demo.register is not None:
        st.button(
            "Take the demo's voter register",
            key="attack-demo-register",
            on_click=_take_demo,
            args=(demo,),
        )
    receive(
        "A second table",
        PLACE,
        take_register,
        help_="It is read on this computer, kept in memory only, and is in no project file.",
    )


def _take_demo(demo: Demo) -> None:
    if demo.register is not None:
        announce(PLACE, take_register(demo.register.read_bytes(), demo.register.name))


def _attack_with(session: Session, table: Dataset) -> None:
    st.markdown(f"**{md(table.name)}**, {table.records:,} rows, is in memory.")
    with st.form("register-form", border=False):
        columns = _mapping(session, table)
        identity = _identity(session, table)
        asked = st.form_submit_button("Attack with this file", key="attack-with-file")
    st.button("Forget this file", key="attack-forget-file", on_click=forget_register)
    if asked:
        with guard():
            put_plan(session, _plan(table, columns, identity))
            st.rerun()


def _mapping(session: Session, table: Dataset) -> dict[str, str]:
    """Let the user say which column of the file is which of the table: by its own name."""
    quasi = session.roles.quasi_identifiers
    alike = [
        name
        for name in knowable(session.require_dataset(), session.roles)
        if name not in quasi and name in table.column_names
    ]
    asked = (*quasi, *alike)
    st.caption(
        "Which column of the file says the same? Values count as the same only where they are "
        "written alike."
    )
    words = dict(zip(asked, words_of(asked), strict=True))
    columns = {
        name: theirs
        for name in asked[:MOST_MAPPED]
        if (theirs := _their_column(table, words[name], name)) is not None
    }
    if len(asked) > MOST_MAPPED:
        rest = {name: name for name in asked[MOST_MAPPED:] if name in table.column_names}
        columns |= rest
        st.caption(
            f"Of {len(asked):,} columns the first {MOST_MAPPED} can be chosen here. "
            f"{len(rest):,} more have the same name in the file and are used as well."
        )
    return columns


def _identity(session: Session, table: Dataset) -> tuple[str, str] | None:
    """Let the user say which column tells who is who; without one no match can be checked."""
    roles = session.roles
    ours = tuple(filter(None, (*roles.direct_identifiers, roles.person)))
    if not ours:
        st.caption(
            "The table has no column that tells who is who, so it is counted whom the attacker "
            "would claim, and not who is right."
        )
        return None
    alike = next((name for name in ours if name in table.column_names), None)
    words = words_of(ours)
    st.caption("To check who is right: which columns name the same people? No match uses them.")
    place = st.selectbox(
        "Column of the table",
        range(len(ours)),
        index=0 if alike is None else ours.index(alike),
        format_func=words.__getitem__,
        key=f"register-who-{_key(table)}",
    )
    theirs = _their_column(table, "Column of the file", alike or "", key="who")
    return None if theirs is None else (theirs, ours[place])


def _their_column(table: Dataset, label: str, proposed: str, *, key: str = "") -> str | None:
    """Let the user choose a column of the file, or none; one of the proposed name comes first."""
    names: Sequence[str] = table.column_names
    words = words_of(names)
    place = st.selectbox(
        md(label),
        range(len(names)),
        index=names.index(proposed) if proposed in names else None,
        format_func=words.__getitem__,
        placeholder="not in the file",
        key=f"register-{key}-{proposed}-{_key(table)}",
    )
    return None if place is None else names[place]


def _key(table: Dataset) -> str:
    return f"{state.generation()}-{table.digest[:12]}"


def _plan(table: Dataset, columns: dict[str, str], identity: tuple[str, str] | None) -> AttackPlan:
    """
    Return the attack of whoever holds the file.

    Raises
    ------
    PrivacyToolError
        No column in common, or one column of the file twice.
    """
    if not columns:
        raise PrivacyToolError(
            "The file has no column in common with the table, so nobody in it can be looked up. "
            "Say which of its columns the table has as well."
        )
    theirs = [*columns.values(), *([identity[0]] if identity else [])]
    twice = next((name for name in theirs if theirs.count(name) > 1), None)
    if twice is not None:
        raise PrivacyToolError(
            f"The column {twice!r} of the file is chosen twice. Choose each for one purpose."
        )
    mapped = {theirs: ours for ours, theirs in columns.items()}
    if identity is not None:
        mapped[identity[0]] = identity[1]
    attack = LinkageAttack(
        known=tuple(columns),
        register=Register(table=table, columns=mapped),
        max_known=FEW_KNOWN,
    )
    return AttackPlan(name=plain(f"Holder of {table.name}")[:MOST_LETTERS], attack=attack)


def strangers(session: Session, plan: AttackPlan) -> list[str]:
    """Return the columns of which no value in the file is one of the table's."""
    register = plan.attack.register
    if register is None:
        return []
    source = compute.source(session)
    found = []
    for theirs, ours in register.columns.items():
        domain = source.domain(ours)
        codes = register.codes(theirs, domain, not_known(domain))
        if ours in plan.attack.known and bool((codes == unheard_of(domain)).all()):
            found.append(ours)
    return found


def strangers_note(session: Session, plan: AttackPlan) -> None:
    """Warn of a column of the file that has no value of the table: it may be written otherwise."""
    for name in strangers(session, plan):
        st.warning(
            long_md(
                f"No value of {name!r} in the file is one of the table's. Are the values written "
                "alike, such as dates?"
            )
        )
