"""The facts about Adult agree with each other, recomputed in plain Python without the product."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

ADULT = json.loads((Path(__file__).parent / "adult.json").read_text(encoding="utf-8"))
RELEASE = ADULT["release"]["A-Q8-k5-s0.05-loss"]
OPTIMA = [
    pytest.param(optimum, id=name)
    for group in ("k_anonymity", "attribute_disclosure", "other_minimisations")
    for name, optimum in ADULT[group].items()
]


def sizes(fact) -> dict[int, int]:
    return {int(size): count for size, count in fact["class_sizes"].items()}


def records(fact) -> int:
    return sum(size * count for size, count in sizes(fact).items())


def classes(fact) -> int:
    return sum(sizes(fact).values())


@pytest.mark.parametrize("name", ADULT["inputs"])
def test_input_class_sizes_add_up(name):
    fact = ADULT["inputs"][name]
    assert records(fact) == fact["records"] == ADULT["table"]["records"]
    assert classes(fact) == fact["classes"]
    assert min(sizes(fact)) == fact["smallest"]
    assert max(sizes(fact)) == fact["largest"]
    assert fact["average_risk"] == pytest.approx(classes(fact) / records(fact), rel=1e-12)
    assert fact["average_class_size"] == pytest.approx(records(fact) / classes(fact), rel=1e-12)
    assert fact["lowest_risk"] == pytest.approx(1 / max(sizes(fact)), rel=1e-12)
    assert fact["sample_uniqueness"] == pytest.approx(sizes(fact)[1] / records(fact), rel=1e-12)


@pytest.mark.parametrize("fact", [*ADULT["inputs"].values(), RELEASE])
def test_records_at_risk_are_the_records_of_small_classes(fact):
    assert set(fact["records_at_risk"]) == {"0.05", "0.1", "0.2", "0.33"}
    for threshold, share in fact["records_at_risk"].items():
        above = sum(
            size * count
            for size, count in sizes(fact).items()
            if Fraction(1, size) > Fraction(threshold)
        )
        assert share == pytest.approx(above / records(fact), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", ["input-Q8", "input-Q5"])
def test_separation_and_distinction_cover_each_column(name):
    fact = ADULT["inputs"][name]
    assert set(fact["columns"]) == set(fact["quasi_identifiers"])
    for column in fact["columns"].values():
        assert (column["distinction"] * fact["records"]) == pytest.approx(
            round(column["distinction"] * fact["records"]), abs=1e-6
        )
        assert 0 < column["separation"] < 1


def test_age_alone_has_the_separation_of_its_class_sizes():
    fact = ADULT["inputs"]["input-Q1"]
    n = records(fact)
    pairs = sum(count * size * (size - 1) for size, count in sizes(fact).items())
    age = ADULT["inputs"]["input-Q8"]["columns"]["age"]
    assert age["separation"] == pytest.approx(1 - pairs / (n * (n - 1)), rel=1e-12)
    assert age["distinction"] == pytest.approx(classes(fact) / n, rel=1e-12)
    assert ADULT["five"]["columns"]["age"]["separation"] == pytest.approx(
        age["separation"], abs=5e-9
    )


def zayatz(fact, population: int) -> float:
    """Return Zayatz's estimate of the number of population uniques."""
    n, u = records(fact), classes(fact)

    def log_choose(top: int, bottom: int) -> float:
        return math.lgamma(top + 1) - math.lgamma(bottom + 1) - math.lgamma(top - bottom + 1)

    def one_drawn(size: int) -> float:
        if n - 1 > population - size:
            return 0.0
        logs = math.log(size) + log_choose(population - size, n - 1) - log_choose(population, n)
        return math.exp(logs)

    c = sizes(fact)
    conditional = (
        c[1] / u * one_drawn(1) / sum(count / u * one_drawn(size) for size, count in c.items())
    )
    return c[1] * conditional / (n / population)


