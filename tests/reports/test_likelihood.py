from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate
from reports.document.sections import build_document
from reports.likelihood import (
    ATTEMPT,
    CONTROLS,
    MOTIVES,
    NOT_TOLD,
    PUBLIC,
    attribute_likelihood,
    chance_of_attempt,
    controls_of,
    identity_likelihood,
    level_of,
    likelihood,
)
from reports.narrative import limits_line
from reports.sensitivity import fragile_sentence
from reports.stage import Stage
from risk.columns import ColumnChange, Knowledge, Sensitivity
from risk.matrix import MATRIX
from risk.policy import Policy, Requirement, Source

POPULATION = ("uniqueness", "population")
BY_STRENGTH = ([], ["training"], ["contract"], ["contract", "access_log"], ["secure_room"])
PARTNER = {"audience": "partner", "controls": ["secure_room"], "motive": "low"}
NAMED = {"confirmed_by": "A. Person, statistician"}


def stage(k, *, people=None, **more):
    """A table whose smallest class holds k of its people."""
    figures = {("classes", "smallest"): Estimate(value=k)}
    sizes = {k: 1} if people is None else {k: 1, people - k: 1}
    return Stage(figures=figures | more.get("figures", {}), sizes=sizes)


def judging(*path, at_most):
    rule = Requirement(figure=path, at_most=at_most, title="A rule")
    source = Source(title="Ours")
    return Policy(
        id="own", title="Own", setting="", source=source, status="convention", requirements=(rule,)
    )


AVERAGE = judging("reidentification", "prosecutor", "average", at_most=0.1)
CLOSE = judging("models", "t-closeness", "*", "equal", at_most=0.2)


def averaged(k, value, **end):
    figure = Estimate(value=value, method="estimate" if end else "exact", **end)
    return stage(k, people=100, figures={("reidentification", "prosecutor", "average"): figure})


def told(k, distinct=2, distance=0.1):
    return stage(
        k,
        figures={
            ("models", "l-diversity", "ill", "distinct"): Estimate(value=distinct),
            ("models", "t-closeness", "ill", "equal"): Estimate(value=distance),
        },
    )


@pytest.mark.parametrize(
    ("k", "level"), [(1, 4), (4, 4), (5, 3), (10, 3), (11, 2), (19, 2), (20, 1), (500, 1)]
)
def test_likelihood_follows_class_sizes_not_decimals(k, level):
    found = likelihood(stage(k), answers=NAMED)
    assert found.level == level == level_of(Fraction(1, k))
    assert found.risk == Fraction(1, k)
    assert found.attempt == 1


def test_eleven_is_the_accepted_reading_of_0_09_although_it_is_above():
    assert Fraction(1, 11) > Fraction(9, 100)
    assert level_of(Fraction(1, 11)) == 2
    assert level_of(Fraction(1, 11) + Fraction(1, 10**12)) == 3
    assert level_of(Fraction(1, 5)) == 3
    assert level_of(Fraction(1, 20)) == 1


def test_where_nobody_is_left_there_is_no_level():
    empty = Stage(figures={}, sizes={})
    assert likelihood(empty).level is None
    assert identity_likelihood(empty).level is None
    assert attribute_likelihood(empty) is None


@given(st.integers(1, 300), st.integers(0, 300), st.sampled_from(("public", "partner", "class")))
def test_a_larger_class_never_raises_the_level(k, more, audience):
    answers = {**PARTNER, "audience": audience}
    small, large = (identity_likelihood(stage(n), answers=answers).level for n in (k, k + more))
    assert large <= small


