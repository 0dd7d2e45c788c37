"""Charts as data: drawn by plotly on screen and by reportlab in the PDF from the same values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Series:
    """
    One series of a chart.

    Parameters
    ----------
    name : str
        Printed at the series, such as "original" or "now".
    values : tuple of float
        One a category.
    tone : {"before", "now", "risk", "utility", "neutral"}
        What it stands for; each drawing maps it to a colour and a pattern.
    texts : tuple of str
        What is printed at each mark, or empty.
    """

    name: str
    values: tuple[float, ...]
    tone: Literal["before", "now", "risk", "utility", "neutral"]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A line to compare with: its position on the value axis and its label."""

    value: float
    label: str


@dataclass(frozen=True, kw_only=True)
class ChartSpec:
    """
    A chart.

    Parameters
    ----------
    id : str
        Stable name.
    kind : {"columns", "bars"}
        Upright columns by category, or bars that lie, for long category names.
    title : str
        The message, one sentence.
    categories : tuple of str
        At most 50.
    series : tuple of Series
        One to three.
    category_title, value_title : str
        The axes in plain words.
    percent : bool
        Whether the values are shares from 0 to 1, shown as per cent.
    maximum : float, optional
        Upper end of the value axis; None to fit.
    thresholds : tuple of Threshold
    alt : str
        What the chart shows, for those who do not see it.
    note : str
        A sentence below the chart: attacker, missing rule, how estimated.
    """

    id: str
    kind: Literal["columns", "bars"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    category_title: str
    value_title: str
    percent: bool = False
    maximum: float | None = None
    thresholds: tuple[Threshold, ...] = ()
    alt: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.categories) > 50:
            raise ValueError(f"The chart {self.id} has more than 50 marks a series.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"In the chart {self.id} a series does not match the categories.")

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table of the chart's values: a head, then a row a category."""
        head = (self.category_title, *(series.name for series in self.series))
        body = [
            (category, *(self._text(series, i) for series in self.series))
            for i, category in enumerate(self.categories)
        ]
        return [head, *body]

    def _text(self, series: Series, i: int) -> str:
        if series.texts:
            return series.texts[i]
        return f"{series.values[i]:.1%}" if self.percent else f"{series.values[i]:,.6g}"
