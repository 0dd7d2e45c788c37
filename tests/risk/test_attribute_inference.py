from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from risk.attribute_inference import (
    EVERYBODY_GUESSED,
    NEARLY,
    Homogeneity,
    InferenceAttack,
    NearHomogeneity,
    PosteriorGain,
)

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FIVE = ["sex", "age", "race", "marital-status", "education"]


def inference(context, column="s"):
    figures = InferenceAttack().evaluate(context).figures
    return {path[-1]: figure for path, figure in figures.items() if path[2] == column}


def values(figures):
    return {key: figure.value for key, figure in figures.items()}


def homogeneity(context, column="s"):
    figures = Homogeneity().evaluate(context).figures
    place = ("models", "homogeneity", column)
    return figures[*place, "share"], figures[*place, "share_without_singletons"]


def test_the_inpatient_table_has_the_attack_solved_by_hand(context_of, inpatients):
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"])
    fact = json.loads((GOLDEN / "inpatients.json").read_text(encoding="utf-8"))["table"]
    assert fact["inference"]["leave_one_out"] == "7/18"
    assert values(inference(context, "condition")) == pytest.approx(
        # without the own record: 0, then 1/3 for two people, then 4 people for certain
        {
            "accuracy": 8 / 12,
            "prior": 5 / 12,
            "leave_one_out": 7 / 18,
            "advantage": 3 / 7,
            "own_record": (8 / 12 - 7 / 18) / (1 - 7 / 18),
        }
    )
    share, without = homogeneity(context, "condition")
    assert share.value == without.value == pytest.approx(1 / 3)


def test_whoever_is_alone_is_given_the_mode_of_the_original(context_of):
    columns = {"q": list("abcdd"), "s": list("xxyyx")}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    # alone: x, x right, y wrong; the pair y, x: each time the other's value, so wrong
    assert values(inference(context))["leave_one_out"] == pytest.approx(2 / 5)
    share, without = homogeneity(context)
    assert (share.value, without.value) == (pytest.approx(3 / 5), 0)


def test_of_several_modes_the_first_by_name_is_guessed(context_of):
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        columns = {"q": ["a", "b", "c"], "s": [["x", "y", "z"][i] for i in order]}
        context = context_of(columns, quasi=["q"], sensitive=["s"])
        assert values(inference(context))["leave_one_out"] == pytest.approx(1 / 3)
    columns = {"q": list("aabbbc"), "s": list("xxyyyx")}
    kept = [False, False, True, True, True, True]
    context = context_of(columns, quasi=["q"], sensitive=["s"], kept=kept)
    # x and y are as frequent in the original: x is guessed for c, and right
    assert inference(context)["leave_one_out"].value == pytest.approx(1.0)


def test_the_prior_is_the_originals_also_where_people_were_left_out(context_of):
    columns = {"q": list("aabbcc"), "s": list("xxxyyx")}
    kept = [True, True, True, True, False, False]
    context = context_of(columns, quasi=["q"], sensitive=["s"], kept=kept)
    got = values(inference(context))
    assert got["prior"] == pytest.approx(4 / 6)
    assert got["accuracy"] == pytest.approx(3 / 4)
    assert got["advantage"] == pytest.approx((3 / 4 - 4 / 6) / (1 - 4 / 6))


def test_one_group_of_everyone_gives_nothing_away(context_of):
    columns = {"q": ["a"] * 6, "s": list("xxxxyz")}
    got = values(inference(context_of(columns, quasi=["q"], sensitive=["s"])))
    assert got == pytest.approx(
        {"accuracy": 4 / 6, "prior": 4 / 6, "leave_one_out": 4 / 6, "advantage": 0, "own_record": 0}
    )


