import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Line, Rect, String

from reports.charts import ChartSpec, Series, Threshold
from reports.document import fonts, style
from reports.document.drawing import ChartDrawing, tick_text, ticks
from reports.document.text import Typesetter


def setup_module():
    fonts.register()


def spec(kind="columns", marks=4, **changes):
    values = tuple(float(i) for i in range(marks))
    options = {
        "id": "x",
        "kind": kind,
        "title": "A title",
        "categories": tuple(f"category {i}" for i in range(marks)),
        "series": (
            Series(name="original", values=values, tone="before"),
            Series(name="now", values=values[::-1], tone="now"),
        ),
        "category_title": "categories",
        "value_title": "values",
    }
    return ChartSpec(**options | changes)


def drawn(chart):
    return ChartDrawing(chart, Typesetter()).draw()


def bars(drawing, tone):
    return [s for s in drawing.contents if isinstance(s, Rect) and s.fillColor == tone]


def strings(drawing):
    return [s for s in drawing.contents if isinstance(s, String)]


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_bars_are_as_long_as_their_values(kind):
    drawing = drawn(spec(kind))
    lengths = [
        bar.height if kind == "columns" else bar.width for bar in bars(drawing, style.PRIMARY)
    ]
    key = 7.0
    lengths = [length for length in lengths if length != key]
    assert lengths == pytest.approx([lengths[0] * part / 3 for part in (3, 2, 1, 0)])


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_everything_stays_inside_the_drawing(kind):
    drawing = drawn(spec(kind, thresholds=(Threshold(value=3, label="policy: at least 3"),)))
    setter = Typesetter()
    for shape in drawing.contents:
        if isinstance(shape, String):
            right = shape.x + setter.width(shape.text, shape.fontName, shape.fontSize)
            assert shape.x >= -1
            assert right <= drawing.width + 1
            assert 0 <= shape.y <= drawing.height
        elif isinstance(shape, Rect):
            assert shape.x >= 0
            assert shape.x + shape.width <= drawing.width
            assert shape.y + shape.height <= drawing.height


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_axes_series_and_values_are_named(kind):
    texts = {shape.text for shape in strings(drawn(spec(kind)))}
    assert {"categories", "values", "original", "now", "category 0", "3"} <= texts


def test_a_threshold_is_a_dashed_line_with_its_label():
    drawing = drawn(spec(thresholds=(Threshold(value=2.5, label="policy: at most 2.5"),)))
    dashed = [s for s in drawing.contents if isinstance(s, Line) and s.strokeDashArray]
    assert len(dashed) == 1
    assert dashed[0].strokeColor == style.THRESHOLD
    assert "policy: at most 2.5" in {shape.text for shape in strings(drawing)}


def test_only_fonts_that_are_embedded_are_used():
    assert {s.fontName for s in strings(drawn(spec()))} <= {fonts.REGULAR, fonts.BOLD}


def test_fifty_marks_fit_on_a_page():
    assert drawn(spec("bars", marks=50)).height < style.TEXT_HEIGHT - 60


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_ticks_reach_the_top_in_a_few_even_steps(top):
    marks = ticks(top)
    assert marks[0] == 0
    assert marks[-1] >= top * 0.999
    assert 2 <= len(marks) <= 6
    assert marks[-1] <= top * 3 + 1e-9


def test_tick_texts():
    assert ticks(3, whole=True) == [0, 1, 2, 3]
    assert ticks(0) == [0, 1]
    assert tick_text(0.25, percent=True) == "25 %"
    assert tick_text(4000, percent=False) == "4,000"


def a_map(rows=3):
    texts = [[f".{i}{j}" if j < i else "" for j in range(rows - 1)] for i in range(rows)]
    return spec(
        "map",
        categories=tuple(str(j + 1) for j in range(rows - 1)),
        series=tuple(
            Series(
                name=f"{i + 1} a rather long name of a column",
                values=tuple(float(text or 0) for text in row),
                texts=tuple(row),
                tone="utility",
            )
            for i, row in enumerate(texts)
        ),
        maximum=0.3,
    )


@pytest.mark.parametrize("rows", [3, 12])
def test_a_map_draws_a_cell_for_each_text_inside_the_drawing(rows):
    drawing = drawn(a_map(rows))
    cells = [s for s in drawing.contents if isinstance(s, Rect)]
    assert len(cells) == rows * (rows - 1) / 2
    assert all(s.x >= 0 and s.x + s.width <= drawing.width for s in cells)
    assert all(s.y >= 0 and s.y + s.height <= drawing.height for s in cells)
    texts = [s.text for s in strings(drawing)]
    assert {"1", ".10", "values"} <= set(texts)
    assert "" not in texts


def test_a_larger_value_is_darker_and_its_text_lighter():
    drawing = drawn(a_map())
    fills = {s.x + s.y * 1000: s.fillColor for s in drawing.contents if isinstance(s, Rect)}
    assert len(set(fills.values())) == 3
    inks = {s.text: s.fillColor for s in strings(drawing)}
    assert inks[".21"].red > inks[".10"].red, "white on the darkest, dark on the others"
