"""Parts of a saved attack, whose types are not taken for granted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def as_text(value: object) -> str:
    """Return a text; raise TypeError where it is something else."""
    if not isinstance(value, str):
        raise TypeError("a saved text is something else")
    return value


def as_texts(values: object) -> tuple[str, ...]:
    """Return a list of texts; raise TypeError where it is something else."""
    if not isinstance(values, list):
        raise TypeError("a saved list is something else")
    return tuple(map(as_text, values))


def as_whole(value: object) -> int:
    """Return a whole number; raise TypeError where it is something else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a saved whole number is something else")
    return value


def as_number(value: object) -> float:
    """Return a finite number; raise TypeError or ValueError where it is something else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a saved number is something else")
    if not math.isfinite(value):
        raise ValueError("a saved number is not finite")
    return float(value)


def as_number_or_none(value: object) -> float | None:
    """Return a finite number, or None where there is none."""
    return None if value is None else as_number(value)


def as_object(value: object, keys: set[str] | None = None) -> Mapping[str, Any]:
    """Return an object of these keys, or any; raise TypeError or KeyError where it is not."""
    if not isinstance(value, Mapping):
        raise TypeError("a saved object is something else")
    if keys is not None and set(value) != keys:
        raise KeyError("a saved object lacks a key or has one too many")
    return value


def as_list(value: object) -> list[Any]:
    """Return a list; raise TypeError where it is something else."""
    if not isinstance(value, list):
        raise TypeError("a saved list is something else")
    return value