def test_missing_values_are_neither_guessed_nor_guessed_from(context_of):
    columns = {"q": list("aaabb"), "s": ["x", None, None, "y", "y"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    figures = inference(context)
    assert figures["accuracy"].value == 1.0
    assert "40.0% of the people have no value" in figures["accuracy"].caveats[0]
    # x has nobody left to guess from, and the mode is y
    assert figures["leave_one_out"].value == pytest.approx(2 / 3)
    share, without = homogeneity(context)
    assert share.value == without.value == 1.0


def test_where_everyone_has_the_same_value_there_is_nothing_to_gain(context_of):
    context = context_of({"q": list("aab"), "s": list("xxx")}, quasi=["q"], sensitive=["s"])
    figures = inference(context)
    assert figures["leave_one_out"].value == 1.0
    assert "nothing to gain" in figures["advantage"].reason
    assert "the own record adds nothing" in figures["own_record"].reason


def test_a_column_without_any_value_or_not_published_has_a_reason(context_of):
    empty = context_of({"q": list("aab"), "s": [None] * 3}, quasi=["q"], sensitive=["s"])
    without = type(empty)(release=empty.release.without(("s",)), roles=empty.roles)
    for context in (empty, without):
        figures = [*inference(context).values(), *homogeneity(context)]
        assert len(figures) == 7
        figures += NearHomogeneity().evaluate(context).figures.values()
        figures += PosteriorGain().evaluate(context).figures.values()
        assert len(figures) == 12
        assert all(isinstance(figure, NotComputed) for figure in figures)


def test_labels_that_cannot_be_compared_still_have_an_accuracy(context_of):
    context = context_of({"q": list("aab"), "s": list("xyy")}, quasi=["q"], sensitive=["s"])
    object.__setattr__(context.classes.sensitive["s"], "overall", np.full(2, np.nan))
    figures = inference(context)
    assert figures.pop("accuracy").value == pytest.approx(2 / 3)
    assert all("cannot be compared" in figure.reason for figure in figures.values())


def test_the_order_of_the_rows_plays_no_part(context_of):
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({"q": draw.choice(list("abcdefg"), 60), "s": draw.choice(list("xyz"), 60)})
    one = context_of(frame, quasi=["q"], sensitive=["s"])
    other = context_of(frame.iloc[::-1].reset_index(drop=True), quasi=["q"], sensitive=["s"])
    assert values(inference(one)) == values(inference(other))


def test_where_everybody_is_guessed_the_figure_says_that_it_has_no_interval(context_of, inpatients):
    figures = inference(
        context_of(inpatients, quasi=["group"], sensitive=["condition"]), "condition"
    )
    for key in ("accuracy", "leave_one_out", "own_record"):
        assert EVERYBODY_GUESSED in figures[key].caveats
        assert figures[key].exact
        assert figures[key].low is figures[key].high is None


TENTHS = {
    # nine of ten agree, four of five, three of four, and one person is alone
    "q": [*"a" * 10, *"b" * 5, *"c" * 4, "d"],
    "s": [*"x" * 9, "y", *"x" * 4, "z", *"z" * 3, "y", "y"],
}


def near(context, column="s"):
    figures = NearHomogeneity().evaluate(context).figures
    assert {path[:3] for path in figures} == {("models", "homogeneity", column)}
    return {path[3:]: figure.value for path, figure in figures.items()}


def test_a_group_counts_from_the_share_on_that_its_commonest_value_has(context_of):
    context = context_of(TENTHS, quasi=["q"], sensitive=["s"])
    assert near(context) == pytest.approx(
        {
            ("at_least", "0.9"): 11 / 20,
            ("at_least_without_singletons", "0.9"): 10 / 20,
            ("at_least", "0.8"): 16 / 20,
            ("at_least_without_singletons", "0.8"): 15 / 20,
        }
    )
    assert homogeneity(context)[0].value == pytest.approx(1 / 20)


def test_missing_values_are_no_part_of_the_share(context_of):
    columns = {"q": list("aaabb"), "s": ["x", "x", None, "y", "x"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    assert near(context)["at_least", "0.9"] == pytest.approx(2 / 4)
    figure = (
        NearHomogeneity().evaluate(context).figures["models", "homogeneity", "s", "at_least", "0.9"]
    )
    assert "20.0% of the people have no value" in figure.caveats[0]


def test_people_are_counted_once_a_group_and_value(context_of):
    columns = {"q": list("aaab"), "s": list("xxyy"), "p": ["1", "1", "2", "3"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"], person="p")
    # person 1 has two rows: the group a is one x and one y, and person 3 is alone
    assert near(context) == pytest.approx(
        {
            ("at_least", "0.9"): 1 / 3,
            ("at_least_without_singletons", "0.9"): 0,
            ("at_least", "0.8"): 1 / 3,
            ("at_least_without_singletons", "0.8"): 0,
        }
    )


SMALL = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", "z", None])), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(rows=SMALL.filter(lambda rows: any(s for _, s in rows)))
def test_a_plain_loop_over_rows_agrees_on_near_homogeneity_and_gain(context_of, rows):
    columns = {"q": [q for q, _ in rows], "s": [s for _, s in rows]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    known = [s for _, s in rows if s is not None]
    got, gain = near(context), 0.0
    for theta in NEARLY:
        every = several = 0
        for group in set(columns["q"]):
            everyone = [s for q, s in rows if q == group]
            inside = [s for s in everyone if s is not None]
            for value in set(inside):
                share = inside.count(value) / len(inside)
                gain = max(gain, share / (known.count(value) / len(known)))
            if inside and max(map(inside.count, inside)) >= theta * len(inside):
                every += len(inside)
                several += len(inside) if len(everyone) > 1 else 0
        assert got["at_least", str(theta)] == pytest.approx(every / len(known))
        assert got["at_least_without_singletons", str(theta)] == pytest.approx(several / len(known))
    assert got["at_least", "0.8"] >= got["at_least", "0.9"] >= homogeneity(context)[0].value
    figure = PosteriorGain().evaluate(context).figures["models", "inference", "s", "largest_gain"]
    groups = {q: [s for p, s in rows if p == q] for q in columns["q"]}
    if all(any(inside) for inside in groups.values()):
        assert figure.value == pytest.approx(gain)
    else:
        assert isinstance(figure, NotComputed)


def test_the_inpatients_gain_is_that_of_cancer_in_the_third_group(context_of, inpatients):
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"])
    figures = PosteriorGain().evaluate(context).figures
    # everybody there has cancer, and 5 of the 12 patients have
    assert figures["models", "inference", "condition", "largest_gain"].value == pytest.approx(
        12 / 5
    )


def agree(context, column, fact):
    got = values(inference(context, column))
    for key in ("accuracy", "prior", "leave_one_out"):
        assert got[key] == pytest.approx(fact[key], abs=1e-10)
    gain = (fact["accuracy"] - fact["prior"]) / (1 - fact["prior"])
    assert got["advantage"] == pytest.approx(gain, abs=1e-9)
    own = (fact["accuracy"] - fact["leave_one_out"]) / (1 - fact["leave_one_out"])
    assert got["own_record"] == pytest.approx(own, abs=1e-9)
    share, without = homogeneity(context, column)
    assert share.value == pytest.approx(fact["homogeneous"], abs=1e-10)
    assert without.value == pytest.approx(fact["homogeneous_without_singletons"], abs=6e-5)


@pytest.fixture(scope="module")
def attack():
    facts = json.loads((GOLDEN / "adult.json").read_text(encoding="utf-8"))
    return facts["five"]["inference"]


def test_adults_salary_class_from_its_counts(context_of, attack):
    fact = json.loads((GOLDEN / "adult_salary_by_class.json").read_text(encoding="utf-8"))
    counts = np.array([row[:2] for row in fact["classes"] for _ in range(row[2])])
    assert len(counts) == 6_072
    number = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    salary = np.concatenate([np.repeat(fact["values"], row) for row in counts])
    frame = pd.DataFrame({"q": number.astype(str), "salary-class": salary})
    context = context_of(frame, quasi=["q"], sensitive=["salary-class"])
    agree(context, "salary-class", attack["salary-class"])


@pytest.mark.parametrize("column", ["salary-class", "occupation"])
def test_adult_itself(context_of, adult, attack, column):
    agree(context_of(adult, quasi=FIVE, sensitive=[column]), column, attack[column])
