"""Which released columns seem to hold identifiers or special categories, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from microdata import safe_harbor
from microdata.dataset import ColumnKind
from microdata.evidence import AGES, ZIP3, Detected, Evidence, Holds, State
from microdata.label_shapes import LabelShapes
from microdata.patterns import MOST_DISTINCT, PATTERNS, Pattern
from microdata.profile import MOST_ROWS_A_PERSON, percent
from microdata.release import Release
from microdata.roles import Role, Roles
from microdata.value_lists import category_share, name_share
from microdata.vocabulary import Topic

_SHAPES = "shapes"
_ENOUGH_DATES = 0.2
_NEARLY_UNIQUE = 0.9
_FEW_ROWS = 20
_WITH_PATTERN = {pattern.hipaa_class for pattern in PATTERNS}
_CHANGED = "its values were changed, and parts of what they told may be left"
_PSEUDONYMS = (
    "pseudonyms stand in place of the values; a code is permitted only if it does not come from "
    "facts about the person and nobody else can undo it, which a table does not tell"
)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    """A released column as labels and how many rows hold each."""

    name: str
    role: Role
    state: State
    kind: ColumnKind
    counts: NDArray[np.int64]
    records: int
    topic: Topic | None
    shapes: LabelShapes

    @property
    def present(self) -> int:
        return int(self.counts.sum())

    @property
    def rows_a_value(self) -> float:
        return self.present / max(1, int((self.counts > 0).sum()))

    @property
    def identifying(self) -> bool:
        return self.rows_a_value <= MOST_ROWS_A_PERSON

    @property
    def unique_share(self) -> float:
        return float((self.counts == 1).sum()) / max(1, self.records)

    @property
    def is_number(self) -> bool:
        return self.kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL)

    def is_about(self, what: str) -> bool:
        return self.topic is not None and self.topic.what == what

    def share(self, mask: NDArray[np.bool_]) -> float:
        """Return the share of the rows with a value whose label is marked."""
        return float(self.counts[mask].sum()) / max(1, self.present)

    @property
    def seen(self) -> NDArray[np.int64]:
        """How many rows hold each label that was looked at."""
        return self.counts[self.shapes.chosen]

    @property
    def sampled(self) -> str:
        if self.shapes.chosen.size == self.counts.size:
            return ""
        return f"{MOST_DISTINCT:,} of its {self.counts.size:,} different values were looked at"


def detected(release: Release, roles: Roles, *, threshold: int = 5) -> tuple[Detected, ...]:
    """
    Return what each released column seems to hold, by its name and by the rows of the release.

    Shapes and lists are compared with the distinct labels and weighted by rows, so a chance match
    of one rare value does not decide. It is a detection, not a proof: a column of unknown name
    whose values have no known shape is not recognised.

    Parameters
    ----------
    release : Release
        Columns that were left out are not there; changed ones are read as they were released.
    roles : Roles
    threshold : int
        Disclosure threshold: a share that stands for fewer rows is not told.
    """
    columns = [_column(release, roles, name) for name in release.columns]
    latest = max(map(_latest_year, columns), default=-np.inf)
    return tuple(
        Detected(
            column=column.name,
            role=column.role.value,
            state=column.state,
            free_text=column.kind is ColumnKind.FREE_TEXT and column.state == "as in the original",
            evidence=tuple(
                _without_few(item, column.present, threshold) for item in _evidence(column, latest)
            )
            if column.present
            else (),
        )
        for column in columns
    )


def _without_few(item: Evidence, rows: int, threshold: int) -> Evidence:
    """Hide how many rows fit where they are too few: one person over 89 is one person."""
    if item.share is None or not 0 < round(item.share * rows) < threshold:
        return item
    few = f"fewer than {threshold} of its rows fit"
    return replace(item, share=None, note=f"{few}; {item.note}" if item.note else few)


def _column(release: Release, roles: Roles, name: str) -> _Column:
    column = release.columns[name]
    labels = column.nodes.labels
    counts = np.bincount(release.codes(name), minlength=column.cardinality)[: len(labels)]
    counts = counts.astype(np.int64)
    if not counts.any():
        state: State = "empty"
    elif column.renamed:
        state = "pseudonyms"
    elif release.origin is not None and name in release.origin.domains:
        known = release.origin.domain(name).positions
        same = all(labels[i] in known for i in np.flatnonzero(counts).tolist())
        state = "as in the original" if same else "changed"
    else:
        state = "as in the original" if column.unchanged else "changed"
    shapes = _shapes(release, name)
    topic = next(iter(shapes.topics), None)
    if topic is not None and topic.hipaa_class == "A" and shapes.of_organisation:
        topic = None  # the name of something else than a person
    return _Column(
        name=name,
        role=roles.role_of(name),
        state=state,
        kind=release.source.domain(name).kind,
        counts=counts,
        records=release.released_records,
        topic=topic,
        shapes=shapes,
    )


def _shapes(release: Release, name: str) -> LabelShapes:
    """Return the shapes of a column's labels: kept with it, and the last ones with the table."""
    column, last = release.columns[name], release.source.memo
    if _SHAPES not in column.memo:
        # A step that makes the column anew at every move mostly writes the same labels.
        labels, shapes = last.get((_SHAPES, name), (None, None))
        if labels != column.nodes.labels:
            labels = column.nodes.labels
            shapes = LabelShapes(name, pa.array(labels, pa.string()))
            last[_SHAPES, name] = labels, shapes
        column.memo[_SHAPES] = shapes
    found: LabelShapes = column.memo[_SHAPES]
    return found


