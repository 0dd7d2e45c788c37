"""The texts of a numeric column as exact numbers, and numbers as labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow.compute as pc

from microdata.kinds import INTEGER_PATTERN, as_text_array, numeric_values

Number = int | float | str | Fraction


def exact_numbers(values: Sequence[str], decimal: str | None = None) -> list[Fraction | None]:
    """Return each text as an exact number; None where it is not one."""
    finite = np.isfinite(numeric_values(values, decimal))
    return [
        Fraction(Decimal(text.replace(",", ".") if decimal == "," else text)) if ok else None
        for text, ok in zip(values, finite, strict=True)
    ]


def all_whole(values: Sequence[str], numbers: Sequence[Fraction | None]) -> bool:
    """Return whether every text that is a number is written as a whole number."""
    texts = [text for text, number in zip(values, numbers, strict=True) if number is not None]
    matches = pc.match_substring_regex(as_text_array(texts), INTEGER_PATTERN)
    return bool(pc.all(matches).as_py()) if texts else False


def exact(number: Number) -> Fraction:
    """Return a number as it is written: 0.1 is one tenth, not the nearest binary fraction."""
    return number if isinstance(number, Fraction) else Fraction(Decimal(str(number)))


def digits_needed(numbers: Iterable[Fraction]) -> int:
    """Return how many decimals write all of these numbers exactly (finite decimals)."""
    digits = 0
    for denominator in {number.denominator for number in numbers}:
        while 10**digits % denominator:
            digits += 1
    return digits


def scaled(number: Fraction, digits: int) -> int:
    """Return a number times ten to the power of `digits`, of which it needs no more."""
    return int(number.numerator * (10**digits // number.denominator))


def text_of(number: int, digits: int, shown: int) -> str:
    """
    Return a scaled number with as many decimals as are shown.

    Examples
    --------
    >>> text_of(-1500, digits=3, shown=1)
    '-1.5'
    """
    whole, part = divmod(abs(number) // 10 ** (digits - shown), 10**shown)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{part:0{shown}d}" if shown else f"{sign}{whole}"


def nice_width(span: Fraction, bins: int, *, whole: bool) -> Fraction:
    """
    Return a width of 1, 2 or 5 times a power of ten that cuts a span into at most that many bins.

    Examples
    --------
    >>> nice_width(Fraction(73), 20, whole=True)
    Fraction(5, 1)
    """
    least = span / bins
    if least <= 0:
        return Fraction(1)
    power = Fraction(1)
    while power * 10 <= least:
        power *= 10
    while power > least:
        power /= 10
    width = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)
    return max(width, Fraction(1)) if whole else width
