import re
from dataclasses import replace

import pytest
from docx.oxml import parse_xml
from openpyxl.chart.chartspace import ChartSpace

from reports.charts import ChartSpec, Series, Threshold
from reports.document import style
from reports.document.docx_chart import CHART, DRAWING, chart_height, chart_xml

C, A = f"{{{CHART}}}", f"{{{DRAWING}}}"
HOSTILE = "<b>&\"' ]]> =1+1 \x00\N{RIGHT-TO-LEFT OVERRIDE}x"
SPEC = ChartSpec(
    id="one",
    kind="bars",
    title="The message",
    categories=("first", "second"),
    series=(
        Series(name="original", values=(0.5, 0.25), tone="before", texts=("1 in 2", "1 in 4")),
        Series(name="now", values=(0.1, 0.0), tone="now"),
    ),
    category_title="who",
    value_title="share",
    percent=True,
)


def tree(spec):
    return parse_xml(chart_xml(spec, "en-GB"))


def values(root, path):
    return [element.get("val") for element in root.iterfind(f".//{path}")]


def assert_same_elements(mine, theirs):
    """The other library knows no text of a label of one mark, and adds looks of its own."""
    tag, told = re.sub("{.*}", "", mine.tag), list(mine)
    told = [e for e in told if not (tag == "dLbl" and e.tag == f"{C}tx")]
    names = [re.sub("{.*}", "", element.tag) for element in told]
    added = {"prstDash", "ln", "r"} - set(names)
    known = [e for e in theirs if re.sub("{.*}", "", e.tag) not in added]
    assert names == [re.sub("{.*}", "", element.tag) for element in known], tag
    for one, other in zip(told, known, strict=True):
        assert_same_elements(one, other)


@pytest.mark.parametrize("kind", ["bars", "columns"])
@pytest.mark.parametrize("count", [1, 3])
def test_another_library_reads_the_chart_and_writes_the_same_elements_in_the_same_order(
    kind, count
):
    root = tree(replace(SPEC, kind=kind, series=(SPEC.series * 2)[:count]))
    assert_same_elements(root, ChartSpace.from_tree(root).to_tree())


def test_every_value_and_label_is_in_the_chart_itself():
    root = tree(SPEC)
    for number, series in enumerate(SPEC.series):
        one = root.findall(f".//{C}ser")[number]
        assert one.findtext(f"{C}tx/{C}v") == series.name
        assert [c.text for c in one.iterfind(f"{C}cat/{C}strLit/{C}pt/{C}v")] == ["first", "second"]
        shown = [float(v.text) for v in one.iterfind(f"{C}val/{C}numLit/{C}pt/{C}v")]
        assert shown == list(series.values)
    texts = [text.text for text in root.iterfind(f".//{C}dLbl//{A}t")]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts] == [
        *("1 in 2", "1 in 4", "10 %", "0 %"),
    ]


def test_nothing_outside_the_chart_is_referred_to():
    text = chart_xml(SPEC, "en-GB")
    for word in ("externalData", "c:f>", "strRef", "numRef", "r:id", "blip"):
        assert word not in text


def test_the_first_of_lying_bars_is_at_the_top_and_the_values_below():
    root = tree(SPEC)
    assert values(root, f"{C}barDir") == ["bar"]
    assert values(root, f"{C}catAx/{C}scaling/{C}orientation") == ["maxMin"]
    assert values(root, f"{C}valAx/{C}crosses") == ["max"]
    upright = tree(replace(SPEC, kind="columns"))
    assert values(upright, f"{C}barDir") == ["col"]
    assert values(upright, f"{C}catAx/{C}scaling/{C}orientation") == ["minMax"]


@pytest.mark.parametrize(
    ("kind", "count", "expected"), [("bars", 1, 500), ("bars", 50, 45), ("columns", 1, 500)]
)
def test_few_bars_stay_slim_and_many_fill_the_chart(kind, count, expected):
    series = Series(name="now", values=(1.0,) * count, tone="now")
    spec = replace(
        SPEC, kind=kind, categories=tuple("a" * count), series=(series,), category_title="x" * 40
    )
    assert values(tree(spec), f"{C}gapWidth") == [str(expected)]


