from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.elsewhere import release_elsewhere
from microdata.encoding import encode
from microdata.evidence import AGES, ZIP3, Detected
from microdata.hierarchy import Hierarchy
from microdata.identifiers import detected
from microdata.profile import profile, suggested_roles
from microdata.readers import dataset_from_frame, read_dataset
from microdata.release import Release, ReleasedColumn
from microdata.roles import Role, Roles

ROOT = Path(__file__).resolve().parents[2]
ADULT = ROOT / "../shared/data/adult/adult.csv"
ROWS = 200
NOBODY = Roles(by_column={})


def release_of(frame, hierarchies=None):
    return Release.original(encode(dataset_from_frame(frame, "t"), hierarchies or {}))


def one(name, values, roles=NOBODY):
    return detected(release_of(pd.DataFrame({name: values})), roles)[0]


def said(column):
    return {item.subject: item.holds for item in column.evidence}


def cycle(*values):
    return [values[i % len(values)] for i in range(ROWS)]


def generalised(name, values, label):
    rows = [(value, label(value), "*") for value in dict.fromkeys(values)]
    release = release_of(pd.DataFrame({name: values}), {name: Hierarchy.from_rows(name, rows)})
    column = ReleasedColumn.generalized(release.source.domain(name), 1)
    return detected(release.with_columns(column), NOBODY)[0]


@pytest.mark.parametrize(
    ("name", "values", "letter"),
    [
        ("surname", [f"Qx{i}" for i in range(ROWS)], "A"),
        ("street", [f"Lane {i}" for i in range(ROWS)], "B"),
        ("city", cycle("Utrecht", "Breda"), "B"),
        ("x", [f"2020-01-{1 + i % 28:02}" for i in range(ROWS)], "C"),
        ("x", [f"+49 30 12345{i:03}" for i in range(ROWS)], "D"),
        ("fax", [f"12345{i:03}" for i in range(ROWS)], "E"),
        ("x", [f"p{i}@example.org" for i in range(ROWS)], "F"),
        ("x", [f"{i:03}-45-67{i % 90 + 10}" for i in range(ROWS)], "G"),
        ("MRN", [f"K{i // 2}" for i in range(ROWS)], "H"),
        ("policy number", [f"K{i}" for i in range(ROWS)], "I"),
        ("x", cycle("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"), "J"),
        ("driver license", [f"K{i}" for i in range(ROWS)], "K"),
        ("x", cycle("1M8GDM9AXKP042788", "11111111111111111"), "L"),
        ("x", [f"00:1B:44:11:3A:{i:02X}" for i in range(ROWS)], "M"),
        ("x", [f"https://example.org/{i}" for i in range(ROWS)], "N"),
        ("x", [f"10.0.{i}.7" for i in range(ROWS)], "O"),
        ("fingerprint", [f"K{i}" for i in range(ROWS)], "P"),
        ("x", [f"img_{i}.jpg" for i in range(ROWS)], "Q"),
        ("x", [f"K{i}z" for i in range(ROWS)], "R"),
        ("patient_id", [f"K{i // 4}" for i in range(ROWS)], "R"),
    ],
)
def test_each_class_of_safe_harbor_is_detected(name, values, letter):
    found = said(one(name, values))
    letters = {subject for subject, holds in found.items() if holds == "yes" and len(subject) == 1}
    assert letters == {letter}


def test_names_are_known_by_rows_and_by_values_and_only_if_there_are_enough_of_them():
    listed = (
        "James Mary Robert Patricia John Jennifer Michael Linda David Barbara William Susan "
        "Richard Jessica Joseph Karen Thomas Sarah Charles Nancy Daniel Lisa"
    )
    given_names = listed.split()
    people = [f"{given_names[i % 22]} Qorvath{chr(97 + i % 26)}" for i in range(ROWS)]
    column = one("x1", people)
    assert said(column)["A"] == "yes"
    assert column.about("A").share == 1
    # The same names in one row of ten are a chance, and so are five names in all rows.
    few = [given_names[i % 22] if i % 10 == 0 else f"thing{i % 7}" for i in range(ROWS)]
    assert "A" not in said(one("x1", few))
    assert "A" not in said(one("x1", cycle("Taylor", "Smith", "Jackson", "Lee", "Miller")))