@pytest.mark.parametrize("name", ["input-Q8", "input-Q5"])
@pytest.mark.parametrize("fraction", ["0.01", "0.1", "0.2", "0.5", "usa"])
def test_zayatz_follows_from_the_class_sizes(name, fraction):
    fact = ADULT["inputs"][name]
    estimate = fact["population_uniques"][fraction]
    assert zayatz(fact, estimate["population"]) == pytest.approx(estimate["zayatz"], rel=1e-5)


@pytest.mark.parametrize("fraction", ["0.1", "0.2"])
def test_zayatz_of_all_columns_follows_from_the_class_sizes(fraction):
    fact = ADULT["nine"]
    population = round(fact["records"] / float(fraction))
    stated = fact["population_uniqueness"][fraction]["zayatz"]
    assert zayatz(fact, population) / population == pytest.approx(stated, rel=1e-8)


def test_pitman_exact_follows_from_its_parameters():
    fact = ADULT["nine"]
    theta, alpha = fact["pitman_parameters"].values()
    for fraction, stated in fact["population_uniqueness"].items():
        size = fact["records"] / float(fraction)
        log_share = (
            math.lgamma(theta + 1)
            - math.lgamma(theta + alpha)
            + math.lgamma(size + theta + alpha - 1)
            - math.lgamma(size + theta)
        )
        assert math.exp(log_share) == pytest.approx(stated["pitman_exact"], abs=2e-7)
        if "pitman_asymptotic" in stated:
            log_share = math.lgamma(theta + 1) - math.lgamma(theta + alpha)
            log_share += (alpha - 1) * math.log(size)
            assert math.exp(log_share) == pytest.approx(stated["pitman_asymptotic"], abs=2e-7)


def test_number_of_population_classes_by_haas_and_stokes():
    fact = ADULT["nine"]
    f, c = 0.1, sizes(fact)
    first = sum(i * f**2 * (1 - f**2) ** (i - 1) * m for i, m in c.items()) / sum(
        (1 - f) ** i * ((1 + f) ** i - 1) * m for i, m in c.items()
    )
    second = sum((1 - f) ** i * m for i, m in c.items()) / sum(
        i * f * (1 - f) ** (i - 1) * m for i, m in c.items()
    )
    estimate = classes(fact) + c[1] * first * second**2
    assert round(estimate) == fact["population_uniqueness"]["0.1"]["snb_k"]


def test_release_adds_up():
    kept = RELEASE["records"] - RELEASE["suppressed"]
    assert records(RELEASE) == kept == 28704
    assert classes(RELEASE) == RELEASE["classes"] == 399
    assert min(sizes(RELEASE)) == RELEASE["smallest"] == 5
    assert max(sizes(RELEASE)) == RELEASE["largest"]
    assert RELEASE["average_risk"] == pytest.approx(399 / 28704, rel=1e-12)
    assert RELEASE["suppressed"] <= 0.05 * RELEASE["records"]


def test_release_quality_follows_from_the_class_sizes():
    n = RELEASE["records"]
    before = ADULT["inputs"]["input-Q8"]

    def squares(fact) -> int:
        return sum(count * size**2 for size, count in sizes(fact).items())

    lowest = squares(before)
    measured = squares(RELEASE) + RELEASE["suppressed"] * n
    assert RELEASE["quality"]["discernibility"] == pytest.approx(
        1 - (measured - lowest) / (n**2 - lowest), rel=1e-12
    )
    least = before["average_class_size"]
    mean = records(RELEASE) / classes(RELEASE)
    assert RELEASE["quality"]["average_class_size"] == pytest.approx(
        1 - (mean - least) / (n - least), rel=1e-12
    )


def test_release_granularity_follows_from_its_columns():
    quality = RELEASE["quality"]
    by_column = quality["granularity_by_column"]
    assert set(by_column) == set(RELEASE["quasi_identifiers"])
    # a column left as it is loses what is suppressed and nothing else
    assert by_column["sex"] == pytest.approx(1 - RELEASE["suppressed"] / 30162, rel=1e-12)
    assert by_column["occupation"] == 0
    # the columns' losses are averaged first and normalised then: not the mean of by_column
    least = {column: 1 / leaves for column, leaves in RELEASE["leaves"].items()}
    loss = [least[c] + (1 - by_column[c]) * (1 - least[c]) for c in by_column]
    least_mean, mean = sum(least.values()) / len(least), sum(loss) / len(loss)
    assert quality["granularity"] == pytest.approx(
        1 - (mean - least_mean) / (1 - least_mean), rel=1e-12
    )


