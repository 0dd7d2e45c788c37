from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.classes import PopulationClasses
from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.population import Population
from risk.models import model_from_json, parse_model
from risk.models.k_map import KMap, least_in_sample

US = 317_238_626  # people in the USA, with which ARX was run


def table_of(context_of, release, people, **options):
    """Return the classes of some letters beside those of a population of letters."""
    table = context_of({"q": list(people)}, quasi=["q"]).release.source.dataset
    return context_of(
        {"q": list(release)}, quasi=["q"], population=Population(table=table), **options
    ).classes


def sized(classes, size):
    return replace(classes, population=PopulationClasses(size))


def test_the_smallest_class_in_the_population_counts(context_of):
    classes = table_of(context_of, "abbccc", "aa" + "b" * 4 + "c" * 30 + "d")
    model = KMap(k=4)
    assert model.value(classes).value == 2
    assert model.value(classes).exact
    assert classes.count.tolist() == [1, 2, 3]
    assert model.per_class(classes).tolist() == [2, 4, 30]
    assert model.failing(classes).tolist() == [True, False, False], "4 reaches 4; d is not there"
    left = classes.select(~model.failing(classes))
    assert not model.failing(left).any()
    assert model.value(left).value == 4


def test_a_population_that_lacks_people_gives_no_figure_and_those_fail(context_of):
    classes = table_of(context_of, "abb", "bbbbb")
    model = KMap(k=2)
    assert "lacks 1 people of the release (1 groups" in model.value(classes).reason
    assert model.failing(classes).tolist() == [True, False]


def test_a_population_with_fewer_people_than_the_release_says_so(context_of):
    figure = KMap(k=1).value(table_of(context_of, "abb", "ab"))
    assert figure.value == 1
    assert "1 groups of look-alikes the population table holds fewer" in figure.caveats[0]


@pytest.mark.parametrize("method", ["table", "poisson", "zero-truncated"])
def test_without_what_it_needs_everything_fails_with_a_reason(classes_from, method):
    classes, model = classes_from([0, 0, 1]), KMap(k=1, method=method)
    small = classes if method == "table" else sized(classes, 2)
    for known in (classes, small, sized(classes, 100) if method == "table" else small):
        assert isinstance(model.value(known), NotComputed)
        assert model.value(known).reason.endswith(".")
        assert model.failing(known).all()
        assert np.isnan(model.per_class(known)).all()
    nothing = sized(classes, 100).select(np.zeros(2, bool))
    assert isinstance(model.value(nothing), NotComputed)
    assert model.failing(nothing).size == 0


def test_a_population_smaller_than_the_table_is_a_mistake_that_is_told(classes_from):
    figure = KMap(k=2, method="poisson").value(sized(classes_from([0, 0, 1]), 2))
    assert "2 people, fewer than the 3" in figure.reason


# By hand with lambda = k n / N = 1: P(f > c) is .264, .0803, .0190, .00366 for c = 1, 2, 3, 4, and
# for f at least 1 these divided by .632: .418, .127, .0300, .0058.
@pytest.mark.parametrize(
    ("method", "significance", "wanted"),
    [
        ("poisson", 0.05, 5),  # c = 3
        ("poisson", 0.01, 6),  # c = 4
        ("zero-truncated", 0.05, 4),  # c = 3
        ("zero-truncated", 0.025, 5),  # c = 4
        ("zero-truncated", 0.5, 2),  # c = 1, the least that there is
        ("poisson", 0.7, 2),  # c = 0, P(f > 0) = .632
    ],
)
def test_the_size_asked_of_a_sample_by_hand(method, significance, wanted):
    assert least_in_sample(10, 0.1, method, significance) == wanted


def test_the_size_asked_is_never_above_k():
    for method in ("poisson", "zero-truncated"):
        assert least_in_sample(3, 1.0, method, 0.01) == 3
        assert least_in_sample(1, 1e-12, method, 0.01) == 1


