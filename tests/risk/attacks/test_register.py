from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.readers import dataset_from_frame
from microdata.roles import Roles
from risk.attacks import LinkageAttack, Register
from risk.attacks.outcome import NEEDS_PAIRS

TABLE = {"name": ["p", "q", "r", None], "x": ["a", "a", "b", "c"]}
ROLES = {"quasi_identifiers": ["x"], "direct_identifiers": ["name"]}
MAP = {"NAME": "name", "X": "x"}


def register(names, values, columns=MAP):
    frame = pd.DataFrame({"NAME": names, "X": values}, dtype=object)
    return Register(table=dataset_from_frame(frame, "register"), columns=columns)


@pytest.fixture
def context(context_of):
    made = context_of(TABLE, quasi=["x"])
    return replace(made, roles=Roles.from_json(ROLES))


def test_people_of_a_register_are_looked_for(context):
    # p fits two, q is told wrongly and fits r alone, nothing is told of r, and s is not released.
    people = register(["p", "q", "r", "s"], ["a", "b", None, "b"])
    result = LinkageAttack(register=people, max_known=1).run(context)
    assert result.targets == 4
    assert result.top_1 == pytest.approx((1 / 2 + 0 + 1 / 4 + 0) / 4)
    assert result.value("unique", "claims") == 2
    assert result.value("unique", "precision") == 0
    assert result.value("control") == 1, "the one who is not released is claimed"
    assert result.value("baseline") == pytest.approx(3 / 4 / 4)
    assert result.interval is None
    assert [subset.columns for subset in result.by_subset] == [("x",)]


def test_a_value_that_the_table_never_holds_fits_nobody(context):
    result = LinkageAttack(register=register(["p"], ["new"])).run(context)
    assert result.value("candidates", "none") == 1
    assert result.top_1 == 0


def test_two_empty_names_are_not_the_same_person(context):
    result = LinkageAttack(register=register([None], ["c"])).run(context)
    assert result.value("unique", "claims") == 1
    assert result.value("unique", "precision") == 0


def test_every_record_of_a_person_is_a_right_one(context_of):
    made = context_of({"who": ["p", "p", "q"], "x": ["a", "b", "b"]}, quasi=["x"], person="who")
    people = register(["p", "q"], ["b", "b"], {"NAME": "who", "X": "x"})
    result = LinkageAttack(register=people).run(made)
    assert result.top_1 == pytest.approx(0.5)
    result = LinkageAttack(register=people, missing=1.0, n_repeats=1).run(made)
    assert result.value("candidates", "median") == 2


def test_a_sample_of_the_register_has_an_interval(context):
    people = register(list("pqrs") * 5, list("aabb") * 5)
    result = LinkageAttack(register=people, n_targets=8).run(context)
    assert result.targets == 8
    assert result.interval.method == "Wilson"


def test_without_known_columns_nobody_is_looked_for(context):
    refused = LinkageAttack(register=register(["p"], ["a"], {"NAME": "name"})).run(context)
    assert isinstance(refused, NotComputed)
    assert "shares no known" in refused.reason


def test_without_names_claims_are_counted_and_none_is_checked(context):
    people = register(list("pqrst"), ["a", "b", None, "c", "new"], {"X": "x"})
    result = LinkageAttack(register=people, max_known=1).run(context)
    # Two fit a, one each b and c, four fit who is not described, and nobody the strange value.
    assert result.value("unique", "claims") == 2
    assert result.value("candidates", "none") == pytest.approx(1 / 5)
    assert result.value("candidates", "median") == 1
    assert result.value("candidates", "below_5") == pytest.approx(4 / 5)
    claims = {point.confidence: point.claims for point in result.curve}
    assert (claims[1], claims[1 / 2], claims[1 / 4]) == (2, 3, 4)
    assert all(point.precision is None and point.recall is None for point in result.curve)
    assert [(one.top_1, one.unique) for one in result.by_subset] == [(None, 2 / 5)]
    for path in NEEDS_PAIRS:
        assert "none could be checked" in result.figures[path].reason
    assert not result.checked
    assert result.interval is None


def test_without_names_the_interval_is_that_of_claims(context):
    people = register(list("pqrs") * 5, list("abbc") * 5, {"X": "x"})
    result = LinkageAttack(register=people, n_targets=8).run(context)
    share = result.value("unique", "claims") / 8
    assert result.interval.method == "Wilson"
    assert result.interval.low < share < result.interval.high
    noisy = LinkageAttack(register=people, errors=0.5).run(context)
    assert noisy.interval.low < 3 / 4 <= noisy.interval.high
    assert noisy.figures["candidates", "none"].method == noisy.interval.method


@pytest.mark.parametrize("columns", [MAP, {"X": "x"}], ids=["names", "no names"])
def test_nothing_of_a_register_is_kept(context, columns):
    people = register(["CANARY-NAME", "p"], ["CANARY-VALUE", "a"], columns)
    result = LinkageAttack(register=people, errors=0.1, nearest=True, max_known=1).run(context)
    told = repr(vars(result)) + json.dumps(result.to_json()) + "".join(result.describe())
    assert "CANARY" not in told
    arrays = [value for value in vars(result).values() if isinstance(value, np.ndarray)]
    assert not arrays, "a result holds figures, and nobody's row"


