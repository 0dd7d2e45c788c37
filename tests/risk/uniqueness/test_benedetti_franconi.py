from __future__ import annotations

import itertools
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


def by_quadrature(f, p):
    """Return p int_0^1 s^(f - 1) / (p + (1 - p) s) ds, with s = exp(-x), piece by piece."""
    turn = math.log((1 - p) / p)  # where the two terms of the denominator are equal
    edges = {0.0, *(c / f for c in (1, 5, 20, 60)), *(max(0.0, turn + d) for d in (-3, 0, 3, 40))}
    ends = sorted(edges)
    pieces = [
        quad(lambda x: 1 / (p * math.exp(f * x) + (1 - p) * math.exp((f - 1) * x)), a, b,
             epsabs=0, epsrel=1e-12, limit=300)[0]
        for a, b in itertools.pairwise(ends)
        if f * b < 600
    ]  # fmt: skip
    return p * sum(pieces)


@pytest.mark.parametrize("f", [1, 1.0001, 1.3, 1.99, 2, 7.7, 19, 19.5, 20, 20.3, 77, 1000, 1e6])
def test_a_fraction_for_each_class_and_sizes_that_are_not_whole(f):
    p = np.array([1e-9, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.51, 0.9, 0.999999])
    wanted = [by_quadrature(f, q) for q in p]
    assert expected_inverse(np.full(p.size, f), p) == pytest.approx(wanted, rel=1e-9)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.floats(1e-9, 1))
def test_one_fraction_is_the_same_as_that_fraction_for_each_class(sizes, p):
    sizes = np.array(sizes)
    each = expected_inverse(sizes, np.full(sizes.size, p))
    assert np.array_equal(expected_inverse(sizes, p), each)


@settings(max_examples=100, deadline=None)
@given(st.floats(1, 1e6), st.floats(1e-9, 0.999), st.floats(1.001, 2))
def test_it_falls_with_the_size_and_rises_with_the_fraction(f, p, more):
    here, larger, denser = expected_inverse(
        np.array([f, f * more, f]), np.array([p, p, min(1, p * more)])
    )
    assert larger < here < denser


def test_a_sample_larger_than_its_population_is_taken_as_all_of_it():
    got = expected_inverse(np.array([1, 4, 2.5]), np.array([3.0, 1.25, 1.0]))
    assert got == pytest.approx([1, 0.25, 0.4])


def test_weights_without_bound_give_no_risk_and_no_warning():
    got = expected_inverse(np.array([1, 1.5, 30]), np.array([0.0, 0.0, 5e-324]))
    assert np.isfinite(got).all()
    assert (got < 1e-290).all()


# f, F and the risk that sdcMicro gives for each record of its table francdat.
FRANCDAT = [
    (2, 110, 0.0171442615962852),
    (2, 84.5, 0.0220423261832562),
    (1, 17, 0.177075834003514),
    (1, 541, 0.011654480146012),
    (1, 8, 0.297063077382834),
    (1, 5, 0.402359478108525),
]


def test_the_records_of_francdat():
    f, population, risk = np.array(FRANCDAT).T
    assert expected_inverse(f, f / population) == pytest.approx(risk, rel=1e-12)


def test_where_sdcmicro_is_wrong():
    # Its default for f > 2 is p / (f - (1 - p)): near, and too high here.
    exact, near = one(3, 3 / 108), (3 / 108) / (3 - (1 - 3 / 108))
    assert near == pytest.approx(0.01369863, abs=5e-9)
    assert exact == pytest.approx(0.01355297, abs=5e-9)
    # One of its routines takes 0.0001 from p first, which is half of a p of 0.0002.
    assert one(1, 0.0002) / one(1, 0.0002 - 0.0001) > 1.8
    # Between 1 and 2, where gaps count in part, its default gives no risk at all.
    assert one(2, 0.1) < one(1.5, 0.1) < one(1, 0.1)


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
    (figure,) = JournalistEstimate().evaluate(context).figures.values()
    assert isinstance(figure, NotComputed)