def test_a_race_is_an_ethnic_origin_and_no_surname_and_an_age_no_date():
    race = one("race", cycle("White", "Black", "Brown", "Green", "King"))
    assert said(race) == {"ethnic origin": "yes"}
    assert said(one("age", [i % 80 for i in range(ROWS)])) == {AGES: "no"}
    unnamed = one("x1", cycle("White", "Black", "Asian", "Hispanic", "Other"))
    assert said(unnamed) == {"ethnic origin": "yes"}
    assert unnamed.about("ethnic origin").share == 1
    # White and black alone are colours.
    assert said(one("x1", cycle("white", "black", "red"))) == {}


@pytest.mark.parametrize(
    ("name", "values", "category"),
    [
        ("x1", ["Catholic", "Muslim", "none", "Protestant"], "religion"),
        ("x1", ["Democrat", "Republican", "Independent"], "political"),
        ("x1", ["heterosexual", "bisexual", "straight"], "sexual orientation"),
        ("x1", ["union member", "not a union member"], "trade union"),
        ("x1", ["Heart disease", "Viral infection", "Cancer"], "health"),
        ("x1", ["Felony", "Misdemeanor", "none"], "criminal offences"),
        ("hiv", ["0", "1"], "health"),
        ("genotype", ["AA", "AG"], "biometric/genetic"),
    ],
)
def test_special_categories_are_known_by_name_or_by_the_values_of_the_rows(name, values, category):
    column = one(name, cycle(*values))
    assert column.special_categories == (category,)
    assert column.about(category).by_name == (name != "x1")


def test_what_most_rows_do_not_hold_is_no_special_category():
    assert one("x1", cycle("Cancer", "Asthma", "a", "b", "c")).special_categories == ()


def test_few_rows_of_a_shape_are_told_and_not_decided():
    values = [f"p{i}@example.org" if i < 2 else f"note {i % 9}" for i in range(ROWS)]
    item = one("contact", values).about("F")
    assert (item.holds, item.share) == ("unclear", None)
    assert item.because == "fewer than 5 of its rows fit; too few rows to be sure"


def test_ranges_of_numbers_are_no_telephone_numbers():
    assert said(one("x1", cycle("10000-19999", "20000-29999"))) == {}


def test_a_name_whose_values_repeat_a_thousand_times_is_not_decided():
    item = one("name", ["a", "b"] * 500).about("A")
    assert item.holds == "unclear"
    assert "500 rows on average" in item.because
    # Whether somebody has a telephone is no telephone number.
    assert one("mobile", ["yes", "no"] * 500).about("D").holds == "no"


@pytest.mark.parametrize(
    ("label", "place", "small"),
    [
        (lambda zip_: zip_, "yes", "yes"),
        (lambda zip_: f"{zip_[:4]}*", "yes", "yes"),
        (lambda zip_: f"{zip_[:3]}**", "no", "yes"),
        (lambda zip_: f"{zip_[:3]}xx", "no", "yes"),
        (lambda zip_: zip_[:3], "no", "yes"),
        (lambda zip_: "000" if zip_[:3] == "036" else zip_[:3], "no", "no"),
        (lambda zip_: f"{zip_[:2]}***", "no", "no"),
        (lambda _: "north", "unclear", "unclear"),
        (lambda _: "10000-19999", "unclear", "unclear"),
    ],
)
def test_postcodes_are_read_as_they_are_released(label, place, small):
    values = cycle("03601", "13053", "13068", "02139")
    found = said(generalised("zip", values, label))
    assert (found["B"], found[ZIP3]) == (place, small)


def test_the_share_of_a_small_area_counts_rows():
    values = ["03601"] * 20 + ["13053"] * 180
    assert generalised("zip", values, lambda zip_: zip_[:3]).about(ZIP3).share == 0.1


