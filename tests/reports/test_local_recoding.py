"""What becomes of a recipe that generalises group by group in the assessment and the documents."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from microdata.grouping import classes_of
from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.narrative import finding_lines, recipe_lines, uncounted_lines
from reports.project import Project
from transforms.recipe import Recipe, StepContext
from transforms.search import search_local, search_problem
from transforms.steps import Mondrian, SuppressRecords

TOWNS = ("Aford", "Bham", "Cton", "Dbury")
ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "illness": Role.SENSITIVE,
    }
)
K4 = ("k-anonymity=4",)
METHODS = ["rounds", "mondrian", "rounds, then fewer"]


@pytest.fixture(scope="module")
def base():
    ages = [str(20 + (i * i) % 40) for i in range(160)]
    frame = pd.DataFrame(
        {
            "age": ages,
            "town": [TOWNS[i % 7 % 4] for i in range(160)],
            "illness": [("flu", "cold", "gout")[i % 3] for i in range(160)],
        }
    )
    tens = [(str(age), f"{age // 10 * 10}-{age // 10 * 10 + 9}", "*") for age in range(20, 60)]
    regions = [(town, "north" if town < "C" else "south", "*") for town in TOWNS]
    hierarchies = {
        "age": Hierarchy.from_rows("age", tens),
        "town": Hierarchy.from_rows("town", regions),
    }
    return Case(
        dataset=dataset_from_frame(frame, "people.csv"), roles=ROLES, hierarchies=hierarchies
    )


def recipe_of(method, case):
    if method == "mondrian":
        return Recipe(steps=(Mondrian(columns=("age", "town"), require=K4),))
    problem = search_problem(ROLES, require=K4, levels=["age=0..2"])
    recipe = search_local(problem, case.encoded()).recipe
    return (
        recipe.with_step(SuppressRecords(require=("k-anonymity=6",))) if "," in method else recipe
    )


@pytest.fixture(scope="module", params=METHODS)
def found(request, base):
    recipe = recipe_of(request.param, base)
    case = Case(dataset=base.dataset, roles=ROLES, hierarchies=base.hierarchies, recipe=recipe)
    return request.param, case, assess(case)


def test_nothing_is_unknown_that_was_known_before(found):
    method, _, assessment = found
    before, after = (
        stage.to_json()["not_computed"] for stage in (assessment.before, assessment.after)
    )
    fresh = {path for path in set(after) - set(before) if "special_uniques" not in path}
    # Ranges of ages stand at no level of a hierarchy; a level is what these figures are about.
    of_levels = {
        "utility.generalization_intensity",
        "utility.by_column.age.generalization_intensity",
        "utility.raw.precision_loss",
        "utility.raw.non_uniform_entropy_arx",
    }
    assert {path for path in fresh if path.startswith("utility")} == (
        of_levels if method == "mondrian" else set()
    )
    assert not {path for path in fresh if not path.startswith(("utility", "models."))}


def test_figures_are_those_of_the_release(found):
    method, case, assessment = found
    release = case.recipe.apply(Release.original(case.encoded()), StepContext(roles=ROLES))
    classes = classes_of(release, ROLES)
    after = assessment.to_json()["after"]
    assert after["classes"]["count"] == classes.n_classes
    assert after["classes"]["smallest"] == classes.k >= (6 if "," in method else 4)
    assert after["classes"]["suppressed_records"] == release.suppressed_records
    prosecutor = after["reidentification"]["prosecutor"]
    assert prosecutor["average"] == pytest.approx(classes.n_classes / classes.n_records)
    sizes = release.frame().groupby(["age", "town"], observed=True).size()
    assert sizes.min() == classes.k
    assert len(sizes) == classes.n_classes


def test_the_warning_is_told_where_figures_are_read(found):
    _, _, assessment = found
    (line,) = [line for line in finding_lines(assessment) if "different ways" in line]
    assert line.startswith("In the table to be shared")
    assert any(line.startswith("Downcoding: ") for line in uncounted_lines(assessment))
    assert not any("different ways" in finding.message for finding in assessment.before.findings)


def test_assessment_and_project_come_back(found):
    _, case, assessment = found
    again = Assessment.from_json(json.loads(json.dumps(assessment.to_json())))
    assert again.to_json() == assessment.to_json()
    project = Project(recipe=case.recipe)
    assert Project.from_bytes(json.dumps(project.to_json()).encode()).recipe == case.recipe
    assert any("look-alikes" in line for line in recipe_lines(assessment))
