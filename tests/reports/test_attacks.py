import json
from dataclasses import replace

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.attacks import attack_notes, attack_rows, attack_sentence, known_words
from reports.case import Case
from reports.chart_attack import candidate_sizes, claim_curve, worst_subsets
from reports.document.attack_section import NONE, attack_sections
from reports.document.model import Chart, Table
from reports.project import Project
from risk.attacks import LinkageAttack, Register
from risk.attacks.plan import AttackPlan
from risk.attacks.result import SIZE_BANDS
from transforms.recipe import Recipe

# Ages in pairs, towns in fours; by age and town everyone is alone.
TABLE = pd.DataFrame(
    {
        "name": ["Ann", "Bob", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal"],
        "age": ["30", "30", "31", "31", "32", "32", "33", "33"],
        "town": ["a", "b", "a", "b", "a", "b", "a", "b"],
        "ill": ["x", "x", "y", "y", "x", "y", "x", "y"],
    }
)
ROLES = Roles(
    by_column={
        "name": Role.DIRECT_IDENTIFIER,
        "age": Role.QUASI_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
    }
)
NO_TOWN = Recipe.from_json({"version": 1, "steps": [{"step": "drop_column", "columns": ["town"]}]})


def plan(name, *known, **settings):
    return AttackPlan(name=name, attack=LinkageAttack(known=known, **settings))


def case(*plans, **change):
    table = dataset_from_frame(TABLE, "people.csv")
    return replace(Case(dataset=table, roles=ROLES, attacks=plans), **change)


def report(*plans, **change):
    return assess(case(*plans, **change)).attacks[0]


def texts(of):
    return {row.name: dict(row.texts) for row in attack_rows(of)}


def test_the_one_that_finds_most_people_leads():
    found = assess(case(plan("By town", "town"), plan("All"), plan("By age", "age"))).attacks
    assert [(r.name, r.found) for r in found] == [("All", 1.0), ("By age", 0.5), ("By town", 0.25)]


def test_an_attack_is_carried_out_before_and_after():
    found = report(plan("All"), recipe=NO_TOWN)
    rows = texts(found)
    # In the original all eight are alone; without towns the ages leave pairs.
    assert rows["Found with the first guess"] == {"original": "100 %", "now": "50.0 %"}
    assert rows["People found"] == {"original": "8 people", "now": "4 people"}
    assert rows["Left with a single candidate"] == {"original": "8 people", "now": "0 people"}
    assert rows["of these, the right one"] == {"original": "100 %", "now": "–"}
    assert rows["Candidates in the middle"] == {"original": "1 person", "now": "2 people"}
    assert rows["A blind guess"]["now"] == "1 in 8 (12.5 %)"
    assert "Wrongly claimed outsiders" not in rows
    assert attack_sentence(found) == (
        "All finds about 4 people with a first guess (50.0 %); nobody is left with a single "
        "candidate."
    )


def test_the_sentence_says_how_sure_a_claim_is():
    assert attack_sentence(report(plan("All"))) == (
        "All finds about 8 people with a first guess (100 %); 8 are left with a single candidate, "
        "and that one is right for 100 % of them."
    )


def test_what_is_known_is_told_with_its_doubts():
    assert known_words(report(plan("All"))) == "every quasi-identifier"
    doubtful = report(plan("N", "age", errors=0.25, missing=0.5))
    assert known_words(doubtful) == (
        "age, 25.0 % of it drawn anew from what is common, 50.0 % of it unknown"
    )


def test_an_estimate_says_so_with_its_interval_and_seed():
    found = report(plan("N", "age", errors=0.25), seed=7)
    interval = found.before.interval
    assert interval is not None
    (note, *_) = attack_notes(found)
    assert "Estimated: " in note
    assert "seed 7" in note
    assert "estimated" in texts(found)["Found with the first guess"]["original"]


def test_people_found_on_average_are_told_as_whole_people():
    found = report(plan("N", "age", "town", errors=0.5, n_repeats=7), seed=7)
    expected = found.before.figures["expected",].value
    assert expected != round(expected)
    text = texts(found)["People found"]["original"]
    assert text == f"{round(expected)} people, estimated"


def test_an_exact_attack_says_so():
    (note,) = attack_notes(report(plan("All")))
    assert note == (
        "The attacker knows how values were made coarser (rule-aware) and looks for 8 people. "
        "Exact."
    )


def test_what_cannot_be_carried_out_gives_its_reason_everywhere():
    found = report(plan("All", membership="unknown"))
    assert isinstance(found.before, NotComputed)
    assert attack_sentence(found).startswith("All: not carried out. Who could be looked for")
    assert attack_rows(found) == ()
    assert attack_notes(found) == ()
    assert candidate_sizes(found) is claim_curve(found) is worst_subsets(found) is None
    assert found.found == 0.0
    assessment = assess(case(plan("All", membership="unknown")))
    text = str(attack_sections(assessment)[1].blocks)
    assert "not carried out" in text


def test_the_sizes_chart_holds_everyone_once():
    found = report(plan("All"), recipe=NO_TOWN)
    chart = candidate_sizes(found)
    assert chart.categories == ("0", *SIZE_BANDS)
    by_name = {series.name: dict(zip(chart.categories, series.values, strict=True))
               for series in chart.series}  # fmt: skip
    assert by_name["original"]["1"] == 1.0
    assert by_name["now"]["2"] == 1.0
    for shares in by_name.values():
        assert sum(shares.values()) == pytest.approx(1)
    assert chart.title == "Now nobody is left with a single candidate; in the original 100 %"


def test_the_claims_chart_shows_precision_and_recall():
    # By age: whoever claims among two candidates is right in half of all cases.
    chart = claim_curve(report(plan("By age", "age")))
    assert chart.categories[0] == "up to 2 candidates"
    precision, recall = chart.series
    assert set(precision.values) == {0.5}
    assert set(recall.values) == {0.5}
    assert chart.title == "Claims about people with up to 2 candidates are right in 50.0 % of cases"


def test_the_worst_columns_are_named():
    chart = worst_subsets(report(plan("All", max_known=2)))
    assert chart.categories == ("1: age", "2: age and town")
    (original,) = chart.series
    assert original.texts == ("50.0 %", "100 %")
    assert (
        chart.title == "Whoever knows the worst 2 columns finds 100 % of people with a first guess"
    )
    assert worst_subsets(report(plan("All"))) is None


def test_the_document_tells_every_attack():
    assessment = assess(case(plan("By age", "age"), plan("All", max_known=2), recipe=NO_TOWN))
    overview, *each = attack_sections(assessment)
    (table,) = [block for block in overview.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == [found.name for found in assessment.attacks]
    assert [section.title for section in each] == [f"Attack: {f.name}" for f in assessment.attacks]
    for section, found in zip(each, assessment.attacks, strict=True):
        (figures,) = [block for block in section.blocks if isinstance(block, Table)]
        assert {row[0]: row[1:3] for row in figures.rows} == {
            name: (by["original"], by["now"]) for name, by in texts(found).items()
        }
        assert any(isinstance(block, Chart) for block in section.blocks)


def test_a_document_without_attacks_says_so():
    (section,) = attack_sections(assess(case()))
    assert section.blocks[0].text == NONE


def test_an_assessment_with_attacks_survives_json():
    plans = plan("N", "age", errors=0.25, max_known=1), plan("U", membership="unknown")
    made = assess(case(*plans, recipe=NO_TOWN))
    data = json.loads(json.dumps(made.to_json()))
    again = Assessment.from_json(data)
    assert again.to_json() == data
    assert [attack_sentence(r) for r in again.attacks] == [attack_sentence(r) for r in made.attacks]


@pytest.mark.parametrize(
    "damage",
    [
        lambda attack: attack.update(register="yes"),
        lambda attack: attack.update(name=3),
        lambda attack: attack.pop("settings"),
        lambda attack: attack["settings"].update(known="age"),
        lambda attack: attack["original"].update(targets="many"),
        lambda attack: attack["original"].pop("curve"),
        lambda attack: attack.update(original={"reason": 3}),
    ],
)
def test_a_damaged_attack_is_refused(damage):
    data = json.loads(json.dumps(assess(case(plan("All"))).to_json()))
    damage(data["attacks"][0])
    with pytest.raises(PrivacyToolError):
        Assessment.from_json(data)


def test_a_case_refuses_what_an_attacker_cannot_know():
    with pytest.raises(PrivacyToolError, match="direct identifier"):
        case(plan("N", "name"))
    with pytest.raises(PrivacyToolError, match="Two attacks"):
        case(plan("N"), plan("N"))
    with pytest.raises(PrivacyToolError, match="height"):
        case(plan("N", "height"))


def register():
    table = pd.DataFrame({"who": ["Ann", "Zoe"], "old": ["30", "31"], "place": ["a", "b"]})
    columns = {"who": "name", "old": "age", "place": "town"}
    return Register(table=dataset_from_frame(table, "voters.csv"), columns=columns)


def test_nothing_of_a_register_is_kept():
    made = assess(case(plan("Voters", register=register())))
    (found,) = made.attacks
    assert found.register
    said = json.dumps(made.to_json())
    for canary in ("Zoe", "voters", "old", "place"):
        assert f'"{canary}' not in said
    project = Project(attacks=(plan("Voters", register=register()), plan("Kept")))
    assert [saved["name"] for saved in project.to_json()["attacks"]] == ["Kept"]


def test_a_project_keeps_its_attacks():
    project = Project(attacks=(plan("N", "age", errors=0.1),))
    assert Project.from_bytes(json.dumps(project.to_json()).encode()).attacks == project.attacks


def test_claims_of_a_sample_are_not_told_as_those_of_everybody():
    found = report(plan("All", n_targets=2))
    # Eight people are found if all are looked for; the two who were looked for are claimed.
    assert "finds about 8 people" in attack_sentence(found)
    assert "; 2 of the 2 who were looked for are left with a single" in attack_sentence(found)
    assert "looked for" not in attack_sentence(report(plan("All")))


def test_whom_no_record_fits_is_told_where_the_nearest_are_taken():
    strict = texts(report(plan("N", "age", "ill", errors=0.5)))
    assert strict["Without a candidate"]["original"] != "0 %, estimated"
    assert "Matched with who is nearest" not in strict
    near = texts(report(plan("N", "age", "ill", errors=0.5, nearest=True)))
    assert near["Without a candidate"] == {"original": "0 %, estimated"}
    assert near["Matched with who is nearest"] == strict["Without a candidate"]


def test_every_chart_says_whose_attack_it_is_and_how_it_was_counted():
    exact, noisy = plan("All", max_known=1), plan("N", "age", errors=0.25, max_known=1)
    for one, ends in ((exact, "All, rule-aware. Exact."), (noisy, "; seed 7.")):
        found = report(one, recipe=NO_TOWN, seed=7)
        for chart in (candidate_sizes(found), claim_curve(found), worst_subsets(found)):
            assert chart.note.endswith(ends)
            assert f"{found.name}, rule-aware. E" in chart.note
    assert "Estimated: one draw of errors and people only" in worst_subsets(found).note
    assert "Estimated: percentiles" in claim_curve(found).note


def test_charts_of_the_original_alone_say_so():
    elsewhere = dataset_from_frame(TABLE.drop(columns="name"), "shared.csv")
    found = report(plan("All", max_known=1), elsewhere=elsewhere)
    assert isinstance(found.after, NotComputed)
    charts = [candidate_sizes(found), claim_curve(found), worst_subsets(found)]
    assert all(chart.title.startswith("In the original: ") for chart in charts)
    assert "would be shared" not in charts[2].note
    section = attack_sections(assess(case(plan("All"), elsewhere=elsewhere)))[1]
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert {row[2] for row in table.rows} == {"not carried out"}
    alone = report(plan("All", max_known=1))
    charts = [candidate_sizes(alone), claim_curve(alone), worst_subsets(alone)]
    assert not any("original" in chart.title for chart in charts)
