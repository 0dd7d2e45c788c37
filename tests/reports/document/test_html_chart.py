from xml.etree.ElementTree import fromstring

import pytest

from reports.charts import ChartSpec, Series, Threshold
from reports.document.html_chart import EstimatedWidths, chart_svg

DRAWN = {"svg", "title", "desc", "defs", "pattern", "rect", "line", "text"}
HOSTILE = (
    "<b>never closed & <i>",
    '"\' onmouseover="alert(1)" x=\'',
    "</title></svg><script>alert(1)</script>",
    "a\x00b\x1b[31m \N{RIGHT-TO-LEFT OVERRIDE}c",
    "a\ud800b",
    "x" * 500,
)


class Picture:
    """A drawing that is well formed, by its elements."""

    def __init__(self, spec):
        self.root = fromstring(chart_svg(spec, "c"))  # noqa: S314 -- what we wrote ourselves
        self.texts = [text.text or "" for text in self.root.iter("text")]

    def all(self, *tags):
        return [mark.attrib for mark in self.root.iter() if mark.tag in tags]

    def bars(self):
        # The first two rectangles are the pattern's, those of 7 by 7 the key's.
        rects = self.all("rect")[2:]
        return [rect for rect in rects if (rect["width"], rect["height"]) != ("7", "7")]


@pytest.mark.parametrize("bad", HOSTILE)
def test_a_hostile_chart_stays_a_chart(bad):
    for kind in ("columns", "bars", "map"):
        picture = Picture(chart(kind, bad))
        assert {mark.tag for mark in picture.root.iter()} <= DRAWN
        assert all(set(a) == {"id"} for a in picture.all("title", "desc"))
        assert picture.all("svg")[0].keys() == {"viewBox", "role", "aria-labelledby"}


def chart(kind="columns", text="a", **changes):
    options = {
        "id": "a-chart",
        "kind": kind,
        "title": text,
        "categories": (text, "second"),
        "series": (
            Series(name=f"original {text}", values=(1.0, 4.0), tone="before", texts=("", text)),
            Series(name="now", values=(2.0, 0.0), tone="now", texts=("2", "0")),
        ),
        "category_title": text,
        "value_title": text,
        "thresholds": (Threshold(value=3.0, label=text),),
        "alt": f"{text} in words",
    }
    return ChartSpec(**options | changes)


def test_bars_are_as_long_as_their_values_and_the_original_is_hatched():
    picture = Picture(chart("bars"))
    bars = picture.bars()
    fills = ["url(#c-hatching)", "#0b4f94"]
    assert [bar["fill"] for bar in bars] == fills * 2
    widths = [float(bar["width"]) for bar in bars]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 2, 4, 0], abs=0.01)
    key = [r["fill"] for r in picture.all("rect")[2:] if r["width"] == r["height"] == "7"]
    assert set(key) == set(fills)
    assert picture.all("pattern")[0]["id"] == "c-hatching"


def test_columns_stand_on_one_line_and_end_above_it():
    bars = Picture(chart()).bars()
    feet = {round(float(bar["y"]) + float(bar["height"]), 1) for bar in bars}
    assert len(bars) == 4
    assert len(feet) == 1
    heights = [float(bar["height"]) for bar in bars]
    assert [h / heights[0] for h in heights] == pytest.approx([1, 2, 4, 0], abs=0.01)


def test_the_words_of_a_chart_are_its_title_and_its_alternative_text():
    root = Picture(chart(text="many")).root
    assert root.find("title").text == "many"
    assert root.find("desc").text == "many in words"
    assert Picture(chart(alt="")).root.find("desc").text == "a"


def test_the_threshold_is_dashed_and_named():
    picture = Picture(chart(text="at most 3"))
    [dashed] = [line for line in picture.all("line") if "stroke-dasharray" in line]
    assert dashed["y1"] == dashed["y2"]
    assert "at most 3" in picture.texts


def test_what_lies_outside_of_the_picture_is_nothing():
    for kind in ("columns", "bars", "map"):
        picture = Picture(chart(kind))
        [svg] = picture.all("svg")
        width, height = map(float, svg["viewBox"].split()[2:])
        for mark in picture.all("rect", "text"):
            assert 0 <= float(mark.get("x", 0)) <= width
            assert 0 <= float(mark.get("y", 0)) <= height


def test_a_long_label_is_cut_and_its_table_holds_all_of_it():
    label = "a column with a name that is far too long for its place beside a bar"
    spec = chart("bars", categories=(label, "second"))
    picture = Picture(spec)
    [shown] = [text for text in picture.texts if text.startswith("a column")]
    assert shown.endswith("…")
    assert label.startswith(shown[:-1])
    assert label in [row[0] for row in spec.rows()]
    assert label not in picture.texts


@pytest.mark.parametrize(
    ("narrow", "wide"), [("ill", "all"), ("all", "ALL"), ("ALL", "WWW"), ("abc", "\u4e2d\u6587abc")]
)
def test_broad_letters_take_more_room(narrow, wide):
    setter = EstimatedWidths()
    assert setter.width(narrow, "PrivascopeSans", 8) < setter.width(wide, "PrivascopeSans", 8)


def test_a_text_is_cut_to_the_room_there_is():
    setter = EstimatedWidths()
    shown = setter.fit("w" * 50, "PrivascopeSans", 10, 90)
    assert shown == "w" * 8 + "…"


def test_the_names_of_the_series_stand_side_by_side():
    picture = Picture(chart("bars"))
    places = sorted(float(t["x"]) for t in picture.all("text") if t.get("font-weight") == "700")
    room = EstimatedWidths().width("original a", "PrivascopeSans", 7.5)
    assert places[1] - places[0] > room
