import json
import math

import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, Finding, NotComputed
from reports.stage import Bin, Stage

STAGE = Stage(
    figures={
        ("classes", "smallest"): Estimate(value=1),
        ("models", "t-closeness", "a.b", "equal"): Estimate(value=0.25, caveats=("One.",)),
        ("models", "delta", "s", "ln"): Estimate(value=math.inf),
        ("uniqueness", "population"): NotComputed(reason="No population was given."),
        ("individual", "r"): Estimate(
            value=0.2, low=0.1, high=0.4, method="estimator", attacker="journalist", seed=3
        ),
    },
    sizes={1: 3, 12: 1},
    findings=(Finding(code="x", severity="warning", message="Look."),),
    distributions={"age": (Bin(label="20-29", before=5, after=7),)},
    labels={("individual", "method"): "infinite"},
)


def test_a_stage_survives_json_without_loss():
    text = json.dumps(STAGE.to_json(), allow_nan=False)
    assert Stage.from_json(json.loads(text)) == STAGE


def test_infinity_is_a_word_and_what_cannot_be_computed_is_null_with_a_reason():
    data = STAGE.to_json()
    assert data["models"]["delta"]["s"]["ln"] == "infinite"
    assert data["uniqueness"]["population"] is None
    assert data["not_computed"] == {"uniqueness.population": "No population was given."}
    assert data["classes"]["sizes"] == {"1": 3, "12": 1}


def test_a_figure_that_nobody_computed_says_so():
    assert isinstance(STAGE.figure("no", "such"), NotComputed)
    assert STAGE.value("uniqueness", "population") is None


def test_a_word_stands_among_the_figures_and_is_none_of_them():
    data = STAGE.to_json()
    assert data["individual"] == {"r": 0.2, "method": "infinite"}
    assert ("individual", "method") not in Stage.from_json(data).figures


def test_a_null_without_a_reason_is_refused():
    data = STAGE.to_json()
    data["not_computed"] = {}
    with pytest.raises(PrivacyToolError, match="changed after it was written"):
        Stage.from_json(data)


def test_nan_is_never_a_figure():
    with pytest.raises(ValueError, match="NotComputed"):
        Estimate(value=math.nan)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("classes", "smallest"), "one"),
        (("classes", "smallest"), True),
        (("classes", "smallest"), math.inf),
        (("classes", "sizes", "12"), [1]),
        (("not_computed", "uniqueness.population"), ["No"]),
        (("obtained", "individual.r", "low"), "x"),
        (("obtained", "individual.r", "caveats"), "x"),
        (("distributions", "age"), [[3, 5, 7]]),
        (("distributions", "age"), [["20-29", "5", 7]]),
        (("findings",), [{"code": "x", "severity": "warning", "message": 3}]),
    ],
)
def test_a_saved_part_of_another_type_is_refused(path, value):
    data = json.loads(json.dumps(STAGE.to_json()))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises((PrivacyToolError, TypeError)):
        Stage.from_json(data)
