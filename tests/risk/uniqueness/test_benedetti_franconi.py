from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from microdata.measure import NotComputed
from microdata.population import Population
from risk.uniqueness.benedetti_franconi import JournalistEstimate, expected_inverse

HIGHEST = ("reidentification", "journalist_estimated", "highest")
AVERAGE = ("reidentification", "journalist_estimated", "average")


def one(f, p):
    return float(expected_inverse(np.array([f]), p)[0])


@pytest.mark.parametrize("p", [1e-8, 1e-4, 0.05, 0.1, 0.5, 0.9, 0.999])
def test_closed_forms_of_one_and_two(p):
    odds, log = p / (1 - p), -math.log(p)
    assert one(1, p) == pytest.approx(odds * log, rel=1e-9)
    if p < 0.9:  # the closed form itself cancels near one
        assert one(2, p) == pytest.approx(odds - odds**2 * log, rel=1e-9)


@pytest.mark.parametrize(
    ("f", "population", "risk"),
    [
        (3, 108, 0.01355297),
        (1, 45.5, 0.08579129),
        (1, 17, 0.17707583),
        (2, 100, 0.01877883),
        (1, 123.5, 0.03931625),
    ],
)
def test_the_exact_vector_of_sdcmicro(f, population, risk):
    assert one(f, f / population) == pytest.approx(risk, abs=5e-9)


@pytest.mark.parametrize("f", [1, 2, 3, 10, 19, 20, 50, 1000, 100_000])
@pytest.mark.parametrize("p", [1e-6, 0.01, 0.3, 0.5, 0.51, 0.95])
def test_it_is_the_mean_of_1_over_f_under_the_integral(f, p):
    def integrand(u):  # t = u^(1 / f) takes the peak of (1 - t)^(f - 1) away
        return 1 / (1 - (1 - p) * (1 - u ** (1 / f)))

    integral, _ = quad(integrand, 0, 1, limit=400, epsabs=0, epsrel=1e-10)
    assert one(f, p) == pytest.approx(p * integral / f, rel=1e-7, abs=0)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 100_000), st.floats(1e-7, 1))
def test_it_lies_between_p_over_f_and_1_over_f(f, p):
    risk = one(f, p)
    assert p / f * (1 - 1e-9) <= risk <= 1 / f * (1 + 1e-9)


def test_the_whole_population_is_exact():
    assert expected_inverse(np.array([1, 4]), 1.0).tolist() == [1, 0.25]


def test_figures_by_hand(context_of):
    context = context_of({"q": list("abb")}, quasi=["q"], population=Population(size=30))
    figures = JournalistEstimate().evaluate(context).figures
    single, pair = one(1, 0.1), one(2, 0.1)
    assert figures[HIGHEST].value == pytest.approx(single)
    assert figures[AVERAGE].value == pytest.approx((single + 2 * pair) / 3)
    assert figures[HIGHEST].method == "Benedetti-Franconi"
    assert not figures[HIGHEST].exact
    assert any("0.1" in caveat for caveat in figures[HIGHEST].caveats)


@pytest.mark.parametrize("population", [Population(), Population(size=2)])
def test_without_a_usable_size_there_is_a_reason(context_of, population):
    context = context_of({"q": list("abb")}, quasi=["q"], population=population)
    figures = JournalistEstimate().evaluate(context).figures
    assert isinstance(figures[HIGHEST], NotComputed)
    assert isinstance(figures[AVERAGE], NotComputed)
