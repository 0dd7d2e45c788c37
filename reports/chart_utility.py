"""Charts of what a release costs: loss by column, distributions before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.chart_parts import MOST, alternative, share, short_label
from reports.charts import ChartSpec, Series
from reports.stage import Bin, Stage
from reports.wording import format_count, format_share


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
