from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from risk.individual_risk import ALREADY_BELOW, household_risk, threshold_for_rate
from risk.uniqueness.benedetti_franconi import expected_inverse

person = st.tuples(
    st.sampled_from(["a", "b", None]),
    st.sampled_from(["1", "2"]),
    st.integers(1, 60),
    st.sampled_from(["h", "i", "j", None]),
)
tables = st.lists(person, min_size=1, max_size=14)


def columns_of(rows):
    return dict(zip(("q", "r", "w", "hid"), map(list, zip(*rows, strict=True)), strict=True))


def slow(rows):
    """Do everything record by record, by the definitions."""
    count, weight = Counter(r[:2] for r in rows), Counter()
    for row in rows:
        weight[row[:2]] += row[2]
    risk = [
        float(expected_inverse(np.array([count[r[:2]]]), count[r[:2]] / weight[r[:2]])[0])
        for r in rows
    ]
    missed = defaultdict(lambda: 1.0)
    homes = [i if r[3] is None else r[3] for i, r in enumerate(rows)]
    for home, r in zip(homes, risk, strict=True):
        missed[home] *= 1 - r
    together = [1 - missed[home] for home in homes]
    middle = np.median(risk)
    least = max(0.1, middle + 2 * 1.4826 * np.median(np.abs(np.array(risk) - middle)))
    limit, threshold = 0.01 * len(rows), None
    ordered = sorted(risk, reverse=True)
    if sum(risk) >= limit:
        for unsafe in range(1, len(rows) + 1):
            if sum(ordered[unsafe:]) + ordered[unsafe - 1] * unsafe < limit:
                threshold = ordered[unsafe - 1]
                break
    return {
        "expected_reidentifications": sum(risk),
        "rate": sum(risk) / len(rows),
        "highest": max(risk),
        "higher_than_main_part": sum(r > least * (1 + 1e-9) for r in risk),
        "threshold_for_1_percent": threshold,
        "household_expected": sum(together),
        "household_rate": sum(together) / len(rows),
        "household_highest": max(together),
    }


FIXTURE = settings(
    deadline=None, max_examples=60, suppress_health_check=["function_scoped_fixture"]
)


@FIXTURE
@given(tables)
def test_every_figure_equals_the_definition_record_by_record(values_of, risk_of, rows):
    context = risk_of(columns_of(rows), ["q", "r"], weight="w", household="hid")
    got = values_of(context)
    for key, wanted in slow(rows).items():
        assert got[key] == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9)), key


@FIXTURE
@given(tables, st.randoms())
def test_the_order_of_rows_does_not_matter(values_of, risk_of, rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = (
        values_of(risk_of(columns_of(given), ["q", "r"], weight="w", household="hid"))
        for given in (rows, shuffled)
    )
    for key, value in first.items():
        assert second[key] == (value if value is None else pytest.approx(value, rel=1e-9)), key


@FIXTURE
@given(tables)
def test_a_household_is_at_least_as_risky_as_each_member_and_at_most_as_their_sum(
    by_record, risk_of, rows
):
    context = risk_of(columns_of(rows), ["q", "r"], weight="w", household="hid")
    risk = by_record(context)
    homes = np.array([i if r[3] is None else -ord(r[3]) for i, r in enumerate(rows)])
    together = household_risk(homes, risk)
    assert (together >= risk * (1 - 1e-12)).all()
    for home in set(homes.tolist()):
        assert together[homes == home][0] <= risk[homes == home].sum() * (1 + 1e-12)


@FIXTURE
@given(tables, st.integers(2, 5))
def test_the_same_people_several_times_keep_the_fraction_and_lower_the_risk(
    by_record, risk_of, rows, times
):
    once = risk_of(columns_of(rows), ["q", "r"], weight="w")
    more = risk_of(columns_of(rows * times), ["q", "r"], weight="w")
    before, after = by_record(once), by_record(more)[: len(rows)]
    count, weight = once.classes.count, once.classes.weight
    assert more.classes.weight == pytest.approx(weight * times)
    assert (after < before).all()
    population = (count / weight)[once.classes.class_of]
    assert (after * times * count[once.classes.class_of] >= population * (1 - 1e-9)).all()


@FIXTURE
@given(tables)
def test_weights_of_one_are_the_prosecutor(values_of, risk_of, rows):
    ones = [(q, r, 1, h) for q, r, _, h in rows]
    weighted = values_of(risk_of(columns_of(ones), ["q", "r"], weight="w", household="hid"))
    without = values_of(risk_of(columns_of(ones), ["q", "r"], household="hid"))
    for key, value in weighted.items():
        assert without[key] == (value if value is None else pytest.approx(value)), key


@given(
    st.lists(st.tuples(st.floats(1e-6, 1), st.integers(1, 50)), min_size=1, max_size=20),
    st.floats(1e-4, 0.5),
)
def test_lowering_risks_to_the_threshold_gives_the_rate_and_no_higher_one_does(classes, rate):
    risk, count = (np.array(v) for v in zip(*classes, strict=True))
    threshold = threshold_for_rate(risk, count, rate)
    people = count.sum()

    def mean(at):
        return float((count * np.minimum(risk, at)).sum()) / people

    if threshold == ALREADY_BELOW:
        assert mean(math.inf) < rate
        return
    candidates = np.unique(risk)
    if not isinstance(threshold, NotComputed):
        assert mean(threshold) < rate
        candidates = candidates[candidates > threshold]
    for at in candidates:
        assert mean(at) >= rate * (1 - 1e-6)
