import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.population import Population
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.measuring import evaluate
from risk.policy import load_policy
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
ADULT = ROOT / "../shared/data/adult"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
QI = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
)
RECIPE = {
    "version": 1,
    "steps": [
        {
            "step": "generalize",
            "levels": {"age": 3, "education": 1, "native-country": 1, "workclass": 1}
            | {"occupation": 2},
        },
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ],
}
adult_only = pytest.mark.skipif(
    not ADULT.exists(), reason="the Adult table is not part of the project"
)


@pytest.fixture(scope="module")
def adult():
    dataset = read_dataset((ADULT / "adult.csv").read_bytes(), "adult.csv")
    roles = Roles(
        by_column=dict.fromkeys(QI, Role.QUASI_IDENTIFIER) | {"salary-class": Role.SENSITIVE}
    )
    case = Case(
        dataset=dataset,
        roles=roles,
        recipe=Recipe.from_json(RECIPE),
        hierarchies=read_hierarchies(ADULT, dataset.column_names),
        policy=load_policy("k5"),
    )
    return case, assess(case, now=NOW)


def small(copies=1, **changes):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "age": rng.integers(20, 26, 60).astype(str),
            "sex": rng.choice(["f", "m"], 60),
            "ill": rng.choice(["flu", "cold", "none"], 60),
        }
    )
    frame = pd.concat([frame] * copies, ignore_index=True)
    roles = Roles(
        by_column={
            "age": Role.QUASI_IDENTIFIER,
            "sex": Role.QUASI_IDENTIFIER,
            "ill": Role.SENSITIVE,
        }
    )
    values = {"dataset": dataset_from_frame(frame, "small.csv"), "roles": roles}
    return Case(**values | {"policy": load_policy("k5")} | changes)


@adult_only
def test_adult_raw_gives_the_figures_of_arx(adult):
    before = adult[1].before
    assert before.value("classes", "count") == 18109
    assert before.sizes[1] == 14021
    assert before.value("reidentification", "prosecutor", "average") == pytest.approx(
        0.6003912207413301, abs=1e-15
    )
    assert before.value("reidentification", "prosecutor", "at_risk", "0.2") == pytest.approx(
        0.728632053577349, abs=1e-15
    )
    assert before.value("uniqueness", "sample") == pytest.approx(14021 / 30162)


@adult_only
def test_adult_generalised_gives_the_release_of_arx(adult):
    after = adult[1].after
    assert after.value("classes", "suppressed_records") == 1458
    assert after.value("classes", "count") == 399
    assert after.value("classes", "smallest") == 5
    assert after.value("reidentification", "prosecutor", "average") == pytest.approx(
        0.01390, abs=5e-6
    )
    assert after.value("utility", "granularity") == pytest.approx(0.69999, abs=1e-5)
    assert {v.verdict for v in adult[1].verdicts} == {"met"}


@adult_only
def test_an_assessment_survives_json_and_the_same_case_gives_the_same_bytes(adult):
    case, assessment = adult
    text = json.dumps(assessment.to_json(), allow_nan=False)
    assert Assessment.from_json(json.loads(text)).to_json() == assessment.to_json()
    assert json.dumps(assess(case, now=NOW).to_json()) == text


@adult_only
def test_no_value_below_the_threshold_is_in_the_json(adult):
    case, assessment = adult
    text = json.dumps(assessment.to_json()["after"]) + json.dumps(assessment.to_json()["before"])
    rare = [
        (column, value)
        for column in QI
        for value, n in case.dataset.frame[column].value_counts().items()
        if n < 5 and not value.isdigit()
    ]
    assert rare, "Adult holds rare values, or this test checks nothing"
    for _, value in rare:
        assert f'"{value}"' not in text


def invariants(stage):
    keep = ("models", "l-diversity"), ("models", "t-closeness"), ("utility", "granularity")
    keep += (("utility", "discernibility"), ("utility", "non_uniform_entropy"))
    return {
        path: figure.value
        for path, figure in stage.figures.items()
        if path[:2] in keep and hasattr(figure, "value")
    }


def test_replicating_every_row_100_times_changes_only_what_follows_by_formula():
    recipe = Recipe.from_json(
        {"version": 1, "steps": [{"step": "drop_column", "columns": ["sex"]}]}
    )
    one, hundred = (assess(small(copies, recipe=recipe)) for copies in (1, 100))
    for a, b in ((one.before, hundred.before), (one.after, hundred.after)):
        assert invariants(a), "there are figures to compare"
        assert invariants(b) == pytest.approx(invariants(a), rel=1e-12)
        assert b.sizes == {100 * size: number for size, number in a.sizes.items()}
        assert b.value("classes", "count") == a.value("classes", "count")
        for figure in ("highest", "average", "lowest"):
            risk = a.value("reidentification", "prosecutor", figure)
            assert b.value("reidentification", "prosecutor", figure) == pytest.approx(risk / 100)
        assert b.value("uniqueness", "sample") == 0


