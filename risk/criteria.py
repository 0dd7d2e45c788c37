"""Singling out, linkability, inference and membership: which figures speak for each, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from microdata.measure import Estimate, Figure, NotComputed, Path, json_number
from risk.requirement import TIE, number_words

Reading = Literal["protected", "residual", "exposed", "not assessed"]
Side = Literal[">", ">=", "<="]

CONVENTION = (
    "The sources of these criteria state no number. From where on a figure reads as exposed, "
    "residual or protected is a convention of this product and is printed beside each figure."
)
_WORST: tuple[Reading, ...] = ("exposed", "residual", "protected")
_SIDES: Mapping[Side, str] = {">": "above", ">=": "from", "<=": "up to"}
_WELL_HIDDEN = 11  # the class size of the guidance for public release: 1/11 is often written 0.09


@dataclass(frozen=True, kw_only=True)
class Bound:
    """
    On which side of a number a reading begins.

    Parameters
    ----------
    side : {">", ">=", "<="}
    number : float
    """

    side: Side
    number: float

    def holds(self, value: float) -> bool:
        """Tell whether a value is on this side; a tie within rounding counts as equal."""
        slack = TIE * abs(self.number)
        if self.side == ">":
            return value > self.number + slack
        if self.side == ">=":
            return value >= self.number - slack
        return value <= self.number + slack

    @property
    def words(self) -> str:
        """The bound in words: "from 11", "up to 0.2"."""
        if self.side == "<=" and self.number == 0:  # a share is never below 0
            return "at 0"
        return f"{_SIDES[self.side]} {number_words(self.number)}"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """
    How one figure reads under a criterion.

    Parameters
    ----------
    path : Path
        ``*`` stands for each sensitive attribute.
    what : str
        What the figure is, in words.
    exposed, protected : Bound, optional
        Where the reading is so; residual in between. None where no value of this figure alone
        reads so.
    less : Path, optional
        The figure is what the one at `path` lacks to this one.
    needed : bool
        Whether the criterion is not protected while this figure could not be computed.
    """

    path: Path
    what: str
    exposed: Bound | None = None
    protected: Bound | None = None
    less: Path | None = None
    needed: bool = False

    def reading(self, value: float) -> Reading:
        """Return how a value reads."""
        if self.exposed is not None and self.exposed.holds(value):
            return "exposed"
        if self.protected is not None and self.protected.holds(value):
            return "protected"
        return "residual"

    @property
    def convention(self) -> str:
        """The marks in words: "exposed up to 1, protected from 11"."""
        said = [
            f"{name} {bound.words}"
            for name, bound in (("exposed", self.exposed), ("protected", self.protected))
            if bound is not None
        ]
        return ", ".join(said if self.protected else [*said, "never protected by itself"])


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """
    One figure under a criterion.

    Parameters
    ----------
    path : Path
    what : str
        What the figure is, in words.
    value : float, optional
        None where it was not computed.
    reading : {"protected", "residual", "exposed", "not assessed"}
    convention : str
        From where on it reads so.
    reason : str
        Why it was not assessed, or "".
    """

    path: Path
    what: str
    value: float | None
    reading: Reading
    convention: str
    reason: str = ""

    @property
    def found(self) -> str:
        """The row in words: "people in the smallest group of look-alikes: 4"."""
        shown = "not assessed" if self.value is None else number_words(self.value)
        return f"{self.what}: {shown}"

    def to_json(self) -> dict[str, Any]:
        """Return the row for a saved assessment or another program."""
        return {
            "figure": list(self.path),
            "what": self.what,
            "value": None if self.value is None else json_number(self.value),
            "reading": self.reading,
            "convention": self.convention,
            "reason": self.reason,
        }


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """
    What the figures say of one criterion.

    Parameters
    ----------
    id, title : str
    question : str
        What the criterion asks.
    reading : {"protected", "residual", "exposed", "not assessed"}
        The worst reading of those that were assessed.
    rows : tuple of EvidenceRow
    note : str
        What the figures leave out.
    """

    id: str
    title: str
    question: str
    reading: Reading
    rows: tuple[EvidenceRow, ...]
    note: str

    @property
    def decisive(self) -> tuple[EvidenceRow, ...]:
        """The rows that have the criterion's reading."""
        return tuple(row for row in self.rows if row.reading == self.reading)

    def to_json(self) -> dict[str, Any]:
        """Return the criterion for a saved assessment or another program."""
        return {
            "criterion": self.id,
            "reading": self.reading,
            "note": self.note,
            "evidence": [row.to_json() for row in self.rows],
        }


@dataclass(frozen=True, kw_only=True)
class _Definition:
    title: str
    question: str
    marks: tuple[Mark, ...]
    note: str


def _candidates(attacker: str, who: str) -> tuple[Mark, ...]:
    certain = Bound(side=">=", number=1)
    return tuple(
        Mark(path=("reidentification", attacker, key), what=f"{what} {who}", exposed=certain)
        for key, what in (("highest", "the highest risk"), ("average", "the average risk"))
    )


