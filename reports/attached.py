"""What a report carries inside: the assessment and the recipe that are attached to a PDF."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import microdata
from microdata.errors import PrivacyToolError
from reports.attached_child import (
    ASSESSMENT,
    ENCRYPTED,
    MOST_ATTACHED_BYTES,
    NOTHING_ATTACHED,
    RECIPE,
    TOO_LARGE,
)

MOST_PDF_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 60
# Isolated mode ignores the environment and the folder, so the child is told where the project is.
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from reports.attached_child import main; main()"
)
_ROOT = Path(__file__).resolve().parents[1]
_DAMAGED = (
    "The attachments of this PDF cannot be read: the file is damaged or not a PDF. "
    "Ask for the file as it was written."
)
_SENTENCES = {
    ENCRYPTED: "This PDF is locked with a password, so what is attached to it cannot be read. "
    "Ask for a copy without one.",
    NOTHING_ATTACHED: "No assessment is attached to this PDF. Give a report that this program "
    "wrote, with its attachments: printing a report to a new PDF loses them.",
    TOO_LARGE: f"What is attached to this PDF is larger than {MOST_ATTACHED_BYTES:,} bytes, more "
    "than a report ever holds, so it was not read. Ask for the file as it was written.",
}


@dataclass(frozen=True, kw_only=True)
class Attached:
    """
    What a report carries.

    Parameters
    ----------
    pdf : bytes
        The file itself.
    files : mapping of str to bytes
        What is attached, by name.
    assessment : mapping
        The saved assessment; nothing of it is taken for granted yet.
    recipe : object
        The attached recipe as JSON, or None.
    """

    pdf: bytes
    files: Mapping[str, bytes]
    assessment: dict[str, Any]
    recipe: object = None

    @property
    def read(self) -> str:
        """How the report's table was read, as the READ of the command line."""
        dataset = self.assessment.get("dataset")
        read = dataset.get("read") if isinstance(dataset, dict) else None
        # READ may be the name of a file too, and no report is to choose what is opened.
        return json.dumps(read if isinstance(read, dict) else {})

    @classmethod
    def from_pdf(cls, pdf: bytes) -> Attached:
        """
        Read the attachments of a report, in a process with capped memory and time.

        Raises
        ------
        PrivacyToolError
            No PDF, a damaged or locked one, one without an assessment, one that unpacks to more
            than a report holds, or an assessment of another version of this program.
        """
        if len(pdf) > MOST_PDF_BYTES:
            raise PrivacyToolError(
                f"This PDF has {len(pdf):,} bytes, more than the limit of {MOST_PDF_BYTES:,}. "
                "Choose a report that this program wrote."
            )
        found = _unpacked(pdf)
        size = int.from_bytes(found[:8], "little")
        assessment, recipe = found[8 : 8 + size], found[8 + size :]
        return cls(
            pdf=pdf,
            files={ASSESSMENT: assessment, **({RECIPE: recipe} if recipe else {})},
            assessment=_of_this_version(_parsed(assessment)),
            recipe=_parsed(recipe) if recipe else None,
        )


def _unpacked(pdf: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _CHILD, str(_ROOT)],
            input=pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PrivacyToolError(_DAMAGED) from error
    if done.returncode or len(done.stdout) < 8:
        raise PrivacyToolError(_SENTENCES.get(done.returncode, _DAMAGED))
    return done.stdout


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise PrivacyToolError(
            "The assessment that is attached to this PDF is damaged. "
            "Ask for the file as it was written."
        ) from error


def _no_number(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _of_this_version(data: Any) -> dict[str, Any]:
    versions = data.get("versions") if isinstance(data, dict) else None
    made_by = versions.get("privascope") if isinstance(versions, dict) else None
    if made_by != microdata.VERSION:
        raise PrivacyToolError(
            "The attached assessment was made by another version of this program than "
            f"{microdata.VERSION}, so its figures cannot be compared. Verify it with the version "
            "that its last pages name."
        )
    assessment: dict[str, Any] = data
    return assessment
