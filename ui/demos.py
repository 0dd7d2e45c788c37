"""Which demo a table is, told by its content: a table of real people is never taken for one."""

from __future__ import annotations

import functools
import hashlib

from demo_data import DEMOS, Demo
from microdata.dataset import Dataset


@functools.cache
def _digests() -> dict[str, Demo]:
    return {hashlib.sha256(demo.data.read_bytes()).hexdigest(): demo for demo in DEMOS}


@functools.cache
def _registers() -> frozenset[str]:
    registers = (demo.register for demo in DEMOS if demo.register is not None)
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in registers)


def demo_of(dataset: Dataset | None) -> Demo | None:
    """Return the demo whose file was read, or None; its name says nothing."""
    return None if dataset is None else _digests().get(dataset.file_sha256)


def is_demo_register(table: Dataset) -> bool:
    """Tell whether a table is the register of a demo, whose people are made up as well."""
    return table.file_sha256 in _registers()