@given(
    st.integers(1, 60),
    st.integers(0, len(BY_STRENGTH) - 1),
    st.integers(0, len(BY_STRENGTH) - 1),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_stronger_controls_and_less_to_gain_never_raise_the_level(k, one, other, gain, less):
    weak, strong = sorted((one, other))
    low, high = sorted((gain, less))

    def level(controls, motive):
        answers = NAMED | {
            "audience": "partner", "controls": BY_STRENGTH[controls], "motive": MOTIVES[motive],
            "coverage": "sample",
        }  # fmt: skip
        return identity_likelihood(stage(k), answers=answers).level

    assert level(strong, low) <= level(weak, high)


def test_the_chances_of_a_try_fall_with_controls_and_rise_with_the_motive():
    table = [[ATTEMPT[controls][motive] for motive in MOTIVES] for controls in CONTROLS]
    assert all(row == sorted(row) for row in table)
    columns = list(zip(*table, strict=True))
    assert all(list(column) == sorted(column, reverse=True) for column in columns)
    assert all(0 < chance < 1 for row in table for chance in row)


@pytest.mark.parametrize(
    ("said", "strength"),
    [
        (None, None), ([], None), (["none"], "none"), (["training"], "some"),
        (["contract"], "some"), (["contract", "access_log"], "strong"),
        (["secure_room"], "strong"), (["none", "secure_room"], "none"),
    ],
)  # fmt: skip
def test_controls_are_as_strong_as_what_holds(said, strength):
    assert controls_of({"controls": said}) == strength


@pytest.mark.parametrize("lacking", ["audience", "controls", "motive"])
def test_a_try_is_certain_until_the_whole_context_is_answered(lacking):
    assert chance_of_attempt(PARTNER)[0] == Fraction(5, 100)
    partly = {key: value for key, value in PARTNER.items() if key != lacking}
    assert chance_of_attempt(partly) == (1, NOT_TOLD)
    assert chance_of_attempt({**PARTNER, "motive": "unknown"}) == (1, NOT_TOLD)


# Rule 2: a context lowers by one at most, with its reason, and never a public release.
@pytest.mark.parametrize(("k", "certain"), [(2, 4), (5, 3), (11, 2)])
def test_a_context_lowers_the_level_by_one_at_most_and_says_why(k, certain):
    found = identity_likelihood(stage(k), answers=PARTNER | NAMED)
    assert found.risk * found.attempt <= Fraction(1, 20)
    assert found.level == certain - 1
    assert f"from {certain} to {certain - 1}" in " ".join(found.reasons)
    assert "5 %" in " ".join(found.reasons)


@given(st.integers(1, 100), st.sampled_from(BY_STRENGTH), st.sampled_from(MOTIVES))
def test_no_context_lowers_a_public_release(k, controls, motive):
    answers = NAMED | {"audience": "public", "controls": controls, "motive": motive}
    found = identity_likelihood(stage(k), answers=answers, policy=AVERAGE)
    assert found.level == level_of(Fraction(1, k))
    assert PUBLIC in found.reasons


# Rule 3: somebody alone counts, and an average does not hide it.
@pytest.mark.parametrize("average", [0.01, 0.09])
def test_somebody_alone_where_the_share_is_unknown_is_3_at_least(average):
    answers = {"audience": "partner", **NAMED}
    found = identity_likelihood(averaged(1, average), answers=answers, policy=AVERAGE)
    assert found.level == 3
    assert "it is not known what share of everyone" in found.reasons[-1]
    two = identity_likelihood(averaged(2, average), answers=answers, policy=AVERAGE)
    assert two.level < 3


@pytest.mark.parametrize(
    ("said", "figures", "level"),
    [
        ("everyone", {}, 3),
        ("sample", {}, 3),
        ("", {(*POPULATION, "size"): Estimate(value=100)}, 3),
        ("", {(*POPULATION, "size"): Estimate(value=10_000)}, 1),
        (
            "",
            {
                (*POPULATION, "size"): Estimate(value=10_000),
                (*POPULATION, "sample_uniques_confirmed"): Estimate(value=0.1),
            },
            3,
        ),
    ],
)
def test_only_a_table_known_to_be_a_part_of_everyone_hides_who_is_alone(said, figures, level):
    table = averaged(1, 0.01)
    table = replace(table, figures={**table.figures, **figures})
    answers = PARTNER | NAMED | {"coverage": said}
    assert identity_likelihood(table, answers=answers, policy=AVERAGE).level == level


def test_an_average_is_told_with_the_highest_risk_and_the_share_at_risk():
    found = identity_likelihood(averaged(2, 0.03), answers=PARTNER | NAMED, policy=AVERAGE)
    reasons = " ".join(found.reasons)
    assert "1 in 2" in reasons
    assert "about 1 in 33 (3.00 %)" in reasons
    assert "In groups below 5 people are 2 of them (2.00 %)." in reasons


@pytest.mark.parametrize("audience", [None, "public"])
def test_an_average_counts_only_where_the_release_is_not_public(audience):
    answers = NAMED if audience is None else NAMED | {"audience": audience}
    assert identity_likelihood(averaged(2, 0.03), answers=answers, policy=AVERAGE).level == 4
    found = identity_likelihood(averaged(2, 0.03), answers=PARTNER | NAMED, policy=None)
    assert found.level == 3


# Rule 4: what is told of a whole group is a risk of its own.
def test_a_homogeneous_class_is_the_highest_level_whatever_k_is():
    found = attribute_likelihood(told(50, distinct=1), answers=NAMED)
    assert found.level == 4
    assert "'ill'" in found.reasons[-1]
    assert identity_likelihood(told(50, distinct=1), answers=NAMED).level == 1
    worse = likelihood(told(50, distinct=1), answers=NAMED)
    assert worse.level == 4
    assert "'ill'" in worse.reasons[-1]


def test_no_context_lowers_what_everyone_in_a_group_shares():
    assert attribute_likelihood(told(50, distinct=1), answers=PARTNER | NAMED).level == 4


@pytest.mark.parametrize(("k", "level"), [(20, 2), (11, 3), (5, 4), (2, 4)])
def test_a_distance_over_the_policy_adds_one_to_4_at_most(k, level):
    far, near = told(k, distance=0.21), told(k, distance=0.2)
    assert attribute_likelihood(far, answers=NAMED, policy=CLOSE).level == level
    assert attribute_likelihood(near, answers=NAMED, policy=CLOSE).level == level_of(Fraction(1, k))
    assert attribute_likelihood(far, answers=NAMED).level == level_of(Fraction(1, k))


def test_without_a_sensitive_attribute_nothing_is_told():
    assert attribute_likelihood(stage(5)) is None


# Rule 5: an estimate counts with its upper end.
def test_an_estimate_counts_with_its_upper_end():
    answers = {"audience": "partner", **NAMED}
    low = identity_likelihood(averaged(2, 0.04), answers=answers, policy=AVERAGE)
    band = averaged(2, 0.04, low=0.01, high=0.15)
    high = identity_likelihood(band, answers=answers, policy=AVERAGE)
    assert (low.level, high.level) == (1, 3)
    assert float(high.risk) == pytest.approx(0.15)


# Rule 7: negligible needs a name.
@pytest.mark.parametrize("name", ["", "   ", None])
def test_without_a_name_nothing_is_negligible(name):
    answers = {} if name is None else {"confirmed_by": name}
    found = identity_likelihood(stage(20), answers=answers)
    assert found.level == 2
    assert "Nobody confirmed by name" in found.reasons[-1]
    assert identity_likelihood(stage(20), answers=NAMED).level == 1


# Rules 1, 6, 8 and 9: on the whole assessment and the printed report.
def test_before_and_after_are_scored_by_the_same_rule_and_both_are_shown(released):
    given = {"audience": "partner", "severity": 3, **NAMED}
    made = replace(released, answers=given)
    was, now = (
        likelihood(one, answers=given, policy=made.policy).level
        for one in (made.before, made.after)
    )
    assert (made.pia["inherent"]["likelihood"], made.pia["likelihood"]) == (was, now)
    swapped = replace(made, before=made.after, after=made.before)
    assert (swapped.pia["inherent"]["likelihood"], swapped.pia["likelihood"]) == (now, was)
    assert now < was


def printed(assessment):
    return str(build_document(assessment))


def test_the_fragile_sentence_is_printed(released):
    before = Knowledge(average=0.1, unique=0, below=0.0, smallest=11)
    after = replace(before, smallest=4)
    change = ColumnChange(column="hobby", added=True, before=before, after=after)
    found = Sensitivity(size=5, changes=(change,), left_out="")
    sentence = fragile_sentence(found)
    assert "hobby" in sentence
    assert sentence in printed(replace(released, sensitivity=found))


def test_the_limits_are_printed_always(released, original_only):
    assert limits_line() in printed(released)
    assert limits_line() in printed(original_only)
    empty = replace(released, after=Stage(figures={}, sizes={}))
    assert limits_line() in printed(empty)


def test_nothing_is_green_where_the_harm_would_last():
    assert "green" not in MATRIX[3]


def test_an_attacker_who_finds_less_changes_nothing():
    table = stage(10)
    same = identity_likelihood(table)
    assert identity_likelihood(table, attackers={"a": 0.05, "b": None}) == same
    assert identity_likelihood(table, attackers={"a": 1 / 9}).risk == Fraction(1, 9)


def test_one_person_is_one_person_and_certain():
    (reason, *_) = identity_likelihood(stage(1)).reasons
    assert "holds 1 person, so the highest risk is certain" in reason
