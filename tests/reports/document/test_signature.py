import io

import pikepdf
import pytest

from reports.document import style
from reports.document.html import write_html
from reports.document.model import Callout, Document, Paragraph, Section, Signature
from reports.document.pdf import write_pdf

CONTROLLER = Signature(label="Decision of the controller", name="Ada Lovelace", date="2 March 2026")
OFFICER = Signature(label="Advice of the data protection officer", role="Officer")
STATUSES = {
    "DRAFT": "conditions",
    "APPROVED": "good",
    "CONDITIONALLY APPROVED": "conditions",
    "REJECTED": "bad",
    "PRIOR CONSULTATION": "conditions",
}


def document(*blocks, status="DRAFT", before=0):
    lines = tuple(Paragraph(text="line") for _ in range(before))
    return Document(
        title="Privacy impact assessment",
        subtitle="people.csv",
        status=status,
        cover=(Callout(word="Word", text="Text", tone="good"),),
        sections=(Section(title="1 Decision", blocks=(*lines, *blocks)),),
        made_at="2026-01-02T03:04:05Z",
    )


def opened(*blocks, before=0):
    return pikepdf.open(io.BytesIO(write_pdf(document(*blocks, before=before), {})))


def test_each_place_to_sign_has_an_empty_field_on_its_page():
    with opened(CONTROLLER, OFFICER, before=24) as pdf:
        form = pdf.Root.AcroForm
        assert "/NeedAppearances" not in form
        assert int(form.SigFlags) == 1
        assert [str(field.T) for field in form.Fields] == ["signature-1", "signature-2"]
        tips = [str(field.TU) for field in form.Fields]
        assert tips == [
            "Signature: Decision of the controller: Ada Lovelace",
            "Signature: Advice of the data protection officer",
        ]
        for field in form.Fields:
            assert field.FT == "/Sig"
            assert "/V" not in field
            page = next(p for p in pdf.pages if p.obj.objgen == field.P.objgen)
            assert field.objgen in {annotation.objgen for annotation in page.obj.Annots}
            assert page.obj.Tabs == "/S"
            left, bottom, right, top = map(float, field.Rect)
            assert style.LEFT < left < right <= style.PAGE_WIDTH - style.RIGHT + 0.01
            assert style.BOTTOM <= bottom < top <= style.PAGE_HEIGHT - style.TOP


def test_a_field_is_an_element_of_the_structure():
    with opened(CONTROLLER, OFFICER) as pdf:
        tree = pdf.Root.StructTreeRoot
        owners = dict(
            zip(list(tree.ParentTree.Nums)[::2], list(tree.ParentTree.Nums)[1::2], strict=True)
        )
        for field in pdf.Root.AcroForm.Fields:
            element = owners[int(field.StructParent)]
            assert element.S == "/Form"
            assert element.K.Obj.objgen == field.objgen
        assert max(owners) + 1 == int(tree.ParentTreeNextKey)


def test_without_a_place_to_sign_there_is_no_form():
    with opened(Paragraph(text="Nothing to sign.")) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_the_same_document_gives_the_same_bytes():
    made = document(CONTROLLER, OFFICER)
    assert write_pdf(made, {}) == write_pdf(made, {})


def test_other_programs_see_fields_that_are_not_signed(tool, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(write_pdf(document(CONTROLLER, OFFICER), {}))
    assert tool("qpdf", "--check", path).returncode == 0
    told = tool("pdfsig", path)
    assert told.stdout.count("The signature form field is not signed.") == 2
    text = " ".join(tool("pdftotext", path, "-").stdout.split())
    for part in ("Decision of the controller", "Ada Lovelace", "2 March 2026", "Officer"):
        assert part in text


@pytest.mark.parametrize("text", ["x" * 5000, "<b>never closed", "a\x00b", "word " * 900])
def test_no_text_makes_a_place_to_sign_too_large(text):
    bad = Signature(label=text, name=text, role=text, date=text)
    with opened(bad, before=20) as pdf:
        assert len(pdf.Root.AcroForm.Fields) == 1


def test_the_web_page_has_a_line_to_write_on_and_the_same_facts():
    page = write_html(document(CONTROLLER), {}).decode()
    start = page.index('<div class="signature">')
    part = page[start : page.index("</section>", start)]
    assert '<p class="word">Decision of the controller</p>' in part
    assert "<dt>Name</dt><dd>Ada Lovelace</dd>" in part
    assert "<dt>Role</dt><dd></dd>" in part
    assert '<div class="line"><dt>Signature</dt><dd></dd></div>' in part


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_stands_on_each_page_in_its_colour(status, tool, tmp_path):
    assert style.status_tone(status) == STATUSES[status]
    made = document(Paragraph(text="Text"), status=status)
    path = tmp_path / "status.pdf"
    path.write_bytes(write_pdf(made, {}))
    assert status in tool("pdftotext", path, "-").stdout
    assert f'<p class="status {STATUSES[status]}">{status}</p>' in write_html(made, {}).decode()


def test_a_long_status_leaves_room_for_the_title():
    made = document(Paragraph(text="Text"), status="VERY LONG " * 60)
    assert write_pdf(made, {}).startswith(b"%PDF")
