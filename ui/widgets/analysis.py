"""What an analyst would notice: links between columns, counts, and what models can learn."""

from __future__ import annotations

import streamlit as st

from microdata.measure import NotComputed
from reports.chart_prediction import predicted_targets, prediction_scores
from reports.chart_utility import association_map, distribution_distances, query_error
from reports.figure_names import name_figure
from reports.wording import format_figure
from ui import compute
from ui.state import Session
from ui.widgets.chart import draw
from ui.widgets.text import long_md
from ui.widgets.waiting import waiting

_TOLD_APART = ("utility", "propensity", "share_of_largest")


def analysis_section(session: Session) -> None:
    """Show what an analysis of the release would find different."""
    with st.spinner("Comparing with the original…"):
        before, after = compute.before(session), compute.complete(session)
    links = association_map(before, after)
    if links is not None:
        draw(links, key="reduce")
    if after is not None:
        left, right = st.columns(2, gap="medium")
        with left:
            moved = distribution_distances(after)
            if moved is not None:
                draw(moved, key="reduce")
        with right:
            counts = query_error(before, after)
            if counts is not None:
                draw(counts, key="reduce")
    _models(session)


def _models(session: Session) -> None:
    st.subheader("What a model can learn")
    if not compute.was_trained(session):
        st.caption(
            "Models are trained on the table as it would be shared and tested on people of the "
            "original whom they never saw. This takes some seconds."
        )
        st.button("Train models", key="train", on_click=compute.train, args=(session,))
        return
    stage = compute.trained(session).poll()
    if stage is None:
        waiting(
            lambda: compute.trained(session).done,
            lambda: "Models are being trained behind the page.",
        )
        return
    for target in predicted_targets(stage):
        chart = prediction_scores(stage, target)
        if chart is not None:
            draw(chart, key="reduce")
    for path, figure in stage.figures.items():
        if path == _TOLD_APART or isinstance(figure, NotComputed):
            name = name_figure(path)
            st.caption(long_md(f"{name.name}: {format_figure(figure, name.unit)}"))
