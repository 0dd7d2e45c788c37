"""What no computation can know: the questions to the user, and their answers as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.assessment import Assessment

QUESTIONS: Mapping[str, str] = {
    "title": "What is this assessment called?",
    "organisation": "Which organisation decides why and how the data is used?",
    "author": "Who made this assessment?",
    "purpose": "What is this data for, in one sentence?",
    "recipients": "Who will receive it?",
    "severity": "What would happen to a person if their row were recognised?",
}
SEVERITY_WORDS = {1: "Negligible", 2: "Limited", 3: "Significant", 4: "Maximum"}
NOT_ASKED = (
    "This version does not ask for the legal basis, the ground for special categories, storage and "
    "deletion, the rights of the people, the risks of wrong change and of loss, the advice of the "
    "data protection officer, the views of the people, the action plan, and the signed decision. "
    "A complete assessment holds them too."
)


def answer_text(answers: Mapping[str, Any], key: str) -> str:
    """Return an answer as text, or "" where there is none."""
    answer = answers.get(key)
    if key == "severity":
        word = SEVERITY_WORDS.get(answer) if isinstance(answer, int) else None
        return f"{answer} {word}" if word else ""
    return "" if answer is None else str(answer).strip()


def unanswered(assessment: Assessment) -> tuple[str, ...]:
    """Return the questions that nobody answered."""
    return tuple(
        question for key, question in QUESTIONS.items() if not answer_text(assessment.answers, key)
    )
