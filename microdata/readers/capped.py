"""The parent's side of reading: start the capped process, take its columns, tell its failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from microdata.dataset import Column, ColumnKind, Issue, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers.child import COLUMN, DONE, FAILED, REFUSED

if TYPE_CHECKING:
    from microdata.readers.limits import Limits

# Isolated mode ignores the environment and the folder, so the child is told where the project is;
# it writes no byte code, because it may write no file.
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from microdata.readers.child import main; main(sys.argv[2])"
)
_ROOT = Path(__file__).resolve().parents[2]
_BYTES_A_WRITE = 1 << 20
_SECONDS_TO_DIE = 5
# How the system ends a process that asks for memory it may not have, or for more time.
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGSEGV}
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}


def read_in_child(
    raw: bytes, name: str, file_format: str, options: ReadOptions, limits: Limits
) -> tuple[dict[str, pd.Categorical], tuple[Column, ...], ReadOptions, tuple[Issue, ...]]:
    """
    Parse bytes in a process of its own with capped memory and processor time.

    Raises
    ------
    PrivacyToolError
        The file was refused, is damaged, or needed more than the caps.
    """
    call = {
        "name": name,
        "format": file_format,
        "options": options.to_json(),
        "limits": asdict(limits),
    }
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _CHILD, str(_ROOT), json.dumps(call)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    timer = threading.Timer(limits.wall_seconds, process.kill)
    timer.daemon = True
    timer.start()
    source, result_pipe = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    feeder = threading.Thread(target=_feed, args=(source, raw), daemon=True)
    feeder.start()
    try:
        result = _receive(result_pipe)
        if isinstance(result, str):  # let it die its own death, which says why
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_SECONDS_TO_DIE)
    finally:
        timer.cancel()
        process.kill()  # it has said all, or is not to say more
        feeder.join()
        result_pipe.close()
        code = process.wait()
    if isinstance(result, str):
        raise _failure(result, code)
    return result


def _environment() -> dict[str, str]:
    # Without these, threads reserve far more address space than they use, and hit the cap.
    return os.environ | {
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _feed(pipe: IO[bytes], raw: bytes) -> None:
    view = memoryview(raw)
    with suppress(OSError):  # the child may stop reading when it refuses
        for start in range(0, len(view), _BYTES_A_WRITE):
            pipe.write(view[start : start + _BYTES_A_WRITE])
    with suppress(OSError):
        pipe.close()


def _receive(
    pipe: IO[bytes],
) -> tuple[dict[str, pd.Categorical], tuple[Column, ...], ReadOptions, tuple[Issue, ...]] | str:
    """Return what the child read, or the word for how it failed ("" where it said nothing)."""
    values: dict[str, pd.Categorical] = {}
    columns: list[Column] = []
    while True:
        head = pipe.read(9)
        if len(head) < 9:
            return ""
        kind, size = head[:1], int.from_bytes(head[1:], "little")
        payload = pipe.read(size)
        if len(payload) < size:
            return ""
        if kind == COLUMN:
            column, categorical = _column(payload)
            columns.append(column)
            values[column.name] = categorical
        elif kind == DONE:
            done = json.loads(payload)
            issues = tuple(Issue(**issue) for issue in done["issues"])
            return values, tuple(columns), ReadOptions.from_json(done["read"]), issues
        elif kind == REFUSED:
            raise PrivacyToolError(payload.decode("utf-8"))
        elif kind == FAILED:
            return payload.decode("ascii", "replace")


def _column(payload: bytes) -> tuple[Column, pd.Categorical]:
    with pa.ipc.open_stream(payload) as reader:
        batch = reader.read_next_batch()
        told: dict[str, Any] = json.loads(reader.schema.metadata[b"column"])
    values = batch.column(0)
    codes = np.asarray(values.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    return (
        Column(
            name=told["name"],
            kind=ColumnKind(told["kind"]),
            original_name=told["original_name"],
            labels=MappingProxyType(told["labels"]),
            description=told["description"],
        ),
        categorical(values.dictionary, codes),
    )


def categorical(categories: Any, codes: Any) -> pd.Categorical:
    """Build the categorical of a Dataset's column from Arrow strings and codes."""
    index = pd.Index(categories.to_pylist(), dtype=object)
    return pd.Categorical.from_codes(codes, categories=index)


def _failure(word: str, code: int) -> PrivacyToolError:
    if word == "memory" or (not word and code in _OUT_OF_MEMORY):
        return PrivacyToolError(
            "Reading this file needs more memory than the limit, so it was stopped; nothing else "
            "was touched. Save the data as CSV or Parquet, or split the file, and try again."
        )
    if not word and code in _OUT_OF_TIME:
        return PrivacyToolError(
            "Reading this file took longer than the limit, so it was stopped; nothing else was "
            "touched. Split the file, or save it as Parquet, and try again."
        )
    return PrivacyToolError(
        "This file could not be read: it is damaged or not of the format that its name says. "
        "Open it in the program that wrote it, save it again and try once more."
    )
