"""Charts of the web page: the geometry of the printed ones, written as SVG."""

from __future__ import annotations

import html
import unicodedata

from reportlab.graphics.shapes import Line, Rect, String
from reportlab.lib.colors import Color

from reports.charts import ChartSpec
from reports.document import style
from reports.document.drawing import LABEL, ChartDrawing
from reports.document.fonts import BOLD, REGULAR
from reports.document.text import Typesetter, clean

# Widths as shares of the size, a little above those of common typefaces: the reader's is unknown.
_NARROW, _USUAL, _CAPITAL, _BROAD, _FULL = 0.32, 0.56, 0.68, 0.9, 1.0
_NARROW_ONES = frozenset(" iljftrI.,;:'|!()[]-\N{NO-BREAK SPACE}")
_BROAD_ONES = frozenset("mwMW%@…—")


class EstimatedWidths(Typesetter):
    """A typesetter without a font: the width of a text is estimated by its characters."""

    def width(self, text: str, font: str, size: float) -> float:
        """Return the estimated width of a text in points."""
        return size * sum(map(_share, text)) * (1.06 if font == BOLD else 1.0)


def _share(character: str) -> float:
    if character in _NARROW_ONES:
        return _NARROW
    if character in _BROAD_ONES:
        return _BROAD
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return _FULL
    return _CAPITAL if character.isupper() else _USUAL


class _Picture(ChartDrawing):
    """The printed chart, its texts left whole for the browser to anchor."""

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
        self.shapes.append(
            String(x, y, text, fontName=font, fontSize=size, fillColor=color, textAnchor=anchor)
        )


def escaped(text: str) -> str:
    """Return a text that a browser can only read as text, in an attribute as well."""
    # A number and its per cent sign stay on one line.
    return html.escape(clean(text).replace(" %", "\N{NO-BREAK SPACE}%"))


def chart_svg(spec: ChartSpec, name: str) -> str:
    """
    Return a chart as an SVG element that carries its alternative text.

    Parameters
    ----------
    spec : ChartSpec
    name : str
        Unique in the page; the identifiers inside begin with it.
    """
    drawing = _Picture(spec, EstimatedWidths()).draw()
    height = float(drawing.height)
    shapes = "".join(_shape(shape, height, name) for shape in drawing.contents)
    return (
        f'<svg viewBox="0 0 {_number(drawing.width)} {_number(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escaped(spec.title)}</title>'
        f'<desc id="{name}-words">{escaped(spec.alt or spec.title)}</desc>'
        f"<defs>{_hatching(name)}</defs>{shapes}</svg>"
    )


def _hatching(name: str) -> str:
    """Return the pattern of the original: it differs from what is solid on grey paper as well."""
    return (
        f'<pattern id="{name}-hatching" width="3.2" height="3.2" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3.2" height="3.2" '
        f'fill="{colour(style.HAIRLINE)}"/><rect width="1.3" height="3.2" '
        f'fill="{colour(style.BEFORE)}"/></pattern>'
    )


def _shape(shape: Rect | Line | String, height: float, name: str) -> str:
    """Return one element; a page counts from its top, the drawing from its bottom."""
    if isinstance(shape, Rect):
        # The original, and nothing else, is drawn in this grey.
        original = shape.fillColor == style.BEFORE
        fill = f"url(#{name}-hatching)" if original else colour(shape.fillColor)
        return (
            f'<rect x="{_number(shape.x)}" y="{_number(height - shape.y - shape.height)}" '
            f'width="{_number(shape.width)}" height="{_number(shape.height)}" fill="{fill}"/>'
        )
    if isinstance(shape, Line):
        dashes = " ".join(map(_number, shape.strokeDashArray or ()))
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        return (
            f'<line x1="{_number(shape.x1)}" y1="{_number(height - shape.y1)}" '
            f'x2="{_number(shape.x2)}" y2="{_number(height - shape.y2)}" '
            f'stroke="{colour(shape.strokeColor)}" '
            f'stroke-width="{_number(shape.strokeWidth)}"{dashed}/>'
        )
    bold = ' font-weight="700"' if shape.fontName == BOLD else ""
    return (
        f'<text x="{_number(shape.x)}" y="{_number(height - shape.y)}" '
        f'font-size="{_number(shape.fontSize)}" text-anchor="{shape.textAnchor}" '
        f'fill="{colour(shape.fillColor)}"{bold}>{escaped(shape.text)}</text>'
    )


def colour(value: Color) -> str:
    """Return a colour as a style sheet writes it."""
    return f"#{value.hexval()[2:]}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
