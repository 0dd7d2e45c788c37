"""What people decided, and what still keeps an assessment a draft."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reports.questionnaire import unanswered
from reports.register import risk_register

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
    if _later(advice.get("date"), decision.get("date")):
        missing.append("The decision is dated before the advice of the data protection officer.")
    if _later(decision.get("date"), assessment.made_at, days=1):
        missing.append("The decision is dated after this document was made.")
    return tuple(missing)


def remarks_on_decision(assessment: Assessment) -> tuple[str, ...]:
    """Return what a reader must know beside the outcome, as sentences: where people differ."""
    answers = assessment.answers
    decision, advice = answers.get("decision") or {}, answers.get("dpo") or {}
    goes_on = decision.get("outcome") in {"approved", "conditional"}
    told = []
    if goes_on and assessment.overall == "not acceptable":
        told.append(
            "It is approved although the verdict on the computed evidence is: not acceptable."
        )
    if goes_on and any(risk.residual == "red" for risk in risk_register(assessment)):
        told.append(
            "It is approved although a risk is still red with the measures; GDPR Article 36 asks "
            "to consult the supervisory authority first where a risk stays high."
        )
    if goes_on and advice.get("opinion") == "should_not":
        followed = str(advice.get("followed") or "").strip()
        told.append(
            "It is approved against the advice of the data protection officer; "
            + ("why, stands in section 20." if followed else "why, was not answered.")
        )
    if goes_on and (answers.get("people") or {}).get("opinion") == "should_not":
        told.append("It is approved against the view of the people who were asked.")
    if goes_on and unanswered(assessment):
        told.append("It is approved while questions are not answered; section 19 lists them.")
    if decision.get("outcome") == "consultation" and not decision.get("reason"):
        told.append("The authority is consulted, but no reason was answered.")
    if _later(assessment.made_at, decision.get("date")):
        told.append(
            f"The decision is of {decision['date']}, and this document was made on "
            f"{assessment.made_at[:10]}: check that its figures are those that were decided on."
        )
    return tuple(told)


def _later(one: str | None, other: str | None, *, days: int = 0) -> bool:
    """Tell whether one day is after another by more than some; no where one is not known."""
    try:
        first, second = date.fromisoformat((one or "")[:10]), date.fromisoformat((other or "")[:10])
    except ValueError:
        return False
    # Days differ by one between time zones.
    return (first - second).days > days
