"""Shapes of values that name a person: e-mail, telephone, account and identity numbers."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_DISTINCT = 20_000
"""So many distinct values are looked at, evenly spaced where there are more."""

_CHECKED_ONE_BY_ONE = 500
_LONGEST_SAMPLE = 24
_VEHICLE_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)
)
_VEHICLE_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """
    A shape that values have.

    Parameters
    ----------
    what : str
        In words, with an article.
    regex : str
        In RE2's syntax.
    share : float
        From this share of rows on, the column is taken for one.
    hipaa_class : str
        Letter of the identifier in 45 CFR 164.514(b)(2)(i).
    check : callable, optional
        A check digit that values of this shape must also pass.
    """

    what: str
    regex: str
    share: float
    hipaa_class: str
    check: Callable[[str], bool] | None = None


def is_iban(text: str) -> bool:
    """
    Tell whether a text passes the check of an IBAN (ISO 13616: remainder 1 modulo 97).

    Examples
    --------
    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB82 WEST 1234 5698 7654 33")
    (True, False)
    """
    compact = text.replace(" ", "")
    return int("".join(str(int(ch, 36)) for ch in compact[4:] + compact[:4])) % 97 == 1


def is_card_number(text: str) -> bool:
    """
    Tell whether a text passes the check of a payment card (Luhn: sum divisible by 10).

    Examples
    --------
    >>> is_card_number("4111 1111 1111 1111"), is_card_number("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(ch) for ch in re.sub(r"[ -]", "", text)][::-1]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_vehicle_number(text: str) -> bool:
    """
    Tell whether a text passes the check of a vehicle identification number (49 CFR 565.15).

    Examples
    --------
    >>> is_vehicle_number("1M8GDM9AXKP042788"), is_vehicle_number("1M8GDM9A0KP042788")
    (True, False)
    """
    values = [int(ch) if ch.isdigit() else _VEHICLE_LETTERS[ch] for ch in text]
    remainder = sum(map(operator.mul, values, _VEHICLE_WEIGHTS)) % 11
    return text[8] == "0123456789X"[remainder]


def is_no_range(text: str) -> bool:
    """
    Tell whether a text is something else than a range of whole numbers.

    An interval of incomes is written much like a telephone number.

    Examples
    --------
    >>> is_no_range("10000-19999"), is_no_range("030-1234567")
    (False, True)
    """
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal()) or (len(first) > 1 and first[0] == "0"):
        return True
    return int(last) <= int(first) or len(last) > len(first) + 1


PATTERNS = (
    Pattern(
        what="an e-mail address",
        regex=r"^[^@\s]+@[^@\s]+[.][A-Za-z]{2,}$",
        share=0.02,
        hipaa_class="F",
    ),
    Pattern(
        what="an IBAN",
        regex=r"^[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?$",
        share=0.2,
        hipaa_class="J",
        check=is_iban,
    ),
    Pattern(
        what="a payment card number",
        regex=r"^[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,7}$",
        share=0.5,
        hipaa_class="J",
        check=is_card_number,
    ),
    Pattern(
        what="a national identity number",
        regex=(
            r"^(?:[0-9]{3}-[0-9]{2}-[0-9]{4}"  # United States
            r"|[0-9]{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?[0-9]{7}-?[A-Z]"  # Spain
            r"|[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"  # United Kingdom
            r"|[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"  # Italy
            r"|756[.][0-9]{4}[.][0-9]{4}[.][0-9]{2}"  # Switzerland
            r"|[12] [0-9]{2} [0-9]{2} [0-9AB]{2} [0-9]{3} [0-9]{3}(?: [0-9]{2})?)$"  # France
        ),
        share=0.2,
        hipaa_class="G",
    ),
    Pattern(
        what="a telephone number",
        regex=(
            r"^(?:[+]|00)[1-9][0-9 ()/.-]{6,18}[0-9]$"
            r"|^[(]?0?[0-9]{2,5}[)]?[ /-][0-9]{3,4}(?:[ -]?[0-9]{2,5}){1,3}$"
        ),
        share=0.5,
        hipaa_class="D",
        check=is_no_range,
    ),
    Pattern(
        what="an IP address",
        regex=r"^(?:[0-9]{1,3}[.]){3}[0-9]{1,3}$|^(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}$",
        share=0.5,
        hipaa_class="O",
    ),
    Pattern(
        what="a web address",
        regex=r"^(?:https?://|www[.])\S+$",
        share=0.5,
        hipaa_class="N",
    ),
    Pattern(
        what="a device's address",
        regex=r"^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$",
        share=0.5,
        hipaa_class="M",
    ),
    Pattern(
        what="a vehicle's number",
        regex=r"^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}$",
        share=0.5,
        hipaa_class="L",
        check=is_vehicle_number,
    ),
    Pattern(
        what="a file with a picture",
        regex=r"(?i)^\S.*[.](?:jpe?g|png|gif|bmp|tiff?|heic|webp)$",
        share=0.5,
        hipaa_class="Q",
    ),
    Pattern(
        what="a universal identifier",
        regex=r"^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
        share=0.5,
        hipaa_class="R",
    ),
)


def evenly(number: int, most: int = MOST_DISTINCT) -> NDArray[np.int64]:
    """Return which of so many values are looked at: all, or evenly spaced ones."""
    if number <= most:
        return np.arange(number)
    # Evenly spaced in the column's order, so that the result is always the same.
    return np.linspace(0, number - 1, most).astype(np.int64)


def pattern_hits(texts: Any) -> tuple[tuple[Pattern, NDArray[np.bool_]], ...]:
    """
    Return the patterns that any value has, with the values that have it.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Distinct values. Where a shape has a check digit and fewer than 9 in 10 of the values of
        that shape pass it, the shape is a chance.
    """
    found = []
    for pattern in PATTERNS:
        hits = pc.match_substring_regex(texts, pattern.regex).to_numpy(zero_copy_only=False)
        if not hits.any():
            continue
        if pattern.check is not None:
            examples = texts.filter(pa.array(hits))[:_CHECKED_ONE_BY_ONE].to_pylist()
            if sum(map(pattern.check, examples)) < 0.9 * len(examples):
                continue
        found.append((pattern, hits))
    return tuple(found)


def find_pattern(texts: Any, frequencies: NDArray[np.int64]) -> tuple[Pattern, float] | None:
    """
    Return the pattern that enough rows have, with the share of rows.

    The share is over rows, not over distinct values: with few distinct values a chance match of
    one of them would weigh too much.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Distinct values.
    frequencies : ndarray of int64
        Rows that hold each.
    """
    chosen = evenly(len(texts))
    texts, frequencies = texts.take(pa.array(chosen)), frequencies[chosen]
    total = int(frequencies.sum())
    if total == 0:
        return None
    for pattern, hits in pattern_hits(texts):
        share = float(frequencies[hits].sum()) / total
        if share >= pattern.share:
            return pattern, share
    return None


def mask(text: str) -> str:
    """
    Return the shape of a text: letters as A or a, digits as 9, punctuation as it is.

    Examples
    --------
    >>> mask("Bo-42"), mask("39"), mask("Łódź 5")
    ('Aa-99', '99', 'Aaaa 9')
    """
    shape = "".join(map(_masked, text[: _LONGEST_SAMPLE + 1]))
    return shape if len(shape) <= _LONGEST_SAMPLE else shape[:_LONGEST_SAMPLE] + "…"


def _masked(character: str) -> str:
    if character.isalpha():
        return "A" if character.isupper() else "a"
    if character.isnumeric():
        return "9"
    return character if character.isascii() and character.isprintable() else "·"
