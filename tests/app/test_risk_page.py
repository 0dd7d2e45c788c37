import json
from dataclasses import replace
from itertools import combinations

import pytest

from reports.assessment import assess
from reports.headline import people_below, people_in
from reports.wording import format_count, format_share
from risk.own_policy import class_size_policy
from risk.policy import PRESETS
from risk.scenario import Scenario
from ui import compute

SECTIONS = (
    "What a group gives away",
    "Few known columns",
    "In the population",
    "Criteria (WP216)",
    "Other attackers",
    "Who fails",
    "Second opinion",
    "All figures",
)


def closer(at, section):
    at.session_state["closer"] = section
    return at.run()


def threshold_of(at):
    return next(s for s in at.slider if s.label.startswith("What if every group"))


def said(at):
    return " ".join(element.value for element in (*at.markdown, *at.info, *at.caption))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_without_a_mistake(open_app, inpatients, section):
    at = closer(open_app("risk", inpatients), section)
    assert not at.exception
    assert not at.error


def test_the_threshold_moves_the_verdict(open_app, inpatients):
    at = open_app("risk", inpatients)
    assert threshold_of(at).value == 5
    for size, verdict in ((12, "Not met"), (2, "Not met")):
        threshold_of(at).set_value(size).run()
        assert any(verdict in t.value and f"1 in {size}" in t.value for t in at.markdown)


def test_a_size_of_ones_own_becomes_the_policy(open_app, turn_to, html, inpatients):
    at = open_app("risk", inpatients)
    threshold_of(at).set_value(9).run()
    next(b for b in at.button if b.label.startswith("Compare with groups of at least 9")).click()
    at.run()
    assert at.session_state["session"].policy == class_size_policy(9)
    assert at.selectbox(key="policy-choice").value == "own"
    turn_to(at, "reduce")
    assert at.button(key="as-policy").label == "Leave out groups below 9, as the policy asks"


def test_an_own_policy_survives_the_project_file(inpatients):
    session = replace(
        inpatients,
        policy=class_size_policy(9),
        scenarios=(Scenario(name="Nurse", known=inpatients.roles.quasi_identifiers[:1]),),
    )
    project = session.project()
    again = type(project).from_bytes(json.dumps(project.to_json()).encode())
    assert inpatients.restored(again).policy == session.policy
    assert inpatients.restored(again).scenarios == session.scenarios
    assert inpatients.project().to_json()["policy"] == PRESETS["k5"].id


def test_scenarios_are_added_judged_and_removed(open_app, inpatients):
    known = inpatients.roles.quasi_identifiers[0]
    at = closer(open_app("risk", inpatients), "Other attackers")
    at.text_input[0].set_value("Neighbour")
    at.multiselect[0].set_value([known])
    next(b for b in at.button if b.label == "Add this scenario").click()
    at.run()
    assert not at.exception
    (scenario,) = at.session_state["session"].scenarios
    assert (scenario.name, scenario.known) == ("Neighbour", (known,))
    at.button(key="scenario-remove-Neighbour").click().run()
    assert at.session_state["session"].scenarios == ()


def test_a_scenario_without_a_name_is_told(open_app, inpatients):
    at = closer(open_app("risk", inpatients), "Other attackers")
    next(b for b in at.button if b.label == "Add this scenario").click()
    at.run()
    assert "needs a name" in at.error[0].value
    assert at.session_state["session"].scenarios == ()


def test_failing_rows_are_shown_as_text_that_is_not_downloaded(open_app, html, inpatients):
    at = closer(open_app("risk", inpatients), "Who fails")
    shown = html(at)
    assert "Row of the file" in shown
    rows = inpatients.require_dataset().records
    assert all(f">{row}<" in shown for row in (1, rows))
    assert "no download holds them" in said(at)


def test_the_second_opinion_is_waited_for_without_holding_the_page(
    open_app, inpatients, monkeypatch
):
    class Slow:
        def poll(self):
            return None

    monkeypatch.setattr(compute, "second_opinion", lambda _: Slow())
    at = closer(open_app("risk", inpatients), "Second opinion")
    assert not at.exception
    assert "still at work" in said(at)


def test_the_second_opinion_agrees_on_the_demo(inpatients):
    found = assess(inpatients.case(), second_opinion=True).second_opinion
    assert {comparison.verdict for comparison in found} <= {"agrees", "not comparable"}
    assert ("models", "k-anonymity") in {c.figure for c in found if c.verdict == "agrees"}


def test_people_below_the_threshold_are_those_of_the_assessment(open_app, inpatients):
    shared = assess(inpatients.case()).shared
    below, people = format_count(people_below(shared, 5)), format_count(people_in(shared))
    at = open_app("risk", inpatients)
    assert any(f"{below} of {people} people" in text.value for text in at.markdown)


def test_the_worst_combinations_of_so_many_columns_are_listed(open_app, inpatients):
    at = closer(open_app("risk", inpatients), "Few known columns")
    columns = inpatients.roles.quasi_identifiers
    listed = next(t.value for t in at.dataframe if "separation" in t.value.columns)
    assert len(listed) == len(list(combinations(columns, 2)))
    at.select_slider(key="known-columns").set_value(1).run()
    assert not at.exception
    listed = next(t.value for t in at.dataframe if "separation" in t.value.columns)
    stage = assess(inpatients.case()).shared
    shown = dict(zip(listed["columns"], listed["separation"], strict=True))
    assert shown == {
        name: format_share(stage.value("columns", name, "separation")) for name in columns
    }


def test_attacks_that_no_figure_counts_are_named_and_explained(open_app, inpatients):
    at = open_app("risk", replace(inpatients, answers={"versions": "yes"}))
    assert not at.exception
    (named,) = [e for e in at.expander if e.label.startswith("Attacks that no figure counts")]
    assert "Composition" in named.label
    assert any("Source:" in line.value for line in named.markdown)
    assert not [e for e in open_app("risk", inpatients).expander if "no figure" in e.label]