def test_the_axis_begins_at_zero_and_has_the_steps_and_words_of_the_print():
    [axis] = tree(SPEC).iterfind(f".//{C}valAx")
    assert values(axis, f"{C}min") == ["0"]
    assert float(values(axis, f"{C}majorUnit")[0]) == pytest.approx(0.2)
    assert float(values(axis, f"{C}max")[0]) == pytest.approx(0.6 * 1.12)
    formats = [element.get("formatCode") for element in axis.iterfind(f"{C}numFmt")]
    assert formats == ["#,##0\\ %"]
    assert [text.text for text in axis.iterfind(f"{C}title//{A}t")] == ["share"]


@pytest.mark.parametrize(
    ("top", "percent", "expected"),
    [
        (40.0, False, "#,##0"),
        (0.3, False, "#,##0.0"),
        (1.0, False, "#,##0.00"),
        (0.006, True, "#,##0.0\\ %"),
        (90_000.0, False, "#,##0"),
    ],
)
def test_the_format_of_the_axis_tells_its_steps_apart(top, percent, expected):
    series = Series(name="now", values=(top, top / 3), tone="now")
    root = tree(replace(SPEC, series=(series,), percent=percent))
    [shown] = [e.get("formatCode") for e in root.iterfind(f".//{C}valAx/{C}numFmt")]
    assert shown == expected


def test_the_maximum_that_is_asked_for_is_kept_with_room_for_a_label():
    root = tree(replace(SPEC, maximum=1.0))
    assert float(values(root, f"{C}max")[0]) == pytest.approx(1.12)
    assert float(values(root, f"{C}majorUnit")[0]) == 0.25


def test_a_value_below_zero_is_drawn_as_none_as_in_print():
    series = Series(name="now", values=(-1.0, 2.0), tone="now")
    root = tree(replace(SPEC, series=(series,)))
    assert [v.text for v in root.iterfind(f".//{C}numLit/{C}pt/{C}v")] == ["0.0", "2.0"]


def test_the_original_differs_by_a_pattern_and_one_series_has_no_key():
    assert len(list(tree(SPEC).iterfind(f".//{C}ser/{C}spPr/{A}pattFill"))) == 1
    assert len(list(tree(SPEC).iterfind(f".//{C}legend"))) == 1
    single = tree(replace(SPEC, series=SPEC.series[1:]))
    assert not list(single.iterfind(f".//{A}pattFill"))
    assert not list(single.iterfind(f".//{C}legend"))


def test_a_label_wider_than_its_column_is_left_out():
    many = tuple(str(i) for i in range(50))
    series = Series(name="now", values=(1.0,) * 50, tone="now", texts=("long text",) * 49 + ("1",))
    root = tree(replace(SPEC, kind="columns", categories=many, series=(series,)))
    labels = list(root.iterfind(f".//{C}dLbl"))
    assert len(labels) == 50
    assert [label.find(f"{C}delete") is None for label in labels] == [False] * 49 + [True]
    lying = tree(replace(SPEC, categories=many, series=(series,)))
    assert not list(lying.iterfind(f".//{C}dLbl/{C}delete"))


def test_a_long_name_leaves_room_for_the_bars():
    [long, _] = [
        v.text
        for v in tree(
            replace(SPEC, categories=("x" * 90, "second"), series=SPEC.series[:1])
        ).iterfind(f".//{C}strLit/{C}pt/{C}v")
    ]
    assert long == "x" * 34 + "…"


def test_hostile_names_stay_text():
    series = Series(name=HOSTILE, values=(1.0,), tone="now", texts=(HOSTILE,))
    spec = replace(
        SPEC, categories=(HOSTILE,), series=(series,) * 2, category_title=HOSTILE,
        value_title=HOSTILE,
    )  # fmt: skip
    root = tree(spec)
    shown = [e.text for e in root.iter() if e.text and "<b>" in e.text]
    assert len(shown) >= 8
    assert set(shown) == {"<b>&\"' ]]> =1+1 x"}


@pytest.mark.parametrize("kind", ["bars", "columns"])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_a_chart_and_its_message_fit_on_a_page(kind, count):
    series = Series(name="now", values=(1.0,) * count, tone="now")
    spec = replace(
        SPEC, kind=kind, categories=tuple("a" * count), series=(series,) * 3,
        thresholds=(Threshold(value=1.0, label="policy"),),
    )  # fmt: skip
    assert 80 < chart_height(spec) < style.TEXT_HEIGHT - 80
    assert tree(spec).tag == f"{C}chartSpace"
