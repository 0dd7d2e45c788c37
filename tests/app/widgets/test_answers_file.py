import json

import pytest

from reports.assessment import assess
from reports.exchange.cnil_export import cnil_bytes
from reports.questionnaire import answers_from_bytes, answers_to_bytes
from ui.widgets import answers_file


def section():
    from ui import state
    from ui.widgets.answers_file import answers_file_section

    answers_file_section(state.current(), "table")


OWN, CNIL = 0, 1  # the uploaders in their order


def upload(at, raw, which=OWN, name="answers.json"):
    at.file_uploader[which].set_value((name, raw, "application/json")).run()
    assert not at.exception
    return at


def answers(at):
    return dict(at.session_state["session"].answers)


def test_saved_answers_are_loaded_again_without_loss(show, inpatients, monkeypatch):
    given = {}
    monkeypatch.setattr(
        answers_file.st, "download_button", lambda label, data, **_: given.update({label: data})
    )
    session = inpatients.with_answer("title", "Wards <b>").with_answer(
        "risks", [{"title": "A stigma", "severity": 2}]
    )
    show(section, session)
    saved = given["Save the answers"]
    assert answers_from_bytes(saved) == session.answers
    at = upload(show(section, inpatients), saved)
    assert answers(at) == dict(session.answers)
    assert "2 questions are answered" in at.success[0].value


def test_loading_replaces_and_a_refused_file_changes_nothing(show, inpatients):
    at = show(section, inpatients.with_answer("title", "x").with_answer("author", "y"))
    upload(at, answers_to_bytes({"title": "z"}))
    assert answers(at) == {"title": "z"}
    upload(at, b'{"version": 1, "answers": {"title": ["z"]}}')
    assert answers(at) == {"title": "z"}
    (told,) = at.error
    assert told.value == "In the answers 'title' must be text."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"[1, 2]",
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"version": 99, "answers": {}}',
        b'{"answers": {"severity": true}, "version": 1}',
        b'{"severity": 1e309}',
        b'{"title": "' + b"x" * 100_000 + b'"}',
        b'{"risks": [{"title": {"a": "b"}}]}',
        b'{"needed": {"age": null}}',
        b'{"__class__": "os.system"}',
        b'{"review_date": "2026-02-30"}',
        json.dumps({"risks": [{}] * 101}).encode(),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("which", [OWN, CNIL])
def test_a_hostile_file_is_refused_with_a_sentence(show, inpatients, raw, which):
    at = upload(show(section, inpatients.with_answer("title", "x")), raw, which)
    assert answers(at) == {"title": "x"}
    (told,) = at.error
    assert told.value.endswith((".", "questions again."))
    assert len(told.value) < 400


def test_names_in_a_file_do_nothing_on_the_page(show, inpatients, hostile_parts):
    raw = json.dumps({"![x](http://evil.example/x.png)": "a"}).encode()
    at = show(section, inpatients)
    at.file_uploader[OWN].set_value(("[a](http://evil.example).json", raw, "application/json"))
    at.run()
    assert at.error
    assert hostile_parts(at) == set()
    at.file_uploader[OWN].set_value(
        ("[a](http://evil.example).json", answers_to_bytes({"title": "x"}), "application/json")
    )
    at.run()
    assert at.success
    assert hostile_parts(at) == set()


def test_an_assessment_of_the_cnil_software_is_taken_over(show, inpatients):
    exported = cnil_bytes(assess(inpatients.with_answer("purpose", "Care research").case()))
    at = show(section, inpatients.with_answer("title", "x").with_answer("purpose", "other"))
    upload(at, exported, CNIL)
    assert answers(at)["purpose"] == "Care research"
    assert "answered from it" in at.success[0].value
    assert "Purpose" in at.success[0].value
