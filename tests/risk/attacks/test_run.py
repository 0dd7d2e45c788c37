from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.roles import Roles
from risk.attacks import LinkageAttack, Redraw, Register
from risk.attacks.people import units_of


def seeded(n, seed=1):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.integers(0, 12, n).astype(str).tolist(),
        "y": rng.choice(list("abcdefgh"), n).tolist(),
        "z": rng.choice(list("uv"), n, p=[0.8, 0.2]).tolist(),
    }


@pytest.fixture(scope="module")
def context(context_of):
    return context_of(seeded(240), quasi=["x", "y", "z"])


@pytest.mark.parametrize(
    ("attack", "method"),
    [
        (LinkageAttack(), None),
        (LinkageAttack(knows_rule=False), None),
        (LinkageAttack(nearest=True), None),
        (LinkageAttack(errors=0.0), None),
        (LinkageAttack(errors={"x": Redraw(rate=0.0)}), None),
        (LinkageAttack(known=("x",), errors={"x": Redraw(rate=0.1)}), "percentiles"),
        (LinkageAttack(n_targets=100), "Wilson"),
        (LinkageAttack(n_targets=100, knows_rule=False), "Wilson"),
        (LinkageAttack(missing=0.1), "percentiles"),
        (LinkageAttack(errors=0.1, n_targets=100), "percentiles"),
        (LinkageAttack(n_targets=240), None),
        (LinkageAttack(n_targets=10_000), None),
    ],
)
def test_an_interval_is_given_where_something_was_drawn(context, attack, method):
    result = attack.run(context)
    told = result.to_json()["interval"]
    if method is None:
        assert (result.interval, told, result.figures["top_1",].seed) == (None, "exact", None)
    else:
        assert result.interval.method.startswith(method)
        assert result.interval.low <= result.top_1 <= result.interval.high
        assert result.figures["top_1",].seed == result.seed


ATTACKS = 200
HELD = 0.92


@pytest.mark.parametrize(
    "attack",
    [
        LinkageAttack(n_targets=60),
        LinkageAttack(errors=0.15, n_targets=60),
        LinkageAttack(errors=0.1, missing=0.1, n_repeats=3),
    ],
    ids=["sample", "sample and errors", "errors"],
)
def test_intervals_hold_the_value_of_all_people_as_often_as_they_say(context, attack):
    often = replace(attack, n_targets=None, n_repeats=300, seed=999)
    truth = often.run(context).top_1
    results = [replace(attack, seed=seed).run(context) for seed in range(ATTACKS)]
    held = [one.interval.low <= truth <= one.interval.high for one in results]
    assert np.mean(held) >= HELD
    assert any(one.interval.high - one.interval.low < 0.3 for one in results), "not by being vague"
    assert len({one.top_1 for one in results}) > ATTACKS / 4, "each seed draws anew"
    # The interval of one attack holds most other attacks of its kind as well.
    first = results[0].interval
    assert np.mean([first.low <= one.top_1 <= first.high for one in results]) > 0.8


def test_the_same_seed_is_the_same_attack_and_another_one_is_not(context):
    attack = LinkageAttack(errors=0.3, missing=0.2, n_targets=50, seed=3, nearest=True)
    one, again, other = (a.run(context) for a in (attack, attack, replace(attack, seed=4)))
    assert vars(one) == vars(again)
    assert one.wrong != other.wrong
    # The people drawn differ as well, not only what is told of them.
    sample = LinkageAttack(n_targets=20)
    found = {replace(sample, seed=seed).run(context).top_1 for seed in range(8)}
    assert len(found) > 1


@pytest.mark.parametrize("person", [False, True], ids=["rows", "persons"])
@pytest.mark.parametrize("knows_rule", [True, False], ids=["rule", "labels"])
def test_people_are_matched_in_blocks_as_at_once(context_of, monkeypatch, person, knows_rule):
    table = seeded(90) | ({"who": [str(i % 50) for i in range(90)]} if person else {})
    context = context_of(table, quasi=["x", "y", "z"], person="who" if person else None)
    attack = LinkageAttack(
        errors=0.3, missing=0.2, n_repeats=2, knows_rule=knows_rule, nearest=True, max_known=2
    )
    whole = attack.run(context)
    monkeypatch.setattr("risk.attacks.run.BLOCK", 7)
    assert vars(attack.run(context)) == vars(whole)


