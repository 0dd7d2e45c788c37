import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pypdf
import pytest

from microdata.measure import Estimate
from reports.assessment import Assessment
from reports.document.metric_tables import metric_sections
from reports.document.model import Cell, Table
from reports.document.pdf import render_pdf
from reports.document.sections import build_document
from reports.figure_names import name_figure
from reports.headline import headline_rows
from reports.wording import format_figure

RARE = ("Zyxwvutown", "Qwertzuitis")
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = {
    "html": "<b>bold</b><script>alert(1)</script>",
    "unclosed": "<b>never closed & <i>",
    "image": '<img src="/etc/hostname" width="9"/>',
    "link": '<a href="javascript:alert(1)">x</a>',
    "formula": "=HYPERLINK('http://x','y')",
    "right to left": f"{OVERRIDE}fdp.exe \N{HEBREW LETTER ALEF}\N{ARABIC LETTER BEH}",
    "chinese": "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587}",
    "control": "a\x00b\x07c\x1b[31md",
    "long word": "x" * 5000,
    "long text": "word " * 3000,
    "wide": "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 5000,
    "template": "{0} %s %(a)s {{x}}",
    "surrogate": "a\ud800b",
}


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
    assert set(attached) == {"assessment.json", "recipe.json"}
    data = json.loads(attached["assessment.json"][0])
    assert data == json.loads(json.dumps(released.to_json(), default=list))
    assert json.loads(attached["recipe.json"][0]) == dict(released.recipe)
    assert render_pdf(Assessment.from_json(data)) == pdf


def test_without_a_recipe_none_is_attached(original_only):
    assert set(reader(render_pdf(original_only)).attachments) == {"assessment.json"}


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
        assert "1 Executive summary" in pages[1]
        assert "2 Dataset" in pages[2]


def test_questions_without_an_answer_are_told_on_page_two(original_only):
    text = squeezed(reader(render_pdf(original_only)).pages[1].extract_text())
    assert squeezed("8 questions not answered") in text
    assert squeezed("Who will receive it?") in text


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
    assert "certificate" not in text
    assert squeezed("source not re-read") in text


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_are_printed_as_text(hostile, kind):
    bad = HOSTILE[kind]
    names = [f"{bad}{i}" for i in range(3)]
    if len(bad) > 1000:
        names = [f"{i}{bad}" for i in range(3)]
    data = render_pdf(hostile(names, [bad, bad]))
    text = text_of(data)
    host = Path("/etc/hostname")
    if host.is_file():
        assert host.read_text(encoding="utf-8").strip() not in text
    assert OVERRIDE not in text
    if kind in {"html", "unclosed", "link", "formula", "template"}:
        assert squeezed(bad) in text
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


def run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def file(pdf, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(pdf)
    return str(path)


def test_qpdf_finds_no_fault(file):
    done = run("qpdf", "--check", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pdffonts_sees_only_embedded_fonts(file):
    rows = run("pdffonts", file).stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_pdfinfo_sees_a_tagged_file(file):
    done = run("pdfinfo", file)
    assert re.search(r"Tagged:\s+yes", done.stdout)
    headings = re.findall(r"^\s*(H[12])\b", run("pdfinfo", "-struct", file).stdout, re.MULTILINE)
    assert headings[0] == "H1"
    assert len(headings) > 15


def test_pdfimages_sees_none(file):
    assert len(run("pdfimages", "-list", file).stdout.splitlines()) == 2
