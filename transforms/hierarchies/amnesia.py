"""
Hierarchies as Amnesia (OpenAIRE) keeps them: a head, then who has which children, from below.

The head is ``distinct`` or ``range`` and lines ``name``, ``type`` and ``height``; each level is a
block of lines ``PARENT has CHILD CHILD``, blocks are parted by blank lines, and no label holds a
blank. In a ``range`` file labels are ``LOW,HIGH`` and the values themselves are not listed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from microdata.kinds import date_values
from transforms.hierarchies.numbers import exact_numbers

_KINDS = ("distinct", "range")
_HEAD = re.compile(r"(?:name|type|height)\b", re.IGNORECASE)
_HAS = re.compile(r"\shas(?:\s|$)")
_MISSING = {"nan,nan", "null,null"}  # Amnesia's node for missing values
_DATE = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")
Parents = Mapping[str, str]


def is_amnesia(text: str) -> bool:
    """Return whether a text begins as a hierarchy file of Amnesia does."""
    lines = [line.strip() for line in text.lstrip().split("\n", 2)[:2]]
    return len(lines) == 2 and lines[0].lower() in _KINDS and bool(_HEAD.match(lines[1]))


def amnesia_rows(
    text: str, column: str, values: Sequence[str], *, decimal: str | None = None
) -> list[tuple[str, ...]]:
    """
    Return one row a value, as `Hierarchy.from_rows` takes them.

    Parameters
    ----------
    text : str
        Of which `is_amnesia` is true.
    column : str
    values : sequence of str
        The values of the column; a ``range`` file puts them into its ranges, and values in none
        are left out.
    decimal : {".", ","}, optional
        Decimal mark of the values.

    Raises
    ------
    PrivacyToolError
        Lines of another form, a label with two parents, or a range file without values to put in.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    start = lines.index("") if "" in lines else len(lines)
    paths = _paths(_blocks(lines[start:], column), column)
    if lines[0].lower() == "distinct":
        return paths
    head = dict(line.lower().split(maxsplit=1) for line in lines[1:start] if " " in line)
    kind = head.get("type", "int")
    return _in_ranges(paths, column, values, kind=kind, decimal=decimal)


def _blocks(lines: Sequence[str], column: str) -> Sequence[Parents]:
    blocks: list[dict[str, str]] = []
    fresh = True
    twice = 0
    for line in lines:
        if not line:
            fresh = True
            continue
        parts = _HAS.split(line, maxsplit=1)
        if len(parts) != 2 or len(parts[0].split()) != 1:
            raise PrivacyToolError(
                f"The hierarchy file of {column!r} has a line that does not read PARENT has CHILD "
                "CHILD, each without blanks, as Amnesia writes it. Correct it, or save the "
                "hierarchy as value;level 1;...;*"
            )
        if fresh:
            blocks.append({})
            fresh = False
        for child in parts[1].split():
            if child.lower() not in _MISSING:
                twice += blocks[-1].setdefault(child, parts[0]) != parts[0]
    if twice:
        raise PrivacyToolError(
            f"In the hierarchy file of {column!r}, {twice} labels stand below more than one parent "
            "of the same level. Give each label exactly one parent."
        )
    if not blocks:
        raise PrivacyToolError(f"The hierarchy file of {column!r} names no children. Add some.")
    return blocks


def _paths(blocks: Sequence[Parents], column: str) -> list[tuple[str, ...]]:
    """Return leaf, parent, ... root for every leaf; one on a short branch repeats its label."""
    paths: list[tuple[str, ...]] = []
    lost = 0
    for depth, block in enumerate(blocks):
        below = set(blocks[depth - 1].values()) if depth else set()
        for leaf in (child for child in block if child not in below):
            path = [leaf] * (depth + 1)
            for parents in blocks[depth:]:
                path.append(parents.get(path[-1], ""))
            lost += not all(path)
            paths.append(tuple(path))
    if lost:
        raise PrivacyToolError(
            f"In the hierarchy file of {column!r}, {lost} values are not connected to the top: a "
            "label above them is nobody's child. Add it to a group of the next level."
        )
    return paths


@dataclass(frozen=True, kw_only=True)
class _Range:
    low: Fraction
    high: Fraction


