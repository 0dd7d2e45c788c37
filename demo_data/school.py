"""The pupils of one school: a table so small that a rare value is as good as a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_data.sampling import Sampler

PUPILS_PER_CLASS = 25
SCHOOL_YEARS = range(5, 11)
PARALLEL_CLASSES = "abcd"
YEAR = 2024

SCHOOL_COLUMNS = (
    "year_of_birth", "sex", "class", "postcode", "language_at_home", "special_needs", "grade",
)  # fmt: skip
SCHOOL_ROLES = {
    "quasi_identifiers": ["year_of_birth", "sex", "class", "postcode", "language_at_home"],
    "sensitive": ["special_needs", "grade"],
    "direct_identifiers": [],
    "insensitive": [],
    "person": None,
    "household": None,
    "weight": None,
}

POSTCODES = {
    "02411": 30, "02412": 22, "02415": 14, "02418": 11, "02421": 9, "02424": 7, "02436": 4,
    "02439": 3,
}  # fmt: skip
_LANGUAGES = {
    "German": 66, "English": 2.5, "Dutch": 0.7, "Italian": 3, "Romanian": 3, "Portuguese": 1.5,
    "Polish": 5, "Ukrainian": 3.5, "Croatian": 1.5, "Turkish": 8, "Arabic": 4, "Vietnamese": 1,
    "Tigrinya": 0.6,
}  # fmt: skip
_NEEDS = {
    "No support": 86, "Learning": 5, "Speech": 2.5, "Behaviour": 2.5, "Autism": 1.8,
    "Hearing": 1.2, "Sight": 0.8,
}  # fmt: skip
# one class of each of the first two years teaches pupils who all learn with support
_SUPPORT_CLASSES = {"5d": "Learning", "6d": "Learning"}
_GRADES = "ABCDEF"


def classes() -> tuple[str, ...]:
    """Return the names of the classes, lowest school year first."""
    return tuple(f"{year}{letter}" for year in SCHOOL_YEARS for letter in PARALLEL_CLASSES)


def pupils(sampler: Sampler) -> list[list[str]]:
    """Return one row a pupil, in order of class."""
    rows: list[list[str]] = []
    for name in classes():
        school_year = int(name[:-1])
        for _ in range(PUPILS_PER_CLASS):
            # a few repeat a year or were moved up
            born = YEAR - 5 - school_year - sampler.pick({0: 0.48, 1: 0.44, 2: 0.07, -1: 0.01})
            sex = "F" if sampler.chance(0.49) else "M"
            language = sampler.pick(_LANGUAGES)
            needs = _SUPPORT_CLASSES.get(name) or sampler.pick(_NEEDS)
            centre = 1.7 + 0.5 * (needs != "No support") + 0.3 * (language != "German")
            place = min(max(round(sampler.normal(centre, 1.15)), 0), len(_GRADES) - 1)
            row = [str(born), sex, name, sampler.pick(POSTCODES), language, needs, _GRADES[place]]
            rows.append(row)
    return rows
