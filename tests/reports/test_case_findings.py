from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.case_findings import UNCOUNTED, case_findings
from reports.document.sections import build_document
from reports.narrative import assumption_lines, finding_lines, uncounted_lines
from risk.policy import PRESETS
from transforms.recipe import Recipe
from transforms.steps import (
    DropColumn,
    Generalize,
    Mondrian,
    RecodeLocally,
    ShuffleRows,
    SuppressCells,
    SuppressRecords,
)

QUASI = ("a", "b", "c", "d")
K2, L2 = "k-anonymity=2", "distinct-l-diversity(ill)=2"
FINE = dict.fromkeys(QUASI, 0)
COARSE = FINE | {"d": 1}
# Four pairs by halves in every column, so that a pair is rarer (1/16) than one person in eight;
# the people of the first pair are ill alike, those of the others are not.
PAIRS = ("0000", "1111", "0101", "1010")
ILL = ("flu", "flu", "flu", "cold", "flu", "cold", "flu", "cold")


def case(*steps, rows=tuple(row for row in PAIRS for _ in "xy"), ill=ILL, **changes):
    columns = {name: [row[i] for row in rows] for i, name in enumerate(QUASI)}
    columns["ill"] = list(ill)
    trees = {name: Hierarchy.from_rows(name, [("0", "*"), ("1", "*")]) for name in QUASI}
    roles = dict.fromkeys(QUASI, Role.QUASI_IDENTIFIER) | {"ill": Role.SENSITIVE}
    options = {
        "dataset": dataset_from_frame(pd.DataFrame(columns, dtype="object"), "eight.csv"),
        "roles": Roles(by_column=roles),
        "hierarchies": trees,
        "recipe": Recipe(steps=steps) if steps else None,
    }
    return Case(**options | changes)


def found(given):
    release = given.release(given.encoded()) or Release.original(given.encoded())
    return {f.code: f.message for f in case_findings(given, given.context(release))}


ROUNDS = RecodeLocally(rounds=(FINE, COARSE), require=(K2,))
ALONE = ("0000", "0001", "1111", "1111", "0101", "0101", "1010", "1010")
"""Two people who are alike only without the last column."""


def test_each_finding_says_what_why_what_to_do_and_who_showed_it():
    everything = case(
        RecodeLocally(rounds=(FINE, COARSE), require=(K2, L2)),
        rows=ALONE,
        ill=("flu", "cold", *ILL[2:]),
        answers={"tables": "yes", "versions": "yes"},
    )
    told = found(everything)
    assert set(told) == set(UNCOUNTED)
    for message in told.values():
        what, rest = message.split(" Here ")
        assert what.endswith(".")
        assert rest.index(" To do: ") < rest.index(" Source: ")
        assert message.endswith(".")
        assert not {"flu", "cold", "0000"} & set(message.replace(".", " ").split())


def test_a_table_as_it_is_and_harmless_steps_have_none():
    assert found(case()) == {}
    assert found(case(Generalize(levels={"a": 1}), DropColumn(columns=("d",)))) == {}
    assert found(case(ShuffleRows())) == {}


# Minimality


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((SuppressRecords(require=(K2, L2)),), ["“Leave out records” leaves out the groups"]),
        (
            (Generalize(levels={"d": 1}), SuppressRecords(require=(L2,))),
            ["“Leave out records” leaves out the groups", "This also holds of the levels"],
        ),
        (
            (Generalize(levels={"b": 1, "d": 1}), SuppressRecords(require=(L2,))),
            ["Here this holds of the levels", "if they were chosen as the least"],
        ),
        ((RecodeLocally(rounds=(FINE, COARSE), require=(L2,)),), ["“Generalise group by group”"]),
        ((Mondrian(columns=QUASI, require=(K2, L2)),), ["“Split into groups”"]),
    ],
)
def test_minimality_where_sensitive_values_decide(steps, words):
    message = found(case(*steps))["minimality"]
    assert "its values of 'ill'" in message
    assert all(part in message for part in words)
    assert ("leaves out" in message) == ("leaves out" in words[0])


