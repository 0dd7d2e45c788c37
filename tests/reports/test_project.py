import json

import pytest

from microdata.errors import PrivacyToolError
from reports.project import Project, check_saved
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn

HOSTILE = "<img src=x onerror=alert(1)> \u202e \ud800"


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "abc"},
        {"seed": True},
        {"population_size": "5"},
        {"policy": "policies/other.json"},
        {"policy": ["k5"]},
        {"roles": []},
        {"saved": {}},
        {"saved": ["a"]},
        {"saved": [{"name": 1, "recipe": {"version": 1, "steps": []}}]},
        {"saved": [{"name": " ", "recipe": {"version": 1, "steps": []}}]},
        {"saved": [{"name": "a"}]},
        {"saved": [{"name": "a", "recipe": {"version": 1, "steps": []}}] * 2},
        {"saved": [{"name": "a", "recipe": {"version": 1, "steps": []}, "path": "x"}]},
    ],
)
def test_a_project_of_another_type_or_with_a_path_is_refused(change):
    data = Project().to_json()
    assert Project.from_bytes(json.dumps(data).encode()) == Project()
    with pytest.raises(PrivacyToolError):
        Project.from_bytes(json.dumps(data | change).encode())


def test_named_versions_come_back_and_are_optional():
    saved = ((HOSTILE, Recipe(steps=(DropColumn(columns=("a",)),))), ("", Recipe()))
    project = Project(saved=(saved[0], ("b", Recipe())))
    assert Project.from_bytes(json.dumps(project.to_json()).encode()) == project
    old = project.to_json()
    del old["saved"]
    assert Project.from_bytes(json.dumps(old).encode()).saved == ()
    with pytest.raises(PrivacyToolError, match="has no name"):
        check_saved(saved)


def test_a_project_that_nests_too_deep_is_refused():
    with pytest.raises(PrivacyToolError, match="not a project file"):
        Project.from_bytes(b"[" * 200_000)
