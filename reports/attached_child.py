"""The process that opens a PDF from somebody else: caps itself, hands back two attachments."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from microdata.readers.child import cap_this_process, forbid_files

if TYPE_CHECKING:
    from pikepdf import Pdf

ASSESSMENT, RECIPE = "assessment.json", "recipe.json"
ENCRYPTED, NOTHING_ATTACHED, TOO_LARGE, DAMAGED = 11, 12, 13, 14
"""Exit codes, one for each way in which there is nothing to hand back."""
MOST_ATTACHED_BYTES = 16 * 1024 * 1024
MOST_MEMORY_BYTES = 1024**3
MOST_CPU_SECONDS = 20


def main() -> None:
    """
    Read a PDF from standard input and write what is attached to it to standard output.

    Eight bytes with the length of the assessment, the assessment, then the recipe or nothing.
    """
    cap_this_process(MOST_MEMORY_BYTES, MOST_CPU_SECONDS)
    try:
        assessment, recipe = _attachments(sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(TOO_LARGE)
    output = sys.stdout.buffer
    output.write(len(assessment).to_bytes(8, "little") + assessment + recipe)
    output.flush()


def _attachments(raw: bytes) -> tuple[bytes, bytes]:
    import pikepdf  # noqa: PLC0415 -- what it allocates is under the caps

    forbid_files()
    try:
        with pikepdf.open(io.BytesIO(raw), attempt_recovery=False) as pdf:
            assessment = _file(pdf, ASSESSMENT)
            recipe = _file(pdf, RECIPE)
    except pikepdf.PasswordError:
        sys.exit(ENCRYPTED)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a damaged file can make the library raise anything
        sys.exit(DAMAGED)
    if assessment is None:
        sys.exit(NOTHING_ATTACHED)
    return assessment, recipe or b""


def _file(pdf: Pdf, name: str) -> bytes | None:
    if name not in pdf.attachments:
        return None
    data = pdf.attachments[name].get_file().read_bytes()
    if len(data) > MOST_ATTACHED_BYTES:
        sys.exit(TOO_LARGE)
    return data