@pytest.mark.parametrize(
    "steps",
    [
        (Generalize(levels={"d": 1}), SuppressRecords(require=(K2,))),
        (Mondrian(columns=QUASI, require=(K2,)),),
        (RecodeLocally(rounds=(FINE, COARSE), require=(K2,)),),
        (SuppressCells(k=2),),
    ],
)
def test_no_minimality_where_only_the_size_of_groups_decides(steps):
    assert "minimality" not in found(case(*steps))


def test_no_minimality_where_the_rule_changed_nothing():
    every = SuppressRecords(require=("distinct-l-diversity(ill)=1",))
    assert "minimality" not in found(case(every))
    assert "minimality" not in found(case(Generalize(levels={"a": 0}), every))


def test_two_attributes_are_named_once_each():
    frame = case().dataset.frame.assign(job=list("xyxyxyxy"))
    given = case(
        SuppressRecords(require=(L2, "distinct-l-diversity(job)=2", "alpha(ill)=0.9")),
        dataset=dataset_from_frame(frame, "eight.csv"),
        roles=Roles(by_column={**case().roles.by_column, "job": Role.SENSITIVE}),
    )
    assert "its values of 'ill' and 'job'," in found(given)["minimality"]


# Downcoding and combinatorial refinement


@pytest.mark.parametrize(
    ("step", "refined"),
    [(ROUNDS, True), (Mondrian(columns=QUASI, require=(K2,)), False), (SuppressCells(k=2), False)],
)
def test_downcoding_where_records_are_coarse_each_in_its_own_way(step, refined):
    told = found(case(step, rows=ALONE))
    assert f"the step “{step.title}” takes out little more" in told["downcoding"]
    assert ("combinatorial-refinement" in told) == refined


def test_two_such_steps_are_named_in_one_finding():
    steps = (ROUNDS, SuppressCells(k=3))
    message = found(case(*steps, rows=ALONE))["downcoding"]
    assert "the steps “Generalise group by group” and “Empty single cells” take out" in message


def test_the_same_levels_for_everybody_are_neither():
    local = {"downcoding", "combinatorial-refinement"}
    once = RecodeLocally(rounds=(COARSE,), require=(K2,))
    assert not local & set(found(case(once, rows=ALONE)))
    # Everybody is safe in the first of two rounds.
    assert not local & set(found(case(ROUNDS)))
    assert not local & set(found(case(Generalize(levels={"d": 1}), SuppressRecords(require=(K2,)))))


# Predicate singling out


def test_singling_out_gives_the_chances_of_the_smallest_group():
    message = found(case(SuppressRecords(require=(K2,))))["predicate-singling-out"]
    assert "fits exactly one person with a chance of 50.0 %" in message
    assert "on a group of 2, if all in it have different original records," in message
    assert "does so with 20.0 %" in message  # 8 * 1/32 * (31/32)^7
    assert "expect 0.500 people in that group and not 2." in message


@pytest.mark.parametrize(
    "step",
    [
        SuppressRecords(require=(L2,)),
        SuppressCells(k=2),
        Mondrian(columns=QUASI, require=(K2,)),
        RecodeLocally(rounds=(FINE, COARSE), require=(K2,)),
    ],
)
def test_singling_out_wherever_the_recipe_protects_by_groups(step):
    assert "predicate-singling-out" in found(case(step))


def test_singling_out_where_the_policy_asks_for_groups():
    assert "predicate-singling-out" in found(case(policy=PRESETS["k3"]))
    assert "predicate-singling-out" not in found(case(policy=None))
    checks_only = replace(PRESETS["hipaa-safe-harbor"], requirements=())
    assert "predicate-singling-out" not in found(case(policy=checks_only))


