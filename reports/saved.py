"""Parts of a saved assessment, whose types are not taken for granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_type_hints

Record = TypeVar("Record")


def saved_text(value: object) -> str:
    """Return a text; raise TypeError where it is something else."""
    if not isinstance(value, str):
        raise TypeError("a saved text is something else")
    return value


def saved_texts(values: Iterable[object]) -> tuple[str, ...]:
    """Return a list of texts; raise TypeError where it is something else."""
    if isinstance(values, str):
        raise TypeError("a saved list of texts is one text")
    return tuple(map(saved_text, values))


def saved_record(kind: type[Record], data: Mapping[str, Any]) -> Record:
    """Build a flat record; raise TypeError where a text or whole number is something else."""
    types = get_type_hints(kind)
    for name, value in data.items():
        if types.get(name) in (str, int) and type(value) is not types[name]:
            raise TypeError(f"the saved {name} is something else")
    return kind(**data)
