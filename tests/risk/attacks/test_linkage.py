from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.population import Population
from microdata.readers import dataset_from_frame
from risk.attacks import LinkageAttack, Redraw
from risk.attacks.errors import not_known
from risk.models.base import WILDCARD


@dataclass(frozen=True)
class NextLeaf:
    """An error that can be followed by hand: every value becomes the next one of the column."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        n = len(source.domain(column).leaves)
        return np.where(codes < n, (codes + 1) % n, codes)


@dataclass(frozen=True)
class Forgets:
    """An error that leaves nothing known."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        return np.full_like(codes, not_known(source.domain(column)))


HAND = {"x": ["a", "a", "b", "c"], "y": ["a", "a", "a", "b"]}


def test_a_table_solved_by_hand(context_of):
    result = LinkageAttack(max_known=2).run(context_of(HAND, quasi=["x", "y"]))
    # Groups of 2, 1 and 1: 3 of 4 people are found; a blind guess finds 1 of 4.
    assert result.top_1 == 0.75
    assert result.value("expected") == 3
    assert result.value("baseline") == 0.25
    assert result.value("advantage") == pytest.approx(2 / 3)
    assert result.value("unique", "claims") == 2
    assert result.value("top_n", "5") == 1
    assert [vars(p) for p in result.curve[:2]] == [
        {"confidence": 1.0, "claims": 2, "precision": 1.0, "recall": 0.5},
        {"confidence": 0.5, "claims": 4, "precision": 0.75, "recall": 0.75},
    ]
    assert [(s.columns, s.top_1, s.unique) for s in result.by_subset] == [
        (("x",), 0.75, 0.5),
        (("y",), 0.5, 0.25),
        (("x", "y"), 0.75, 0.5),
    ]
    assert [s.columns for s in result.frontier] == [("x",), ("x", "y")]
    assert isinstance(result.figures["control",], NotComputed)
    assert result.to_json()["control"] is None


def test_wrong_matches_are_false_positives(context_of):
    errors = {"x": NextLeaf()}
    result = LinkageAttack(errors=errors, n_repeats=1).run(context_of(HAND, quasi=["x", "y"]))
    # Told (b,a) twice, (c,a) and (a,b): the first two point at the third, the rest at nobody.
    assert result.top_1 == 0
    assert result.value("unique", "claims") == 2
    assert result.value("unique", "precision") == 0
    assert result.value("candidates", "none") == 0.5
    assert result.wrong == {"x": 1.0, "y": 0.0}


@pytest.mark.parametrize("knows_rule", [True, False])
@pytest.mark.parametrize("how", [{"missing": 1.0}, {"errors": {"x": Forgets(), "y": Forgets()}}])
def test_who_knows_nothing_guesses_blindly(context_of, knows_rule, how):
    result = LinkageAttack(knows_rule=knows_rule, **how).run(context_of(HAND, quasi=["x", "y"]))
    assert result.top_1 == pytest.approx(0.25)
    assert result.value("advantage") == pytest.approx(0)
    assert result.value("candidates", "median") == 4


def test_no_published_column_leaves_a_blind_guess(context_of):
    context = context_of(HAND, quasi=["x", "y"])
    context = replace(context, release=context.release.without(("x",)))
    result = LinkageAttack(known=("x",), errors=0.5, max_known=2).run(context)
    assert (result.top_1, result.known, result.by_subset) == (0.25, (), ())
    assert any("'x' is not published" in caveat for caveat in result.caveats)


def test_someone_with_several_records_is_one_candidate(context_of):
    table = {"x": ["a", "b", "a"], "who": ["p", "p", "q"]}
    context = context_of(table, quasi=["x"], person="who")
    result = LinkageAttack(missing=1.0, n_repeats=2).run(context)
    assert result.value("candidates", "median") == 2
    assert result.top_1 == pytest.approx(0.5)
    # p by a (of p and q), p by b (alone), q by a: 1/2 + 1 + 1/2.
    assert LinkageAttack().run(context).value("expected") == pytest.approx(2)


