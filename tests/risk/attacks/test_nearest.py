from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from microdata.population import Population
from microdata.readers import dataset_from_frame
from risk.attacks import LinkageAttack, Register


@dataclass(frozen=True)
class Becomes:
    """An error that can be followed by hand: every value becomes one of the column's."""

    text: str
    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        return np.full_like(codes, source.domain(column).positions[self.text])


def near(context, **errors):
    models = {name: Becomes(text) for name, text in errors.items()}
    return LinkageAttack(errors=models, n_repeats=1, nearest=True, knows_rule=False).run(context)


def test_the_nearest_number_is_found(context_of):
    context = context_of(
        {"age": ["10", "20", "50"], "kind": ["a", "a", "b"]}, quasi=["age", "kind"]
    )
    # Everybody is told to be 50 and of their kind: 20 is nearer than 10 to a 50 of kind a.
    result = near(context, age="50")
    # Distances of (50, a): 40/40, 30/40, and 1 for the wrong kind: the second, for the first too.
    assert result.top_1 == pytest.approx((0 + 1 + 1) / 3)
    assert result.value("candidates", "nearest") == pytest.approx(2 / 3)
    assert result.value("unique", "claims") == 3
    assert result.value("nearest", "claims") == 2
    assert result.value("nearest", "precision") == 0.5
    strict = LinkageAttack(errors={"age": Becomes("50")}, n_repeats=1).run(context)
    assert strict.value("unique", "claims") == 1


@pytest.mark.parametrize("order", ["abc", "cba", "bac"])
def test_ties_are_all_candidates_whatever_the_order_of_columns(context_of, order):
    rows = {
        "a": ["9", "1", "0", "10", "0", "0"],
        "b": ["8", "8", "0", "0", "10", "0"],
        "c": ["1", "9", "0", "0", "0", "10"],
    }
    context = context_of({name: rows[name] for name in order}, quasi=list(order))
    # Told 10 everywhere: 0.1 + 0.2 + 0.9 and 0.9 + 0.2 + 0.1 are the same, though not in binary.
    result = near(context, **dict.fromkeys(order, "10"))
    assert result.value("candidates", "p5") == 2
    assert result.value("candidates", "median") == 2
    assert result.top_1 == pytest.approx((1 / 2 + 1 / 2) / 6)


def test_dates_are_near_by_days(context_of):
    days = ["2020-01-01", "2020-01-11", "2020-03-01"]
    context = context_of({"day": days, "kind": ["a", "b", "c"]}, quasi=["day", "kind"])
    result = near(context, day="2020-01-11", kind="c")
    # Told 11 January and c: 49 of 60 days from the third, a kind off for the second, both else.
    assert result.top_1 == pytest.approx(1 / 3)
    assert result.value("nearest", "claims") == 3


def test_an_interval_is_as_near_as_its_nearest_value(context_of):
    tree = [("1", "1-2", "*"), ("2", "1-2", "*"), ("8", "8-9", "*"), ("9", "8-9", "*")]
    context = context_of(
        {"n": ["1", "2", "9", "8"], "k": ["a", "a", "b", "b"]},
        quasi=["n", "k"],
        hierarchies={"n": tree},
        levels={"n": 1},
    )
    result = near(context, n="8")
    # (8, a): 6 of 8 from the interval 1-2, less than a whole kind from 8-9.
    assert result.top_1 == pytest.approx(1 / 2)
    assert result.value("candidates", "nearest") == pytest.approx(1 / 2)


def test_under_labels_alone_a_star_is_near_everything(context_of):
    context = context_of({"n": ["1", "2", "3"], "k": ["a", "b", "c"]}, quasi=["n", "k"])
    column = context.release.columns["n"]
    shown = np.array([0, column.suppressed, 2], np.int32)
    starred = replace(column, lookup=None, explicit=shown)
    context = replace(context, release=context.release.with_columns(starred))
    result = near(context, n="1", k="c")
    # Told (1, c): a kind off for the first and the second, a whole line for the third.
    assert result.value("candidates", "median") == 3
    result = near(context, n="2", k="c")
    # Told (2, c): half a line and a kind, a kind, half a line.
    assert result.value("nearest", "claims") == 3
    assert result.top_1 == pytest.approx(1 / 3)


def test_a_line_without_two_places_has_words_instead(context_of):
    population = dataset_from_frame(
        pd.DataFrame({"n": ["5", "900"], "k": ["a", "a"]}, dtype=object), "all"
    )
    context = context_of(
        {"n": ["5", "5"], "k": ["a", "b"]},
        quasi=["n", "k"],
        population=Population(table=population),
    )
    result = LinkageAttack(membership="unknown", nearest=True).run(context)
    # 900 is a whole line off both, whichever its length; the first has the right kind.
    assert result.value("candidates", "nearest") == 0.5
    assert result.value("control") == 1


def test_an_unknown_value_is_near_everybody(context_of):
    context = context_of({"n": ["1", "2", "9"]}, quasi=["n"])
    result = LinkageAttack(missing=1.0, n_repeats=1, nearest=True).run(context)
    assert result.value("candidates", "nearest") == 0, "whoever fits is not only near"
    assert result.value("candidates", "median") == 3


def test_beyond_the_budget_fewer_people_are_looked_for(context_of, monkeypatch):
    table = {"x": [str(i % 60) for i in range(100)], "y": [str(i % 7) for i in range(100)]}
    context = context_of(table, quasi=["x", "y"])
    attack = LinkageAttack(errors=0.1, n_repeats=1, nearest=True)
    monkeypatch.setattr("risk.attacks.run.STEPS", 30_000)
    assert 0 < attack.run(context).targets < 100
    assert replace(attack, nearest=False).run(context).targets == 100


def test_a_number_far_outside_is_no_farther_than_another_word(context_of):
    trees = {"x": [(number, "*") for number in ("1", "9", "1000")]}
    table = {"who": ["p", "q"], "x": ["1", "9"], "y": ["a", "b"]}
    made = context_of(table, quasi=["x", "y"], person="who", hierarchies=trees)
    frame = pd.DataFrame({"who": ["p"], "x": ["1000"], "y": ["a"]}, dtype=object)
    held = Register(
        table=dataset_from_frame(frame, "register"), columns={name: name for name in frame}
    )
    result = LinkageAttack(register=held, nearest=True).run(made)
    # Both ages are as wrong as can be, so the word decides.
    assert result.value("nearest", "claims") == 1
    assert result.top_1 == 1
