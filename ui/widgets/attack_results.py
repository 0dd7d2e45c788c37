"""What each attacker finds, before and after: the sentence, two charts, and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, NotComputed
from reports.attacks import (
    AttackReport,
    AttackRow,
    attack_notes,
    attack_rows,
    attack_sentence,
    known_words,
    worst_first,
)
from reports.chart_attack import candidate_sizes, claim_curve, worst_subsets
from risk.attacks.plan import AttackPlan
from ui import compute, state
from ui.background import Background
from ui.state import Session
from ui.widgets.attack_dossier import dossier_section
from ui.widgets.attack_form import keep_shown, show_next, shown
from ui.widgets.attack_register import strangers_note
from ui.widgets.chart import draw
from ui.widgets.guard import guard, show
from ui.widgets.options import words_of
from ui.widgets.text import long_md, long_plain, md
from ui.widgets.waiting import waiting

_LOOK = {
    "alone": ("✕", "Singled out.", "#8c1d18", "#fbeeed"),
    "guessed": ("!", "Guessed.", "#8a5a00", "#fbf6ea"),
    "nobody": ("✓", "Nobody found.", "#1f6b3a", "#eef6f0"),
    "not known": ("?", "Not known.", "#5f6b7a", "#f3f5f7"),
}
_CELL = (
    "padding:5px 16px 5px 0;text-align:left;vertical-align:top;font-weight:400;min-width:90px;"
    "border-bottom:1px solid #e6eaef;"
)
_HEAD = "color:#5f6b7a;"


def results_section(session: Session) -> None:
    """Show what one of the attackers finds; the worst one leads."""
    if not session.attacks:
        st.info(
            "Nobody has attacked yet. Choose who it is, check what they know, and press Attack: "
            "then it stands here how many people are found, and how sure the attacker can be."
        )
        return
    with guard():
        with st.spinner("Preparing the table …"):
            running = {plan.name: compute.attack(session, plan) for plan in session.attacks}
        reports, refused = _finished(running)
        plans = {plan.name: plan for plan in session.attacks}
        names = [*reports, *(name for name in plans if name not in reports)]
        name = _chosen(names, len(reports))
        if name in reports:
            _result(session, plans[name], reports[name])
        elif name in refused:
            show(refused[name])
        else:
            waiting(
                lambda: running[name].done,
                lambda: f"{md(name)} is at work behind the page. Larger tables take a minute.",
            )
        st.button("Remove this attack", key="attack-remove", on_click=_remove, args=(name,))


def _finished(
    running: Mapping[str, Background[AttackReport]],
) -> tuple[dict[str, AttackReport], dict[str, PrivacyToolError]]:
    """Return the reports that are there, the worst first, and why others never will be."""
    reports, refused = [], {}
    for name, one in running.items():
        try:
            report = one.poll()
        except PrivacyToolError as error:
            refused[name] = error
        else:
            reports += [] if report is None else [report]
    return {report.name: report for report in worst_first(reports)}, refused


def _chosen(names: list[str], finished: int) -> str:
    """Let the user choose one of several attackers; the first one where nothing was chosen."""
    number, latest = shown()
    first = latest if latest in names else names[0]
    if len(names) == 1:
        return first
    words = dict(zip(names, map(md, words_of(names)), strict=True))
    key = f"attack-shown-{number}-{finished}"  # their order changes as they finish
    st.segmented_control(
        "What does each one find? The worst comes first.",
        names,
        default=first,
        required=True,
        key=key,
        format_func=words.__getitem__,
        wrap=True,
        on_change=_picked,
        args=(key,),
    )
    return first


def _picked(key: str) -> None:
    keep_shown(st.session_state[key])


def _remove(name: str) -> None:
    session = state.current()
    kept = tuple(plan for plan in session.attacks if plan.name != name)
    state.put(replace(session, attacks=kept))
    show_next(None)


def _result(session: Session, plan: AttackPlan, report: AttackReport) -> None:
    if isinstance(report.shared, NotComputed):
        st.info(long_md(attack_sentence(report)))
    else:
        _banner(report)
    strangers_note(session, plan)
    st.markdown(f"**Knows** {long_md(known_words(report))}.")
    if report.after is not None:
        original = attack_sentence(replace(report, after=None))
        st.markdown(f"**In the original:** {long_md(original)}")
    left, right = st.columns(2, gap="medium")
    for place, chart in ((left, candidate_sizes(report)), (right, claim_curve(report))):
        if chart is not None:
            with place:
                draw(chart, key="attack")
    few = worst_subsets(report)
    if few is not None:
        draw(few, key="attack")
    dossier_section(session, plan)
    _figures(report)


def _banner(report: AttackReport) -> None:
    sign, word, ink, ground = _LOOK[outcome_of(report)]
    st.html(
        f'<div role="status" style="border-left:4px solid {ink};background:{ground};'
        f'padding:12px 16px;border-radius:4px;line-height:1.5">'
        f'<strong style="color:{ink}">{sign} {word}</strong> '
        f"{escape(long_plain(attack_sentence(report)))}</div>"
    )


def outcome_of(report: AttackReport) -> str:
    """Return the worst that happens: people left alone, guessed among several, or not found."""
    if isinstance(report.shared, NotComputed):
        return "not known"
    figures = report.shared.figures
    claims, expected = figures["unique", "claims"], figures["expected",]
    if isinstance(claims, Estimate) and round(claims.value):
        return "alone"
    if not isinstance(expected, Estimate):
        return "not known"
    return "guessed" if round(expected.value) else "nobody"


def _figures(report: AttackReport) -> None:
    rows = attack_rows(report)
    if rows:
        st.html(_table(rows, [name for name in report.stages if name in rows[0].texts]))
    for note in attack_notes(report):
        st.caption(long_md(note))


def _table(rows: Sequence[AttackRow], stages: Sequence[str]) -> str:
    """Return the figures as a table that a telephone shows whole: what one means stands below."""
    heads = ("figure", *stages)
    head = "".join(f'<th scope="col" style="{_CELL}{_HEAD}">{text}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row" style="{_CELL}">{escape(row.name)}'
        f'<br><span style="{_HEAD}">{escape(row.meaning)}</span></th>'
        + "".join(
            f'<td style="{_CELL}">{escape(row.texts.get(stage, ""))}</td>' for stage in stages
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<div tabindex="0" role="region" aria-label="Figures of the attack" '
        'style="overflow-x:auto"><table style="border-collapse:collapse;width:100%;'
        f'font-size:.88rem"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
