import copy
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.readers import dataset_from_frame
from reports.assessment import assess
from reports.attacks import AttackReport
from reports.verification import verify
from risk.attacks import LinkageAttack, Register
from risk.attacks.plan import AttackPlan
from transforms.recipe import Recipe
from transforms.steps.pseudonymize import Pseudonymize

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def coarse():
    """Hierarchies in which every age is one at once."""
    rows = [(str(age), "2", "*") for age in range(20, 30)]
    return {"age": Hierarchy.from_rows("age", rows)}


@pytest.mark.usefixtures("quick")
def test_missing_hierarchies_are_asked_for(made, attached, material):
    with pytest.raises(PrivacyToolError, match="'age'"):
        verify(attached(made), material(hierarchies={}))


@pytest.mark.usefixtures("quick")
def test_another_hierarchy_than_the_recorded_one_is_told(case, attached, material, coarse):
    recorded = case().recipe.with_hierarchies(case().hierarchies)
    report = attached(assess(case(recipe=recorded), now=NOW))
    assert verify(report, material()).holds
    found = verify(report, material(hierarchies=coarse))
    assert ("hierarchy", "age") in {d.place for d in found.differences}
    assert any("not the one that the recipe was made with" in text for text in found.remarks)


@pytest.mark.usefixtures("quick")
def test_hierarchies_that_no_report_records_are_told_of_where_figures_differ(
    made, attached, material, coarse
):
    found = verify(attached(made), material(hierarchies=coarse))
    assert any("does not record which hierarchies" in text for text in found.remarks)
    assert verify(attached(made), material()).remarks == ()


@pytest.mark.usefixtures("quick")
def test_a_population_table_is_asked_for_and_used(case, attached, material, people):
    frame = pd.concat([people().frame.astype(str)] * 2, ignore_index=True)
    table = dataset_from_frame(frame, "population.csv")
    report = attached(assess(case(population=Population(table=table)), now=NOW))
    with pytest.raises(PrivacyToolError, match="Give that table too"):
        verify(report, material())
    with pytest.raises(PrivacyToolError, match="not as large"):
        verify(report, material(population=people()))
    assert verify(report, material(population=table)).holds


@pytest.mark.usefixtures("quick")
def test_a_release_made_elsewhere_is_checked_where_it_is_given(
    case, attached, material, people, beyond
):
    frame = people().frame[["age", "town", "ill"]].astype(str).assign(age="2*")
    elsewhere = dataset_from_frame(frame, "released.csv")
    report = attached(
        assess(case(recipe=None, elsewhere=elsewhere, attacks=(), hierarchies={}), now=NOW)
    )
    assert verify(report, material(elsewhere=elsewhere, hierarchies={})).holds
    without = verify(report, material(hierarchies={}))
    assert without.holds
    assert beyond(without)["the table that would be shared"].statements > 50
    assert "made elsewhere" in beyond(without)["the table that would be shared"].because

    def change(data):
        data["before"]["classes"]["count"] += 1

    changed = replace(report, assessment=copy.deepcopy(report.assessment))
    change(changed.assessment)
    (difference,) = verify(changed, material(hierarchies={})).differences
    assert difference.place == ("before", "classes", "count")


@pytest.mark.usefixtures("quick")
def test_pseudonyms_are_checked_under_their_key_and_told_of_without_it(
    case, attached, material, beyond
):
    steps = (Pseudonymize(columns=("name",)), *case().recipe.steps[1:])
    report = attached(assess(case(recipe=Recipe(steps=steps), key=b"k" * 32), now=NOW))
    assert beyond(verify(report, material(key=b"k" * 32))) == {}
    other = verify(report, material())
    assert other.holds
    assert "key that no report holds" in next(iter(beyond(other).values())).because


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("table", "words"),
    [("elsewhere", "release that was made elsewhere"), ("population", "table of the population")],
)
def test_a_table_that_the_report_was_not_made_with_is_not_called_checked(
    made, attached, material, table, words
):
    found = verify(attached(made), material(**{table: material().dataset}))
    assert found.holds
    (remark,) = found.remarks
    assert f"without a {words}" in remark
    assert "not looked at" in remark


@pytest.mark.usefixtures("quick")
def test_attacks_that_cannot_be_repeated_are_named(case, attached, material, people, beyond):
    table = dataset_from_frame(people().frame.astype(str), "register.csv")
    register = Register(table=table, columns={"town": "town", "name": "name"})
    plans = (
        AttackPlan(name="Broker", attack=LinkageAttack(known=("town",), register=register)),
        AttackPlan(name="Slow", attack=LinkageAttack(known=("town",))),
    )
    made = assess(case(attacks=plans[:1]), now=NOW)
    made = replace(made, attacks=(*made.attacks, AttackReport.unfinished(plans[1])))
    found = verify(attached(made), material())
    assert found.holds
    why = {what: part.because for what, part in beyond(found).items()}
    assert "not part of a report" in why["the attack Broker"]
    assert "not come to an end" in why["the attack Slow"]


def damage(key, value):
    def change(data):
        place = data
        for part in key[:-1]:
            place = place[part]
        place[key[-1]] = value

    return change


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("roles",), []),
        (("recipe",), {"version": 1, "steps": "x"}),
        (("attacks",), None),
        (("attacks", 0, "settings"), {"name": "x", "known": [1]}),
        (("scenarios",), [{}]),
        (("missing",), "other"),
        (("seed",), "3"),
        (("seed",), True),
        (("population",), "Population: 0,,0 people, as stated by the user."),
        (("population",), 7),
        (("before",), None),
        (("before", "classes", "count"), [1]),
        (("after", "classes", "sizes"), {"a": 1}),
        (("versions",), {"privascope": 1}),
        (("dataset",), None),
        (("policy",), {"id": 7}),
        (("attributes",), [7]),
        (("answers",), {"severity": 9}),
    ],
    ids=str,
)
@pytest.mark.usefixtures("quick")
def test_a_damaged_assessment_is_one_sentence_or_differs(made, key, value, attached, material):
    report = attached(made, change=damage(key, value))
    try:
        found = verify(report, material())
    except PrivacyToolError as error:
        assert "\n" not in str(error)  # noqa: PT017 -- either a sentence or differences
    else:
        assert found.remarks or not found.holds
