import io
from dataclasses import replace

import pikepdf
import pytest
from pypdf import PdfReader

from reports.document import public
from reports.document.model import Chart, Table
from reports.document.public import build_public, render_public_html, render_public_pdf
from reports.questionnaire import ASKED, BY_KEY

HIDDEN = "the door code of the server room"


def printed(document):
    texts = [document.title, document.subtitle, *map(str, document.cover)]
    return " ".join([*texts, *(str(part) for part in document.sections)])


@pytest.fixture
def told(released):
    answers = {
        question.key: HIDDEN
        for question in ASKED
        if question.kind in {"line", "text"} and not question.public
    }
    records = {
        "risks": [{"title": HIDDEN}],
        "measures": [{"title": HIDDEN, "text": HIDDEN}],
        "actions": [{"action": HIDDEN}],
        "change": {"impact": HIDDEN},
        "loss": {"measures": HIDDEN},
        "dpo": {"opinion": "could", "advice": HIDDEN},
    }
    return replace(released, answers={**released.answers, **answers, **records})


def test_security_detail_and_free_text_on_risks_are_left_out(told):
    assert HIDDEN not in printed(build_public(told))
    assert HIDDEN.encode() not in render_public_html(told)


def test_an_answer_that_is_marked_as_not_public_is_not_printed(told, monkeypatch):
    made = replace(told, answers={**told.answers, "origin": HIDDEN})
    assert HIDDEN in printed(build_public(made))
    hidden = {**BY_KEY, "origin": replace(BY_KEY["origin"], public=False)}
    monkeypatch.setattr(public, "BY_KEY", hidden)
    assert HIDDEN not in printed(build_public(made))


@pytest.mark.parametrize("key", ["controls", "storage", "other_lists", "change", "actions"])
def test_how_to_get_at_the_data_is_never_public(key):
    assert not BY_KEY[key].public


def test_it_has_two_pages_and_no_attached_file(released):
    pdf = render_public_pdf(released)
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) <= 3
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert dict(file.attachments) == {}
    assert b"assessment.json" not in render_public_html(released)


def test_no_distribution_and_no_category_of_a_column_is_printed(released):
    document = build_public(released)
    assert not any(isinstance(b, Chart) for part in document.sections for b in part.blocks)
    labels = {
        bin_.label
        for stage in (released.before, released.after)
        for bins in stage.distributions.values()
        for bin_ in bins
    }
    assert labels
    cells = {
        str(cell)
        for part in document.sections
        for block in part.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    }
    assert not labels & cells


def test_it_shows_the_figures_of_the_whole_report(released):
    text = printed(build_public(released))
    k = released.after.value("classes", "smallest")
    assert f"now='{int(k)}'" in text
    assert released.overall[1:] in text
