import hashlib
import io
import json
import re
from pathlib import Path

import pikepdf
import pypdf
import pytest

from microdata.measure import Estimate
from reports.assessment import Assessment
from reports.document.metric_tables import metric_sections
from reports.document.model import Callout, Cell, Table
from reports.document.pdf import render_pdf
from reports.document.sections import build_document
from reports.figure_names import name_figure
from reports.headline import headline_rows
from reports.wording import format_figure

RARE = ("Zyxwvutown", "Qwertzuitis")
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture(scope="module")
def pdf(released):
    return render_pdf(released)


def reader(data):
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data):
    return squeezed(" ".join(page.extract_text() for page in reader(data).pages))


def squeezed(text):
    # Lines break anywhere in a narrow cell, so blanks are not compared.
    return re.sub(r"\s+", "", text)


def test_the_text_holds_the_verdict_and_the_scoreboard(released, pdf):
    text = text_of(pdf)
    assert squeezed(released.overall) in text.lower()
    for row in headline_rows(released.before, released.after):
        for part in (row.name, row.before, row.now):
            assert squeezed(part) in text
    for verdict in released.verdicts:
        assert squeezed(verdict.requirement) in text
        assert squeezed(verdict.why) in text


def metric_cells(assessment):
    return {
        cell.text if isinstance(cell, Cell) else cell
        for section in metric_sections(assessment)
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    }


def test_every_cell_of_the_metric_tables_is_printed(released, pdf):
    text = text_of(pdf)
    for cell in metric_cells(released):
        assert squeezed(cell) in text, cell


def test_no_figure_is_left_out_of_the_tables(released):
    cells = metric_cells(released)
    for stage in (released.before, released.after):
        for path, figure in stage.figures.items():
            by_column = path[0] == "utility" and len(path) == 4 and stage is released.before
            if isinstance(figure, Estimate) and not by_column:
                assert format_figure(figure, name_figure(path).unit) in cells, path


def test_the_bookmarks_are_the_sections(released, pdf):
    found = []

    def walk(entries, level):
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
            else:
                found.append((level, entry.title))

    walk(reader(pdf).outline, 1)
    assert found == [(s.level, s.title) for s in build_document(released).sections]


def test_the_contents_name_every_main_section_with_its_page(released, pdf):
    document = reader(pdf)
    first = squeezed(document.pages[0].extract_text())
    for section in build_document(released).sections:
        if section.level == 1:
            assert squeezed(section.title) in first
    assert len(document.pages[0]["/Annots"]) >= 10


def test_every_font_is_embedded_and_none_is_helvetica(pdf):
    names = set()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for page in file.pages:
            for font in page.Resources.get("/Font", {}).values():
                names.add(str(font.BaseFont))
                assert "/FontFile2" in font.FontDescriptor
    assert {name.split("+")[1] for name in names} == {"PrivascopeSans", "PrivascopeSans-Bold"}


def test_charts_are_vectors(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for page in file.pages:
            assert not page.get_images()
            assert "/XObject" not in page.Resources or not page.Resources.XObject.keys()


def test_the_attachments_are_the_assessment_and_the_recipe(released, pdf):
    attached = reader(pdf).attachments
    assert set(attached) == {"assessment.json", "settings.json", "recipe.json"}
    data = json.loads(attached["assessment.json"][0])
    assert data == json.loads(json.dumps(released.to_json(), default=list))
    assert json.loads(attached["recipe.json"][0]) == dict(released.recipe)
    assert render_pdf(Assessment.from_json(data)) == pdf


def test_without_a_recipe_none_is_attached(original_only):
    attached = reader(render_pdf(original_only)).attachments
    assert set(attached) == {"assessment.json", "settings.json"}


def test_the_same_assessment_gives_the_same_bytes(released, pdf):
    again = render_pdf(released)
    assert hashlib.sha256(again).digest() == hashlib.sha256(pdf).digest()


def test_title_language_and_structure_are_set(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == "en-GB"
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo["/Title"]) == "Privacy impact assessment: people.csv"
        assert "/CreationDate" not in file.docinfo
        roles = {}

        def walk(element):
            role = str(element.S)
            roles.setdefault(role, []).append(element)
            for child in element.get("/K", []) if role != "/Link" else []:
                if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                    walk(child)

        walk(file.Root.StructTreeRoot.K)
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure", "/TOC"} <= set(roles)
    assert all(str(figure.Alt) for figure in roles["/Figure"])
    assert all(str(head.A.Scope) == "/Column" for head in roles["/TH"])


def test_each_page_says_draft_and_which_of_how_many_it_is(pdf):
    pages = reader(pdf).pages
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert "DRAFT" in text
        assert f"Page {number} of {len(pages)}" in text


def test_the_summary_is_one_page(released, original_only):
    for assessment in (released, original_only):
        pages = [page.extract_text() for page in reader(render_pdf(assessment)).pages]
        main = [s.title for s in build_document(assessment).sections if s.level == 1]
        assert main[0] in pages[1]
        assert pages[2].startswith(main[1])


def test_questions_without_an_answer_are_told_on_page_two(original_only):
    text = squeezed(reader(render_pdf(original_only)).pages[1].extract_text())
    blocks = build_document(original_only).sections[0].blocks
    [band] = [b for b in blocks if isinstance(b, Callout) and "not answered" in b.word]
    assert squeezed(band.word) in text
    assert squeezed(band.text) in text
    assert "Recipients" in band.text


def test_no_value_of_fewer_people_than_the_threshold_is_anywhere(pdf):
    text = text_of(pdf)
    attached = b"".join(data for files in reader(pdf).attachments.values() for data in files)
    for value in RARE:
        assert value not in text
        assert value.encode() not in attached
        assert value.encode() not in pdf


def test_nothing_is_called_compliant(pdf):
    text = text_of(pdf).lower()
    assert "compliant" not in text
    assert "certified" not in text
    # Numbers of certificates are among the identifiers that HIPAA lists.
    assert "certificate" not in text.replace(squeezed("certificate and licence numbers"), "")
    assert squeezed("source not re-read") in text


def test_hostile_texts_are_printed_as_text(hostile_report):
    assessment, written = hostile_report
    data = render_pdf(assessment)
    text = text_of(data)
    host = Path("/etc/hostname")
    if host.is_file():
        assert host.read_text(encoding="utf-8").strip() not in text
    assert OVERRIDE not in text
    assert squeezed(written) in text
    with pikepdf.open(io.BytesIO(data)) as file:
        assert not any(page.get_images() for page in file.pages)
        actions = [
            annotation
            for page in file.pages
            for annotation in page.obj.get("/Annots", [])
            if "/A" in annotation and annotation.A.get("/S") in {"/URI", "/JavaScript"}
        ]
        assert actions == []


def test_what_cannot_be_drawn_is_counted(hostile):
    data = render_pdf(hostile(["a", "b", "c"], ["\ue000" * 3, "x"]))
    assert squeezed("characters could not be drawn") in text_of(data)


def test_latin_greek_and_cyrillic_come_back_as_written(hostile):
    written = "Łódź Ελλάδα Кириллица ≥"
    assert squeezed(written) in text_of(render_pdf(hostile(["a", "b", "c"], [written, "x"])))
