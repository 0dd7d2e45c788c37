"""The hospital extract and the public register that links to it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo_data.taxonomies import DIAGNOSES, WORKING_AGE, Diagnosis

if TYPE_CHECKING:
    from demo_data.people import Person
    from demo_data.sampling import Sampler

PATIENTS = 3400
REGISTERED = 9000
REGISTERED_PATIENTS = 0.6
ADULT = 18
RETIREMENT = 66
MISSING_MARITAL_STATUS = 0.014
MISSING_OCCUPATION = 0.019
YEAR = 2024

HOSPITAL_COLUMNS = (
    "person_id", "name", "email", "date_of_birth", "sex", "postcode", "marital_status",
    "occupation", "admission_date", "diagnosis", "cost",
)  # fmt: skip
REGISTER_COLUMNS = ("name", "street", "postcode", "date_of_birth", "sex")

HOSPITAL_ROLES = {
    "quasi_identifiers": [
        "date_of_birth",
        "sex",
        "postcode",
        "marital_status",
        "occupation",
        "admission_date",
    ],
    "sensitive": ["diagnosis", "cost"],
    "direct_identifiers": ["name", "email"],
    "insensitive": [],
    "person": "person_id",
    "household": None,
    "weight": None,
}

_CHRONIC = {"Circulation", "Cancer", "Metabolism", "Mental health"}
_FIRST_AGES = (0, 15, 40, 65)  # of the four bands of Diagnosis.by_age


def _hospital_weight(person: Person) -> float:
    """How likely the person is in hospital within the year, against others."""
    return (0.8, 0.7, 1.0, 2.0)[_age_band(person.age)]


def _age_band(age: int) -> int:
    return sum(age >= first for first in _FIRST_AGES) - 1


def _marital_status(sampler: Sampler, person: Person) -> str:
    age = person.age
    if age < ADULT:
        return "Single"
    married = 0.72 / (1 + math.exp(-(age - 30) / 4.5))
    widowed = (0.75 if person.sex == "F" else 0.35) / (1 + math.exp(-(age - 79) / 6))
    married *= 1 - widowed
    parted = min(max(age - 26, 0) * 0.006, 0.17) * (1 - widowed)
    return sampler.pick(
        {
            "Single": max(1 - married - widowed - parted, 0.05),
            "Married": married * 0.95,
            "Registered partnership": married * 0.05,
            "Separated": parted * 0.2,
            "Divorced": parted * 0.8,
            "Widowed": widowed,
        }
    )


def _occupation(sampler: Sampler, person: Person) -> str:
    age = person.age
    if age < 6:
        return "Preschool child"
    if age < ADULT:
        return "Apprentice" if age >= 16 and sampler.chance(0.3) else "School pupil"
    if age < 26 and sampler.chance(0.62):
        return "Student" if sampler.chance(0.66) else "Apprentice"
    if age >= RETIREMENT and sampler.chance(0.95):
        return "Retired"
    if age >= 60 and sampler.chance(0.22):
        return "Retired"
    return sampler.pick(WORKING_AGE[person.sex])


def _diagnosis(sampler: Sampler, person: Person) -> Diagnosis:
    band = _age_band(person.age)
    return sampler.pick(
        {
            diagnosis: diagnosis.by_age[band]
            * (diagnosis.female if person.sex == "F" else diagnosis.male)
            for diagnosis in DIAGNOSES
        }
    )


def _cost(sampler: Sampler, person: Person, diagnosis: Diagnosis) -> int:
    """Whole euros, log-normal around what the diagnosis costs; the old stay longer."""
    median = diagnosis.median_cost * (1 + 0.004 * max(person.age - 50, 0))
    return round(median * math.exp(sampler.normal(0, 0.45)))


def _admission_days(sampler: Sampler, count: int) -> list[date]:
    return sorted(
        date(YEAR, 1, 1) + timedelta(days=sampler.between(0, 365)) for _ in range(count)
    )  # 2024 is a leap year


def patients(sampler: Sampler, people: list[Person]) -> list[Person]:
    """Return the people who were in hospital within the year."""
    return sampler.subset(people, PATIENTS, _hospital_weight)


def admissions(sampler: Sampler, in_hospital: list[Person]) -> list[list[str]]:
    """Return one row an admission, in the order of admission; some people come again."""
    rows: list[list[str]] = []
    for number, person in enumerate(in_hospital, start=1):
        marital = _marital_status(sampler, person)
        occupation = _occupation(sampler, person)
        if sampler.chance(MISSING_MARITAL_STATUS):
            marital = ""
        if sampler.chance(MISSING_OCCUPATION):
            occupation = ""
        times = sampler.pick({1: 0.85, 2: 0.125, 3: 0.02, 4: 0.005})
        diagnosis = _diagnosis(sampler, person)
        email = f"{person.name.lower().replace(' ', '.')}{number}@example.org"
        for day in _admission_days(sampler, times):
            rows.append(
                [
                    f"P{number:05d}",
                    person.name,
                    email,
                    person.born.isoformat(),
                    person.sex,
                    person.postcode,
                    marital,
                    occupation,
                    day.isoformat(),
                    diagnosis.name,
                    str(_cost(sampler, person, diagnosis)),
                ]
            )
            if diagnosis.chapter not in _CHRONIC or sampler.chance(0.35):
                diagnosis = _diagnosis(sampler, person)
    return sorted(rows, key=lambda row: (row[8], row[0]))


def register(sampler: Sampler, people: list[Person], in_hospital: list[Person]) -> list[list[str]]:
    """Return the public register: adults, some of whom were in hospital, in order of name."""
    inside = {id(person) for person in in_hospital}
    known = [person for person in in_hospital if person.age >= ADULT]
    others = [person for person in people if id(person) not in inside and person.age >= ADULT]
    listed = sampler.subset(known, round(REGISTERED_PATIENTS * len(known)))
    listed += sampler.subset(others, REGISTERED - len(listed))
    rows = [
        [person.name, person.street, person.postcode, person.born.isoformat(), person.sex]
        for person in listed
    ]
    return sorted(rows)
