import copy
import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, NotComputed
from microdata.readers import dataset_from_frame
from reports.assessment import Assessment
from reports.attached import Attached
from reports.document.pdf import render_pdf
from reports.verification import verify

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RARE = "Zyxwvutown"


def test_a_report_holds_for_its_own_data_to_the_last_page(made, material, beyond):
    found = verify(Attached.from_pdf(render_pdf(made)), material())
    assert found.holds
    assert found.differences == ()
    assert beyond(found) == {}
    assert "the printed pages" not in {part.what for part in found.not_checked}
    # Every figure of both tables is among those that hold.
    assert found.figures > len(made.before.figures) + len(made.after.figures)
    assert found.sentence.startswith("All that was checked holds: ")
    assert found.to_json()["holds"] is True


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("after", "classes", "largest"), "Largest group (now)"),
        (("before", "uniqueness", "sample"), "(original)"),
        (("after", "reidentification", "marketer", "average"), "(now)"),
        (("scenarios", 0, "unique"), "Neighbour: unique"),
        (("attacks", 0, "original", "top_1"), "Clerk: original: top 1"),
        (("sensitivity", "changes", 0, "after", "average"), "sensitivity"),
        (("attributes", 1, "distinct"), "age: distinct"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("quick")
def test_one_changed_figure_is_found_and_nothing_else(made, path, name, attached, material):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] += 1

    found = verify(attached(made, change=change), material())
    (difference,) = found.differences
    assert name in difference.name
    assert difference.said != difference.recomputed
    assert found.figures_differing == 1
    assert "1 figure does not: " in found.sentence
    assert difference.name in found.sentence


