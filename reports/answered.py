"""An assessment under other answers: judged anew, while no figure is measured again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reports.case_findings import ANSWERED, answered_findings
from reports.headline import people_in
from reports.questionnaire import judge

if TYPE_CHECKING:
    from reports.assessment import Assessment


def with_answers(assessment: Assessment, answers: Mapping[str, Any]) -> Assessment:
    """
    Return what the same table comes to with other answers.

    Verdicts on scenarios stay: where scenarios are judged by a policy that asks for answers, only
    `reports.assessment.assess` tells.
    """
    shared = assessment.shared
    findings = tuple(found for found in shared.findings if found.code not in ANSWERED)
    if people_in(shared):
        findings = (*findings, *answered_findings(answers))
    told = replace(shared, findings=findings)
    return replace(
        assessment,
        before=assessment.before if assessment.after is not None else told,
        after=told if assessment.after is not None else None,
        verdicts=judge(assessment.policy, told.figures, assessment.detected, answers),
        answers=MappingProxyType(dict(answers)),
    )
