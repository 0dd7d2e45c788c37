"""Places, dates and ages as 45 CFR 164.514(b)(2)(i) sees them, read from released labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from microdata.kinds import date_values, numeric_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESTRICTED_ZIP3 = (
    "036", "059", "063", "102", "203", "556", "692", "790", "821",
    "823", "830", "831", "878", "879", "884", "890", "893",
)  # fmt: skip
"""First three digits of areas of at most 20,000 people (US census of 2000; not read again)."""

OLDEST_AGE = 89
# Who was born later is under 90 in 2026; who was born earlier may be over 89, if alive.
_LAST_BIRTH_YEAR_OVER_89 = 1936

HIPAA_CLASSES = {
    "A": "names",
    "B": "places smaller than a state",
    "C": "elements of dates other than the year",
    "D": "telephone numbers",
    "E": "fax numbers",
    "F": "e-mail addresses",
    "G": "social security numbers",
    "H": "medical record numbers",
    "I": "health plan beneficiary numbers",
    "J": "account numbers",
    "K": "certificate and licence numbers",
    "L": "vehicle identifiers and number plates",
    "M": "device identifiers and serial numbers",
    "N": "web addresses",
    "O": "IP addresses",
    "P": "biometric identifiers",
    "Q": "pictures of faces and comparable images",
    "R": "any other unique number, characteristic or code",
}
"""The identifiers of Safe Harbor by letter."""

_YEAR = r"(?:1[89]|20|21)[0-9]{2}"
_DAY_INSIDE = rf"(?:^|[^0-9]){_YEAR}-[0-9]{{2}}-[0-9]{{2}}(?:[^0-9]|$)"
_MONTH = (
    rf"(?:^|[^0-9]){_YEAR}[-/.](?:0?[1-9]|1[0-2])(?:[^0-9]|$)"
    rf"|(?:^|[^0-9])(?:0?[1-9]|1[0-2])[-/.]{_YEAR}(?:[^0-9]|$)"
    rf"|(?:^|[^0-9]){_YEAR}[- ]?[QqWw][0-9]{{1,2}}(?:[^0-9]|$)"
    r"|(?i:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|"
    r"june|july|august|september|october|november|december|januar|februar|marz|mai|juni|juli|"
    r"oktober|dezember)\b)"
)
_YEARS_ONLY = rf"^[^0-9]*{_YEAR}(?:[^0-9]+{_YEAR})?[^0-9]*$"


def _matches(texts: Any, regex: str) -> NDArray[np.bool_]:
    hits: NDArray[np.bool_] = pc.match_substring_regex(texts, regex).to_numpy(zero_copy_only=False)
    return hits


def days(texts: Any) -> NDArray[np.bool_]:
    """Return which labels tell a day."""
    return ~np.isnat(date_values(texts)) | _matches(texts, _DAY_INSIDE)


def finer_than_year(texts: Any) -> NDArray[np.bool_]:
    """Return which labels tell more of a date than its year: a day, week, month or quarter."""
    return days(texts) | _matches(texts, _MONTH)


def years_only(texts: Any) -> NDArray[np.bool_]:
    """Return which labels are a year or some years."""
    return _matches(texts, _YEARS_ONLY) & ~finer_than_year(texts)


def no_digits(texts: Any) -> NDArray[np.bool_]:
    """Return which labels hold no digit."""
    return ~_matches(texts, "[0-9]")


def years(texts: Any) -> NDArray[np.float64]:
    """Return the first year in each label; NaN without one, or where the label is open below."""
    found = pc.extract_regex(texts, rf"(?:^|[^0-9])(?P<year>{_YEAR})(?:[^0-9]|$)")
    result = np.array(
        pc.cast(pc.struct_field(found, "year"), pa.float64()).to_numpy(zero_copy_only=False),
        np.float64,
    )
    dates = date_values(texts)
    known = np.isnan(result) & ~np.isnat(dates)
    result[known] = dates[known].astype("datetime64[Y]").astype(np.float64) + 1970
    result[_matches(texts, r"^\s*[<≤]")] = np.nan
    return result


def told_ages(texts: Any, counts: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    """
    Return which labels tell an age over 89; None where no label holds a number.

    An exact age over 89 tells it, and so does a range that begins at 90 or later where there are
    several of them. One range for all over 89, such as ``>=90``, does not.

    Parameters
    ----------
    texts : pyarrow.StringArray
    counts : int64[m]
        Rows that hold each; a label of no row counts for nothing.
    """
    exact = numeric_values(texts)
    found = pc.extract_regex(texts, r"^[^0-9<≤]*(?P<low>[0-9]{1,3})(?:[^0-9]|$)")
    low = np.array(
        pc.cast(pc.struct_field(found, "low"), pa.float64()).to_numpy(zero_copy_only=False),
        np.float64,
    )
    used = counts > 0
    if not (used & (~np.isnan(exact) | ~no_digits(texts))).any():
        return None
    ranges = used & np.isnan(exact) & (low > OLDEST_AGE)
    told: NDArray[np.bool_] = used & (exact > OLDEST_AGE)
    return told | ranges if int(ranges.sum()) > 1 else told


def told_by_birth(
    born: NDArray[np.float64], counts: NDArray[np.int64], latest: float
) -> NDArray[np.bool_] | None:
    """
    Return which years of birth mean an age over 89; None where the table does not tell.

    Parameters
    ----------
    born : float64[m]
        The year of birth of each label, or NaN.
    counts : int64[m]
    latest : float
        The latest year in any date of the table: its data are not older than that.
    """
    known = (counts > 0) & ~np.isnan(born)
    told: NDArray[np.bool_] = known & (born < latest - OLDEST_AGE)
    if not told.any() and (known & (born <= _LAST_BIRTH_YEAR_OVER_89)).any():
        return None
    return told


@dataclass(frozen=True, eq=False, kw_only=True)
class Postcodes:
    """
    What is left of the postcodes in each label.

    Parameters
    ----------
    full : bool[m]
        More than three characters are left.
    restricted : bool[m]
        Three digits are left, of an area of at most 20,000 people.
    coarse : bool[m]
        Three characters or fewer are left.
    """

    full: NDArray[np.bool_]
    restricted: NDArray[np.bool_]
    coarse: NDArray[np.bool_]


def postcodes(texts: Any) -> Postcodes:
    """Read labels as postcodes: ``13053`` and ``1305*`` are full, ``130**`` and ``130`` not."""
    texts = pc.utf8_trim_whitespace(texts)
    three = _matches(texts, r"^(?:[0-9]{3}[*xX#_.-]*|[0-9A-Za-z]{3}[*#_]+)$")
    less = _matches(texts, r"^[0-9A-Za-z]{0,2}[*#_]+$|^[0-9]{1,2}[xX]*$")
    span = _matches(texts, r"^[0-9]+\s*(?:-|–|to)\s*[0-9]{5,}$")
    full = _matches(texts, r"^[0-9A-Za-z]{4,}|^[0-9A-Za-z]{2,4} [0-9][A-Za-z]{2}$")
    full &= ~three & ~less & ~span & ~no_digits(texts)
    listed = pc.is_in(pc.utf8_slice_codeunits(texts, 0, 3), value_set=pa.array(RESTRICTED_ZIP3))
    restricted = three & listed.to_numpy(zero_copy_only=False)
    return Postcodes(full=full, restricted=restricted, coarse=three | less)
