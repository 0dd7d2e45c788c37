"""Which format a file has, and which reader reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.limits import Limits
from microdata.readers.raw import RawTable

Reader = Callable[[str, bytes, ReadOptions, Limits], RawTable]

FORMAT_OF_ENDING: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((".csv", ".tsv", ".txt", ".tab", ".dat", ".data"), "csv")
    | dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel")
    | dict.fromkeys((".parquet", ".pq"), "parquet")
    | dict.fromkeys((".sav", ".zsav", ".por"), "spss")
    | {".dta": "stata", ".sas7bdat": "sas", ".xpt": "sas"}
)
_FIRST_BYTES = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "excel"),
    (b"\xd0\xcf\x11\xe0", "excel"),
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"<stata_dta>", "stata"),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "sas"),
    (b"HEADER RECORD*******LIB", "sas"),
)
# Formats without first bytes of their own in every version.
_UNMARKED = ("csv", "spss", "stata", "sas")


def file_format(name: str, raw: bytes, options: ReadOptions) -> str:
    """
    Return the format of a file: as asked, by its first bytes, or by the ending of its name.

    The first bytes win over the ending, because a table is often saved under a wrong one.

    Raises
    ------
    PrivacyToolError
        An unknown format was asked for, or bytes and ending fit no format together.
    """
    if options.format is not None:
        if options.format not in READERS:
            raise PrivacyToolError(
                f"The format {options.format!r} is not known. Use one of {', '.join(READERS)}."
            )
        return options.format
    for first, known in _FIRST_BYTES:
        if raw.startswith(first):
            return known
    ending = PurePosixPath(name.lower()).suffix
    known = FORMAT_OF_ENDING.get(ending, "csv")
    if known not in _UNMARKED:
        raise PrivacyToolError(
            f"The name of this file ends in {ending!r}, but it is not such a file. "
            "Open it in the program that wrote it, save it as CSV or Excel and try again."
        )
    return known


def _read_csv(_name: str, raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    from microdata.readers.csv_text import read_csv  # noqa: PLC0415 - a reader loads its library

    return read_csv(raw, options, limits)


def _read_excel(_name: str, raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    from microdata.readers.excel import read_excel  # noqa: PLC0415 - a reader loads its library

    return read_excel(raw, options, limits)


def _read_parquet(_name: str, raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    from microdata.readers.parquet import (  # noqa: PLC0415 - a reader loads its library
        read_parquet,
    )

    return read_parquet(raw, options, limits)


def _read_statistics(
    name: str, raw: bytes, options: ReadOptions, limits: Limits, *, file_format: str
) -> RawTable:
    from microdata.readers.statistics_packages import (  # noqa: PLC0415 - loads its library
        read_statistics_file,
    )

    return read_statistics_file(name, raw, file_format, options, limits)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "csv": _read_csv,
        "excel": _read_excel,
        "parquet": _read_parquet,
        "spss": partial(_read_statistics, file_format="spss"),
        "stata": partial(_read_statistics, file_format="stata"),
        "sas": partial(_read_statistics, file_format="sas"),
    }
)
# These set the cap on file sizes themselves, after filling a file that lives in memory.
WRITES_TO_MEMORY_FILE = frozenset({"spss", "stata", "sas"})
