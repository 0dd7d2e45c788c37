"""A question to the user as data: how it is answered, where it stands, when it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from microdata.errors import PrivacyToolError

Kind = Literal["line", "text", "choice", "level", "several", "by_name", "record", "list", "date"]
Answers = Mapping[str, Any]
LONGEST = {"line": 400, "text": 4000}
MOST_RECORDS = 100
MOST_NAMES = 500
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    One part of an answer that has several.

    Parameters
    ----------
    key, name : str
    kind : {"line", "text", "choice", "level", "date"}
    options : mapping of str to str
        Words by value, of a choice or a level.
    needed : bool
        Whether a record without it counts as not answered.
    """

    key: str
    name: str
    kind: Kind = "line"
    needed: bool = False
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def check(self, value: object, where: str) -> None:
        """Refuse a value that is no answer to this."""
        _check_plain(self.kind, value, self.options, where)

    def text(self, value: object) -> str:
        """Return a value as it is printed."""
        return _plain_text(self.kind, value, self.options)


@dataclass(frozen=True, kw_only=True)
class Question:
    """
    What only a person can say.

    Parameters
    ----------
    key : str
        Its name in a file of answers.
    number : int
        Its place among the 27 questions; 0 for what is asked of the document itself.
    part : str
        Key of the part of the questionnaire.
    name, text, help : str
        A label, the question, and what helps to answer it.
    kind : Kind
    options : mapping of str to str
        Words by value, of choices.
    fields : tuple of Field
        Of a record or of each record in a list.
    starred : bool
        Asked in the short form for teaching too.
    needed : bool
        Listed as not answered where it is asked and has no answer.
    public : bool
        Whether a public version prints the answer.
    when : callable, optional
        Whether it is asked, given the answers; always without it.
    """

    key: str
    number: int
    part: str
    name: str
    text: str
    help: str = ""
    kind: Kind = "text"
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: tuple[Field, ...] = ()
    starred: bool = False
    needed: bool = True
    public: bool = True
    when: Callable[[Answers], bool] | None = None

    def asked(self, answers: Answers) -> bool:
        """Tell whether it is asked, given the other answers and the depth of the form."""
        if answers.get("depth") == "teaching" and self.number and not self.starred:
            return False
        return self.when is None or self.when(answers)

    def answered(self, answers: Answers) -> bool:
        """Tell whether there is an answer; "I do not know" is one, and is told as open."""
        return bool(self.lines(answers)) and not self.gaps(answers)

    def gaps(self, answers: Answers) -> tuple[str, ...]:
        """Return the keys of the parts that a record needs and lacks; of other answers none."""
        if self.kind != "record":
            return ()
        given = answers.get(self.key) or {}
        return tuple(
            part.key for part in self.fields if part.needed and not part.text(given.get(part.key))
        )

    def check(self, value: object) -> None:
        """
        Refuse a value that is no answer to this question.

        Raises
        ------
        PrivacyToolError
            Naming the question and what is expected, never the value.
        """
        where = f"In the answers {self.key!r}"
        if self.kind == "record":
            self._check_record(value, where)
        elif self.kind == "list":
            if not isinstance(value, (list, tuple)) or len(value) > MOST_RECORDS:
                raise PrivacyToolError(f"{where} must be a list of at most {MOST_RECORDS} objects.")
            for record in value:
                self._check_record(record, where)
        elif self.kind == "several":
            told = value if isinstance(value, (list, tuple)) else [None]
            known = all(isinstance(one, str) and one in self.options for one in told)
            if not known or len(set(told)) < len(told):
                raise PrivacyToolError(
                    f"{where} must be a list of these, each once: {', '.join(self.options)}."
                )
        elif self.kind == "by_name":
            self._check_names(value, where)
        else:
            _check_plain(self.kind, value, self.options, where)

    def _check_names(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping) or len(value) > MOST_NAMES:
            raise PrivacyToolError(f"{where} must be an object: an answer for each name.")
        kind: Kind = "choice" if self.options else "text"
        for said in value.values():
            _check_plain(kind, said, self.options, where)

    def _check_record(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise PrivacyToolError(f"{where} must be an object.")
        known = {part.key: part for part in self.fields}
        if set(value) - set(known):
            raise PrivacyToolError.unknown_keys(
                set(map(str, value)) - set(known), where=f"The answer {self.key!r}"
            )
        for key, said in value.items():
            known[key].check(said, f"{where} {key!r}")

    def lines(self, answers: Answers) -> tuple[str, ...]:
        """Return the answer as text: a line a name, a record or a choice; empty without one."""
        value = answers.get(self.key)
        if value is None or value == "":
            return ()
        if self.kind == "record":
            return tuple(f"{name}: {said}" for name, said in self.record_texts(value) if said)
        if self.kind == "list":
            told = [[said for _, said in self.record_texts(record) if said] for record in value]
            return tuple("; ".join(parts) for parts in told if parts)
        if self.kind == "several":
            return tuple(self.options[one] for one in value)
        if self.kind == "by_name":
            kind: Kind = "choice" if self.options else "text"
            told_of = {name: _plain_text(kind, said, self.options) for name, said in value.items()}
            return tuple(f"{name}: {said}" for name, said in told_of.items() if said)
        text = _plain_text(self.kind, value, self.options)
        return (text,) if text else ()

    def record_texts(self, record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return each field of a record with what is said of it, as text."""
        return tuple((part.name, part.text(record.get(part.key))) for part in self.fields)


def _check_plain(kind: Kind, value: object, options: Mapping[str, str], where: str) -> None:
    # true and 1.0 equal 1, and are no answer.
    if kind == "level":
        if value is not None and (type(value) is not int or str(value) not in options):
            raise PrivacyToolError(
                f"{where} must be 1 (negligible), 2 (limited), 3 (significant) or 4 (maximum)."
            )
        return
    if not isinstance(value, str):
        raise PrivacyToolError(f"{where} must be text.")
    if kind == "choice" and value not in options:
        said = [f'"{option}"' for option in options]
        raise PrivacyToolError(f"{where} must be {' or '.join(said)}.")
    if kind == "date" and value and not _is_date(value):
        raise PrivacyToolError(f"{where} must be a date like 2026-11-30.")
    longest = LONGEST.get(kind, LONGEST["text"])
    if len(value) > longest:
        raise PrivacyToolError(f"{where} is too long: shorten it to {longest:,} characters.")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _plain_text(kind: Kind, value: object, options: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if kind in {"choice", "level"}:
        return options.get(str(value), "")
    return str(value).strip()
