"""The charts of an assessment: what is drawn, its message and its alternative text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reports.chart_parts import MOST, alternative, compare, people_of, share, short_label, within
from reports.chart_utility import column_losses, distribution, loss_by_column
from reports.charts import ChartSpec, Series, Threshold
from reports.stage import Stage
from reports.wording import format_count, format_number, format_share

__all__ = [
    "class_sizes",
    "closeness",
    "column_losses",
    "column_separation",
    "columns_telling_apart",
    "cumulative_risk",
    "distribution",
    "diversity",
    "loss_by_column",
    "risk_bands",
]

BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("1", 1, 1),
    ("2–4", 2, 4),
    ("5–10", 5, 10),
    ("11–19", 11, 19),
    ("20–99", 20, 99),
    ("100+", 100, None),
)
RISKS: tuple[tuple[str, int, int | None], ...] = (
    ("certain", 1, 1),
    ("1 in 2", 2, 2),
    ("1 in 3 or 4", 3, 4),
    ("1 in 5 to 10", 5, 10),
    ("1 in 11 to 19", 11, 19),
    ("1 in 20 or less", 20, None),
)
LIMITS = (2, 3, 5, 10, 11, 20, 50, 100)
PROSECUTOR_NOTE = "The attacker knows that the person is in the table (prosecutor). Exact."


def _alone(stage: Stage) -> str:
    alone, people = stage.people_by_size.get(1, 0), people_of(stage)
    if people == 0:
        return "nobody is left"
    if alone == 0:
        return "nobody is alone"
    return f"{format_share(alone / people)} of people are alone"


def class_sizes(before: Stage, after: Stage | None = None) -> ChartSpec:
    """Return people by the size of their group of look-alikes."""
    categories = tuple(label for label, _, _ in BANDS)
    series = compare(
        before,
        after,
        lambda stage: [within(stage, low, high) for _, low, high in BANDS],
        format_count,
    )
    first = _alone(before)
    title = f"{first[0].upper()}{first[1:]} in their group of look-alikes"
    if after is not None:
        title = f"In the original {first} in their group; now {_alone(after)}"
    return ChartSpec(
        id="class-sizes",
        kind="columns",
        title=title,
        categories=categories,
        series=series,
        category_title="people in the group of look-alikes (class size)",
        value_title="people",
        alt=alternative("People by the size of their group of look-alikes.", categories, series),
        note="A group of look-alikes (equivalence class) shares every quasi-identifier. Exact.",
    )


def risk_bands(before: Stage, after: Stage | None = None) -> ChartSpec:
    """Return the share of people by the risk of being found."""
    categories = tuple(label for label, _, _ in RISKS)
    series = compare(
        before,
        after,
        lambda stage: [share(within(stage, low, high), people_of(stage)) for _, low, high in RISKS],
        format_share,
    )
    certain = series[-1].values[0]
    title = (
        f"{format_share(certain)} of people are found with certainty"
        if certain
        else "Nobody is found with certainty"
    )
    return ChartSpec(
        id="risk-bands",
        kind="bars",
        title=title + (" now" if after is not None else ""),
        categories=categories,
        series=series,
        category_title="chance to be found",
        value_title="share of people",
        percent=True,
        maximum=1.0,
        alt=alternative("Share of people by their chance to be found.", categories, series),
        note=PROSECUTOR_NOTE,
    )


def cumulative_risk(before: Stage, after: Stage | None = None, *, size: int = 5) -> ChartSpec:
    """Return the share of people in groups smaller than each size; `size` is the policy's."""
    limits = tuple(sorted({*LIMITS, size}))

    def label(limit: int) -> str:
        return f"below {limit} (policy)" if limit == size else f"below {limit}"

    def shares(stage: Stage) -> list[float]:
        total = people_of(stage)
        return [share(within(stage, 1, limit - 1), total) for limit in limits]

    categories = tuple(label(limit) for limit in limits)
    series = compare(before, after, shares, format_share)
    where = limits.index(size)
    now = series[-1].values[where]
    who = f"{format_share(now)} of people are" if now else "Nobody is"
    title = f"{who} in a group of fewer than {size}"
    if after is not None:
        title += f"; in the original {format_share(series[0].values[where])}"
    return ChartSpec(
        id="cumulative-risk",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="people in the group of look-alikes",
        value_title="share of people in a group this small",
        percent=True,
        maximum=1.0,
        alt=alternative("Share of people in groups below each size.", categories, series),
        note=PROSECUTOR_NOTE,
    )


