import json
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.likelihood import before_and_now, identity_likelihood
from reports.narrative import open_items, overall_reason, scenario_sentences
from risk.policy import Policy, load_policy
from risk.scenario import Scenario
from transforms.recipe import Recipe

# Ages in pairs, towns in fours: k = 2 by age, 4 by town, 1 by age and town.
TABLE = pd.DataFrame(
    {
        "age": ["30", "30", "31", "31", "32", "32", "33", "33"],
        "town": ["a", "b", "a", "b", "a", "b", "a", "b"],
        "ill": ["x", "x", "y", "y", "x", "y", "x", "y"],
    }
)
ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
    }
)
K3 = load_policy("k3")


def case(*scenarios, **change):
    table = dataset_from_frame(TABLE, "people.csv")
    return replace(Case(dataset=table, roles=ROLES, policy=K3, scenarios=scenarios), **change)


def test_each_scenario_is_measured_on_the_groups_that_its_attacker_sees():
    found = assess(
        case(
            Scenario(name="By town", known=("town",)),
            Scenario(name="By age", known=("age",)),
            Scenario(name="All", known=("age", "town")),
        )
    ).scenarios
    assert [(r.name, r.unique, r.highest, r.average, r.verdict) for r in found] == [
        ("All", 8, 1.0, 1.0, "not met"),
        ("By age", 0, 0.5, 0.5, "not met"),
        ("By town", 0, 0.25, 0.25, "met"),
    ]


def test_the_worst_attacker_counts_for_the_likelihood_before_and_now():
    """By age pairs of ages look alike, by town fours: somebody who knows both finds everyone."""
    roles = Roles(by_column={"town": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE})
    without = assess(case(roles=roles))
    made = assess(case(Scenario(name="Colleague", known=("age", "town")), roles=roles))
    was, now = before_and_now(identity_likelihood, made)
    assert [found.risk for found in before_and_now(identity_likelihood, without)] == [
        Fraction(1, 4), Fraction(1, 4)
    ]  # fmt: skip
    assert [was.risk, now.risk] == [1, 1]
    assert any("Colleague" in reason for reason in now.reasons)
    (result,) = made.scenarios
    assert (result.before, result.highest) == (1.0, 1.0)
    coarse = Recipe.from_json(
        {"version": 1, "steps": [{"step": "drop_column", "columns": ["age"]}]}
    )
    made = assess(case(Scenario(name="By age", known=("age", "town")), recipe=coarse))
    was, now = before_and_now(identity_likelihood, made)
    assert [was.risk, now.risk] == [Fraction(1), Fraction(1, 4)]


def test_a_journalist_is_judged_on_the_population():
    population = dataset_from_frame(pd.concat([TABLE] * 5, ignore_index=True), "all.csv")
    found = assess(
        case(
            Scenario(name="J", known=("age",), attacker="journalist"),
            population=Population(table=population),
        )
    ).scenarios
    assert [(r.name, r.highest, r.verdict) for r in found] == [("J", 0.1, "met")]


def test_a_scenario_that_fails_leads_also_where_its_risk_is_lower():
    population = dataset_from_frame(pd.concat([TABLE] * 5, ignore_index=True), "all.csv")
    rule = {
        "figure": ["models", "l-diversity", "*", "distinct"],
        "at_least": 2,
        "title": "Two values",
        "why": "",
    }
    found = assess(
        case(
            Scenario(name="By town", known=("town",)),
            Scenario(name="By age", known=("age",), attacker="journalist"),
            population=Population(table=population),
            policy=Policy.from_json(K3.to_json() | {"id": "two", "requirements": [rule]}),
        )
    ).scenarios
    assert [(r.name, r.highest, r.verdict) for r in found] == [
        ("By age", 0.1, "not met"),
        ("By town", 0.25, "met"),
    ]


def test_a_scenario_that_fails_makes_the_table_not_acceptable():
    roles = Roles(by_column={"town": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE})
    calm = assess(case(roles=roles, answers={"severity": 1}))
    assert calm.overall != "not acceptable"
    harsh = assess(
        case(Scenario(name="Nurse", known=("town", "age")), roles=roles, answers={"severity": 1})
    )
    assert harsh.overall == "not acceptable"
    assert "Nurse" in overall_reason(harsh)
    assert any("scenario Nurse" in item for item in open_items(harsh))
    assert (
        "8 of 8 people (100 %) are found with certainty" in scenario_sentences(harsh.scenarios)[0]
    )


def test_a_figure_that_is_not_interactive_is_computed_where_the_policy_asks_for_it():
    policy = Policy.from_json(
        K3.to_json()
        | {
            "requirements": [
                {
                    "figure": ["columns", "*", "distinction"],
                    "at_most": 0.3,
                    "title": "Few values",
                    "why": "",
                }
            ]
        }
    )
    found = assess(case(Scenario(name="T", known=("town",)), policy=policy)).scenarios
    assert found[0].verdict == "met"


def test_scenarios_survive_the_saved_assessment():
    assessment = assess(case(Scenario(name="A", known=("age",))))
    data = json.loads(json.dumps(assessment.to_json()))
    assert Assessment.from_json(data).scenarios == assessment.scenarios
    data["scenarios"][0]["unique"] = "8"
    with pytest.raises(PrivacyToolError, match="not a saved assessment"):
        Assessment.from_json(data)


def test_a_scenario_with_an_unknown_column_is_told():
    with pytest.raises(PrivacyToolError, match="height"):
        case(Scenario(name="A", known=("height",)))
