"""Several visitors at once, files that mean harm, and what is left when data is forgotten."""

import io
import zipfile

import pytest

pytestmark = pytest.mark.e2e


def given(name, raw):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": raw}


def far_cell():
    """Return a workbook of a few kilobytes whose one cell stands in the last row and column."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="1048576">'
        '<c r="XFD1048576" t="inlineStr"><is><t>b</t></is></c></row></sheetData></worksheet>'
    )
    office = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/'
        'sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        'worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship '
        f'Id="rId1" Type="{office}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{office}/spreadsheetml/2006/main" xmlns:r="{office}/'
        'officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


REFUSED = {
    "nothing.csv": b"",
    "blank.csv": b"\n\n  \n",
    "header.csv": b"age,town\n",
    "binary.csv": bytes(range(256)) * 40,
    "far.xlsx": far_cell(),
    "zip.parquet": b"PAR1 and no more",
}
TAKEN = {
    "one.csv": b"age\n1\n2\n2\n",
    "arabic.csv": "العمر,المدينة\n٣٠,القاهرة\n٤٠,دمشق\n".encode(),
    "chinese.csv": "年龄,城市\n30,北京\n40,上海\n".encode("gb18030"),
}


def test_a_file_that_cannot_be_read_is_told_while_others_go_on(visit, screen):
    other = screen(visit())
    other.click("Twelve inpatients")
    other.go("Reduce")
    for name, raw in REFUSED.items():
        app = screen(visit())
        app.upload(given(name, raw))
        alert = app.page.get_by_test_id("stAlert").first
        alert.wait_for()
        assert len(alert.inner_text()) > 30, name
        assert "Traceback" not in app.body()
        assert "Something went wrong" not in app.body(), name
        assert "Nothing is in memory" in app.body(), name
    other.press("age", "ArrowRight")
    assert "was 1" in " ".join(other.tiles())


@pytest.mark.parametrize("name", TAKEN)
def test_a_small_or_foreign_table_is_read(visit, screen, name):
    app = screen(visit())
    app.upload(given(name, TAKEN[name]))
    app.page.get_by_text("What the columns look like").wait_for()
    assert f"In memory: {name}" in app.body()
    for page in ("Columns", "Risk"):
        app.go(page)
        assert "Something went wrong" not in app.body()


def test_two_tabs_do_not_share_a_table(visit, screen):
    one, two = screen(visit()), screen(visit())
    one.click("Hospital admissions")
    one.page.get_by_text("hospital.csv, 3,977 rows").wait_for()
    two.page.reload()
    two.page.get_by_text("Nothing is in memory").wait_for()
    two.click("Twelve inpatients")
    two.page.get_by_text("inpatients.csv, 12 rows").wait_for()
    one.go("Risk")
    two.go("Risk")
    assert "hospital.csv, 3,977 rows" in one.body()
    assert one.tile("People in groups below 5") != two.tile("People in groups below 5")
    one.click("Forget my data")
    assert "inpatients.csv, 12 rows" in two.body()
    two.go("Reduce")
    assert two.tile("Smallest group") == "1"


def test_forgetting_empties_the_tab(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    app.go("Reduce")
    app.click("Forget my data")
    page.get_by_text("Nothing is in memory").wait_for()
    app.go("Risk")
    assert "inpatients" not in app.body()
    assert page.locator(".js-plotly-plot").count() == 0


@pytest.mark.parametrize("path", ["risk", "report"])
def test_the_frame_stands_around_a_page_that_is_opened_by_its_address(visit, path):
    page = visit(path)
    page.get_by_text("Nothing is in memory").wait_for()
    page.get_by_role("link", name="Go to Data").wait_for()
