"""Quasi-identifier tuples packed into words: a few bits a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD_BITS = 64


@dataclass(frozen=True)
class KeyField:
    """Where a column's code stands in a key: word, shift and width in bits."""

    column: str
    cardinality: int
    word: int
    shift: int
    bits: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Word, shift and bits."""
        return self.word, self.shift, self.bits


def key_layout(cardinalities: Mapping[str, int]) -> tuple[KeyField, ...]:
    """Lay columns out over 64-bit words; a column never straddles two words."""
    layout: list[KeyField] = []
    word = used = 0
    for column, cardinality in cardinalities.items():
        bits = max(1, (cardinality - 1).bit_length())
        if used + bits > WORD_BITS:
            word, used = word + 1, 0
        layout.append(KeyField(column, cardinality, word, used, bits))
        used += bits
    return tuple(layout)


def pack_keys(
    layout: Sequence[KeyField], codes: Mapping[str, NDArray[Any]], n: int
) -> NDArray[np.uint64]:
    """Pack one code a column into keys: uint64[words, n]."""
    words = layout[-1].word + 1 if layout else 1
    keys = np.zeros((words, n), np.uint64)
    for field in layout:
        keys[field.word] |= codes[field.column].astype(np.uint64) << np.uint64(field.shift)
    return keys
