"""From a file to the report and the protected table, as a user does it."""

import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from microdata.readers import read_dataset

pytestmark = pytest.mark.e2e

DEMO = Path(__file__).resolve().parents[2] / "demo_data"
WANTED = 5
QUASI = ("zip", "age", "nationality")


def smallest_group(raw, columns):
    table = read_dataset(raw, "table.csv").frame
    groups = Counter(table[list(columns)].astype(str).itertuples(index=False, name=None))
    return min(groups.values())


def people():
    """Return a table whose groups are easy to see: 40 rows, ages that nobody shares."""
    head = "zip,age,nationality,condition"
    nations = ("Norwegian", "Danish")
    illnesses = ("Asthma", "Migraine", "Eczema", "Gout")
    rows = [f"{13050 + i % 2},{20 + i},{nations[i % 2]},{illnesses[i % 4]}" for i in range(40)]
    return "\n".join([head, *rows]).encode()


def mark(tab, column, role):
    tab.page.get_by_role("combobox", name=f"Role of {column}").click()
    tab.page.get_by_role("option", name=role).click()
    tab.settled()


def test_a_file_becomes_a_report_and_a_protected_table_with_the_same_k(tab):
    raw = people()
    assert smallest_group(raw, QUASI) == 1
    tab.upload("people.csv", raw).go("Columns")
    for column in QUASI:
        mark(tab, column, "Others can know it")
    mark(tab, "condition", "To be kept private")
    tab.press("Propose for all quasi-identifiers without one")
    tab.go("Risk")
    assert tab.tile("Smallest group") == "1"
    assert tab.tile("Highest risk").startswith("certain")

    tab.go("Reduce").coarser("age")
    tab.press("Leave out groups below 5, as the policy asks")
    k = int(tab.tile("Smallest group"))
    assert k >= WANTED
    assert f"1 in {k}" in tab.tile("Highest risk")

    tab.go("Report").press("Make the PDF")
    printed = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(tab.download("Download PDF"))).pages
    )
    assert re.search(rf"\bk\s*=\s*{k}\b|1 in {k}\b", printed)

    table = tab.download("Download table (CSV)")
    assert smallest_group(table, QUASI) == k
    assessment = json.loads(tab.download("Assessment (JSON)"))
    assert assessment["before"]["models"]["k-anonymity"] == 1
    assert assessment["after"]["models"]["k-anonymity"] == k
    recipe = json.loads(tab.download("Recipe (JSON)"))
    assert [step["step"] for step in recipe["steps"]] == ["generalize", "suppress_records"]


def test_undo_and_redo_bring_the_figures_back(tab):
    tab.demo("Twelve inpatients").go("Reduce")
    first = tab.tile("Detail kept")
    tab.coarser("age")
    second = tab.tile("Detail kept")
    assert second != first
    tab.press("Undo")
    assert tab.tile("Detail kept") == first
    tab.press("Redo")
    assert tab.tile("Detail kept") == second
    tab.press("Start again")
    assert tab.tile("Detail kept") == first


def test_a_choice_survives_leaving_the_page_and_a_project_brings_it_to_another_visit(open_tab):
    tab = open_tab().demo("Twelve inpatients").go("Reduce").coarser("age").go("Risk").go("Reduce")
    kept = tab.tile("Detail kept")
    project = tab.go("Report").download("Project, to go on later (JSON)")
    later = open_tab().upload("inpatients.csv", (DEMO / "inpatients.csv").read_bytes())
    later.page.get_by_text("Continue earlier work").click()
    later.page.locator("[data-testid=stFileUploader] input[type=file]").nth(1).set_input_files(
        {"name": "project.json", "mimeType": "application/json", "buffer": project}
    )
    later.page.get_by_text("in force again").wait_for()
    assert later.go("Reduce").tile("Detail kept") == kept
    assert tab.page.get_by_test_id("stException").count() == 0


def test_charts_have_words_and_a_table_of_their_values(tab):
    tab.demo("Twelve inpatients").go("Risk")
    charts = tab.page.get_by_test_id("stPlotlyChart")
    assert charts.count() >= 4
    for i in range(charts.count()):
        drawn = charts.nth(i)
        words = drawn.get_attribute("aria-label") or drawn.locator(
            "[aria-label]"
        ).first.get_attribute("aria-label")
        assert words
        assert len(words) > 20
    assert tab.page.get_by_text("Values as a table").count() >= charts.count()
