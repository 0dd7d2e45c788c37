"""What no computation can know: the questions to the user, and their answers as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microdata.evidence import Detected
    from microdata.measure import Figure, Path
    from reports.assessment import Assessment
    from risk.policy import Policy, Verdict

YES_NO_QUESTIONS: Mapping[str, str] = {
    "tables": "Will tables or statistics counted from the same data be published too?",
    "versions": "Was another version of this data shared before, or will one be?",
}
"""What else becomes known of the same people: questions whose answer is "yes" or "no"."""
QUESTIONS: Mapping[str, str] = {
    "title": "What is this assessment called?",
    "organisation": "Which organisation decides why and how the data is used?",
    "author": "Who made this assessment?",
    "purpose": "What is this data for, in one sentence?",
    "recipients": "Who will receive it?",
    "severity": "What would happen to a person if their row were recognised?",
    **YES_NO_QUESTIONS,
}
SEVERITY_WORDS = {1: "Negligible", 2: "Limited", 3: "Significant", 4: "Maximum"}
NOT_ASKED = (
    "This version does not ask for the legal basis, the ground for special categories, storage and "
    "deletion, the rights of the people, the risks of wrong change and of loss, the advice of the "
    "data protection officer, the views of the people, the action plan, and the signed decision. "
    "A complete assessment holds them too."
)


def questions_of(policy: Policy | None) -> dict[str, str]:
    """Return what only a person can say for a policy: questions by the name of their answer."""
    checks = () if policy is None else policy.checks
    return {check.answer: check.question for check in checks if check.check == "attested"}


def judge(
    policy: Policy | None,
    figures: Mapping[Path, Figure],
    columns: Sequence[Detected],
    answers: Mapping[str, Any],
) -> tuple[Verdict, ...]:
    """Return the verdicts of a policy with what the user attested; none without a policy."""
    if policy is None:
        return ()
    return policy.judge(figures, columns=columns, answers=answers.get("attested", {}))


def answer_text(answers: Mapping[str, Any], key: str) -> str:
    """Return an answer as text, or "" where there is none."""
    answer = answers.get(key)
    if key == "severity":
        word = SEVERITY_WORDS.get(answer) if isinstance(answer, int) else None
        return f"{answer} {word}" if word else ""
    if key in YES_NO_QUESTIONS:
        return {"yes": "Yes", "no": "No"}.get(str(answer), "")
    return "" if answer is None else str(answer).strip()


def unanswered(assessment: Assessment) -> tuple[str, ...]:
    """Return the questions that nobody answered."""
    attested = assessment.answers.get("attested", {})
    asked = questions_of(assessment.policy)
    return (
        *(q for key, q in QUESTIONS.items() if not answer_text(assessment.answers, key)),
        *(q for key, q in asked.items() if not attested.get(key)),
    )
