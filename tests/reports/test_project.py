import json

import pytest

from microdata.errors import PrivacyToolError
from reports.project import Project, read_answers


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "abc"},
        {"seed": True},
        {"population_size": "5"},
        {"policy": "policies/other.json"},
        {"policy": ["k5"]},
        {"roles": []},
    ],
)
def test_a_project_of_another_type_or_with_a_path_is_refused(change):
    data = Project().to_json()
    assert Project.from_bytes(json.dumps(data).encode()) == Project()
    with pytest.raises(PrivacyToolError):
        Project.from_bytes(json.dumps(data | change).encode())


def test_a_project_that_nests_too_deep_is_refused():
    with pytest.raises(PrivacyToolError, match="not a project file"):
        Project.from_bytes(b"[" * 200_000)


@pytest.mark.parametrize("severity", [True, 1.0, 5, "1", [1]])
def test_a_severity_is_one_of_four_whole_numbers(severity):
    with pytest.raises(PrivacyToolError, match="severity"):
        read_answers({"severity": severity})


@pytest.mark.parametrize("given", [{"a": "maybe"}, {"a": []}, ["yes"], "yes"])
def test_what_a_person_attests_is_yes_or_no(given):
    assert read_answers({"attested": {"a": "yes", "b": "no"}})["attested"]["b"] == "no"
    with pytest.raises(PrivacyToolError, match="attested"):
        read_answers({"attested": given})
