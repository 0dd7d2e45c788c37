from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.patterns import mask
from microdata.profile import Profile, profile, suggested_roles
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from microdata.vocabulary import TOPICS, spoken, topics_of

ADULT = Path(__file__).resolve().parents[2] / "../shared/data/adult/adult.csv"
ROWS = 200


def of(**columns) -> Profile:
    frame = pd.DataFrame({name.replace("_", " "): values for name, values in columns.items()})
    return profile(dataset_from_frame(frame, "t"))


def one(name, values):
    return profile(dataset_from_frame(pd.DataFrame({name: values}), "t")).columns[0]


def cycle(*values):
    return [values[i % len(values)] for i in range(ROWS)]


@pytest.mark.skipif(not ADULT.exists(), reason="the Adult table is not beside this checkout")
def test_the_suggestions_on_adult_are_those_of_the_literature():
    found = profile(read_dataset(ADULT.read_bytes(), "adult.csv"))
    roles = suggested_roles(found)
    assert roles.quasi_identifiers == (
        "sex",
        "age",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "occupation",
    )
    assert roles.sensitive == ("salary-class",)
    assert found.column("race").special_category == "ethnic origin"


def test_figures_of_a_table_solved_by_hand():
    column = one("colour", ["red", "red", "blue", None])
    assert (column.distinct, column.missing) == (2, 1)
    assert column.missing_share == 0.25
    assert column.unique_share == 0.25
    assert column.masked_sample == "aaa"


@pytest.mark.parametrize(
    ("values", "what", "letter"),
    [
        ([f"p{i}@example.org" for i in range(ROWS)], "an e-mail address", "F"),
        (cycle("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"), "an IBAN", "J"),
        (cycle("4111 1111 1111 1111", "5500-0000-0000-0004"), "a payment card number", "J"),
        ([f"{i:03}-45-67{i % 90 + 10}" for i in range(ROWS)], "a national identity number", "G"),
        ([f"+49 30 12345{i:03}" for i in range(ROWS)], "a telephone number", "D"),
        ([f"10.0.{i}.7" for i in range(ROWS)], "an IP address", "O"),
        ([f"https://example.org/{i}" for i in range(ROWS)], "a web address", "N"),
    ],
)
def test_the_shape_of_values_tells_under_any_name(values, what, letter):
    column = one("x1", values)
    assert column.role is Role.DIRECT_IDENTIFIER
    assert column.reason == f"100.0 % of the rows with a value hold {what}."
    assert column.hipaa_class == letter


def test_shapes_with_a_wrong_check_digit_do_not_count():
    assert "IBAN" not in one("x1", cycle("GB82WEST12345698765433", "DE88370400440532013000")).reason
    assert "card" not in one("x1", cycle("4111 1111 1111 1112", "5500-0000-0000-0005")).reason


def test_shapes_are_counted_over_rows_not_over_distinct_values():
    # Half of the distinct values look like an address on the net; 1 row in 100 does.
    values = ["10.0.0.1", "10.0.0.2"] + ["office", "home"] * 99
    assert one("x1", values).role is Role.QUASI_IDENTIFIER
    # A few e-mail addresses among many rows are enough.
    mails = [f"p{i}@example.org" for i in range(10)] + ["none given"] * 190
    assert one("contact", mails).reason.startswith("5.0 % of the rows")


def test_surnames_that_are_also_colours_do_not_make_a_race_a_name():
    column = one("race", cycle("White", "Black", "Brown", "Green", "King"))
    assert column.role is Role.QUASI_IDENTIFIER
    assert "race or ethnic origin" in column.reason