def test_the_nearest_of_a_register_are_false_claims_of_who_is_not_there(context_of):
    table = {"who": ["p", "q", "r"], "x": ["1", "2", "9"]}
    made = context_of(table, quasi=["x"], person="who")
    people = register(["p", "s"], ["9", "strange"], {"NAME": "who", "X": "x"})
    strict = LinkageAttack(register=people).run(made)
    assert strict.value("candidates", "none") == 0.5
    assert strict.value("control") == 0
    near = LinkageAttack(register=people, nearest=True).run(made)
    # A value that the table never holds is as far from everybody: three are the nearest.
    assert near.value("candidates", "none") == 0
    assert near.value("candidates", "nearest") == 0.5
    assert near.value("nearest", "claims") == 0
    assert near.value("control") == 0
    alone = context_of({"who": ["p"], "x": ["1"]}, quasi=["x"], person="who")
    near = LinkageAttack(register=people, nearest=True).run(alone)
    assert near.value("control") == 1, "the nearest of one is claimed"
    assert near.value("nearest", "claims") == 2
    assert near.value("nearest", "precision") == 0.5


@pytest.mark.parametrize("columns", [["NAME"], {"NAME": 1}, "name"], ids=str)
def test_a_map_is_an_object_of_names(columns):
    with pytest.raises(PrivacyToolError, match="not an object of column names"):
        Register.from_json(register(["p"], ["a"]).table, columns)


def test_a_map_names_columns_that_exist_once(context):
    with pytest.raises(PrivacyToolError, match="'nope'"):
        register(["p"], ["a"], {"nope": "x"})
    with pytest.raises(PrivacyToolError, match="twice"):
        register(["p"], ["a"], {"NAME": "x", "X": "x"})
    with pytest.raises(PrivacyToolError, match="'gone'"):
        LinkageAttack(register=register(["p"], ["a"], {"X": "gone"})).run(context)


TENS = [(str(age), f"{age // 10 * 10}s", "*") for age in (20, 24, 28, 31, 39)]


def of_ages(context_of, level, trees=TENS):
    table = {"who": list("pqrst"), "age": ["20", "24", "28", "31", "39"]}
    return context_of(
        table, quasi=["age"], person="who", hierarchies={"age": trees}, levels={"age": level}
    )


@pytest.mark.parametrize(
    ("age", "size"),
    [
        ("25", 3),  # between 24 and 28, both in their twenties
        ("35", 2),
        ("30", 0),  # between a person of 28 and one of 31: either label
        ("19", 0),  # nobody is younger
        ("40", 0),
        ("young", 0),
    ],
)
def test_a_strange_number_has_the_label_of_the_values_around_it(context_of, age, size):
    people = register(["z", "p"], [age, "20"], {"NAME": "who", "X": "age"})
    for knows_rule in (True, False):
        result = LinkageAttack(register=people, knows_rule=knows_rule).run(of_ages(context_of, 1))
        assert result.value("candidates", "none") == (0 if size else 0.5)
        assert {p.confidence: p.claims for p in result.curve}[1 / 2] == (size == 2)
        # p is one of three; whoever is not released is found by nobody.
        assert result.top_1 == pytest.approx(1 / 3 / 2)
        warned = any("'age'" in caveat and "50.0%" in caveat for caveat in result.caveats)
        assert warned == (size == 0)
        assert age not in repr(result.caveats).split("'")


def test_a_strange_number_fits_nobody_where_numbers_are_as_they_were(context_of):
    people = register(["z"], ["25"], {"NAME": "who", "X": "age"})
    result = LinkageAttack(register=people).run(of_ages(context_of, 0))
    assert result.value("candidates", "none") == 1
    assert not any("never holds" in caveat for caveat in result.caveats)
    everyone = LinkageAttack(register=people).run(of_ages(context_of, 2))
    assert everyone.value("candidates", "median") == 5
    assert not any("never holds" in caveat for caveat in everyone.caveats)


def test_labels_that_are_no_stretch_of_numbers_tell_nothing_of_a_strange_one(context_of):
    # 24 and 28 are of one label, but so is 39 and not 31: what 25 would be is not known.
    odd = [
        (age, label, "*")
        for age, label in zip(("20", "24", "28", "31", "39"), "baaba", strict=True)
    ]
    people = register(["z"], ["25"], {"NAME": "who", "X": "age"})
    result = LinkageAttack(register=people).run(of_ages(context_of, 1, odd))
    assert result.value("candidates", "none") == 1


def test_a_strange_date_has_the_label_of_the_days_around_it(context_of):
    days = ["2020-01-03", "2020-01-20", "2020-02-01", "2020-02-05"]
    trees = {"day": [(day, day[:7], "*") for day in days]}
    made = context_of({"day": days}, quasi=["day"], hierarchies=trees, levels={"day": 1})
    people = register(["z", "y"], ["2020-01-10", "2020-01-25"], {"X": "day"})
    result = LinkageAttack(register=people).run(made)
    assert result.value("candidates", "none") == 0.5
    assert result.value("candidates", "median") == 2
