"""Charts of the Word document: native ones that carry their values, so that nothing is linked."""

from __future__ import annotations

from reportlab.lib.colors import Color

from reports.charts import ChartSpec, Series
from reports.document import style
from reports.document.docx_style import FONT
from reports.document.docx_text import hexadecimal
from reports.document.drawing import (
    BAR,
    COLUMN_HEIGHT,
    GAP,
    KEY_HEIGHT,
    LABEL,
    LABEL_WIDTH,
    TONES,
    ChartDrawing,
    tick_text,
)
from reports.document.fonts import REGULAR
from reports.document.html_chart import EstimatedWidths, escaped

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
EMU = 12_700
"""Units of a drawing in a point."""

_AXES_HEIGHT = 58.0
_TALLEST = 540.0
_WIDEST = 34.0
# The labels at the ends of the longest bars need room inside the axis.
_HEADROOM = {"columns": 1.08, "bars": 1.12}
_CATEGORIES, _VALUES = 1, 2
_CHARACTERS_BEFORE_BARS = 34


class _Scale(ChartDrawing):
    """The value axis of the printed chart."""

    def __init__(self, spec: ChartSpec) -> None:
        super().__init__(spec, EstimatedWidths())

    def marks(self) -> list[float]:
        """Return the positions on the axis, from zero on."""
        return self._ticks()


def chart_height(spec: ChartSpec) -> float:
    """Return the height of a chart in points."""
    key = KEY_HEIGHT if len(spec.series) > 1 else 0.0
    if spec.kind == "columns":
        return COLUMN_HEIGHT + _AXES_HEIGHT + key
    rows = len(spec.categories) * (len(spec.series) * (BAR + 2) + GAP)
    # The title of the categories stands upright beside them.
    title = EstimatedWidths().width(spec.category_title, REGULAR, LABEL) + GAP
    return min(max(rows, title), _TALLEST) + _AXES_HEIGHT + key


def chart_xml(spec: ChartSpec, language: str) -> str:
    """Return a chart of bars, upright or lying, with the values and labels of the printed one."""
    lying = spec.kind == "bars"
    series = "".join(_series(spec, one, number) for number, one in enumerate(spec.series))
    legend = (
        f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{_text(LABEL)}</c:legend>'
        if len(spec.series) > 1
        else ""
    )
    return (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:date1904 val="0"/>'
        f'<c:lang val="{escaped(language)}"/><c:roundedCorners val="0"/>'
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{_gap(spec)}"/>'
        f'<c:axId val="{_CATEGORIES}"/><c:axId val="{_VALUES}"/></c:barChart>'
        f"{_category_axis(spec, lying=lying)}{_value_axis(spec, lying=lying)}"
        f'<c:spPr><a:noFill/></c:spPr></c:plotArea>{legend}<c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{_text(LABEL)}</c:chartSpace>"
    )


def _gap(spec: ChartSpec) -> int:
    """Return the gap between categories in per cent of a bar, so that few bars stay slim."""
    if spec.kind == "columns":
        room, widest = float(style.TEXT_WIDTH) - LABEL_WIDTH / 2, _WIDEST
    else:
        key = KEY_HEIGHT if len(spec.series) > 1 else 0.0
        room, widest = chart_height(spec) - _AXES_HEIGHT - key, BAR + 2
    bars = max(1, len(spec.series))
    slot = room / max(1, len(spec.categories))
    return round(min(500.0, max(45.0, (slot / widest - bars) * 100)))


def _properties(size: float, color: Color, *, bold: bool = False) -> str:
    return (
        f'sz="{round((size + 0.5) * 100)}" b="{int(bold)}"><a:solidFill>'
        f'<a:srgbClr val="{hexadecimal(color)}"/></a:solidFill><a:latin typeface="{FONT}"/>'
    )


