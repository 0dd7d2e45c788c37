"""Columns of raw text -> columns of a Dataset: trimmed, missing decided, understood, ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from microdata.dataset import Column, ColumnKind, Issue, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.headers import clean_header, repair_headers
from microdata.readers.raw import RawColumn, RawTable
from microdata.readers.understand import guess_decimal, understand
from microdata.readers.wording import counted

# Texts that mean "missing" in most files; seen ones are applied and told, unless options say else.
MISSING_MARKERS = (
    "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "Null", "null", "None", "?", ".",
    "-", "--", "missing", "Missing", "MISSING",
)  # fmt: skip

Emit = Callable[[Column, Any, NDArray[np.int32]], None]
_MIX = np.uint64(0x9E3779B97F4A7C15)


def normalise(
    raw: RawTable, options: ReadOptions, emit: Emit
) -> tuple[ReadOptions, tuple[Issue, ...]]:
    """
    Understand each column and hand it to `emit` in the file's order.

    Parameters
    ----------
    raw : RawTable
        Its columns are taken out one by one, so that their memory can go.
    options : ReadOptions
        What the user asked for; the rest is guessed.
    emit : callable
        Receives the column, its categories (Arrow strings in the column's order) and its codes.

    Returns
    -------
    read : ReadOptions
        With decimal mark and missing markers filled.
    issues : tuple of Issue
    """
    if not raw.columns or raw.records == 0:
        raise PrivacyToolError(
            "This file has no records, so there is nobody to assess. "
            "Check that the whole table was saved."
        )
    names, header_issues = repair_headers([column.header for column in raw.columns])
    _check_options(options, names)
    issues = [*raw.issues, *header_issues]
    columns = raw.columns
    for position, column in enumerate(columns):
        columns[position] = _trimmed(column)
    markers = _markers(columns, options)
    for position, column in enumerate(columns):
        columns[position], count = _without_missing(column, markers)
        if count and options.missing is None:
            issues.append(_marker_issue(names[position], count))
    decimal = options.decimal or guess_decimal([column.texts for column in columns])
    records, rows_hash = raw.records, np.zeros(raw.records, dtype=np.uint64)
    empty = np.ones(records, dtype=bool)
    for name in names:
        column = columns.pop(0)
        used = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
        kind, order, found = understand(
            name,
            column.texts,
            used,
            decimal=decimal,
            as_text=name in options.text_columns,
            as_number=name in options.number_columns,
        )
        issues.extend(found)
        rank = np.full(len(order) + 1, -1, dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        codes = rank[column.codes]
        rows_hash = (rows_hash ^ codes.astype(np.uint64)) * _MIX
        rows_hash ^= rows_hash >> np.uint64(29)
        empty &= codes < 0
        emit(_column(name, kind, column), column.texts.take(pa.array(order)), codes)
    issues.extend(_empty_rows(int(empty.sum())))
    issues.extend(_duplicate_rows(rows_hash, records))
    read = replace(options, decimal=decimal, missing=markers)
    return read, tuple(issues)


def _column(name: str, kind: ColumnKind, raw: RawColumn) -> Column:
    return Column(
        name=name,
        kind=kind,
        original_name=raw.header[:2_000],
        labels=MappingProxyType(dict(raw.labels)),
        description=clean_header(raw.description),
    )


def _check_options(options: ReadOptions, names: list[str]) -> None:
    for asked in (*options.text_columns, *options.number_columns):
        if asked not in names:
            raise PrivacyToolError.unknown_column(asked, where="A reading option")
    for asked in set(options.text_columns) & set(options.number_columns):
        raise PrivacyToolError(
            f"The reading options take column {asked!r} for text and for a number. Keep one."
        )
    if options.decimal not in {None, ".", ","}:
        raise PrivacyToolError("The decimal mark must be a full stop or a comma.")


def _trimmed(column: RawColumn) -> RawColumn:
    """Strip blanks around values, and merge values that are then the same."""
    encoded = pc.utf8_trim_whitespace(column.texts).dictionary_encode()
    return _mapped(column, encoded.dictionary, encoded.indices.to_numpy())


def _without_missing(column: RawColumn, markers: tuple[str, ...]) -> tuple[RawColumn, int]:
    """Drop values that no row uses, the empty cell and the markers; count the markers' rows."""
    used = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
    empty = pc.equal(column.texts, "").to_numpy(zero_copy_only=False)
    marked = pc.is_in(column.texts, value_set=pa.array(markers, pa.string())).to_numpy(
        zero_copy_only=False
    )
    keep = (used > 0) & ~empty & ~marked
    count = int(used[marked & ~empty].sum())
    if keep.all():
        return column, count
    target = np.where(keep, np.cumsum(keep) - 1, -1)
    return _mapped(column, column.texts.filter(pa.array(keep)), target), count


def _mapped(column: RawColumn, texts: Any, target: NDArray[Any]) -> RawColumn:
    # The entry after the last is where code -1 lands.
    lookup = np.append(target, -1).astype(np.int32)
    return replace(column, texts=texts, codes=lookup[column.codes])


def _markers(columns: list[RawColumn], options: ReadOptions) -> tuple[str, ...]:
    if options.missing is not None:
        return tuple(dict.fromkeys(marker.strip() for marker in options.missing))
    candidates = pa.array(MISSING_MARKERS)
    seen: set[str] = set()
    for column in columns:
        hits = pc.is_in(candidates, value_set=column.texts)
        seen.update(candidates.filter(hits).to_pylist())
    return tuple(marker for marker in MISSING_MARKERS if marker in seen)


def _marker_issue(name: str, count: int) -> Issue:
    return Issue(
        severity="warning",
        code="missing-marker",
        message=f"In column {name!r} a sign that usually means 'missing' "
        f"(such as ?, NA or -) was read as missing, in {counted(count, 'row')}. Change the missing "
        "markers if it is a value.",
        column=name,
        count=count,
    )


def _empty_rows(count: int) -> list[Issue]:
    if not count:
        return []
    return [
        Issue(
            severity="warning",
            code="empty-rows",
            message=f"{counted(count, 'row')} without a value in any column, counted as people "
            "all the same. If they are only the end of a sheet, remove them.",
            count=count,
        )
    ]


def _duplicate_rows(rows_hash: NDArray[np.uint64], records: int) -> list[Issue]:
    # For a note only: two different rows share 64 bits once in about 90,000 tables of 20 million.
    repeated = records - len(np.unique(rows_hash))
    if not repeated:
        return []
    return [
        Issue(
            severity="note",
            code="duplicate-rows",
            message=f"{counted(repeated, 'row')} equal to an earlier row in every column. "
            "If a person should stand there once, remove the others first.",
            count=repeated,
        )
    ]
