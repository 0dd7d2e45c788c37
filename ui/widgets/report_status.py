"""What people decided so far, and what keeps the document a draft."""

from __future__ import annotations

from reports.assessment import Assessment
from reports.document.model import Tone
from reports.status import DRAFT, document_status, what_keeps_a_draft
from ui.widgets.blocks import band

_TONES: dict[str, Tone] = {DRAFT: "conditions", "APPROVED": "good", "REJECTED": "bad"}


def status_band(assessment: Assessment) -> None:
    """Show the word that stands on every page of the document, and why it does."""
    word, why = document_status(assessment), what_keeps_a_draft(assessment)
    text = " ".join(why) or "So it was decided, by name and date, on the advice that was given."
    band(word.capitalize(), text, _TONES.get(word, "conditions"))
