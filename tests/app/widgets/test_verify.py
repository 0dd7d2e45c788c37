import copy
import json
from dataclasses import replace

import pandas as pd
import pytest

from microdata.readers import dataset_from_frame
from reports.assessment import Assessment, assess
from reports.document.pdf import render_pdf
from transforms.recipe import Recipe
from ui import recipes


def section():
    from ui import state
    from ui.widgets.verify import verify_section

    verify_section(state.current())


@pytest.fixture(scope="module")
def loaded(inpatients):
    recipe = recipes.with_smallest_group(recipes.with_level(Recipe(), "age", 2), 2)
    return inpatients.with_recipe(recipe)


@pytest.fixture(scope="module")
def made(loaded):
    return assess(loaded.case())


def upload(at, raw, name="report.pdf"):
    at.file_uploader[0].set_value((name, raw, "application/pdf")).run()
    assert not at.exception
    return at


def tables(at):
    return [frame.value for frame in at.dataframe]


def test_a_report_of_the_loaded_table_holds(show, loaded, made):
    at = show(section, loaded)
    assert not at.dataframe
    at = upload(at, render_pdf(made))
    assert any("All that was checked holds" in box.value for box in at.success)
    (not_checked,) = tables(at)
    assert not_checked["what"].iloc[0].startswith("roles")


def test_a_changed_figure_is_named_in_a_sentence_and_a_table(show, loaded, made):
    data = copy.deepcopy(json.loads(json.dumps(made.to_json())))
    data["after"]["classes"]["largest"] += 1
    at = upload(show(section, loaded), render_pdf(Assessment.from_json(data)))
    (told,) = at.error
    assert "1 figure does not" in told.value
    assert "Largest group" in told.value
    differing, _ = tables(at)
    assert list(differing["what does not hold"]) == ["Largest group (now)"]
    assert list(differing["the report says"]) != list(differing["recomputed"])


def test_a_file_that_is_no_report_is_refused_and_the_page_goes_on(show, loaded, made):
    at = upload(show(section, loaded), b"%PDF-1.7 nothing")
    assert any("damaged or not a PDF" in box.value for box in at.error)
    assert not at.dataframe
    at = upload(at, render_pdf(made))
    assert at.dataframe


def test_the_result_goes_with_the_table(show, loaded, made):
    at = upload(show(section, loaded), render_pdf(made))
    other = replace(loaded.require_dataset(), digest="0" * 64)
    at.session_state["session"] = replace(loaded, dataset=other)
    at.run()
    assert not at.dataframe


def test_many_differences_are_cut_and_counted(show, loaded, made):
    data = json.loads(json.dumps(made.to_json()))
    del data["after"]
    data["verdicts"] = []
    data["policy"] = None
    whole = render_pdf(Assessment.from_json(data))
    at = upload(show(section, loaded), whole)
    differing, _ = tables(at)
    assert len(differing) == 50
    assert any("more are not shown here" in caption.value for caption in at.caption)


def test_the_report_page_ends_with_it(open_app, hostile, hostile_parts):
    at = open_app("report", hostile)
    assert at.subheader[-1].value == "Check a report"
    assert "A report of this program (PDF)" in [u.label for u in at.file_uploader]
    at.file_uploader[-1].set_value(("x.pdf", render_pdf(assess(hostile.case())), "application/pdf"))
    at.run()
    assert not at.exception
    assert hostile_parts(at) == set()


def test_a_table_of_another_report_is_told(show, loaded):
    other = dataset_from_frame(pd.DataFrame({"x": ["1", "2", "2"]}), "x.csv")
    session = replace(loaded, dataset=other)
    at = show(section, loaded)
    pdf = render_pdf(assess(loaded.case()))
    at.session_state["session"] = replace(session, hierarchies={})
    at = upload(at, pdf)
    assert any("not the one that the report was made of" in box.value for box in at.error)
