from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.population import Population
from risk.models import model_from_json, parse_model
from risk.models.delta_presence import DeltaPresence, absent_groups, lowest_and_highest


@pytest.fixture
def classes_in(context_of):
    """Build the classes of some letters beside those of a population of letters."""

    def build(release, people, **options):
        table = context_of({"q": list(people)}, quasi=["q"]).release.source.dataset
        return context_of(
            {"q": list(release)}, quasi=["q"], population=Population(table=table), **options
        ).classes

    return build


def test_shares_of_every_class_lie_within_the_bounds(classes_in):
    classes = classes_in("abbccc", "a" * 10 + "b" * 10 + "c" * 10)
    lowest, highest = lowest_and_highest(classes)
    assert (lowest.value, highest.value) == pytest.approx((0.1, 0.3))
    assert not DeltaPresence(at_least=0.1, at_most=0.3).failing(classes).any()
    assert DeltaPresence(at_least=0, at_most=0.2).failing(classes).tolist() == [False, False, True]


def test_with_a_lower_bound_one_class_outside_fails_the_whole_table(classes_in):
    classes = classes_in("abbccc", "a" * 10 + "b" * 10 + "c" * 10)
    for model in (
        DeltaPresence(at_least=0.15, at_most=0.3),  # a is below
        DeltaPresence(at_least=0.05, at_most=0.25),  # c is above, and leaving it out makes it 0
    ):
        assert model.scope == "table"
        assert model.failing(classes).all()
    assert DeltaPresence(at_least=0, at_most=1).scope == "class"


def test_a_class_of_the_population_that_is_absent_has_the_share_0(classes_in):
    classes = classes_in("aabb", "aaaabbbb" + "ccd")
    assert absent_groups(classes) == (2, 3)
    lowest, highest = lowest_and_highest(classes)
    assert (lowest.value, highest.value) == (0, 0.5)
    assert "2 groups of look-alikes in the population (3 people) nobody" in lowest.caveats[0]
    assert highest.caveats == ()
    assert DeltaPresence(at_least=0.1, at_most=0.5).failing(classes).all()
    assert DeltaPresence(at_least=0.1, at_most=0.5).value(classes).value == 0
    assert not DeltaPresence(at_least=0, at_most=0.5).failing(classes).any()
    assert DeltaPresence(at_least=0, at_most=0.5).value(classes).value == 0.5


def test_people_whose_values_no_rule_covers_are_absent_too(classes_in):
    rows = [("a", "x", "*"), ("b", "x", "*")]
    classes = classes_in("ab", "abab" + "zz", hierarchies={"q": rows}, levels={"q": 1})
    assert classes.population_sizes.tolist() == [4]
    assert absent_groups(classes) == (1, 2)
    assert DeltaPresence(at_least=0.1, at_most=1).failing(classes).all()


def test_leaving_a_class_out_makes_it_absent(classes_in):
    classes = classes_in("aabb", "aaaabbbb")
    model = DeltaPresence(at_least=0.5, at_most=0.5)
    assert not model.failing(classes).any()
    assert model.failing(classes.select(np.array([True, False]))).all()


def test_the_figure_is_the_end_that_breaks_its_bound(classes_in):
    classes = classes_in("abbb", "a" * 10 + "b" * 10)
    low, high = (0.2, 0.3), (0.1, 0.2)
    assert DeltaPresence(at_least=low[0], at_most=low[1]).value(classes).value == 0.1
    figure = DeltaPresence(at_least=high[0], at_most=high[1]).value(classes)
    assert figure.value == 0.3
    assert figure.caveats[0] == "The shares run from 0.1 to 0.3."


def test_a_share_equal_to_a_bound_meets_it_whatever_rounding_does(classes_in):
    classes = classes_in("a" * 3, "a" * 10)
    assert not DeltaPresence(at_least=0.1 * 3, at_most=0.1 * 3).failing(classes).any()


def test_without_a_usable_table_everything_fails_with_a_reason(classes_in, context_of):
    model = DeltaPresence(at_least=0, at_most=1)
    lacking = classes_in("abb", "bbbb")
    assert "lacks 1 people" in model.value(lacking).reason
    assert model.failing(lacking).tolist() == [True, False]
    for population in (Population(), Population(size=90)):
        classes = context_of({"q": list("abb")}, quasi=["q"], population=population).classes
        assert isinstance(model.value(classes), NotComputed)
        assert model.failing(classes).all()
    nothing = lacking.select(np.zeros(2, bool))
    assert isinstance(model.value(nothing), NotComputed)
    assert model.failing(nothing).size == 0


letters = st.lists(st.sampled_from("abcde"), min_size=1, max_size=25)
bounds = st.tuples(st.sampled_from([0, 0.25, 0.5]), st.sampled_from([0.5, 0.75, 1]))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(letters, st.lists(st.sampled_from("abcdef"), max_size=25), bounds)
def test_it_agrees_with_a_loop_over_the_population(classes_in, release, others, bound):
    classes, (at_least, at_most) = classes_in(release, release + others), bound
    sample, people = Counter(release), Counter(release + others)
    shares = {letter: sample[letter] / people[letter] for letter in people}
    lowest, highest = lowest_and_highest(classes)
    assert (lowest.value, highest.value) == pytest.approx(
        (min(shares.values()), max(shares.values()))
    )
    met = all(at_least <= share <= at_most for share in shares.values())
    model = DeltaPresence(at_least=at_least, at_most=at_most)
    failing = model.failing(classes)
    assert failing.any() != met
    if model.scope == "class":
        assert failing.sum() == sum(share > at_most for share in shares.values())
        assert not model.failing(classes.select(~failing)).any()


def test_its_text_and_its_sentence():
    model = DeltaPresence(at_least=0.05, at_most=0.15)
    assert model.text() == "delta-presence=0.05,0.15"
    assert model.to_json() == {"model": "delta-presence", "at_least": 0.05, "at_most": 0.15}
    assert parse_model(model.text()) == model
    assert model_from_json(model.to_json()) == model
    assert model.describe().endswith("(delta-presence).")


@pytest.mark.parametrize(
    ("at_least", "at_most"),
    [(0.2, 0.1), (-0.1, 0.5), (0, 1.1), (math.nan, 1), ("0", 1), (0, True)],
)
def test_bounds_out_of_order_or_range_are_refused(at_least, at_most):
    with pytest.raises(PrivacyToolError, match="delta-presence"):
        DeltaPresence(at_least=at_least, at_most=at_most)
