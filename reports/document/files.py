"""Documents of an assessment as files, each in its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError

if TYPE_CHECKING:
    from pathlib import Path

    from reports.assessment import Assessment


@dataclass(frozen=True)
class Form:
    """What writes an assessment in one form: a function of a module, loaded when it is needed."""

    module: str
    function: str

    def make(self, assessment: Assessment) -> bytes:
        """Return the file; the library that writes it is loaded only now, since that takes long."""
        made: bytes = getattr(import_module(self.module), self.function)(assessment)
        return made


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "pdf": Form("reports.document.pdf", "render_pdf"),
        "html": Form("reports.document.html", "render_html"),
        "docx": Form("reports.document.docx", "render_docx"),
        "cnil": Form("reports.exchange.cnil_export", "cnil_bytes"),
        "actions": Form("reports.exchange.action_plan", "action_plan_csv"),
    }
)
WORKBOOK = Form("reports.exchange.action_plan", "action_plan_xlsx")
BY_ENDING: Mapping[tuple[str, str], Form] = MappingProxyType({("actions", ".xlsx"): WORKBOOK})
"""What another ending of the file's name makes of a form."""
PUBLIC_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "pdf": Form("reports.document.public", "render_public_pdf"),
        "html": Form("reports.document.public", "render_public_html"),
        "docx": Form("reports.document.public", "render_public_docx"),
    }
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
        form = BY_ENDING.get((name, path.suffix.lower()), forms[name])
        written |= {name: path.name, count: path.write_bytes(form.make(assessment))}
    return written
