"""The protected table as CSV, safe to open in a spreadsheet where that is asked for."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from microdata.release import Release

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet_safe_text(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; numbers stay."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def release_csv(release: Release, *, spreadsheet_safe: bool = False) -> bytes:
    """
    Return the published records as CSV: UTF-8, commas, quotes where needed.

    Parameters
    ----------
    release : Release
        Suppressed records are not in it; a missing cell is empty, a suppressed one ``*``.
    spreadsheet_safe : bool
        Whether texts that begin like a formula get an apostrophe in front. This changes values,
        so it is off unless a person will open the file in a spreadsheet.
    """

    def written(text: str) -> str:
        return spreadsheet_safe_text(text) if spreadsheet_safe else text

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([written(name) for name in release.columns])
    columns = []
    for name, column in release.columns.items():
        texts = np.array([written(text or "") for text in column.texts], dtype=object)
        columns.append(texts[release.codes(name)][release.written_order])
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8", "surrogatepass")
