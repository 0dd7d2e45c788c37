import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate, NotComputed
from reports.chart_utility import association_map, distribution_distances, query_error
from reports.charts import ChartSpec, Series, shade_colour
from reports.stage import Stage


def stage(pairs, **more):
    figures = {
        ("utility", "associations", "pairs", *path): Estimate(value=value)
        if value is not None
        else NotComputed(reason="Not here.")
        for path, value in pairs.items()
    }
    return Stage(figures=figures | more.get("figures", {}), sizes={})


BEFORE = stage(
    {
        ("age", "pay", "pearson"): 0.5,
        ("age", "pay", "spearman"): 0.9,
        ("age", "sex", "correlation_ratio"): 0.25,
        ("pay", "sex", "correlation_ratio"): 0.1,
        ("pay", "sex", "change"): 0.0,
    }
)
AFTER = stage(
    {
        ("age", "pay", "pearson"): 0.42,
        ("age", "pay", "spearman"): 0.0,
        ("age", "sex", "correlation_ratio"): 0.05,
        ("pay", "sex", "correlation_ratio"): 0.1,
        ("pay", "sex", "change"): 0.0,
    }
)


def test_a_map_shades_the_change_of_each_pair_once():
    spec = association_map(BEFORE, AFTER)
    assert spec.title == "The link between age and sex weakened most: 0.25 → 0.05"
    assert [series.name for series in spec.series] == ["1 age", "2 pay", "3 sex"]
    assert spec.categories == ("1", "2")
    assert [series.texts for series in spec.series] == [("", ""), ("−.08", ""), ("−.20", ".00")]
    assert spec.series[2].values == pytest.approx((-0.2, 0.0))
    assert spec.rows() == [
        ("columns", "original", "now", "change"),
        ("age – pay", "0.50", "0.42", "−0.08"),
        ("age – sex", "0.25", "0.05", "−0.20"),
        ("pay – sex", "0.10", "0.10", "0.00"),
    ]
    assert "age – sex: 0.25 → 0.05" in spec.alt
    assert spec.shade(spec.series[2], 0) == pytest.approx(0.4)
    assert spec.shade(spec.series[0], 0) is None


def test_without_a_release_the_map_shows_how_strong_the_links_are():
    spec = association_map(BEFORE)
    assert spec.title == "The strongest link is that between age and pay: 0.50"
    assert spec.series[1].texts == (".50", "")
    assert spec.rows()[1] == ("age – pay", "0.50")


def test_an_unchanged_table_keeps_every_link():
    title = "Every link between two columns is as strong as before"
    assert association_map(BEFORE, BEFORE).title == title


@pytest.mark.parametrize(
    ("was", "now", "word"), [(-0.5, 0.4, "turned"), (-0.2, -0.6, "strengthened")]
)
def test_the_title_says_what_became_of_the_link(was, now, word):
    pairs = {("a", "b", "pearson"): was, ("a", "c", "pearson"): 0.3}
    spec = association_map(stage(pairs), stage(pairs | {("a", "b", "pearson"): now}))
    assert spec.title.startswith(f"The link between a and b {word} most: −0.{abs(was) * 10:.0f}0")


def test_what_was_not_measured_is_an_empty_cell_in_its_place():
    pairs = {
        ("a", "b", "cramers_v"): None,
        ("a", "c", "cramers_v"): 0.5,
        ("b", "c", "cramers_v"): 0.25,
    }
    spec = association_map(stage(pairs))
    assert [series.texts for series in spec.series] == [("", ""), ("", ""), (".50", ".25")]


def test_without_links_questions_or_distances_there_is_no_chart():
    for make in (association_map, query_error, distribution_distances):
        assert make(stage({})) is None
    assert association_map(stage({("a", "b", "cramers_v"): 0.5})) is None
    assert association_map(BEFORE, stage({})) is None


