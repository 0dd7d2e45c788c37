from __future__ import annotations

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.readers import dataset_from_frame
from microdata.roles import Roles
from risk.attacks import LinkageAttack, Register

TABLE = {"name": ["p", "q", "r", None], "x": ["a", "a", "b", "c"]}
ROLES = {"quasi_identifiers": ["x"], "direct_identifiers": ["name"]}
MAP = {"NAME": "name", "X": "x"}


def register(names, values, columns=MAP):
    frame = pd.DataFrame({"NAME": names, "X": values}, dtype=object)
    return Register(table=dataset_from_frame(frame, "register"), columns=columns)


@pytest.fixture
def context(context_of):
    from dataclasses import replace

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


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"X": "x"}, "who of the external file is who"),
        ({"NAME": "name"}, "shares no known"),
    ],
)
def test_without_names_or_known_columns_nothing_can_be_checked(context, columns, sentence):
    refused = LinkageAttack(register=register(["p"], ["a"], columns)).run(context)
    assert isinstance(refused, NotComputed)
    assert sentence in refused.reason


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
