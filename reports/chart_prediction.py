"""The chart of what models can learn from a release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from microdata.measure import Figure, NotComputed, Path
from reports.chart_parts import alternative, how_estimated, short_label
from reports.charts import ChartSpec, Series
from reports.prediction_names import MODELS
from reports.stage import Stage
from reports.wording import format_number, format_range

_PLACE = ("utility", "prediction")
_METRICS = ("accuracy", "r_squared")
_NOTE = (
    "In brackets after a score: its 95 % interval. People who are tested are drawn from the "
    "original and never trained on."
)


def predicted_targets(stage: Stage) -> tuple[str, ...]:
    """Return the columns that models were trained to predict."""
    return tuple(dict.fromkeys(path[0] for path in stage.below(*_PLACE) if len(path) > 1))


def prediction_scores(stage: Stage, target: str) -> ChartSpec | None:
    """Return how well models predict a column, or None where none was trained."""
    metric = next(
        (m for m in _METRICS if stage.value(*_PLACE, target, "baseline", m) is not None), None
    )
    models = [
        (model, words)
        for model, words in MODELS.items()
        if metric and stage.value(*_PLACE, target, model, metric, "release") is not None
    ]
    if metric is None or not models:
        return None
    baseline = (*_PLACE, target, "baseline", metric)
    release = [(*_PLACE, target, model, metric, "release") for model, _ in models]
    original = [(*_PLACE, target, model, metric, "original") for model, _ in models]
    series = (
        _series(stage, "no model", "neutral", [baseline] * len(models)),
        _series(stage, "trained on this table", "now", release),
        _series(stage, "trained on the original", "before", original),
    )
    categories = tuple(f"{words[:1].upper()}{words[1:]}" for _, words in models)
    # The model that learns most from the original is the one to speak of.
    best = max(range(len(models)), key=lambda i: series[2].values[i])
    name = short_label(target)
    said = [format_number(round(100 * s.values[best])) for s in series]
    if metric == "accuracy":
        title = (
            f"A model trained on this table predicts {name} right for {said[1]} of 100 people; "
            f"trained on the original, for {said[2]}; always saying the most frequent value, for "
            f"{said[0]}"
        )
    else:
        title = (
            f"A model trained on this table predicts {said[1]} % of the differences in {name}; "
            f"trained on the original, {said[2]} %"
        )
    return ChartSpec(
        id=f"prediction-{target}",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="model",
        value_title="people predicted right" if metric == "accuracy" else "differences predicted",
        percent=True,
        maximum=1.0,
        alt=alternative(f"How well models predict {name}.", categories, series),
        note=f"Estimated: {how_estimated(stage.figure(*release[0]))}{_NOTE}",
    )


def _series(
    stage: Stage, name: str, tone: Literal["neutral", "now", "before"], places: Sequence[Path]
) -> Series:
    # A model that is worse than the mean has nothing to show.
    values = tuple(max(0.0, stage.value(*place) or 0.0) for place in places)
    texts = tuple(_text(stage.figure(*place)) for place in places)
    return Series(name=name, values=values, tone=tone, texts=texts)


def _text(figure: Figure) -> str:
    """Return a score with its interval, as a bar's text."""
    if isinstance(figure, NotComputed):
        return ""
    text = f"{100 * figure.value:.1f} %"
    if figure.low is None or figure.high is None or figure.low < 0:
        return text
    return f"{text} ({format_range(figure.low, figure.high, 'share')})"
