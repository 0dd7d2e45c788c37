"""What the released columns seem to hold, as rows for screen and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from microdata.evidence import Detected
from microdata.safe_harbor import HIPAA_CLASSES
from reports.wording import shorten

WHAT = (
    "Detected by the names of the columns and by the values of their rows. A detection is no "
    "proof: what it misses may be there, and free text is not read."
)
NOTHING = "No column of the table that would be shared was recognised."
_HOLDS = {"yes": "seems to hold", "unclear": "may hold"}


@dataclass(frozen=True, kw_only=True)
class DetectionRow:
    """One finding: the column, what it seems to hold, under which rule, and why."""

    column: str
    what: str
    rule: str
    because: str


def detection_rows(columns: Sequence[Detected]) -> tuple[DetectionRow, ...]:
    """Return what each column seems to hold or may hold, and nothing that it does not."""
    return tuple(
        DetectionRow(
            column=shorten(column.column),
            what=f"{_HOLDS[item.holds]} {item.what}",
            rule=_rule(column, item.subject),
            because=item.because or "–",
        )
        for column in columns
        for item in column.evidence
        if item.holds in _HOLDS
    )


def _rule(column: Detected, subject: str) -> str:
    if subject in column.special_categories:
        return f"special category: {subject}"
    return f"Safe Harbor {subject}" if subject in HIPAA_CLASSES else "Safe Harbor"