def test_more_errors_find_fewer_people_with_less_certainty(context_of):
    context = context_of(seeded(800), quasi=["x", "y", "z"])
    rates = (0.0, 0.1, 0.3, 0.6)
    results = [LinkageAttack(errors=rate, n_repeats=20).run(context) for rate in rates]
    for path in (("top_1",), ("unique", "precision"), ("top_n", "5"), ("advantage",)):
        found = [result.value(*path) for result in results]
        assert found == sorted(found, reverse=True)
    for i in range(3):
        recalls = [result.curve[i].recall for result in results]
        assert recalls == sorted(recalls, reverse=True)
    wrong = [result.wrong["x"] for result in results]
    assert wrong == sorted(wrong)
    none = [result.value("candidates", "none") for result in results]
    assert none == sorted(none)


def test_the_order_of_rows_and_of_columns_changes_nothing(context_of):
    table = seeded(120)
    order = np.random.default_rng(5).permutation(120)
    shuffled = {name: [table[name][i] for i in order] for name in ("z", "x", "y")}
    for attack in (LinkageAttack(max_known=2), LinkageAttack(knows_rule=False, max_known=2)):
        one = attack.run(context_of(table, quasi=["x", "y", "z"]))
        other = attack.run(context_of(shuffled, quasi=["z", "x", "y"]))
        for path, figure in one.figures.items():
            told = getattr(figure, "value", None)
            assert getattr(other.figures[path], "value", None) == pytest.approx(told)
        ranked = {frozenset(s.columns): pytest.approx(s.top_1) for s in one.by_subset}
        assert {frozenset(s.columns): s.top_1 for s in other.by_subset} == ranked


def test_a_register_of_everybody_finds_as_many_as_an_attack_on_everybody(context_of):
    table = seeded(100) | {"who": [str(i) for i in range(100)]}
    made = context_of(table, quasi=["x", "y", "z"])
    roles = {"quasi_identifiers": ["x", "y", "z"], "direct_identifiers": ["who"]}
    context = replace(made, roles=Roles.from_json(roles))
    frame = pd.DataFrame(table, dtype=object).sample(frac=1, random_state=0)
    everybody = dataset_from_frame(frame.reset_index(drop=True), "register")
    for columns in (["who", "x", "y", "z"], ["who", "x"]):
        register = Register(table=everybody, columns={c: c for c in columns})
        known = tuple(columns[1:])
        by_register = LinkageAttack(register=register).run(context)
        assert by_register.top_1 == pytest.approx(LinkageAttack(known=known).run(context).top_1)


def test_whom_the_population_adds_is_claimed_by_nearest_too(context_of):
    frame = pd.DataFrame({"x": ["1", "2", "9", "7"], "y": ["a", "b", "c", "a"]}, dtype=object)
    population = Population(table=dataset_from_frame(frame, "all"))
    context = context_of(
        {"x": ["1", "2", "9"], "y": ["a", "b", "c"]}, quasi=["x", "y"], population=population
    )
    strict = LinkageAttack(membership="unknown").run(context)
    assert (strict.value("control"), strict.value("candidates", "none")) == (0, 0.25)
    near = LinkageAttack(membership="unknown", nearest=True).run(context)
    # Told (7, a) they are 6 of 8 from (1, a), and at least a whole word from the others.
    assert (near.value("control"), near.value("candidates", "none")) == (1, 0)
    assert near.value("unique", "claims") == 4
    assert near.value("unique", "precision") == 0.75
    assert near.value("nearest", "precision") == 0
    assert near.top_1 == strict.top_1


def test_whom_the_classes_hold_is_looked_up_once_for_each_set_of_columns(context_of, monkeypatch):
    calls = []

    def counted(classes, person):
        calls.append(classes.columns)
        return units_of(classes, person)

    monkeypatch.setattr("risk.attacks.run.units_of", counted)
    table = {"x": list("aabb"), "y": list("abab"), "who": list("1123")}
    context = context_of(table, quasi=["x", "y"], person="who")
    LinkageAttack(errors=0.5, max_known=2).run(context)
    assert sorted(calls) == [("x",), ("x", "y"), ("x", "y"), ("y",)]
