"""Against ARX on Adult; the reference file says where it comes from."""

from __future__ import annotations

import pytest

from microdata.release import Release
from microdata.roles import Roles
from transforms.recipe import Recipe, StepContext

IDS = (
    "A-Q8-k2-s0.05-loss",
    "A-Q8-k2-s1.0-loss",
    "A-Q8-k5-s0-loss",
    "A-Q8-k5-s0.05-loss",
    "A-Q8-k25-s0.05-loss",
    "A-Q8-k50-s0.02-loss",
    "A-Q8-k100-s0.05-loss",
)


@pytest.mark.parametrize("name", IDS)
def test_qualities_agree_with_arx(adult, arx, figures, name):
    reference = next(row for row in arx["k_anonymity"] if row["id"] == name)
    levels = reference["transformation"]
    k = reference["models"][0].removeprefix("k:")
    recipe = Recipe.from_json(
        {
            "version": 1,
            "steps": [
                {"step": "generalize", "levels": levels},
                {"step": "suppress_records", "require": [f"k-anonymity={k}"]},
            ],
        }
    )
    roles = Roles.from_json({"quasi_identifiers": list(levels), "sensitive": ["salary-class"]})
    release = recipe.apply(Release.original(adult), StepContext(roles=roles))
    found = figures(release, list(levels), ["salary-class"])
    quality = reference["quality"]
    for measure in ("granularity", "generalization_intensity"):
        expected = quality[measure]["arithmetic_mean"]
        assert found[measure].value == pytest.approx(expected, abs=1e-9)
        for column, value in quality[measure]["by_attribute"].items():
            path = f"by_column.{column}.{measure}"
            assert found[path].value == pytest.approx(value, abs=1e-9), path
    for measure in ("discernibility", "average_class_size", "ambiguity"):
        assert found[measure].value == pytest.approx(quality[measure], abs=1e-9), measure
    assert found["raw.non_uniform_entropy_arx"].value == pytest.approx(
        quality["non_uniform_entropy"]["arithmetic_mean"], abs=1e-9
    )
    missings = quality["missings"]["arithmetic_mean"]
    assert found["suppression.cells"].value == pytest.approx(missings, abs=1e-9)


def test_the_release_that_the_methods_quote(adult, figures):
    levels = {"sex": 0, "age": 3, "race": 0, "marital-status": 0, "education": 1}
    levels |= {"native-country": 1, "workclass": 1, "occupation": 2}
    recipe = Recipe.from_json(
        {
            "version": 1,
            "steps": [
                {"step": "generalize", "levels": levels},
                {"step": "suppress_records", "require": ["k-anonymity=5"]},
            ],
        }
    )
    roles = Roles.from_json({"quasi_identifiers": list(levels)})
    found = figures(recipe.apply(Release.original(adult), StepContext(roles=roles)), list(levels))
    assert found["granularity"].value == pytest.approx(0.69999, abs=1e-5)
    assert found["raw.mean_share"].value == pytest.approx(0.3994, abs=5e-5)
    assert found["raw.gcp"].value == pytest.approx(0.2992, abs=5e-5)
    assert found["raw.iyengar"].value == pytest.approx(0.2795, abs=5e-5)
