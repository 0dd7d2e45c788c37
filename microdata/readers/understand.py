"""How the distinct texts of a column are understood: its kind and the order of its values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from microdata.dataset import ColumnKind, Issue
from microdata.kinds import INTEGER_PATTERN, number_pattern, numeric_values, read_dates
from microdata.readers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEADING_ZERO = r"^[+-]?0[0-9]+$"
_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+$"
# More digits than a 64-bit float holds exactly: nobody calculates with them.
_LONGEST_NUMBER = 15
_POSTCODE_NAME = re.compile(
    r"(?:^|[^a-z])(?:zip|plz|postcode|post ?code|postal|postleitzahl|code[ _-]?postal|cap|cpf?|"
    r"icd\w*|atc|fips|siret|siren|ssn)(?:$|[^a-z])",
    re.IGNORECASE,
)
_CODE_WIDTH = 8
_SAMPLE = 2_000
_MOSTLY = 0.9
_MISSING_CODES = ("-9", "-99", "-999", "-9999", "999", "9999")
_TOO_LARGE_BY = 3.0


def guess_decimal(distinct: Sequence[Any]) -> str:
    """Return the decimal mark that more columns use; a full stop where none tells."""
    votes = {".": 0, ",": 0}
    for texts in distinct:
        sample = texts[:_SAMPLE]
        if len(sample) == 0 or _all(sample, INTEGER_PATTERN):
            continue
        for mark in votes:
            if _all(sample, number_pattern(mark)) and not (
                mark == "," and _all(sample, rf"{INTEGER_PATTERN}|{_THOUSANDS}")
            ):
                votes[mark] += 1
    return "," if votes[","] > votes["."] else "."


def understand(
    name: str,
    texts: Any,
    frequencies: NDArray[np.int64],
    *,
    decimal: str,
    as_text: bool,
    as_number: bool,
) -> tuple[ColumnKind, NDArray[np.int64], list[Issue]]:
    """
    Decide the kind of a column and the order of its values.

    Parameters
    ----------
    name : str
        Of the column; a postcode's name keeps its digits text.
    texts : pyarrow.StringArray
        The distinct values, none missing.
    frequencies : ndarray of int64
        How many rows hold each.
    decimal : str
        The decimal mark.
    as_text, as_number : bool
        What the user said of the column.

    Returns
    -------
    kind : ColumnKind
    order : ndarray of int64
        Positions of `texts` in the column's order.
    issues : list of Issue
    """
    by_text = pc.sort_indices(texts).to_numpy()
    if len(texts) == 0:
        return ColumnKind.EMPTY, by_text, [_empty(name)]
    number = _all(texts, number_pattern(decimal))
    if number and not as_text:
        kind, issues = _kind_of_number(name, texts, as_number=as_number)
        if kind is not ColumnKind.CODE:
            numbers = numeric_values(texts, decimal)
            if np.isnan(numbers).any():
                return ColumnKind.TEXT, by_text, [_too_large(name)]
            issues.extend(_missing_hint(name, texts, numbers))
            return kind, by_text[np.argsort(numbers[by_text], kind="stable")], issues
        if len(texts) > 1 and not np.isnat(read_dates(texts)[0]).any():
            return ColumnKind.DATE, by_text, []  # 20240229: the order of the text is that of time
        return kind, by_text, issues
    if as_text:
        # What the user calls text stays text, also where it reads as a date.
        return (ColumnKind.CODE if number else ColumnKind.TEXT), by_text, []
    dates, ambiguous = read_dates(texts)
    if not np.isnat(dates).any():
        issues = [_ambiguous_dates(name)] if ambiguous else []
        return ColumnKind.DATE, by_text[np.argsort(dates[by_text], kind="stable")], issues
    if _is_free_text(texts, frequencies):
        return ColumnKind.FREE_TEXT, by_text, [_free_text(name)]
    return ColumnKind.TEXT, by_text, _mixed(name, texts, frequencies, decimal, as_number=as_number)


def _kind_of_number(name: str, texts: Any, *, as_number: bool) -> tuple[ColumnKind, list[Issue]]:
    whole = _all(texts, INTEGER_PATTERN)
    if as_number:
        return (ColumnKind.INTEGER if whole else ColumnKind.DECIMAL), []
    lengths = pc.utf8_length(texts)
    longest, shortest = pc.max(lengths).as_py(), pc.min(lengths).as_py()
    if not whole:
        return ColumnKind.DECIMAL, []
    why = ""
    if pc.any(pc.match_substring_regex(texts, _LEADING_ZERO)).as_py():
        why = "some values begin with 0"
    elif longest > _LONGEST_NUMBER:
        why = "some values have more digits than a number can hold"
    elif longest == shortest and longest >= _CODE_WIDTH and len(texts) > 1:
        why = f"all values have {longest} digits"
    elif longest == shortest and _POSTCODE_NAME.search(name):
        why = "its name is that of a code and all values have the same length"
    if not why:
        return ColumnKind.INTEGER, []
    message = f"Column {name!r} holds digits that look like codes ({why}); they are kept as text. "
    return ColumnKind.CODE, [
        Issue(
            severity="note",
            code="digits-kept-as-text",
            message=message + "Mark it as a number if you calculate with it.",
            column=name,
        )
    ]


def _is_free_text(texts: Any, frequencies: NDArray[np.int64]) -> bool:
    sample = texts[:_SAMPLE]
    length = pc.mean(pc.utf8_length(sample)).as_py()
    words = 1 + pc.mean(pc.count_substring_regex(sample, r"\s+")).as_py()
    mostly_distinct = len(texts) > 0.5 * int(frequencies.sum())
    return bool(length >= 100 or (mostly_distinct and words >= 4 and length >= 20))


def _missing_hint(name: str, texts: Any, numbers: NDArray[np.float64]) -> list[Issue]:
    present = pc.is_in(texts, value_set=pa.array(_MISSING_CODES)).to_numpy(zero_copy_only=False)
    if not present.any() or present.all():
        return []
    others, codes = numbers[~present], numbers[present]
    outside = (codes < 0).any() and (others >= 0).all()
    beyond = (codes > 0).any() and codes.max() > _TOO_LARGE_BY * others.max()
    if not (outside or beyond):
        return []
    return [
        Issue(
            severity="note",
            code="missing-hint",
            message=f"Column {name!r} holds a number that often means 'missing' (such as -99 or "
            "999) and lies outside its other values. It was kept; add it to the missing markers "
            "if it is one.",
            column=name,
            count=int(present.sum()),
        )
    ]


def _mixed(
    name: str, texts: Any, frequencies: NDArray[np.int64], decimal: str, *, as_number: bool
) -> list[Issue]:
    other = ~pc.match_substring_regex(texts, number_pattern(decimal)).to_numpy(zero_copy_only=False)
    rows = int(frequencies[other].sum())
    if not as_number and (rows > (1 - _MOSTLY) * int(frequencies.sum())):
        return []
    return [
        Issue(
            severity="warning",
            code="not-all-numbers",
            message=f"Column {name!r} holds other than numbers in {counted(rows, 'row')}, "
            "so it was read as text. If that means 'missing', add it to the missing markers.",
            column=name,
            count=rows,
        )
    ]


def _empty(name: str) -> Issue:
    return Issue(
        severity="note",
        code="empty-column",
        message=f"Column {name!r} holds no value in any row.",
        column=name,
    )


def _too_large(name: str) -> Issue:
    return Issue(
        severity="warning",
        code="number-too-large",
        message=f"Column {name!r} holds numbers that are too large to calculate with, so it was "
        "read as text. Check how the file was written.",
        column=name,
    )


def _free_text(name: str) -> Issue:
    return Issue(
        severity="warning",
        code="free-text",
        message=f"Column {name!r} holds free text, which is not assessed: it can name people. "
        "Leave it out of a release, or have it read by a person.",
        column=name,
    )


def _ambiguous_dates(name: str) -> Issue:
    return Issue(
        severity="warning",
        code="ambiguous-dates",
        message=f"In column {name!r} day and month could be the other way round; the day was taken "
        "to come first. Write dates as year-month-day to be sure.",
        column=name,
    )


def _all(texts: Any, pattern: str) -> bool:
    sample = texts[:64]
    if not pc.all(pc.match_substring_regex(sample, pattern)).as_py():
        return False
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())
