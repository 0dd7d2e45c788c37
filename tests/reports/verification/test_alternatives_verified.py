import json

import pytest

from microdata.errors import PrivacyToolError
from reports.alternatives import MOST
from reports.assessment import assess
from reports.verification import verify
from transforms.recipe import Recipe

COARSE = {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 2}}]}
GONE = {"version": 1, "steps": [{"step": "generalize", "levels": {"height": 1}}]}
HIDDEN = {"version": 1, "steps": [{"step": "pseudonymize", "columns": ["town"], "length": 8}]}


@pytest.fixture(scope="module")
def tried(case):
    named = (("Coarse", COARSE), ("Does not fit", GONE), ("Hidden", HIDDEN))
    more = tuple((f"v{i}", Recipe()) for i in range(MOST))
    versions = tuple((name, Recipe.from_json(recipe)) for name, recipe in named)
    return assess(case(alternatives=versions + more, attacks=()))


@pytest.mark.usefixtures("quick")
def test_what_was_tried_is_recomputed_and_holds(tried, attached, material, beyond):
    found = verify(attached(tried), material())
    assert found.holds, found.describe()
    assert beyond(found) == {}


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (0, ("alternatives", "Coarse", "smallest")),
        (0, ("alternatives", "Coarse", "granularity")),
        (2, ("alternatives", "Hidden", "below")),
        (3, ("alternatives", "v0", "people")),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_changed_figure_of_a_version_is_found(tried, attached, material, number, place):
    def change(data):
        data["alternatives"][number][place[-1]] += 1

    (difference,) = verify(attached(tried, change=change), material()).differences
    assert difference.place == place


@pytest.mark.usefixtures("quick")
def test_a_version_that_was_not_measured_cannot_be_given_figures(tried, attached, material):
    def change(data):
        data["alternatives"][1] |= {"smallest": 20, "people": 60, "reason": ""}

    found = verify(attached(tried, change=change), material())
    assert {difference.place[1] for difference in found.differences} == {"Does not fit"}


@pytest.mark.parametrize("damage", [{"recipe": None}, {"recipe": "x"}, {"name": 3}])
@pytest.mark.usefixtures("quick")
def test_a_damaged_version_is_told_as_damage(tried, attached, material, damage):
    def change(data):
        data["alternatives"][0] |= damage

    with pytest.raises(PrivacyToolError):
        verify(attached(tried, change=change), material())


def test_the_versions_bring_no_value_of_the_table_into_the_report(tried):
    assert "Zyxwvutown" not in json.dumps(tried.to_json()["alternatives"])