@pytest.mark.usefixtures("quick")
def test_what_is_found_does_not_depend_on_which_figure_it_is(made, attached, material):
    """Every figure of the release, changed alone, is the one that is found."""
    whole = json.loads(json.dumps(made.to_json()))
    numbers = [
        path
        for path, figure in made.after.figures.items()
        if isinstance(figure, Estimate) and figure.value < 1e9
    ]
    assert len(numbers) > 50
    data = copy.deepcopy(whole)
    for path in numbers:
        place = data["after"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = (place[path[-1]] or 0) + 0.001
    found = verify(replace(attached(made), assessment=data), material())
    assert {d.place for d in found.differences} == {("after", *path) for path in numbers}


@pytest.mark.usefixtures("quick")
def test_a_figure_off_by_rounding_holds_and_one_beyond_it_does_not(made, attached, material):
    def by(factor):
        def change(data):
            data["after"]["reidentification"]["prosecutor"]["average"] *= factor

        return verify(attached(made, change=change), material()).holds

    assert by(1 + 1e-10)
    assert not by(1 + 1e-8)


@pytest.mark.usefixtures("quick")
def test_intervals_reasons_verdicts_and_texts_are_compared(made, attached, material):
    gap = next(p for p, f in made.after.figures.items() if isinstance(f, NotComputed))
    band = next(p for p, f in made.after.figures.items() if getattr(f, "low", None) is not None)

    def change(data):
        data["after"]["not_computed"][".".join(gap)] = "Nobody knows."
        data["after"]["obtained"][".".join(band)]["low"] -= 1
        data["verdicts"][0]["verdict"] = "not met"
        data["overall"] = "acceptable"
        data["after"]["findings"] = data["after"]["findings"][1:]
        data["after"]["classes"]["sizes"]["77"] = 1
        data["before"]["distributions"]["age"][0][1] += 1
        data["recipe_digest"] = "0" * 64
        data["release_sha256"] = "0" * 64

    found = verify(attached(made, change=change), material())
    places = {d.place: d for d in found.differences}
    assert places["after", *gap].recomputed == "not computed, for another reason"
    assert places["after", *band].said != places["after", *band].recomputed
    assert places["overall",].said == "acceptable"
    for place in (
        ("after", "classes", "sizes"),
        ("before", "distributions", "age"),
        ("recipe_digest",),
        ("release_sha256",),
    ):
        assert place in places
    assert any(place[0] == "verdicts" and d.said == "not met" for place, d in places.items())
    assert any(place[:2] == ("after", "findings") for place in places)


@pytest.mark.usefixtures("quick")
def test_a_preset_policy_that_was_softened_is_told(made, attached, material):
    def change(data):
        data["policy"]["requirements"][0]["at_least"] = 2

    found = verify(attached(made, change=change), material())
    assert ("policy", "k5") in {d.place for d in found.differences}


@pytest.mark.usefixtures("quick")
def test_other_data_is_told_first_and_figure_by_figure(made, attached, material, people):
    found = verify(attached(made), material(dataset=people(age="29")))
    assert found.other_table
    assert found.sentence.startswith("The table is not the one that the report was made of. ")
    assert ("dataset", "content_sha256") in {d.place for d in found.differences}
    assert found.figures
    assert found.figures_differing


@pytest.mark.usefixtures("quick")
def test_no_value_of_the_table_is_in_the_result(made, attached, material, people):
    found = verify(attached(made), material(dataset=people(town="Wvutsrqham", ill="gout")))
    text = json.dumps(found.to_json()) + "\n".join(found.describe())
    assert not found.holds
    for value in ("Wvutsrqham", RARE, "Aford", "gout", "n17"):
        assert value not in text


@pytest.mark.usefixtures("quick")
def test_words_of_whoever_wrote_the_file_are_not_repeated(made, attached, material):
    def change(data):
        data["overall"] = "certified by \x1b[31mthe king"
        data["after"]["findings"][0]["message"] = "trust me"
        data["attributes"][0]["reason"] = "trust me"

    found = verify(attached(made, change=change), material())
    text = "\n".join(found.describe())
    assert len(found.differences) == 3
    assert "trust me" not in text
    assert "king" not in text
    assert "\x1b" not in text


@pytest.mark.usefixtures("quick")
def test_a_copy_of_the_file_with_the_same_content_holds(made, attached, material, people, beyond):
    copied = replace(people(), file_sha256="1" * 64, read=ReadOptions(delimiter=";"), name="b.csv")
    found = verify(attached(made), material(dataset=copied))
    assert found.holds
    assert beyond(found)["the file itself"].statements > 1
    assert "the name of the file" in beyond(found)


@pytest.mark.usefixtures("quick")
def test_another_table_that_does_not_fit_at_all_is_one_sentence(made, attached, material):
    other = dataset_from_frame(pd.DataFrame({"x": ["1", "2"]}), "x.csv")
    with pytest.raises(PrivacyToolError, match="not the one that the report was made of"):
        verify(attached(made), material(dataset=other))


@pytest.mark.usefixtures("quick")
def test_other_versions_of_libraries_are_told(made, attached, material):
    def change(data):
        data["versions"]["numpy"] = "1.0"

    found = verify(attached(made, change=change), material())
    assert found.holds
    assert any("numpy" in text for text in found.remarks)


@pytest.mark.usefixtures("quick")
def test_a_recipe_that_is_not_the_attached_one_is_told(made, attached, material):
    report = replace(attached(made), recipe={"version": 1, "steps": []})
    (difference,) = verify(report, material()).differences
    assert difference.place == ("recipe.json",)


def test_pages_that_are_not_those_of_the_assessment_are_not_called_checked(
    made, attached, material
):
    pdf = render_pdf(made)
    read = Attached.from_pdf(pdf)
    other = verify(replace(read, pdf=pdf + b"%"), material())
    assert other.holds
    pages = next(part for part in other.not_checked if part.what == "the printed pages")
    assert "not byte for byte" in pages.because

    def change(data):
        data["after"]["models"]["k-anonymity"] = 3

    odd = verify(attached(made, pdf, change), material())
    assert [d.place for d in odd.differences] == [("after", "models", "k-anonymity")]
    assert any("at odds with itself" in part.because for part in odd.not_checked)


def test_pages_drawn_anew_from_a_changed_figure_do_not_hide_it(made, material):
    data = json.loads(json.dumps(made.to_json()))
    data["after"]["classes"]["largest"] += 1
    found = verify(Attached.from_pdf(render_pdf(Assessment.from_json(data))), material())
    assert [d.place for d in found.differences] == [("after", "classes", "largest")]
    assert "the printed pages" not in {part.what for part in found.not_checked}


@pytest.mark.usefixtures("quick")
def test_a_part_that_is_missing_from_the_report_is_told(made, attached, material):
    def change(data):
        del data["after"]
        del data["sensitivity"]

    found = verify(attached(made, change=change), material())
    assert {d.said for d in found.differences if d.place[0] == "after"} == {"not there"}
    assert len(found.differences) > 100
    assert " more." in found.sentence