def _is_date(column: _Column) -> bool:
    named = column.topic is not None and column.topic.hipaa_class == "C"
    return column.state != "pseudonyms" and (named or column.kind is ColumnKind.DATE)


def _latest_year(column: _Column) -> float:
    if not _is_date(column) or not column.present:
        return -np.inf
    found = column.shapes.years[column.counts > 0]
    return float(np.max(found, initial=-np.inf, where=~np.isnan(found)))


def _evidence(column: _Column, latest: float) -> Iterator[Evidence]:
    yield from _special(column)
    if column.state == "pseudonyms":
        if column.topic is not None and column.topic.hipaa_class:
            yield Evidence(
                subject=column.topic.hipaa_class,
                what=column.topic.what,
                holds="no",
                by_name=True,
                note="pseudonyms stand in place of the values",
            )
        yield Evidence(subject="R", what="a code", holds="unclear", note=_PSEUDONYMS)
        return
    found = [*_direct(column), *_place(column), *_date(column)]
    yield from found
    yield from _age(column, latest)
    if not any(item.holds == "yes" for item in found):
        yield from _code(column)


def _special(column: _Column) -> Iterator[Evidence]:
    by_name = {
        topic.special_category: topic.what
        for topic in reversed(column.shapes.topics)
        if topic.special_category
    }
    seen = column.seen
    listed = None
    if column.state != "pseudonyms" and not column.is_number and seen.any():
        listed = category_share(column.shapes.categories, seen)
    share = None if listed is None else listed[1]
    known = None if listed is None else listed[0].special_category
    for category, what in by_name.items():
        own = share if category == known else None
        yield Evidence(subject=category, what=what, holds="yes", by_name=True, share=own)
    if listed is not None and known not in by_name:
        yield Evidence(
            subject=listed[0].special_category, what=listed[0].what, holds="yes", share=share
        )


def _direct(column: _Column) -> Iterator[Evidence]:
    """Yield evidence on names, numbers and addresses that stand for one person or device."""
    shares: dict[str, tuple[Pattern, float]] = {}
    total = max(1, int(column.seen.sum()))
    for pattern, hits in column.shapes.patterns:
        share = float(column.seen[hits].sum()) / total
        if share > shares.get(pattern.hipaa_class, (pattern, 0.0))[1]:
            shares[pattern.hipaa_class] = pattern, share
    if column.kind is ColumnKind.TEXT and column.seen.any():
        named = name_share(column.shapes.names, column.seen)
        if named is not None and not column.is_about("the name of a person"):
            yield Evidence(
                subject="A", what="common names of people", holds="yes", share=named,
                note=column.sampled,
            )  # fmt: skip
    letter = column.topic.hipaa_class if column.topic else None
    if column.topic is not None and letter and letter not in "BC":
        yield _by_name(column, column.topic, letter, shares.get(letter, (None, None))[1])
    for other, (pattern, share) in shares.items():
        if other != letter:
            enough = share >= pattern.share
            note = "" if enough else "too few rows to be sure"
            yield Evidence(
                subject=other,
                what=pattern.what,
                holds="yes" if enough else "unclear",
                share=share,
                note="; ".join(filter(None, (note, column.sampled))),
            )


