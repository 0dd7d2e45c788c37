"""The lattice for experts: which choices of levels are safe, and those beside the one in force."""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from reports.wording import format_count, format_share, join_names
from transforms.search.profile import OVER, SAFE, WITHIN
from ui import recipes, target
from ui.widgets import choices
from ui.widgets.chart import TEXT, plotted
from ui.widgets.text import long_md, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from transforms.search.profile import LatticeProfile
    from ui.state import Session

MOST_DRAWN = 60
LONGEST_NAME = 11
MOST_ABREAST = 4
_HIGHER = "<br> <br> "
_LOOKS = {
    SAFE: ("safe as it is", "#1f6b3a", "circle"),
    WITHIN: ("safe if some rows are left out", "#8a5a00", "diamond"),
    OVER: ("too many rows would be left out", "#8c1d18", "x"),
}


def lattice_section(session: Session) -> None:
    """Show how many choices are safe, and the choices beside the one in force."""
    profile = choices.counted(session)
    if profile is None:
        return
    limit, size = target.limit(), choices.target_size(session)
    states = profile.states(size, limit)
    st.markdown(f"**{message(states, size, limit)}**")
    at = profile.node_of(_inside(profile, recipes.levels(session.recipe)))
    whole = profile.nodes <= MOST_DRAWN
    nodes = list(range(profile.nodes)) if whole else [at, *profile.neighbours(at)]
    places = [partial(choices.go_to, profile.levels_of(node), size) for node in nodes]
    choices.point_chart(
        figure(profile, nodes, states, at, whole=whole),
        places,
        key="lattice-chart",
        alt="Choices of levels, the finer ones below, each safe or not; the table says the same.",
    )
    drawn = "The whole lattice" if whole else "The choice in force and those one level away"
    numbers = f"Numbers are the levels of {join_names(profile.columns)}. " if whole else ""
    st.caption(
        long_md(
            f"{drawn}: finer below, coarser above. {numbers}Click one to put it in force with "
            f"groups of at least {size}."
        )
    )
    _as_table(profile, nodes, states, size, at)


def message(states: np.ndarray[Any, Any], size: int, limit: float) -> str:
    """Return how many choices of levels are safe, as one sentence."""
    safe, within = int((states == SAFE).sum()), int((states == WITHIN).sum())
    return (
        f"{format_count(safe)} of {format_count(states.size)} choices of levels put everybody in "
        f"a group of {size}; {format_count(within)} more do if up to "
        f"{choices.percent(limit)} of the rows are left out"
    )


def figure(
    profile: LatticeProfile,
    nodes: Sequence[int],
    states: np.ndarray[Any, Any],
    at: int,
    *,
    whole: bool,
) -> go.Figure:
    """Return the plotly figure: a row a sum of levels, an edge where one level differs."""
    vectors = {node: tuple(profile.levels_of(node).values()) for node in nodes}
    rows: dict[int, list[int]] = {}
    for node in nodes:
        rows.setdefault(sum(vectors[node]), []).append(node)
    place = {
        node: ((i + 1) / (len(row) + 1), height)
        for height, row in rows.items()
        for i, node in enumerate(row)
    }
    edges_x: list[float | None] = []
    edges_y: list[float | None] = []
    for node in nodes:
        for other in profile.neighbours(node):
            if other > node and other in place:
                edges_x += [place[node][0], place[other][0], None]
                edges_y += [place[node][1], place[other][1], None]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": edges_x,
            "y": edges_y,
            "mode": "lines",
            "line": {"color": "#c9d1da", "width": 1},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    number = {node: i for i, node in enumerate(nodes)}
    # Names side by side would run into each other on a telephone: every second one stands higher.
    raised = {
        node
        for height, row in rows.items()
        if not whole and height > sum(vectors[at]) and len(row) > MOST_ABREAST
        for node in row[1::2]
    }
    for state, (words, colour, symbol) in _LOOKS.items():
        chosen = [node for node in nodes if states[node] == state]
        if not chosen:
            continue
        traces.append(
            {
                "type": "scatter",
                "x": [place[node][0] for node in chosen],
                "y": [place[node][1] for node in chosen],
                "customdata": [number[node] for node in chosen],
                "mode": "markers+text",
                "marker": {
                    "opacity": 1,
                    "size": [16 if node == at else 10 for node in chosen],
                    "color": colour,
                    "symbol": symbol,
                },
                "text": [
                    label(profile, node, at, whole=whole) + (_HIGHER if node in raised else "")
                    for node in chosen
                ],
                "unselected": {"marker": {"opacity": 1}, "textfont": {"color": TEXT}},
                "textposition": [
                    # Edges come from above to a finer node: its words stand below it.
                    "bottom center" if place[node][1] < sum(vectors[at]) else "top center"
                    for node in chosen
                ],
                "textfont": {"size": 10, "color": TEXT},
                "hoverinfo": "text",
                "hovertext": [words for _ in chosen],
                "name": words,
            }
        )
    heights = sorted(rows)
    hidden = {"visible": False, "fixedrange": True}
    return plotted(
        traces,
        xaxis=hidden | {"range": [0, 1]},
        yaxis=hidden | {"range": [heights[0] - 0.6, heights[-1] + 0.6]},
        height=min(620, 130 + 75 * len(heights)),
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        font={"color": TEXT, "size": 12, "family": "sans-serif"},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        clickmode="event+select",
        dragmode=False,
    )


def label(profile: LatticeProfile, node: int, at: int, *, whole: bool) -> str:
    """Return what stands at a node: its levels, or what it changes of those in force."""
    levels, now = profile.levels_of(node), profile.levels_of(at)
    if node == at:
        return "in force"
    if whole:
        return "·".join(str(level) for level in levels.values())
    name = next(name for name, level in levels.items() if level != now[name])
    short = plain(name)
    short = short if len(short) <= LONGEST_NAME else f"{short[: LONGEST_NAME - 1]}…"
    return f"{html.escape(short)}<br>{now[name]} → {levels[name]}"


def _inside(profile: LatticeProfile, held: Mapping[str, int]) -> dict[str, int]:
    return {
        name: max(low, min(held.get(name, 0), low + number - 1))
        for name, low, number in zip(profile.columns, profile.lowest, profile.shape, strict=True)
    }


def _as_table(
    profile: LatticeProfile,
    nodes: Sequence[int],
    states: np.ndarray[Any, Any],
    size: int,
    at: int,
) -> None:
    now = profile.levels_of(at)
    st.dataframe(
        pd.DataFrame(
            {
                "levels against now": [
                    choices.difference(profile.levels_of(n), now) for n in nodes
                ],
                f"groups of {size}": [_LOOKS[int(states[n])][0] for n in nodes],
                "rows left out": [
                    choices.left_out(profile.at(n, size).suppressed, profile.records) for n in nodes
                ],
                "detail lost": [format_share(profile.at(n, size).score) for n in nodes],
            }
        ),
        hide_index=True,
        width="stretch",
    )
    others = [node for node in nodes if node != at]
    if others:
        choices.put_in_force(
            "Choice of levels",
            others,
            lambda node: choices.difference(profile.levels_of(node), now),
            lambda node: choices.go_to(profile.levels_of(node), size),
            key="lattice",
        )
