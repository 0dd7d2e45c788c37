"""Workbooks: xlsx, xlsm, xlsb, xls and ods, through calamine."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from python_calamine import CalamineWorkbook, SheetTypeEnum

from microdata.dataset import Issue, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.raw import RawTable, column_from_arrow, plain_text
from microdata.readers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from microdata.readers.limits import Limits

_CHUNK = 1 << 20
_OVERLAP = 256  # longer than one opening tag up to its reference
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^<>]*?\s)?r="([0-9]{1,7})"')
_BATCH_ROWS = 20_000
_WHAT = "This workbook"


def read_excel(raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    """
    Read one sheet of a workbook; the first one with cells where the options name none.

    The space that a sheet spans is checked before it is parsed: one cell in the last corner makes
    a sheet of 17 thousand million cells out of 4 kB.

    Raises
    ------
    PrivacyToolError
        Protected, damaged, too large, without records, or the sheet is not there.
    """
    if zipfile.is_zipfile(io.BytesIO(raw)):
        _check_before_parsing(raw, limits)
    elif b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in raw:
        raise PrivacyToolError(
            "This workbook is protected with a password. Save a copy without it and try again."
        )
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    sheets = [m.name for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    chosen, sheet = _sheet(workbook, sheets, options.sheet)
    limits.check_shape(sheet.height, sheet.width, what=_WHAT)
    header, columns, blank = _columns(sheet.iter_rows())
    issues = []
    if len(sheets) > 1 and options.sheet is None:
        issues.append(
            Issue(
                severity="warning",
                code="several-sheets",
                message=f"The workbook has {len(sheets):,} sheets; {chosen!r} was read. "
                "Choose another if the table is there.",
                count=len(sheets),
            )
        )
    if blank:
        issues.append(
            Issue(
                severity="note",
                code="blank-lines",
                message=f"{counted(blank, 'blank row')} skipped.",
                count=blank,
            )
        )
    return RawTable(
        columns=[
            column_from_arrow(name, pa.chunked_array(chunks, pa.string()))
            for name, chunks in zip(header, columns, strict=True)
        ],
        read=replace(options, format="excel", sheet=chosen),
        issues=tuple(issues),
    )


def _sheet(workbook: Any, names: list[str], asked: str | None) -> tuple[str, Any]:
    if asked is not None and asked not in names:
        raise PrivacyToolError(
            f"The workbook has no sheet {asked!r}. It has: {', '.join(map(repr, names[:20]))}."
        )
    for name in [asked] if asked is not None else names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height and sheet.width:
            return name, sheet
    raise PrivacyToolError("This workbook holds no cells. Choose the file that holds the table.")


def _check_before_parsing(raw: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        limits.check_unpacked(sum(member.file_size for member in members), what=_WHAT)
        for member in members:
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename, re.IGNORECASE):
                with archive.open(member) as stream:
                    rows, columns = _extent(iter(lambda: stream.read(_CHUNK), b""), limits)
                limits.check_shape(rows, columns, what=_WHAT)


def _extent(chunks: Iterable[bytes], limits: Limits) -> tuple[int, int]:
    """Return the last row and column that a sheet's cells name, whatever it declares."""
    rows, size = 0, 0
    letters: set[bytes] = set()
    tail = b""
    for chunk in chunks:
        size += len(chunk)
        limits.check_unpacked(size, what=_WHAT)
        text = tail + chunk
        for column, row in _CELL.findall(text):
            letters.add(column)
            rows = max(rows, int(row))
        rows = max(rows, *map(int, _ROW.findall(text)), 0)
        tail = text[-_OVERLAP:]
    return rows, max((_column_number(name) for name in letters), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _columns(rows: Iterator[list[Any]]) -> tuple[list[str], list[list[Any]], int]:
    """Return the header, for each column its chunks of text, and how many rows are blank."""
    known: dict[tuple[type, Any], str] = {}

    def text(value: Any) -> str:
        if isinstance(value, str):
            return value
        key = (type(value), value)  # True and 1 are equal keys
        if key not in known:
            known[key] = plain_text(value)
        return known[key]

    header = next(([text(v) for v in row] for row in rows if any(v != "" for v in row)), None)
    if header is None:
        raise PrivacyToolError("This workbook holds no cells. Choose the file with the table.")
    while header and not header[-1].strip():
        header.pop()  # formatted, but never named: kept below only where it holds values
    columns: list[list[Any]] = [[] for _ in header]
    batch: list[list[str]] = []
    blank, pending, done = 0, 0, 0

    def flush() -> None:
        nonlocal done
        for _ in range(max(map(len, batch), default=0) - len(columns)):
            columns.append([pa.nulls(done, pa.string())] if done else [])
            header.append("")
        for position, chunks in enumerate(columns):
            cells = [row[position] if position < len(row) else "" for row in batch]
            chunks.append(pa.array(cells, pa.string()))
        done += len(batch)
        batch.clear()

    for row in rows:
        cells = [text(value) for value in row]
        while cells and (len(cells) > len(columns)) and not cells[-1].strip():
            cells.pop()
        if not any(cells):
            pending += 1  # blank rows at the end are only formatting
            continue
        blank, pending = blank + pending, 0
        batch.append(cells)
        if len(batch) == _BATCH_ROWS:
            flush()
    flush()
    return header, columns, blank