_DEFINITIONS: Mapping[str, _Definition] = {
    "singling-out": _Definition(
        title="Singling out",
        question="Can a person be picked out of the table?",
        marks=(
            Mark(
                path=("uniqueness", "sample"),
                what="share of people with no look-alike",
                exposed=Bound(side=">", number=0),
                protected=Bound(side="<=", number=0),
            ),
            Mark(
                path=("models", "k-anonymity"),
                what="people in the smallest group of look-alikes",
                needed=True,
                exposed=Bound(side="<=", number=1),
                protected=Bound(side=">=", number=_WELL_HIDDEN),
            ),
            Mark(
                path=("reidentification", "prosecutor", "below", str(_WELL_HIDDEN)),
                what=f"share of people in groups of fewer than {_WELL_HIDDEN}",
                protected=Bound(side="<=", number=0),
            ),
            Mark(
                path=("uniqueness", "population", "high"),
                what="share of the population with no look-alike (highest estimate)",
                protected=Bound(side="<=", number=0),
            ),
        ),
        note="It holds for the columns that were marked as known to others, and for no others.",
    ),
    "linkability": _Definition(
        title="Linkability",
        question="Can records of one person, here and elsewhere, be put together?",
        marks=(
            *_candidates("prosecutor", "if the attacker knows who is in the table"),
            *_candidates("journalist", "if the attacker matches against the population"),
        ),
        note="No linking with another table was simulated, so this is never read as protected.",
    ),
    "inference": _Definition(
        title="Inference",
        question="Can something be learned about a person from the others in the group?",
        marks=(
            Mark(
                path=("models", "homogeneity", "*", "share"),
                what="share of people in groups that are all alike",
                exposed=Bound(side=">", number=0),
                protected=Bound(side="<=", number=0),
            ),
            Mark(
                path=("models", "l-diversity", "*", "distinct"),
                what="different values in the least diverse group",
                needed=True,
                exposed=Bound(side="<=", number=1),
                protected=Bound(side=">=", number=2),
            ),
            Mark(
                path=("models", "t-closeness", "*", "equal"),
                what="largest distance of a group from the whole table",
                needed=True,
                protected=Bound(side="<=", number=0.2),
            ),
            Mark(
                path=("models", "inference", "*", "advantage"),
                what="what knowing the group adds to the best guess",
                protected=Bound(side="<=", number=0.1),
            ),
            Mark(
                path=("models", "inference", "*", "leave_one_out"),
                less=("models", "inference", "*", "accuracy"),
                what="what the person's own record adds to the best guess",
                protected=Bound(side="<=", number=0.05),
            ),
        ),
        note="It holds for the columns that were marked as sensitive, and for no others.",
    ),
    "membership": _Definition(
        title="Membership",
        question="Can somebody tell that a person is in the table at all?",
        marks=(
            Mark(
                path=("models", "delta-presence", "highest"),
                what="highest probability that a person of the population is in the table",
                exposed=Bound(side=">=", number=1),
                protected=Bound(side="<=", number=1 / _WELL_HIDDEN),
            ),
        ),
        note="It can be told only with a table of the population.",
    ),
}

CRITERIA: tuple[str, ...] = tuple(_DEFINITIONS)
"""The criteria by id."""


def criterion(name: str, figures: Mapping[Path, Figure]) -> Criterion:
    """
    Return what the figures of a stage say of one criterion.

    Parameters
    ----------
    name : str
        One of `CRITERIA`.
    figures : mapping of Path to Estimate or NotComputed
        A figure that is not there is not assessed.

    References
    ----------
    Article 29 Data Protection Working Party (2014), Opinion 05/2014 on Anonymisation Techniques.
    """
    asked = _DEFINITIONS[name]
    by_mark = [(mark, _rows(mark, figures)) for mark in asked.marks]
    rows = tuple(row for _, of_mark in by_mark for row in of_mark)
    found = {row.reading for row in rows}
    reading: Reading = next((word for word in _WORST if word in found), "not assessed")
    unknown = any(
        mark.needed and row.path in figures and row.value is None
        for mark, of_mark in by_mark
        for row in of_mark
    )
    if reading == "protected" and unknown:
        reading = "not assessed"
    return Criterion(
        id=name,
        title=asked.title,
        question=asked.question,
        reading=reading,
        rows=rows,
        note=asked.note,
    )


def criteria(figures: Mapping[Path, Figure]) -> tuple[Criterion, ...]:
    """Return what the figures of a stage say of each criterion."""
    return tuple(criterion(name, figures) for name in CRITERIA)


def _rows(mark: Mark, figures: Mapping[Path, Figure]) -> tuple[EvidenceRow, ...]:
    names = [
        dict(zip(mark.path, path, strict=True)).get("*")
        for path in figures
        if len(path) == len(mark.path)
        and all(wanted in ("*", part) for wanted, part in zip(mark.path, path, strict=True))
    ]
    return tuple(_row(mark, name, figures) for name in names or [None])


def _at(path: Path, name: str | None) -> Path:
    return path if name is None else tuple(name if part == "*" else part for part in path)


def _figure(path: Path, figures: Mapping[Path, Figure]) -> Figure:
    """Return a figure; where a whole branch was not computed, its reason stands at its root."""
    for depth in range(len(path), 0, -1):
        figure = figures.get(path[:depth])
        if depth == len(path) and figure is not None:
            return figure
        if isinstance(figure, NotComputed):
            return figure
    return NotComputed(reason="It is not part of this assessment.")


def _row(mark: Mark, name: str | None, figures: Mapping[Path, Figure]) -> EvidenceRow:
    path = _at(mark.path, name)
    figure = _figure(path, figures)
    if mark.less is not None and isinstance(figure, Estimate):
        whole = _figure(_at(mark.less, name), figures)
        if isinstance(whole, Estimate):
            figure = Estimate(value=whole.value - figure.value)
        else:
            figure = whole
    what = mark.what if name is None else f"{mark.what} (column {name!r})"
    if isinstance(figure, NotComputed):
        return EvidenceRow(
            path=path,
            what=what,
            value=None,
            reading="not assessed",
            convention=mark.convention,
            reason=figure.reason,
        )
    return EvidenceRow(
        path=path,
        what=what,
        value=figure.value,
        reading=mark.reading(figure.value),
        convention=mark.convention,
    )
