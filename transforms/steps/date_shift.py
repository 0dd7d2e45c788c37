"""Move all dates of a person by the same random number of days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.kinds import date_values
from transforms.draws import generator, numbered_people
from transforms.parameters import DATES, DeclaredStep, Parameter, columns_parameter
from transforms.perturbation import nearest_places
from transforms.step import StepContext, named, require_unchanged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.release import Release, ReleasedColumn

MOST_DAYS = 36_500
_FORM = re.compile(
    r"(?:(?P<y>[0-9]{4})(?P<s>[-/.]?)(?P<a>[0-9]{1,2})(?P<t>[-/.]?)(?P<b>[0-9]{1,2})"
    r"|(?P<c>[0-9]{1,2})(?P<u>[-/.])(?P<d>[0-9]{1,2})(?P<v>[-/.])(?P<z>[0-9]{4}))"
    r"(?P<rest>(?:[T ].*)?)",
    re.DOTALL,
)
_FIRST_DAY, _LAST_DAY = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")


@dataclass(frozen=True, kw_only=True)
class DateShift(DeclaredStep):
    """
    Move all dates of a person by the same random number of days.

    How many days lie between two dates of one person, in one column or in several, stays exactly
    as it was; the season and the weekday do not. Where no column says which rows are one person,
    every row is moved on its own. The time of day and the way of writing a date stay.

    Parameters
    ----------
    columns : tuple of str
        At least one, of dates that no earlier step changed.
    days : int
        The number is drawn evenly from -days to +days.

    References
    ----------
    Hripcsak et al. (2016), Preserving temporal relations in clinical data while maintaining
    privacy, JAMIA 23(6).
    """

    name: ClassVar[str] = "date_shift"
    title: ClassVar[str] = "Shift dates"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            "Columns of dates",
            kinds=DATES,
            advice="Name all dates of a person together: the time between them stays as it was.",
        ),
        Parameter(
            name="days",
            title="At most so many days earlier or later",
            kind="whole",
            default=30,
            low=1,
            high=MOST_DAYS,
            help="More days hide better when something happened, and blur the seasons.",
        ),
    )

    columns: tuple[str, ...]
    days: int = 30

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        return (
            f"Move the dates in {named(self.columns)} by a random number of days, at most "
            f"{self.days:,} earlier or later: the same number for all dates of a person, or of a "
            "row where no column says which rows are one person."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with shifted dates.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed by an earlier step, or holds values that are not
            dates or would leave the years 1 to 9999.
        """
        require_unchanged(release, self.columns, step=self.name)
        shifts = self._shifts(release, context)
        return release.with_columns(
            *(_shifted(release.columns[name], release.source, shifts) for name in self.columns)
        )

    def _shifts(self, release: Release, context: StepContext) -> NDArray[np.int64]:
        """Return the days by which each record is moved: int64[n0]."""
        numbers, people = numbered_people(release.source, context.roles.person)
        random = generator(release, context, self.name)
        by_person = random.integers(-self.days, self.days, people, endpoint=True)
        return np.asarray(by_person[numbers], np.int64)


def _shifted(
    column: ReleasedColumn, source: EncodedTable, shifts: NDArray[np.int64]
) -> ReleasedColumn:
    name = column.name
    domain, codes = source.domain(name), source.codes[name].astype(np.int64)
    # A hierarchy may declare values that are no dates; only those of the table must be.
    held = np.flatnonzero(source.counts(name)[: len(domain.leaves)])
    texts = [domain.leaves[leaf] for leaf in held.tolist()]
    days, forms = date_values(texts), [_FORM.fullmatch(text) for text in texts]
    strange = sum(form is None or np.isnat(day) for form, day in zip(forms, days, strict=True))
    if strange:
        raise PrivacyToolError(
            f"{strange:,} values of the column {name!r} are not dates of the column's form, so "
            "they cannot be shifted. Correct them, mark them as missing, or leave the column out."
        )
    writing = _Writing.of([form for form in forms if form is not None], days)
    place = np.full(domain.cardinality, -1, np.int64)
    place[held] = np.arange(held.size)
    record = np.flatnonzero(place[codes] >= 0)
    at = place[codes[record]]
    moved = days[at] + shifts[record].astype("timedelta64[D]")
    outside = int(np.count_nonzero((moved < _FIRST_DAY) | (moved > _LAST_DAY)))
    if outside:
        raise PrivacyToolError(
            f"{outside:,} dates of the column {name!r} would leave the years 1 to 9999. If they "
            "stand for an unknown date, mark that value as missing when the table is read."
        )
    # One label for each new day and way of writing, in the order of time.
    ways = max(1, len(writing.ways))
    joint, new = np.unique(moved.astype(np.int64) * ways + writing.way[at], return_inverse=True)
    new_days = (joint // ways).astype("datetime64[D]")
    labels = [
        writing.text(day, way)
        for day, way in zip(new_days.tolist(), (joint % ways).tolist(), strict=True)
    ]
    explicit = np.full(source.records, len(labels), np.int32)
    explicit[record] = new
    by_day = np.argsort(days, kind="stable")
    nearest = held[by_day[nearest_places(days[by_day].astype(np.int64), joint // ways)]]
    nodes = Nodes(
        tuple(labels), np.arange(len(labels) + 1, dtype=np.int64), nearest.astype(np.int32)
    )
    return replace(column, nodes=nodes, lookup=None, explicit=explicit, perturbed=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Writing:
    """
    How the dates of a column are written.

    Parameters
    ----------
    ways : tuple of (str, str, str)
        The two marks between the numbers and what follows the date, such as the time of day.
    way : int64[D]
        Which of them each value has.
    order : str
        The numbers from left to right: "ymd", "dmy" or "mdy".
    padded : (bool, bool)
        Whether the two short numbers, from left to right, always have two digits.
    """

    ways: tuple[tuple[str, str, str], ...]
    way: NDArray[np.int64]
    order: str
    padded: tuple[bool, bool]

    @classmethod
    def of(cls, forms: Sequence[re.Match[str]], days: NDArray[np.datetime64]) -> _Writing:
        """Find out how dates are written, whose meaning is known."""
        position: dict[tuple[str, str, str], int] = {}
        way = [
            position.setdefault(
                (form["s"] or form["u"] or "", form["t"] or form["v"] or "", form["rest"]),
                len(position),
            )
            for form in forms
        ]
        year_first = all(form["y"] is not None for form in forms)
        shorts = [(f["a"] or f["c"], f["b"] or f["d"]) for f in forms]
        day_first = all(
            (int(first), int(second)) == (day.day, day.month)
            for (first, second), day in zip(shorts, days.tolist(), strict=True)
        )
        return cls(
            ways=tuple(position),
            way=np.array(way, np.int64),
            order="ymd" if year_first else "dmy" if day_first else "mdy",
            padded=(
                all(len(first) == 2 for first, _ in shorts),
                all(len(second) == 2 for _, second in shorts),
            ),
        )

    def text(self, day: date, way: int) -> str:
        """Return a day as the column writes it."""
        first, second, rest = self.ways[way]
        shorts = (day.day, day.month) if self.order == "dmy" else (day.month, day.day)
        a, b = (
            f"{number:02d}" if two else str(number)
            for number, two in zip(shorts, self.padded, strict=True)
        )
        year = f"{day.year:04d}"
        numbers = (year, a, b) if self.order == "ymd" else (a, b, year)
        return f"{numbers[0]}{first}{numbers[1]}{second}{numbers[2]}{rest}"
