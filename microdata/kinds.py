"""How the text of a column is read as numbers and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

INTEGER_PATTERN = r"^[+-]?[0-9]+$"
_NUMBER_PATTERNS = {
    mark: rf"^[+-]?(?:[0-9]+(?:[{mark}][0-9]*)?|[{mark}][0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?$"
    for mark in (".", ",")
}
_TIME = (
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,9})?)?"
    r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
# Year first; the compact ISO form; day and month before the year, whose order the values decide.
_DATE_PATTERNS = (
    rf"^(?P<y>[0-9]{{4}})[-/.](?P<a>[0-9]{{1,2}})[-/.](?P<b>[0-9]{{1,2}}){_TIME}$",
    r"^(?P<y>1[89][0-9]{2}|20[0-9]{2}|21[0-9]{2})(?P<a>[0-9]{2})(?P<b>[0-9]{2})$",
    rf"^(?P<a>[0-9]{{1,2}})[.](?P<b>[0-9]{{1,2}})[.](?P<y>[0-9]{{4}}){_TIME}$",
    rf"^(?P<a>[0-9]{{1,2}})[-/](?P<b>[0-9]{{1,2}})[-/](?P<y>[0-9]{{4}}){_TIME}$",
)
_YEAR_FIRST = _DATE_PATTERNS[:2]
_DAY_FIRST = _DATE_PATTERNS[2]


def number_pattern(decimal: str | None) -> str:
    """Return the regular expression of a number with this decimal mark ("." where None)."""
    return _NUMBER_PATTERNS["," if decimal == "," else "."]


def as_text_array(values: Sequence[str] | Any) -> Any:
    """Return texts as an Arrow string array."""
    if isinstance(values, pa.Array):
        return values
    return pa.array([str(value) for value in values], pa.string())


def numeric_values(values: Sequence[str], decimal: str | None = None) -> NDArray[np.float64]:
    """
    Read texts as numbers.

    Parameters
    ----------
    values : sequence of str
        Distinct values of a column.
    decimal : {".", ","}, optional
        The decimal mark; a full stop where None.

    Returns
    -------
    ndarray of float64
        NaN where a text is not a number or too large for one.

    Examples
    --------
    >>> numeric_values(["39", "-1.5", "01", "none"])
    array([39. , -1.5,  1. ,  nan])
    """
    texts = as_text_array(values)
    matches = pc.match_substring_regex(texts, number_pattern(decimal))
    numbers = pc.if_else(matches, texts, pa.scalar(None, pa.string()))
    numbers = pc.utf8_ltrim(numbers, characters="+")
    if decimal == ",":
        numbers = pc.replace_substring(numbers, ",", ".")
    result: NDArray[np.float64] = np.array(
        pc.cast(numbers, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64
    )
    result[~np.isfinite(result)] = np.nan
    return result


def read_dates(values: Sequence[str]) -> tuple[NDArray[np.datetime64], bool]:
    """
    Read texts as days and say whether day and month could be the other way round.

    One form is chosen for all texts: the one that most of them have. Where the year comes last, a
    number above 12 tells the day; where none does, the day is taken to come first.

    Returns
    -------
    dates : ndarray of datetime64[D]
        NaT where a text is not a date of the chosen form.
    ambiguous : bool
        True where the month could as well come first.
    """
    texts = as_text_array(values)
    nothing = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    if len(texts) == 0:
        return nothing, False
    hits = [pc.sum(pc.match_substring_regex(texts, form)).as_py() or 0 for form in _DATE_PATTERNS]
    form = _DATE_PATTERNS[int(np.argmax(hits))]
    if max(hits) == 0:
        return nothing, False
    parts = pc.extract_regex(texts, form)
    found = parts.is_valid().to_numpy(zero_copy_only=False)
    year, first, second = (
        pc.cast(pc.fill_null(pc.struct_field(parts, name), "0"), pa.int64()).to_numpy()
        for name in ("y", "a", "b")
    )
    if form in _YEAR_FIRST:
        return _days(found, year, first, second), False
    day_first = _days(found, year, second, first)
    if form == _DAY_FIRST:
        return day_first, False
    month_first = _days(found, year, first, second)
    readable = int((~np.isnat(day_first)).sum()), int((~np.isnat(month_first)).sum())
    if readable[1] > readable[0]:
        return month_first, False
    # A column of 01/01 and 02/02 reads the same both ways.
    return day_first, readable[0] == readable[1] and not np.array_equal(
        day_first, month_first, equal_nan=True
    )


def date_values(values: Sequence[str]) -> NDArray[np.datetime64]:
    """
    Read texts as days; NaT where a text is not a date.

    Examples
    --------
    >>> date_values(["2024-02-29", "2023-02-29"])
    array(['2024-02-29',        'NaT'], dtype='datetime64[D]')
    """
    return read_dates(values)[0]


def _days(
    found: NDArray[np.bool_],
    year: NDArray[np.int64],
    month: NDArray[np.int64],
    day: NDArray[np.int64],
) -> NDArray[np.datetime64]:
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    days = months.astype("datetime64[D]") + (day - 1)
    real = found & (year > 0) & (month >= 1) & (month <= 12) & (day >= 1)
    real &= days.astype("datetime64[M]") == months
    return np.where(real, days, np.datetime64("NaT", "D"))
