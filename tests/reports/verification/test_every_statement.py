"""Every statement of a report, changed alone by hand, is found."""

import copy
import json
from functools import reduce

import pytest

from microdata.errors import PrivacyToolError
from reports import verification
from reports.assessment import assess
from reports.verification import DECIDED, verify
from transforms.recipe import Recipe

COARSE = {"version": 1, "steps": [{"step": "generalize", "levels": {"age": 2}}]}
RISK = {"impact": "Pupils read them.", "source": "Haste", "severity": 3, "likelihood": 3}
ANSWERS = {
    "purpose": "Teaching",
    "severity": 2,
    "audience": "partner",
    "tables": "yes",
    "controls": ["contract", "training"],
    "motive": "low",
    "risks": [
        {"title": "Lost printouts", **RISK, "residual_severity": 2, "residual_likelihood": 1}
    ],
}
FREE = DECIDED | {"elsewhere", "made_at", "versions"}
"""What somebody decided, and what no data tells."""


@pytest.fixture(scope="module")
def full(case):
    return assess(
        case(answers=ANSWERS, alternatives=(("Coarse", Recipe.from_json(COARSE)),)),
        second_opinion=True,
    )


@pytest.fixture(scope="module")
def saved(full):
    return json.loads(json.dumps(full.to_json()))


@pytest.fixture
def check(full, attached, material):
    """Verify the report with a part of it changed."""

    def run(change):
        return verify(attached(full, change=change), material())

    return run


def places_in(data, place=()):
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inner:
        if isinstance(value, dict | list):
            yield from places_in(value, (*place, key))
        else:
            yield (*place, key)


def changed(saved, place):
    data = copy.deepcopy(saved)
    parent = reduce(lambda inner, key: inner[key], place[:-1], data)
    value = parent[place[-1]]
    if isinstance(value, bool) or value is None:
        parent[place[-1]] = 1 if value is None else not value
    else:
        parent[place[-1]] = value + ("x" if isinstance(value, str) else 1)
    return data


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "part", ["register", "pia", "overall", "scenarios", "alternatives", "verdicts"]
)
def test_every_statement_of_a_part_is_found_when_it_is_changed(
    saved, full, part, check, monkeypatch
):
    # Recomputing gives the same each time, which other tests hold; here it need not be repeated.
    monkeypatch.setattr(verification, "assess", lambda *_, **__: full)
    places = list(places_in({part: saved[part]}))
    assert len(places) >= {"register": 50, "overall": 1}.get(part, 4)
    for place in places:
        try:
            found = check(lambda data, at=place: data.update(changed(saved, at)))
        except PrivacyToolError:
            continue  # what can be no statement of this program is refused as a whole
        assert {difference.place[0] for difference in found.differences} == {part}, place


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("place", "name"),
    [
        (("register", 0, "residual"), "register: reidentification: residual"),
        (("register", 5, "likelihood"), "register: own 1: likelihood"),
        (("pia", "cell"), "pia: cell"),
        (("pia", "inherent", "likelihood"), "pia: inherent: likelihood"),
        (("overall",), "overall"),
        (("scenarios", 0, "before"), "scenarios: Neighbour: before"),
        (("alternatives", 0, "highest"), "alternatives: Coarse: highest"),
        (("second_opinion", 0, "theirs"), "(second opinion: theirs)"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_the_changed_statement_is_recomputed_and_named(saved, place, name, check):
    (difference,) = check(lambda data: data.update(changed(saved, place))).differences
    assert name in difference.name


@pytest.mark.usefixtures("quick")
def test_a_row_that_was_added_or_taken_out_is_found(saved, check):
    def added(data):
        data["register"].append({**saved["register"][0], "key": "own 2"})

    def taken(data):
        del data["register"][1]

    for change, said in ((added, "own 2"), (taken, "attribute")):
        found = check(change)
        assert {difference.place[:2] for difference in found.differences} == {("register", said)}


@pytest.mark.usefixtures("quick")
def test_a_changed_answer_changes_what_follows_from_it(check):
    """An answer is a decision: what is found is that the statements no longer follow from it."""

    def change(data):
        data["answers"]["risks"][0]["residual_likelihood"] = 4

    found = check(change)
    assert ("register", "own 1", "residual") in {d.place for d in found.differences}
