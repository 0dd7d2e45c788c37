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
from ui.widgets.chart import TONES
from ui.widgets.live_chart import live_chart, nice_ticks, tick_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.search.profile import LatticeProfile, ProfileNode
    from ui.state import Session

HEIGHT = 320
MOST_POINTS = 50
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
    drawn = laid_out(profile, points, size, now) | {"version": _version(session, limit)}
    live_chart(drawn, key="frontier-chart", places=places)
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
    said = "; ".join(
        f"{format_risk(p.risk)}: {format_share(p.score)}" for p in points[:MOST_POINTS]
    )
    return f"Highest risk against detail lost, from the finest on. {said}."


def laid_out(
    profile: LatticeProfile, points: Sequence[ProfileNode], size: int, now: ProfileNode | None
) -> dict[str, Any]:
    """Return the points at their places, as the chart in the browser takes them."""
    shown = list(points[:MOST_POINTS])
    highest = max(size, *(point.smallest for point in shown))
    if now is not None:
        highest = max(highest, now.smallest)
    lost = min(1.0, 1.1 * max(point.score for point in shown) + 0.05)
    if now is not None:
        lost = max(lost, now.score)
    low, high = math.log10(0.85), math.log10(1.5 * highest)

    def up(people: int) -> float:
        return (high - math.log10(max(1, people))) / (high - low)

    return {
        "kind": "points",
        "height": HEIGHT,
        "colour": TONES["now"],
        "alt": alternative(points),
        "category": "detail lost (loss)",
        "value": "highest risk (prosecutor)",
        "ticks": [[mark / lost, tick_text(mark, percent=True)] for mark in nice_ticks(lost)],
        "up": [
            [up(tick), "certain" if tick == 1 else f"1 in {tick:,}"]
            for tick in _TICKS
            if tick <= 1.5 * highest
        ],
        "lines": [[up(size), f"policy: 1 in {size}"]],
        "points": [[p.score / lost, up(p.smallest), _hover(profile, p)] for p in shown],
        "here": None if now is None else [now.score / lost, up(now.smallest)],
    }


def _hover(profile: LatticeProfile, point: ProfileNode) -> str:
    out = choices.left_out(point.suppressed, profile.records)
    return (
        f"{format_risk(point.risk)}\n{format_share(point.score)} of the detail lost"
        f"\nrows left out: {out}"
    )


def _version(session: Session, limit: float) -> str:
    """Return what the points are points of: a click on those of another table is not heard."""
    return f"{session.original_key()} {limit}"


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
