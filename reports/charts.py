"""Charts as data: drawn by plotly on screen and by reportlab in the PDF from the same values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_MARKS = 50
MOST_IN_A_MAP = 12
RAMP = ("#e3eef9", "#08306b")
"""The lightest and the darkest shade of a map, of one hue: they tell apart in grey as well."""


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
    kind : {"columns", "bars", "map"}
        Upright columns by category; bars that lie, for long category names; or a map of shaded
        cells, a series a row and a category a column, darkest at `maximum` or more on either side
        of zero. A cell without a text is left empty.
    title : str
        The message, one sentence.
    categories : tuple of str
        At most 50, in a map 12.
    series : tuple of Series
        One to three, in a map 12.
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
    table : tuple of tuple of str
        The table of values, a head first, where it says more than the marks do.
    """

    id: str
    kind: Literal["columns", "bars", "map"]
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
    table: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        most = MOST_IN_A_MAP if self.kind == "map" else MOST_MARKS
        if len(self.categories) > most:
            raise ValueError(f"The chart {self.id} has more than {most} marks a series.")
        if self.kind == "map" and len(self.series) > most:
            raise ValueError(f"The map {self.id} has more than {most} rows.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"In the chart {self.id} a series does not match the categories.")

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table of the chart's values: a head, then a row a category."""
        if self.table:
            return list(self.table)
        head = (self.category_title, *(series.name for series in self.series))
        body = [
            (category, *(self._text(series, i) for series in self.series))
            for i, category in enumerate(self.categories)
        ]
        return [head, *body]

    def shade(self, series: Series, i: int) -> float | None:
        """Return how dark a cell of a map is, from 0 to 1; None where it is left empty."""
        if not series.texts[i]:
            return None
        return min(1.0, abs(series.values[i]) / (self.maximum or 1.0))

    def _text(self, series: Series, i: int) -> str:
        if series.texts:
            return series.texts[i]
        return f"{series.values[i]:.1%}" if self.percent else f"{series.values[i]:,.6g}"


def shade_colour(shade: float) -> tuple[str, str]:
    """Return the colour of a cell of a map and that of a text on it, the one that is read best."""
    ends = [[int(end[i : i + 2], 16) for i in (1, 3, 5)] for end in RAMP]
    mixed = [round(low + shade * (high - low)) for low, high in zip(*ends, strict=True)]
    # Relative luminance as the accessibility guidelines define it.
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
              for c in (part / 255 for part in mixed)]  # fmt: skip
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # Of white and black one always reaches 4.5 to 1; a softer black would not.
    text = "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"
    return "#" + "".join(f"{part:02x}" for part in mixed), text
