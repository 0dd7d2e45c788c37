import json
from dataclasses import replace

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.readers import dataset_from_frame
from reports import alternatives as module
from reports.alternatives import MOST, NOT_JUDGED, Alternative, leading, tried_sentence
from reports.assessment import Assessment, assess
from reports.document.alternatives_table import MOST_UNTRIED, THIS, alternatives_table
from reports.document.model import Cell
from reports.headline import people_below, people_in
from reports.input_files import read_alternatives
from risk.policy import PRESETS, Verdict, load_policy
from transforms.recipe import Recipe

NOTHING = {"version": 1, "steps": []}
ALL = {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 2, "town": 1}}]}
TOO_HIGH = {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 9}}]}
NOBODY = {"version": 1, "steps": [{"step": "suppress_records", "require": ["k-anonymity=161"]}]}
HOSTILE = "<b>|=1+1</b>"


def versions(**recipes):
    return tuple((name, Recipe.from_json(recipe)) for name, recipe in recipes.items())


@pytest.fixture(scope="session")
def tried(case_of):
    case = case_of(
        alternatives=versions(as_it_is=NOTHING, coarse=ALL, gone=TOO_HIGH, nobody=NOBODY)
    )
    return assess(case)


@pytest.fixture(scope="session")
def by_name(tried):
    return {found.name: found for found in tried.alternatives}


def test_a_version_has_the_figures_of_an_assessment_made_with_it(tried, by_name, case_of):
    for name, recipe in (("coarse", ALL), ("as_it_is", NOTHING)):
        whole = assess(case_of(recipe=Recipe.from_json(recipe)))
        stage, found = whole.shared, by_name[name]
        assert found.smallest == stage.value("classes", "smallest")
        assert found.highest == stage.value("reidentification", "prosecutor", "highest")
        assert found.people == people_in(stage)
        assert found.below == people_below(stage, 5)
        assert found.suppressed == stage.value("classes", "suppressed_records")
        assert found.granularity == stage.value("utility", "granularity")
        assert found.verdict == leading(whole.verdicts)
        assert found.reason == ""


def test_the_hand_solved_figures_of_two_versions(by_name):
    # Four towns hold each age once, and two people of the first one are in a town of their own.
    raw, coarse = by_name["as_it_is"], by_name["coarse"]
    assert (raw.smallest, raw.highest, raw.people, raw.below) == (1, 1.0, 160, 160)
    assert (raw.suppressed, raw.granularity, raw.verdict) == (0, 1.0, "not met")
    assert (coarse.smallest, coarse.highest, coarse.below) == (160, 1 / 160, 0)
    assert (coarse.suppressed, coarse.granularity, coarse.verdict) == (0, 0.0, "met")


def test_a_version_that_does_not_fit_is_a_row_with_its_reason(by_name):
    gone = by_name["gone"]
    assert not gone.tried
    assert "level 9" in gone.reason
    assert (gone.smallest, gone.highest, gone.people, gone.verdict) == (None, None, None, "")


def test_a_version_that_leaves_everyone_out_has_no_risk_and_is_not_met(by_name):
    nobody = by_name["nobody"]
    assert (nobody.people, nobody.suppressed) == (0, 160)
    assert nobody.smallest is None
    assert nobody.highest is None
    assert nobody.verdict != "met"
    assert "every row would be left out" in tried_sentence(nobody)


def test_the_order_is_that_of_the_case_and_the_release_is_not_touched(tried, released):
    assert [found.name for found in tried.alternatives] == ["as_it_is", "coarse", "gone", "nobody"]
    assert tried.after.to_json() == released.after.to_json()


def test_versions_beyond_the_cap_are_told_not_measured(case_of):
    many = tuple((f"v{i}", Recipe()) for i in range(MOST + 3))
    found = assess(case_of(alternatives=many)).alternatives
    assert [one.tried for one in found] == [True] * MOST + [False] * 3
    assert {one.reason for one in found[MOST:]} == {
        f"Only the first {MOST} versions are measured in one assessment."
    }


def test_of_a_large_table_fewer_versions_are_measured_and_that_is_told(case_of, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 320)
    found = assess(case_of(alternatives=versions(a=NOTHING, b=ALL, c=ALL))).alternatives
    assert [one.tried for one in found] == [True, True, False]
    assert "first 2 versions" in found[2].reason
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    found = assess(case_of(alternatives=versions(a=NOTHING, b=ALL))).alternatives
    assert [one.tried for one in found] == [True, False]
    assert "first 1 version is" in found[1].reason


def test_a_policy_that_asks_for_more_is_not_computed_rather_than_met(case_of):
    case = case_of(alternatives=versions(coarse=ALL), policy=PRESETS["wp216"])
    (found,) = assess(case).alternatives
    assert found.verdict in {"not met", "not computed"}
    assert (found.reason == NOT_JUDGED) is (found.verdict == "not computed")
    assert found.tried


