"""What a released column seems to hold, as evidence: shares and names, never a cell value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from microdata.errors import PrivacyToolError
from microdata.profile import percent
from microdata.safe_harbor import HIPAA_CLASSES

AGES, ZIP3 = "ages-over-89", "zip3"
"""Subjects of evidence beside the letters of Safe Harbor and the special categories."""

Holds = Literal["yes", "no", "unclear"]
State = Literal["as in the original", "changed", "pseudonyms", "empty"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """
    What speaks for or against one subject in one column: shares and names, never a cell value.

    Parameters
    ----------
    subject : str
        A letter of Safe Harbor, ``ages-over-89``, ``zip3`` or a special category.
    what : str
        What the column would hold, in words.
    holds : {"yes", "no", "unclear"}
        Whether the released column seems to hold it.
    by_name : bool
        Whether the column's name says so.
    share : float, optional
        Share of the rows with a value whose value has the shape or is in the list.
    note : str
        What else a reader must know.
    """

    subject: str
    what: str
    holds: Holds
    by_name: bool = False
    share: float | None = None
    note: str = ""

    @property
    def because(self) -> str:
        """The evidence in words: "its name says so; 98.0 % of its rows with a value fit"."""
        parts = ["its name says so"] if self.by_name else []
        if self.share is not None:
            parts.append(f"{percent(self.share)} of its rows with a value fit")
        return "; ".join([*parts, self.note] if self.note else parts)


@dataclass(frozen=True, kw_only=True)
class Detected:
    """
    One released column and what it seems to hold.

    Parameters
    ----------
    column : str
    role : str
        As it was marked.
    state : {"as in the original", "changed", "pseudonyms", "empty"}
        What the release made of its values.
    free_text : bool
        Whether it holds free text, which is not read.
    evidence : tuple of Evidence
        One a subject.
    """

    column: str
    role: str
    state: State
    free_text: bool = False
    evidence: tuple[Evidence, ...] = ()

    def about(self, subject: str) -> Evidence | None:
        """Return the evidence on a subject, or None where nothing speaks for it."""
        return next((item for item in self.evidence if item.subject == subject), None)

    @property
    def special_categories(self) -> tuple[str, ...]:
        """The special categories of personal data that it seems to hold."""
        other = {*HIPAA_CLASSES, AGES, ZIP3}
        return tuple(e.subject for e in self.evidence if e.subject not in other)

    def to_json(self) -> dict[str, Any]:
        """Return the record for a saved assessment."""
        return asdict(self) | {"evidence": [asdict(item) for item in self.evidence]}

    @classmethod
    def from_json(cls, data: object) -> Detected:
        """Read a record of a saved assessment; refuse anything else."""
        record = _record(cls, data)
        found = record["evidence"]
        if not isinstance(found, list) or record["state"] not in get_args(State):
            raise _UNREADABLE
        evidence = tuple(Evidence(**_record(Evidence, item)) for item in found)
        if any(item.holds not in get_args(Holds) for item in evidence):
            raise _UNREADABLE
        return cls(**record | {"evidence": evidence})


_UNREADABLE = PrivacyToolError(
    "The saved evidence on the columns is not of this version. Make the assessment again."
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "free_text": (bool,),
    "by_name": (bool,),
    "share": (float, int, type(None)),
    "evidence": (list,),
}


def _record(kind: type[Detected | Evidence], data: object) -> dict[str, Any]:
    names = [field.name for field in fields(kind)]
    if not isinstance(data, dict) or set(data) != set(names):
        raise _UNREADABLE
    if not all(isinstance(data[name], _TYPES.get(name, (str,))) for name in names):
        raise _UNREADABLE
    return dict(data)


def holders(
    columns: Iterable[Detected], subject: str, holds: Holds
) -> tuple[tuple[Detected, Evidence], ...]:
    """Return the columns that hold a subject (or do not, or may), each with its evidence."""
    found = ((column, column.about(subject)) for column in columns)
    return tuple(
        (column, item) for column, item in found if item is not None and item.holds == holds
    )
