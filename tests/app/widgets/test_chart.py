from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import ChartSpec, Series, Threshold
from ui.widgets.chart import figure


def spec(**changes):
    options = {
        "id": "x",
        "kind": "columns",
        "title": "One of three is alone",
        "categories": ("1", "2", "3 to 4"),
        "series": (
            Series(name="original", values=(3.0, 2.0, 0.5), tone="before", texts=("3", "2", "½")),
            Series(name="now", values=(0.0, 1.0, 4.0), tone="now", texts=("0", "1", "4")),
        ),
        "category_title": "people in a group",
        "value_title": "people",
    }
    return ChartSpec(**options | changes)


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_drawn_values_are_the_values_of_the_chart(kind):
    drawn = figure(spec(kind=kind))
    assert [bar.name for bar in drawn.data] == ["original", "now"]
    lengths = [bar.x if kind == "bars" else bar.y for bar in drawn.data]
    names = [bar.y if kind == "bars" else bar.x for bar in drawn.data]
    assert lengths == [(3.0, 2.0, 0.5), (0.0, 1.0, 4.0)]
    assert names == [("1", "2", "3 to 4")] * 2
    assert drawn.data[0].orientation == ("h" if kind == "bars" else "v")
    assert drawn.data[0].text == ("3", "2", "½")


@pytest.mark.parametrize(("categories", "orientation"), [(4, "v"), (5, "h")])
def test_pairs_of_many_categories_lie_so_that_their_numbers_have_room(categories, orientation):
    values = tuple(float(i) for i in range(categories))
    pair = tuple(Series(name=name, values=values, tone="now") for name in ("original", "now"))
    names = tuple(f"size {i}" for i in range(categories))
    drawn = figure(spec(categories=names, series=pair))
    assert {bar.orientation for bar in drawn.data} == {orientation}
    assert len(figure(spec(categories=names, series=pair[:1])).data[0].y) == categories
    assert figure(spec(categories=names, series=pair[:1])).data[0].orientation == "v"


@pytest.mark.parametrize(("kind", "axis"), [("columns", "y"), ("bars", "x")])
def test_thresholds_are_dashed_lines_with_their_label(kind, axis):
    drawn = figure(spec(kind=kind, thresholds=(Threshold(value=1.5, label="limit <b>"),)))
    (line,) = drawn.layout.shapes
    assert line[f"{axis}0"] == line[f"{axis}1"] == 1.5
    assert line.line.dash == "dash"
    assert [note.text for note in drawn.layout.annotations] == ["limit &lt;b&gt;"]


def test_bars_start_at_zero_and_shares_are_per_cent():
    drawn = figure(spec(percent=True, maximum=1.0))
    assert drawn.layout.yaxis.rangemode == "tozero"
    assert drawn.layout.yaxis.range[0] == 0
    assert drawn.layout.yaxis.range[1] >= 1
    assert drawn.layout.yaxis.tickformat == ",~%"


def test_series_differ_by_more_than_colour():
    before, now = figure(spec()).data
    assert before.marker.color != now.marker.color
    assert before.marker.pattern.shape != now.marker.pattern.shape


@given(st.text(max_size=300))
def test_no_text_of_a_chart_is_read_as_html(text):
    drawn = figure(
        spec(
            kind="bars",
            categories=(text, "b", "c"),
            category_title=text,
            value_title=text,
            series=(Series(name=text, values=(1, 2, 3), tone="now", texts=(text, "", "")),),
            thresholds=(Threshold(value=1, label=text),),
        )
    )
    bar = drawn.data[0]
    texts = [
        *bar.y,
        *bar.text,
        bar.name,
        drawn.layout.xaxis.title.text,
        drawn.layout.yaxis.title.text,
    ]
    texts += [note.text for note in drawn.layout.annotations]
    texts = [shown.replace("<br>", "") for shown in texts if shown]  # where a name is wrapped
    assert not any("<" in shown or ">" in shown for shown in texts)


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_categories_that_look_alike_when_cut_stay_apart(kind):
    names = ("w" * 40 + "1", "w" * 40 + "2", "c")
    bar = figure(spec(kind=kind, categories=names)).data[0]
    assert len(set(bar.y if kind == "bars" else bar.x)) == 3


