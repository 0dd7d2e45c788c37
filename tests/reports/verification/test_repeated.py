import importlib.util
from dataclasses import replace

import pytest

from microdata.measure import Estimate
from microdata.readers import dataset_from_frame
from reports import repeated
from reports.assessment import assess
from reports.repeated import on_demand_of
from reports.verification import verify
from risk.second_opinion import Comparison
from utility import on_demand_measures

K = ("second_opinion", "models", "k-anonymity")


@pytest.fixture(scope="module")
def told(case):
    pytest.importorskip("pycanon", reason="the second opinion needs pycanon")
    made = assess(case(attacks=()), second_opinion=True)
    assert {comparison.verdict for comparison in made.second_opinion} >= {"agrees"}
    return made


@pytest.fixture
def without_pycanon(monkeypatch):
    """Let the second opinion find that pycanon is not there."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pycanon" else find(name)
    )


def unanswered(made):
    """The report as a computer without pycanon would have made it."""
    why = "Not comparable, because the second opinion is not available."
    alone = [
        Comparison(
            figure=told.figure,
            ours=told.ours if told.reported is None else told.reported,
            theirs=None,
            verdict="not comparable",
            why=why,
        )
        for told in made.second_opinion
    ]
    return replace(made, second_opinion=tuple(alone))


def opinion_of(found):
    return [part for part in found.not_checked if part.what == "the second opinion"]


@pytest.mark.usefixtures("quick")
def test_a_second_opinion_is_asked_for_again_and_holds(told, attached, material, beyond):
    found = verify(attached(told), material())
    assert found.holds, found.describe()
    assert beyond(found) == {}
    without = verify(attached(replace(told, second_opinion=())), material())
    assert found.figures > without.figures
    assert found.statements >= without.statements + 2 * len(told.second_opinion)


@pytest.mark.usefixtures("quick")
def test_every_changed_part_of_it_is_found(told, attached, material):
    changes = {
        "theirs": 99.0,
        "ours": 99.0,
        "verdict": "differs",
        "why": "The king says so.",
        "reported": 99.0,
    }
    for key, value in changes.items():

        def change(data, key=key, value=value):
            data["second_opinion"][0][key] = value

        (difference,) = verify(attached(told, change=change), material()).differences
        assert difference.place == (*K, key)
        assert difference.name.endswith(f"(second opinion: {key})")
        assert "king" not in difference.said


@pytest.mark.usefixtures("quick")
def test_a_figure_that_is_told_twice_does_not_hide_the_first(told, attached, material):
    def change(data):
        first = data["second_opinion"][0]
        data["second_opinion"] = [{**first, "theirs": 99.0}, *data["second_opinion"], first]

    found = verify(attached(told, change=change), material())
    assert (*K, "theirs") in {difference.place for difference in found.differences}
    assert (*K, "(3)", "ours") in {difference.place for difference in found.differences}


@pytest.mark.usefixtures("quick")
def test_an_opinion_on_a_figure_that_nobody_was_asked_for_does_not_hold(told, attached, material):
    def change(data):
        data["second_opinion"].append({**data["second_opinion"][0], "figure": ["models", "king"]})

    found = verify(attached(told, change=change), material())
    assert {difference.place[2] for difference in found.differences} == {"king"}


@pytest.mark.usefixtures("quick", "without_pycanon")
def test_where_pycanon_does_not_run_its_answers_are_not_checked(told, attached, material):
    found = verify(attached(told), material())
    assert found.holds, found.describe()
    (part,) = opinion_of(found)
    assert part.statements == sum(made.theirs is not None for made in told.second_opinion)
    assert "does not run" in part.because

    def change(data):
        data["second_opinion"][0]["ours"] += 1

    (difference,) = verify(attached(told, change=change), material()).differences
    assert difference.place == (*K, "ours")


@pytest.mark.usefixtures("quick")
def test_where_it_did_not_run_for_the_report_its_answer_is_told(told, attached, material):
    found = verify(attached(unanswered(told)), material())
    assert found.holds, found.describe()
    (part,) = opinion_of(found)
    assert part.statements == len(told.second_opinion)
    assert part.because.endswith("here its figure is the same")

    def change(data):
        data["second_opinion"][0]["ours"] += 1

    found = verify(attached(unanswered(told), change=change), material())
    assert [difference.place for difference in found.differences] == [(*K, "ours")]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.usefixtures("quick")
def test_an_answer_that_the_table_rules_out_is_found_without_pycanon(
    case, attached, material, there, request
):
    made = assess(case(attacks=(), missing="wildcard"), second_opinion=True)
    assert made.second_opinion[0].theirs is None
    if not there:
        request.getfixturevalue("without_pycanon")

    def change(data):
        data["second_opinion"][0] |= {"theirs": 5.0, "verdict": "agrees"}

    found = verify(attached(made, change=change), material())
    assert {difference.place for difference in found.differences} == {
        (*K, "theirs"),
        (*K, "verdict"),
    }


@pytest.mark.usefixtures("quick")
def test_without_the_release_nobody_is_asked_again(case, attached, material, people, monkeypatch):
    frame = people().frame[["age", "town", "ill"]].astype(str).assign(age="2*")
    elsewhere = dataset_from_frame(frame, "released.csv")
    options = {"recipe": None, "elsewhere": elsewhere, "attacks": (), "hierarchies": {}}
    made = assess(case(**options), second_opinion=True, on_demand=on_demand_measures())
    assert verify(attached(made), material(elsewhere=elsewhere, hierarchies={})).holds
    monkeypatch.setattr("reports.assessment.ask_second_opinion", lambda *_, **__: 1 / 0)
    assert verify(attached(made), material(hierarchies={})).holds


@pytest.fixture(scope="module")
def trained(case, people):
    return assess(case(attacks=()), on_demand=on_demand_measures(("ill", "town")))


def scores(made):
    return [
        path
        for path, figure in made.after.figures.items()
        if path[:2] in {("utility", "prediction"), ("utility", "propensity")}
        and isinstance(figure, Estimate)
    ]


@pytest.mark.usefixtures("quick")
def test_models_are_trained_again_and_hold(trained, attached, material, beyond):
    assert {path[2] for path in scores(trained)} >= {"ill", "town", "pmse"}
    found = verify(attached(trained), material())
    assert found.holds, found.describe()
    assert beyond(found) == {}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("by", "holds"), [(1e-4, True), (0.01, False)])
def test_a_score_of_a_model_may_differ_in_the_third_place_only(
    trained, attached, material, by, holds
):
    path = next(path for path in scores(trained) if path[2] == "ill")

    def change(data):
        place = data["after"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] += by

    found = verify(attached(trained, change=change), material())
    assert [d.place for d in found.differences] == ([] if holds else [("after", *path)])


@pytest.mark.usefixtures("quick")
def test_only_what_was_asked_for_is_made_again(case, attached, material):
    made = assess(case(attacks=()), on_demand=on_demand_measures()[1:])
    asked = on_demand_of(made.to_json(), material().dataset.column_names)
    assert asked.measures == on_demand_measures()[1:]
    assert verify(attached(made), material()).holds
    plain = assess(case(attacks=()))
    assert on_demand_of(plain.to_json(), material().dataset.column_names).measures == ()


@pytest.mark.usefixtures("quick")
def test_more_columns_than_are_trained_again_are_told(
    trained, attached, material, beyond, monkeypatch
):
    monkeypatch.setattr(repeated, "MOST_TARGETS", 1)
    found = verify(attached(trained), material())
    assert found.holds, found.describe()
    left = [path for path in trained.after.figures if path[1:3] == ("prediction", "town")]
    assert beyond(found)["trained models"].statements == len(left)


@pytest.mark.usefixtures("quick")
def test_models_for_a_column_that_the_table_lacks_do_not_hold(trained, attached, material):
    def change(data):
        data["after"]["utility"]["prediction"]["king"] = {"baseline": {"accuracy": 0.5}}

    (difference,) = verify(attached(trained, change=change), material()).differences
    assert difference.place[3] == "king"
    assert difference.recomputed == "not there"
