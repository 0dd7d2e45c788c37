"""The verdict: a word and a sign first, colour second."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from reports.narrative import policy_sentence, risk_sentence
from reports.stage import Stage
from risk.policy import Policy, Verdict
from ui.widgets.text import long_plain, plain

_LOOK = {
    "met": ("✓", "Met.", "#1f6b3a", "#eef6f0"),
    "not met": ("✕", "Not met.", "#8c1d18", "#fbeeed"),
    "not computed": ("?", "Not computed.", "#5f6b7a", "#f3f5f7"),
}


def worst(verdicts: Sequence[Verdict]) -> str:
    """Return the verdict that leads: not met before not computed before met."""
    said = {verdict.verdict for verdict in verdicts}
    return next((word for word in ("not met", "not computed") if word in said), "met")


def banner(
    stage: Stage, policy: Policy, verdicts: Sequence[Verdict], quasi_identifiers: Sequence[str]
) -> None:
    """Show what the table means for its people, and what the policy says."""
    sign, word, ink, ground = _LOOK[worst(verdicts)]
    known = [plain(name) for name in quasi_identifiers]
    sentence = escape(f"{risk_sentence(stage, known)} {policy_sentence(policy, verdicts)}")
    st.html(
        f'<div role="status" style="border-left:4px solid {ink};background:{ground};'
        f'padding:12px 16px;border-radius:4px;line-height:1.5">'
        f'<strong style="color:{ink}">{sign} {word}</strong> {sentence}</div>'
    )


def requirement_list(verdicts: Sequence[Verdict]) -> None:
    """Show each requirement with its verdict and why."""
    lines = [_judged(said.verdict, said.requirement, said.why) for said in verdicts]
    if lines:
        items = "".join(f'<li style="margin:4px 0">{line}</li>' for line in lines)
        st.html(f'<ul style="list-style:none;padding-left:4px;margin:0">{items}</ul>')


def verdict_line(verdict: str, what: str, why: str) -> None:
    """Show one verdict with what it is about and why; "" is no verdict."""
    st.html(f'<p style="margin:4px 0">{_judged(verdict, what, why)}</p>')


def _judged(verdict: str, what: str, why: str) -> str:
    said = ""
    if verdict:
        sign, word, ink, _ = _LOOK[verdict]
        said = f'<strong style="color:{ink}">{sign} {word}</strong> '
    return f"{said}{escape(long_plain(what))}: {escape(long_plain(why))}"
