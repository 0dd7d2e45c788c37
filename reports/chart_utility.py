"""Charts of what a release costs: by column, links between columns, counting questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.chart_parts import MOST, alternative, how_estimated, share, short_label
from reports.charts import MOST_IN_A_MAP, ChartSpec, Series
from reports.stage import Bin, Stage
from reports.wording import format_count, format_share, shorten

DARKEST_CHANGE = 0.5
TOLD_BY = (("pearson",), ("cramers_v",), ("correlation_ratio",))


def loss_by_column(losses: Mapping[str, float]) -> ChartSpec:
    """Return how much detail each column lost: a share from 0 to 1 by column."""
    ranked = sorted(losses.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    categories = tuple(short_label(name) for name, _ in ranked)
    values = tuple(value for _, value in ranked)
    series = (
        Series(
            name="lost",
            values=values,
            tone="utility",
            texts=tuple(format_share(value) for value in values),
        ),
    )
    if not ranked:
        title = "No column to compare"
    elif values[0] == 0:
        title = "No column lost detail"
    else:
        title = f"{categories[0]} lost the most detail: {format_share(values[0])}"
    return ChartSpec(
        id="loss",
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="column",
        value_title="share of the column's detail that is lost",
        percent=True,
        maximum=1.0,
        alt=alternative("Detail lost by column.", categories, series),
        note="0 %: as in the original; 100 %: nothing left. Records left out count as lost. Exact.",
    )


def column_losses(stage: Stage) -> dict[str, float]:
    """Return the share of its detail that each column lost, from its granularity."""
    losses: dict[str, float] = {}
    for path in stage.below("utility", "by_column"):
        kept = stage.value("utility", "by_column", *path)
        if path[1:] == ("granularity",) and kept is not None:
            losses[path[0]] = min(1.0, max(0.0, 1.0 - kept))
    return losses


def distribution(
    column: str, bins: Sequence[Bin], *, released: bool = True, most: int = MOST
) -> ChartSpec:
    """
    Return a column's distribution in the original and now.

    Parameters
    ----------
    column : str
    bins : sequence of Bin
        Each holds at least the disclosure threshold of people.
    released : bool
        Whether there is a release to compare with.
    most : int
        How many bins are drawn, from the first on; the rest is told.
    """
    kept = list(bins[: min(most, MOST)])
    categories = tuple(short_label(b.label) for b in kept)
    was = tuple(b.before for b in kept)
    now = tuple(b.after for b in kept)
    series = [Series(name="original", values=was, tone="before", texts=tuple(map(_rows, was)))]
    if released:
        series.append(Series(name="now", values=now, tone="now", texts=tuple(map(_rows, now))))
    total, left = sum(b.before for b in bins), sum(b.after for b in bins)
    moved = 0.5 * sum(
        abs(share(b.before, total) - share(b.after, left)) for b in bins
    )  # total variation distance over the bins shown
    name = short_label(column)
    if not released:
        title = f"{name}: {len(bins)} groups of values"
    elif len(bins) == 1:
        title = f"{name}: every row shown says the same"
    elif moved < 0.005:
        title = f"{name}: the shape is kept"
    else:
        title = f"{name}: {format_share(moved)} of rows would have to move to get the shape back"
    return ChartSpec(
        id=f"distribution-{column}",
        kind="columns" if sum(max(len(c), 6) for c in categories) <= 72 else "bars",
        title=title,
        categories=categories,
        series=tuple(series),
        category_title=name,
        value_title="rows",
        alt=alternative(f"Rows by {name}.", categories, series),
        note=(f"The first {len(kept)} of {len(bins)} are drawn. " if len(kept) < len(bins) else "")
        + "Bins that too few people hold are left out or put together. "
        "A coarse value is spread evenly over the values it stands for.",
    )


def _rows(value: float) -> str:
    return format_count(round(value))


def distribution_distances(stage: Stage) -> ChartSpec | None:
    """Return how far the shape of each column moved, or None where that was not measured."""
    moved = {
        path[0]: value
        for path in stage.below("utility", "distributions")
        if path[1:] == ("tvd",)
        and (value := stage.value("utility", "distributions", *path)) is not None
    }  # fmt: skip
    if not moved:
        return None
    ranked = sorted(moved.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    categories = tuple(short_label(name) for name, _ in ranked)
    values = tuple(value for _, value in ranked)
    texts = tuple(format_share(value) for value in values)
    series = (Series(name="moved", values=values, tone="utility", texts=texts),)
    return ChartSpec(
        id="distribution-distances",
        kind="bars",
        title=f"The shape of {categories[0]} moved most: {texts[0]} of rows"
        if values[0] >= 0.0005
        else "Every column kept its shape",
        categories=categories,
        series=series,
        category_title="column",
        value_title="share of rows to move (total variation)",
        percent=True,
        maximum=1.0,
        alt=alternative("Share of rows to move until a column's shape is as before.",
                        categories, series),
        note="A coarse value is spread evenly over the values it stands for. Rows left out are "
        "not part of it. Exact.",
    )  # fmt: skip


def association_map(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """
    Return how the link of each pair of columns changed, or how strong it is where nothing changed.

    None where fewer than two links were measured in every stage given.
    """
    paths = before.below("utility", "associations", "pairs")
    names = list(dict.fromkeys(name for path in paths for name in path[:2]))[:MOST_IN_A_MAP]
    links = _links(before, after)
    shown = {pair: link for pair, link in links.items() if set(pair) <= set(names)}
    if len(shown) < 2:
        return None
    number = {name: i for i, name in enumerate(names, start=1)}
    series = tuple(
        Series(
            name=f"{number[row]} {shorten(row)}",
            values=tuple(link.shown if link else 0.0 for link in cells),
            texts=tuple(link.text if link else "" for link in cells),
            tone="utility",
        )
        for row in names
        for cells in [[shown.get((column, row)) for column in names[:-1]]]
    )
    (a, b), link = max(
        shown.items(), key=lambda item: (abs(item[1].shown), [-number[n] for n in item[0]])
    )
    between = f"between {short_label(a)} and {short_label(b)}"
    if link.now is None:
        title = f"The strongest link is that {between}: {_signed(link.was)}"
    elif round(abs(link.shown), 2) == 0:
        title = "Every link between two columns is as strong as before"
    else:
        change = _weaker_or_stronger(link.was, link.now)
        title = f"The link {between} {change} most: {_signed(link.was)} → {_signed(link.now)}"
    table = (
        ("columns", "original", *(() if after is None else ("now", "change"))),
        *(
            (
                f"{shorten(x)} – {shorten(y)}",
                _signed(link.was),
                *(() if link.now is None else (_signed(link.now), _signed(link.now - link.was))),
            )
            for (x, y), link in shown.items()
        ),
    )
    words = "; ".join(f"{row[0]}: {' → '.join(row[1:3])}" for row in table[1:])
    return ChartSpec(
        id="association-map",
        kind="map",
        title=title,
        categories=tuple(str(number[name]) for name in names[:-1]),
        series=series,
        category_title="columns",
        value_title="strength of the link" if after is None else "change of the link",
        maximum=1.0 if after is None else DARKEST_CHANGE,
        alt=f"Links between two columns{'' if after is None else ', original → now'}. {words}.",
        note=(
            "0: no link; 1: one tells the other. "
            if after is None
            else f"Darker: a larger change; darkest from {DARKEST_CHANGE:.2f} on. "
        )
        + "Two numbers: Pearson's correlation; two texts: Cramér's V; mixed: correlation ratio. "
        "Missing and * are values beside texts, left out beside numbers. Exact.",
        table=table,
    )


@dataclass(frozen=True, kw_only=True)
class _Link:
    """How strong the link of a pair is in the original and, where there is a release, now."""

    was: float
    now: float | None

    @property
    def shown(self) -> float:
        """What the map shades: the change, or the strength where there is nothing to compare."""
        return self.was if self.now is None else self.now - self.was

    @property
    def text(self) -> str:
        """What stands in the cell: two digits and no zero before them, for narrow screens."""
        return _signed(self.shown).replace("0.", ".")


def _links(before: Stage, after: Stage | None) -> dict[tuple[str, str], _Link]:
    """Return the links that were measured in every stage, by pair of columns."""
    links: dict[tuple[str, str], _Link] = {}
    for path in before.below("utility", "associations", "pairs"):
        if path[2:] not in TOLD_BY:
            continue
        was = before.value("utility", "associations", "pairs", *path)
        now = None if after is None else after.value("utility", "associations", "pairs", *path)
        if was is not None and (after is None or now is not None):
            links[path[0], path[1]] = _Link(was=was, now=now)
    return links


def _signed(value: float) -> str:
    """Return a link with two digits and a minus that is as wide as the plus."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _weaker_or_stronger(was: float, now: float) -> str:
    if was * now < 0:
        return "turned"
    return "weakened" if abs(now) < abs(was) else "strengthened"