def test_no_singling_out_where_chance_explains_the_group_or_somebody_is_alone():
    coarse = Generalize(levels={"c": 1, "d": 1})
    assert "predicate-singling-out" not in found(case(coarse, SuppressRecords(require=(K2,))))
    assert "predicate-singling-out" not in found(case(rows=ALONE, policy=PRESETS["k3"]))


def test_changed_values_are_no_description_of_anybody():
    given = case(SuppressRecords(require=(K2,)))
    release = given.release(given.encoded())
    noisy = release.with_columns(replace(release.columns["a"], perturbed=True))
    assert case_findings(given, given.context(noisy)) == ()
    assert [f.code for f in case_findings(given, given.context(release))] == [
        "predicate-singling-out"
    ]


# The answers


@pytest.mark.parametrize(
    ("answer", "code"), [("tables", "reconstruction"), ("versions", "composition")]
)
def test_what_the_user_says_of_other_publications_raises_one(answer, code):
    assert set(found(case(answers={answer: "yes"}))) == {code}
    assert found(case(answers={answer: "no"})) == {}
    assert found(case(answers={})) == {}


def test_nobody_released_is_open_to_nothing():
    given = case(SuppressRecords(require=("k-anonymity=9", L2)), answers={"tables": "yes"})
    assert found(given) == {}


# Where they are read


@pytest.fixture(scope="module")
def assessed():
    return assess(case(ROUNDS, rows=ALONE, answers={"tables": "yes"}, policy=PRESETS["k3"]))


def uncounted_section(assessment):
    return [
        section
        for section in build_document(assessment).sections
        if section.title == "Attacks that no figure counts"
    ]


def test_page_document_and_json_have_them_once(assessed):
    codes = [f["code"] for f in assessed.to_json()["after"]["findings"] if f["code"] in UNCOUNTED]
    assert codes == [
        "downcoding", "combinatorial-refinement", "predicate-singling-out", "reconstruction"
    ]  # fmt: skip
    lines = uncounted_lines(assessed)
    assert len(lines) == 4
    shown = (*finding_lines(assessed), *lines)
    (section,) = uncounted_section(assessed)
    assert section.blocks[1].items == lines
    assert not any(line in said for said in assumption_lines(assessed) for line in lines)
    # What is said of all local recoding is said once, and the attacks by name only in these.
    assert sum("in different ways" in line for line in shown) == 1
    assert sum("Downcoding" in line or "downcoding" in line for line in shown) == 1
    assert not any(finding.code in UNCOUNTED for finding in assessed.before.findings)


def test_they_come_back_with_a_saved_assessment(assessed):
    again = Assessment.from_json(json.loads(json.dumps(assessed.to_json())))
    assert uncounted_lines(again) == uncounted_lines(assessed)


def test_without_a_release_they_are_about_the_original():
    alone = assess(case(answers={"versions": "yes"}))
    assert [f.code for f in alone.before.findings if f.code in UNCOUNTED] == ["composition"]
    (line,) = uncounted_lines(alone)
    assert line.startswith("Composition")


def test_a_table_that_is_open_to_none_has_no_section():
    assert uncounted_section(assess(case())) == []


def test_the_order_of_the_rows_changes_no_word():
    order = np.random.default_rng(0).permutation(8)
    steps = (SuppressRecords(require=(K2, L2)),)
    mixed = case(*steps, rows=tuple(np.repeat(PAIRS, 2)[order]), ill=tuple(np.array(ILL)[order]))
    assert found(mixed) == found(case(*steps))


def test_a_release_made_elsewhere_is_judged_by_policy_and_answers_alone():
    release = dataset_from_frame(case().dataset.frame.drop(columns="ill"), "release.csv")
    given = case(elsewhere=release, policy=PRESETS["k3"], answers={"versions": "yes"})
    assert set(found(given)) == {"predicate-singling-out", "composition"}
