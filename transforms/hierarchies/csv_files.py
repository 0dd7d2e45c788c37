"""Hierarchies as files: one row a value, ``value;level 1;...;*``, or as Amnesia keeps them."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from microdata.dataset import Issue
from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED, Hierarchy
from transforms.hierarchies.amnesia import amnesia_rows, is_amnesia
from transforms.hierarchies.checks import checked

DELIMITERS = (";", ",", "\t", "|")
ENDINGS = (".csv", ".txt")
MAX_BYTES = 64 << 20
MAX_ROWS = 1_000_000
MAX_LABEL = 10_000
MAX_LEVELS = 64
_SNIFFED_ROWS = 200
_INFIX = "_hierarchy_"


def read_hierarchy(
    raw: bytes, column: str, *, values: Sequence[str] = (), decimal: str | None = None
) -> Hierarchy:
    """
    Read the hierarchy of a column from CSV, as ARX writes it, or from a file of Amnesia.

    Parameters
    ----------
    raw : bytes
        UTF-8, or Latin-1 where it is not UTF-8; the delimiter is found out. Blank lines count for
        nothing in CSV.
    column : str
        The column that it generalises.
    values : sequence of str
        The values of the column, which a file of ranges does not list.
    decimal : {".", ","}, optional
        Decimal mark of these values.

    Raises
    ------
    PrivacyToolError
        Not text, too large, no rows, rows of different lengths, a value twice, or a level that is
        not a function of the level below.
    """
    if len(raw) > MAX_BYTES:
        raise PrivacyToolError(
            f"The hierarchy file of {column!r} has {len(raw):,} bytes, more than the limit of "
            f"{MAX_BYTES:,}. Build the hierarchy in the program instead."
        )
    text = _decode(raw, column)
    if is_amnesia(text):
        return checked(column, amnesia_rows(text, column, values, decimal=decimal))
    return checked(column, _rows(text, _delimiter(text), column))


def _decode(raw: bytes, column: str) -> str:
    if b"\0" in raw:
        raise PrivacyToolError(
            f"The hierarchy file of {column!r} is not UTF-8 text. Save it as CSV in UTF-8."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _parsed(text: str, delimiter: str) -> Iterable[list[str]]:
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if any(row):
            yield row


def _delimiter(text: str) -> str:
    """Find the delimiter with which the first rows have one width and end in one label."""

    def fit(delimiter: str) -> tuple[float, float]:
        rows: list[list[str]] = []
        try:
            for row in _parsed(text, delimiter):
                rows.append(row)
                if len(rows) == _SNIFFED_ROWS:
                    break
        except csv.Error:
            return 0.0, 0.0
        if not rows:
            return 0.0, 0.0
        width, same = Counter(len(row) for row in rows).most_common(1)[0]
        if width == 1:
            return 0.0, 0.0
        return same / len(rows), sum(row[-1].strip() == SUPPRESSED for row in rows) / len(rows)

    # max keeps the first of equals, so the semicolon wins a draw.
    return max(DELIMITERS, key=fit)


def _rows(text: str, delimiter: str, column: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in _parsed(text, delimiter):
            if len(row) > MAX_LEVELS:
                raise PrivacyToolError(
                    f"The hierarchy file of {column!r} has more than {MAX_LEVELS} levels. "
                    "Use fewer levels, or check the delimiter."
                )
            if max(map(len, row)) > MAX_LABEL:
                raise PrivacyToolError(
                    f"The hierarchy file of {column!r} has a label of more than {MAX_LABEL:,} "
                    "characters. Check its quotation marks and the delimiter."
                )
            if len(rows) == MAX_ROWS:
                raise PrivacyToolError(
                    f"The hierarchy file of {column!r} has more than {MAX_ROWS:,} rows. "
                    "Build the hierarchy in the program instead."
                )
            rows.append(row)
    except csv.Error as error:
        raise PrivacyToolError(
            f"The hierarchy file of {column!r} cannot be read as CSV. Check its quotation marks."
        ) from error
    return rows


def to_csv(hierarchy: Hierarchy) -> bytes:
    """Return a hierarchy as the CSV file that `read_hierarchy` reads."""
    text = io.StringIO(newline="")
    # With this line end a cell that holds either of its characters is quoted.
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows(hierarchy.rows())
    return text.getvalue().encode("utf-8", "surrogatepass")


def column_of_file(filename: str, columns: Iterable[str]) -> str | None:
    """
    Return the column that a file is the hierarchy of, or None.

    The name is ``COLUMN.csv`` or ends in ``_hierarchy_COLUMN.csv``, or so with ``.txt``; of
    several columns that fit the longest name wins.

    Examples
    --------
    >>> column_of_file("adult_hierarchy_native-country.csv", ["country", "native-country"])
    'native-country'
    """
    path = Path(filename)
    if path.suffix.lower() not in ENDINGS:
        return None
    # Some file systems store an accent as a character of its own.
    stem = unicodedata.normalize("NFC", path.stem)
    fitting = [
        column
        for column in columns
        for name in (unicodedata.normalize("NFC", column),)
        if stem == name or stem.endswith(_INFIX + name)
    ]
    return max(fitting, key=len, default=None)


def _csv_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise PrivacyToolError(
            "The folder of hierarchies does not exist. Give the folder that holds one CSV file a "
            "column."
        )
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")


def read_hierarchies(folder: Path, columns: Iterable[str]) -> Mapping[str, Hierarchy]:
    """
    Read the hierarchies of a table from a folder.

    Parameters
    ----------
    folder : Path
        Other files in it are left alone; `unmatched_files` tells of them.
    columns : iterable of str
        The columns of the table.

    Raises
    ------
    PrivacyToolError
        No such folder, two files for one column, or no file for any column.
    """
    names = tuple(columns)
    files: dict[str, Path] = {}
    for path in _csv_files(folder):
        column = column_of_file(path.name, names)
        if column is None:
            continue
        if column in files:
            raise PrivacyToolError(
                f"The files {files[column].name!r} and {path.name!r} are both the hierarchy of "
                f"the column {column!r}. Keep one."
            )
        files[column] = path
    if not files:
        raise PrivacyToolError(
            "No file in the folder of hierarchies fits a column of the table. Name each file "
            "COLUMN.csv, or let its name end in _hierarchy_COLUMN.csv."
        )
    found: dict[str, Hierarchy] = {}
    for column in (name for name in names if name in files):
        if files[column].stat().st_size > MAX_BYTES:
            raise PrivacyToolError(
                f"The hierarchy file of {column!r} is larger than {MAX_BYTES:,} bytes. Build the "
                "hierarchy in the program instead."
            )
        found[column] = read_hierarchy(files[column].read_bytes(), column)
    return MappingProxyType(found)


def unmatched_files(folder: Path, columns: Iterable[str]) -> tuple[Issue, ...]:
    """Tell which CSV files of a folder belong to no column of the table."""
    names = tuple(columns)
    return tuple(
        Issue(
            severity="note",
            code="hierarchy-without-column",
            message=f"The file {path.name!r} in the folder of hierarchies fits no column of the "
            "table, so it was not used. Rename it if it should be.",
        )
        for path in _csv_files(folder)
        if column_of_file(path.name, names) is None
    )
