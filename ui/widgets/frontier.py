"""The best trades of risk against detail, where the recipe stands, and a click to go elsewhere."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reports.wording import format_risk, format_share
from ui import recipes, target
from ui.widgets import choices
from ui.widgets.chart import GRID, THRESHOLD, TONES, dashed, plotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from transforms.search.profile import LatticeProfile, ProfileNode
    from ui.state import Session

HEIGHT = 320
_TICKS = (1, 2, 5, 10, 20, 50, 100, 1_000, 10_000)


def frontier_section(session: Session) -> None:
    """Show the best trade for every size of group, and where the recipe stands."""
    profile = choices.counted(session)
    if profile is None:
        return
    limit, size = target.limit(), choices.target_size(session)
    points = profile.frontier(limit)
    if not points:
        st.caption(
            f"With at most {choices.percent(limit)} of the rows left out no choice of levels puts "
            "anybody in a group of two. Allow more, or build coarser levels on the Columns page."
        )
        return
    now = choices.here(session, profile)
    st.markdown(f"**{message(profile, limit, size, now)}**")
    places = [partial(choices.go_to, point.levels, point.k) for point in points]
    drawn = figure(profile, points, size, now)
    choices.point_chart(drawn, places, key="frontier-chart", alt=alternative(points))
    st.caption(
        f"Each point is the release that loses the least for its highest risk, with at most "
        f"{choices.percent(limit)} of the rows left out; {profile.nodes:,} choices of levels "
        "were counted. Click a point to put it in force. The search averages the loss of "
        "the columns in its own way, so it is not exactly what the detail kept above leaves."
    )
    _as_table(session, profile, points)


def message(profile: LatticeProfile, limit: float, size: int, now: ProfileNode | None) -> str:
    """Return what the chart says, as one sentence."""
    best = profile.best(size, limit)
    if best is None:
        return (
            f"No choice of levels reaches groups of {size} with at most "
            f"{choices.percent(limit)} of the rows left out"
        )
    lost = format_share(best.score)
    least = f"groups of {size} cost at least {lost} of the detail"
    if now is None:
        return f"With one level for each column, {least}"
    least = least.capitalize()
    if now.suppressed > limit * profile.records:
        return f"{least}; you leave out more rows than the limit"
    if now.smallest >= size and now.score <= best.score * (1 + 1e-9):
        return f"{least}: you are there"
    return f"{least}; you lose {format_share(now.score)} for groups of {now.smallest}"


def alternative(points: Sequence[ProfileNode]) -> str:
    """Return the chart in words."""
    said = "; ".join(f"{format_risk(p.risk)}: {format_share(p.score)}" for p in points[:50])
    return f"Highest risk against detail lost, from the finest on. {said}."


def figure(
    profile: LatticeProfile, points: Sequence[ProfileNode], size: int, now: ProfileNode | None
) -> go.Figure:
    """Return the plotly figure."""
    shown = list(points[:50])
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": [point.score for point in shown],
            "y": [point.smallest for point in shown],
            "customdata": list(range(len(shown))),
            "mode": "lines+markers",
            "line": {"color": TONES["now"], "width": 1.5, "shape": "hv"},
            "marker": {"size": 8, "color": "white", "line": {"color": TONES["now"], "width": 1.5}},
            "hovertext": [_hover(profile, point) for point in shown],
            "hoverinfo": "text",
            "name": "best trade",
        }
    ]
    highest = max(size, *(point.smallest for point in shown))
    if now is not None:
        highest = max(highest, now.smallest)
        traces.append(
            {
                "type": "scatter",
                "x": [now.score],
                "y": [max(1, now.smallest)],
                "mode": "markers+text",
                "marker": {"size": 13, "color": TONES["now"], "symbol": "diamond"},
                "text": ["you are here"],
                "textposition": "top right" if now.score < 0.5 else "bottom left",
                "textfont": {"color": TONES["now"], "size": 13},
                "hoverinfo": "skip",
                "name": "you are here",
            }
        )
    policy = {
        "text": f"policy: 1 in {size}",
        "font": {"color": THRESHOLD, "size": 12},
        "showarrow": False,
        # On the left: what loses little is never below the line.
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": math.log10(size),
        "yanchor": "top",
    }
    ticks = [tick for tick in _TICKS if tick <= 2 * highest]
    axis: dict[str, Any] = {"gridcolor": GRID, "fixedrange": True, "automargin": True}
    return plotted(
        traces,
        shapes=[dashed(size, upright=False)],
        annotations=[policy],
        xaxis=axis
        | {
            "title": {"text": "detail lost (loss)", "font": {"size": 12}, "standoff": 8},
            "tickformat": "~%",
            "range": [-0.02, min(1.02, 1.12 * max(p.score for p in shown) + 0.05)],
            "zeroline": False,
        },
        yaxis=axis
        | {
            "title": {"text": "highest risk (prosecutor)", "font": {"size": 12}, "standoff": 4},
            "type": "log",
            "range": [math.log10(1.5 * highest), math.log10(0.85)],
            "tickvals": ticks,
            "ticktext": ["certain" if tick == 1 else f"1 in {tick}" for tick in ticks],
            "zeroline": False,
        },
        height=HEIGHT,
        margin={"l": 8, "r": 24, "t": 12, "b": 8},
        showlegend=False,
        clickmode="event+select",
        dragmode=False,
    )


def _hover(profile: LatticeProfile, point: ProfileNode) -> str:
    out = choices.left_out(point.suppressed, profile.records)
    return (
        f"{format_risk(point.risk)}<br>{format_share(point.score)} of the detail lost"
        f"<br>rows left out: {out}"
    )


def _as_table(session: Session, profile: LatticeProfile, points: Sequence[ProfileNode]) -> None:
    now = recipes.levels(session.recipe)
    table = st.expander(
        "Values as a table, and another way to go there", key="frontier-table", on_change="rerun"
    )
    if not table.open:
        return
    with table:
        st.dataframe(
            pd.DataFrame(
                {
                    "smallest group (k)": [point.smallest for point in points],
                    "highest risk (prosecutor)": [format_risk(point.risk) for point in points],
                    "detail lost": [format_share(point.score) for point in points],
                    "rows left out": [
                        choices.left_out(p.suppressed, profile.records) for p in points
                    ],
                    "levels against now": [choices.difference(p.levels, now) for p in points],
                }
            ),
            hide_index=True,
            width="stretch",
        )
        choices.put_in_force(
            "Release",
            points,
            lambda point: f"groups of {point.smallest}: {format_share(point.score)} lost",
            lambda point: choices.go_to(point.levels, point.k),
            key="frontier",
        )
