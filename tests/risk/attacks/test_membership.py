from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from microdata.population import Population
from microdata.readers import dataset_from_frame
from risk.attacks.membership import KEYS, MembershipAttack
from risk.special_uniques.measure import OPEN_CELLS

TREE = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]


def everybody(values):
    return Population(
        table=dataset_from_frame(pd.DataFrame({"q": list(values)}, dtype=object), "all")
    )


def attack(context):
    figures = MembershipAttack().evaluate(context).figures
    assert list(figures) == [("attacks", "membership", key) for key in KEYS]
    return {path[-1]: figure for path, figure in figures.items()}


def values(figures):
    return {key: figure.value for key, figure in figures.items()}


def brute_force(released, population):
    """Score every person of the population one by one, members as the release has them."""
    left = list(population)
    for value in released:
        left.remove(value)
    share = {v: Fraction(released.count(v), population.count(v)) for v in set(population)}
    members, others = [share[v] for v in released], [share[v] for v in left]
    pairs = [Fraction(m > o) + Fraction(m == o, 2) for m in members for o in others]
    found = sum(score > 0 for score in others)
    told, alarms, allowed = Fraction(0), Fraction(0), Fraction(1, 100)
    for score in sorted(set(members + others), reverse=True):
        hit = Fraction(members.count(score), len(members))
        wrong = Fraction(others.count(score), len(others))
        part = min(Fraction(1), (allowed - alarms) / wrong) if wrong else Fraction(1)
        told += part * hit
        alarms += part * wrong
    return {
        "true_positive_rate": 1,
        "false_positive_rate": found / len(others),
        "advantage": 1 - found / len(others),
        "precision": len(members) / (len(members) + found),
        "baseline": len(members) / len(population),
        "auc": float(sum(pairs) / len(pairs)),
        "tpr_at_1_percent_fpr": float(told),
    }


def test_a_table_solved_by_hand(context_of):
    context = context_of({"q": list("aab")}, quasi=["q"], population=everybody("aaaabbcccc"))
    assert values(attack(context)) == pytest.approx(
        {
            "true_positive_rate": 1,
            "false_positive_rate": 3 / 7,  # two more a, one more b, of seven who are not released
            "advantage": 4 / 7,
            "precision": 3 / 6,
            "baseline": 3 / 10,
            "auc": 5.5 / 7,  # the four c are below, the three others tie
            "tpr_at_1_percent_fpr": 0.01 * 7 / 3,
        }
    )


def test_whoever_is_alone_in_the_population_is_told_without_any_alarm(context_of):
    context = context_of({"q": list("ab")}, quasi=["q"], population=everybody("abbbb"))
    got = values(attack(context))
    # the score of a is 1 and nobody else has it; b has 1/4, and three others do
    assert got["tpr_at_1_percent_fpr"] == pytest.approx(1 / 2 + 0.01 / 2)
    assert got["auc"] == pytest.approx((1 + 1 / 2) / 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=2, max_size=24))
def test_plain_loops_over_people_agree(context_of, people):
    released = [value for value, inside in people if inside]
    population = [value for value, _ in people]
    if not released or len(released) == len(population):
        return
    context = context_of({"q": released}, quasi=["q"], population=everybody(population))
    assert values(attack(context)) == pytest.approx(brute_force(released, population))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=3, max_size=20))
def test_a_coarser_column_never_raises_the_advantage_nor_the_certainty(context_of, people):
    released = [value for value, inside in people if inside]
    if not released or len(released) == len(people):
        return
    population = everybody([value for value, _ in people])
    fine, coarse, nothing = (
        values(
            attack(
                context_of(
                    {"q": released},
                    quasi=["q"],
                    hierarchies={"q": TREE},
                    levels={"q": level},
                    population=population,
                )
            )
        )
        for level in (0, 1, 2)
    )
    for key in ("advantage", "precision", "auc", "tpr_at_1_percent_fpr"):
        assert fine[key] >= coarse[key] - 1e-12 >= nothing[key] - 2e-12
    assert nothing["advantage"] == pytest.approx(0)
    assert nothing["precision"] == pytest.approx(nothing["baseline"])
    assert nothing["auc"] == pytest.approx(1 / 2)
    assert nothing["tpr_at_1_percent_fpr"] == pytest.approx(0.01)


def test_rows_that_were_left_out_are_people_of_the_population(context_of):
    context = context_of(
        {"q": list("aabc")},
        quasi=["q"],
        kept=[True, False, True, False],
        population=everybody("aabcc"),
    )
    assert values(attack(context)) == pytest.approx(brute_force(list("ab"), list("aabcc")))


def test_values_that_no_rule_covers_have_no_look_alike(context_of):
    context = context_of(
        {"q": list("aab")},
        quasi=["q"],
        hierarchies={"q": TREE},
        levels={"q": 1},
        population=everybody("aabbcz"),
    )
    got = values(attack(context))
    assert got["false_positive_rate"] == pytest.approx(1 / 3)
    assert got["auc"] == pytest.approx((2 + 1 / 2) / 3)


def reasons(figures):
    assert all(isinstance(figure, NotComputed) for figure in figures.values())
    (reason,) = {figure.reason for figure in figures.values()}
    return reason


def test_what_cannot_be_told_has_a_reason(context_of):
    people = {"q": list("aab"), "who": list("112")}
    assert "Nothing is known of the population" in reasons(attack(context_of(people, quasi=["q"])))
    size = context_of(people, quasi=["q"], population=Population(size=9))
    assert "no table of the population" in reasons(attack(size))
    lacks = context_of(people, quasi=["q"], population=everybody("aaaa"))
    assert "lacks 1 people" in reasons(attack(lacks))
    same = context_of(people, quasi=["q"], population=everybody("aab"))
    assert "nobody whom the release" in reasons(attack(same))
    nobody = context_of(people, quasi=["q"], kept=[False] * 3, population=everybody("aab"))
    assert "No record is released" in reasons(attack(nobody))
    several = context_of(
        {"q": list("aab"), "who": list("121")},
        quasi=["q"],
        person="who",
        population=everybody("aaabbb"),
    )
    assert "more than one group" in reasons(attack(several))


def test_a_person_with_equal_rows_is_one_member(context_of):
    context = context_of(
        {"q": list("aab"), "who": list("112")},
        quasi=["q"],
        person="who",
        population=everybody("aabb"),
    )
    assert values(attack(context)) == pytest.approx(brute_force(list("ab"), list("aabb")))


def test_a_population_table_that_lacks_people_of_a_group_is_used_and_told(context_of):
    context = context_of({"q": list("aab")}, quasi=["q"], population=everybody("abbbb"))
    figures = attack(context)
    assert any("fewer people than the release" in line for line in figures["auc"].caveats)
    assert figures["false_positive_rate"].value == 1


def test_how_missing_cells_count_is_told(context_of):
    whole = context_of({"q": list("aab")}, quasi=["q"], population=everybody("aabbb"))
    assert OPEN_CELLS not in attack(whole)["auc"].caveats
    gaps = context_of(
        {"q": ["a", "a", None]}, quasi=["q"], population=everybody(["a", "a", None, "b"])
    )
    assert all(OPEN_CELLS in figure.caveats for figure in attack(gaps).values())
