"""An assessment in a few lines, as the terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.attacks import attack_sentence

if TYPE_CHECKING:
    from reports.assessment import Assessment


def summary_lines(assessment: Assessment) -> list[str]:
    """Return the main figures of what would be shared, and every verdict."""
    shared = assessment.shared
    lines = []
    if assessment.missing != "own":
        lines.append(f"rule for missing values: {assessment.missing}")
    for title, path in (
        ("smallest class (k)", ("classes", "smallest")),
        ("classes", ("classes", "count")),
        ("suppressed records", ("classes", "suppressed_records")),
        ("average prosecutor risk", ("reidentification", "prosecutor", "average")),
    ):
        value = shared.value(*path)
        lines.append(f"{title}: {'not computed' if value is None else f'{value:,.6g}'}")
    lines += [f"{v.verdict}: {v.requirement} -- {v.why}" for v in assessment.verdicts]
    lines += [
        f"{v.verdict}, scenario {result.name}: {v.requirement} -- {v.why}"
        for result in assessment.scenarios
        for v in result.verdicts
    ]
    lines += [f"attack: {attack_sentence(report)}" for report in assessment.attacks]
    return [*lines, f"overall: {assessment.overall}"]
