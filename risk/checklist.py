"""Rules of a policy that are not one number: what columns hold, criteria, what a person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from microdata.errors import PrivacyToolError
from microdata.evidence import AGES, ZIP3, Detected, Evidence, Holds, holders
from microdata.measure import Figure, Path
from microdata.safe_harbor import HIPAA_CLASSES
from risk.criteria import CRITERIA, criterion

CheckKind = Literal["hipaa-class", "ages-over-89", "zip3", "attested", "criterion"]
Ruling = Literal["met", "not met", "not computed"]

_MOST_NAMED = 3
_NEEDED = {"hipaa-class": "class", "attested": "question", "criterion": "criterion"}
_NOT_EXAMINED = "The columns of the released table were not examined for this"
_ZIP3_SOURCE = "The list of 17 small areas is that of the census of 2000 and was not read again"


@dataclass(frozen=True, kw_only=True)
class Check:
    """
    One rule of a policy that is not one number.

    Parameters
    ----------
    check : {"hipaa-class", "ages-over-89", "zip3", "attested", "criterion"}
        Whether a released column holds an identifier of Safe Harbor, an age over 89 or a small
        area; whether a person answered yes; what the figures say of a criterion.
    hipaa_class : str
        For ``hipaa-class``: its letter; ``class`` in a file.
    question, answer : str
        For ``attested``: what is asked, and the name under which the answer is kept.
    criterion : str
        For ``criterion``: one of `risk.criteria.CRITERIA`.
    title : str
        The rule as a sentence for a reader.
    why : str
        Where the rule comes from.
    """

    check: CheckKind
    hipaa_class: str = ""
    question: str = ""
    answer: str = ""
    criterion: str = ""
    title: str
    why: str = ""

    def __post_init__(self) -> None:
        if self.check not in get_args(CheckKind):
            raise PrivacyToolError(
                f"A rule of the policy file has an unknown 'check'. Use one of: "
                f"{', '.join(get_args(CheckKind))}."
            )
        given = {
            "class": self.hipaa_class,
            "question": self.question,
            "answer": self.answer,
            "criterion": self.criterion,
        }
        allowed = {_NEEDED[self.check]} if self.check in _NEEDED else set()
        if self.check == "attested":
            allowed.add("answer")
        for key, value in given.items():
            if bool(value) != (key in allowed):
                raise PrivacyToolError(
                    f"A rule of the policy file with the check {self.check!r} "
                    f"{'needs' if key in allowed else 'cannot have'} the key {key!r}. Correct it."
                )
        for key, known in (("class", HIPAA_CLASSES), ("criterion", CRITERIA)):
            if given[key] and given[key] not in known:
                raise PrivacyToolError(
                    f"A rule of the policy file has an unknown {key!r}. Use one of: "
                    f"{', '.join(known)}."
                )

    def judge(
        self,
        figures: Mapping[Path, Figure],
        columns: Sequence[Detected],
        answers: Mapping[str, object],
    ) -> tuple[Ruling, str]:
        """Return the verdict, and why in words without a full stop."""
        if self.check == "criterion":
            return _of_criterion(self.criterion, figures)
        if self.check == "attested":
            return _of_answer(self.question, answers.get(self.answer))
        if not columns:
            return "not computed", _NOT_EXAMINED
        if self.check == "hipaa-class":
            return _of_columns(columns, self.hipaa_class, HIPAA_CLASSES[self.hipaa_class])
        if self.check == "ages-over-89":
            return _of_columns(columns, AGES, "ages over 89")
        ruling, why = _of_columns(columns, ZIP3, "postcodes of small areas")
        return ruling, f"{why}. {_ZIP3_SOURCE}"

    def to_json(self) -> dict[str, str]:
        """Return the rule in the form of its file."""
        given = {
            "check": self.check,
            "class": self.hipaa_class,
            "question": self.question,
            "answer": self.answer,
            "criterion": self.criterion,
        }
        return {key: value for key, value in given.items() if value} | {
            "title": self.title,
            "why": self.why,
        }


CHECK_KEYS = tuple("class" if f.name == "hipaa_class" else f.name for f in fields(Check))
"""The keys of such a rule in a file."""


def _of_columns(columns: Sequence[Detected], subject: str, what: str) -> tuple[Ruling, str]:
    held = _said(columns, subject, "yes", "seems to hold")
    if held:
        return "not met", held
    unclear = _said(columns, subject, "unclear", "may hold")
    if unclear:
        return "not computed", unclear
    texts = [column.column for column in columns if column.free_text]
    if texts:
        return "not computed", f"Free text can hold anything and is not read: {_named(texts)}"
    return "met", f"No released column was recognised as holding {what}, which is no proof"


def _said(columns: Sequence[Detected], subject: str, holds: Holds, verb: str) -> str:
    found = holders(columns, subject, holds)
    parts = [_sentence(column, item, verb) for column, item in found[:_MOST_NAMED]]
    if len(found) > _MOST_NAMED:
        parts.append(f"So it is with {len(found) - _MOST_NAMED:,} more columns")
    return ". ".join(parts)


def _sentence(column: Detected, item: Evidence, verb: str) -> str:
    because = f": {item.because}" if item.because else ""
    return f"The column {column.column!r} {verb} {item.what}{because}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    shown = ", ".join(map(repr, names[:_MOST_NAMED]))
    return f"{shown} and {more:,} more" if more > 0 else shown


def _of_criterion(name: str, figures: Mapping[Path, Figure]) -> tuple[Ruling, str]:
    found = criterion(name, figures)
    if found.reading == "not assessed":
        reasons = dict.fromkeys(row.reason for row in found.rows)
        return "not computed", f"Not assessed. {' '.join(reasons)} {found.note}".rstrip(".")
    rows = found.decisive
    more = f"; and {len(rows) - _MOST_NAMED:,} more" if len(rows) > _MOST_NAMED else ""
    because = "; ".join(row.found for row in rows[:_MOST_NAMED]) + more
    if found.reading == "exposed":
        return "not met", f"Exposed: {because}"
    if found.reading == "protected":
        return "met", f"Protected on the marks of this product: {because}"
    weigh = "A residual risk remains, which a person must weigh as the source names no number"
    return "not computed", f"{weigh}: {because}. {found.note}".rstrip(".")


def _of_answer(question: str, answer: object) -> tuple[Ruling, str]:
    said = answer
    if isinstance(answer, str):
        said = {"yes": True, "no": False}.get(answer.strip().casefold())
    if said is True:
        return "met", "Answered with yes; the answer is not checked"
    if said is False:
        return "not met", "Answered with no"
    return "not computed", f"Only a person can say: {question}"


def check_from_json(rule: Mapping[str, Any], title: str, why: str) -> Check:
    """Read a rule of a file; the title and why were read before."""
    texts = {key: rule.get(key, "") for key in ("class", "question", "answer", "criterion")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise PrivacyToolError(f"A rule of the policy file needs text for {key!r}. Correct it.")
    return Check(
        check=rule["check"],
        hipaa_class=texts["class"],
        question=texts["question"],
        answer=texts["answer"],
        criterion=texts["criterion"],
        title=title,
        why=why,
    )
