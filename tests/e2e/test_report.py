"""The Report page in a browser: questions answered, saved, loaded, printed and taken away."""

import io
import json
import re
import zipfile

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.e2e

STORED = "On the ward server, in the safe beside the stairs"


@pytest.fixture
def report(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Report")
    return app


def turn(app, part):
    app.page.get_by_role("radio", name=part).or_(
        app.page.get_by_role("button", name=part)
    ).first.click()
    app.page.get_by_role("heading", name=part, level=4).wait_for()
    app.page.wait_for_timeout(300)


def fill(app, label, text):
    box = app.page.get_by_role("textbox", name=label)
    box.fill(text)
    box.press("Tab")
    app.page.wait_for_timeout(700)


def read(pdf):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


def test_what_is_answered_is_kept_saved_loaded_and_printed(report):
    page = report.page
    page.get_by_text(re.compile(r"^0 of \d+ questions answered")).wait_for()
    fill(report, "What is this assessment called?", "Wards for a class")
    turn(report, "The people in the table")
    page.get_by_role("button", name="Take it").first.click()
    page.get_by_text(re.compile(r"^2 of \d+ questions answered")).wait_for()
    turn(report, "What could happen")
    page.get_by_role("checkbox", name="A contract that forbids it").focus()
    page.keyboard.press("Space")
    turn(report, "Origin, rights, storage")
    fill(report, "Q19. Where is it stored, who can open it, when is it deleted?", STORED)
    turn(report, "Other risks, measures, actions")
    report.click("Add an action")
    fill(report, "Action", "Sign the contract")
    fill(report, "Owner", "A. Baker")

    report.go("Risk")
    report.go("Report")
    assert page.get_by_role("textbox", name="Owner").input_value() == "A. Baker"

    page.get_by_text("Save the answers, or load them from a file").click()
    saved = report.download("Save the answers")
    answers = json.loads(saved)["answers"]
    assert answers["title"] == "Wards for a class"
    assert answers["unit"] == "person"
    assert answers["controls"] == ["contract"]
    assert answers["actions"] == [{"action": "Sign the contract", "owner": "A. Baker"}]

    report.click("Remove action 1")
    page.get_by_role("button", name="Add an action").wait_for()
    page.get_by_test_id("stFileUploader").first.locator("input[type=file]").set_input_files(
        {"name": "answers.json", "mimeType": "application/json", "buffer": saved}
    )
    page.get_by_text("answers.json was read: 5 questions are answered.").wait_for()
    assert page.get_by_role("textbox", name="Owner").input_value() == "A. Baker"

    report.click("Make the report", exact=True)
    pdf = read(report.download("Report (PDF)"))
    assert "Wards for a class" in pdf
    assert STORED in pdf
    assert "Sign the contract" in pdf
    public = read(report.download("Public version (PDF)"))
    assert "Wards for a class" in public
    assert STORED not in public
    assert b"Wards for a class" in report.download("Web page (HTML)")
    word = zipfile.ZipFile(io.BytesIO(report.download("Word document")))
    assert b"Wards for a class" in word.read("word/document.xml")
    assert b"Sign the contract" in report.download("Action plan (CSV)")


def test_what_is_missing_is_one_click_away(report):
    page = report.page
    page.get_by_text("What is missing").click()
    page.get_by_role("button", name="Review and decision:").first.click()
    page.get_by_role("heading", name="Review and decision", level=4).wait_for()
    report.choose("Outcome", "Rejected")
    page.get_by_text("The decision bears no name and date.").first.wait_for()
    box = page.get_by_role("textbox", name="Decided by")
    box.fill("C. Cook")
    box.press("Tab")
    turn(report, "Advice and views")
    report.choose("Opinion", "Could be implemented")
    turn(report, "Review and decision")
    assert page.get_by_role("textbox", name="Decided by").input_value() == "C. Cook"


def test_half_a_text_is_not_lost_when_the_documents_are_made(report):
    page = report.page
    report.click("Make the report", exact=True)
    box = page.get_by_role("textbox", name="What is this assessment called?")
    box.focus()
    page.keyboard.type("Half a ti")
    page.get_by_role("button", name="Report (PDF)").wait_for()
    page.wait_for_timeout(500)
    assert box.input_value() == "Half a ti"
