import copy
import json

import jsonschema
import pytest

from reports.assessment import Assessment
from reports.exchange.cnil_export import cnil_json
from reports.exchange.schema import assessment_schema
from reports.questionnaire import ATTESTED, BY_KEY


@pytest.fixture(scope="session")
def validator():
    schema = assessment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def saved(assessment):
    return json.loads(json.dumps(assessment.to_json(), default=list, allow_nan=False))


def complaints(validator, data):
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize("name", ["unanswered_original", "answered", "attacked", "hostile"])
def test_a_saved_assessment_is_valid_and_can_be_read(request, validator, name):
    data = saved(request.getfixturevalue(name))
    assert not complaints(validator, data)
    assert Assessment.from_json(data)


def test_the_assessments_fill_every_part_of_the_schema(attacked):
    data = saved(attacked)
    required = assessment_schema()["properties"]
    assert set(data) == set(required)
    for part in (
        "attacks",
        "scenarios",
        "second_opinion",
        "alternatives",
        "detected",
        "verdicts",
        "attributes",
    ):
        assert data[part], part
    assert data["after"]["obtained"]
    assert data["after"]["not_computed"]


def test_the_versions_that_were_tried_stand_where_the_data_is_kept_small(attacked):
    [said] = [a["data"]["text"] for a in cnil_json(attacked)["answers"] if a["reference_to"] == 213]
    assert "“finer”: the smallest group would hold 1" in said
    assert "“none such”: not measured" in said


def test_without_a_key_it_is_not_valid(validator, answered):
    data = saved(answered)
    for key in set(data) - {"after"}:
        less = {name: value for name, value in data.items() if name != key}
        assert complaints(validator, less), key
    without_release = {name: value for name, value in data.items() if name != "after"}
    assert not complaints(validator, without_release)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("unknown",), 1),
        (("dataset", "records"), "160"),
        (("dataset", "unknown"), 1),
        (("attributes", 0, "distinct"), None),
        (("roles", "sensitive"), "illness"),
        (("before", "classes", "sizes"), {"one": 1}),
        (("before", "not_computed"), []),
        (("before", "models", "k-anonymity"), [1]),
        (("overall",), "fine"),
        (("pia", "cell"), "blue"),
        (("register", 0, "residual"), "blue"),
        (("answers", "severity"), 5),
        (("answers", "severity"), True),
        (("answers", "unknown"), "x"),
        (("answers", "measures"), [{"unknown": "x"}]),
        (("verdicts", 0, "verdict"), "nearly"),
    ],
)
def test_a_part_of_another_kind_is_not_valid(validator, answered, path, wrong):
    data = copy.deepcopy(saved(answered))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    assert complaints(validator, data)


def test_the_answers_of_the_schema_are_the_questions():
    answers = assessment_schema()["$defs"]["answers"]["properties"]
    assert set(answers) == {*BY_KEY, ATTESTED}
    for key, question in BY_KEY.items():
        said = answers[key]
        if question.kind == "choice":
            assert said["enum"] == list(question.options), key
        elif question.kind == "several":
            assert said["items"]["enum"] == list(question.options), key
        elif question.kind in {"record", "list"}:
            record = said if question.kind == "record" else said["items"]
            assert set(record["properties"]) == {part.key for part in question.fields}, key
            for part in question.fields:
                if part.kind == "choice":
                    assert record["properties"][part.key]["enum"] == list(part.options)


def test_a_schema_that_somebody_changed_is_not_the_next_ones():
    assessment_schema()["properties"].clear()
    assert assessment_schema()["properties"]