def test_without_a_policy_there_is_no_verdict(case_of):
    (found,) = assess(case_of(alternatives=versions(coarse=ALL), policy=None)).alternatives
    assert (found.verdict, found.reason) == ("", "")


def test_a_foreign_release_is_compared_with_recipes(case_of, tried):
    made = dataset_from_frame(emptied_frame(), "made.csv")
    case = case_of(recipe=None, elsewhere=made, alternatives=versions(coarse=ALL))
    (found,) = assess(case).alternatives
    assert found == next(one for one in tried.alternatives if one.name == "coarse")


def emptied_frame():
    return pd.DataFrame({"age": ["*"] * 160, "town": ["*"] * 160, "illness": ["flu"] * 160})


def test_the_verdict_that_leads_is_the_worst():
    def verdict(word):
        return Verdict(policy="p", requirement="r", verdict=word, why="w")

    words = ("met", "not computed", "not met")
    assert leading([verdict(word) for word in words]) == "not met"
    assert leading([verdict(word) for word in words[:2]]) == "not computed"
    assert leading([verdict("met")]) == "met"
    assert leading([]) == ""


def test_it_survives_json_without_loss(tried):
    data = json.loads(json.dumps(tried.to_json(), allow_nan=False))
    again = Assessment.from_json(data)
    assert again.alternatives == tried.alternatives
    assert again.to_json() == data


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("smallest", 1.5), ("smallest", True), ("people", "160"), ("highest", "1"),
        ("granularity", [1]), ("name", 3), ("verdict", None), ("reason", None),
        ("recipe", {"version": 2, "steps": []}), ("recipe", None),
    ],
)  # fmt: skip
def test_a_saved_version_of_another_type_is_refused(tried, key, value):
    data = json.loads(json.dumps(tried.to_json()))
    data["alternatives"][0][key] = value
    with pytest.raises(PrivacyToolError):
        Assessment.from_json(data)


def texts(row):
    return tuple(cell.text if isinstance(cell, Cell) else cell for cell in row)


def test_the_table_begins_with_the_release_and_gives_reasons(tried):
    table = alternatives_table(tried)
    rows = {row[0]: row for row in map(texts, table.rows)}
    assert list(rows) == [THIS, "as_it_is", "coarse", "nobody", "gone"]
    assert table.head[3] == "People in groups below 5"
    assert rows[THIS][1:] == ("8", "1 in 8 (12.5 %)", "0 (0 %)", "2", rows[THIS][5], "Met")
    assert rows["as_it_is"][1:] == (
        "1", "certain (100 %)", "160 (100 %)", "0", "100 %", "Not met",
    )  # fmt: skip
    assert rows["nobody"][1:5] == ("–", "–", "nobody left", "160")
    assert "level 9" in rows["gone"][6]
    assert sum(table.widths) == pytest.approx(1)


def test_without_alternatives_there_is_no_table(released):
    assert alternatives_table(released) is None


def test_many_versions_that_were_not_measured_are_counted_together(released):
    gone = tuple(
        Alternative(name=f"v{i}", recipe=Recipe().to_json(), reason="It does not fit.")
        for i in range(MOST_UNTRIED + 2)
    )
    rows = alternatives_table(replace(released, alternatives=gone)).rows
    assert len(rows) == 1 + MOST_UNTRIED + 1
    assert rows[-1][0] == "2 more"


def test_a_version_in_words(by_name):
    assert tried_sentence(by_name["as_it_is"]) == (
        "Version “as_it_is”: the smallest group would hold 1, the highest risk would be certain "
        "(100 %), 0 rows would be left out, 100 % of the detail would be kept; the policy: not met."
    )
    assert "not measured. The recipe asks for level 9" in tried_sentence(by_name["gone"])


def test_a_file_of_alternatives_is_read_by_name(tmp_path):
    path = tmp_path / "tried.json"
    path.write_text(json.dumps([{"name": HOSTILE, "recipe": ALL}]), "utf-8")
    assert read_alternatives(path) == ((HOSTILE, Recipe.from_json(ALL)),)
    assert read_alternatives(None) == ()


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ({}, "must be a list"),
        (["a"], "must be a list"),
        ([{"recipe": NOTHING}], "text under 'name'"),
        ([{"name": " ", "recipe": NOTHING}], "no name"),
        ([{"name": "a"}], "recipe"),
        ([{"name": "a", "recipe": NOTHING, "path": "x"}], "unknown keys"),
        ([{"name": "a", "recipe": NOTHING}] * 2, "same name"),
    ],
)
def test_another_file_is_refused(tmp_path, data, match):
    path = tmp_path / "tried.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(PrivacyToolError, match=match):
        read_alternatives(path)


def test_the_class_size_of_the_policy_counts_whom_it_is_below(case_of):
    case = case_of(alternatives=versions(coarse=ALL), policy=load_policy("k20"))
    table = alternatives_table(assess(case))
    assert table.head[3] == "People in groups below 20"
    assert texts(table.rows[0])[6] == "Not met"