@pytest.mark.parametrize(
    ("name", "role", "letter", "special"),
    [
        ("Vorname", Role.DIRECT_IDENTIFIER, "A", None),
        ("lastName", Role.DIRECT_IDENTIFIER, "A", None),
        ("Prénom", Role.DIRECT_IDENTIFIER, "A", None),
        ("Telefonnummer", Role.DIRECT_IDENTIFIER, "D", None),
        ("dirección", Role.DIRECT_IDENTIFIER, "B", None),
        ("BSN", Role.DIRECT_IDENTIFIER, "G", None),
        ("Geburtsdatum", Role.QUASI_IDENTIFIER, "C", None),
        ("date_of_birth", Role.QUASI_IDENTIFIER, "C", None),
        ("code postal", Role.QUASI_IDENTIFIER, "B", None),
        ("PLZ", Role.QUASI_IDENTIFIER, "B", None),
        ("Geschlecht", Role.QUASI_IDENTIFIER, None, None),
        ("leeftijd", Role.QUASI_IDENTIFIER, None, None),
        ("ethnicity", Role.QUASI_IDENTIFIER, None, "ethnic origin"),
        ("Religion", Role.SENSITIVE, None, "religion"),
        ("sexual orientation", Role.SENSITIVE, None, "sexual orientation"),
        ("Gewerkschaft", Role.SENSITIVE, None, "trade union"),
        ("political_party", Role.SENSITIVE, None, "political"),
        ("genotype", Role.SENSITIVE, None, "biometric/genetic"),
        ("diagnóstico", Role.SENSITIVE, None, "health"),
        ("drug_name", Role.SENSITIVE, None, "health"),
        ("Einkommen", Role.SENSITIVE, None, None),
        ("GPA", Role.SENSITIVE, None, None),
    ],
)
def test_names_tell_in_several_languages(name, role, letter, special):
    column = one(name, cycle("a", "b", "c"))
    assert column.reason.startswith("The name says it holds")
    assert (column.hipaa_class, column.special_category) == (letter, special)
    # Three values in 200 rows do not point to one person, whatever the name.
    column = one(name, [f"v{i % 150}" for i in range(ROWS)])
    assert column.role is role
    assert column.reason.startswith("The name says it holds")


def test_a_name_with_few_values_is_no_direct_identifier():
    column = one("name", ["a", "b"] * 500)
    assert column.role is Role.QUASI_IDENTIFIER
    assert "500 rows on average" in column.reason


def test_an_identifier_that_repeats_numbers_people_and_a_unique_one_names_them():
    repeated = one("patient_id", [f"P{i // 4}" for i in range(ROWS)])
    assert repeated.role is Role.PERSON
    assert "4.0 rows a value" in repeated.reason
    unique = one("patient_id", [f"P{i}" for i in range(ROWS)])
    assert unique.role is Role.DIRECT_IDENTIFIER
    assert one("MRN", [f"P{i // 4}" for i in range(ROWS)]).hipaa_class == "H"