def test_figures_computed_on_every_move_equal_the_full_assessment():
    from reports.measuring import INTERACTIVE

    case = small()
    stage = evaluate(case.context(case.release(case.encoded()) or _original(case)), threshold=5)
    quick = evaluate(case.context(_original(case)), threshold=5, measures=INTERACTIVE)
    wanted = {path for path in quick.figures if hasattr(quick.figures[path], "value")}
    assert wanted
    assert {p: stage.figures[p] for p in wanted} == {p: quick.figures[p] for p in wanted}


def _original(case):
    from microdata.release import Release

    return Release.original(case.encoded())


def test_a_release_made_elsewhere_is_compared_with_its_original():
    frame = pd.DataFrame({"age": ["20-22", "23-25"] * 25, "sex": ["*"] * 50, "ill": ["flu"] * 50})
    made = assess(small(elsewhere=dataset_from_frame(frame, "made.csv")))
    assert made.elsewhere == "made.csv"
    assert made.after.value("classes", "suppressed_records") == 10
    assert made.after.value("classes", "smallest") == 25
    assert 0 < made.after.value("utility", "granularity") < 1


def test_a_recipe_and_a_foreign_release_are_not_taken_together():
    with pytest.raises(PrivacyToolError, match="not both"):
        small(recipe=Recipe(), elsewhere=small().dataset)


def test_without_quasi_identifiers_nothing_is_measured():
    with pytest.raises(PrivacyToolError, match="No column is marked"):
        assess(small(roles=Roles(by_column={})))


def test_a_population_of_a_stated_size_is_an_estimate_and_says_so():
    made = assess(small(population=Population(size=6000)))
    figure = made.before.figure("reidentification", "journalist_estimated", "average")
    assert not figure.exact
    assert "6,000" in made.population
    upper = made.before.value("reidentification", "journalist", "average")
    assert figure.value < upper == made.before.value("reidentification", "prosecutor", "average")


def test_what_this_version_lacks_is_null_with_a_reason():
    data = assess(small()).to_json()["before"]
    assert data["models"]["k-map"] is None
    assert data["not_computed"]["models.k-map"]


def test_everything_suppressed_is_not_computed_and_never_zero_risk():
    recipe = {"version": 1, "steps": [{"step": "suppress_records", "require": ["k-anonymity=61"]}]}
    made = assess(small(recipe=Recipe.from_json(recipe)))
    assert made.after.value("classes", "suppressed_records") == 60
    assert made.after.value("reidentification", "prosecutor", "highest") is None
    assert made.overall != "acceptable on the computed evidence"


def _saved():
    return json.loads(json.dumps(assess(small(policy=load_policy("k20"))).to_json()))


def test_a_saved_verdict_that_does_not_follow_from_the_figures_is_refused():
    data = _saved()
    assert Assessment.from_json(data).to_json() == data
    data["verdicts"][0]["verdict"] = "met" if data["verdicts"][0]["verdict"] != "met" else "not met"
    with pytest.raises(PrivacyToolError, match="do not follow"):
        Assessment.from_json(data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("answers",), {"title": 3}),
        (("attributes", 0, "name"), 3),
        (("dataset", "records"), "many"),
        (("recipe_text",), "one text"),
        (("before", "classes", "sizes"), {"one": 1}),
        (("population",), None),
        (("versions",), {"python": 3}),
    ],
)
def test_a_saved_assessment_with_another_type_is_refused(path, value):
    data = _saved()
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(PrivacyToolError):
        Assessment.from_json(data)


def test_closeness_of_a_foreign_release_is_to_everybody_in_the_original():
    case = small()
    frame = case.dataset.frame.astype(object)
    name = case.roles.sensitive[0]
    kept = frame[frame[name] == frame[name].iloc[0]]
    share = len(kept) / len(frame)
    assert 0 < share < 1
    made = assess(small(elsewhere=dataset_from_frame(kept, "made.csv"))).after
    for distance in ("equal", "ordered"):
        assert made.value("models", "t-closeness", name, distance) > 0
    assert made.value("models", "t-closeness", name, "equal") == pytest.approx(1 - share)


def test_closeness_of_labels_without_a_meaning_is_not_computed():
    case = small()
    name = case.roles.sensitive[0]
    frame = case.dataset.frame.astype(object).assign(**{name: "XX"})
    made = assess(small(elsewhere=dataset_from_frame(frame, "made.csv"))).after
    assert "do not say" in made.figure("models", "t-closeness", name, "equal").reason


def test_a_foreign_release_without_the_person_column_is_refused():
    case = small()
    frame = case.dataset.frame.astype(object)
    number = frame.assign(pid=[str(i // 2) for i in range(len(frame))])
    roles = Roles(by_column={**case.roles.by_column, "pid": Role.PERSON})
    with pytest.raises(PrivacyToolError, match="'pid'"):
        assess(
            small(
                dataset=dataset_from_frame(number, "people.csv"),
                roles=roles,
                elsewhere=dataset_from_frame(frame, "made.csv"),
            )
        )
