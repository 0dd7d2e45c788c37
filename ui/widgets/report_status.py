"""What people decided so far, and what keeps the document a draft."""

from __future__ import annotations

from reports.assessment import Assessment
from reports.document.model import Tone
from reports.status import DRAFT, document_status, remarks_on_decision, what_keeps_a_draft
from ui.widgets.blocks import band

_TONES: dict[str, Tone] = {DRAFT: "conditions", "APPROVED": "good", "REJECTED": "bad"}

DECIDED = "So it was decided, by name and date, on the advice that was given."


def status_band(assessment: Assessment) -> None:
    """Show the word that stands on every page of the document, and why it does."""
    word = document_status(assessment)
    why = what_keeps_a_draft(assessment) or (DECIDED, *remarks_on_decision(assessment))
    text = " ".join(why)
    band(word.capitalize(), text, _TONES.get(word, "conditions"))