def columns_telling_apart(
    effects: Mapping[str, float], *, what: str = "share of pairs of people told apart"
) -> ChartSpec:
    """
    Return how much each column adds to the risk, the strongest first.

    Parameters
    ----------
    effects : mapping of str to float
        A share from 0 to 1 by column.
    what : str
        What the share is, in plain words.
    """
    ranked = sorted(effects.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    categories = tuple(short_label(name) for name, _ in ranked)
    values = tuple(value for _, value in ranked)
    series = (
        Series(
            name="column",
            values=values,
            tone="risk",
            texts=tuple(format_share(value) for value in values),
        ),
    )
    title = f"{categories[0]} tells people apart the most" if ranked else "No column to compare"
    return ChartSpec(
        id="columns",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="column",
        value_title=what,
        percent=True,
        maximum=1.0,
        alt=alternative(f"{what[0].upper()}{what[1:]}, by column.", categories, series),
        note="Measured on the original, one column at a time. Exact.",
    )


def column_separation(stage: Stage) -> ChartSpec | None:
    """Return how well each quasi-identifier tells people apart, or None where not measured."""
    values = {
        path[0]: value
        for path in stage.below("columns")
        if path[1:] == ("separation",)
        and (value := stage.value("columns", *path)) is not None
    }  # fmt: skip
    return columns_telling_apart(values) if values else None


def _attribute_chart(
    id_: str,
    before: Stage,
    after: Stage | None,
    *,
    model: str,
    key: str,
    title: Callable[[str, float], str],
    value_title: str,
    note: str,
    threshold: Threshold | None,
    worst: Callable[[Sequence[float]], float],
    maximum: float | None,
) -> ChartSpec | None:
    shared = after or before
    names = [
        path[0]
        for path in shared.below("models", model)
        if path[1:] == (key,)
        and shared.value("models", model, *path) is not None
        and before.value("models", model, *path) is not None
    ][:MOST]
    if not names:
        return None

    def values(stage: Stage) -> list[float]:
        return [stage.value("models", model, name, key) or 0.0 for name in names]

    categories = tuple(short_label(name) for name in names)
    series = compare(before, after, values, format_number)
    last = series[-1].values
    place = last.index(worst(last))
    return ChartSpec(
        id=id_,
        kind="bars",
        title=title(categories[place], last[place]),
        categories=categories,
        series=series,
        category_title="sensitive attribute",
        value_title=value_title,
        maximum=maximum,
        thresholds=(threshold,) if threshold else (),
        alt=alternative(f"{value_title[0].upper()}{value_title[1:]}.", categories, series),
        note=note,
    )


def diversity(
    before: Stage, after: Stage | None = None, *, at_least: float | None = None
) -> ChartSpec | None:
    """Return distinct l-diversity by sensitive attribute, or None where there is none."""

    def title(name: str, value: float) -> str:
        if value <= 1:
            return f"In at least one group everyone has the same {name}"
        return f"Every group has at least {format_count(value)} different values of {name}"

    return _attribute_chart(
        "l-diversity",
        before,
        after,
        model="l-diversity",
        key="distinct",
        title=title,
        value_title="different values in the poorest group (distinct l-diversity)",
        note="With one value, finding the group is enough to learn the attribute. Exact.",
        threshold=_threshold(at_least, "at least"),
        worst=min,
        maximum=None,
    )


def closeness(
    before: Stage,
    after: Stage | None = None,
    *,
    at_most: float | None = None,
    distance: str = "equal",
) -> ChartSpec | None:
    """Return t-closeness by sensitive attribute, or None where there is none."""
    return _attribute_chart(
        f"t-closeness-{distance}",
        before,
        after,
        model="t-closeness",
        key=distance,
        title=lambda name, value: (
            f"Knowing the group shifts the guess at {name} by up to {format_number(value)}"
        ),
        value_title=f"largest shift from everyone's shares (t, {distance} distance)",
        note="0: groups look like the whole table. 1: a group tells everything. Exact.",
        threshold=_threshold(at_most, "at most"),
        worst=max,
        maximum=1.0,
    )


def _threshold(value: float | None, words: str) -> Threshold | None:
    if value is None:
        return None
    return Threshold(value=value, label=f"policy: {words} {format_number(value)}")
