from dataclasses import replace

import pytest

from microdata.measure import NotComputed
from risk import missing_values
from risk.missing_values import BY_PERSON, MISSING_RULES, NONE_OPEN, WildcardReading
from risk.reidentification import ProsecutorRisk

# The wildcard oracle of sdcMicro (test_freqCalc.R): f = 3, 1, 4, 2, 2, 2, 1, 3.
SDCMICRO = {
    "A": ["2", "3", "2", "2", "3", "3", "1", "2"],
    "B": ["3", "3", "3", "3", "3", "3", "4", "3"],
    "C": ["1", "3", None, "2", "1", "1", None, "1"],
}
F = (3, 1, 4, 2, 2, 2, 1, 3)


def test_the_reading_beside_the_verdict_on_the_table_of_sdcmicro(context_of):
    context = context_of(SDCMICRO, quasi=["A", "B", "C"])
    figures = WildcardReading().evaluate(context).figures
    assert figures["missing_as_wildcard", "smallest"].value == 1
    assert figures["missing_as_wildcard", "unique_people"].value == 2
    average = figures["missing_as_wildcard", "average_risk"].value
    assert average == pytest.approx(sum(1 / f for f in F) / 8)


def test_a_finding_where_the_reading_would_change_the_smallest_group(context_of):
    context = context_of({"a": ["x", "x", None]}, quasi=["a"])
    (finding,) = WildcardReading().evaluate(context).findings
    assert finding.code == "missing-rule-matters"
    assert "holds 1 " in finding.message
    assert " 3 if it matches" in finding.message


def test_no_open_cell_no_second_reading(context_of):
    context = context_of({"a": ["x", "x"]}, quasi=["a"])
    assert WildcardReading().needs(context) == NONE_OPEN
    figures = WildcardReading().evaluate(context).figures
    assert all(isinstance(figure, NotComputed) for figure in figures.values())


def test_risk_follows_the_rule_that_was_asked_for(context_of):
    own = context_of(SDCMICRO, quasi=["A", "B", "C"])
    wildcard = replace(own, missing="wildcard")
    path = ("reidentification", "prosecutor", "average")
    assert ProsecutorRisk().evaluate(own).figures[path].value == 6 / 8
    figure = ProsecutorRisk().evaluate(wildcard).figures[path]
    assert figure.value == pytest.approx(sum(1 / f for f in F) / 8)
    assert any("matches every value" in caveat for caveat in figure.caveats)


def test_a_reading_that_would_take_too_long_is_made_only_where_it_is_asked_for(
    context_of, monkeypatch
):
    monkeypatch.setattr(missing_values, "LONGEST_SECONDS", 0.0)
    context = context_of(SDCMICRO, quasi=["A", "B", "C"])
    assert WildcardReading().needs(context) == missing_values.TOO_LONG
    assert WildcardReading().needs(replace(context, missing="wildcard")) is None


def test_persons_in_several_groups_are_never_counted_twice(context_of):
    table = {"a": ["x", None, "x"], "pid": ["1", "1", "2"]}
    context = context_of(table, quasi=["a"], person="pid")
    assert WildcardReading().needs(context) == BY_PERSON


def test_the_rules_that_are_offered_are_those_of_a_context_and_the_alternatives_are_named():
    assert [rule.name for rule in MISSING_RULES] == ["own", "wildcard", "alpha", "exclude rows"]
    offered = [rule.name for rule in MISSING_RULES if rule.offered]
    assert offered == ["own", "wildcard"]
    for rule in MISSING_RULES:
        assert rule.sentence.endswith(".")
        assert "erdicts" in rule.sentence
        assert ("not used for verdicts:" in rule.sentence) is not rule.offered


def test_the_sentence_of_the_own_rule_holds_also_where_gaps_are_many(context_of):
    columns = {"a": [None, None, "x", "x", "y"], "b": ["1", None, "1", None, None]}
    context = context_of(columns, quasi=["a", "b"])
    assert (context.wildcard_sizes >= context.classes.count).all()


def test_the_reason_for_leaving_the_reading_out_names_the_limit():
    assert f"{missing_values.LONGEST_SECONDS:.0f} seconds" in missing_values.TOO_LONG.reason
