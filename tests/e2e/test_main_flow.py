import io
import json
import re

import pandas as pd
import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.e2e
QUASI = ("date_of_birth", "sex", "postcode", "marital_status", "occupation", "admission_date")


def number(text):
    return int(re.match(r"[\d,]+", text).group().replace(",", ""))


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_from_a_file_to_the_report(visit, screen, demo_csv, command_line, unpack):
    page = visit()
    app = screen(page)
    app.upload(demo_csv)
    assert "3,977" in app.body()
    assert "look like codes" in app.body()  # what was understood of the postcodes

    app.go("Columns")
    assert "date_of_birth" in app.body()
    role = page.get_by_role("combobox", name="Role of cost", exact=True)
    assert role.input_value().startswith("To be kept private")
    app.choose("Role of cost", "None of these (insensitive)")
    assert role.input_value().startswith("None of these")
    app.click("Propose for all quasi-identifiers without one")

    app.go("Risk")
    assert "are alone in their class" in app.body()
    assert app.tile("Smallest group") == "1"

    app.go("Reduce")
    for column in ("name", "email"):
        app.choose(column, "leave out")
    app.choose("person_id", "replace by pseudonyms")
    for column, times in zip(QUASI, (2, 1, 3, 1, 9, 9), strict=True):
        app.press(column, "ArrowRight", times)
    k = app.tile("Smallest group")
    app.click("Leave out groups below 5, as the policy asks")
    assert number(app.tile("Smallest group")) >= 5
    app.click("Undo")
    assert app.tile("Smallest group") == k
    app.click("Redo")
    k, share = app.tile("Smallest group"), app.tile("People left out")
    highest = app.tile("Highest risk")
    assert number(k) >= 5

    app.go("Report")
    assert app.tile("Smallest group") == k
    app.click("Make the PDF")
    text = words(app.download("Download PDF"))
    assert f"(k = {k})" in text
    assert share.replace(" ", "") in text.replace(" ", "")
    assert highest.replace(" ", "") in text.replace(" ", "")

    table = pd.read_csv(io.BytesIO(app.download("Download table (CSV)")), dtype=str)
    assert not {"name", "email"} & set(table.columns)
    # People are counted, not rows: a person with two rows in a class counts once.
    people = table.groupby(list(QUASI), dropna=False)["person_id"].nunique()
    assert people.min() == number(k)

    shown = json.loads(app.download("Assessment (JSON)"))
    folder = unpack(app.download("Hierarchies (ZIP)"), "hierarchies")
    computed = command_line(
        *("assess", "hospital.csv", "--roles", "roles.json", "--recipe", "recipe.json"),
        *("--hierarchies", str(folder), "--policy", "k5"),
        hospital__csv=demo_csv.read_bytes(),
        recipe__json=app.download("Recipe (JSON)"),
        roles__json=json.dumps(shown["roles"]).encode(),
    )
    for key in ("before", "after", "verdicts", "overall", "pia", "recipe_digest"):
        assert shown[key] == computed[key]


def test_two_tabs_do_not_share_a_table(visit, screen, demo_csv):
    one, two = screen(visit()), screen(visit())
    one.upload(demo_csv)
    two.page.reload()
    two.page.get_by_text("Nothing is in memory").wait_for()
    two.click("Twelve inpatients")
    assert "inpatients.csv, 12 rows" in two.body()
    one.go("Risk")
    assert "hospital.csv, 3,977 rows" in one.body()
    assert one.tile("Smallest group") == "1"


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
