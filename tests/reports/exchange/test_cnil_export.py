import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from microdata.measure import Estimate
from reports.exchange.cnil_export import cnil_bytes, cnil_json
from reports.exchange.rich_text import plain_of, untag
from reports.questionnaire import BY_KEY

SCHEMA = Path(__file__).resolve().parents[3] / "../shared/reference/cnil_pia_export.schema.json"
FIVE = ["pia", "answers", "measures", "evaluations", "comments"]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def by_reference(data):
    return {answer["reference_to"]: answer["data"] for answer in data["answers"]}


def with_answers(assessment, **answers):
    return replace(assessment, answers=dict(assessment.answers) | answers)


@pytest.fixture(params=["answered", "unanswered_original", "hostile"])
def exported(request):
    return json.loads(cnil_bytes(request.getfixturevalue(request.param)))


def test_their_schema_holds(exported):
    if not SCHEMA.exists():
        pytest.skip("the reference schema is not beside this checkout")
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(exported)


def test_the_shape_that_their_import_needs(exported):
    assert list(exported) == FIVE
    assert all(isinstance(exported[name], list) for name in FIVE[1:])
    assert exported["pia"]["name"]
    references = [answer["reference_to"] for answer in exported["answers"]]
    assert len(set(references)) == len(references)
    first_digits = {number // 10 for number in references}
    assert first_digits <= {11, 12, 21, 22, 32, 33, 34}
    for answer in exported["answers"]:
        assert set(answer["data"]) == {"text", "gauge", "list"}
        assert answer["data"]["gauge"] in {None, 0, 1, 2, 3, 4}
        assert all(isinstance(item, str) for item in answer["data"]["list"])
    for evaluation in exported["evaluations"]:
        assert evaluation["reference_to"].startswith("3.")  # a text, or their import stops
    ids = [measure["id"] for measure in exported["measures"]]
    assert ids == list(range(1, len(ids) + 1))
    titles = [measure["title"] for measure in exported["measures"]]
    assert len(set(titles)) == len(titles)
    named = {t for a in exported["answers"] if a["reference_to"] in {324, 334, 344}
             for t in a["data"]["list"]}  # fmt: skip
    assert named == set(titles)
    for record in [exported["pia"], *(one for name in FIVE[1:] for one in exported[name])]:
        assert TIME.fullmatch(record["created_at"])


def test_every_answer_stands_at_its_place(answered):
    data = cnil_json(answered)
    said = {number: plain_of(one["text"] or "") for number, one in by_reference(data).items()}
    places = {
        111: ("A named partner", "A university", "2024", "Records: 160; columns: 3"),
        112: ("The hospital",),
        113: ("Class size 5",),
        121: ("age: quasi-identifier", "illness: sensitive"),
        122: ("age",),
        211: ("Teaching of statistics",),
        212: ("A public task", "Article 4"),
        213: ("age: The outcome depends on it", "A table of counts", "Students learn"),
        214: ("Detail kept",),
        215: ("On a server",),
        **dict.fromkeys(range(221, 226), ("By mail to the officer",)),
        226: ("none",),
        227: ("Yes", "Norway, adequacy"),
    }
    for number, words in places.items():
        for word in words:
            assert word in said[number], number
    assert set(said) == {*places, 123, *range(321, 327), 331, *range(333, 337), *range(344, 347)}


def test_levels_before_and_after(answered):
    data, pia = cnil_json(answered), answered.pia
    said = by_reference(data)
    assert said[325]["gauge"] == pia["severity"] == 3
    assert said[326]["gauge"] == pia["inherent"]["likelihood"] == 4  # the canaries are alone
    remaining = {one["reference_to"]: one for one in data["evaluations"]}
    assert remaining["3.2"]["gauges"] == {"x": 3, "y": pia["likelihood"]}
    assert pia["likelihood"] < 4
    assert remaining["3.3"]["gauges"] == {"x": 2, "y": 1}
    assert "3.4" not in remaining  # nobody judged what remains of a loss


def test_the_action_plan_of_illegitimate_access(answered):
    [evaluation] = [e for e in cnil_json(answered)["evaluations"] if e["reference_to"] == "3.2"]
    plan = plain_of(evaluation["action_plan_comment"])
    for word in ("Sign the contract", "Legal unit", "Being done", "A new recipient", "Train"):
        assert word in plan
    assert evaluation["person_in_charge"] == "Legal unit; The partner"
    assert evaluation["estimated_implementation_date"] == "2026-05-01T00:00:00.000Z"
    assert "No copy" in plain_of(evaluation["evaluation_comment"])


def test_change_and_loss_are_never_invented(unanswered_original):
    references = set(by_reference(cnil_json(unanswered_original)))
    assert not {n for n in references if n >= 330}
    assert not {211, 212, 215, *range(221, 228)} & references
    assert cnil_json(unanswered_original)["measures"] == []


def test_measures_of_one_title_are_numbered(answered):
    data = cnil_json(answered)
    titles = [untag(measure["title"]) for measure in data["measures"]]
    assert len([t for t in titles if t.startswith("Contract")]) == 2
    assert {"Contract", "Contract (2)"} <= set(titles)
    assert by_reference(data)[334]["list"] == ["Wrong change: What is done against it"]


@pytest.mark.parametrize(
    ("decision", "status"),
    [("approved", 2), ("conditional", 2), ("rejected", 1), ("consultation", 0)],
)
def test_the_status_follows_the_decision(answered, decision, status):
    decided = dict(answered.answers["decision"]) | {"outcome": decision}
    assert cnil_json(with_answers(answered, decision=decided))["pia"]["status"] == status
    # Without the advice of the officer nothing is decided.
    assert cnil_json(with_answers(answered, decision=decided, dpo={}))["pia"]["status"] == 0


def test_the_officer_and_the_people(answered):
    pia = cnil_json(answered)["pia"]
    assert (pia["dpos_names"], pia["dpo_status"]) == ("D. Officer", 1)
    assert pia["dpo_opinion"].startswith("Keep it to one partner")
    assert "One partner only" in pia["dpo_opinion"]
    assert pia["concerned_people_searched_opinion"] is False
    assert pia["concerned_people_searched_content"] == "They left years ago"
    assert pia["concerned_people_opinion"] == ""
    assert pia["concerned_people_status"] is None
    asked = {"asked": "yes", "opinion": "should_not", "said": "No", "who": "Council"}
    pia = cnil_json(with_answers(answered, people=asked))["pia"]
    assert (pia["people_names"], pia["concerned_people_status"]) == ("Council", 0)
    assert pia["concerned_people_opinion"] == "No"


def test_nothing_of_a_user_is_markup(hostile):
    text = cnil_bytes(hostile).decode("utf-8")
    tags = set(re.findall(r"<(/?[^<> ]*)", text))
    assert tags <= {"h3", "/h3", "p", "/p", "br"}
    assert "alert(1)" in text  # escaped, not dropped


@pytest.mark.parametrize("name", ["answered", "unanswered_original", "attacked"])
def test_no_folder_and_no_rare_value_leaves(request, canaries, name):
    assessment = request.getfixturevalue(name)
    text = cnil_bytes(assessment).decode("utf-8")
    assert "illness" in text  # the search looks at what is read
    assert not [value for value in (*canaries, "jdoe", "/home") if value in text]


def test_without_a_title_the_file_gives_the_name(answered):
    untitled = cnil_json(with_answers(answered, title=""))
    assert untitled["pia"]["name"] == "Privacy impact assessment of people.csv"


def test_a_saved_time_that_is_none_does_not_stop_the_export(answered):
    data = cnil_json(replace(answered, made_at="yesterday"))
    assert data["pia"]["created_at"] is None


def test_a_step_of_the_recipe_is_a_measure_each(answered):
    titles = [untag(measure["title"]) for measure in cnil_json(answered)["measures"]]
    assert len(answered.recipe_text) == 2
    assert titles[:2] == [" ".join(step.split())[:200] for step in answered.recipe_text]


def test_the_words_are_ours(answered):
    # The headings are the names of our questions, and two words of our own.
    headings = set(re.findall(r"<h3>(.*?)</h3>", cnil_bytes(answered).decode("utf-8")))
    fields = {part.name for one in BY_KEY.values() for part in one.fields}
    ours = {question.name for question in BY_KEY.values()} | fields
    assert headings <= ours | {"From the assessment", "Step of the recipe"}


def test_an_attacker_of_a_scenario_counts_there_as_in_the_report(attacked):
    (result,) = attacked.scenarios
    hidden = {
        ("classes", "smallest"): Estimate(value=20),
        ("models", "l-diversity", "illness", "distinct"): Estimate(value=3),
    }
    before = replace(attacked.before, figures={**attacked.before.figures, **hidden})
    for risk, level in ((1.0, 4), (0.01, 2)):
        made = replace(attacked, before=before, scenarios=(replace(result, before=risk),))
        made = with_answers(made, audience="public")
        gauge = by_reference(cnil_json(made))[326]["gauge"]
        assert gauge == made.pia["inherent"]["likelihood"] == level
