from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microdata.elsewhere import release_elsewhere
from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes
from microdata.release import TupleMask
from microdata.roles import Roles
from reports.figure_names import name_figure
from risk.individual_risk import (
    ABSENT_HOUSEHOLD,
    ALREADY_BELOW,
    NEITHER,
    NO_HOUSEHOLD,
    NO_THRESHOLD,
    ONCE_A_PERSON,
    IndividualRisk,
    higher_than_main_part,
    household_risk,
    threshold_for_rate,
)
from risk.missing_values import BY_PERSON
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.uniqueness.benedetti_franconi import expected_inverse

UNNAMED = "of the command line's output"

SDCMICRO = Path(__file__).resolve().parents[3] / "../shared/reference/sdcmicro"
GOLDEN = Path(__file__).resolve().parents[2] / "golden/wildcard.json"


def reference(name):
    path = SDCMICRO / name
    if not path.is_file():
        pytest.skip("the reference values are not beside the project")
    return path.read_text("utf-8")


# --- Facts of sdcMicro ---------------------------------------------------------------------------


def test_the_exact_vector_of_sdcmicro_by_record(by_record, risk_of):
    fact = json.loads(GOLDEN.read_text("utf-8"))["individual_risk"]
    context = risk_of(fact["columns"] | {"w": fact["weights"]}, fact["columns"], weight="w")
    assert by_record(context) == pytest.approx(np.array(fact["exact"]), abs=6e-9)
    result = IndividualRisk().evaluate(context)
    assert result.labels == {("individual_risk", "method"): "benedetti-franconi"}
    figure = result.figures["individual_risk", "expected_reidentifications"]
    assert figure.value == pytest.approx(sum(fact["exact"]), abs=5e-8)
    assert (figure.method, figure.attacker) == ("Benedetti-Franconi", "journalist")


def test_the_neighbourhoods_of_sdcmicro_where_a_gap_matches_every_value(
    figures_of, by_record, risk_of
):
    fact = json.loads(GOLDEN.read_text("utf-8"))["missing_cells"]
    columns = fact["columns"] | {"w": fact["weights"]}
    context = risk_of(columns, fact["columns"], missing="wildcard", weight="w")
    f, population = np.array(fact["sample_counts"]), np.array(fact["weighted_counts"])
    assert by_record(context) == pytest.approx(expected_inverse(f, f / population))
    assert WILDCARD in figures_of(context)["rate"].caveats
    # METHODS, record risk: the same table gives these.
    assert by_record(context)[[0, 1, 3, 6]] == pytest.approx(
        [0.01355297, 0.08579129, float(expected_inverse(np.array([2]), 2 / 56)[0]), 0.03931625],
        abs=6e-9,
    )


def test_francdat_record_by_record_and_in_the_whole(figures_of, values_of, by_record, risk_of):
    rows = list(csv.DictReader(reference("francdat.csv").splitlines()))
    records = list(csv.DictReader(reference("francdat_records.csv").splitlines()))
    keys = ["Key1", "Key2", "Key3", "Key4"]
    context = risk_of({n: [r[n] for r in rows] for n in [*keys, "w"]}, keys, weight="w")
    of_record = context.classes.class_of
    assert context.classes.count[of_record].tolist() == [int(r["fk"]) for r in records]
    assert context.classes.weight[of_record].tolist() == [float(r["Fk"]) for r in records]
    exact = [float(r["risk_exact"]) for r in records]
    assert by_record(context) == pytest.approx(np.array(exact), rel=1e-12)
    whole, values = json.loads(reference("francdat.json"))["global_risk"], values_of(context)
    assert values["expected_reidentifications"] == pytest.approx(
        whole["expected_reidentifications"], rel=1e-12
    )
    assert values["rate"] == pytest.approx(whole["global_risk"], rel=1e-12)
    assert values["highest"] == pytest.approx(max(exact), rel=1e-12)
    assert values["higher_than_main_part"] == whole["n_higher_than_main_part"]
    # sdcMicro says 0 where no risk in the table is low enough.
    assert whole["threshold_max_global_risk_0.01"] == 0
    assert figures_of(context)["threshold_for_1_percent"] == NO_THRESHOLD


def test_adult_without_weights_by_the_size_of_the_group(values_of, adult, context_of):
    keys = ["sex", "age", "race", "marital-status"]
    frame = adult.assign(hid=[str(i) for i in range(len(adult))])
    roles = Roles.from_json({"quasi_identifiers": keys, "household": "hid"})
    values = values_of(replace(context_of(frame, quasi=keys), roles=roles))
    # Of sdcMicro on this table: expected re-identifications, threshold and those who stand out.
    assert values["expected_reidentifications"] == pytest.approx(1690, rel=1e-12)
    assert values["rate"] == pytest.approx(0.0560307671905046, rel=1e-12)
    assert values["highest"] == 1
    assert values["threshold_for_1_percent"] == pytest.approx(1 / 56)
    assert values["higher_than_main_part"] == 3337
    # Everybody lives alone, so households add nothing.
    assert values["household_expected"] == pytest.approx(1690, rel=1e-12)


