"""Reading in the tests' own process: the same code, without the second that a process takes."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from microdata.dataset import Dataset, ReadOptions, content_digest
from microdata.readers import Limits
from microdata.readers.capped import categorical
from microdata.readers.csv_text import read_csv
from microdata.readers.normalise import normalise


@pytest.fixture(scope="session")
def read_here():
    def read(raw: bytes | str, *, limits: Limits | None = None, **options) -> Dataset:
        asked = ReadOptions(**options)
        data = raw.encode() if isinstance(raw, str) else raw
        table = read_csv(data, asked, limits or Limits())
        columns, values = [], {}

        def emit(column, categories, codes):
            columns.append(column)
            values[column.name] = categorical(categories, codes)

        read, issues = normalise(table, table.read, emit)
        frame = pd.DataFrame(values)
        return Dataset(
            name="t.csv",
            frame=frame,
            columns=tuple(columns),
            digest=content_digest(frame, tuple(columns)),
            read=read,
            issues=issues,
        )

    return read


@pytest.fixture
def people() -> pd.DataFrame:
    """Four people with a kind of column each; no whole floats, whose text formats write apart."""
    return pd.DataFrame(
        {
            "age": [39, 50, 38, 61],
            "sex": ["M", "F", "F", None],
            "bmi": [21.5, 30.25, 27.1, 19.9],
            "zip": ["01234", "90210", "01234", "00501"],
            "seen": ["2020-01-02", "2021-03-04", "1999-12-31", "2000-02-29"],
        }
    )


@pytest.fixture
def as_parquet():
    def write(frame: pd.DataFrame, **options) -> bytes:
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False, **options)
        return buffer.getvalue()

    return write


@pytest.fixture
def as_workbook():
    def write(frame: pd.DataFrame, **sheets: pd.DataFrame) -> bytes:
        buffer = io.BytesIO()
        with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
            frame.to_excel(writer, index=False, sheet_name="people")
            for name, other in sheets.items():
                other.to_excel(writer, index=False, sheet_name=name)
        return buffer.getvalue()

    return write