def as_arx(k, fraction, method, significance):
    """Return ARX's loop with its counter, word for word."""
    mean = k * fraction

    def mass(i):
        return math.exp(i * math.log(mean) - mean - math.lgamma(i + 1))

    value, counter = 0.0, 0 if method == "poisson" else 1
    while value < 1 - significance:
        if method == "poisson":
            value = math.fsum(mass(i) for i in range(counter + 1))
        else:
            value += mass(counter) / (1 - mass(0))
        counter += 1
        if counter >= k:
            return k
    return counter + 1 if method == "poisson" else counter


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 40),
    st.floats(1e-3, 1),
    st.sampled_from(["poisson", "zero-truncated"]),
    st.floats(0.001, 0.3),
)
def test_the_size_asked_equals_the_loop_of_arx(k, fraction, method, significance):
    assert least_in_sample(k, fraction, method, significance) == as_arx(
        k, fraction, method, significance
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=12),
    st.integers(1, 12),
    st.sampled_from(["poisson", "zero-truncated"]),
    st.integers(0, 500),
)
def test_leaving_failing_classes_out_leaves_none_that_fails(
    classes_from, counts, k, method, others
):
    records = [j for j, size in enumerate(counts) for _ in range(size)]
    classes = sized(classes_from(records), len(records) + others)
    model = KMap(k=k, method=method)
    assert not model.failing(classes)[classes.count >= k].any(), "k look-alikes are enough"
    assert not model.failing(classes.select(~model.failing(classes))).any()


def test_a_huge_k_is_found_by_bisection():
    assert least_in_sample(10**9, 0.5, "poisson", 0.01) == pytest.approx(5e8, rel=1e-3)


def test_the_estimate_says_what_the_figure_is_compared_with(classes_from):
    classes = sized(classes_from([0, 0, 1]), US)
    model = KMap(k=5, method="zero-truncated")
    figure = model.value(classes)
    assert (figure.value, figure.exact) == (1, False)
    assert "Compare it with 2" in figure.caveats[0]
    assert model.failing(classes).tolist() == [False, True]


# ARX 3.9.2 on Adult: transformation, k-map model; suppressed records, classes, smallest class.
@pytest.mark.parametrize(
    ("levels", "run"),
    [
        ([0, 4, 0, 1, 3, 2, 2, 1], ("poisson", 0, 60, 3)),
        ([0, 4, 0, 1, 3, 2, 2, 1], ("zero-truncated", 0, 60, 3)),
        ([0, 3, 0, 0, 2, 1, 0, 1], ("zero-truncated", 1240, 1334, 2)),
        ([0, 3, 0, 0, 1, 0, 0, 1], ("poisson", 2524, 1704, 2)),
    ],
)
def test_adult_leaves_out_what_arx_leaves_out(context_of, adult, adult_hierarchies, levels, run):
    names = ["sex", "age", "race", "marital-status", "education"]
    names += ["native-country", "workclass", "occupation"]
    context = context_of(
        adult,
        quasi=names,
        hierarchies=adult_hierarchies,
        levels=dict(zip(names, levels, strict=True)),
        population=Population(size=US),
    )
    keep = ~KMap(k=5, method=run[0]).failing(context.classes)
    left = context.classes.select(keep)
    suppressed = context.classes.n_records - left.n_records
    assert (suppressed, left.n_classes, left.k) == run[1:]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (KMap(k=5), "k-map=5"),
        (KMap(k=5, method="poisson"), "k-map(poisson,0.01)=5"),
        (KMap(k=3, method="zero-truncated", significance=0.2), "k-map(zero-truncated,0.2)=3"),
    ],
)
def test_its_text_and_its_sentence(model, text):
    assert model.text() == text
    assert parse_model(text) == model
    assert model_from_json(model.to_json()) == model
    assert model.describe().endswith(").")
    assert KMap(k=5, significance=0.3) == KMap(k=5), "a count has no significance"


@pytest.mark.parametrize(
    "fields",
    [
        {"k": 0},
        {"k": 2.5},
        {"k": True},
        {"k": "5"},
        {"k": 5, "method": "binomial"},
        {"k": 5, "method": ["poisson"]},
        {"k": 5, "method": "poisson", "significance": 0},
        {"k": 5, "method": "poisson", "significance": 1},
        {"k": 5, "method": "poisson", "significance": math.nan},
    ],
)
def test_parameters_out_of_range_are_refused(fields):
    with pytest.raises(PrivacyToolError, match="k-map"):
        KMap(**fields)
