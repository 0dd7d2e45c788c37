"""CSV and its kin: text with one record a line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from microdata.dataset import Issue, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.encoding import to_utf8
from microdata.readers.raw import RawTable, column_from_arrow
from microdata.readers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microdata.readers.limits import Limits

DELIMITERS = (",", ";", "\t", "|")
# One ASCII character that neither quotes nor ends a line.
_DELIMITER = re.compile(r"[\x01-\x7f](?<![\"\r\n])")
_DELIMITER_LINE = re.compile(rb"sep=([,;\t|])\r?\n")
_BLANK_LINE = re.compile(rb"^(?:\r\n|\n)", re.MULTILINE)
_SNIFFED_RECORDS = 40
_HEAD_BYTES = 1 << 20
_LONGEST_HEAD_BYTES = 64 << 20
_BLOCK_BYTES = 8 << 20
_SKIPPED_SHARE = 0.1


def read_csv(raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    """
    Read delimited text.

    Raises
    ------
    PrivacyToolError
        No header, no records, too many columns, or records that do not fit the header.
    """
    text, encoding, issues = to_utf8(raw, options.encoding)
    del raw
    delimiter = options.delimiter
    if delimiter is not None and not _DELIMITER.fullmatch(delimiter):
        raise PrivacyToolError(
            "The delimiter must be one character such as ; or a tab, and no quotation mark."
        )
    said = _DELIMITER_LINE.match(text)  # Excel's own way to say it
    if said:
        delimiter = delimiter or said[1].decode()
        text = text[said.end() :]
    head = _head(text, delimiter, limits)
    if delimiter is None:
        delimiter = _sniff_delimiter(head)
    header, start = _read_header(head, delimiter)
    limits.check_shape(0, len(header), what="The header line of this file")
    if len(header) == 1:
        issues.append(
            Issue(
                severity="warning",
                code="single-column",
                message="Only one column was found. If there should be more, choose the delimiter.",
            )
        )
    table, skipped = _parse(pa.py_buffer(text)[start:], delimiter, len(header))
    limits.check_shape(table.num_rows, len(header), what="This file")
    issues.extend(_skipped_issues(skipped, table.num_rows))
    columns = []
    quotes = text.count(b'"')
    for position, name in enumerate(header):
        columns.append(column_from_arrow(name, table.column(0)))
        table = table.remove_column(0)  # lets the memory go
        if quotes:
            issues.extend(_line_breaks(columns[-1].texts, position, quotes))
    read = replace(options, format="csv", encoding=encoding, delimiter=delimiter)
    return RawTable(columns=columns, read=read, issues=tuple(issues))


def _head(text: bytes, delimiter: str | None, limits: Limits) -> str:
    """Return the first records as text, or refuse a header with too many columns unparsed."""
    size = _HEAD_BYTES
    newline = max(text.find(b"\n", 0, _LONGEST_HEAD_BYTES), text.find(b"\r", 0, size))
    if newline >= size or (newline < 0 and len(text) > size):
        line = text[: newline if newline >= 0 else _LONGEST_HEAD_BYTES]
        for mark in (delimiter,) if delimiter else DELIMITERS:
            fields = line.count(mark.encode()) + 1
            if fields > 100 * limits.max_columns:
                limits.check_shape(0, fields, what="The header line of this file")
        size = len(line) + _HEAD_BYTES
    head = text[:size]
    if len(text) > size:  # no half record at the end
        head = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head
    return head.decode("utf-8", "replace")


def _records(head: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_HEAD_BYTES)
    try:
        yield from csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def _sniff_delimiter(head: str) -> str:
    """
    Choose the delimiter that gives each of the first 40 records the same number of fields.

    Where none does, the one with the largest share of records that agree; a comma where no record
    has two fields.
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        for record in _records(head, delimiter):
            if record:
                widths.append(len(record))
            if len(widths) == _SNIFFED_RECORDS:
                break
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths), width)
        if width > 1 and widths[0] > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _read_header(head: str, delimiter: str) -> tuple[list[str], int]:
    """Return the names of the header and the byte at which the first record starts."""
    consumed = 0

    def lines() -> Iterator[str]:
        nonlocal consumed
        for line in io.StringIO(head, newline=""):
            consumed += len(line.encode("utf-8"))
            yield line

    csv.field_size_limit(_LONGEST_HEAD_BYTES)
    try:
        header = next((r for r in csv.reader(lines(), delimiter=delimiter) if r), None)
    except csv.Error:
        header = None
    if header is None or not any(name.strip() for name in header):
        raise PrivacyToolError(
            "This file has no header line. Add one line with the names of the columns."
        )
    return header, consumed


