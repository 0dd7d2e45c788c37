"""Hierarchies of numbers: intervals that become wider level by level."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from transforms.hierarchies.numbers import (
    Number,
    all_whole,
    digits_needed,
    exact,
    exact_numbers,
    nice_width,
    scaled,
    text_of,
)

FIRST_BINS = 20  # at the finest level that is proposed
MAX_COMPLETED = 1_000
Bounds = tuple[int | None, int | None]  # [low, high) in units of the last decimal; None is open


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """How numbers stand as integers, so that intervals are exact and fast, and how they read."""

    digits: int  # decimals that any value or end of an interval has
    shown: int  # decimals that an end of an interval has
    whole: bool

    def __call__(self, number: Fraction) -> int:
        return scaled(number, self.digits)

    def text(self, number: int) -> str:
        return text_of(number, self.digits, self.shown)

    def label(self, low: int | None, high: int | None) -> str:
        """
        Return the label of an interval that holds its lower end and not its upper one.

        Whole numbers are told by the first and the last: ``20-39``, and ``-5 to 0`` where a sign
        would be mistaken for a dash. Decimals are ``[1.5, 2.0)``. An open end is ``<18`` or
        ``>=65``.
        """
        if self.whole:
            unit = 10**self.digits
            first = None if low is None else -(-low // unit)
            last = None if high is None else -(-high // unit) - 1
            if first is None:
                return SUPPRESSED if last is None else f"<{last + 1}"
            if last is None:
                return f">={first}"
            if first == last:
                return str(first)
            return f"{first} to {last}" if first < 0 else f"{first}-{last}"
        if low is None:
            return SUPPRESSED if high is None else f"<{self.text(high)}"
        if high is None:
            return f">={self.text(low)}"
        return f"[{self.text(low)}, {self.text(high)})"


def _scale(
    values: Sequence[str], numbers: Sequence[Fraction | None], ends: list[Fraction]
) -> _Scale:
    known = [number for number in numbers if number is not None]
    return _Scale(
        digits=digits_needed([*known, *ends]),
        shown=digits_needed(ends),
        whole=all_whole(values, numbers),
    )


def equal_width(
    column: str,
    values: Sequence[str],
    *,
    width: Number | None = None,
    levels: int = 4,
    bottom: Number | None = None,
    top: Number | None = None,
    decimal: str | None = None,
    complete: bool = True,
) -> Hierarchy:
    """
    Build intervals of equal width, doubled at each level, that start at multiples of the width.

    Parameters
    ----------
    column : str
    values : sequence of str
        The values that the column may hold; those that are not numbers become ``*``.
    width : number, optional
        Of the first level; a width of 1, 2 or 5 times a power of ten where None.
    levels : int
        At most so many levels of intervals; fewer where two intervals are left.
    bottom, top : number, optional
        Values below `bottom`, and from `top` upwards, are one group each (bottom and top coding).
    decimal : {".", ","}, optional
        Decimal mark of the values.
    complete : bool
        Declare every whole number between the smallest and the largest value, so that the loss of
        an interval does not depend on which numbers happen to occur.

    Raises
    ------
    PrivacyToolError
        No value is a number, or the width or the ends make no sense.
    """
    numbers = _numbers(column, values, decimal)
    if complete:
        values, numbers = _completed(values, numbers)
    known = [number for number in numbers if number is not None]
    whole = all_whole(values, numbers)
    first = (
        nice_width(max(known) - min(known), FIRST_BINS, whole=whole)
        if width is None
        else exact(width)
    )
    if whole and width is None and first == 1:
        first = Fraction(2)  # a width of one would repeat the values
    ends = [exact(end) for end in (bottom, top) if end is not None]
    if first <= 0 or levels < 1:
        raise PrivacyToolError(
            f"The intervals of {column!r} need a width above zero and at least one level."
        )
    if len(ends) == 2 and ends[0] >= ends[1]:
        raise PrivacyToolError(
            f"For the column {column!r} the bottom must be below the top. Exchange or change them."
        )
    scale = _scale(values, numbers, [first, *ends])
    least = None if bottom is None else scale(exact(bottom))
    most = None if top is None else scale(exact(top))

    def at(size: int) -> Callable[[int], Bounds]:
        def bounds(x: int) -> Bounds:
            if least is not None and x < least:
                return None, least
            if most is not None and x >= most:
                return most, None
            low = x // size * size
            high = low + size
            return (
                low if least is None else max(low, least),
                high if most is None else min(high, most),
            )

        return bounds

    sizes = [scale(first) * 2**step for step in range(levels)]
    return _hierarchy(column, values, numbers, [at(size) for size in sizes], scale)


def cut_points(
    column: str,
    values: Sequence[str],
    cuts: Sequence[Number],
    *,
    further: Sequence[Sequence[Number]] = (),
    decimal: str | None = None,
) -> Hierarchy:
    """
    Build intervals between cut points; each further level keeps some of them.

    Below the first and from the last cut point on the intervals are open, so no label tells the
    smallest or the largest value.

    Parameters
    ----------
    column, values, decimal
        As in `equal_width`.
    cuts : sequence of numbers
        Rising; an interval starts at each of them.
    further : sequence of sequence of numbers
        The cut points that each further level keeps; every second one, level by level, where none
        are given.

    Raises
    ------
    PrivacyToolError
        No value is a number, no cut points, cut points that do not rise, or a further level with
        a cut point that the level below does not have.
    """
    numbers = _numbers(column, values, decimal)
    points = [exact(cut) for cut in cuts]
    kept = [[exact(cut) for cut in level] for level in further]
    if not all(kept) or not points or any(b <= a for p in (points, *kept) for a, b in pairwise(p)):
        raise PrivacyToolError(
            f"The cut points of {column!r} must be at least one number, each above the last."
        )
    fresh = sum(len(set(above) - set(below)) for below, above in pairwise([points, *kept]))
    if fresh:
        raise PrivacyToolError(
            f"For the column {column!r}, {fresh} cut points of a coarser level are none of the "
            "level below, so intervals would be split again. Add them there or leave them out."
        )

    scale = _scale(values, numbers, points)

    def at(inner: list[int]) -> Callable[[int], Bounds]:
        def bounds(x: int) -> Bounds:
            position = bisect_right(inner, x)
            return (
                inner[position - 1] if position else None,
                inner[position] if position < len(inner) else None,
            )

        return bounds

    levels = [[scale(point) for point in level] for level in (points, *kept)]
    while not kept and len(levels[-1]) > 1:
        levels.append(levels[-1][1::2])
    rules = [at(inner) for inner in levels]
    return _hierarchy(column, values, numbers, rules, scale)


def quantiles(
    column: str,
    values: Sequence[str],
    counts: Sequence[int],
    *,
    groups: int = 8,
    decimal: str | None = None,
) -> Hierarchy:
    """
    Build intervals that hold about equally many records, merged in pairs at each level.

    Parameters
    ----------
    column, values, decimal
        As in `equal_width`.
    counts : sequence of int
        How many records hold each value.
    groups : int
        At the first level; fewer where one value holds many records.
    """
    if groups < 2:
        raise PrivacyToolError(f"The column {column!r} needs at least two groups.")
    numbers = _numbers(column, values, decimal)
    held = sorted(
        (number, count)
        for number, count in zip(numbers, counts, strict=True)
        if number is not None and count > 0
    )
    if not held:
        raise PrivacyToolError(
            f"No record holds a number in the column {column!r}, so it has no quantiles. "
            "Choose another kind of hierarchy."
        )
    running = list(accumulate(count for _, count in held))
    cuts: list[Fraction] = []
    for group in range(1, groups):
        # The first value at which more than this share of the records lies strictly below.
        position = bisect_right(running, running[-1] * group // groups)
        if position < len(held) and held[position][0] > held[0][0]:
            cuts.append(held[position][0])
    rising = sorted(set(cuts))
    if not rising:
        raise PrivacyToolError(
            f"One value of the column {column!r} holds most records, so there are no quantiles to "
            "cut at. Choose another kind of hierarchy."
        )
    return cut_points(column, values, rising, decimal=decimal)


def _numbers(column: str, values: Sequence[str], decimal: str | None) -> list[Fraction | None]:
    numbers = exact_numbers(values, decimal)
    if all(number is None for number in numbers):
        raise PrivacyToolError(
            f"No value of the column {column!r} is a number, so it has no intervals. "
            "Choose another kind of hierarchy."
        )
    return numbers


def _completed(
    values: Sequence[str], numbers: list[Fraction | None]
) -> tuple[Sequence[str], list[Fraction | None]]:
    """Add the whole numbers between the values where all are written in the plain way."""
    known = [number for number in numbers if number is not None]
    span = max(known) - min(known) + 1
    plain = all(
        number is None or (number.denominator == 1 and text == str(number.numerator))
        for text, number in zip(values, numbers, strict=True)
    )
    if not plain or span > MAX_COMPLETED:
        return values, numbers
    complete = [Fraction(number) for number in range(int(min(known)), int(max(known)) + 1)]
    others = [text for text, number in zip(values, numbers, strict=True) if number is None]
    return (
        [*(str(number.numerator) for number in complete), *others],
        [*complete, *([None] * len(others))],
    )


def _hierarchy(
    column: str,
    values: Sequence[str],
    numbers: Sequence[Fraction | None],
    rules: Sequence[Callable[[int], Bounds]],
    scale: _Scale,
) -> Hierarchy:
    """Label every value at every level, leave out levels that say nothing, and end in ``*``."""
    integers = [None if number is None else scale(number) for number in numbers]
    order = sorted(range(len(values)), key=lambda i: (integers[i] is None, integers[i] or 0))
    levels: list[list[str]] = []
    for rule in rules:
        known: dict[Bounds, str] = {}
        labels: list[str] = []
        for x in integers:
            if x is None:
                labels.append(SUPPRESSED)
                continue
            bounds = rule(x)
            if bounds not in known:
                known[bounds] = scale.label(*bounds)
            labels.append(known[bounds])
        distinct = len(set(labels))
        if distinct < 2 or (levels and labels == levels[-1]):
            break
        levels.append(labels)
        if distinct == 2:
            break
    return Hierarchy.from_rows(
        column, [(values[i], *(labels[i] for labels in levels), SUPPRESSED) for i in order]
    )
