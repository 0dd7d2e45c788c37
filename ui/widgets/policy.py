"""What to compare with: a preset, a class size of one's own, or an organisation's policy file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from microdata.errors import PrivacyToolError
from reports.headline import people_below, people_in, policy_size
from reports.stage import Stage
from reports.wording import format_count, format_share
from risk.own_policy import class_size_policy
from risk.policy import PRESETS, Policy, policy_from_bytes
from ui import state
from ui.state import Session
from ui.widgets.text import long_md, md

_CHOICE = "policy-choice"
_SIZE = "policy-size"
_FILE = "policy-file"
LARGEST_SIZE = 50


def policy_choice(session: Session) -> None:
    """Let the user choose the policy to compare with."""
    offered = dict(PRESETS)
    if PRESETS.get(session.policy.id) != session.policy:
        offered[session.policy.id] = session.policy

    def chosen() -> None:
        picked = offered[st.session_state[_CHOICE]]
        state.put(replace(state.current(), policy=picked))

    st.session_state[_CHOICE] = session.policy.id
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.selectbox(
        "Compare with",
        list(offered),
        format_func=lambda name: f"{offered[name].title} ({offered[name].status})",
        key=_CHOICE,
        on_change=chosen,
    )
    with right.popover("Your own policy", width="stretch"):
        _own_file()
    _source(session.policy)


def _source(policy: Policy) -> None:
    read = "" if policy.verified_on else " The source was not read again for this version."
    setting, source = policy.setting.rstrip("."), policy.source.title.rstrip(".")
    note = f" {policy.note}" if policy.note else ""
    text = f"{setting}. Source: {source}.{read}{note}"
    st.caption(long_md(text))


def _own_file() -> None:
    def loaded() -> None:
        file = st.session_state.get(f"{_FILE}-{state.generation()}")
        if file is None:
            return
        try:
            policy = policy_from_bytes(file.getvalue(), file.name)
        except PrivacyToolError as error:
            st.session_state["policy-mistake"] = str(error)
            return
        st.session_state.pop("policy-mistake", None)
        state.put(replace(state.current(), policy=policy))

    st.markdown("An organisation's policy is a JSON file like those of this product.")
    st.file_uploader(
        "Policy file (JSON)",
        type=["json"],
        key=f"{_FILE}-{state.generation()}",
        on_change=loaded,
    )
    mistake = st.session_state.get("policy-mistake")
    if mistake:
        st.error(long_md(mistake))


@st.fragment
def threshold(stage: Stage) -> None:
    """Let the user move the size that groups should have, and say at once who is below it."""
    session = state.current()
    now = policy_size(session.policy)
    size = st.slider(
        "What if every group had to hold at least … people?",
        2,
        max(LARGEST_SIZE, now),
        value=now,
        key=f"{_SIZE}-{session.policy.id}",
    )
    below, people = people_below(stage, size), people_in(stage)
    if not people:
        st.markdown("Nobody is left in the table, so there is no group to judge.")
        return
    risk = f"a chance above 1 in {size} by a prosecutor"
    if below:
        share = format_share(below / people)
        found = f"{format_count(below)} of {format_count(people)} people ({share})"
        st.markdown(
            f"**✕ Not met.** {md(found)} are in smaller groups: they are found with {risk}."
        )
    else:
        st.markdown(f"**✓ Met.** Nobody is in a smaller group: nobody is found with {risk}.")
    if size != now and st.button(f"Compare with groups of at least {size} everywhere"):
        state.put(replace(state.current(), policy=class_size_policy(size)))
        st.rerun()
