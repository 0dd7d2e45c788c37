"""Memory that is given back once a table is forgotten."""

from __future__ import annotations

import contextlib
import ctypes
import gc

import pyarrow as pa


def return_memory() -> None:
    """Give the memory of forgotten tables back to the system, as far as its C library can."""
    gc.unfreeze()
    gc.collect()
    # What is left is mostly code that stays: looking through it at every collection would take as
    # long as a move on the screen. The next call looks through it again.
    gc.freeze()
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