def test_person_household_and_weight_are_given_once():
    twice = [str(i // 2) for i in range(ROWS)]
    weights = [1.5 + i % 7 for i in range(ROWS)]
    found = of(
        pid=twice, subject_id=twice, hhid=twice, household_id=twice, fnlwgt=weights, wgt=weights
    )
    assert [column.role for column in found.columns] == [
        Role.PERSON,
        Role.DIRECT_IDENTIFIER,
        Role.HOUSEHOLD,
        Role.DIRECT_IDENTIFIER,
        Role.WEIGHT,
        Role.INSENSITIVE,
    ]
    assert isinstance(suggested_roles(found), Roles)


def test_the_number_of_an_organisation_is_not_that_of_a_person():
    assert one("hospital_id", [f"H{i // 4}" for i in range(ROWS)]).role is Role.QUASI_IDENTIFIER
    assert one("id", cycle("1", "2")).role is not Role.PERSON


def test_the_weight_of_a_body_is_not_a_sampling_weight():
    assert one("weight", [60.5 + i % 30 for i in range(ROWS)]).role is Role.QUASI_IDENTIFIER


def test_ages_over_89_are_identifiers_under_hipaa():
    assert one("age", [i % 90 for i in range(ROWS)]).hipaa_class is None
    assert one("age", [i % 91 for i in range(ROWS)]).hipaa_class == "C"


def test_columns_whose_name_says_nothing_are_judged_by_their_values():
    rng = np.random.default_rng(0)
    found = of(
        unique=[f"K{i}x" for i in range(ROWS)],
        few=cycle("a", "b", "c"),
        constant=["a"] * ROWS,
        empty=[None] * ROWS,
        reading=np.round(rng.normal(size=ROWS), 6).tolist(),
        happened=[f"2020-01-{1 + i % 28:02}" for i in range(ROWS)],
        remark=[f"On day {i} the person said that all was well" for i in range(ROWS)],
        running=list(range(1, ROWS + 1)),
    )
    expected = {
        "unique": Role.DIRECT_IDENTIFIER,
        "few": Role.QUASI_IDENTIFIER,
        "constant": Role.INSENSITIVE,
        "empty": Role.INSENSITIVE,
        "reading": Role.INSENSITIVE,
        "happened": Role.QUASI_IDENTIFIER,
        "remark": Role.DIRECT_IDENTIFIER,
        "running": Role.DIRECT_IDENTIFIER,
    }
    assert {column.name: column.role for column in found.columns} == expected
    assert "not assessed" in found.column("remark").reason
    assert all(column.reason.endswith(".") for column in found.columns)


def test_a_constant_sensitive_column_stays_sensitive():
    assert one("hiv status", ["positive"] * ROWS).role is Role.SENSITIVE


def test_every_column_gets_a_role():
    found = of(age=cycle(1, 2), x1=["same"] * ROWS)
    assert dict(suggested_roles(found).by_column) == {
        "age": Role.QUASI_IDENTIFIER,
        "x1": Role.INSENSITIVE,
    }
    assert found.column("age").distinct == 2
    with pytest.raises(PrivacyToolError, match="'y'"):
        found.column("y")


SECRET = st.text(st.characters(min_codepoint=0x41, max_codepoint=0x2FF), min_size=4, max_size=40)


@settings(deadline=None, max_examples=50)
@given(st.lists(SECRET.map(lambda t: "Q7" + t), min_size=1, max_size=8))
def test_the_json_holds_no_value(values):
    found = profile(dataset_from_frame(pd.DataFrame({"col": values}), "t"))
    text = json.dumps(found.to_json())
    assert "Q7" not in text
    assert found.to_json()["records"] == len(values)


@given(st.text())
def test_a_mask_is_the_mask_of_itself(text):
    shape = mask(text)
    assert not any(ch.isalpha() and ch not in "Aa" for ch in shape)
    assert not any(ch.isnumeric() and ch != "9" for ch in shape)
    assert len(shape) <= 25


def test_the_phrases_of_the_vocabulary_can_be_found():
    for topic in TOPICS:
        for phrase in topic.words.split("|"):
            assert spoken(phrase) == f" {phrase} "
            assert topic in topics_of(phrase)


def test_lists_of_values_tell_what_the_name_does_not():
    religion = one("x1", cycle("Catholic", "Muslim", "Hindu", "none"))
    assert religion.role is Role.SENSITIVE
    assert religion.special_category == "religion"
    assert religion.reason == "100.0 % of the rows with a value hold religions or beliefs."
    origin = one("x1", cycle("White", "Asian", "Hispanic"))
    assert (origin.role, origin.special_category) == (Role.QUASI_IDENTIFIER, "ethnic origin")
    names = ("James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda")
    people = one("x1", [f"{names[i % 8]} Q{chr(97 + i // 8)}" for i in range(ROWS)])
    assert (people.role, people.hipaa_class) == (Role.DIRECT_IDENTIFIER, "A")
    assert people.reason == "100.0 % of the rows with a value hold a common name of people."
    assert one("x1", cycle("White", "Black", "Brown")).special_category is None


@pytest.mark.parametrize(
    ("values", "letter"),
    [
        (cycle("1M8GDM9AXKP042788", "11111111111111111"), "L"),
        ([f"00:1B:44:11:3A:{i:02X}" for i in range(ROWS)], "M"),
        ([f"img_{i}.jpg" for i in range(ROWS)], "Q"),
        ([f"123e4567-e89b-12d3-a456-426614174{i:03}" for i in range(ROWS)], "R"),
        (cycle("10000-19999", "20000-29999"), None),
        (cycle("1M8GDM9A0KP042788", "11111111011111111"), None),
    ],
)
def test_numbers_of_things_and_ranges_are_told_apart(values, letter):
    assert one("x1", values).hipaa_class == letter
