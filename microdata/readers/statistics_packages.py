"""Files of SPSS, Stata and SAS, through pyreadstat."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyreadstat

from microdata.dataset import Issue, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.child import forbid_files
from microdata.readers.raw import RawColumn, RawTable, column_from_arrow, plain_text
from microdata.readers.wording import counted

if TYPE_CHECKING:
    from microdata.readers.limits import Limits

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".por": pyreadstat.read_por,
    ".dta": pyreadstat.read_dta,
    ".sas7bdat": pyreadstat.read_sas7bdat,
    ".xpt": pyreadstat.read_xport,
}
_DEFAULT_ENDING = {"spss": ".sav", "stata": ".dta", "sas": ".sas7bdat"}
_WHAT = "This file"


def read_statistics_file(
    name: str, raw: bytes, file_format: str, options: ReadOptions, limits: Limits
) -> RawTable:
    """
    Read a file of a statistics package; codes stay the values, their labels go beside them.

    The library reads only from a path. The bytes are put into a file that exists in memory alone,
    because no data is ever written to a disk.

    Raises
    ------
    PrivacyToolError
        Too large, or this platform has no files in memory.
    """
    ending = PurePosixPath(name.lower()).suffix
    if ending not in _FUNCTIONS:
        ending = ".xpt" if raw.startswith(b"HEADER RECORD") else _DEFAULT_ENDING[file_format]
    arguments: dict[str, Any] = {"encoding": options.encoding} if options.encoding else {}
    with _memory_file(raw) as path:
        read = _FUNCTIONS[ending]
        told = read(path, metadataonly=True, **arguments)[1]
        limits.check_shape(told.number_rows or 0, told.number_columns or 0, what=_WHAT)
        if told.number_rows is None:  # not declared: read at most one record more than the caps
            arguments["row_limit"] = limits.max_rows + 1
        values, meta = read(path, output_format="dict", **arguments)
    columns = [_column(header, cells, meta) for header, cells in values.items()]
    table = RawTable(
        columns=columns,
        read=replace(options, format=file_format, encoding=meta.file_encoding or None),
        issues=tuple(_issues(meta)),
    )
    limits.check_shape(table.records, len(columns), what=_WHAT)
    return table


@contextmanager
def _memory_file(raw: bytes) -> Iterator[str]:
    if not hasattr(os, "memfd_create"):
        raise PrivacyToolError(
            "Files of SPSS, Stata and SAS can be read on Linux only, because elsewhere they would "
            "have to be written to a disk. Save the table as CSV or Parquet and try again."
        )
    number = os.memfd_create("table")
    try:
        view = memoryview(raw)
        while view:
            view = view[os.write(number, view) :]
        forbid_files()  # the cap on file sizes covers files in memory, so it comes now
        yield f"/proc/self/fd/{number}"
    finally:
        os.close(number)


def _column(header: str, cells: Any, meta: Any) -> RawColumn:
    labels = {
        plain_text(code): str(label)
        for code, label in (meta.variable_value_labels.get(header) or {}).items()
    }
    description = (meta.column_names_to_labels or {}).get(header) or ""
    array = np.asarray(cells)
    if array.dtype == object:
        # Repeated values are one object each, so their text is made once.
        known: dict[Any, str | None] = {None: None, "": None}
        texts = [known[x] if x in known else known.setdefault(x, _text(x)) for x in array.tolist()]
        values = pa.array(texts, pa.string())
    else:
        values = pa.array(array)
    return column_from_arrow(header, values, labels=labels, description=description)


def _text(value: object) -> str | None:
    if isinstance(value, float) and np.isnan(value):
        return None
    return plain_text(value)


def _issues(meta: Any) -> Iterator[Issue]:
    ranges = [name for name, marked in (meta.missing_ranges or {}).items() if marked]
    if ranges:
        yield Issue(
            severity="note",
            code="declared-missing",
            message=f"In {counted(len(ranges), 'column')} the file declares some codes as "
            "'missing'; they were read as missing.",
            count=len(ranges),
        )
