"""Documents of an assessment as files, each in its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.html import render_html
from reports.document.pdf import render_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from reports.assessment import Assessment


def write_documents(
    assessment: Assessment, *, pdf: Path | None = None, html: Path | None = None
) -> dict[str, str | int]:
    """
    Write the documents that are asked for.

    Returns
    -------
    dict
        The names of the files, and how many bytes each has.
    """
    written: dict[str, str | int] = {}
    if pdf is not None:
        written |= {"pdf": pdf.name, "bytes": pdf.write_bytes(render_pdf(assessment))}
    if html is not None:
        written |= {"html": html.name, "html_bytes": html.write_bytes(render_html(assessment))}
    return written
