"""What the charts have in common: counts by class size, series, alternative texts, labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from microdata.measure import Estimate, Figure
from reports.charts import Series
from reports.stage import Stage
from reports.wording import format_number, shorten

MOST = 50
LONGEST_LABEL = 40


def people_of(stage: Stage) -> int:
    """Return how many people are in the classes of a stage."""
    return sum(stage.people_by_size.values())


def within(stage: Stage, low: int, high: int | None) -> int:
    """Return how many people are in classes of `low` to `high` people."""
    return sum(
        people
        for size, people in stage.people_by_size.items()
        if size >= low and (high is None or size <= high)
    )


def share(part: float, whole: float) -> float:
    """Return a part of a whole; 0 of nothing."""
    return part / whole if whole else 0.0


def compare(
    before: Stage,
    after: Stage | None,
    values: Callable[[Stage], Sequence[float]],
    text: Callable[[float], str],
) -> tuple[Series, ...]:
    """Return the series of the original and, where there is one, of the table now."""
    was = tuple(values(before))
    series = [Series(name="original", values=was, tone="before", texts=tuple(text(v) for v in was))]
    if after is not None:
        now = tuple(values(after))
        series.append(Series(name="now", values=now, tone="now", texts=tuple(text(v) for v in now)))
    return tuple(series)


def alternative(lead: str, categories: Sequence[str], series: Sequence[Series]) -> str:
    """Return every value of a chart in words."""
    parts = [
        f"{category}: "
        + ", ".join(f"{s.name} {s.texts[i] if s.texts else format_number(s.values[i])}"
                    for s in series)
        for i, category in enumerate(categories)
    ]  # fmt: skip
    return f"{lead} {'; '.join(parts)}."


def how_estimated(figure: Figure) -> str:
    """Return by which method and seed a figure was found, as the start of a note."""
    return f"{figure.method}; seed {figure.seed}. " if isinstance(figure, Estimate) else ""


def short_label(name: str) -> str:
    """Return a name that fits beside a bar."""
    return shorten(name, LONGEST_LABEL)
