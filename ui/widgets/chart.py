"""A ChartSpec drawn by plotly: the message as its title, direct labels, a table of its values."""

from __future__ import annotations

import math
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from reports.charts import RAMP, shade_colour
from ui.widgets.text import long_md, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.charts import ChartSpec, Series, Threshold

TONES = {
    "before": "#8a94a0",
    "now": "#0b4f94",
    "risk": "#b5541c",
    "utility": "#2f6ea8",
    "neutral": "#5f6b7a",
}
PATTERNS = {"before": "/", "now": ""}
THRESHOLD = "#8c1d18"
GRID = "#e6eaef"
TEXT = "#0b1016"
ROW_PIXELS = 34
MOST_ROOMY_ROWS = 8
MAP_ROW_PIXELS = 30
MAP_LABEL = 16
CLOSE_ROW_PIXELS = 22
COLUMNS_PIXELS = 320
LONGEST_ON_A_LINE = 12
LONGEST_TICK = 28
LABELLED_BAR_PIXELS = 30
MOST_UPRIGHT_PAIRS = 4
CONFIG = {"displayModeBar": False, "showTips": False}


def draw(spec: ChartSpec, *, key: str = "") -> None:
    """Draw a chart with its title, its note and the table of its values."""
    with titled(spec, key=key):
        st.plotly_chart(
            figure(spec),
            width="stretch",
            theme=None,
            config=CONFIG,
            key=f"chart-{spec.id}-{key}",
            alt=plain(spec.alt or spec.title),
        )


