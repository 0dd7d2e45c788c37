"""The reading process: caps itself, takes bytes, hands back columns."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMN, DONE, REFUSED, FAILED = b"C", b"D", b"R", b"F"


def cap_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    """Limit memory, processor time and core dumps, where the platform can."""
    try:
        import resource  # noqa: PLC0415 - does not exist on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_files() -> None:
    """Let this process write no byte to any file from here on; pipes are not files."""
    try:
        import resource  # noqa: PLC0415 - does not exist on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(arguments: str) -> None:
    """
    Read one file and write its columns as frames.

    A frame is one byte of type, eight bytes of length and the payload: columns, then one of done,
    refused (a sentence) or failed (a word).

    Parameters
    ----------
    arguments : str
        JSON with the format, the reading options and the limits.
    """
    call = json.loads(arguments)
    cap_this_process(call["limits"]["memory_bytes"], call["limits"]["cpu_seconds"])
    # Whatever a library prints must not get between the frames.
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    try:
        _read(call, sys.stdin.buffer, output)
    except MemoryError:
        _frame(output, FAILED, b"memory")


def _read(call: Mapping[str, Any], source: BinaryIO, output: io.RawIOBase | Any) -> None:
    # Imported under the caps: what a library allocates counts too.
    from microdata.dataset import Column, ReadOptions  # noqa: PLC0415 - under the caps
    from microdata.errors import PrivacyToolError  # noqa: PLC0415 - under the caps
    from microdata.readers.formats import READERS, WRITES_TO_MEMORY_FILE  # noqa: PLC0415 - under the caps
    from microdata.readers.limits import Limits  # noqa: PLC0415 - under the caps
    from microdata.readers.normalise import normalise  # noqa: PLC0415 - under the caps

    if call["format"] not in WRITES_TO_MEMORY_FILE:
        forbid_files()
    options = ReadOptions.from_json(call["options"])
    limits = Limits(**call["limits"])

    def emit(column: Column, categories: Any, codes: Any) -> None:
        _frame(output, COLUMN, _column_payload(column, categories, codes))

    try:
        raw = READERS[call["format"]](call["name"], source.read(), options, limits)
        read, issues = normalise(raw, raw.read, emit)
    except PrivacyToolError as error:
        _frame(output, REFUSED, str(error).encode("utf-8", "replace"))
        return
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file can make a library raise anything
        _frame(output, FAILED, type(error).__name__.encode())
        return
    done = {"read": read.to_json(), "issues": [asdict(issue) for issue in issues]}
    _frame(output, DONE, json.dumps(done).encode())


def _column_payload(column: Any, categories: Any, codes: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - imported under the caps
    import pyarrow as pa  # noqa: PLC0415 - as above

    small = np.int8 if len(categories) < 128 else np.int16 if len(categories) < 32768 else np.int32
    values = pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(small), mask=codes < 0), categories
    )
    told = {
        "name": column.name,
        "kind": column.kind.value,
        "original_name": column.original_name,
        "labels": dict(column.labels),
        "description": column.description,
    }
    schema = pa.schema(
        [pa.field("values", values.type)], metadata={"column": json.dumps(told).encode()}
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch([values], schema=schema))
    return sink.getvalue()


def _frame(output: Any, kind: bytes, payload: Any) -> None:
    view = memoryview(payload)
    for part in (memoryview(kind + view.nbytes.to_bytes(8, "little")), view.cast("B")):
        sent = 0
        while sent < part.nbytes:
            sent += output.write(part[sent : sent + (1 << 24)])
