import pytest

from microdata.measure import Estimate, NotComputed
from reports.chart_uniqueness import (
    contributions,
    population_band,
    special_unique_sizes,
    unicity,
)
from reports.stage import Stage

POPULATION = ("uniqueness", "population")


def stage(figures, labels=()):
    return Stage(
        figures={path: Estimate(value=value) for path, value in figures.items()},
        sizes={},
        labels=dict(labels),
    )


def band(**values):
    return {(*POPULATION, key): value for key, value in values.items()}


def test_the_band_is_told_as_a_range_with_the_pick_of_the_rule_named():
    spec = population_band(
        stage(
            band(pitman=0.03, zayatz=0.22, snb=0.1, low=0.03, high=0.22),
            {(*POPULATION, "rule"): "snb"},
        )
    )
    assert "3.00–22.0 %" in spec.title
    assert spec.categories == (
        "Pitman", "Zayatz", "SNB (the rule's pick)",
    )  # fmt: skip
    assert spec.series[0].values == (0.03, 0.22, 0.1)
    assert "no confidence interval" in spec.note


def test_an_estimator_without_a_value_is_left_out_of_the_chart():
    made = stage(band(zayatz=0.22, low=0.22, high=0.22))
    assert population_band(made).categories == ("Zayatz",)
    assert population_band(stage({})) is None
    pair = population_band(made, stage(band(zayatz=0, low=0, high=0)))
    assert pair.title == (
        "Of all people in the population an estimated 0 % have no look-alike in it; by the "
        "original an estimated 22.0 %"
    )
    assert [series.values for series in pair.series] == [(0.22,), (0,)]


def test_a_population_table_gives_a_count_and_no_estimate_in_the_title():
    spec = population_band(stage(band(pitman=0.03, low=0.03, high=0.03, counted=0.05)))
    assert spec.title == "Of all people in the population 5.00 % have no look-alike in it"
    assert spec.series[0].values == (0.03, 0.05)


def test_the_fewest_columns_that_single_somebody_out_are_the_message():
    figures = {}
    for m, mean, worst in (("1", 0, 0), ("2", 0.01, 0.04), ("10", 0.5, 0.5)):
        figures |= {("unicity", m, "mean"): mean, ("unicity", m, "max"): worst}
    spec = unicity(stage(figures, {("unicity", "2", "worst_columns"): "age, zip"}))
    assert spec.title == "2 columns (age, zip) single out 4.00 % of people"
    assert spec.categories == ("1", "2", "10")
    assert spec.series[0].values == (0, 0.04, 0.5)
    nobody = unicity(stage(figures), stage(dict.fromkeys(figures, 0)))
    assert nobody.title == "No combination of up to 10 columns known singles anybody out"
    assert [series.values for series in nobody.series] == [(0, 0.04, 0.5), (0, 0, 0)]


def test_where_nobody_is_singled_out_the_title_says_so():
    spec = unicity(stage({("unicity", "1", "mean"): 0, ("unicity", "1", "max"): 0}))
    assert spec.title == "No combination of 1 column known singles anybody out"
    assert unicity(stage({})) is None


def test_combinations_are_drawn_by_their_number_of_columns_before_and_after():
    def made(**sizes):
        return stage({("special_uniques", "by_size", k[1:]): v for k, v in sizes.items()})

    spec = special_unique_sizes(made(n1=1, n2=5, n10=2), made(n1=0, n2=3, n10=0))
    assert spec.categories == ("1", "2", "10")
    assert [series.values for series in spec.series] == [(1, 5, 2), (0, 3, 0)]
    assert spec.title == "For some people 2 columns are enough to be unique"
    nobody = special_unique_sizes(made(n1=1, n2=2), made(n1=0, n2=0))
    assert nobody.title == "Nobody is unique on any combination of up to 2 columns"
    capped = special_unique_sizes(made(n1=1, n2=2), made(n1=0))
    assert capped.categories == ("1",), "what was not examined now is no zero"


def test_a_gap_is_no_combination():
    gap = Stage(figures={("special_uniques",): NotComputed(reason="Nothing.")}, sizes={})
    assert special_unique_sizes(gap) is None
    assert contributions(gap) is None


def test_the_column_that_contributes_most_comes_first():
    spec = contributions(
        stage({("special_uniques", "contribution_percent", c): v for c, v in
               (("a", 37.5), ("b", 50), ("c", 37.5))})
    )  # fmt: skip
    assert spec.categories == ("b", "a", "c")
    assert spec.series[0].values == pytest.approx((0.5, 0.375, 0.375))
    assert "more than 100 %" in spec.note
    assert contributions(stage({("special_uniques", "contribution_percent", "a"): 0})) is None


def test_a_share_that_is_too_small_to_matter_is_not_the_message():
    figures, labels = {}, {}
    for m, worst in (("1", 0.0001), ("2", 0.02), ("3", 0.5)):
        figures |= {("unicity", m, "mean"): 0, ("unicity", m, "max"): worst}
        labels["unicity", m, "worst_columns"] = f"c{m}"
    assert unicity(stage(figures, labels)).title == "2 columns (c2) single out 2.00 % of people"
    few = {path: value / 1000 for path, value in figures.items()}
    assert unicity(stage(few, labels)).title == "3 columns (c3) single out <0.1 % of people"


def test_an_estimator_without_a_solution_has_no_bar_and_is_no_zero():
    before = stage(band(pitman=0.1, zayatz=0.2, low=0.1, high=0.2))
    after = stage(band(zayatz=0.05, low=0.05, high=0.05))
    spec = population_band(before, after)
    assert spec.categories == ("Zayatz",)
    assert [series.values for series in spec.series] == [(0.2,), (0.05,)]


def test_a_table_now_without_an_estimate_shows_the_original_and_says_so():
    spec = population_band(stage(band(zayatz=0.2, low=0.2, high=0.2)), stage({}))
    assert len(spec.series) == 1
    assert "by the original; the table now gives no estimate" in spec.title
    assert population_band(stage({}), stage(band(zayatz=0.2, low=0.2, high=0.2))) is None


def test_numbers_of_columns_that_were_examined_in_one_table_only_are_left_out():
    figures = {("unicity", m, "max"): 0.5 for m in "123"}
    spec = unicity(stage(figures), stage({("unicity", "1", "max"): 0}))
    assert spec.categories == ("1",)
