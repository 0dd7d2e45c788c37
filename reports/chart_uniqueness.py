"""Charts of those who stand out: in the population, by few known columns, by special uniqueness."""

from __future__ import annotations

from reports.chart_parts import MOST, alternative, compare, short_label
from reports.charts import ChartSpec, Series
from reports.stage import Stage
from reports.wording import format_count, format_range, format_share, join_names

_POPULATION = ("uniqueness", "population")
_ESTIMATES = {
    "pitman": "Pitman",
    "zayatz": "Zayatz",
    "snb": "SNB",
    "counted": "Counted in the population table",
}
NOTABLE = 0.01
"""The share of people from which on a combination is the message of a chart."""
BAND = "The band runs from the least to the greatest estimate; it is no confidence interval."


def population_band(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """Return the estimates of uniqueness in the population, or None where there are none."""
    if not _band_text(before):
        return None
    stages = [before] if after is None or not _band_text(after) else [before, after]
    # An estimator without a solution has no bar: zero would say that nobody is unique.
    keys = {
        key: words
        for key, words in _ESTIMATES.items()
        if all(stage.value(*_POPULATION, key) is not None for stage in stages)
    }
    if not keys:
        return None
    told = [_band_text(stage) for stage in stages]
    title = f"Of all people in the population {told[-1]} have no look-alike in it"
    if len(stages) > 1:
        title += f"; by the original {told[0]}"
    elif after is not None:
        title += ", by the original; the table now gives no estimate"
    picked = stages[-1].labels.get((*_POPULATION, "rule"), "")
    categories = tuple(
        f"{words} (the rule's pick)" if key == picked else words for key, words in keys.items()
    )
    series = compare(
        stages[0],
        stages[1] if len(stages) > 1 else None,
        lambda stage: [stage.value(*_POPULATION, key) or 0.0 for key in keys],
        format_share,
    )
    return ChartSpec(
        id="population-uniqueness",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="estimator",
        value_title="share of the population that is unique",
        percent=True,
        alt=alternative("Share of the population that is unique.", categories, series),
        note=f"Estimated. {BAND} SNB: shifted negative binomial. The rule is Dankar's (2012).",
    )


def _band_text(stage: Stage) -> str:
    """Return the share of the population that is unique, as counted or as a band; "" if unknown."""
    counted = stage.value(*_POPULATION, "counted")
    if counted is not None:
        return format_share(counted)
    low, high = stage.value(*_POPULATION, "low"), stage.value(*_POPULATION, "high")
    if low is None or high is None:
        return ""
    return f"an estimated {format_range(low, high, 'share')}"


def unicity(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """Return who is unique by how many known columns at worst, or None where not measured."""
    shared = after or before
    known = sorted(
        (
            path[0]
            for path in before.below("unicity")
            if path[1:] == ("max",)
            and None not in (before.value("unicity", *path), shared.value("unicity", *path))
        ),
        key=int,
    )
    if not known:
        return None
    series = compare(
        before,
        after,
        lambda stage: [stage.value("unicity", m, "max") or 0.0 for m in known],
        format_share,
    )
    worst = series[-1].values
    telling = next((i for i, value in enumerate(worst) if value >= NOTABLE), len(worst) - 1)
    title = f"No combination of {_up_to(known[-1])} known singles anybody out"
    if worst[telling]:
        columns = shared.labels.get(("unicity", known[telling], "worst_columns"), "")
        some = "One column" if known[telling] == "1" else f"{known[telling]} columns"
        single = "singles" if known[telling] == "1" else "single"
        title = f"{some} ({columns}) {single} out {format_share(worst[telling])} of people"
    return ChartSpec(
        id="unicity",
        kind="columns",
        title=title,
        categories=tuple(known),
        series=series,
        category_title="columns that the attacker knows",
        value_title="people alone, worst combination (unicity)",
        percent=True,
        alt=alternative("Share of people alone, by columns known.", known, series),
        note="Whoever knows the worst combination of so many columns finds those people with "
        "certainty. Exact.",
    )


def _up_to(most: str) -> str:
    """Return how many columns were examined at most, in words."""
    return "1 column" if most == "1" else f"up to {most} columns"


def special_unique_sizes(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """Return the combinations that single people out, by their number of columns."""
    place = ("special_uniques", "by_size")
    order = sorted(
        (
            path[0]
            for path in before.below(*place)
            if path
            and None not in (before.value(*place, *path), (after or before).value(*place, *path))
        ),
        key=int,
    )
    if not order:
        return None
    categories = tuple(order)
    series = compare(
        before,
        after,
        lambda stage: [stage.value("special_uniques", "by_size", m) or 0.0 for m in order],
        format_count,
    )
    fewest = next((m for m, value in zip(order, series[-1].values, strict=True) if value), None)
    title = f"Nobody is unique on any combination of {_up_to(order[-1])}"
    if fewest is not None:
        some = "a single column is" if fewest == "1" else f"{fewest} columns are"
        title = f"For some people {some} enough to be unique"
    return ChartSpec(
        id="special-uniques",
        kind="columns",
        title=title,
        categories=categories,
        series=series,
        category_title="columns in the combination",
        value_title="smallest combinations by which somebody is unique",
        alt=alternative("Smallest combinations by which a person is unique.", categories, series),
        note="A combination counts if no part of it is enough (minimal sample unique). Exact.",
    )


def contributions(stage: Stage) -> ChartSpec | None:
    """Return what each column adds to the special uniqueness of people."""
    values = {
        path[0]: value
        for path in stage.below("special_uniques", "contribution_percent")
        if (value := stage.value("special_uniques", "contribution_percent", *path)) is not None
    }
    if not values or not any(values.values()):
        return None
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    categories = tuple(short_label(name) for name, _ in ranked)
    shares = tuple(value / 100 for _, value in ranked)
    series = (
        Series(name="contribution", values=shares, tone="risk",
               texts=tuple(map(format_share, shares))),
    )  # fmt: skip
    return ChartSpec(
        id="suda-contributions",
        kind="bars",
        title=f"{join_names(categories[:1])} is part of most combinations that single people out",
        categories=categories,
        series=series,
        category_title="column",
        value_title="share of the SUDA score with this column in it",
        percent=True,
        alt=alternative("Contribution to the SUDA score.", categories, series),
        note="The columns add up to more than 100 %: a combination counts for each of its columns.",
    )
