import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate
from microdata.roles import Role, Roles
from risk.scenario import Scenario, check_names, read_scenarios

ROLES = Roles(
    by_column={
        "name": Role.DIRECT_IDENTIFIER,
        "age": Role.QUASI_IDENTIFIER,
        "zip": Role.QUASI_IDENTIFIER,
        "illness": Role.SENSITIVE,
        "pid": Role.PERSON,
    }
)


def test_only_what_the_attacker_knows_identifies():
    roles = Scenario(name="Nurse", known=("age", "illness")).roles(ROLES)
    assert roles.quasi_identifiers == ("age", "illness")
    assert roles.sensitive == ()
    assert roles.role_of("zip") is Role.INSENSITIVE
    assert roles.person == "pid"
    assert roles.direct_identifiers == ("name",)


@pytest.mark.parametrize("known", ["name", "pid"])
def test_a_direct_identifier_or_a_counting_column_is_not_known(known):
    with pytest.raises(PrivacyToolError, match="Choose columns that describe a person"):
        Scenario(name="N", known=(known,)).roles(ROLES)


def test_for_a_journalist_a_class_is_as_large_as_in_the_population():
    figures = {
        ("models", "k-anonymity"): Estimate(value=2),
        ("models", "k-map"): Estimate(value=40),
    }
    prosecutor = Scenario(name="P", known=("age",))
    journalist = Scenario(name="J", known=("age",), attacker="journalist")
    assert prosecutor.judged(figures)["models", "k-anonymity"].value == 2
    assert journalist.judged(figures)["models", "k-anonymity"].value == 40
    del figures["models", "k-map"]
    assert journalist.judged(figures)["models", "k-anonymity"].value == 2


def test_scenarios_survive_json():
    scenarios = (
        Scenario(name="A", known=("age", "zip")),
        Scenario(name="B", known=("age",), attacker="journalist"),
    )
    assert read_scenarios([scenario.to_json() for scenario in scenarios]) == scenarios


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "must be a list"),
        ([1], "must be an object"),
        ([{"name": "A", "known": ["age"], "extra": 1}], "extra"),
        ([{"name": 1, "known": ["age"]}], "text under 'name'"),
        ([{"name": "A", "known": "age"}], "list of columns"),
        ([{"name": "A", "known": []}], "at least one known column"),
        ([{"name": "A", "known": ["age", "age"]}], "each once"),
        ([{"name": " ", "known": ["age"]}], "1 to 80 letters"),
        ([{"name": "A", "known": ["age"], "attacker": "spy"}], "must be one of"),
        ([{"name": "A", "known": ["age"]}] * 2, "Two scenarios"),
        ([{"name": str(i), "known": ["age"]} for i in range(21)], "At most 20"),
    ],
)
def test_a_mistake_in_a_scenario_is_told(data, told):
    with pytest.raises(PrivacyToolError, match=told):
        read_scenarios(data)


def test_names_differ():
    check_names((Scenario(name="A", known=("age",)), Scenario(name="B", known=("age",))))