def _by_name(column: _Column, topic: Topic, letter: str, share: float | None) -> Evidence:
    holds: Holds = "unclear"
    note = ""
    if share:
        holds = "yes"
    elif column.state == "changed":
        note = _CHANGED
    elif column.identifying:
        holds = "yes"
    else:
        holds = "no" if letter in _WITH_PATTERN else "unclear"
        note = (
            f"but a value stands in {column.rows_a_value:,.0f} rows on average, so it may be "
            "something else"
        )
    return Evidence(
        subject=letter, what=topic.what, holds=holds, by_name=True, share=share, note=note
    )


def _place(column: _Column) -> Iterator[Evidence]:
    topic = column.topic
    if topic is None or topic.hipaa_class != "B":
        return
    if not column.is_about("a postcode"):
        changed = column.state == "changed"
        note = "its values were changed; whether each is as large as a state cannot be told"
        yield Evidence(
            subject="B", what=topic.what, holds="unclear" if changed else "yes", by_name=True,
            note=note if changed else "",
        )  # fmt: skip
        return
    codes = column.shapes.postcodes
    full, restricted = column.share(codes.full), column.share(codes.restricted)
    open_ = bool((column.counts[~codes.full & ~codes.coarse] > 0).any())
    note = "some of its values do not read as postcodes" if open_ else ""
    for subject, what, share in (
        ("B", "postcodes of more than three characters", full),
        (ZIP3, "postcodes of small areas", max(full, restricted)),
    ):
        holds: Holds = "yes" if share else "unclear" if open_ else "no"
        yield Evidence(
            subject=subject, what=what, holds=holds, by_name=True, share=share, note=note
        )


def _date(column: _Column) -> Iterator[Evidence]:
    topic = column.topic
    named = topic is not None and topic.hipaa_class == "C"
    if not named and column.is_number:
        return
    shapes = column.shapes
    mask = shapes.finer_than_year if _is_date(column) else shapes.days
    share = column.share(mask)
    what = topic.what if named and topic is not None else "dates with a day, month or quarter"
    holds: Holds = "no"
    note = ""
    if named or column.kind is ColumnKind.DATE:
        if share:
            holds = "yes"
        elif (column.counts[~column.shapes.no_date] > 0).any():
            holds, note = "unclear", "some of its values do not read as dates or years"
    elif share:
        holds = "yes" if share >= _ENOUGH_DATES else "unclear"
        note = "" if share >= _ENOUGH_DATES else "too few rows to be sure"
    else:
        return
    yield Evidence(subject="C", what=what, holds=holds, by_name=named, share=share, note=note)


def _age(column: _Column, latest: float) -> Iterator[Evidence]:
    if column.is_about("an age"):
        what = "ages over 89"
        told = safe_harbor.told_ages(column.shapes.texts, column.counts)
        note = "its values do not read as ages"
    elif column.is_about("a date of birth"):
        what = "years of birth of people over 89"
        told = safe_harbor.told_by_birth(column.shapes.years, column.counts, latest)
        note = "people born so early may be over 89; the table does not tell its own year"
    else:
        return
    if told is None:
        yield Evidence(subject=AGES, what=what, holds="unclear", by_name=True, note=note)
        return
    holds: Holds = "yes" if told.any() else "no"
    yield Evidence(subject=AGES, what=what, holds=holds, by_name=True, share=column.share(told))


def _code(column: _Column) -> Iterator[Evidence]:
    """Yield evidence on a number or code that stands for one person, where nothing else does."""
    note = ""
    by_name = (
        column.topic is None
        and column.shapes.numbers_people
        and not column.shapes.of_organisation
        and column.kind not in {ColumnKind.DECIMAL, ColumnKind.DATE}
        and column.identifying
    )
    marked = column.role in {Role.PERSON, Role.HOUSEHOLD, Role.DIRECT_IDENTIFIER}
    if marked:
        note = f"it is marked as {column.role.value}"
    every = column.kind is ColumnKind.INTEGER and column.unique_share == 1
    nearly = (
        not column.is_number
        and column.kind not in {ColumnKind.DATE, ColumnKind.FREE_TEXT}
        and column.unique_share >= _NEARLY_UNIQUE
    )
    unique = column.records >= _FEW_ROWS and (every or nearly)
    if unique:
        own = f"{percent(column.unique_share)} of the rows have a value of their own"
        note = "; ".join(filter(None, (note, own)))
    if not (by_name or marked or unique):
        return
    changed = column.state == "changed" and not unique
    if changed:
        note = "; ".join(filter(None, (note, _CHANGED)))
    yield Evidence(
        subject="R", what="a number or code that stands for one person",
        holds="unclear" if changed else "yes", by_name=by_name, note=note,
    )  # fmt: skip
