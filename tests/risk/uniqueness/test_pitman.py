from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from risk.uniqueness.pitman import EWENS, fit_pitman, pitman
from risk.uniqueness.size_histogram import SizeHistogram

REFERENCE = Path(__file__).resolve().parents[3] / "../shared/reference/arx_adult.json"


def likelihood(counts, theta, alpha):
    """Return the log-likelihood as a plain sum, without a gamma function."""
    n, u = sum(i * c for i, c in counts.items()), sum(counts.values())
    total = sum(math.log(theta + j * alpha) for j in range(1, u))
    total -= sum(math.log(theta + j) for j in range(1, n))
    for i, c in counts.items():
        total += c * sum(math.log(j - alpha) for j in range(1, i))
    return total


def slow_maximum(counts):
    """Search for the maximum from several starts, knowing nothing of its derivatives."""

    def loss(point):
        alpha = 1 / (1 + math.exp(-max(-30.0, min(30.0, point[0]))))
        theta = math.exp(min(60.0, point[1])) - alpha
        return -likelihood(counts, theta, alpha)

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}
    found = [
        minimize(loss, [a, t], method="Nelder-Mead", options=options)
        for a in (-3.0, 0.0, 3.0)
        for t in (-1.0, 3.0)
    ]
    return -min(result.fun for result in found)


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(st.integers(2, 30), st.integers(1, 12), min_size=1, max_size=5),
    st.integers(1, 40),
)
def test_the_fit_is_the_greatest_likelihood(others, singles):
    counts = others | {1: singles}
    fit = fit_pitman(SizeHistogram.from_counts(counts))
    assume(fit is not None)
    assert fit.log_likelihood == pytest.approx(
        likelihood(counts, fit.theta, fit.alpha), rel=1e-10, abs=1e-9
    )
    assert fit.log_likelihood >= slow_maximum(counts) - 1e-7


def test_the_parameters_of_adult(adult_facts, adult_histogram):
    fit = fit_pitman(adult_histogram("nine"))
    stated = adult_facts["nine"]["pitman_parameters"]
    assert fit.theta == pytest.approx(stated["theta"], rel=1e-6)
    assert fit.alpha == pytest.approx(stated["alpha"], rel=1e-7)


@pytest.mark.parametrize("fraction", ["0.01", "0.1", "0.2", "1"])
def test_the_exact_share_of_adult(adult_facts, adult_histogram, fraction):
    stated = adult_facts["nine"]["population_uniqueness"][fraction]
    population = round(30_162 / float(fraction))
    estimated = pitman(adult_histogram("nine"), population)
    assert estimated.share == pytest.approx(stated["pitman_exact"], abs=5e-8)
    if "pitman_asymptotic" in stated:
        asymptote = fit_pitman(adult_histogram("nine")).asymptotic_share(population)
        assert asymptote == pytest.approx(stated["pitman_asymptotic"], rel=1e-6)


@pytest.mark.parametrize("name", ["input-Q8", "input-Q5"])
def test_the_asymptote_agrees_with_arx(adult_facts, adult_histogram, name):
    fit = fit_pitman(adult_histogram(name))
    for estimate in adult_facts["inputs"][name]["population_uniques"].values():
        population = estimate["population"]
        assert fit.asymptotic_share(population) * population == pytest.approx(
            estimate["pitman_asymptotic"], rel=1e-8
        )


def test_every_reference_release_agrees_with_arx():
    if not REFERENCE.is_file():
        pytest.skip("the reference figures are not beside the project")
    compared = 0
    for entry in json.loads(REFERENCE.read_text(encoding="utf-8"))["input_risk"].values():
        listed = entry["risk"]["class_size_histogram_size_count"]
        histogram = SizeHistogram.from_counts(dict(zip(listed[::2], listed[1::2], strict=True)))
        fit = fit_pitman(histogram)
        if not fit.alpha:
            continue  # ARX leaves the model's domain there: its figures shrink as N grows
        for known in entry["risk"]["population_uniqueness_by_sampling_fraction"].values():
            uniques = fit.asymptotic_share(known["population"]) * known["population"]
            assert uniques == pytest.approx(known["pitman"], rel=1e-6)
            compared += 1
    assert compared == 8


def test_at_alpha_0_it_is_ewens_model(adult_histogram):
    # One quasi-identifier: as many classes as ages, of which one holds one person. Expected
    # uniques under Ewens' model: N theta / (N + theta - 1), with theta from u / n alone.
    histogram = adult_histogram("input-Q1")
    fit = fit_pitman(histogram)
    assert fit.alpha == 0
    classes = sum(fit.theta / (fit.theta + j) for j in range(histogram.people))
    assert classes == pytest.approx(histogram.classes, rel=1e-10)
    population = 10**6
    estimated = pitman(histogram, population)
    assert estimated.share == pytest.approx(fit.theta / (population + fit.theta - 1), rel=1e-10)
    assert estimated.caveats == (EWENS,)


@pytest.mark.parametrize(("theta", "alpha"), [(50.0, 0.3), (5.0, 0.7), (2_000.0, 0.5)])
def test_it_finds_the_parameters_of_its_own_model(theta, alpha):
    # The Chinese restaurant: person j joins a class of size f with probability
    # (f - alpha) / (j + theta), or a new one.
    rng = np.random.default_rng(11)
    people, member, sizes = 20_000, [], []
    for j in range(people):
        if rng.random() * (theta + j) < theta + alpha * len(sizes):
            sizes.append(1)
            member.append(len(sizes) - 1)
            continue
        while True:
            table = member[int(rng.integers(j))]
            if rng.random() < (sizes[table] - alpha) / sizes[table]:
                break
        sizes[table] += 1
        member.append(table)
    fit = fit_pitman(SizeHistogram.of(np.array(sizes)))
    assert fit.alpha == pytest.approx(alpha, abs=0.06)
    assert fit.share(people) == pytest.approx(sizes.count(1) / people, rel=0.1)


def test_nobody_alone_gives_0():
    assert pitman(SizeHistogram.from_counts({2: 5, 9: 1}), 1_000).share == 0


@pytest.mark.parametrize("counts", [{1: 1}, {1: 500}], ids=["one person", "all alone"])
def test_no_best_fit_has_a_reason(counts):
    estimated = pitman(SizeHistogram.from_counts(counts), 10_000)
    assert estimated.share is None
    assert estimated.reason.endswith(".")


@pytest.mark.parametrize("population", [10**6, 10**9, 10**12])
def test_large_populations_keep_the_asymptote(adult_histogram, population):
    fit = fit_pitman(adult_histogram("nine"))
    assert fit.share(population) < fit.asymptotic_share(population)
    assert fit.share(population) == pytest.approx(
        fit.asymptotic_share(population), rel=3 * fit.theta / population
    )
