"""Singling out, linkability, inference and membership: which figures speak for each, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microdata.measure import Estimate, Figure, NotComputed, Path, json_number
from risk.criterion_marks import DEFINITIONS, Mark, Reading
from risk.requirement import number_words

CONVENTION = (
    "The sources of these criteria state no number. From where on a figure reads as exposed, "
    "residual or protected is a convention of this product and is printed beside each figure."
)
_WORST: tuple[Reading, ...] = ("exposed", "residual", "protected")


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """
    One figure under a criterion.

    Parameters
    ----------
    path : Path
    what : str
        What the figure is, in words, and whether it is estimated.
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


CRITERIA: tuple[str, ...] = tuple(DEFINITIONS)
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
    asked = DEFINITIONS[name]
    by_mark = [(mark, _rows(mark, figures)) for mark in asked.marks]
    rows = tuple(row for _, of_mark in by_mark for row in of_mark)
    found = {row.reading for row in rows}
    reading: Reading = next((word for word in _WORST if word in found), "not assessed")
    unknown = any(
        row.value is None and (asked.every or (mark.needed and row.path in figures))
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
        what=what if figure.exact else f"{what}, estimated",
        value=figure.value,
        reading=mark.reading(figure.value),
        convention=mark.convention,
    )