def _parse(data: Any, delimiter: str, width: int) -> tuple[Any, dict[str, int]]:
    """Return the table and how many lines were left out because they are blank or do not fit."""
    skipped = {"blank": 0, "ragged": 0}

    def on_misfit(_row: Any) -> str:
        skipped["ragged"] += 1
        return "skip"

    names = [str(position) for position in range(width)]
    if data.size == 0:
        raise _no_records()
    # Looking for line breaks inside quotes costs time, so only where there are quotes.
    quoted = _holds_quote(data)
    for block in (_BLOCK_BYTES, max(data.size + 1, _BLOCK_BYTES)):
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, block_size=min(block, 2**31 - 1)
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=delimiter,
                    newlines_in_values=quoted,
                    # In a file of one column an empty line is a record without a value.
                    ignore_empty_lines=width > 1,
                    invalid_row_handler=on_misfit,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                    strings_can_be_null=False,
                    check_utf8=False,  # seen to already
                ),
            )
        except pa.ArrowInvalid as error:
            # One value longer than a block: try again with the whole file as one block.
            if "block" in str(error) and block < data.size:
                skipped["ragged"] = 0
                continue
            raise PrivacyToolError(
                "The lines of this file could not be told apart; a quotation mark may be left open "
                "or the delimiter may be wrong. Choose the delimiter or repair the file."
            ) from None
        if width > 1 and not quoted:  # inside quotes a blank line is part of a value
            skipped["blank"] = len(_BLANK_LINE.findall(data))
        if table.num_rows == 0 and not skipped["ragged"]:
            raise _no_records()
        return table, skipped
    raise PrivacyToolError("One record of this file is too long to be read. Repair the file.")


def _holds_quote(data: Any) -> bool:
    view = memoryview(data)
    step = 1 << 22
    return any(b'"' in bytes(view[at : at + step]) for at in range(0, len(view), step))


def _no_records() -> PrivacyToolError:
    return PrivacyToolError(
        "This file has a header but no records, so there is nobody to assess. "
        "Check that the whole table was saved."
    )


def _skipped_issues(skipped: dict[str, int], records: int) -> Iterator[Issue]:
    ragged, blank = skipped["ragged"], skipped["blank"]
    if ragged > _SKIPPED_SHARE * (records + ragged):
        raise PrivacyToolError(
            f"{ragged:,} of {records + ragged:,} lines do not have as many fields as the header. "
            "The delimiter may be wrong, or a value holds it unquoted. Choose the delimiter or "
            "repair the file."
        )
    if ragged:
        yield Issue(
            severity="warning",
            code="ragged-rows",
            message=f"{counted(ragged, 'line')} left out: not as many fields as the header. "
            "The figures do not cover them; repair the file to include them.",
            count=ragged,
        )
    if blank:
        yield Issue(
            severity="note",
            code="blank-lines",
            message=f"{counted(blank, 'blank line')} skipped.",
            count=blank,
        )


def _line_breaks(texts: Any, position: int, quotes: int) -> Iterator[Issue]:
    """Refuse a quotation mark left open, which swallows records, and tell values of many lines."""
    broken = pc.sum(pc.match_substring_regex(texts, r"[\r\n]")).as_py() or 0
    if not broken:
        return
    if quotes % 2:
        raise PrivacyToolError(
            f"Values in column {position + 1} run over several lines and the file has an odd "
            "number of quotation marks: one is left open, and records would be lost. Close it."
        )
    yield Issue(
        severity="note",
        code="line-breaks-in-values",
        message=f"Column {position + 1} holds {counted(broken, 'value')} of more than one line. "
        "If that is not meant, a quotation mark is left open and records are missing.",
        count=broken,
    )
