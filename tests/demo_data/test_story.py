"""The demo tables show what their sentences say, in the figures that their README states."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import demo_data

FOLDER = Path(demo_data.__file__).parent
LINKING = ["date_of_birth", "sex", "postcode"]
README = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)


def recode(table: pd.DataFrame, folder: str, levels: dict[str, int]) -> pd.DataFrame:
    recoded = table.copy()
    for column, level in levels.items():
        rows = pd.read_csv(
            FOLDER / folder / f"{column}.csv", sep=";", header=None, dtype=str
        ).set_index(0, drop=False)
        groups = rows[level].to_dict() | {"": ""}
        recoded[column] = table[column].map(groups)
    return recoded


def uniques(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop_duplicates(LINKING, keep=False)


@pytest.fixture(scope="module")
def hospital() -> pd.DataFrame:
    return read("hospital.csv")


@pytest.fixture(scope="module")
def people(hospital) -> pd.DataFrame:
    return hospital.drop_duplicates("person_id")


@pytest.fixture(scope="module")
def links(people) -> pd.DataFrame:
    return uniques(people).merge(uniques(read("register.csv")), on=LINKING, validate="1:1")


def test_sizes_are_those_of_the_readme(hospital, people):
    assert (len(hospital), len(people), len(read("register.csv"))) == (3977, 3400, 9000)
    assert "3,977 admissions of 3,400 people" in README


def test_a_person_keeps_name_birthday_and_home(hospital):
    fixed = ["name", "email", *LINKING, "marital_status", "occupation"]
    assert len(hospital[["person_id", *fixed]].drop_duplicates()) == 3400
    assert hospital["person_id"].duplicated().any()


def test_three_columns_single_out_nearly_everyone(people):
    alone = len(uniques(people))
    assert alone == 3382
    assert alone / len(people) > 0.6
    assert "3,382 of the 3,400 people (99.5 %)" in README


def test_the_register_gives_names_back(links):
    right = int((links["name_x"] == links["name_y"]).sum())
    assert (len(links), right) == (1753, 1746)
    assert "1,753 people are unique by these three in both tables" in README
    assert "1,746 of the links (99.6 %) are right" in README


def test_the_register_holds_three_fifths_of_the_adult_patients(people):
    keys = [*LINKING, "name"]
    adults = people[people["date_of_birth"] <= "2006-01-01"]
    listed = adults.merge(read("register.csv"), on=keys)
    assert len(listed) / len(adults) == pytest.approx(0.6, abs=0.001)
    register = read("register.csv")
    assert register["date_of_birth"].max() <= "2006-01-01"


@pytest.mark.parametrize(
    ("levels", "suppressed", "sentence"),
    [
        (
            {"date_of_birth": 3, "sex": 0, "postcode": 3},
            36,
            "36 admissions (0.9 %) suppressed",
        ),
        (
            {
                "date_of_birth": 4,
                "sex": 0,
                "postcode": 4,
                "marital_status": 1,
                "occupation": 2,
                "admission_date": 3,
            },
            240,
            "240 admissions (6.0 %) suppressed",
        ),
    ],
    ids=["three columns", "all six"],
)
def test_a_coarser_table_has_classes_of_five(hospital, levels, suppressed, sentence):
    coarse = recode(hospital, "hierarchies", levels)
    people_in_class = coarse.groupby(list(levels))["person_id"].transform("nunique")
    assert int((people_in_class < 5).sum()) == suppressed
    assert suppressed < 0.1 * len(hospital)
    assert sentence in README
    kept = coarse[people_in_class >= 5]
    assert kept.groupby(list(levels))["person_id"].nunique().min() >= 5


def test_missing_cells_are_one_to_three_percent(hospital):
    missing = (hospital == "").mean()
    assert set(missing[missing > 0].index) == {"marital_status", "occupation"}
    assert missing[missing > 0].between(0.01, 0.03).all()


def test_diagnoses_depend_on_age_and_sex(hospital):
    births = hospital[hospital["diagnosis"].isin(["Childbirth", "Pregnancy complication"])]
    assert set(births["sex"]) == {"F"}
    assert set(hospital.loc[hospital["diagnosis"] == "Prostate cancer", "sex"]) == {"M"}
    year = hospital["date_of_birth"].str[:4].astype(int)
    assert year[hospital["diagnosis"] == "Hip fracture"].median() < 1960
    assert year[hospital["diagnosis"] == "Appendicitis"].median() > 1975


def test_occupations_depend_on_age(hospital):
    year = hospital["date_of_birth"].str[:4].astype(int)
    assert year[hospital["occupation"] == "Retired"].max() <= 1964
    assert year[hospital["occupation"] == "School pupil"].min() >= 2005


def test_cost_is_skewed_and_depends_on_the_diagnosis(hospital):
    cost = hospital["cost"].astype(int)
    assert cost.mean() > 1.3 * cost.median()
    medians = cost.groupby(hospital["diagnosis"]).median()
    assert medians["Leukaemia"] > 8 * medians["Concussion"]


def test_inpatients_generalise_to_the_published_table():
    coarse = recode(
        read("inpatients.csv"), "inpatients_hierarchies", {"zip": 1, "age": 1, "nationality": 2}
    )
    assert coarse.equals(read("inpatients_anonymous.csv"))


def test_inpatients_are_four_anonymous_and_one_class_has_one_condition():
    groups = read("inpatients_anonymous.csv").groupby(["zip", "age", "nationality"])
    assert groups.size().tolist() == [4, 4, 4]
    assert sorted(groups["condition"].nunique()) == [1, 2, 3]


def test_school_has_classes_in_which_every_pupil_has_support():
    pupils = read("school.csv")
    assert len(pupils) == 600
    all_supported = (pupils["special_needs"] != "No support").groupby(pupils["class"]).all()
    assert set(all_supported[all_supported].index) == {"5d", "6d"}


def test_school_has_languages_spoken_by_fewer_than_five():
    counts = read("school.csv")["language_at_home"].value_counts()
    assert (counts < 5).sum() >= 3
