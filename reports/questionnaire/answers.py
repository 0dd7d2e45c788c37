"""The answers of a user: checked when read, told as text, counted where they are missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from microdata.errors import PrivacyToolError
from reports.questionnaire.questions import ASKED, BY_KEY

if TYPE_CHECKING:
    from microdata.evidence import Detected
    from microdata.measure import Figure, Path
    from reports.assessment import Assessment
    from reports.questionnaire.question import Question
    from risk.policy import Policy, Verdict

ATTESTED = "attested"
VERSION = 1
MAX_FILE_BYTES = 10_000_000


def questions_of(policy: Policy | None) -> dict[str, str]:
    """Return what only a person can say for a policy: questions by the name of their answer."""
    checks = () if policy is None else policy.checks
    return {check.answer: check.question for check in checks if check.check == ATTESTED}


def judge(
    policy: Policy | None,
    figures: Mapping[Path, Figure],
    columns: Sequence[Detected],
    answers: Mapping[str, Any],
) -> tuple[Verdict, ...]:
    """Return the verdicts of a policy with what the user attested; none without a policy."""
    if policy is None:
        return ()
    return policy.judge(figures, columns=columns, answers=answers.get(ATTESTED, {}))


def read_answers(data: object) -> Mapping[str, Any]:
    """
    Check the answers of a user.

    Raises
    ------
    PrivacyToolError
        Not an object, a question that does not exist, or something that is no answer to it.
    """
    if not isinstance(data, Mapping):
        raise PrivacyToolError("The answers must be one JSON object.")
    unknown = set(data) - {*BY_KEY, ATTESTED}
    if unknown:
        raise PrivacyToolError.unknown_keys(unknown, where="The answers file")
    for key, value in data.items():
        if key != ATTESTED:
            BY_KEY[key].check(value)
            continue
        given = value.values() if isinstance(value, Mapping) else [None]
        if not all(said in ("yes", "no") for said in given):
            raise PrivacyToolError(
                'In the answers \'attested\' must be an object of answers, each "yes" or "no".'
            )
    return MappingProxyType(dict(data))


def answers_to_bytes(answers: Mapping[str, Any]) -> bytes:
    """Return the answers as a file; `answers_from_bytes` reads it back without loss."""
    text = json.dumps({"version": VERSION, "answers": dict(answers)}, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")


def answers_from_bytes(raw: bytes) -> Mapping[str, Any]:
    """
    Read a file of answers: with its version, or the bare object of the command line.

    Raises
    ------
    PrivacyToolError
        Too large, not JSON, of another version, or as in `read_answers`.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise PrivacyToolError("The file of answers is larger than 10 MB. Check that it is one.")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PrivacyToolError(
            "This is not a file of answers: it is not JSON. Choose one that was saved with "
            "“Save the answers”."
        ) from error
    return answers_of(data)


def answers_of(data: object) -> Mapping[str, Any]:
    """
    Return the answers of what a file holds: with its version, or the bare object.

    Raises
    ------
    PrivacyToolError
        Of a newer version, or as in `read_answers`.
    """
    if isinstance(data, dict) and "answers" in data:
        version = data.get("version")
        if set(data) - {"version", "answers"}:
            raise PrivacyToolError.unknown_keys(
                set(data) - {"version", "answers"}, where="The file of answers"
            )
        if type(version) is not int or version != VERSION:
            raise PrivacyToolError(
                f"This file of answers is not of version {VERSION}. It may come from a newer "
                "Privascope: install that one, or answer the questions again."
            )
        data = data["answers"]
    return read_answers(data)


def answer_text(answers: Mapping[str, Any], key: str) -> str:
    """Return an answer as text, or "" where there is none."""
    return "; ".join(BY_KEY[key].lines(answers))


def asked_names(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    """Return for which names a question is asked one by one: categories, and columns kept."""
    kept = [row for row in assessment.attributes if row.kept]
    categories = dict.fromkeys(row.special_category for row in kept if row.special_category)
    known = tuple(row.name for row in kept if row.role == "quasi-identifier")
    return {"grounds": tuple(categories), "needed": known}


def asked_questions(assessment: Assessment) -> tuple[Question, ...]:
    """Return the questions that are asked about this assessment, given what was answered."""
    names = asked_names(assessment)
    return tuple(
        question
        for question in ASKED
        if question.asked(assessment.answers) and names.get(question.key, ("all",))
    )


def missing_questions(assessment: Assessment) -> tuple[Question, ...]:
    """Return the questions that need an answer and have none, or not for every name."""
    names, answers = asked_names(assessment), assessment.answers
    return tuple(
        question
        for question in asked_questions(assessment)
        if question.needed
        and (
            not question.answered(answers)
            or any(not answers[question.key].get(name) for name in names.get(question.key, ()))
        )
    )


def unanswered(assessment: Assessment) -> tuple[str, ...]:
    """Return what nobody answered: the names of the questions with their numbers, rules in full."""
    attested = assessment.answers.get(ATTESTED, {})
    policy = questions_of(assessment.policy)
    return (
        *(label(question) for question in missing_questions(assessment)),
        *(text for key, text in policy.items() if not attested.get(key)),
    )


def unknown_answers(assessment: Assessment) -> tuple[str, ...]:
    """Return the questions that were answered with "I do not know": they stay open."""
    told = []
    for question in asked_questions(assessment):
        value = assessment.answers.get(question.key)
        said = value.values() if isinstance(value, Mapping) and question.options else [value]
        if "unknown" in said and "unknown" in question.options:
            told.append(label(question))
    return tuple(told)


def progress(assessment: Assessment) -> tuple[int, int]:
    """Return how many of the questions that need an answer have one, and how many there are."""
    needed = [question for question in asked_questions(assessment) if question.needed]
    asked = len(needed) + len(questions_of(assessment.policy))
    return asked - len(unanswered(assessment)), asked


def label(question: Question) -> str:
    """Return the short name of a question with its number."""
    return f"{question.name} ({question.number})" if question.number else question.name