def test_under_the_wildcard_rule_a_gap_fits_everything(context_of):
    table = {"x": ["a", "a", None]}
    own = context_of(table, quasi=["x"])
    assert LinkageAttack().run(own).top_1 == pytest.approx(2 / 3)
    for knows_rule in (True, False):
        result = LinkageAttack(knows_rule=knows_rule).run(replace(own, missing="wildcard"))
        assert result.top_1 == pytest.approx(1 / 3)
        assert WILDCARD in result.caveats
    assert WILDCARD not in LinkageAttack().run(own).caveats


def test_people_of_the_population_may_not_be_in_the_release(context_of):
    register = pd.DataFrame({"x": ["a", "a", "a", "a", "b", "c"]}, dtype=object)
    population = Population(table=dataset_from_frame(register, "register"))
    context = context_of({"x": ["a", "a", "b"]}, quasi=["x"], population=population)
    result = LinkageAttack(membership="unknown").run(context)
    # Four people look like the two: each is one of them with 1/2, then found with 1/2.
    assert result.top_1 == pytest.approx((4 * 0.25 + 1 + 0) / 6)
    assert result.value("baseline") == pytest.approx((4 * 0.5 + 1) / 6 / 3)
    # Of three people outside, two look like two others and one like nobody.
    assert result.value("control") == 0
    context = context_of({"x": ["a", "b"]}, quasi=["x"], population=population)
    # Three of the four who look like the one released are claimed, and wrongly; c is not.
    assert LinkageAttack(membership="unknown").run(context).value("control") == pytest.approx(3 / 4)


def test_sampled_targets_have_wilsons_interval(context_of):
    table = {"x": [str(i % 40) for i in range(100)]}
    result = LinkageAttack(n_targets=30).run(context_of(table, quasi=["x"]))
    assert result.targets == 30
    assert result.interval.method == "Wilson"
    assert result.interval.low < 0.4 < result.interval.high
    assert result.value("expected") == pytest.approx(result.top_1 * 100)


def test_the_same_seed_finds_the_same_people(context_of):
    context = context_of({"x": list("abcdabcaab"), "y": list("ababababcc")}, quasi=["x", "y"])
    attack = LinkageAttack(errors=0.3, missing=0.1, seed=7, max_known=2)
    assert attack.run(context).to_json() == attack.run(context).to_json()
    other = replace(attack, seed=8).run(context)
    assert other.to_json()["wrong"] != attack.run(context).to_json()["wrong"]


def test_what_cannot_be_attacked_says_why(context_of):
    context = context_of(HAND, quasi=["x", "y"])
    refused = LinkageAttack(membership="unknown").run(context)
    assert isinstance(refused, NotComputed)
    assert "population table" in refused.reason
    nobody = context_of(HAND, quasi=["x", "y"], kept=[False] * 4)
    assert isinstance(LinkageAttack().run(nobody), NotComputed)
    with pytest.raises(PrivacyToolError, match="'nope' is not a quasi-identifier"):
        LinkageAttack(known=("nope",)).run(context)
    elsewhere = replace(context, release=replace(context.release, origin=context.release.source))
    assert "elsewhere" in LinkageAttack().run(elsewhere).reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"errors": 1.5},
        {"missing": -0.1},
        {"missing": float("nan")},
        {"n_targets": 0},
        {"n_repeats": 0},
        {"max_known": -1},
        {"seed": -1},
    ],
    ids=str,
)
def test_a_call_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(PrivacyToolError):
        LinkageAttack(**wrong)


def test_beyond_the_budget_fewer_people_are_looked_for(context_of, monkeypatch):
    table = {"x": [str(i % 60) for i in range(100)], "y": [str(i % 7) for i in range(100)]}
    context = context_of(table, quasi=["x", "y"])
    monkeypatch.setattr("risk.attacks.run.STEPS", 1_000)
    result = LinkageAttack(missing=0.1, n_repeats=2, max_known=2).run(context)
    assert 0 < result.targets < 100
    assert any("drawn at random" in caveat for caveat in result.caveats)
    assert {len(subset.columns) for subset in result.by_subset} == {1}
    assert any("Sets of 2 known columns" in caveat for caveat in result.caveats)
    monkeypatch.setattr("risk.attacks.run.STEPS", 10)
    assert isinstance(LinkageAttack(errors=0.1).run(context), NotComputed)