@pytest.mark.parametrize(
    ("label", "holds"),
    [
        (lambda day: day, "yes"),
        (lambda day: day[:7], "yes"),
        (lambda day: f"{day[:4]}-Q1", "yes"),
        (lambda day: f"{day[:7]}-**", "yes"),
        (lambda day: f"[{day}, 2020-01-01)", "yes"),
        (lambda _: "Jan 1981", "yes"),
        (lambda day: day[:4], "no"),
        (lambda day: f"{day[:3]}0-{day[:3]}9", "no"),
        (lambda _: "early", "no"),
        (lambda day: day[5:7], "unclear"),
    ],
)
def test_dates_are_read_as_they_are_released(label, holds):
    values = [f"{1971 + i % 30}-{1 + i % 12:02}-15" for i in range(ROWS)]
    assert said(generalised("date of birth", values, label))["C"] == holds


@pytest.mark.parametrize(
    ("ages", "holds", "share"),
    [
        ([20, 89, 30, 40], "no", 0),
        ([20, 90, 30, 40], "yes", 0.25),
        (["20", "91", "91", "40"], "yes", 0.5),
        (["20-29", ">=90", "80-89", "30-39"], "no", 0),
        (["20-29", "90-99", "80-89", "30-39"], "no", 0),
        (["20-29", "90-94", "95-99", "30-39"], "yes", 0.5),
        (["<90", "<90", "90+", "90+"], "no", 0),
        (["young", "old", "old", "young"], "unclear", None),
    ],
)
def test_ages_over_89_are_one_group_or_told(ages, holds, share):
    item = one("age", [str(age) for age in ages] * 50).about(AGES)
    assert (item.holds, item.share) == (holds, share)


def test_years_of_birth_tell_ages_over_89_by_the_latest_date_of_the_table():
    born = ["1926"] * 50 + ["1990"] * 150
    alone = one("year_of_birth", born)
    assert said(alone) == {"C": "no", AGES: "unclear"}
    frame = pd.DataFrame({"year_of_birth": born, "admission_date": ["2016-03-04"] * ROWS})
    birth = detected(release_of(frame), NOBODY)[0]
    assert birth.about(AGES).share == 0.25
    frame["admission_date"] = ["2015-03-04"] * ROWS  # at most 89 years later
    assert said(detected(release_of(frame), NOBODY)[0])[AGES] == "unclear"
    assert said(one("year_of_birth", ["1937", "1990"] * 100))[AGES] == "no"


def test_a_few_dates_in_a_column_of_something_else_are_told_and_not_decided():
    values = ["2020-01-02" if i < 10 else f"note {i % 9}" for i in range(ROWS)]
    item = one("x1", values).about("C")
    assert (item.holds, item.share) == ("unclear", 0.05)


def test_the_name_of_an_organisation_is_no_name_of_a_person():
    assert "A" not in said(one("company name", [f"Q{i % 9}" for i in range(ROWS)]))


def test_a_masked_number_of_people_is_not_decided():
    values = [f"K{i:03}" for i in range(ROWS)]
    column = generalised("patient_id", values, lambda value: f"{value[:3]}*")
    assert said(column) == {"R": "unclear"}


def test_pseudonyms_are_codes_that_a_table_cannot_judge():
    release = release_of(pd.DataFrame({"name": [f"Q{i}" for i in range(ROWS)]}))
    hidden = replace(release.columns["name"], renamed=True)
    column = detected(release.with_columns(hidden), NOBODY)[0]
    assert column.state == "pseudonyms"
    assert said(column) == {"A": "no", "R": "unclear"}


def test_masked_names_are_not_decided_and_suppressed_ones_are_gone():
    values = [f"Q{i:03}" for i in range(ROWS)]
    assert said(generalised("surname", values, lambda value: f"{value[:2]}**")) == {"A": "unclear"}
    gone = generalised("surname", values, lambda _: "*")
    assert (gone.state, gone.evidence) == ("empty", ())


def test_columns_that_were_left_out_are_not_there():
    release = release_of(pd.DataFrame({"email": ["a@example.org"] * 9, "age": [1] * 9}))
    assert [column.column for column in detected(release.without(("email",)), NOBODY)] == ["age"]
    assert detected(release.without(("email", "age")), NOBODY) == ()


def test_only_the_rows_that_are_released_count():
    release = release_of(pd.DataFrame({"age": [str(20 + i) for i in range(100)]}))
    kept = np.arange(100) < 60
    assert said(detected(release, NOBODY)[0])[AGES] == "yes"
    assert said(detected(release.keeping(kept), NOBODY)[0])[AGES] == "no"


