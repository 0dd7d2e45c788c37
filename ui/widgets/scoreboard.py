"""The five tiles that stay in view: original -> now, and whether that is better."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from reports.headline import headline_rows, policy_size
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
    """Show the five headline figures."""
    size = policy_size(policy)
    tiles = []
    for row in headline_rows(before, after, size=size):
        was = f"was {row.before}" if after is not None else "in the original"
        change = ""
        if row.change in {"better", "worse"}:
            change = f' <span class="pv-{row.change}">{row.arrow} {row.change}</span>'
        now = "not computed" if row.now.startswith("not computed") else row.now
        tiles.append(
            f'<div class="pv-tile"><div class="pv-name">{_safe(row.name)} '
            f'<span class="pv-term">({_safe(row.term)})</span></div>'
            f'<div class="pv-now">{_safe(now)}</div>'
            f'<div class="pv-was">{_safe(was)}{change}</div></div>'
        )
    with st.container(key="scoreboard"):
        st.html(f'{_STYLE}<div class="pv-board">{"".join(tiles)}</div>')


def _safe(text: str) -> str:
    return escape(plain(text))
