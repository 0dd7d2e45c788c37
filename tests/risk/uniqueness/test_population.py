from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.measure import NotComputed, figure_json
from microdata.population import Population
from microdata.readers import dataset_from_frame
from risk.uniqueness.decision_rule import estimate
from risk.uniqueness.population import ROOT, UniqueInPopulation
from risk.uniqueness.size_histogram import SizeHistogram

ESTIMATES = ("pitman", "zayatz", "snb")
KEYS = {"size", *ESTIMATES, "low", "high", "rule_estimate", "stability_low", "stability_high"}


def drawn(n=300, seed=0):
    rng = np.random.default_rng(seed)
    return {"q": [f"v{i}" for i in rng.zipf(1.5, n) % 400], "r": [f"w{i}" for i in range(n)][:n]}


def evaluate(context_of, data, size=None, table=None, quasi=("q",), **more):
    population = Population(size=size, table=table)
    return UniqueInPopulation().evaluate(
        context_of(data, quasi=quasi, population=population, **more)
    )


def table_of(data):
    return dataset_from_frame(pd.DataFrame(data, dtype=object), "everybody")


def test_every_figure_stands_at_its_place(context_of):
    result = evaluate(context_of, drawn(), 6_000)
    assert set(result.figures) == {(*ROOT, key) for key in KEYS}
    assert result.labels == {(*ROOT, "rule"): "pitman"}
    values = {path[-1]: figure.value for path, figure in result.figures.items()}
    solved = [values[key] for key in ESTIMATES]
    assert (values["size"], values["low"], values["high"]) == (6_000, min(solved), max(solved))
    assert values["rule_estimate"] == values["pitman"]
    rule = result.figures[*ROOT, "rule_estimate"]
    assert (rule.low, rule.high) == (values["low"], values["high"])
    assert result.figures[*ROOT, "pitman"].method == "Pitman"
    for key in KEYS - {"size"}:
        figure = result.figures[*ROOT, key]
        assert not figure.exact
        assert figure.caveats
        json.dumps(figure_json(figure), allow_nan=False)


def test_the_figures_are_the_estimators(context_of):
    data = drawn()
    count = pd.Series(data["q"]).value_counts().to_numpy().astype(np.int64)
    every = estimate(SizeHistogram.of(count), 1_000)
    result = evaluate(context_of, data, 1_000)
    for name, share in every.solved.items():
        assert result.figures[*ROOT, name].value == share
    assert result.labels[*ROOT, "rule"] == every.pick != "pitman"


def test_the_order_of_rows_does_not_matter(context_of):
    data = drawn()
    turned = {"q": data["q"][::-1], "r": data["r"]}
    first, second = (evaluate(context_of, d, 6_000, seed=3).figures for d in (data, turned))
    assert {p: f.value for p, f in first.items()} == {p: f.value for p, f in second.items()}


def test_an_estimator_without_a_solution_has_its_reason(context_of):
    result = evaluate(context_of, {"q": list("abcdefg")}, 1_000)
    for key in ("pitman", "snb"):
        assert isinstance(result.figures[*ROOT, key], NotComputed)
    assert result.figures[*ROOT, "low"].value == result.figures[*ROOT, "high"].value == 1
    assert result.labels[*ROOT, "rule"] == "zayatz"


def test_nobody_alone_is_0_and_no_proof(context_of):
    result = evaluate(context_of, {"q": list("aabb")}, 1_000)
    for key in (*ESTIMATES, "low", "high", "rule_estimate"):
        assert result.figures[*ROOT, key].value == 0
    assert "does not prove" in " ".join(result.figures[*ROOT, "pitman"].caveats)
    assert result.labels[*ROOT, "rule"] == "none"
    assert isinstance(result.figures[*ROOT, "stability_low"], NotComputed)
    assert result.findings == ()


@pytest.mark.parametrize("size", [None, 3], ids=["not given", "too small"])
def test_without_a_usable_population_there_is_one_reason(context_of, size):
    result = evaluate(context_of, {"q": list("abbc")}, size)
    assert set(result.figures) == {ROOT}
    assert isinstance(result.figures[ROOT], NotComputed)
    assert not result.labels


def test_nothing_released_has_one_reason(context_of):
    result = evaluate(context_of, {"q": list("ab")}, 10, kept=[False] * 2)
    assert isinstance(result.figures[ROOT], NotComputed)


def test_the_whole_population_is_not_checked_for_stability(context_of):
    result = evaluate(context_of, {"q": list("abbc")}, 4)
    assert result.figures[*ROOT, "zayatz"].value == 0.5
    assert isinstance(result.figures[*ROOT, "stability_low"], NotComputed)


def test_far_apart_estimates_are_told(context_of):
    codes = {finding.code for finding in evaluate(context_of, drawn(), 10**9).findings}
    assert "population-uniqueness-estimators-disagree" in codes
    near = {"q": [f"v{i % 150}" for i in range(400)] + [f"u{i}" for i in range(60)]}
    codes = {finding.code for finding in evaluate(context_of, near, 470).findings}
    assert "population-uniqueness-estimators-disagree" not in codes


def test_an_unstable_estimate_is_told(context_of):
    findings = evaluate(context_of, {"q": list("abcddeeef")}, 10_000).findings
    assert "population-uniqueness-unstable" in {finding.code for finding in findings}
    assert all(finding.severity == "warning" for finding in findings)


def test_a_table_is_counted(context_of):
    # Population: a twice, b once, c once, d three times, e once: 3 of 8 are unique. In the sample
    # a, b and d are alone, of whom b alone is unique in the population.
    result = evaluate(context_of, {"q": list("abd")}, table=table_of({"q": list("aabcddde")}))
    assert result.figures[*ROOT, "size"].value == 8
    counted = result.figures[*ROOT, "counted"]
    assert counted.exact
    assert counted.value == 3 / 8
    assert result.figures[*ROOT, "sample_uniques_confirmed"].value == pytest.approx(1 / 3)


def test_a_table_is_counted_under_the_recoding_of_the_release(context_of):
    # x = {a, b}, y = {c, d, e}: in the population 3 and 5, so nobody is unique any more; and
    # classes of the population that the sample lacks count too.
    rows = [["a", "x"], ["b", "x"], ["c", "y"], ["d", "y"], ["e", "z"]]
    result = evaluate(
        context_of,
        {"q": list("abd")},
        table=table_of({"q": list("aabcddde")}),
        hierarchies={"q": rows},
        levels={"q": 1},
    )
    assert result.figures[*ROOT, "counted"].value == 1 / 8  # e alone is z
    assert result.figures[*ROOT, "sample_uniques_confirmed"].value == 0


def test_nobody_to_confirm_has_a_reason(context_of):
    result = evaluate(context_of, {"q": list("aa")}, table=table_of({"q": list("aab")}))
    assert result.figures[*ROOT, "counted"].value == 1 / 3
    assert isinstance(result.figures[*ROOT, "sample_uniques_confirmed"], NotComputed)


def test_a_table_that_lacks_people_confirms_nobody(context_of):
    result = evaluate(context_of, {"q": list("ab")}, table=table_of({"q": list("bcd")}))
    assert isinstance(result.figures[*ROOT, "sample_uniques_confirmed"], NotComputed)


def test_the_wildcard_reading_is_told(context_of):
    context = context_of({"q": ["a", "b", None]}, quasi=["q"], population=Population(size=50))
    figures = UniqueInPopulation().evaluate(replace(context, missing="wildcard")).figures
    assert any("value of its own" in caveat for caveat in figures[*ROOT, "zayatz"].caveats)