@contextmanager
def titled(spec: ChartSpec, *, key: str) -> Iterator[None]:
    """Set the title above what is drawn, and the note and the table of the values below."""
    st.markdown(f"**{long_md(spec.title)}**")
    yield
    if spec.note:
        st.caption(long_md(spec.note))
    # A table that nobody looks at costs as much as a chart, so it is made when it is opened.
    table = st.expander("Values as a table", key=f"table-{spec.id}-{key}", on_change="rerun")
    if table.open:
        head, *body = spec.rows()
        shown = pd.DataFrame(body, columns=_distinct(head))
        table.dataframe(shown, hide_index=True, width="stretch")


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names that differ: plotly would lay bars of the same name over each other."""
    return [name if names.index(name) == i else f"{name} ({i})" for i, name in enumerate(names)]


def figure(spec: ChartSpec) -> go.Figure:
    """Return the plotly figure of a chart."""
    if spec.kind == "map":
        return _map(spec)
    lying = is_lying(spec)
    cut = _wrapped if lying and len(spec.categories) <= MOST_ROOMY_ROWS else _tick
    categories = _distinct([cut(category) for category in spec.categories])
    values: dict[str, Any] = {
        "title": {"text": _tick(spec.value_title, 60), "font": {"size": 11}, "standoff": 8},
        "automargin": True,
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": "#b8c1cc",
        "rangemode": "tozero",
        "nticks": 5,
        "tickformat": ",~%" if spec.percent else _number_format(spec),
        "fixedrange": True,
    }
    if not spec.percent and _small_counts(spec):
        values["dtick"] = 1
    reach = _room_for_labels(spec, lying=lying)
    if spec.maximum is not None:
        reach = spec.maximum * _beyond_the_maximum(spec, lying=lying)
        if lying:  # the room for the labels is no part of the scale
            values["tickvals"] = [0, spec.maximum / 2, spec.maximum]
    if reach:
        values["range"] = [0, reach]
    named: dict[str, Any] = {
        "title": {
            "text": "" if spec.kind == "bars" else _tick(spec.category_title, 60),
            "font": {"size": 12},
            "standoff": 8,
        },
        "type": "category",
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    if lying:
        named |= {"autorange": "reversed", "ticklabelstandoff": 5}
    several = len(spec.series) > 1
    return plotted(
        [_bars(series, categories, spec, lying=lying) for series in spec.series],
        xaxis=values if lying else named,
        yaxis=named if lying else values,
        shapes=[_dashed(threshold.value, upright=lying) for threshold in spec.thresholds],
        annotations=[_label(threshold, lying=lying) for threshold in spec.thresholds],
        height=height_of(spec) if lying else COLUMNS_PIXELS,
        margin={"l": 8, "r": 24, "t": 34 if several or spec.thresholds else 12, "b": 8},
        bargap=0.28,
        bargroupgap=0.06,
        barmode="group",
        showlegend=several,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
    )


def is_lying(spec: ChartSpec) -> bool:
    """Whether bars lie: upright pairs of many categories have no room for the numbers above."""
    crowded = len(spec.series) > 1 and len(spec.categories) > MOST_UPRIGHT_PAIRS
    return spec.kind == "bars" or crowded


def plotted(traces: list[dict[str, Any]], **layout: Any) -> go.Figure:
    """
    Return a figure in the look of all charts, made of plain parts.

    Plotly checks each part once then; set one after the other, each costs as much as all of them.
    Its own look is left out: it would be sent with every chart.
    """
    look = {
        "template": {},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "font": {"color": TEXT, "size": 13, "family": "sans-serif"},
        "hoverlabel": {"bgcolor": "white", "font": {"color": TEXT}},
    }
    return go.Figure({"data": traces, "layout": look | layout})


def _dashed(value: float, *, upright: bool) -> dict[str, Any]:
    """Return the line of a threshold across the whole chart."""
    along, across = ("x", "y") if upright else ("y", "x")
    return {
        "type": "line",
        f"{along}0": value,
        f"{along}1": value,
        f"{across}ref": "paper",
        f"{across}0": 0,
        f"{across}1": 1,
        "line": {"color": THRESHOLD, "width": 1.5, "dash": "dash"},
    }


def _label(threshold: Threshold, *, lying: bool) -> dict[str, Any]:
    place: dict[str, Any] = {"xref": "paper", "x": 1, "xanchor": "right", "y": threshold.value}
    if lying:
        place = {"yref": "paper", "y": 1, "x": threshold.value}
    return place | {
        "text": _tick(threshold.label, 60),
        "font": {"color": THRESHOLD, "size": 12},
        "showarrow": False,
        "yanchor": "bottom",
    }


def _map(spec: ChartSpec) -> go.Figure:
    """Return the cells of a map with their texts, in the colour that is read best on each."""
    rows = _distinct([_tick(series.name, MAP_LABEL) for series in spec.series])
    shades = [
        [spec.shade(series, i) for i in range(len(spec.categories))] for series in spec.series
    ]
    columns = _distinct([_tick(category, MAP_LABEL) for category in spec.categories])
    size = 9 if len(columns) > 8 else 12
    cells = {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "z": shades,
        "text": [[_tick(text) for text in series.texts] for series in spec.series],
        "colorscale": [[0, RAMP[0]], [1, RAMP[1]]],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "hovertemplate": "%{y} – %{x}<br>%{text}<extra></extra>",
    }
    # By place: a category that is a number would be taken for one.
    texts = [
        {
            "x": i,
            "y": j,
            "text": _tick(text),
            "showarrow": False,
            "font": {"size": size, "color": shade_colour(shade)[1]},
        }
        for j, (series, dark) in enumerate(zip(spec.series, shades, strict=True))
        for i, (text, shade) in enumerate(zip(series.texts, dark, strict=True))
        if shade is not None
    ]
    axis: dict[str, Any] = {
        "type": "category",
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
        "ticks": "",
    }
    return plotted(
        [cells],
        annotations=texts,
        xaxis=axis | {"side": "top", "tickangle": 0},
        yaxis=axis | {"autorange": "reversed"},
        height=60 + MAP_ROW_PIXELS * len(rows),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"color": TEXT, "size": 12, "family": "sans-serif"},
    )


def _room_for_labels(spec: ChartSpec, *, lying: bool) -> float:
    """Return how far the axis of lying bars goes so that no number beside a bar is cut; else 0."""
    shown = [value for series in spec.series for value in tuple(series.values)]
    shown += [threshold.value for threshold in spec.thresholds]
    finite = [value for value in shown if math.isfinite(value)]
    return 1.18 * max(finite, default=0.0) if lying else 0.0


def _beyond_the_maximum(spec: ChartSpec, *, lying: bool) -> float:
    """Return how far the axis goes for bars of a known maximum, as a multiple of it."""
    if not lying:
        return 1.08
    # On a telephone the number beside the longest bar takes a fifth of the width.
    return 1.5 if _on_two_lines(spec) else 1.22


def height_of(spec: ChartSpec) -> float:
    """Return the height of a chart of lying bars: long ones are set closer."""
    rows, bars = max(2, len(spec.categories)), len(spec.series)
    if _on_two_lines(spec):
        # On a telephone the legend takes a line a series.
        return 120 + 20 * bars + LABELLED_BAR_PIXELS * bars * rows
    each = ROW_PIXELS if rows <= MOST_ROOMY_ROWS else CLOSE_ROW_PIXELS
    return 90 + each * rows * max(1.0, 0.7 * bars)


def _on_two_lines(spec: ChartSpec) -> bool:
    """Whether what stands in brackets, such as an interval, goes below the number at a bar."""
    return len(spec.series) > 1 and any(
        len(text) > LONGEST_ON_A_LINE and " (" in text for s in spec.series for text in s.texts
    )


def _small_counts(spec: ChartSpec) -> bool:
    """Whether all values are whole numbers below ten, so that the axis counts one by one."""
    shown = [value for series in spec.series for value in tuple(series.values)]
    return spec.maximum is None and all(v < 10 and float(v).is_integer() for v in shown)


def _number_format(spec: ChartSpec) -> str:
    """Return whole numbers with thousands separators, or a few digits where values are small."""
    largest = max((max(series.values, default=0.0) for series in spec.series), default=0.0)
    return ",.0f" if largest >= 10 else "~g"


def _bars(series: Series, categories: list[str], spec: ChartSpec, *, lying: bool) -> dict[str, Any]:
    texts: list[str] | None = [_tick(text) for text in series.texts] or None
    many = len(spec.categories) > 14
    if texts and lying and _on_two_lines(spec):
        texts = [text.replace(" (", "<br>(", 1) for text in texts]
    if texts and not lying and len(spec.series) > 1:
        # Side by side there is only room for the labels of bars that are there.
        texts = [text if value else "" for text, value in zip(texts, series.values, strict=True)]
    return {
        "type": "bar",
        "x": list(series.values) if lying else categories,
        "y": categories if lying else list(series.values),
        "orientation": "h" if lying else "v",
        "name": _tick(series.name),
        "text": None if many and not lying else texts,
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "textfont": {"size": 11, "color": TEXT},
        "marker": {
            "color": TONES[series.tone],
            "pattern": {
                "shape": PATTERNS.get(series.tone, ""),
                "fillmode": "overlay",
                "fgcolor": "white",
                "solidity": 0.12,
                "size": 7,
            },
        },
        "hovertemplate": "%{y}<br>%{x}<extra></extra>" if lying else "%{x}<br>%{y}<extra></extra>",
    }


def _wrapped(text: str) -> str:
    """Return user text on at most two lines, cut at a space where there is one."""
    lines = wrap(plain(text), LONGEST_TICK, break_on_hyphens=False, max_lines=2, placeholder="…")
    return "<br>".join(_tick(line) for line in lines)


def _tick(text: str, longest: int = LONGEST_TICK) -> str:
    """Return user text for plotly, which reads a little HTML: escaped and cut."""
    short = plain(text)
    short = short if len(short) <= longest else f"{short[: longest - 1]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
