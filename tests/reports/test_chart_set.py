import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.chart_set import (
    class_sizes,
    closeness,
    column_losses,
    column_separation,
    columns_telling_apart,
    cumulative_risk,
    distribution,
    diversity,
    loss_by_column,
    risk_bands,
)
from reports.stage import Bin, Stage

SIZES = st.dictionaries(st.integers(1, 300), st.integers(1, 20), max_size=12)


def stage(sizes):
    return Stage(figures={}, sizes=sizes)


def test_people_are_counted_by_the_size_of_their_group():
    spec = class_sizes(stage({1: 3, 2: 2, 5: 1, 11: 1, 25: 2, 100: 1}))
    assert spec.series[0].values == (3, 4, 5, 11, 50, 100)
    assert spec.title == "1.73 % of people are alone in their group of look-alikes"


@given(SIZES, SIZES)
def test_every_person_is_in_one_band(before, after):
    for make in (class_sizes, risk_bands):
        spec = make(stage(before), stage(after))
        for series, sizes in zip(spec.series, (before, after), strict=True):
            people = sum(size * count for size, count in sizes.items())
            expected = people if make is class_sizes else float(bool(people))
            assert sum(series.values) == pytest.approx(expected)


@given(SIZES)
def test_the_share_in_small_groups_grows_with_the_size(sizes):
    values = cumulative_risk(stage(sizes), size=7).series[0].values
    assert list(values) == sorted(values)
    assert all(0 <= value <= 1 for value in values)


def test_the_policy_s_size_is_marked_and_in_the_title():
    spec = cumulative_risk(stage({1: 1, 9: 1}), stage({10: 1}), size=10)
    assert "below 10 (policy)" in spec.categories
    assert spec.title == "Nobody is in a group of fewer than 10; in the original 100 %"


def test_a_chart_s_texts_are_its_values(released):
    spec = risk_bands(released.before, released.after)
    highest = released.before.value("reidentification", "prosecutor", "highest")
    assert highest == 1
    assert spec.series[0].values[0] == pytest.approx(released.before.value("uniqueness", "sample"))
    assert spec.rows()[1][1] == spec.series[0].texts[0]
    assert spec.series[0].texts[0] in spec.alt


def test_attribute_charts_hold_the_measured_figures_and_the_threshold(released):
    spec = diversity(released.before, released.after, at_least=3)
    assert spec.series[1].values == (
        released.after.value("models", "l-diversity", "illness", "distinct"),
    )
    assert spec.thresholds[0].value == 3
    spec = closeness(released.before, released.after, at_most=0.2)
    assert spec.series[1].values == (
        released.after.value("models", "t-closeness", "illness", "equal"),
    )
    assert spec.thresholds[0].label == "policy: at most 0.200"


def test_without_a_figure_there_is_no_chart():
    assert diversity(stage({2: 1})) is None
    assert closeness(stage({2: 1})) is None
    assert column_separation(stage({2: 1})) is None


def test_columns_are_ranked_by_what_they_tell(released):
    spec = column_separation(released.before)
    assert spec.categories == ("age", "town")
    assert columns_telling_apart({"a": 0.1, "b": 0.9}).title == "b tells people apart the most"


def test_a_column_s_loss_is_what_is_not_kept(released):
    losses = column_losses(released.after)
    kept = released.after.value("utility", "by_column", "age", "granularity")
    assert losses["age"] == pytest.approx(1 - kept)
    spec = loss_by_column(losses)
    assert spec.title.startswith("age lost the most detail")
    assert loss_by_column({"a": 0.0}).title == "No column lost detail"


def test_a_distribution_says_how_far_the_shape_moved():
    bins = [Bin(label="a", before=50, after=25), Bin(label="b", before=50, after=75)]
    assert distribution("x", bins).title == (
        "x: 25.0 % of rows would have to move to get the shape back"
    )
    assert distribution("x", bins, released=False).title == "x: 2 groups of values"
    same = [Bin(label="a", before=50, after=25), Bin(label="b", before=50, after=25)]
    assert distribution("x", same).title == "x: the shape is kept"
    assert distribution("x", bins[:1]).title == "x: every row shown says the same"


def test_no_chart_has_more_than_fifty_marks_and_the_rest_is_told():
    bins = [Bin(label=str(i), before=9, after=9) for i in range(80)]
    spec = distribution("x", bins)
    assert len(spec.categories) == 50
    assert spec.note.startswith("The first 50 of 80 are drawn.")
    assert len(columns_telling_apart({str(i): 0.5 for i in range(80)}).categories) == 50


def test_long_names_are_cut():
    assert all(len(name) <= 40 for name in columns_telling_apart({"x" * 5000: 1.0}).categories)
