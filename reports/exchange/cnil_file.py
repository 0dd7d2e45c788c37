"""A file of the CNIL's PIA software, read without trust: its shape is checked, its rest bounded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microdata.errors import PrivacyToolError
from reports.exchange.rich_text import plain_of, untag

LARGEST = 20_000_000
MOST = 500
"""Entries of a list that are read."""
_LATEST = 4
_VERSIONS = ("version", "app_version")
_LISTS = ("answers", "measures", "evaluations", "comments")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One answer of theirs: a text in HTML, a level from 1 to 4, entries of a list."""

    html: str = ""
    level: int | None = None
    items: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it says, in one piece."""
        level = () if self.level is None else (f"level {self.level}",)
        text = plain_of(self.html)
        return "; ".join((*((text,) if text else ()), *level, *self.items))


@dataclass(frozen=True, kw_only=True)
class CnilFile:
    """
    The parts of a file.

    Parameters
    ----------
    pia : mapping
    answers : mapping of str to Told
        By their reference.
    measures, evaluations, comments : tuple of mapping
    others : tuple of str
        Names of further parts, which no version known here has.
    damaged, too_many : int
        Entries that could not be read, and entries beyond those that are read.
    """

    pia: Mapping[str, Any]
    answers: Mapping[str, Told]
    measures: tuple[Mapping[str, Any], ...]
    evaluations: tuple[Mapping[str, Any], ...]
    comments: tuple[Mapping[str, Any], ...]
    others: tuple[str, ...]
    damaged: int
    too_many: int

    @classmethod
    def from_bytes(cls, raw: bytes) -> CnilFile:
        """
        Read a file.

        Raises
        ------
        PrivacyToolError
            Too large, not such a file, damaged, or of a newer version.
        """
        data = _object(raw)
        for part in (data, data["pia"]):
            for key in _VERSIONS:
                _check_version(part.get(key))
        lists: dict[str, list[Mapping[str, Any]]] = {}
        damaged = too_many = 0
        for name in _LISTS:
            entries = data.get(name)
            if entries is not None and not isinstance(entries, list):
                raise PrivacyToolError(
                    f"This file is damaged: {name!r} is not a list. Export it again from the PIA "
                    "software."
                )
            entries = entries or []
            too_many += max(0, len(entries) - MOST)
            lists[name] = [entry for entry in entries[:MOST] if isinstance(entry, dict)]
            damaged += len(entries[:MOST]) - len(lists[name])
        answers: dict[str, Told] = {}
        for entry in lists["answers"]:
            told = entry.get("data")
            if not isinstance(told, dict):
                damaged += told is not None
                continue
            said = _told(told)
            if said != Told():
                answers[text_of(entry.get("reference_to"))] = said
        return cls(
            pia=data["pia"],
            answers=answers,
            measures=tuple(lists["measures"]),
            evaluations=tuple(lists["evaluations"]),
            comments=tuple(lists["comments"]),
            others=tuple(sorted(set(data) - {"pia", *_LISTS, *_VERSIONS})),
            damaged=damaged,
            too_many=too_many,
        )


def text_of(value: object) -> str:
    """Return a value as text: texts and numbers as they are, anything else as ""."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) in (int, float) else ""


def level_of(value: object) -> int | None:
    """Return a level of theirs, 1 to 4; 0 is undefined, and so is anything else."""
    text = text_of(value)
    return int(text) if text in {"1", "2", "3", "4"} else None


def _told(data: Mapping[str, Any]) -> Told:
    items = data.get("list")
    entries = items[:MOST] if isinstance(items, list) else []
    return Told(
        html=text_of(data.get("text")),
        level=level_of(data.get("gauge")),
        items=tuple(said for entry in entries if (said := untag(text_of(entry)).strip())),
    )


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise PrivacyToolError(
            "This file is larger than 20 MB, which no assessment of the PIA software is. Choose "
            "the JSON file that it exports."
        )
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PrivacyToolError(
            "This is not a file of the CNIL's PIA software: it is not JSON. Choose the JSON file "
            "that it exports."
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("pia"), dict):
        raise PrivacyToolError(
            "This is not a file of the CNIL's PIA software: it has no part 'pia'. Choose the JSON "
            "file that it exports."
        )
    return data


def _check_version(value: object) -> None:
    if value is None:
        return
    major = text_of(value).strip().removeprefix("v").split(".")[0]
    if not (major.isdecimal() and len(major) < 4 and int(major) <= _LATEST):
        raise PrivacyToolError(
            f"This file comes from a version of the PIA software that is newer than {_LATEST}. "
            "It may mean something else there, so nothing is read."
        )