def test_a_long_name_takes_two_lines_where_lying_bars_have_room_and_is_cut_elsewhere():
    long = "2: date_of_birth and postcode of home"

    def names(rows, **changes):
        categories = (long, *map(str, range(1, rows)))
        one = Series(name="now", values=(1.0,) * rows, tone="now")
        (bar,) = figure(spec(categories=categories, series=(one,), **changes)).data
        return bar.x if bar.orientation == "v" else bar.y

    assert names(8, kind="bars")[0] == "2: date_of_birth and<br>postcode of home"
    assert names(9, kind="bars")[0] == names(3)[0] == f"{long[:27]}…"


def test_the_longest_name_is_cut_at_the_end_of_its_second_line():
    words = " ".join(f"word{i}" for i in range(30))
    name = figure(spec(kind="bars", categories=(words, "b", "c"))).data[0].y[0]
    assert name.startswith("word0 word1")
    assert name.endswith("…")
    assert len(name.split("<br>")) == 2
    assert max(map(len, name.split("<br>"))) <= 28


def test_side_by_side_only_bars_that_are_there_are_labelled():
    assert list(figure(spec()).data[1].text) == ["", "1", "4"]


def test_lying_bars_leave_room_for_the_number_at_their_end():
    spec = ChartSpec(
        id="x",
        kind="bars",
        title="t",
        categories=("a", "b"),
        series=(Series(name="s", values=(0.4, 0.1), tone="risk", texts=("40.2 %", "10.0 %")),),
        category_title="c",
        value_title="v",
        percent=True,
    )
    low, high = figure(spec).layout.xaxis.range
    assert low == 0
    assert high == pytest.approx(0.4 * 1.18)
    nothing = replace(spec, series=(replace(spec.series[0], values=(0.0, 0.0)),))
    assert figure(nothing).layout.xaxis.range is None


def a_map(columns=2):
    rows = tuple(
        Series(
            name=f"{i} <b>",
            values=tuple(0.25 * (j < i) for j in range(columns)),
            texts=tuple(".25" if j < i else "" for j in range(columns)),
            tone="utility",
        )
        for i in range(columns + 1)
    )
    return spec(kind="map", series=rows, categories=tuple(map(str, range(columns))), maximum=0.5)


def test_a_map_shades_its_cells_and_leaves_the_others_open():
    drawn = figure(a_map())
    (cells,) = drawn.data
    assert [list(row) for row in cells.z] == [[None, None], [0.5, None], [0.5, 0.5]]
    assert cells.y == ("0 &lt;b&gt;", "1 &lt;b&gt;", "2 &lt;b&gt;")
    assert (cells.zmin, cells.zmax) == (0, 1)
    assert [(note.x, note.y, note.text) for note in drawn.layout.annotations] == [
        (0, 1, ".25"), (0, 2, ".25"), (1, 2, ".25"),
    ]  # fmt: skip


def test_texts_of_a_wide_map_are_set_smaller_and_named_rows_shorter():
    narrow, wide = figure(a_map(2)), figure(a_map(11))
    assert wide.layout.annotations[0].font.size < narrow.layout.annotations[0].font.size
    assert wide.layout.height > narrow.layout.height
    named = figure(spec(kind="map", series=(Series(name="x" * 90, values=(1, 1, 1), tone="utility",
                                                   texts=("", "", "")),)))  # fmt: skip
    assert len(named.data[0].y[0]) <= 16


def test_a_share_has_room_for_its_number_but_no_tick_beyond_the_whole():
    drawn = figure(replace(spec(percent=True, maximum=1.0), kind="bars")).layout.xaxis
    assert drawn.range[1] > 1.2
    assert drawn.tickvals == (0, 0.5, 1)
