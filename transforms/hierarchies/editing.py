"""Changes to a hierarchy: each gives a new one, so the former one is there for undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from microdata.kinds import date_values
from transforms.hierarchies.checks import checked
from transforms.hierarchies.csv_files import MAX_LEVELS
from transforms.hierarchies.numbers import exact_numbers

Order = Literal["text", "number", "date", "rows"]
Place = Literal["first", "earlier", "later", "last"]


def renamed(hierarchy: Hierarchy, level: int, label: str, name: str) -> Hierarchy:
    """
    Give a label of a level another name.

    Raises
    ------
    PrivacyToolError
        Level 0, whose labels are the values, a name that is blank, or that of another label.
    """
    return merged(hierarchy, level, [label], name)


def merged(
    hierarchy: Hierarchy,
    level: int,
    labels: Sequence[str],
    into: str,
    *,
    under: str | None = None,
) -> Hierarchy:
    """
    Make several labels of a level one.

    Parameters
    ----------
    hierarchy : Hierarchy
    level : int
        From 1 upwards.
    labels : sequence of str
    into : str
        The name of the merged label; it may be one of `labels`.
    under : str, optional
        The one of `labels` whose labels above the merged one gets; needed where they differ.

    Raises
    ------
    PrivacyToolError
        Level 0, a name that is blank or that of a further label, or labels with different labels
        above and none chosen.
    """
    where = _where(hierarchy, level)
    if level == 0:
        raise PrivacyToolError(
            f"{where} stand the values themselves. Add a level to group them under other labels."
        )
    chosen = _known(hierarchy, level, labels)
    name = _named(into, where)
    if name not in chosen and name in hierarchy.levels[level].labels:
        raise PrivacyToolError(
            f"{where} there is a label of this name already. Choose another name, or merge the two."
        )
    rows = [list(row) for row in hierarchy.rows()]
    above = {tuple(row[level + 1 :]): row[level] for row in rows if row[level] in chosen}
    if under is None and len({tops[:1] for tops in above}) > 1:
        raise PrivacyToolError(
            f"{where} these {len(chosen)} labels belong to different groups of level {level + 1}. "
            "Choose the group that the merged label belongs to, or merge those groups first."
        )
    tops = next(t for t, label in above.items() if under in {None, label})
    for row in rows:
        if row[level] in chosen:
            row[level:] = [name, *tops]
    return Hierarchy.from_rows(hierarchy.column, rows)


def moved(hierarchy: Hierarchy, level: int, label: str, group: str) -> Hierarchy:
    """
    Move a label of a level, with all that lies below it, into a group of the level above.

    A group that does not exist yet is made, and belongs where the former group does.

    Raises
    ------
    PrivacyToolError
        No level above, or a group whose name is blank.
    """
    where = _where(hierarchy, level)
    if level == hierarchy.height:
        raise PrivacyToolError(f"{where} there are no groups above. Add a level first.")
    chosen = _known(hierarchy, level, [label])
    name = _named(group, where)
    rows = [list(row) for row in hierarchy.rows()]
    tops = next((row[level + 2 :] for row in rows if row[level + 1] == name), None)
    for row in rows:
        if row[level] in chosen:
            row[level + 1 :] = [name, *(row[level + 2 :] if tops is None else tops)]
    return Hierarchy.from_rows(hierarchy.column, rows)


def with_level(hierarchy: Hierarchy, after: int) -> Hierarchy:
    """
    Add a level above a level, with the same labels, ready to be merged; above the last, ``*``.

    Raises
    ------
    PrivacyToolError
        Too many levels, or a last level that is one label already.
    """
    where = _where(hierarchy, after)
    if len(hierarchy.levels) >= MAX_LEVELS:
        raise PrivacyToolError(f"{where}: a hierarchy has at most {MAX_LEVELS} levels. Remove one.")
    last = after == hierarchy.height
    if last and len(hierarchy.levels[after].labels) == 1:
        raise PrivacyToolError(f"{where} there is one label only, and nothing is coarser.")
    return Hierarchy.from_rows(
        hierarchy.column,
        [
            (*row[: after + 1], SUPPRESSED if last else row[after], *row[after + 1 :])
            for row in hierarchy.rows()
        ],
    )


def without_level(hierarchy: Hierarchy, level: int) -> Hierarchy:
    """
    Remove a level.

    Raises
    ------
    PrivacyToolError
        Level 0, or the only level above it.
    """
    where = _where(hierarchy, level)
    if level == 0:
        raise PrivacyToolError(f"{where} stand the values themselves, so it stays.")
    if hierarchy.height == 1:
        raise PrivacyToolError(
            f"{where} stands the only level above the values. Remove the hierarchy instead."
        )
    return Hierarchy.from_rows(
        hierarchy.column, [row[:level] + row[level + 1 :] for row in hierarchy.rows()]
    )


def placed(hierarchy: Hierarchy, level: int, label: str, place: Place) -> Hierarchy:
    """
    Move a label, with all values below it, in the order of its level; its values stay together.

    The order of the values is what an ordered distance (ordered EMD) and a split of an ordered
    column (Mondrian) follow.

    Parameters
    ----------
    hierarchy : Hierarchy
    level : int
    label : str
    place : {"first", "earlier", "later", "last"}
    """
    _known(hierarchy, level, [label])
    labels = list(hierarchy.levels[level].labels)
    now = labels.index(label)
    labels.pop(now)
    to = {"first": 0, "earlier": max(now - 1, 0), "later": now + 1, "last": len(labels)}[place]
    labels.insert(to, label)
    rank = {name: position for position, name in enumerate(labels)}
    rows = sorted(hierarchy.rows(), key=lambda row: rank[row[level]])
    return Hierarchy.from_rows(hierarchy.column, rows)


def arranged(
    hierarchy: Hierarchy, by: Order, *, rows: Sequence[int] = (), decimal: str | None = None
) -> Hierarchy:
    """
    Put the values into an order.

    Parameters
    ----------
    hierarchy : Hierarchy
    by : {"text", "number", "date", "rows"}
        As texts, as numbers or dates (what is none comes last), or from most to fewest rows.
    rows : sequence of int
        For "rows": how many rows hold each leaf.
    decimal : {".", ","}, optional
        Decimal mark of the numbers.

    Raises
    ------
    PrivacyToolError
        No value is a number, or a date.
    """
    leaves = hierarchy.leaves
    codes = range(len(leaves))
    if by == "text":
        order = sorted(codes, key=leaves.__getitem__)
    elif by == "rows":
        order = sorted(codes, key=rows.__getitem__, reverse=True)
    elif by == "number":
        numbers = exact_numbers(leaves, decimal)
        _require(hierarchy, any(number is not None for number in numbers), "a number")
        order = sorted(codes, key=lambda code: (numbers[code] is None, numbers[code] or 0))
    else:
        days = date_values(leaves)
        _require(hierarchy, not np.isnat(days).all(), "a date")
        order = np.argsort(days, kind="stable").tolist()  # what is not a date comes last
    table = hierarchy.rows()
    return Hierarchy.from_rows(hierarchy.column, [table[code] for code in order])


def with_rows(hierarchy: Hierarchy, changed: Sequence[Sequence[str]]) -> Hierarchy:
    """
    Take over a table of the first leaves and their labels that was changed by hand.

    Parameters
    ----------
    hierarchy : Hierarchy
    changed : sequence of sequence of str
        The first rows of `Hierarchy.rows`, with other labels; the values are the same.

    Raises
    ------
    PrivacyToolError
        A blank label, other values, or a level that is no longer a function of the level below.
    """
    former = hierarchy.rows()
    if [row[0] for row in changed] != [row[0] for row in former[: len(changed)]]:
        raise PrivacyToolError(
            f"The values in the table of {hierarchy.column!r} are no longer those of the "
            "hierarchy. Change labels of the levels above, not the values."
        )
    fresh = [(row[0], *(label.strip() for label in row[1:])) for row in changed]
    blank = sum(not all(row[1:]) for row in fresh)
    if blank:
        raise PrivacyToolError(
            f"In the table of {hierarchy.column!r}, {blank} rows have a level without a label. "
            "Write one, such as *."
        )
    return checked(hierarchy.column, [*fresh, *former[len(changed) :]])


def _where(hierarchy: Hierarchy, level: int) -> str:
    hierarchy.check_level(level)
    return f"In level {level} of the hierarchy of {hierarchy.column!r}"


def _known(hierarchy: Hierarchy, level: int, labels: Sequence[str]) -> set[str]:
    chosen = set(labels)
    where = _where(hierarchy, level)
    if not chosen:
        raise PrivacyToolError(f"{where} no label was chosen. Choose at least one.")
    unknown = len(chosen - set(hierarchy.levels[level].labels))
    if unknown:
        raise PrivacyToolError(
            f"{where}, {unknown} of the chosen labels do not exist. Choose others."
        )
    return chosen


def _named(name: str, where: str) -> str:
    if not name.strip():
        raise PrivacyToolError(f"{where} a label needs a name. Write one.")
    return name.strip()


def _require(hierarchy: Hierarchy, there: object, what: str) -> None:
    if not there:
        raise PrivacyToolError(
            f"No value of the column {hierarchy.column!r} is {what}. Choose another order."
        )
