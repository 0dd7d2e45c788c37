"""One tab for each way to build a hierarchy."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from typing import Literal

import pandas as pd
import streamlit as st

from microdata.dataset import Dataset
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies import dates, rows_by_value
from transforms.hierarchies.dates import date_hierarchy
from transforms.hierarchies.intervals import cut_points, equal_width, quantiles
from transforms.hierarchies.masking import MAX_LEVELS, mask_hierarchy
from transforms.hierarchies.propose import propose
from transforms.hierarchies.taxonomy import by_frequency, by_prefix, grouped, value_or_nothing
from ui import state
from ui.widgets.guard import guard
from ui.widgets.text import long_md

TABS = ("Automatic", "Intervals", "Mask", "Dates", "Prefix", "By hand", "Value or nothing")
# Short plain decimals: an exponent could ask for a number with a million digits.
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:[.][0-9]{1,10})?")
_MOST_SHOWN = 1_000
Build = Callable[[Dataset, str], Hierarchy | None]


def number_of(text: str, *, what: str) -> str | None:
    """
    Return a number as it was typed, or None where nothing was.

    Raises
    ------
    PrivacyToolError
        Not a plain number.
    """
    typed = text.strip()
    if not typed:
        return None
    if not _NUMBER.fullmatch(typed):
        raise PrivacyToolError(
            f"{what} is not a number. Write it with digits and a full stop, such as 18 or 2.5."
        )
    return typed


def cuts_of(text: str) -> tuple[str, ...]:
    """
    Return the cut points that a line lists.

    Examples
    --------
    >>> cuts_of("18, 30;65")
    ('18', '30', '65')
    """
    parts = re.split(r"[,;\s]+", text.strip())
    return tuple(
        number for part in parts if (number := number_of(part, what="A cut point")) is not None
    )


def lengths_of(text: str) -> tuple[int, ...]:
    """
    Return the whole numbers that a line lists.

    Examples
    --------
    >>> lengths_of("3, 1")
    (3, 1)
    """
    parts = re.split(r"[,;\s]+", text.strip())
    if not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        raise PrivacyToolError(
            "What is kept at each level must be whole numbers. Write them with commas between "
            "them, such as 3, 1."
        )
    return tuple(map(int, parts))


def groups_of(text: str) -> list[dict[str, list[str]]]:
    r"""
    Return the levels of groups that a text lists: a group a line, a blank line before each level.

    Examples
    --------
    >>> groups_of('North: Oslo, "Bergen, city"\nSouth: Rome\n\nEurope: North, South')
    [{'North': ['Oslo', 'Bergen, city'], 'South': ['Rome']}, {'Europe': ['North', 'South']}]

    Raises
    ------
    PrivacyToolError
        A line without a colon, a group twice in a level, or no line.
    """
    levels: list[dict[str, list[str]]] = []
    fresh = True
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            fresh = True
            continue
        name, colon, members = line.partition(":")
        if not colon or not name.strip():
            raise PrivacyToolError(
                f"Line {number} names no group. Write each line as NAME: value, value."
            )
        if fresh:
            levels.append({})
            fresh = False
        if name.strip() in levels[-1]:
            raise PrivacyToolError(
                f"Line {number} names a group of this level a second time. Put its values into one "
                "line."
            )
        listed = next(csv.reader([members], skipinitialspace=True), [])
        levels[-1][name.strip()] = [member.strip() for member in listed if member.strip()]
    if not levels:
        raise PrivacyToolError("No group was named. Write each line as NAME: value, value.")
    return levels


def builders(dataset: Dataset, column: str) -> Hierarchy | None:
    """Show the tabs; return a hierarchy in the run in which one was built."""
    built: Hierarchy | None = None
    builds: tuple[Build, ...] = (_automatic, _intervals, _mask, _dates, _prefix, _by_hand, _nothing)
    for tab, build in zip(st.tabs(list(TABS)), builds, strict=True):
        with tab, guard():
            built = build(dataset, column) or built
    return built


def _key(name: str) -> str:
    return f"{name}-{state.generation()}"


def _automatic(dataset: Dataset, column: str) -> Hierarchy | None:
    st.caption("Intervals for numbers, months to decades for dates, masks for codes.")
    if not st.button("Propose", key="build-automatic"):
        return None
    proposal = propose(dataset, column)
    if proposal.hierarchy is None:
        st.warning(long_md(proposal.sentence))
    return proposal.hierarchy


def _intervals(dataset: Dataset, column: str) -> Hierarchy | None:
    ways = ("equal width", "cut points", "about as many rows each")
    way = st.selectbox("Intervals of", ways, key=_key("interval-way"))
    values, decimal = dataset.values(column), dataset.read.decimal
    if way == "cut points":
        cuts = st.text_area(
            "An interval starts at each of; a further line says what the next level keeps",
            key=_key("cuts"),
            placeholder="18, 30, 45, 65\n18, 65",
            help="With one line, each further level keeps every second one.",
        )
        if st.button("Build intervals", key="build-cuts"):
            first, *further = [cuts_of(line) for line in cuts.splitlines() if line.strip()] or [()]
            return cut_points(column, values, first, further=further, decimal=decimal)
        return None
    if way != "equal width":
        groups = st.number_input("Groups", 2, 100, 8, key=_key("groups"))
        if st.button("Build intervals", key="build-quantiles"):
            counts = rows_by_value(dataset, column).tolist()
            return quantiles(column, values, counts, groups=int(groups), decimal=decimal)
        return None
    left, right = st.columns(2)
    width = left.text_input("Width at level 1", key=_key("width"), placeholder="chosen for you")
    levels = right.number_input("Levels, each twice as wide", 1, 20, 4, key=_key("levels"))
    bottom = left.text_input("One group below", key=_key("bottom"), placeholder="none")
    top = right.text_input("One group from … upwards", key=_key("top"), placeholder="none")
    if st.button("Build intervals", key="build-width"):
        return equal_width(
            column,
            values,
            width=number_of(width, what="The width"),
            levels=int(levels),
            bottom=number_of(bottom, what="The lower end"),
            top=number_of(top, what="The upper end"),
            decimal=decimal,
        )
    return None


def _mask(dataset: Dataset, column: str) -> Hierarchy | None:
    sides: Mapping[str, Literal["right", "left"]] = {
        "from the right: 0213*": "right",
        "from the left: *2139": "left",
    }
    side = st.selectbox("Characters are hidden", tuple(sides), key=_key("side"))
    levels = st.number_input(
        "Levels (empty: one a character)", 1, MAX_LEVELS, None, key=_key("mask-levels")
    )
    if st.button("Build mask", key="build-mask"):
        number = None if levels is None else int(levels)
        return mask_hierarchy(column, dataset.values(column), side=sides[side], levels=number)
    return None


def _dates(dataset: Dataset, column: str) -> Hierarchy | None:
    chosen = st.multiselect("Levels", dates.LEVELS, dates.DEFAULT, key=_key("date-levels"))
    if st.button("Build dates", key="build-dates"):
        return date_hierarchy(
            column,
            dataset.values(column),
            [level for level in dates.LEVELS if level in chosen],
        )
    return None


def _prefix(dataset: Dataset, column: str) -> Hierarchy | None:
    st.caption("Values that begin alike become one group: `E11.9`, `E11…`, `E…`, `*`.")
    separator = st.text_input(
        "Parts are parted by",
        max_chars=3,
        placeholder="nothing: count characters",
        key=_key("separator"),
    )
    lengths = st.text_input(
        "Characters or parts that are kept at each level", "3, 1", key=_key("lengths")
    )
    if st.button("Build prefixes", key="build-prefix"):
        return by_prefix(
            column, dataset.values(column), lengths=lengths_of(lengths), separator=separator
        )
    return None


def _by_hand(dataset: Dataset, column: str) -> Hierarchy | None:
    text = st.text_area(
        "One group a line; a blank line begins the next level",
        key=_key("by-hand"),
        placeholder="North: Oslo, Bergen\nSouth: Rome, Palermo\n\nEurope: North, South",
        help="Put a value that holds a comma between quotation marks.",
    )
    others = st.selectbox(
        "Values in no group", ("become “Other”", "stay as they are"), key=_key("others")
    )
    if st.toggle("Show the values", key=_key("show-values"), help="Real values, on the screen."):
        values = dataset.values(column)
        st.dataframe(
            pd.DataFrame({"Value": values[:_MOST_SHOWN]}), hide_index=True, alt="The values"
        )
        if len(values) > _MOST_SHOWN:
            st.caption(f"The first {_MOST_SHOWN:,} of {len(values):,} values.")
    if st.button("Build groups", key="build-groups"):
        return grouped(
            column,
            dataset.values(column),
            groups_of(text),
            rest="own" if others == "stay as they are" else "other",
        )
    return None


def _nothing(dataset: Dataset, column: str) -> Hierarchy | None:
    st.caption("A value is kept, or replaced by *. Rare values can become one group before that.")
    least = st.number_input(
        "Values held by fewer rows than this become “Other” (empty: none)",
        2,
        None,
        None,
        key=_key("rare"),
    )
    if st.button("Build value or nothing", key="build-nothing"):
        values = dataset.values(column)
        if least is None:
            return value_or_nothing(column, values)
        return by_frequency(
            column, values, rows_by_value(dataset, column).tolist(), at_least=int(least)
        )
    return None
