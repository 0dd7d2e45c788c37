"""
Charts that answer a move at once: laid out here, drawn by the browser without a library.

Streamlit mounts a plotly chart anew whenever its figure changes, which takes longer than the move
itself. A component keeps its place and only draws what it is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.widgets.chart import (
    COLUMNS_PIXELS,
    PATTERNS,
    TONES,
    height_of,
    is_lying,
    titled,
)
from ui.widgets.text import plain

if TYPE_CHECKING:
    from reports.charts import ChartSpec

_HTML = '<div class="live"></div>'
_CSS = """
.live {font-family: var(--st-font, sans-serif); width: 100%;}
.live svg {display: block; font-family: sans-serif;}
.live .reach {cursor: pointer;}
"""
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 5
ROOM_AT_THE_END = 1.18


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text("utf-8")


def draw_live(spec: ChartSpec, *, key: str) -> None:
    """Draw columns or bars with title, note and table, such that a change is seen at once."""
    with titled(spec, key=key):
        live_chart(drawing(spec), key=f"chart-{spec.id}-{key}")


def live_chart(
    laid_out: dict[str, Any], *, key: str, places: Sequence[Callable[[], None]] = ()
) -> None:
    """
    Draw what was laid out; a click on a point goes to its place.

    Parameters
    ----------
    laid_out : dict
        As `drawing` makes it, or points with a ``version`` that says what they are points of.
    key : str
    places : sequence of callable
        What a click on each point does.
    """
    component = st.components.v2.component("live_chart", html=_HTML, css=_CSS, js=_script())
    component(
        data=laid_out | {"id": key.replace(" ", "-")},
        key=key,
        on_chosen_change=partial(_chosen, key, laid_out.get("version", ""), places),
    )


def _chosen(key: str, version: str, places: Sequence[Callable[[], None]]) -> None:
    of, place = st.session_state[key]["chosen"]
    if of == version and 0 <= int(place) < len(places):
        places[int(place)]()


def drawing(spec: ChartSpec) -> dict[str, Any]:
    """Return columns or bars with every length as a share of the value axis."""
    if spec.kind == "map":
        raise ValueError("A map is not drawn by this component.")
    lying = is_lying(spec)
    ends = [value for series in spec.series for value in tuple(series.values)]
    ends += [threshold.value for threshold in spec.thresholds]
    top = max((end for end in ends if math.isfinite(end)), default=0.0) or 1.0
    reach = (spec.maximum or top) * (ROOM_AT_THE_END if lying else 1.08)
    marks = nice_ticks(top)
    if spec.maximum is not None:
        marks = [0.0, spec.maximum / 2, spec.maximum]
    return {
        "kind": "bars",
        "lying": lying,
        "height": height_of(spec) if lying else COLUMNS_PIXELS,
        "alt": plain(spec.alt or spec.title),
        "category": plain(spec.category_title),
        "value": plain(spec.value_title),
        "categories": [plain(category) for category in spec.categories],
        "ticks": [[mark / reach, tick_text(mark, percent=spec.percent)] for mark in marks],
        "lines": [[line.value / reach, plain(line.label)] for line in spec.thresholds],
        "series": [
            {
                "name": plain(series.name),
                "colour": TONES[series.tone],
                "hatched": bool(PATTERNS.get(series.tone)),
                "shares": [min(value, reach) / reach for value in tuple(series.values)],
                "texts": [plain(text) for text in series.texts],
            }
            for series in spec.series
        ],
    }


def nice_ticks(top: float) -> list[float]:
    """Return at most five round numbers from 0 up to `top`."""
    size = 10.0 ** math.floor(math.log10(top))
    step = next(
        unit * part
        for unit in (size / 10, size)
        for part in STEPS
        if top / (unit * part) < MOST_TICKS
    )
    return [step * i for i in range(math.floor(top / step + 1e-9) + 1)]


def tick_text(mark: float, *, percent: bool) -> str:
    """Return the number at a tick."""
    return f"{100 * mark:,.4g} %" if percent else f"{mark:,.6g}"