def _text(size: float, color: Color = style.QUIET) -> str:
    return (
        "<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr "
        f'{_properties(size, color)}</a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def _rich(text: str, size: float, color: Color, *, turned: bool = False) -> str:
    turn = ' rot="-5400000" vert="horz"' if turned else ""
    return (
        f"<c:tx><c:rich><a:bodyPr{turn}/><a:p><a:r><a:rPr "
        f"{_properties(size, color)}</a:rPr><a:t>{escaped(text)}</a:t></a:r></a:p></c:rich></c:tx>"
    )


def _fill(tone: str) -> str:
    color = hexadecimal(TONES[tone])
    if tone != "before":
        return f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    # The original is hatched: it differs from what is solid on grey paper as well.
    ground = hexadecimal(style.HAIRLINE)
    return (
        f'<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{color}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{ground}"/></a:bgClr></a:pattFill>'
    )


def _series(spec: ChartSpec, series: Series, number: int) -> str:
    values = [max(0.0, float(value)) for value in series.values]
    names = "".join(
        f'<c:pt idx="{i}"><c:v>{escaped(_category(name))}</c:v></c:pt>'
        for i, name in enumerate(spec.categories)
    )
    cached = "".join(
        f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values)
    )
    count = f'<c:ptCount val="{len(values)}"/>'
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>'
        f"<c:tx><c:v>{escaped(series.name)}</c:v></c:tx><c:spPr>{_fill(series.tone)}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{_labels(spec, series)}'
        f"<c:cat><c:strLit>{count}{names}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{cached}</c:numLit></c:val>"
        "</c:ser>"
    )


def _category(name: str) -> str:
    # A long name would take the room of the bars.
    return name if len(name) <= _CHARACTERS_BEFORE_BARS else f"{name[:_CHARACTERS_BEFORE_BARS]}…"


def _labels(spec: ChartSpec, series: Series) -> str:
    """Return what is printed at each mark; upright, only what is no wider than its column."""
    color = style.QUIET if series.tone == "before" else TONES[series.tone]
    setter = EstimatedWidths()
    slot = style.TEXT_WIDTH / max(1, len(spec.categories) * len(spec.series)) * 0.8
    shown = (
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    labels = []
    for i, value in enumerate(series.values):
        text = series.texts[i] if series.texts else tick_text(value, percent=spec.percent)
        if not text or (spec.kind == "columns" and setter.width(text, REGULAR, 7) > slot):
            labels.append(f'<c:dLbl><c:idx val="{i}"/><c:delete val="1"/></c:dLbl>')
        else:
            labels.append(
                f'<c:dLbl><c:idx val="{i}"/>{_rich(text, 7, color)}'
                f'<c:dLblPos val="outEnd"/>{shown}</c:dLbl>'
            )
    return f'<c:dLbls>{"".join(labels)}{_text(7, color)}<c:dLblPos val="outEnd"/>{shown}</c:dLbls>'


def _category_axis(spec: ChartSpec, *, lying: bool) -> str:
    # The first of bars that lie stands at the top.
    order, side = ("maxMin", "l") if lying else ("minMax", "b")
    every = '<c:tickLblSkip val="1"/>' if lying else ""
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES}"/><c:scaling><c:orientation val="{order}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{side}"/>'
        f"{_title(spec.category_title, turned=lying)}"
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_ruled(style.QUIET)}'
        f'{_text(LABEL, style.INK)}<c:crossAx val="{_VALUES}"/><c:crosses val="autoZero"/>'
        f'<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/>{every}'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(spec: ChartSpec, *, lying: bool) -> str:
    marks = _Scale(spec).marks()
    crosses, end = "max" if lying else "autoZero", marks[-1] * _HEADROOM[spec.kind]
    return (
        f'<c:valAx><c:axId val="{_VALUES}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{end!r}"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"b" if lying else "l"}"/>'
        f"<c:majorGridlines>{_ruled(style.HAIRLINE)}</c:majorGridlines>"
        f"{_title(spec.value_title, turned=not lying)}"
        f'<c:numFmt formatCode="{_format(marks[1], percent=spec.percent)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text(LABEL)}'
        f'<c:crossAx val="{_CATEGORIES}"/><c:crosses val="{crosses}"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{marks[1]!r}"/></c:valAx>'
    )


def _title(text: str, *, turned: bool) -> str:
    return (
        f'<c:title>{_rich(text, LABEL, style.QUIET, turned=turned)}<c:overlay val="0"/></c:title>'
    )


def _ruled(color: Color) -> str:
    return (
        f'<c:spPr><a:ln w="5080"><a:solidFill><a:srgbClr val="{hexadecimal(color)}"/>'
        "</a:solidFill></a:ln></c:spPr>"
    )


def _format(step: float, *, percent: bool) -> str:
    """Return the number format that tells the steps of an axis apart."""
    told = tick_text(step, percent=percent).removesuffix(" %")
    _, point, digits = told.partition(".")
    return f"#,##0{point}{'0' * len(digits)}{chr(92) + ' %' if percent else ''}"
