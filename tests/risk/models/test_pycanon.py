"""pycanon on tables where it is right, and the cases in which it is known to be wrong."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from microdata.measure import NotComputed
from risk.models import (
    AlphaModel,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    RecursiveCLDiversity,
    TCloseness,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    anonymity = pytest.importorskip("pycanon.anonymity", reason="pycanon is not installed")


def theirs(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


def ours(context_of, frame, quasi, sensitive):
    return context_of(frame, quasi=quasi, sensitive=[sensitive]).classes


@pytest.mark.parametrize("seed", range(6))
def test_clean_random_tables_agree(context_of, seed):
    draw = np.random.default_rng(seed)
    n = 120
    frame = pd.DataFrame(
        {
            "a": draw.choice(list("xyz"), n),
            "b": draw.choice(list("uvw"), n),
            "s": draw.choice(list("pqrst"), n),
            "m": draw.integers(1, 9, n),
        }
    )
    quasi = ["a", "b"]
    text = ours(context_of, frame, quasi, "s")
    number = ours(context_of, frame, quasi, "m")
    assert KAnonymity(k=1).value(text).value == theirs(anonymity.k_anonymity, frame, quasi)
    distinct = DistinctLDiversity(column="s", diversity=1).value(text).value
    assert distinct == theirs(anonymity.l_diversity, frame, quasi, ["s"])
    equal = TCloseness(column="s", distance="equal", t=1).value(text).value
    assert equal == pytest.approx(theirs(anonymity.t_closeness, frame, quasi, ["s"]))
    ordered = TCloseness(column="m", distance="ordered", t=1).value(number).value
    assert ordered == pytest.approx(theirs(anonymity.t_closeness, frame, quasi, ["m"]))
    entropy = EntropyLDiversity(column="s", diversity=1).value(text).value
    assert int(entropy) == theirs(anonymity.entropy_l_diversity, frame, quasi, ["s"])
    alpha = AlphaModel(column="s", alpha=1).value(text).value
    assert alpha == pytest.approx(theirs(anonymity.alpha_k_anonymity, frame, quasi, ["s"])[0])
    beta = BetaLikeness(column="s", beta=1).value(text).value
    assert beta == pytest.approx(theirs(anonymity.basic_beta_likeness, frame, quasi, ["s"]))
    delta = DeltaDisclosure(column="s", delta=1).value(text).value * math.log(2)
    assert delta == pytest.approx(theirs(anonymity.delta_disclosure, frame, quasi, ["s"]))


def test_enhanced_beta_likeness_agrees_where_a_beta_satisfies_it(context_of):
    frame = pd.DataFrame({"q": ["a"] * 12 + ["b"] * 12, "s": list("xxxxyyyzzzww" + "xxxyyyyzzzww")})
    figure = EnhancedBetaLikeness(column="s", beta=1).value(ours(context_of, frame, ["q"], "s"))
    stated = theirs(anonymity.enhanced_beta_likeness, frame, ["q"], ["s"])
    assert figure.value == pytest.approx(stated)
    assert figure.value == pytest.approx(1 / 7)


def test_a_gain_above_the_logarithm_has_no_enhanced_beta(context_of):
    frame = pd.DataFrame({"q": list("aabb"), "s": list("xxyy")})
    figure = EnhancedBetaLikeness(column="s", beta=1).value(ours(context_of, frame, ["q"], "s"))
    assert isinstance(figure, NotComputed)
    stated = theirs(anonymity.enhanced_beta_likeness, frame, ["q"], ["s"])
    assert stated == pytest.approx(math.log(2))  # known to be wrong: the gain is 1


def test_a_release_is_held_against_the_original_not_against_itself(context_of):
    frame = pd.DataFrame({"q": list("aaabbbcc"), "s": list("xxyxyyyy")})
    kept = [value != "c" for value in frame["q"]]
    classes = context_of(frame, quasi=["q"], sensitive=["s"], kept=kept).classes
    stated = theirs(anonymity.basic_beta_likeness, frame[kept].reset_index(drop=True), ["q"], ["s"])
    assert stated == pytest.approx(1 / 3)  # 2/3 against 1/2 of the six records that are left
    assert BetaLikeness(column="s", beta=1).value(classes).value == pytest.approx(7 / 9)


def test_the_index_of_the_frame_plays_no_part(context_of):
    frame = pd.DataFrame({"q": list("aabb"), "s": list("xxyy")}, index=[0, 2, 1, 3])
    classes = ours(context_of, frame, ["q"], "s")
    assert DistinctLDiversity(column="s", diversity=1).value(classes).value == 1
    assert TCloseness(column="s", t=1).value(classes).value == pytest.approx(0.5)
    assert theirs(anonymity.l_diversity, frame, ["q"], ["s"]) == 2  # known to be wrong


def test_a_missing_quasi_identifier_lowers_k(context_of):
    frame = pd.DataFrame({"age": [30.0, 30.0, 30.0, np.nan], "s": list("xyzx")})
    assert KAnonymity(k=1).value(ours(context_of, frame, ["age"], "s")).value == 1
    assert theirs(anonymity.k_anonymity, frame, ["age"]) == 3  # known to be wrong


def test_recursive_diversity_of_100_1_1_needs_c_above_100(context_of):
    frame = pd.DataFrame({"q": ["a"] * 102, "s": ["x"] * 100 + ["y", "z"]})
    classes = ours(context_of, frame, ["q"], "s")
    assert RecursiveCLDiversity(column="s", c=100, rank=3).failing(classes).all()
    assert not RecursiveCLDiversity(column="s", c=101, rank=3).failing(classes).any()


def test_a_constant_numeric_attribute_has_distance_0(context_of):
    frame = pd.DataFrame({"q": list("aabb"), "s": [7, 7, 7, 7]})
    classes = ours(context_of, frame, ["q"], "s")
    assert TCloseness(column="s", distance="ordered", t=0).value(classes).value == 0


def test_dates_are_ordered_by_time(context_of):
    frame = pd.DataFrame(
        {"q": list("aabb"), "s": ["9.1.2020", "10.1.2020", "2.2.2020", "1.1.2021"]}
    )
    figure = TCloseness(column="s", distance="ordered", t=1).value(
        ours(context_of, frame, ["q"], "s")
    )
    assert figure.caveats == ("Order of the values of 's': order of time.",)
    assert figure.value == pytest.approx((0.25 + 0.5 + 0.25) / 3)


def test_an_unused_category_is_no_class(context_of):
    frame = pd.DataFrame(
        {"q": pd.Categorical(list("aabb"), categories=list("abc")), "s": list("xyxy")}
    )
    assert KAnonymity(k=1).value(ours(context_of, frame, ["q"], "s")).value == 2


def test_the_average_risk_is_over_people(context_of):
    frame = pd.DataFrame({"q": ["a"] + ["b"] * 99, "s": ["x"] * 100})
    classes = ours(context_of, frame, ["q"], "s")
    assert classes.n_classes / classes.n_records == pytest.approx(0.02)
