"""Likelihood of re-identification as a level, and the risk matrix: a product convention."""

from __future__ import annotations

from typing import Any

from reports.stage import Stage

# Class sizes, not decimals: 1/11 = 0.0909 is above 0.09, yet k = 11 is the accepted reading.
LEVELS = ((20, 1), (11, 2), (5, 3))
WORDS = {1: "Negligible", 2: "Limited", 3: "Significant", 4: "Maximum"}
MATRIX = {
    1: ("green", "green", "amber", "amber"),
    2: ("green", "amber", "amber", "red"),
    3: ("amber", "amber", "red", "red"),
    4: ("amber", "red", "red", "red"),
}


def likelihood(stage: Stage) -> tuple[int | None, tuple[str, ...]]:
    """
    Return the likelihood level of a stage, 1 to 4, with the reasons.

    The level follows the highest prosecutor risk 1/k with an attempt taken as certain: k of 20 or
    more is 1, 11 to 19 is 2, 5 to 10 is 3, below 5 is 4. A sensitive attribute that is the same
    for everyone in a class makes it 4 whatever k is. None where nothing was released.
    """
    k = stage.value("classes", "smallest")
    if k is None:
        return None, ("There is no class to judge.",)
    level = next((level for size, level in LEVELS if k >= size), 4)
    reasons = [
        f"The smallest class holds {int(k):,} people, so the highest risk is 1 in {int(k):,}."
    ]
    for path, figure in stage.below("models", "l-diversity").items():
        if path[1:] == ("distinct",) and getattr(figure, "value", None) == 1:
            level = 4
            reasons.append(f"In at least one class everyone has the same value of {path[0]!r}.")
    return level, tuple(reasons)


def pia_cell(stage: Stage, severity: object) -> dict[str, Any]:
    """Return severity (None until answered), likelihood and the colour of their cell."""
    level, reasons = likelihood(stage)
    asked = severity if isinstance(severity, int) and severity in MATRIX else None
    cell = MATRIX[asked][level - 1] if asked is not None and level is not None else None
    return {"severity": asked, "likelihood": level, "cell": cell, "reasons": list(reasons)}
