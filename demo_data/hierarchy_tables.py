"""Generalisation hierarchies of the demo tables: a row a value, level by level up to ``*``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo_data.hospital import YEAR as ADMISSION_YEAR
from demo_data.people import postcodes
from demo_data.school import POSTCODES, SCHOOL_YEARS, YEAR, classes
from demo_data.taxonomies import (
    DIAGNOSES,
    GRADE,
    LANGUAGE,
    MARITAL_STATUS,
    OCCUPATION,
    SEXES,
    SPECIAL_NEEDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Rows = list[list[str]]


def _taxonomy(groups: Mapping[str, tuple[str, ...]]) -> Rows:
    return [[value, *above, "*"] for value, above in groups.items()]


def _masked(codes: Iterable[str]) -> Rows:
    """Replace the last digits by stars, one more a level."""
    return [
        [
            code,
            *(code[:kept] + "*" * (len(code) - kept) for kept in range(len(code) - 1, 0, -1)),
            "*",
        ]
        for code in sorted(codes)
    ]


def _span(year: int, width: int) -> str:
    first = year - year % width
    return f"{first}-{first + width - 1}"


def _date_of_birth(days: Iterable[str]) -> Rows:
    """Day, month, year, five years, ten years."""
    return [
        [day, day[:7], day[:4], _span(int(day[:4]), 5), _span(int(day[:4]), 10), "*"]
        for day in sorted(set(days))
    ]


def _admission_date(year: int) -> Rows:
    """Day, month, quarter, year: the whole calendar, also days without an admission."""
    rows: Rows = []
    day = date(year, 1, 1)
    while day.year == year:
        quarter = f"{year}-Q{(day.month + 2) // 3}"
        rows.append([day.isoformat(), f"{day:%Y-%m}", quarter, str(year), "*"])
        day += timedelta(days=1)
    return rows


def hospital_hierarchies(days_of_birth: Iterable[str]) -> dict[str, Rows]:
    """
    Return the hierarchies of the hospital extract.

    Parameters
    ----------
    days_of_birth : iterable of str
        Every date of birth in the extract and in the register.
    """
    return {
        "date_of_birth": _date_of_birth(days_of_birth),
        "sex": [[sex, "*"] for sex in SEXES],
        "postcode": _masked(postcodes()),
        "marital_status": _taxonomy(MARITAL_STATUS),
        "occupation": _taxonomy(OCCUPATION),
        "admission_date": _admission_date(ADMISSION_YEAR),
        "diagnosis": [[diagnosis.name, diagnosis.chapter, "*"] for diagnosis in DIAGNOSES],
    }


def school_hierarchies() -> dict[str, Rows]:
    """Return the hierarchies of the school table."""
    first = YEAR - 5 - max(SCHOOL_YEARS) - 2
    last = YEAR - 5 - min(SCHOOL_YEARS) + 1
    lower_of_two = {year: year - (year - min(SCHOOL_YEARS)) % 2 for year in SCHOOL_YEARS}
    return {
        "year_of_birth": [
            [str(year), _span(year, 2), _span(year, 4), "*"] for year in range(first, last + 1)
        ],
        "sex": [[sex, "*"] for sex in SEXES],
        "class": [
            [name, f"Year {name[:-1]}", f"Years {two}-{two + 1}", "*"]
            for name in classes()
            for two in (lower_of_two[int(name[:-1])],)
        ],
        "postcode": [[row[0], row[1], row[2], "*"] for row in _masked(POSTCODES)],
        "language_at_home": _taxonomy(LANGUAGE),
        "special_needs": _taxonomy(SPECIAL_NEEDS),
        "grade": _taxonomy(GRADE),
    }
