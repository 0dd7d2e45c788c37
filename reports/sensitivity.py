"""How far the figures depend on what the attacker is taken to know: charts, sentences, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from reports.chart_parts import MOST, alternative, short_label
from reports.charts import ChartSpec, Series
from reports.likelihood import level_of
from reports.saved import saved_record, saved_text
from reports.wording import format_count, format_risk, format_share, shorten
from risk.columns import ColumnChange, Knowledge, Sensitivity


def to_json(found: Sensitivity) -> dict[str, Any]:
    """Return the result as an object."""
    return {
        "size": found.size,
        "left_out": found.left_out,
        "changes": [
            {
                "column": change.column,
                "added": change.added,
                "before": vars(change.before),
                "after": vars(change.after),
            }
            for change in found.changes
        ],
    }


def from_json(data: Mapping[str, Any]) -> Sensitivity:
    """Read what `to_json` wrote; raise TypeError where a part has another type."""
    return Sensitivity(
        size=int(data["size"]),
        left_out=saved_text(data["left_out"]),
        changes=tuple(
            ColumnChange(
                column=saved_text(change["column"]),
                added=change["added"] is True,
                before=_knowledge(change["before"]),
                after=_knowledge(change["after"]),
            )
            for change in data["changes"]
        ),
    )


def _knowledge(data: Mapping[str, Any]) -> Knowledge:
    if any(type(value) not in (int, float) for value in data.values()):
        raise TypeError("a saved figure of sensitivity is something else")
    if data["smallest"] < 1:
        raise ValueError("a saved group of people is empty")
    return saved_record(Knowledge, data)


def columns_driving_risk(found: Sensitivity) -> ChartSpec:
    """Return how far the average risk falls if one quasi-identifier is not known."""
    falls = [
        (change.column, max(0.0, -change.rise)) for change in found.changes if not change.added
    ]
    title = "No column to compare"
    if falls:
        title = f"{short_label(falls[0][0])} drives the risk the most"
        if falls[0][1] == 0:
            title = "No column alone drives the risk: without any one of them it stays as it is"
    return _chart(
        "columns",
        falls,
        title=title,
        what="fall of the average risk if the column were not known",
        note="Average risk by a prosecutor of the table that would be shared, with one column at "
        "a time left out of what the attacker knows. Exact.",
    )


def columns_adding_risk(found: Sensitivity) -> ChartSpec | None:
    """Return how far the average risk rises if one more column is known; None without one."""
    rises = [(change.column, max(0.0, change.rise)) for change in found.changes if change.added]
    if not rises:
        return None
    title = f"If {short_label(rises[0][0])} were known too, the risk would rise the most"
    if rises[0][1] == 0:
        title = "Knowing one more column would not raise the risk"
    return _chart(
        "columns-added",
        rises,
        title=title,
        what="rise of the average risk if the column were known too",
        note="Average risk by a prosecutor; columns that are not marked as known to an attacker, "
        f"one at a time added to those that are. {found.left_out} Exact.".replace("  ", " "),
    )


def _chart(
    id_: str, effects: list[tuple[str, float]], *, title: str, what: str, note: str
) -> ChartSpec:
    shown = effects[:MOST]
    categories = tuple(short_label(name) for name, _ in shown)
    values = tuple(value for _, value in shown)
    series = (
        Series(name="column", values=values, tone="risk", texts=tuple(map(format_share, values))),
    )
    return ChartSpec(
        id=id_,
        kind="bars",
        title=title,
        categories=categories,
        series=series,
        category_title="column",
        value_title=what,
        percent=True,
        alt=alternative(f"{what[0].upper()}{what[1:]}.", categories, series),
        note=note,
    )


def driver_sentence(found: Sensitivity) -> str:
    """Return which column drives the risk, as one sentence; "" where none can be named."""
    change = next((change for change in found.changes if not change.added), None)
    if change is None or change.rise >= 0:
        return ""
    return (
        f"{shorten(change.column)} drives the risk the most: if it were not known, the average "
        f"risk by a prosecutor would fall from {format_risk(change.before.average)} to "
        f"{format_risk(change.after.average)}."
    )


def fragile_sentence(found: Sensitivity) -> str:
    """Return which column makes the figures or the level fragile if it becomes known, or ""."""
    for change in (change for change in found.changes if change.added):
        was, now = change.before, change.after
        if now.below > was.below:
            then = (
                f"{format_share(now.below)} of people would be in groups below "
                f"{format_count(found.size)} instead of {format_share(was.below)}"
            )
        elif _level(now) > _level(was):
            then = (
                f"the smallest group would hold {format_count(now.smallest)} instead of "
                f"{format_count(was.smallest)}, and the likelihood would be {_level(now)} instead "
                f"of {_level(was)} of 4"
            )
        else:
            continue
        return (
            f"Fragile: the figures depend on {shorten(change.column)} not being known to an "
            f"attacker. If it were, {then}."
        )
    return ""


def _level(known: Knowledge) -> int:
    return level_of(Fraction(1, known.smallest))
