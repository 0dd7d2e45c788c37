import io
import json
import re
import time
from itertools import pairwise
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.document.docx import render_docx
from reports.document.model import (
    Bullets,
    Callout,
    Cell,
    Chart,
    Paragraph,
    Table,
)
from reports.document.sections import build_document
from reports.document.text import clean
from reports.headline import headline_rows
from tests.reports.document.word_file import body, opened, parts, plain, texts_of, told

RARE = ("Zyxwvutown", "Qwertzuitis")
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture(scope="module")
def data(released):
    return render_docx(released)


@pytest.fixture(scope="module")
def texts(data):
    return texts_of(body(data))


def test_the_headings_are_the_sections_in_order(released, data):
    headings = [
        (p.style.name, plain(p.text))
        for p in opened(data).paragraphs
        if p.style.name.startswith("Heading")
    ]
    expected = [(f"Heading {s.level}", s.title) for s in build_document(released).sections]
    assert headings == expected


def test_the_contents_are_a_field_that_holds_the_titles_and_leads_to_them(released, data):
    [contents] = body(data).iter(qn("w:sdt"))
    sections = build_document(released).sections
    assert texts_of(contents) == ["Contents", *(s.title for s in sections if s.level == 1)]
    kinds = [e.get(qn("w:fldCharType")) for e in contents.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    [code] = contents.iter(qn("w:instrText"))
    assert code.text.split()[:2] == ["TOC", "\\o"]
    marks = {
        mark.get(qn("w:name")): told(mark.getparent())
        for mark in body(data).iter(qn("w:bookmarkStart"))
    }
    assert len(marks) == len(sections)
    for link in contents.iter(qn("w:hyperlink")):
        assert marks[link.get(qn("w:anchor"))] == told(link)


def test_every_cell_of_every_table_is_there_as_a_cell(released, data):
    known = build_document(released)
    blocks = [*known.cover, *(b for section in known.sections for b in section.blocks)]
    cells = {
        " ".join(texts_of(cell)) for t in opened(data).tables for cell in t._tbl.iter(qn("w:tc"))
    }
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(tables) > 10
    for table in tables:
        for row in (table.head, *table.rows):
            for cell in row:
                assert clean(cell.text if isinstance(cell, Cell) else cell) in cells


def test_every_text_of_the_document_is_there(released, texts):
    known = build_document(released)
    assert known.title in texts
    assert known.subtitle in texts
    blocks = [*known.cover, *(b for section in known.sections for b in section.blocks)]
    for block in blocks:
        match block:
            case Paragraph():
                assert block.text in texts
            case Bullets():
                assert set(block.items) <= set(texts)
            case Callout():
                assert block.word in texts
                assert block.text in texts or not block.text
            case Chart():
                assert block.spec.title in texts
                assert any(block.spec.note in text for text in texts)
    for row in headline_rows(released.before, released.after):
        assert f"{row.name} ({row.term})" in texts
        assert row.now in texts


def test_header_and_footer_tell_status_and_pages(data):
    [section] = opened(data).sections
    [head], [foot] = section.header.paragraphs, section.footer.paragraphs
    assert plain(head.text) == "Privacy impact assessment – people.csv\tDRAFT"
    fields = [f.get(qn("w:instr")).strip() for f in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert told(foot._p) == "2026-01-02T03:04:05ZPage 1 of 1"
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)


def test_two_tables_never_meet(data):
    # Word would read them as one.
    kinds = [child.tag for child in body(data)]
    assert all(not (a == b == qn("w:tbl")) for a, b in pairwise(kinds))


def test_the_file_holds_our_parts_and_nothing_of_a_template_or_machine(data):
    names = set(parts(data))
    charts = {name for name in names if name.startswith("word/charts/")}
    assert charts
    assert names - charts == {
        *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml"),
        *("word/_rels/document.xml.rels", "word/styles.xml", "word/numbering.xml"),
        *("word/settings.xml", "word/header.xml", "word/footer.xml"),
    }
    for name, part in parts(data).items():
        assert parse_xml(part) is not None
        for bad in (
            b'TargetMode="External"',
            b"python-docx",
            b"/tmp",
            b"/home",
            b"<w:pict",
            b"a:blip",
        ):
            assert bad not in part, name


def test_the_properties_are_those_of_the_assessment(data):
    known = opened(data).core_properties
    assert known.title == "Privacy impact assessment: people.csv"
    assert known.author == known.last_modified_by == "Privascope"
    assert known.created == known.modified
    assert known.created.isoformat().startswith("2026-01-02T03:04:05")
    assert known.language == "en-GB"


def test_a_saved_assessment_gives_the_same_bytes_at_any_time(
    released, original_only, data, monkeypatch
):
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert render_docx(released) == data
    saved = json.loads(json.dumps(released.to_json(), default=list))
    assert render_docx(Assessment.from_json(saved)) == data
    assert render_docx(original_only) != data
    with ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_hostile_texts_stand_as_text(hostile_report):
    assessment, bad = hostile_report
    data = render_docx(assessment)
    shown = " ".join(texts_of(body(data)))
    assert bad in shown
    assert OVERRIDE not in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", shown)
    fields = [e.get(qn("w:instr")) for e in body(data).iter(qn("w:fldSimple"))]
    assert fields == []
    links = list(body(data).iter(qn("w:hyperlink")))
    assert all(re.fullmatch(r"_Toc\d{8}", link.get(qn("w:anchor"))) for link in links)
    assert all(link.get(qn("r:id")) is None for link in links)
    assert len(list(body(data).iter(qn("w:instrText")))) == 1
    for name, part in parts(data).items():
        assert parse_xml(part) is not None, name
        assert b'TargetMode="External"' not in part


def canary_assessment():
    draw = np.random.default_rng(7)
    rows = 120
    frame = pd.DataFrame(
        {
            "id": [f"Canaryid{i:04d}x" for i in range(rows)],
            "town": [f"Canarytown{i:04d}x" if i < 60 else "Aford" for i in range(rows)],
            "age": draw.integers(20, 60, rows).astype(str),
            "illness": [f"Canaryill{i:04d}x" if i % 9 == 0 else "flu" for i in range(rows)],
        }
    )
    roles = {
        "id": Role.DIRECT_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "age": Role.QUASI_IDENTIFIER,
        "illness": Role.SENSITIVE,
    }
    return assess(
        Case(dataset=dataset_from_frame(frame, "people.csv"), roles=Roles(by_column=roles))
    )


def test_no_value_of_few_people_is_in_any_part(data):
    for name, part in parts(data).items():
        assert not [value for value in RARE if value.encode() in part], name
    found = parts(render_docx(canary_assessment()))
    assert b"illness" in found["word/document.xml"]  # the search looks at what is read
    for name, part in found.items():
        assert b"canary" not in part.lower(), name


def test_nothing_is_called_compliant(texts):
    words = " ".join(texts).lower()
    assert "compliant" not in words
    assert "certified" not in words