def test_at_most_twelve_columns_are_drawn():
    names = [f"c{i:02d}" for i in range(15)]
    pairs = {
        (a, b, "cramers_v"): 0.1 for i, a in enumerate(names) for b in names[i + 1 :]
    }  # fmt: skip
    spec = association_map(stage(pairs))
    assert len(spec.series) == 12
    assert len(spec.categories) == 11
    assert len(spec.rows()) == 1 + 12 * 11 / 2


def questions(**values):
    figures = {
        ("utility", "queries", *path.split("_")): Estimate(
            value=value, method="200 random questions", seed=7
        )
        for path, value in values.items()
    }
    renamed = {
        tuple("by_columns" if part == "by" else part for part in path): figure
        for path, figure in figures.items()
    }
    return Stage(figures=renamed, sizes={})


def test_errors_of_questions_are_told_by_the_number_of_columns():
    now = questions(median=0.031, p90=0.12, by_1_median=0.01, by_1_p90=0.1, by_2_median=0.05)
    spec = query_error(questions(median=0.0, p90=0.0), now)
    assert spec.title == (
        "Half of the counting questions are off by at most 3.10 %, nine in ten by at most 12.0 %"
    )
    assert spec.categories == ("1 column, half of them", "1 column, nine in ten",
                               "2 columns, half of them")  # fmt: skip
    assert spec.series[0].values == (0.01, 0.1, 0.05)
    assert "200 random questions; seed 7" in spec.note
    exact = query_error(questions(median=0.0, p90=0.0, by_1_median=0.0))
    assert exact.title == "Every counting question is answered exactly"


def test_columns_are_ranked_by_how_far_their_shape_moved():
    figures = {
        ("utility", "distributions", name, "tvd"): Estimate(value=value)
        for name, value in {"a": 0.1, "b": 0.4, "c": 0.0}.items()
    }
    spec = distribution_distances(Stage(figures=figures, sizes={}))
    assert spec.categories == ("b", "a", "c")
    assert spec.title == "The shape of b moved most: 40.0 % of rows"
    still = {path: Estimate(value=0.0) for path in figures}
    assert distribution_distances(Stage(figures=still, sizes={})).title == (
        "Every column kept its shape"
    )


def test_the_charts_of_a_real_assessment_hold_its_figures(released):
    spec = association_map(released.before, released.after)
    was = released.before.value("utility", "associations", "pairs", "age", "town",
                                "correlation_ratio")  # fmt: skip
    now = released.after.value("utility", "associations", "pairs", "age", "town",
                               "correlation_ratio")  # fmt: skip
    assert spec.series[1].values[0] == pytest.approx(now - was)
    questions = query_error(released.before, released.after)
    assert questions.series[0].values[0] == released.after.value(
        "utility", "queries", "by_columns", "1", "median"
    )
    assert query_error(released.before).title == "Every counting question is answered exactly"


@given(st.text(), st.text(), st.text())
def test_any_name_makes_a_map(a, b, c):
    if len({a, b, c}) == 3:
        pairs = {(a, b, "cramers_v"): 0.5, (a, c, "cramers_v"): 0.2}
        assert len(association_map(stage(pairs), stage(pairs)).rows()) == 3


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_shades_darken_steadily_and_their_texts_can_be_read():
    shades = [shade_colour(i / 20) for i in range(21)]
    assert (shades[0][0], shades[-1][0]) == ("#e3eef9", "#08306b")
    light = [luminance(fill) for fill, _ in shades]
    assert light == sorted(light, reverse=True)
    for fill, ink in shades:
        high, low = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_map_has_at_most_twelve_rows_and_columns():
    def made(rows, columns):
        series = Series(name="r", values=(0.0,) * columns, tone="utility", texts=("",) * columns)
        return ChartSpec(
            id="m", kind="map", title="t", categories=tuple(map(str, range(columns))),
            series=(series,) * rows, category_title="c", value_title="v",
        )  # fmt: skip

    made(12, 12)
    for rows, columns in ((13, 1), (1, 13)):
        with pytest.raises(ValueError, match="has more than 12"):
            made(rows, columns)
