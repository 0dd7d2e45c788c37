"""The documents of an assessment: what each is for, and all of them made behind the page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from microdata.errors import PrivacyToolError
from reports.assessment import Assessment
from reports.attacks import AttackReport, worst_first
from reports.document.files import FORMS, PUBLIC_FORMS, WORKBOOK, Form
from risk.attacks.plan import AttackPlan
from risk.second_opinion import Running
from transforms.search.lattice import OnProgress
from ui.background import Background

SECONDS_BETWEEN_LOOKS = 0.2
PATIENCE_SECONDS = 10.0
ATTACK_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Format:
    """
    One way to take an assessment away.

    Parameters
    ----------
    key, label, ending, mime, purpose : str
        Of the file; `purpose` says in a sentence what it is for.
    form : Form
        What makes it of an assessment.
    """

    key: str
    label: str
    ending: str
    mime: str
    purpose: str
    form: Form


DOCUMENTS = (
    Format(
        key="pdf",
        label="Report (PDF)",
        ending="-assessment.pdf",
        mime="application/pdf",
        purpose="The whole assessment, to be filed and signed.",
        form=FORMS["pdf"],
    ),
    Format(
        key="public",
        label="Public version (PDF)",
        ending="-public.pdf",
        mime="application/pdf",
        purpose="Without security detail and rare categories, to be published.",
        form=PUBLIC_FORMS["pdf"],
    ),
    Format(
        key="html",
        label="Web page (HTML)",
        ending="-assessment.html",
        mime="text/html",
        purpose="The same for any browser: no script, and nothing is fetched from elsewhere.",
        form=FORMS["html"],
    ),
    Format(
        key="docx",
        label="Word document",
        ending="-assessment.docx",
        mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        purpose="The same to be worked on by others.",
        form=FORMS["docx"],
    ),
)
"""What is made together when the report is asked for."""
EXCHANGED = (
    Format(
        key="cnil",
        label="CNIL PIA software (JSON)",
        ending="-cnil.json",
        mime="application/json",
        purpose="To be imported into the PIA software of the CNIL.",
        form=FORMS["cnil"],
    ),
    Format(
        key="actions-csv",
        label="Action plan (CSV)",
        ending="-actions.csv",
        mime="text/csv",
        purpose="Every action and what is open, a row each.",
        form=FORMS["actions"],
    ),
    Format(
        key="actions-xlsx",
        label="Action plan (Excel)",
        ending="-actions.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        purpose="The same for a spreadsheet.",
        form=WORKBOOK,
    ),
)
"""What other programs read; each is made when it is asked for."""


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """
    What is still at work on an assessment.

    Parameters
    ----------
    plans : sequence of AttackPlan
    running : sequence of Background
        The simulated attacks of these plans.
    opinion : Running
        Another program that recomputes the main figures.
    """

    plans: Sequence[AttackPlan]
    running: Sequence[Background[AttackReport]]
    opinion: Running

    def so_far(self, assessment: Assessment) -> Assessment:
        """Return the assessment with what has come to an end by now."""
        reports = [
            one.poll() or AttackReport.unfinished(plan)
            for plan, one in zip(self.plans, self.running, strict=True)
        ]
        said = self.opinion.poll() or ()
        return replace(assessment, attacks=worst_first(reports), second_opinion=said)


@dataclass(frozen=True, kw_only=True)
class Made:
    """
    The documents that were made, by the key of their format.

    Parameters
    ----------
    files : mapping of str to bytes
    refused : mapping of str to str
        Why a document could not be made.
    late : bool
        Whether something was still at work, and is not in the documents.
    """

    files: Mapping[str, bytes] = field(repr=False)
    refused: Mapping[str, str]
    late: bool


def make_documents(assessment: Assessment, at_work: AtWork, on_progress: OnProgress) -> Made:
    """Make every document of an assessment; stop between two of them where that is asked for."""
    of = len(DOCUMENTS) + 1
    on_progress(0, of)
    late = not _waited(at_work, on_progress)
    complete = at_work.so_far(assessment)
    files, refused = dict[str, bytes](), dict[str, str]()
    for done, kind in enumerate(DOCUMENTS, start=1):
        if not on_progress(done, of):
            break
        try:
            files[kind.key] = kind.form.make(complete)
        except PrivacyToolError as error:
            refused[kind.key] = str(error)
    on_progress(of, of)
    return Made(files=MappingProxyType(files), refused=MappingProxyType(refused), late=late)


def json_bytes(value: object) -> bytes:
    """Return what can be written as JSON as a file of it."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def _waited(at_work: AtWork, on_progress: OnProgress) -> bool:
    """Wait for what is at work, though not for ever; return whether all of it came to an end."""
    start = time.monotonic()
    came = [_ended(at_work.opinion.wait, start + PATIENCE_SECONDS, on_progress)]
    came += [_ended(one.wait, start + ATTACK_SECONDS, on_progress) for one in at_work.running]
    return all(came)


def _ended(wait: Callable[[float], object], until: float, on_progress: OnProgress) -> bool:
    while wait(SECONDS_BETWEEN_LOOKS) is None:
        if time.monotonic() > until or not on_progress(0, len(DOCUMENTS) + 1):
            return False
    return True
