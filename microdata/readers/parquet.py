"""Parquet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.raw import RawTable, column_from_arrow

if TYPE_CHECKING:
    from microdata.readers.limits import Limits

_WHAT = "This Parquet file"


def read_parquet(raw: bytes, options: ReadOptions, limits: Limits) -> RawTable:
    """
    Read a Parquet file whose footer keeps to the caps.

    A file of 2.5 MB can hold 200 million rows, so rows, columns and cells of the footer are
    checked before anything is unpacked.

    Raises
    ------
    PrivacyToolError
        Too large, or a column holds lists or records instead of values.
    """
    source = pa.BufferReader(raw)
    footer = pq.read_metadata(source)
    limits.check_shape(footer.num_rows, footer.num_columns, what=_WHAT)
    limits.check_unpacked(
        sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups)), what=_WHAT
    )
    schema = footer.schema.to_arrow_schema()
    for field in schema:
        if pa.types.is_nested(field.type):
            raise PrivacyToolError(
                f"Column {field.name!r} holds lists or records, not single values. "
                "Leave it out or give each part a column of its own."
            )
    texts = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]
    source.seek(0)
    table = pq.ParquetFile(source, read_dictionary=texts).read()
    limits.check_shape(table.num_rows, table.num_columns, what=_WHAT)
    columns = []
    for name in list(table.column_names):
        columns.append(column_from_arrow(name, table.column(0)))
        table = table.remove_column(0)  # lets the memory go
    return RawTable(columns=columns, read=replace(options, format="parquet"))
