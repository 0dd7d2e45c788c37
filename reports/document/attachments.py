"""The files that travel inside a document, so that it can be checked and repeated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.assessment import Assessment


def attachments(assessment: Assessment) -> dict[str, tuple[bytes, str]]:
    """Return the files attached to a document by name: their bytes and what they are."""
    files = {
        "assessment.json": (_json(assessment.to_json()), "Every figure and setting of this report"),
        "settings.json": (_json(settings(assessment)), "What was decided, without any figure"),
    }
    if assessment.recipe is not None:
        files["recipe.json"] = (_json(dict(assessment.recipe)), "The steps, to repeat them")
    return files


def settings(assessment: Assessment) -> dict[str, Any]:
    """Return what somebody decided, and nothing that was computed of it."""
    return {
        "read": dict(assessment.dataset.read),
        "roles": assessment.roles.to_json(),
        "policy": assessment.policy.to_json() if assessment.policy else None,
        "population": assessment.population,
        "missing": assessment.missing,
        "seed": assessment.seed,
        "answers": dict(assessment.answers),
    }


def _json(data: Any) -> bytes:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False, default=list)
    return text.encode("utf-8", "replace")
