"""What an assessment says of a release in which single cells were emptied."""

from __future__ import annotations

import pandas as pd
import pytest

from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from transforms.recipe import Recipe
from transforms.steps import SuppressCells


@pytest.fixture(scope="module", params=["own", "wildcard"])
def assessed(request):
    ages = [str(age) for age in (*[30] * 4, 31, 32, *[40] * 4, 41, 42)]
    columns = {"sex": list("ffffffmmmmmm"), "age": ages, "ill": list("ababababaabb")}
    roles = {"sex": Role.QUASI_IDENTIFIER, "age": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE}
    case = Case(
        dataset=dataset_from_frame(pd.DataFrame(columns, dtype="object"), "twelve.csv"),
        roles=Roles(by_column=roles),
        recipe=Recipe(steps=(SuppressCells(k=3, missing=request.param),)),
    )
    return request.param, assess(case)


def test_k_stands_under_the_rule_under_which_it_was_reached(assessed):
    rule, assessment = assessed
    after = assessment.to_json()["after"]
    assert after["missing_as_wildcard"]["smallest"] >= 3
    assert (after["models"]["k-anonymity"] >= 3) == (rule == "own")


def test_where_the_two_rules_differ_a_warning_says_which_one_verdicts_use(assessed):
    _, assessment = assessed
    found = {finding.code: finding for finding in assessment.after.findings}
    warning = found["missing-rule-matters"]
    assert warning.severity == "warning"
    assert "Verdicts use the first" in warning.message


def test_the_cells_count_as_lost_detail_and_nothing_is_left_uncomputed(assessed):
    _, assessment = assessed
    before, after = (assessment.to_json()[stage] for stage in ("before", "after"))
    assert after["utility"]["granularity"] < before["utility"]["granularity"]
    assert after["classes"]["suppressed_records"] == 0
    new = set(after["not_computed"]) - set(before["not_computed"])
    # Nobody stands out any more, so no column can have a part in it.
    assert all(path.startswith("special_uniques.contribution") for path in new)