EIGHT = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, (0.600, 1, 0)),
        (0.05, (0.469, 0.935, 0.137)),
        (0.1, (0.362, 0.860, 0.250)),
        (0.2, (0.210, 0.686, 0.421)),
    ],
)
def test_the_adult_table_is_found_as_an_independent_attacker_finds_it(
    context_of, adult, rate, expected
):
    context = context_of(adult, quasi=EIGHT)
    result = LinkageAttack(errors=rate).run(context)
    figures = (("top_1",), ("unique", "precision"), ("candidates", "none"))
    found = [result.value(*path) for path in figures]
    assert found == pytest.approx(expected, abs=0.01)
    # An independent attacker drew these; the rest are counted on the raw table.
    claims = result.value("unique", "claims")
    assert claims == 14_021 if not rate else claims < 14_021
    if not rate:
        assert result.top_1 == pytest.approx(18_109 / 30_162, abs=1e-12)
    counts = adult["age"].value_counts(normalize=True)
    assert result.wrong["age"] == pytest.approx(rate * (1 - (counts**2).sum()), abs=0.005)


def test_errors_in_one_column_leave_the_others_right(context_of, adult):
    context = context_of(adult, quasi=EIGHT)
    result = LinkageAttack(errors={"sex": Redraw(rate=0.2)}, n_repeats=1, n_targets=2_000).run(
        context
    )
    assert result.wrong["age"] == 0
    assert result.wrong["sex"] > 0.05


def test_a_population_table_that_lacks_people_makes_nobody_more_than_certain(context_of):
    frame = pd.DataFrame({"x": ["a", "b", "b", "b"]}, dtype=object)
    population = Population(table=dataset_from_frame(frame, "register"))
    context = context_of({"x": ["a", "a", "b"]}, quasi=["x"], population=population)
    result = LinkageAttack(membership="unknown").run(context)
    # a is in the release for certain and one of two; each b is its one with 1/3.
    assert result.top_1 == pytest.approx((1 / 2 + 3 * (1 / 3)) / 4)
    assert any("fewer people than the release" in caveat for caveat in result.caveats)
    enough = context_of({"x": ["a", "b"]}, quasi=["x"], population=population)
    assert not LinkageAttack(membership="unknown").run(enough).caveats


def test_in_a_column_that_says_nothing_everybody_of_the_population_looks_alike(context_of):
    frame = pd.DataFrame({"x": ["a", "b", "strange", "strange"]}, dtype=object)
    population = Population(table=dataset_from_frame(frame, "register"))
    context = context_of(
        {"x": ["a", "b"]},
        quasi=["x"],
        population=population,
        hierarchies={"x": [("a", "*"), ("b", "*")]},
        levels={"x": 1},
    )
    # Also the two whom the hierarchy does not know: each is one of the two released with 2/4.
    result = LinkageAttack(membership="unknown").run(context)
    assert result.top_1 == pytest.approx(1 / 2 / 2)
    assert result.value("baseline") == pytest.approx(1 / 2 / 2)


def test_every_band_of_candidates_begins_where_the_one_before_ends(context_of):
    sizes = (1, 2, 3, 4, 5, 10, 11, 19, 20, 99, 100)
    context = context_of({"x": [str(s) for s in sizes for _ in range(s)]}, quasi=["x"])
    result = LinkageAttack().run(context)
    held = {"1": 1, "2": 2, "3-4": 7, "5-10": 15, "11-19": 30, "20-99": 119, "100+": 100}
    for band, people in held.items():
        assert result.value("candidates", "share", band) == pytest.approx(people / sum(sizes))
    assert result.value("candidates", "below_5") == pytest.approx(10 / sum(sizes))
    assert result.value("candidates", "below_11") == pytest.approx(25 / sum(sizes))
