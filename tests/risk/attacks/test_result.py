from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import pytest

from microdata.measure import Estimate, NotComputed
from microdata.readers import dataset_from_frame
from risk.attacks import AttackResult, Interval, LinkageAttack, Register
from risk.attacks.result import FIGURES

TABLE = {"x": list("aabbcdabcd"), "y": list("ababababcc")}


@pytest.fixture
def context(context_of):
    return context_of(TABLE, quasi=["x", "y"])


def read_again(result):
    return AttackResult.from_json(json.loads(json.dumps(result.to_json())))


def register_without_names():
    frame = pd.DataFrame({"X": ["a", "d", "new"]}, dtype=object)
    return Register(table=dataset_from_frame(frame, "register"), columns={"X": "x"})


@pytest.mark.parametrize(
    "attack",
    [
        LinkageAttack(max_known=2),
        LinkageAttack(errors=0.3, missing=0.2, n_repeats=2, seed=5, knows_rule=False),
        LinkageAttack(n_targets=4, known=("y",)),
        LinkageAttack(register=register_without_names()),
        LinkageAttack(errors=0.5, nearest=True),
    ],
    ids=["exact", "noise", "sample", "unchecked", "nearest"],
)
def test_a_saved_result_is_read_without_loss(context, attack):
    result = attack.run(context)
    assert tuple(result.figures) == FIGURES
    again = read_again(result)
    assert vars(again) == vars(result)
    assert json.dumps(again.to_json()) == json.dumps(result.to_json()), "in the same order"


def test_an_infinite_figure_and_a_refused_attacker_are_read(context):
    result = LinkageAttack().run(context)
    figures = dict(result.figures)
    figures["expected",] = replace(figures["expected",], value=math.inf)
    refused = NotComputed(reason="There is no rule.")
    result = replace(result, figures=figures, rule_aware=refused, attacker="rule-aware")
    assert vars(read_again(result)) == vars(result)


def damaged(result, *path, value):
    data = json.loads(json.dumps(result.to_json()))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("top_1",), "0.5"),
        (("top_1",), True),
        (("top_1",), math.nan),
        (("top_1",), math.inf),
        (("top_1",), None),
        (("top_n",), 3),
        (("candidates", "median"), [1]),
        (("candidates", "extra"), 1.0),
        (("unique", "precision"), {}),
        (("attacker",), "somebody"),
        (("attacker",), ["rule-aware"]),
        (("targets",), 1.0),
        (("repeats",), False),
        (("seed",), "0"),
        (("known",), "xy"),
        (("known", 0), 1),
        (("caveats",), {"a": 1}),
        (("curve",), "none"),
        (("curve", 0), None),
        (("curve", 0, "recall"), "1"),
        (("curve", 0, "more"), 1),
        (("by_subset", 0, "columns"), "x"),
        (("by_subset", 0, "unique"), None),
        (("interval",), "about"),
        (("interval",), {"low": 0.1, "high": 0.2}),
        (("wrong", "x"), None),
        (("not_computed",), []),
        (("not_computed", "rule_aware"), 3),
        (("not_computed", "unheard"), "of"),
        (("extra",), 1),
    ],
    ids=str,
)
def test_a_damaged_result_is_refused(context, path, value):
    result = LinkageAttack(max_known=1).run(context)
    AttackResult.from_json(result.to_json())
    with pytest.raises((TypeError, KeyError, ValueError)):
        AttackResult.from_json(damaged(result, *path, value=value))


@pytest.mark.parametrize("key", ["attacker", "curve", "control", "not_computed", "top_n"])
def test_a_result_without_a_part_is_refused(context, key):
    data = LinkageAttack().run(context).to_json()
    del data[key]
    with pytest.raises(KeyError):
        AttackResult.from_json(data)


@pytest.mark.parametrize("data", [None, [], "result", 3], ids=str)
def test_what_is_no_object_is_refused(data):
    with pytest.raises(TypeError):
        AttackResult.from_json(data)


def test_the_lines_for_a_person_name_what_was_found(context):
    lines = LinkageAttack(errors=0.5, nearest=True, max_known=1, seed=1).run(context).describe()
    said = "\n".join(lines)
    assert "An attacker who knows how values were made coarser looks for 10 people." in said
    assert "people matched with those nearest to them" in said
    assert "percentiles over repeats and targets" in said
    assert any(line.startswith("worst 1 known: x") and line.endswith("% found") for line in lines)
    unchecked = LinkageAttack(register=register_without_names(), max_known=1).run(context)
    assert any("none could be checked" in line for line in unchecked.describe())
    assert "worst 1 known: x -- 0.0000% left with a single candidate" in unchecked.describe()
    assert not unchecked.checked
    with pytest.raises(TypeError, match="none could be checked"):
        _ = unchecked.top_1


def test_the_lines_for_a_person_give_shares_and_people_in_one_unit(context):
    result = replace(
        LinkageAttack().run(context), interval=Interval(low=0.25, high=0.5, method="Wilson")
    )
    figures = dict(result.figures)
    figures["top_1",] = Estimate(value=0.375)
    figures["unique", "claims"] = Estimate(value=1_234_567)
    said = "\n".join(replace(result, figures=figures).describe())
    assert "37.5000% (estimated, 95 % interval 25.0000% to 50.0000%, Wilson)" in said
    assert "left with a single candidate: 1,234,567" in said
    figures["unique", "claims"] = Estimate(value=2.4)
    assert any("candidate: 2.4" in line for line in replace(result, figures=figures).describe())


def test_a_figure_carries_the_interval_and_the_caveats_of_its_attack(context):
    result = LinkageAttack(n_targets=5, seed=3).run(context)
    top = result.figures["top_1",]
    assert isinstance(top, Estimate)
    assert (top.low, top.high) == (result.interval.low, result.interval.high)
    assert top.seed == 3
    assert result.figures["expected",].method == "Wilson"
