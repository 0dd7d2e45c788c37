from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import fsolve
from scipy.stats import binom, nbinom

from risk.uniqueness.size_histogram import SizeHistogram
from risk.uniqueness.snb import _solutions, population_classes, snb


def expected_counts(a, b, fraction):
    """Return E[c_1] / K and E[c_2] / K by summing over class sizes, without a formula."""
    others = np.arange(200_000)
    probability = nbinom.pmf(others, a, b)
    return [float((probability * binom.pmf(i, others + 1, fraction)).sum()) for i in (1, 2)]


def formulas(a, b, f):
    s = (1 - f) * (1 - b)
    first = f * (b / (1 - s)) ** a * (a * s / (1 - s) + 1)
    second = f**2 * a * (1 - b) * b**a * (2 - (1 - a) * s) / (2 * (1 - s) ** (a + 2))
    return [first, second]


@pytest.mark.parametrize(("a", "b", "f"), [(0.5, 0.1, 0.1), (0.1, 0.01, 0.3), (3.0, 0.6, 0.05)])
def test_the_equations_are_the_models(a, b, f):
    assert formulas(a, b, f) == pytest.approx(expected_counts(a, b, f), rel=1e-9)


@pytest.mark.parametrize("fraction", [0.01, 0.1, 0.2, 0.5])
@pytest.mark.parametrize("name", ["nine", "five", "input-Q8", "input-Q5"])
def test_the_solution_solves_both_equations(adult_histogram, name, fraction):
    histogram = adult_histogram(name)
    population = round(histogram.people / fraction)
    estimated = snb(histogram, population)
    k, a, b = (estimated.parameters[key] for key in ("K", "a", "b"))
    counts = [histogram.of_size(1), histogram.of_size(2)]
    fraction = histogram.people / population
    assert [k * value for value in formulas(a, b, fraction)] == pytest.approx(counts, rel=1e-9)
    assert estimated.share == pytest.approx(k * b**a / population, rel=1e-9)


def test_no_other_solution_is_found_from_90_starts(adult_histogram):
    histogram, population = adult_histogram("nine"), 301_620
    f = histogram.people / population
    k = population_classes(histogram, f)
    target = np.log([histogram.of_size(1) / k, histogram.of_size(2) / k])

    def loss(point):
        a, b = math.exp(point[0]), 1 / (1 + math.exp(-point[1]))
        return np.log(formulas(a, b, f)) - target

    found = set()
    with np.errstate(all="ignore"):
        for log_a in np.linspace(-6, 4, 9):
            for logit in np.linspace(-8, 6, 10):
                try:
                    point, _, flag, _ = fsolve(loss, [log_a, logit], full_output=True)
                except (OverflowError, ValueError):
                    continue
                if flag == 1:
                    found.add(round(k * (1 / (1 + math.exp(-point[1]))) ** math.exp(point[0])))
    assert found == {round(snb(histogram, population).share * population)}


def test_the_share_of_adult(adult_facts, adult_histogram):
    stated = adult_facts["nine"]["population_uniqueness"]["0.2"]["snb"]
    assert snb(adult_histogram("nine"), 150_810).share == pytest.approx(stated, abs=5e-9)


def test_the_number_of_classes_is_not_arxs(adult_facts, adult_histogram):
    stated = adult_facts["nine"]["population_uniqueness"]["0.1"]
    histogram, f = adult_histogram("nine"), 0.1
    assert round(population_classes(histogram, f)) == stated["snb_k"] == 105_499
    # ARX takes the 1 off outside the product: c_i (1 - f)^i (1 + f)^i - 1.
    i, c = histogram.sizes.astype(float), histogram.number
    first = (i * f * f * (1 - f * f) ** (i - 1) * c).sum()
    first /= (c * (1 - f) ** i * (1 + f) ** i - 1).sum()
    second = ((1 - f) ** i * c).sum() / (i * f * (1 - f) ** (i - 1) * c).sum()
    arx = histogram.classes + histogram.of_size(1) * first * second**2
    assert round(arx) == stated["snb_k_of_arx_which_is_wrong"] == 30_329


def test_the_whole_population_gives_the_share_of_sample_uniques(adult_histogram):
    assert snb(adult_histogram("nine"), 30_162).share == 15_512 / 30_162


@pytest.mark.parametrize(
    "counts", [{1: 3, 3: 4}, {1: 10}, {1: 1}], ids=["no pairs", "all alone", "one person"]
)
def test_without_a_solution_there_is_a_reason(counts):
    estimated = snb(SizeHistogram.from_counts(counts), 1_000)
    assert estimated.share is None
    assert estimated.reason.endswith(".")


def test_nobody_alone_gives_0():
    assert snb(SizeHistogram.from_counts({2: 5}), 1_000).share == 0


@pytest.mark.parametrize("population", [4_000, 10**7, 10**12])
def test_the_number_of_classes_keeps_its_digits(population):
    counts = {1: 100, 2: 50, 1000: 3}
    histogram = SizeHistogram.from_counts(counts)
    f = Fraction(histogram.people, population)
    first = sum(i * f**2 * (1 - f**2) ** (i - 1) * c for i, c in counts.items())
    first /= sum((1 - f) ** i * ((1 + f) ** i - 1) * c for i, c in counts.items())
    second = sum((1 - f) ** i * c for i, c in counts.items())
    second /= sum(i * f * (1 - f) ** (i - 1) * c for i, c in counts.items())
    exact = histogram.classes + 100 * first * second**2
    assert population_classes(histogram, float(f)) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "f"), [(0.3, 0.05, 0.2), (1.5, 0.3, 0.1), (0.01, 0.001, 0.01), (20.0, 0.9, 0.6)]
)
def test_the_parameters_of_its_own_model_are_the_only_solution(a, b, f):
    first, second = formulas(a, b, f)
    ((found, log_b),) = _solutions(f, first / f, 2 * second / (f * first))
    assert found == pytest.approx(a, rel=1e-7)
    assert math.exp(log_b) == pytest.approx(b, rel=1e-7)


@pytest.mark.parametrize(("a", "b", "f"), [(0.3, 0.05, 0.2), (1.5, 0.3, 0.5)])
def test_it_finds_the_uniques_of_its_own_model(sample_of, a, b, f):
    # Not at every f: the number of classes is estimated by another method, which can be far off.
    rng = np.random.default_rng(4)
    sizes = 1 + rng.negative_binomial(a, b, 60_000)
    histogram, _ = sample_of(sizes, round(int(sizes.sum()) * f), 1)
    truth = int((sizes == 1).sum()) / int(sizes.sum())
    assert snb(histogram, int(sizes.sum())).share == pytest.approx(truth, rel=0.25)


def test_large_classes_do_not_overflow():
    k = population_classes(SizeHistogram.from_counts({1: 5, 2: 3, 10**6: 2}), 0.5)
    assert math.isfinite(k)
    assert k > 10