def _in_ranges(
    paths: Sequence[Sequence[str]],
    column: str,
    values: Sequence[str],
    *,
    kind: str,
    decimal: str | None,
) -> list[tuple[str, ...]]:
    """Put every value into the finest range that holds it, and name the ranges for people."""
    ranges = {
        text: _range(text, column, date=kind == "date") for text in {t for p in paths for t in p}
    }
    if kind == "date":
        days = date_values(values)
        known = ~np.isnat(days)
        numbers = [
            Fraction(day) if ok else None
            for day, ok in zip(days.astype(np.int64).tolist(), known.tolist(), strict=True)
        ]
    else:
        numbers = exact_numbers(values, decimal)
    leaves = sorted(paths, key=lambda path: ranges[path[0]].low)
    lows = [{ranges[path[level]].low for path in paths} for level in range(len(paths[0]))]
    found = [(n, v) for v, n in zip(values, numbers, strict=True) if n is not None]
    rows = []
    for number, value in sorted(found):
        path = _holding(number, leaves, ranges)
        if path is not None:
            labels = [_label(ranges[text], lows[level], kind) for level, text in enumerate(path)]
            rows.append((value, *labels))
    if not rows:
        raise PrivacyToolError(
            f"The ranges in the hierarchy file of {column!r} hold no value of the table. Upload "
            "it where the table is open, and check that it belongs to this column."
        )
    return rows


def _holding(
    number: Fraction, leaves: Sequence[Sequence[str]], ranges: Mapping[str, _Range]
) -> Sequence[str] | None:
    """Return the last range that begins at or below a number, if it reaches so far."""
    after = bisect_right(leaves, number, key=lambda path: ranges[path[0]].low)
    if not after or number > ranges[leaves[after - 1][0]].high:
        return None
    return leaves[after - 1]


def _range(text: str, column: str, *, date: bool) -> _Range:
    ends = text.split(",")
    if date:
        days = [_day(end, last=bool(place)) for place, end in enumerate(ends)]
        found = [None if day is None else Fraction(day) for day in days]
    else:
        found = exact_numbers(ends)
    if len(found) != 2 or found[0] is None or found[1] is None or found[0] > found[1]:
        raise PrivacyToolError(
            f"The hierarchy file of {column!r} holds a range that does not read LOW,HIGH. "
            "Correct it."
        )
    return _Range(low=found[0], high=found[1])


def _day(text: str, *, last: bool) -> int | None:
    """Return the first or the last day of DD/MM/YYYY, MM/YYYY or YYYY, counted from 1970."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, month, year = match.groups()
    try:
        if day:
            return int(np.datetime64(f"{year}-{month:0>2}-{day:0>2}", "D").astype(np.int64))
        start = np.datetime64(f"{year}-{month:0>2}", "M") if month else np.datetime64(year, "Y")
    except ValueError:
        return None
    first = (start + 1).astype("datetime64[D]") - 1 if last else start.astype("datetime64[D]")
    return int(first.astype(np.int64))


def _label(held: _Range, lows: set[Fraction], kind: str) -> str:
    """Tell whole numbers and dates by the first and the last; a shared end is of the next range."""
    shared = held.high in lows and held.high > held.low
    if kind not in {"int", "integer", "date"}:
        return f"[{_decimal(held.low)}, {_decimal(held.high)}{')' if shared else ']'}"
    low, high = int(held.low), int(held.high) - shared
    if kind == "date":
        first, last = (str(np.datetime64(day, "D")) for day in (low, high))
        return f"{first} to {last}"
    if low == high:
        return str(low)
    return f"{low} to {high}" if low < 0 else f"{low}-{high}"


def _decimal(number: Fraction) -> str:
    return str(int(number)) if number.denominator == 1 else str(float(number))


def to_amnesia(hierarchy: Hierarchy) -> bytes:
    """
    Return a hierarchy as a ``distinct`` file of Amnesia.

    Amnesia knows a label by its name alone, so a label that also stands at a lower level gets the
    number of its level; a last level of several labels gets ``*`` above.

    Raises
    ------
    PrivacyToolError
        A label that holds a blank or is ``has``, which Amnesia cannot read.
    """
    names: list[dict[str, str]] = []
    taken: set[str] = set()
    for number, level in enumerate(hierarchy.levels):
        names.append({})
        for label in level.labels:
            name = label
            while name in taken:
                name += f"_{number}"
            names[-1][label] = name
        taken |= set(names[-1].values())
    unreadable = sum(name.split() != [name] or name == "has" for name in taken)
    if unreadable:
        raise PrivacyToolError(
            f"{unreadable:,} labels in the hierarchy of {hierarchy.column!r} hold a blank, which "
            "Amnesia cannot read. Rename them, or download the hierarchy as CSV."
        )
    rows = [tuple(names[n][label] for n, label in enumerate(row)) for row in hierarchy.rows()]
    if len(hierarchy.levels[-1].labels) > 1 or hierarchy.height == 0:
        rows = [(*row, SUPPRESSED) for row in rows]
    width = len(rows[0])
    name = "_".join(hierarchy.column.split()) or "column"
    lines = ["distinct", f"name {name}", "type string", f"height {width}", ""]
    for depth in range(1, width):
        children: dict[str, dict[str, None]] = {}
        for row in rows:
            children.setdefault(row[depth], {})[row[depth - 1]] = None
        lines += [f"{parent} has {' '.join(held)}" for parent, held in children.items()]
        lines.append("")
    return "\n".join(lines).encode("utf-8", "surrogatepass")