# --- By hand -------------------------------------------------------------------------------------

# Groups a: 2 people, b: 1, c: 1. Risks by size: 1/2, 1/2, 1, 1.
HOUSES = {"q": list("aabc"), "hid": ["1", "1", "2", None]}


def test_households_by_hand_without_weights(figures_of, values_of, risk_of):
    context = risk_of(HOUSES, ["q"], household="hid")
    result = IndividualRisk().evaluate(context)
    assert result.labels == {("individual_risk", "method"): "prosecutor (1/f)"}
    values = values_of(context)
    assert values["expected_reidentifications"] == 3
    # House 1: 1 - 1/2 1/2 = 3/4 for both; house 2: 1; who has no house is alone: 1.
    assert values["household_expected"] == pytest.approx(0.75 + 0.75 + 1 + 1)
    assert values["household_rate"] == pytest.approx(3.5 / 4)
    assert values["household_highest"] == 1
    figure = figures_of(context)["household_rate"]
    assert (figure.method, figure.attacker) == ("exact", "prosecutor")


def test_only_the_members_in_the_release_count(values_of, risk_of):
    table = {"q": list("aabb"), "hid": ["1", "1", "1", "2"]}
    whole = values_of(risk_of(table, ["q"], household="hid"))
    assert whole["household_expected"] == pytest.approx(3 * 7 / 8 + 1 / 2)
    less = values_of(risk_of(table, ["q"], household="hid", kept=[1, 1, 0, 1]))
    assert less["household_expected"] == pytest.approx(2 * 3 / 4 + 1)


def test_members_are_found_where_classes_were_merged_and_left_out(values_of, risk_of):
    table = {"q": list("baabc"), "hid": ["1", "2", "1", "2", "1"]}
    context = risk_of(table, ["q"], household="hid")
    base = base_classes(context.release.source, context.roles)
    keep = base.count == 2  # class c goes
    masked = replace(context, release=context.release.keeping(TupleMask(base, keep)))
    assert (masked.classes.class_of < 0).any()
    assert values_of(masked) == values_of(
        risk_of(table, ["q"], household="hid", kept=[1, 1, 1, 1, 0])
    )


def test_weights_and_households_by_hand(values_of, risk_of):
    table = {"q": list("aab"), "w": [5, 15, 10], "hid": ["x", "y", "y"]}
    values = values_of(risk_of(table, ["q"], weight="w", household="hid"))
    pair, single = expected_inverse(np.array([2, 1]), 0.1)
    assert values["expected_reidentifications"] == pytest.approx(2 * pair + single)
    assert values["household_highest"] == pytest.approx(1 - (1 - pair) * (1 - single))
    assert values["household_expected"] == pytest.approx(pair + 2 * (1 - (1 - pair) * (1 - single)))


def test_one_who_is_certain_makes_the_household_certain():
    assert household_risk(np.array([7, 7, 3]), np.array([1.0, 0.1, 0.0])).tolist() == [1, 1, 0]


def test_the_main_part_by_hand():
    # Nine people with 0.2 and one with 0.9: no spread, and 0.9 is above.
    assert higher_than_main_part(np.array([0.2, 0.9]), np.array([9, 1])) == 1
    # Median of 0.1, 0.2, 0.3, 0.9 is 0.25, deviations 0.15, 0.05, 0.05, 0.65: MAD 0.14826.
    risk, count = np.array([0.9, 0.1, 0.3, 0.2]), np.ones(4, int)
    assert higher_than_main_part(risk, count) == 1
    # Far above the others, yet low.
    assert higher_than_main_part(np.array([0.001, 0.1]), np.array([9, 1])) == 0


def test_a_difference_by_rounding_does_not_stand_out():
    assert higher_than_main_part(np.array([0.3, 0.1 + 0.2]), np.array([9, 1])) == 0


def test_the_threshold_by_hand():
    # 98 people at 0.001 and two at 0.5: the mean is 0.01098. Lowered to 0.001 it is 0.001.
    risk, count = np.array([0.5, 0.001]), np.array([2, 98])
    assert threshold_for_rate(risk, count, 0.01) == 0.001
    assert threshold_for_rate(risk, count, 0.02) == ALREADY_BELOW
    assert threshold_for_rate(risk, count, 0.001) == NO_THRESHOLD


# --- Persons -------------------------------------------------------------------------------------


