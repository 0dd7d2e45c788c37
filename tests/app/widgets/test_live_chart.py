import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import ChartSpec, Series, Threshold
from ui.widgets.live_chart import MOST_TICKS, drawing, nice_ticks, tick_text


def spec(**changes):
    options = {
        "id": "x",
        "kind": "columns",
        "title": "One of three is alone",
        "categories": ("1", "2"),
        "series": (
            Series(name="original", values=(4.0, 2.0), tone="before", texts=("4", "2")),
            Series(name="now", values=(0.0, 1.0), tone="now", texts=("0", "1")),
        ),
        "category_title": "people in a group",
        "value_title": "people",
    }
    return ChartSpec(**options | changes)


@pytest.mark.parametrize("kind", ["columns", "bars"])
def test_lengths_are_in_proportion_and_fit(kind):
    drawn = drawing(spec(kind=kind))
    assert drawn["lying"] == (kind == "bars")
    first, second = (series["shares"] for series in drawn["series"])
    assert first[0] == 2 * first[1] == 4 * second[1]
    assert second[0] == 0
    assert first[0] < 1
    assert [series["texts"] for series in drawn["series"]] == [["4", "2"], ["0", "1"]]
    # The tick at 4 stands where the bar of 4 ends.
    assert {text: share for share, text in drawn["ticks"]}["4"] == first[0]


def test_a_share_ends_its_axis_at_the_whole():
    drawn = drawing(spec(series=(Series(name="now", values=(0.25, 1.0), tone="now"),),
                         percent=True, maximum=1.0))  # fmt: skip
    assert [text for _, text in drawn["ticks"]] == ["0 %", "50 %", "100 %"]
    (series,) = drawn["series"]
    assert series["shares"][1] == drawn["ticks"][-1][0]


def test_series_differ_by_more_than_colour():
    before, now = drawing(spec())["series"]
    assert (before["hatched"], now["hatched"]) == (True, False)
    assert before["colour"] != now["colour"]


def test_a_threshold_stands_on_the_axis_even_beyond_every_bar():
    drawn = drawing(spec(thresholds=(Threshold(value=10, label="limit"),)))
    ((place, label),) = drawn["lines"]
    assert label == "limit"
    assert 0 < place < 1
    assert place == pytest.approx(2.5 * drawn["series"][0]["shares"][0])


def test_a_chart_of_nothing_and_an_infinite_bar_can_be_drawn():
    nothing = drawing(spec(series=(Series(name="now", values=(0.0, 0.0), tone="now"),)))
    assert nothing["series"][0]["shares"] == [0, 0]
    endless = drawing(spec(series=(Series(name="now", values=(float("inf"), 1.0), tone="now"),)))
    assert endless["series"][0]["shares"][0] == 1
    json.dumps(endless, allow_nan=False)


def test_a_map_is_left_to_plotly():
    cells = spec(kind="map", maximum=1.0)
    with pytest.raises(ValueError, match="map"):
        drawing(cells)


@given(st.floats(1e-6, 1e12))
def test_ticks_are_few_round_and_within(top):
    ticks = nice_ticks(top)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= MOST_TICKS
    assert ticks[-1] <= top * (1 + 1e-9)
    assert ticks[-1] >= top / 2
    assert len({tick_text(tick, percent=False) for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("mark", "percent", "text"),
    [(0.25, True, "25 %"), (1.0, True, "100 %"), (20000, False, "20,000"), (0.5, False, "0.5")],
)
def test_a_tick_says_its_number(mark, percent, text):
    assert tick_text(mark, percent=percent) == text