def query_error(before: Stage, after: Stage | None = None) -> ChartSpec | None:
    """Return how wrong the answers to counting questions are, or None where not measured."""
    stage = after or before
    at = ("utility", "queries")
    widths = sorted({path[0] for path in stage.below(*at, "by_columns") if path[0].isdecimal()})
    half, most = stage.value(*at, "median"), stage.value(*at, "p90")
    if half is None or most is None or not widths:
        return None
    marks = [
        (f"{width} column{'' if width == '1' else 's'}, {which}", value)
        for width in widths
        for which, key in (("half of them", "median"), ("nine in ten", "p90"))
        if (value := stage.value(*at, "by_columns", width, key)) is not None
    ]
    categories = tuple(category for category, _ in marks)
    values = tuple(value for _, value in marks)
    texts = tuple(map(format_share, values))
    series = (Series(name="off by at most", values=values, tone="utility", texts=texts),)
    return ChartSpec(
        id="query-error",
        kind="bars",
        title="Every counting question is answered exactly"
        if most == 0
        else f"Half of the counting questions are off by at most {format_share(half)}, nine in "
        f"ten by at most {format_share(most)}",
        categories=categories,
        series=series,
        category_title="columns that a question asks about",
        value_title="off by at most, as a share of the true count",
        percent=True,
        alt=alternative("Error of counting questions.", categories, series),
        note=how_estimated(stage.figure(*at, "median"))
        + "How many rows have these values? Answered from the table now, against the original; "
        "rows left out add to the error.",
    )
