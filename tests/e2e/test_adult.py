from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "adult"
LEVELS = {
    "age": 2,
    "education": 1,
    "marital-status": 1,
    "native-country": 1,
    "occupation": 1,
    "race": 0,
    "sex": 0,
    "workclass": 1,
}
COUNT = "Groups of look-alikes"


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the Adult file is not part of the project")
def test_published_figures_of_adult(visit, screen):
    page = visit()
    app = screen(page)
    app.upload(FOLDER / "adult.csv")
    assert "30,162" in app.body()

    app.go("Columns")
    for column in LEVELS:
        role = page.get_by_role("combobox", name=f"Role of {column}", exact=True)
        if not role.input_value().startswith("Others can know it"):
            app.choose(f"Role of {column}", "Others can know it (quasi-identifier)")
    for column in ("salary-class",):
        app.choose(f"Role of {column}", "To be kept private (sensitive)")
    app.upload(
        *(FOLDER / f"adult_hierarchy_{column}.csv" for column in LEVELS), label="Upload hierarchies"
    )

    app.go("Risk")
    assert "14,021 of 30,162 people (46.5 %)" in app.body()
