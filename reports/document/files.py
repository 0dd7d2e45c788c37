"""Documents of an assessment as files, each in its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError
from reports.document.docx import render_docx
from reports.document.html import render_html
from reports.document.pdf import render_pdf
from reports.document.public import render_public_docx, render_public_html, render_public_pdf
from reports.exchange import action_plan_csv, action_plan_xlsx, cnil_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from reports.assessment import Assessment

Render = Callable[["Assessment"], bytes]
FORMS: Mapping[str, Render] = MappingProxyType(
    {
        "pdf": render_pdf,
        "html": render_html,
        "docx": render_docx,
        "cnil": cnil_bytes,
        "actions": action_plan_csv,
    }
)
BY_ENDING: Mapping[tuple[str, str], Render] = MappingProxyType(
    {("actions", ".xlsx"): action_plan_xlsx}
)
"""What another ending of the file's name makes of a form."""
PUBLIC_FORMS: Mapping[str, Render] = MappingProxyType(
    {"pdf": render_public_pdf, "html": render_public_html, "docx": render_public_docx}
)


def write_documents(
    assessment: Assessment, paths: Mapping[str, Path | None], *, public: bool = False
) -> dict[str, str | int]:
    """
    Write the documents that are asked for.

    Parameters
    ----------
    assessment : Assessment
    paths : mapping of str to Path
        Where each form of `FORMS` goes; None where it is not asked for.
    public : bool
        Whether the version for the public is written, which not every form has.

    Returns
    -------
    dict
        The names of the files, and how many bytes each has.

    Raises
    ------
    PrivacyToolError
        A form that has no version for the public.
    """
    forms = PUBLIC_FORMS if public else FORMS
    asked = {name: path for name, path in paths.items() if path is not None}
    for name in asked:
        if name not in forms:
            raise PrivacyToolError(
                f"There is no public version in the form {name!r}. Leave out --{name}, or --public."
            )
    written: dict[str, str | int] = {}
    for name, path in asked.items():
        # The first form had no name before its count of bytes.
        count = "bytes" if name == "pdf" else f"{name}_bytes"
        render = BY_ENDING.get((name, path.suffix.lower()), forms[name])
        written |= {name: path.name, count: path.write_bytes(render(assessment))}
    return written
