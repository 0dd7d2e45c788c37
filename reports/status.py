"""What people decided, and what still keeps an assessment a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.assessment import Assessment

DRAFT = "DRAFT"
_OUTCOMES = {
    "approved": "APPROVED",
    "conditional": "CONDITIONALLY APPROVED",
    "rejected": "REJECTED",
    "consultation": "PRIOR CONSULTATION",
}


def document_status(assessment: Assessment) -> str:
    """Return the word on every page: DRAFT until a named person decided after the advice."""
    if what_keeps_a_draft(assessment):
        return DRAFT
    return _OUTCOMES[assessment.answers["decision"]["outcome"]]


def what_keeps_a_draft(assessment: Assessment) -> tuple[str, ...]:
    """Return why the document is a draft, as sentences; empty once it is decided."""
    answers = assessment.answers
    decision, advice = answers.get("decision") or {}, answers.get("dpo") or {}
    missing = []
    if answers.get("depth") == "teaching":
        missing.append("It was made with the short form for teaching.")
    if not advice.get("opinion"):
        missing.append("The advice of the data protection officer is missing.")
    if not decision.get("outcome"):
        missing.append("Nothing was decided.")
    elif not str(decision.get("name", "")).strip() or not decision.get("date"):
        missing.append("The decision bears no name and date.")
    if decision.get("outcome") == "conditional" and not str(decision.get("conditions", "")).strip():
        missing.append("It is approved under conditions, but no condition is written.")
    return tuple(missing)
