"""Column names that are unique, printable and not blank."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from microdata.dataset import Issue
from microdata.readers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 200
_LONGEST_KEPT = 2_000
_LOOKS_LIKE_DATA = 0.5


def repair_headers(headers: Sequence[str]) -> tuple[list[str], list[Issue]]:
    """
    Return a unique name for each column and an issue for each kind of repair.

    Examples
    --------
    >>> repair_headers(["age", "", "age"])[0]
    ['age', 'column 2', 'age (2)']
    """
    cleaned = [clean_header(header) for header in headers]
    issues = []
    blank = [position for position, name in enumerate(cleaned) if not name]
    if blank:
        issues.append(
            Issue(
                severity="warning",
                code="blank-header",
                message=f"{counted(len(blank), 'column')} without a name, now named by position, "
                "such as 'column 3'. If the first line is a title, remove it.",
                count=len(blank),
            )
        )
    names = _unique([name or f"column {i + 1}" for i, name in enumerate(cleaned)])
    renamed = sum(1 for name, clean in zip(names, cleaned, strict=True) if clean and name != clean)
    if renamed:
        issues.append(
            Issue(
                severity="warning",
                code="duplicate-header",
                message=f"{counted(renamed, 'column')} with the name of another; a number "
                "was added, as in 'name (2)'.",
                count=renamed,
            )
        )
    numeric = sum(1 for name in cleaned if name.replace(".", "").replace("-", "").isdigit())
    if cleaned and numeric > _LOOKS_LIKE_DATA * len(cleaned):
        issues.append(
            Issue(
                severity="warning",
                code="header-looks-like-data",
                message="Most column names are numbers. If the first line is a record, add a line "
                "with the names of the columns, or that record is not assessed.",
            )
        )
    return names, issues


def clean_header(header: str) -> str:
    """Return a name without control and layout characters, at most 200 characters long."""
    # Line breaks part words; other control and direction characters only disturb or mislead.
    spaced = "".join(" " if ch in "\r\n\t\v\f" else ch for ch in header[:_LONGEST_KEPT])
    visible = "".join(ch for ch in spaced if unicodedata.category(ch) not in {"Cc", "Cf", "Cs"})
    return " ".join(visible.split())[:_LONGEST].strip()


def _unique(names: list[str]) -> list[str]:
    taken = set(names)
    seen: set[str] = set()
    result = []
    for name in names:
        unique, number = name, 2
        while unique in seen or (unique != name and unique in taken):
            suffix = f" ({number})"
            unique = name[: _LONGEST - len(suffix)] + suffix
            number += 1
        seen.add(unique)
        result.append(unique)
    return result