def test_the_role_is_evidence_where_nothing_else_is():
    roles = Roles(by_column={"x1": Role.DIRECT_IDENTIFIER, "x2": Role.PERSON})
    frame = pd.DataFrame({"x1": cycle("a", "b"), "x2": cycle(*"cdefghij")})
    for column in detected(release_of(frame), roles):
        assert said(column) == {"R": "yes"}
        assert "marked as" in column.about("R").because


def test_free_text_is_told_and_not_read():
    values = [f"On day {i} the person said that all was well again" for i in range(ROWS)]
    assert one("remark", values).free_text


def test_a_table_protected_elsewhere_is_read_by_its_own_labels():
    original = encode(dataset_from_frame(pd.DataFrame({"zip": ["13053", "13068"] * 9}), "t"))
    table = dataset_from_frame(pd.DataFrame({"zip": ["130**"] * 18}), "r")
    column = detected(release_elsewhere(original, table), NOBODY)[0]
    assert column.state == "changed"
    assert said(column) == {"B": "no", ZIP3: "no"}


@pytest.mark.skipif(not ADULT.exists(), reason="the Adult table is not beside this checkout")
def test_adult_holds_no_names_and_no_dates():
    dataset = read_dataset(ADULT.read_bytes(), "adult.csv")
    roles = suggested_roles(profile(dataset))
    found = {
        column.column: said(column) for column in detected(Release.original(encode(dataset)), roles)
    }
    assert {name: items for name, items in found.items() if items} == {
        "age": {AGES: "yes"},
        "race": {"ethnic origin": "yes"},
    }


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "hospital.csv",
            {
                "person_id": {"R": "yes"},
                "name": {"A": "yes"},
                "email": {"F": "yes"},
                "date_of_birth": {"C": "yes", AGES: "yes"},
                "postcode": {"B": "yes", ZIP3: "yes"},
                "admission_date": {"C": "yes"},
                "diagnosis": {"health": "yes"},
            },
        ),
        (
            "school.csv",
            {
                "year_of_birth": {"C": "no", AGES: "no"},
                "postcode": {"B": "yes", ZIP3: "yes"},
                "special_needs": {"health": "yes"},
            },
        ),
        (
            "inpatients.csv",
            {
                "zip": {"B": "yes", ZIP3: "yes"},
                "age": {AGES: "no"},
                "condition": {"health": "yes"},
            },
        ),
    ],
)
def test_the_demonstration_tables_give_no_false_alarm(file, expected):
    dataset = read_dataset((ROOT / "demo_data" / file).read_bytes(), file)
    roles = suggested_roles(profile(dataset))
    columns = detected(Release.original(encode(dataset)), roles)
    assert {column.column: said(column) for column in columns if column.evidence} == expected


SECRET = st.text(st.characters(min_codepoint=0x41, max_codepoint=0x2FF), min_size=4, max_size=40)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(SECRET.map(lambda text: "Q7" + text), min_size=1, max_size=8),
    st.sampled_from(["name", "zip", "age", "date", "x1", "diagnosis", "mobile"]),
    st.randoms(),
)
def test_the_record_holds_no_value_and_is_the_same_in_any_order_of_rows(values, name, random):
    column = one(name, values)
    data = json.loads(json.dumps(column.to_json()))
    assert "Q7" not in json.dumps(data)
    assert Detected.from_json(data) == column
    shuffled = random.sample(values, len(values))
    assert one(name, shuffled) == column


@pytest.mark.parametrize("name", ["<b>name</b>", "=SUM(A1)", "name\n\n# x", "zip'; DROP"])
def test_hostile_column_names_are_data(name):
    column = one(name, [f"Q{i}" for i in range(ROWS)])
    assert column.column == release_of(pd.DataFrame({name: ["a"]})).source.dataset.column_names[0]
    assert not any(item.because.startswith("=") for item in column.evidence)


def test_a_long_list_of_values_is_sampled_and_says_so():
    given_names = ("James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael")
    values = [f"{given_names[i % 7]} Qo{i:05}".translate(str.maketrans("0123456789", "abcdefghij"))
              for i in range(21_000)]  # fmt: skip
    item = one("x1", values).about("A")
    assert item.holds == "yes"
    assert "20,000 of its 21,000 different values were looked at" in item.because
