"""The report as one file of HTML, as a browser opens and prints it."""

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

import cli

pytestmark = pytest.mark.e2e

WIDTHS = (1360, 390)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    page, saved = folder / "report.html", folder / "report.json"
    demo = Path(cli.__file__).parent / "demo_data"
    arguments = (
        *("assess", demo / "hospital.csv", "--roles", demo / "hospital_roles.json"),
        *("--hierarchies", demo / "hierarchies", "--policy", "k5"),
        *("--html", page, "--json", saved),
    )
    assert cli.main([str(argument) for argument in arguments]) == 1  # the policy is not met
    return page, saved


@pytest.fixture
def opened(chromium, written):
    context = chromium.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    address = written[0].as_uri()
    page.goto(address)
    yield page
    context.close()
    assert asked == [address]
    assert said == []


def test_the_page_has_no_serious_fault_and_is_never_too_wide(opened):
    axe = pytest.importorskip(
        "axe_core_python.sync_playwright", reason="the accessibility scanner is not installed"
    )
    for width in WIDTHS:
        opened.set_viewport_size({"width": width, "height": 900})
        for table in (False, True):  # closed, then open
            opened.evaluate(
                "open => document.querySelectorAll('details').forEach(d => d.open = open)", table
            )
            found = axe.Axe().run(opened)
            assert found["passes"], "the scan looked at nothing"
            faults = [
                (fault["id"], fault["nodes"][0]["html"][:160])
                for fault in found["violations"]
                if fault["impact"] in {"serious", "critical"}
            ]
            assert faults == []
            assert opened.evaluate("document.documentElement.scrollWidth") == width


def test_the_contents_lead_to_a_section(opened):
    opened.get_by_role("navigation").get_by_role("link", name="12 Recipe").click()
    box = opened.get_by_role("heading", name="12 Recipe").bounding_box()
    assert 0 <= box["y"] < 900


def test_the_attached_assessment_can_be_saved(opened, written):
    with opened.expect_download() as saving:
        opened.get_by_role("link", name="assessment.json").click()
    saved = saving.value
    assert saved.suggested_filename == "assessment.json"
    data = json.loads(Path(saved.path()).read_text("utf-8"))
    assert data == json.loads(written[1].read_text("utf-8"))


def test_printed_pages_tell_their_status_and_number(opened):
    pages = PdfReader(io.BytesIO(opened.pdf(prefer_css_page_size=True))).pages
    texts = [page.extract_text() for page in pages]
    assert len(texts) > 10
    assert all("DRAFT" in text for text in texts)
    assert f"Page 3 of {len(texts)}" in texts[2]
    assert "1 Executive summary" in texts[1]
    assert not any("Values as a table" in text for text in texts)
