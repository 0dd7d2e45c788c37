"""The five tiles that stay in view: original -> now, and whether that is better."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from reports.headline import HeadlineRow, headline_rows, policy_size
from ui.widgets.text import plain

if TYPE_CHECKING:
    from reports.stage import Stage
    from risk.policy import Policy

_STYLE = """
<style>
.pv-board {display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:10px;}
.pv-tile {border:1px solid #dde3ea; border-radius:6px; padding:9px 12px; min-height:92px;}
.pv-name {font-size:.82rem; font-weight:600; color:#0b1016;}
.pv-term {font-weight:400; color:#5f6b7a;}
.pv-now {font-size:1.32rem; font-weight:700; color:#0b1016; line-height:1.5;}
.pv-was {font-size:.8rem; color:#5f6b7a;}
@media (min-width:900px) and (min-height:700px) {
  div:has(> .st-key-scoreboard) {position:sticky; top:3.75rem; z-index:5; background:white;
    padding:6px 0;}
}
.pv-better {color:#1f6b3a;} .pv-worse {color:#8c1d18;}
</style>
"""


def scoreboard(before: Stage, after: Stage | None, policy: Policy) -> None:
    """Show the five headline figures, in view wherever the page is scrolled to."""
    rows = headline_rows(before, after, size=policy_size(policy))
    with st.container(key="scoreboard"):
        tiles(rows, released=after is not None)


def tiles(rows: Sequence[HeadlineRow], *, released: bool) -> None:
    """Show headline figures."""
    shown = []
    for row in rows:
        was = f"was {row.before}" if released else "in the original"
        change = ""
        if row.change in {"better", "worse"}:
            change = f' <span class="pv-{row.change}">{row.arrow} {row.change}</span>'
        now = "not computed" if row.now.startswith("not computed") else row.now
        shown.append(
            f'<div class="pv-tile"><div class="pv-name">{_safe(row.name)} '
            f'<span class="pv-term">({_safe(row.term)})</span></div>'
            f'<div class="pv-now">{_safe(now)}</div>'
            f'<div class="pv-was">{_safe(was)}{change}</div></div>'
        )
    st.html(f'{_STYLE}<div class="pv-board">{"".join(shown)}</div>')


def _safe(text: str) -> str:
    return escape(plain(text))