@pytest.mark.parametrize("fact", OPTIMA)
def test_every_optimum_is_consistent(fact):
    assert set(fact["levels"]) == set(fact["quasi_identifiers"])
    assert 0 <= fact["suppressed"] <= fact["suppression_limit"] * 30162
    kept = 30162 - fact["suppressed"]
    assert fact["smallest"] * fact["classes"] <= kept <= fact["largest"] * fact["classes"]
    k = [int(model.split(":")[1]) for model in fact["models"] if model.startswith("k:")]
    assert fact["smallest"] >= max(k, default=1)
    if "average_risk" in fact:
        assert fact["average_risk"] == pytest.approx(fact["classes"] / kept, rel=1e-9)


@pytest.mark.parametrize("name", ["five", "nine"])
def test_class_sizes_agree_with_the_stated_figures(name):
    fact = ADULT[name]
    assert records(fact) == fact["records"]
    assert classes(fact) == fact["classes"]
    assert sizes(fact)[1] == fact["singletons"]
    assert fact["average_risk"] == pytest.approx(classes(fact) / records(fact), rel=1e-12)
    assert fact["sample_uniqueness"] == pytest.approx(
        fact["singletons"] / fact["records"], abs=5e-8
    )


def test_five_columns_agree_with_their_class_sizes():
    fact = ADULT["five"]
    for limit, stated in fact["records_in_classes_below"].items():
        assert sum(s * c for s, c in sizes(fact).items() if s < int(limit)) == stated
    squares = sum(s**2 * c for s, c in sizes(fact).items())
    assert squares == fact["sum_of_squared_class_sizes"]
    by_known = [row["value"] for row in fact["largest_unicity_by_columns_known"]]
    assert by_known == sorted(by_known)
    assert [len(row["columns"]) for row in fact["largest_unicity_by_columns_known"]] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
    assert fact["records_with_minimal_sample_uniques"] == fact["singletons"]
    assert (
        sum(
            count * math.factorial(5 - int(size))
            for size, count in fact["minimal_sample_uniques_by_size"].items()
        )
        == fact["suda"]["sum"]
    )


def test_leave_one_out_lies_between_prior_and_accuracy():
    for fact in ADULT["five"]["inference"].values():
        assert fact["prior"] < fact["leave_one_out"] < fact["accuracy"]
        singletons = ADULT["five"]["singletons"] / ADULT["five"]["records"]
        without = fact["homogeneous"] - singletons
        assert without == pytest.approx(fact["homogeneous_without_singletons"], abs=6e-5)


@pytest.mark.parametrize("name", ["five", "nine"])
def test_journalist_figures_follow_from_sample_and_population_counts(name):
    fact = ADULT["subset_against_adult"][name]
    joint = fact["sample_population_classes"]
    n = fact["sample_records"]
    assert sum(f * count for f, _, count in joint) == n == 3016
    assert all(f <= big for f, big, _ in joint)
    j = sum(count for _, _, count in joint)
    assert fact["prosecutor_average"] == pytest.approx(j / n, abs=1e-10)
    assert fact["mean_sample_over_population"] == pytest.approx(
        sum(count * f / big for f, big, count in joint) / n, abs=1e-10
    )
    assert fact["classes_over_population_records"] == pytest.approx(
        j / sum(big * count for _, big, count in joint), abs=1e-10
    )
    assert fact["prosecutor_above_0.2"] == pytest.approx(
        sum(f * count for f, _, count in joint if f < 5) / n, abs=1e-10
    )
    assert fact["journalist_above_0.2"] == pytest.approx(
        sum(f * count for f, big, count in joint if big < 5) / n, abs=1e-10
    )
