"""What was tried before, as a table: the release first, then every other version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.alternatives import Alternative
from reports.document.model import Cell, Table, Tone
from reports.headline import policy_size
from reports.wording import format_count, format_risk, format_share, shorten
from transforms.recipe import Recipe

if TYPE_CHECKING:
    from reports.assessment import Assessment

THIS = "This release"
GAP = "–"
MOST_UNTRIED = 5
_TONES: dict[str, Tone] = {"not met": "bad", "not computed": "conditions", "met": "good"}


def alternatives_table(assessment: Assessment) -> Table | None:
    """Return the versions that were tried, with their risk and their loss; None without one."""
    if not assessment.alternatives:
        return None
    size = policy_size(assessment.policy)
    stage = assessment.shared
    this = Alternative.measured(THIS, Recipe(), stage, size, assessment.verdicts)
    tried = [found for found in assessment.alternatives if found.tried]
    others = [found for found in assessment.alternatives if not found.tried]
    rows = [_row(found) for found in (this, *tried, *others[:MOST_UNTRIED])]
    rest = len(others) - MOST_UNTRIED
    if rest > 0:
        rows.append((f"{rest} more", *_gaps("Not measured either.")))
    return Table(
        head=(
            "Version",
            "Smallest group",
            "Highest risk",
            f"People in groups below {size}",
            "Rows left out",
            "Detail kept",
            "Verdict",
        ),
        rows=tuple(rows),
        widths=(0.19, 0.1, 0.14, 0.15, 0.1, 0.1, 0.22),
        right=(1, 3, 4, 5),
    )


def _row(found: Alternative) -> tuple[str | Cell, ...]:
    name = shorten(found.name)
    if not found.tried:
        return (name, *_gaps(found.reason))
    people, below = found.people or 0, found.below or 0
    share = f" ({format_share(below / people)})" if people else ""
    verdict = f"{found.verdict[:1].upper()}{found.verdict[1:]}"
    if found.reason:
        verdict = f"{verdict}. {found.reason}"
    return (
        name,
        GAP if found.smallest is None else format_count(found.smallest),
        GAP if found.highest is None else format_risk(found.highest),
        f"{format_count(below)}{share}" if people else "nobody left",
        GAP if found.suppressed is None else format_count(found.suppressed),
        GAP if found.granularity is None else format_share(found.granularity),
        Cell(text=verdict or GAP, tone=_TONES.get(found.verdict, "plain")),
    )


def _gaps(reason: str) -> tuple[str | Cell, ...]:
    return (*(GAP for _ in range(5)), Cell(text=reason, tone="conditions"))