def test_a_person_and_the_weight_count_once_in_a_group(figures_of, by_record, risk_of):
    table = {"q": list("aaab"), "w": [10, 10, 30, 5], "pid": ["1", "1", "2", "1"]}
    context = risk_of(table, ["q"], weight="w", person="pid")
    wanted = expected_inverse(np.array([2, 1]), np.array([2 / 40, 1 / 5]))
    assert by_record(context) == pytest.approx(wanted[[0, 0, 0, 1]])
    figure = figures_of(context)["expected_reidentifications"]
    assert figure.value == pytest.approx(2 * wanted[0] + wanted[1])
    assert ONCE_A_PERSON in figure.caveats


def test_of_weights_that_differ_the_smallest_counts_for_a_person(by_record, risk_of):
    table = {"q": list("aa"), "w": [50, 10], "pid": ["1", "1"]}
    context = risk_of(table, ["q"], weight="w", person="pid")
    assert by_record(context)[0] == pytest.approx(float(expected_inverse(np.array([1]), 0.1)[0]))


def test_several_rows_of_a_person_are_one_member_of_the_household(values_of, risk_of):
    table = {
        "q": list("aaab"),
        "pid": ["1", "1", "2", None],
        "hid": ["h", "h", "h", None],
    }
    values = values_of(risk_of(table, ["q"], person="pid", household="hid"))
    assert values["household_expected"] == pytest.approx(3 / 4 + 3 / 4 + 1)
    assert values["household_rate"] == pytest.approx(2.5 / 3)


def test_a_person_without_household_is_one_household(values_of, risk_of):
    table = {"q": list("aaaa"), "pid": ["1", "1", "2", "3"], "hid": [None] * 4}
    values = values_of(risk_of(table, ["q"], person="pid", household="hid"))
    assert values["household_expected"] == pytest.approx(1)
    assert values["household_highest"] == pytest.approx(1 / 3)


# --- What cannot be said -------------------------------------------------------------------------


def test_without_weights_and_households_there_is_one_reason(risk_of):
    context = risk_of({"q": list("ab")}, ["q"])
    assert IndividualRisk().evaluate(context).figures == {("individual_risk",): NEITHER}


def test_other_reasons(figures_of, risk_of):
    table = {"q": ["a", None], "w": [2, 3], "pid": ["1", "2"]}
    nothing = risk_of(table, ["q"], weight="w", kept=[False, False])
    assert IndividualRisk().needs(nothing) == NOTHING_RELEASED
    persons = risk_of(table, ["q"], weight="w", person="pid", missing="wildcard")
    assert IndividualRisk().needs(persons) == BY_PERSON
    no_household = figures_of(risk_of(table, ["q"], weight="w"))
    assert no_household["household_rate"] == NO_HOUSEHOLD
    assert no_household["rate"].value > 0


def test_a_release_made_elsewhere_may_lack_the_household_but_not_the_weight(figures_of, risk_of):
    table = {"q": ["a", "b"], "w": [2, 3], "hid": ["1", "2"]}
    original = risk_of(table, ["q"], weight="w", household="hid")

    def made_elsewhere(names, **roles):
        dataset = risk_of({n: table[n] for n in names}, ["q"]).release.source.dataset
        context = risk_of(table, ["q"], **roles)
        release = release_elsewhere(original.release.source, dataset)
        return replace(context, release=release)

    weights_only = figures_of(made_elsewhere("qw", weight="w", household="hid"))
    assert weights_only["household_rate"] == ABSENT_HOUSEHOLD
    assert weights_only["rate"].value == figures_of(original)["rate"].value
    neither = made_elsewhere("q", household="hid")
    assert IndividualRisk().evaluate(neither).figures == {("individual_risk",): ABSENT_HOUSEHOLD}
    with pytest.raises(PrivacyToolError, match="lacks the column 'w'"):
        IndividualRisk().evaluate(made_elsewhere("q", weight="w"))


def test_weights_below_the_number_of_people_are_told_and_taken_as_everybody(
    figures_of, by_record, risk_of
):
    table = {"q": list("aab"), "w": [0.5, 0.25, 4]}
    context = risk_of(table, ["q"], weight="w")
    assert by_record(context)[:2].tolist() == [0.5, 0.5]
    (finding,) = IndividualRisk().evaluate(context).findings
    assert finding.code == "weights-below-people"
    assert "In 1 groups of look-alikes (2 people)" in finding.message
    assert finding.message in figures_of(context)["rate"].caveats


def test_weights_that_are_one_up_to_rounding_are_no_finding(by_record, risk_of):
    context = risk_of({"q": ["a"] * 10, "w": [0.1] * 9 + [9.1]}, ["q"], weight="w")
    assert IndividualRisk().evaluate(context).findings == ()
    assert by_record(context)[0] == pytest.approx(0.1)


def test_every_figure_has_a_name_of_its_own(risk_of):
    context = risk_of(HOUSES | {"w": [2, 3, 4, 5]}, ["q"], weight="w", household="hid")
    paths = IndividualRisk().evaluate(context).figures
    assert len({name_figure(path).name for path in paths}) == len(paths) == 8
    assert not [path for path in paths if UNNAMED in name_figure(path).meaning]
