"""Charts of those who stand out: in the population, by few known columns, by special uniqueness."""

from __future__ import annotations

from reports.chart_parts import MOST, alternative, compare, short_label
from reports.charts import ChartSpec, Series
from reports.stage import Stage
from reports.wording import format_count, format_range, format_share, join_names

ESTIMATORS = {"pitman": "Pitman", "zayatz": "Zayatz", "snb": "Shifted negative binomial"}
COUNTED = ("uniqueness", "population", "counted")
BAND = "The band runs from the least to the greatest estimate; it is no confidence interval."


def population_band(stage: Stage) -> ChartSpec | None:
    """Return the estimates of uniqueness in the population, or None where there are none."""
    values = {
        words: value
        for key, words in ESTIMATORS.items()
        if (value := stage.value("uniqueness", "population", key)) is not None
    }
    counted = stage.value(*COUNTED)
    if counted is not None:
        values["Counted in the population table"] = counted
    low = stage.value("uniqueness", "population", "low")
    high = stage.value("uniqueness", "population", "high")
    if not values or low is None or high is None:
        return None
    shown = format_range(low, high, "share")
    title = f"Of all people in the population an estimated {shown} have no look-alike in it"
    if counted is not None:
        title = f"Of all people in the population {format_share(counted)} have no look-alike in it"
    picked = ESTIMATORS.get(stage.labels.get(("uniqueness", "population", "rule"), ""), "")
    categories = tuple(
        f"{words} (the rule's pick)" if words == picked else words for words in values
    )
    series = (
        Series(
            name="share of the population",
            values=tuple(values.values()),
            tone="risk",
            texts=tuple(map(format_share, values.values())),
        ),
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
        note=f"{BAND} The rule is Dankar's (2012).",
    )


def unicity(stage: Stage) -> ChartSpec | None:
    """Return who is unique by how many known columns, or None where it was not measured."""
    known = [path[0] for path in stage.below("unicity") if path[1:] == ("max",)]
    known = [m for m in sorted(known, key=int) if stage.value("unicity", m, "max") is not None]
    if not known:
        return None
    worst = [stage.value("unicity", m, "max") or 0.0 for m in known]
    mean = [stage.value("unicity", m, "mean") or 0.0 for m in known]
    first = next((i for i, value in enumerate(worst) if value > 0), None)
    title = "No combination of known columns singles anybody out"
    if first is not None:
        columns = stage.labels.get(("unicity", known[first], "worst_columns"), "")
        some = "One known column" if known[first] == "1" else f"{known[first]} known columns"
        singles = "singles" if known[first] == "1" else "single"
        title = f"{some} ({columns}) {singles} out {format_share(worst[first])} of people"
    categories = tuple("1 column" if m == "1" else f"{m} columns" for m in known)
    series = (
        Series(name="all combinations, on average", values=tuple(mean), tone="before",
               texts=tuple(map(format_share, mean))),
        Series(name="the worst combination", values=tuple(worst), tone="risk",
               texts=tuple(map(format_share, worst))),
    )  # fmt: skip
    return ChartSpec(
        id="unicity",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="columns that the attacker knows",
        value_title="share of people who are unique (unicity)",
        percent=True,
        maximum=1.0,
        alt=alternative("Share of people who are unique.", categories, series),
        note="Whoever knows these columns finds those people with certainty. Exact.",
    )


def special_unique_sizes(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """Return the combinations that single people out, by their number of columns."""
    sizes = {
        path[0]
        for stage in (before, after or before)
        for path, figure in stage.below("special_uniques", "by_size").items()
        if getattr(figure, "value", None) is not None
    }
    if not sizes:
        return None
    order = sorted(sizes, key=int)
    categories = tuple("1 column" if size == "1" else f"{size} columns" for size in order)
    series = compare(
        before,
        after,
        lambda stage: [stage.value("special_uniques", "by_size", m) or 0.0 for m in order],
        format_count,
    )
    fewest = next((m for m, value in zip(order, series[-1].values, strict=True) if value), None)
    title = "Nobody is unique on any combination of columns"
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
