"""A table of people as it was read: text categories, what was understood, and a content digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from microdata.errors import PrivacyToolError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


class ColumnKind(StrEnum):
    """How the text of a column is understood. The text itself is always kept."""

    INTEGER = "whole number"
    DECIMAL = "decimal number"
    DATE = "date"
    CODE = "code"  # digits that are names: 01234, kept as text
    TEXT = "text"
    FREE_TEXT = "free text"  # not assessed
    EMPTY = "empty"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """
    One thing that a user should know about the file, as a sentence without a cell value.

    Parameters
    ----------
    severity : {"error", "warning", "note"}
        An error stops the work; a warning changes figures; a note informs.
    code : str
        Stable name of the kind of issue, such as ``duplicate-header``.
    message : str
        What happened, what it means, what to do.
    column : str, optional
        The column concerned.
    count : int, optional
        How many rows, values or headers are concerned.
    """

    severity: Literal["error", "warning", "note"]
    code: str
    message: str
    column: str | None = None
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """
    What is known of one column.

    Parameters
    ----------
    name : str
        Unique name, after repair.
    kind : ColumnKind
        How the text is understood; orders the categories of the frame.
    original_name : str
        The header as it stood in the file.
    labels : mapping of str to str
        Value labels of SPSS or Stata: code -> label. The codes stay the values.
    description : str
        The column's label in SPSS, Stata or SAS, or "".
    """

    name: str
    kind: ColumnKind
    original_name: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """
    The READ value: how bytes became a table. What is None or empty was guessed.

    Parameters
    ----------
    format : {"csv", "excel", "parquet", "spss", "stata", "sas"}, optional
        File format.
    encoding, delimiter, decimal : str, optional
        Of a text file.
    sheet : str, optional
        Of a workbook.
    text_columns : tuple of str
        Columns whose digits are codes, not numbers.
    number_columns : tuple of str
        Columns that were taken for codes and are numbers after all.
    missing : tuple of str, optional
        Texts that mean "missing", besides the empty cell. None: the guess of the reader.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    text_columns: tuple[str, ...] = ()
    number_columns: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the READ object of the command line."""
        return {
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "sheet": self.sheet,
            "text_columns": list(self.text_columns),
            "number_columns": list(self.number_columns),
            "missing": None if self.missing is None else list(self.missing),
        }

    @classmethod
    def from_json(cls, data: object) -> ReadOptions:
        """
        Read the READ object of the command line.

        Raises
        ------
        PrivacyToolError
            Not an object, unknown keys or wrong types.
        """
        if not isinstance(data, dict):
            raise PrivacyToolError("The reading options must be one JSON object.")
        names = set(cls.__dataclass_fields__)
        if set(data) - names:
            raise PrivacyToolError.unknown_keys(set(data) - names, where="The reading options")
        values: dict[str, Any] = {}
        for key, value in data.items():
            if value is None:
                continue
            if key in {"text_columns", "number_columns", "missing"}:
                if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                    raise PrivacyToolError(
                        f"In the reading options {key!r} must be a list of text."
                    )
                values[key] = tuple(value)
            elif isinstance(value, str):
                values[key] = value
            else:
                raise PrivacyToolError(f"In the reading options {key!r} must be text.")
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """
    A table of people.

    Every column of the frame is a pandas categorical whose categories are distinct texts in the
    column's order (numbers by size, dates by time, text by code point); a missing cell has code -1.
    Numbers and dates are a reading of that text (`Column.kind`), so nothing is lost by a guess.

    Parameters
    ----------
    name : str
        File name or the name of the demo, without a folder.
    frame : pandas.DataFrame
        One row a record, a RangeIndex, one categorical column a `Column`, in the same order.
    columns : tuple of Column
        What is known of each column.
    digest : str
        SHA-256 of the content: names, kinds, values and their order. See `content_digest`.
    file_sha256 : str
        SHA-256 of the bytes that were read.
    read : ReadOptions
        What was used to read them, guessed or given: every field that applies is filled.
    issues : tuple of Issue
        What the reader has to tell.
    """

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    digest: str
    file_sha256: str = ""
    read: ReadOptions = field(default_factory=ReadOptions)
    issues: tuple[Issue, ...] = ()

    @property
    def records(self) -> int:
        """Number of rows."""
        return len(self.frame)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in the file's order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by name; refuse one that is not there."""
        for column in self.columns:
            if column.name == name:
                return column
        raise PrivacyToolError.unknown_column(name, where="The request")

    def values(self, name: str) -> tuple[str, ...]:
        """Return the distinct values of a column in the column's order, without missing."""
        return tuple(self.frame[name].cat.categories)

    def codes(self, name: str) -> NDArray[np.int32]:
        """Return, for each row, the position of its value in `values`; -1 where missing."""
        return np.asarray(self.frame[name].cat.codes, dtype=np.int32)


def content_digest(frame: pd.DataFrame, columns: tuple[Column, ...]) -> str:
    """
    Return the SHA-256 of a table's content.

    Each column adds its name, kind, categories (each with its length) and its codes as
    little-endian 32-bit integers, so the digest does not depend on how the table was read.
    """
    sha = hashlib.sha256()
    for column in columns:
        values = frame[column.name].cat
        for text in (
            column.name,
            column.kind.value,
            str(len(values.categories)),
            *values.categories,
        ):
            raw = text.encode("utf-8", "surrogatepass")
            sha.update(len(raw).to_bytes(8, "little"))
            sha.update(raw)
        sha.update(np.ascontiguousarray(values.codes, dtype="<i4").tobytes())
    return sha.hexdigest()
