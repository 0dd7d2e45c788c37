from dataclasses import replace

import pandas as pd
import pytest

from microdata.measure import Estimate
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.attacks import AttackReport
from reports.case import Case
from reports.questionnaire import BY_KEY
from reports.questionnaire.drafts import drafts
from reports.register import LARGE
from reports.stage import Stage
from risk.attacks import LinkageAttack
from risk.attacks.plan import AttackPlan
from transforms.recipe import Recipe

QI = Role.QUASI_IDENTIFIER
RARE = "Zyxwvutown"


def table(**columns):
    rows = {"colour": ["red", "blue"] * 10, "size": ["big"] * 20} | columns
    roles = Roles(by_column=dict.fromkeys(rows, QI))
    return Case(dataset=dataset_from_frame(pd.DataFrame(rows), "t.csv"), roles=roles)


@pytest.fixture(scope="module")
def bland():
    return assess(table())


def test_a_table_without_anything_delicate_gets_the_least(bland):
    found = drafts(bland)
    assert {key: draft.value for key, draft in found.items()} == {"unit": "person"}
    assert "No column says" in found["unit"].because


def test_every_proposal_is_an_answer_and_says_why(released, bland):
    ages = [str(age) for age in (*range(5, 15), *range(30, 40))]
    young = assess(table(age=ages, religion=["a", "b"] * 10))
    version = (("A version", Recipe()),)
    many = assess(replace(table(), population=Population(size=20), alternatives=version))
    for made in (released, bland, young, many):
        for key, draft in drafts(made).items():
            BY_KEY[key].check(draft.value)
            assert draft.because.endswith("."), key
        assert list(drafts(made)) == [key for key in BY_KEY if key in drafts(made)]


def test_a_special_category_is_sensitive_and_sets_the_severity(released):
    found = drafts(released)
    assert "sensitive" in found["triggers"].value
    assert "illness" in found["triggers"].because
    assert found["severity"].value == 3
    gone = tuple(replace(row, action="left out") for row in released.attributes)
    bare = drafts(replace(released, attributes=gone))
    assert "triggers" not in bare
    assert "severity" not in bare


def test_money_sets_the_severity_and_is_no_special_category():
    found = drafts(assess(table(income=["1", "2"] * 10)))
    assert found["severity"].value == 3
    assert "triggers" not in found


def test_children_are_vulnerable():
    ages = [str(age) for age in (*range(5, 15), *range(30, 40))]
    found = drafts(assess(table(age=ages)))
    assert found["vulnerable"].value == "children"
    assert found["triggers"].value == ["vulnerable"]
    assert found["severity"].value == 3


@pytest.mark.parametrize(("people", "large"), [(LARGE - 1, False), (LARGE, True)])
def test_a_hundred_thousand_people_are_of_large_scale(bland, people, large):
    many = replace(bland, before=replace(bland.before, sizes={people: 1}))
    triggers = drafts(many).get("triggers")
    assert (triggers is not None and "large" in triggers.value) is large


def test_another_file_of_people_is_matching(bland):
    counted = {("uniqueness", "population", "counted"): Estimate(value=0.1)}
    with_table = replace(bland, before=replace(bland.before, figures=counted))
    assert drafts(with_table)["triggers"].value == ["matching"]
    plan = AttackPlan(name="Clerk", attack=LinkageAttack(known=("colour",)))
    report = AttackReport.unfinished(plan)
    without = replace(bland, attacks=(report,))
    assert "triggers" not in drafts(without)
    register = replace(bland, attacks=(replace(report, register=True),))
    assert drafts(register)["triggers"].value == ["matching"]


def test_a_table_of_the_population_that_is_really_given_is_matching():
    case = table()
    both = replace(case, population=Population(table=case.dataset))
    found = drafts(assess(both))
    assert found["triggers"].value == ["matching"]
    assert found["coverage"].value == "everyone"


@pytest.mark.parametrize(("size", "value"), [(20, "everyone"), (21, "sample")])
def test_coverage_follows_from_the_size_of_the_population(size, value):
    made = assess(replace(table(), population=Population(size=size)))
    assert drafts(made)["coverage"].value == value


def test_a_person_column_says_that_a_person_has_several_rows():
    case = table(pid=[str(i // 2) for i in range(20)])
    roles = Roles(by_column={"colour": QI, "size": QI, "pid": Role.PERSON})
    found = drafts(assess(replace(case, roles=roles)))
    assert found["unit"].value == "several"
    assert "pid" in found["unit"].because


def test_what_was_tried_is_told_in_words_within_the_length_of_an_answer(bland):
    version = assess(replace(table(), alternatives=(("Fewer columns", Recipe()),)))
    told = drafts(version)["alternatives"].value
    assert "Version “Fewer columns”: the smallest group would hold 10" in told
    many = replace(version, alternatives=version.alternatives * 50)
    BY_KEY["alternatives"].check(drafts(many)["alternatives"].value)
    assert "alternatives" not in drafts(bland)


def test_no_proposal_holds_a_value_of_the_table():
    towns = [RARE, RARE.upper()] * 10
    ages = [str(age) for age in (*range(5, 15), *range(30, 40))]
    case = table(town=towns, age=ages, religion=[f"{RARE} faith", "x"] * 10)
    made = assess(replace(case, alternatives=(("A version", Recipe()),)))
    assert RARE.lower() not in str(dict(drafts(made))).lower()


def test_nothing_is_proposed_about_what_no_data_tells(released):
    asked_only = set(BY_KEY) - set(drafts(released))
    assert {"tables", "versions", "purpose", "decision", "dpo", "controls", "confirmed_by"} <= (
        asked_only
    )


def test_an_emptied_release_still_gets_its_proposals(released):
    emptied = replace(released, after=Stage(figures={}, sizes={}))
    assert "unit" in drafts(emptied)
