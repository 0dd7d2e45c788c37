"""Charts as vectors for print: the same values, labels and thresholds as on screen."""

from __future__ import annotations

import math

from reportlab.graphics.shapes import STATE_DEFAULTS, Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics

from reports.charts import ChartSpec, Series, shade_colour
from reports.document import style
from reports.document.fonts import BOLD, REGULAR
from reports.document.text import Typesetter

TONES: dict[str, Color] = {
    "before": style.BEFORE,
    "now": style.PRIMARY,
    "risk": style.RISK,
    "utility": style.UTILITY,
    "neutral": style.QUIET,
}
LABEL = 7.5
KEY_HEIGHT = 15.0
THRESHOLD_HEIGHT = 12.0
COLUMN_HEIGHT = 130.0
LABEL_WIDTH = 128.0
VALUE_ROOM = 52.0
BAR, GAP = 9.0, 8.0
TALLEST = 560.0
CELL_WIDTH, CELL_HEIGHT = 40.0, 17.0

# Unset, the library would start each drawing with a typeface that is not embedded.
STATE_DEFAULTS["fontName"] = REGULAR


def _ink(series: Series) -> Color:
    # Grey of a bar is too light for small text.
    return style.QUIET if series.tone == "before" else TONES[series.tone]


def ticks(top: float, *, whole: bool = False, most: int = 5) -> list[float]:
    """Return round positions from 0 to at least `top`."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / (most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999999)
    if whole:
        step = max(1.0, math.ceil(step))
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def tick_text(value: float, *, percent: bool) -> str:
    """Return the text at a position of the value axis."""
    return f"{value * 100:,.6g} %" if percent else f"{value:,.6g}"


class ChartDrawing:
    """
    Draws a chart.

    Parameters
    ----------
    spec : ChartSpec
    setter : Typesetter
    width : float
    lowered : float
        Points that columns stand less high than they could.
    """

    def __init__(
        self,
        spec: ChartSpec,
        setter: Typesetter,
        width: float = style.TEXT_WIDTH,
        *,
        lowered: float = 0.0,
    ) -> None:
        self.spec = spec
        self.setter = setter
        self.width = width
        self.columns = COLUMN_HEIGHT - lowered
        self.shapes: list[Rect | Line | String] = []

    def draw(self) -> Drawing:
        """Return the drawing; its height follows from the number of marks."""
        kinds = {"columns": self._columns, "bars": self._bars, "map": self._map}
        height = kinds[self.spec.kind]()
        drawing = Drawing(self.width, height)
        for shape in self.shapes:
            drawing.add(shape)
        return drawing

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = LABEL,
        font: str = REGULAR,
        color: Color = style.QUIET,
        anchor: str = "start",
    ) -> None:
        total = self.setter.width(text, font, size)
        x -= {"start": 0.0, "middle": total / 2, "end": total}[anchor]
        for name, piece in self.setter.placed(text, font, size):
            self.shapes.append(String(x, y, piece, fontName=name, fontSize=size, fillColor=color))
            x += pdfmetrics.stringWidth(piece, name, size)

    def _rule(self, x1: float, y1: float, x2: float, y2: float, *, strong: bool = False) -> None:
        color = style.QUIET if strong else style.HAIRLINE
        width = 0.6 if strong else 0.4
        self.shapes.append(Line(x1, y1, x2, y2, strokeColor=color, strokeWidth=width))

    def _bar(self, x: float, y: float, width: float, height: float, series: Series) -> None:
        self.shapes.append(
            Rect(x, y, width, height, fillColor=TONES[series.tone], strokeColor=None, strokeWidth=0)
        )

    def _key(self, y: float) -> None:
        """Name the value axis on the left and the series on the right, above the plot."""
        right = self.width
        if len(self.spec.series) > 1:
            for series in reversed(self.spec.series):
                right -= self.setter.width(series.name, BOLD, LABEL)
                self._text(right, y, series.name, font=BOLD, color=_ink(series))
                right -= 11
                self._bar(right, y - 0.5, 7, 7, series)
                right -= 12
        title = self.spec.value_title if self.spec.kind == "columns" else self.spec.category_title
        self._text(0, y, self.setter.fit(title, REGULAR, LABEL, max(40.0, right)))

    def _ticks(self) -> list[float]:
        if self.spec.maximum is not None:
            return [self.spec.maximum * i / 4 for i in range(5)]
        values = [value for series in self.spec.series for value in series.values]
        values += [threshold.value for threshold in self.spec.thresholds]
        whole = all(float(value).is_integer() for value in values)
        return ticks(max(values, default=1.0), whole=whole and not self.spec.percent)

    def _columns(self) -> float:
        spec = self.spec
        bottom, left = 30.0, 0.0
        marks = self._ticks()
        labels = [tick_text(mark, percent=spec.percent) for mark in marks]
        left = max(self.setter.width(label, REGULAR, LABEL) for label in labels) + 6
        head = THRESHOLD_HEIGHT if spec.thresholds else 4.0
        height = bottom + self.columns + 10 + head + KEY_HEIGHT
        scale = self.columns / marks[-1]
        for mark, label in zip(marks, labels, strict=True):
            y = bottom + mark * scale
            self._rule(left, y, self.width, y, strong=mark == 0)
            self._text(left - 4, y - 2.5, label, anchor="end")
        slot = (self.width - left) / max(1, len(spec.categories))
        bar = min(34.0, slot * 0.78 / max(1, len(spec.series)))
        for i, category in enumerate(spec.categories):
            middle = left + slot * (i + 0.5)
            start = middle - bar * len(spec.series) / 2
            for j, series in enumerate(spec.series):
                value = series.values[i]
                x = start + j * bar
                self._bar(x + 0.5, bottom, bar - 1, max(0.0, value * scale), series)
                text = series.texts[i] if series.texts else tick_text(value, percent=spec.percent)
                if self.setter.width(text, REGULAR, 7) <= bar + 2:
                    y = bottom + value * scale + 2.5
                    self._text(x + bar / 2, y, text, size=7, color=_ink(series), anchor="middle")
            self._text(
                middle,
                bottom - 11,
                self.setter.fit(category, REGULAR, LABEL, slot - 3),
                color=style.INK,
                anchor="middle",
            )
        for threshold in spec.thresholds:
            y = bottom + threshold.value * scale
            self._threshold(left, y, self.width, y)
            self._text(self.width, y + 3, threshold.label, color=style.THRESHOLD, anchor="end")
        self._text(left + (self.width - left) / 2, 4, spec.category_title, anchor="middle")
        self._key(height - 9)
        return height

    def _bars(self) -> float:
        spec = self.spec
        bottom, rows, each = 27.0, len(spec.categories), max(1, len(spec.series))
        slot = min(each * BAR + GAP, TALLEST / max(1, rows))
        bar = min(BAR, slot * 0.72 / each)
        head = THRESHOLD_HEIGHT if spec.thresholds else 2.0
        height = bottom + rows * slot + head + KEY_HEIGHT
        left, right = LABEL_WIDTH, self.width - VALUE_ROOM
        top = bottom + rows * slot
        marks = self._ticks()
        scale = (right - left) / marks[-1]
        for mark in marks:
            x = left + mark * scale
            self._rule(x, bottom, x, top, strong=mark == 0)
            self._text(x, bottom - 9, tick_text(mark, percent=spec.percent), anchor="middle")
        size = min(LABEL, bar * 0.95)
        for i, category in enumerate(spec.categories):
            middle = top - slot * (i + 0.5)
            self._text(
                left - 6,
                middle - 2.6,
                self.setter.fit(category, REGULAR, 8, LABEL_WIDTH - 8),
                size=min(8.0, slot * 0.8),
                color=style.INK,
                anchor="end",
            )
            for j, series in enumerate(spec.series):
                value = series.values[i]
                y = middle + bar * each / 2 - (j + 1) * bar
                length = max(0.0, min(value, marks[-1]) * scale)
                self._bar(left, y + 0.4, length, bar - 0.8, series)
                text = series.texts[i] if series.texts else tick_text(value, percent=spec.percent)
                if size >= 5:
                    self._text(
                        left + length + 4, y + bar / 2 - size * 0.36, text,
                        size=size, color=_ink(series),
                    )  # fmt: skip
        for threshold in spec.thresholds:
            x = left + threshold.value * scale
            self._threshold(x, bottom, x, top + 3)
            anchor = "start" if x < self.width - 130 else "end"
            self._text(x, top + 5, threshold.label, color=style.THRESHOLD, anchor=anchor)
        self._text((left + right) / 2, 4, spec.value_title, anchor="middle")
        self._key(height - 9)
        return height

    def _map(self) -> float:
        spec, left, bottom = self.spec, LABEL_WIDTH, 6.0
        width = min(CELL_WIDTH, (self.width - left) / max(1, len(spec.categories)))
        top = bottom + len(spec.series) * CELL_HEIGHT
        for i, category in enumerate(spec.categories):
            text = self.setter.fit(category, REGULAR, LABEL, width - 2)
            x = left + width * (i + 0.5)
            self._text(x, top + 4, text, color=style.INK, anchor="middle")
        for j, series in enumerate(spec.series):
            y = top - (j + 1) * CELL_HEIGHT
            name = self.setter.fit(series.name, REGULAR, 8, LABEL_WIDTH - 8)
            self._text(left - 6, y + 5.5, name, size=8, color=style.INK, anchor="end")
            for i, text in enumerate(series.texts):
                shade = spec.shade(series, i)
                if shade is None:
                    continue
                fill, ink = map(HexColor, shade_colour(shade))
                self.shapes.append(
                    Rect(
                        left + i * width + 0.75, y + 0.75, width - 1.5, CELL_HEIGHT - 1.5,
                        fillColor=fill, strokeColor=None, strokeWidth=0,
                    )
                )  # fmt: skip
                x = left + width * (i + 0.5)
                self._text(x, y + 5.5, text, size=7, color=ink, anchor="middle")
        self._text(0, top + 17, self.setter.fit(spec.value_title, REGULAR, LABEL, self.width))
        return top + 17 + KEY_HEIGHT

    def _threshold(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.shapes.append(
            Line(
                x1,
                y1,
                x2,
                y2,
                strokeColor=style.THRESHOLD,
                strokeWidth=1,
                strokeDashArray=[4, 2.5],
            )
        )
