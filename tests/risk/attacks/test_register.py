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
