"""Random numbers of the steps that draw: the same table and seed draw the same, everywhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import person_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.release import Release
    from transforms.step import StepContext

_MEMO = "draws: what only the whole table tells"


def generator(release: Release, context: StepContext, *words: str) -> np.random.Generator:
    """
    Return the random numbers of a step.

    They follow from the seed, from some words and from the whole original table. The seed stands
    in the report: who reads it there can draw the numbers again, and undo what they did, only with
    every record of the original in hand, and has nothing left to find out then.

    Parameters
    ----------
    release : Release
    context : StepContext
    words : str
        The step and, where it draws column by column, the column; different words draw anew.
    """
    sha = hashlib.sha256(_of_table(release.source))
    for word in (str(context.seed), *words):
        raw = word.encode("utf-8", "surrogatepass")
        sha.update(len(raw).to_bytes(8, "little") + raw)
    return np.random.default_rng(int.from_bytes(sha.digest(), "big"))


def numbered_people(source: EncodedTable, person: str | None) -> tuple[NDArray[np.int64], int]:
    """
    Return the person of each record as int64[n0], and below which number all of them are.

    Where a column says which rows are one person, its values come first, so that the order of the
    rows does not change who draws what; records without a person follow.
    """
    if person is None:
        return np.arange(source.records), source.records
    return person_numbers(source, person), source.domain(person).cardinality + source.records


def _of_table(source: EncodedTable) -> bytes:
    """Return what only the whole table tells; the order of its records does not matter."""
    if _MEMO not in source.memo:
        source.memo[_MEMO] = _two_sums(source)
    told: bytes = source.memo[_MEMO]
    return told


def _two_sums(source: EncodedTable) -> bytes:
    sums = []
    for lane in range(2):
        row = np.full(source.records, lane + 1, np.uint64)
        for name, domain in source.domains.items():
            key = hashlib.blake2b(f"{lane}{name}".encode("utf-8", "surrogatepass")).digest()
            texts = (*(f"={leaf}" for leaf in domain.leaves), "", "*")  # missing, suppressed
            hashes = b"".join(
                hashlib.blake2b(
                    text.encode("utf-8", "surrogatepass"), digest_size=8, key=key
                ).digest()
                for text in texts
            )
            row = _mixed(row ^ np.frombuffer(hashes, "<u8").astype(np.uint64)[source.codes[name]])
        sums.append(int(row.sum(dtype=np.uint64)))
    return b"".join(total.to_bytes(8, "little") for total in (source.records, *sums))


def _mixed(row: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every bit over all 64 (the splitmix finaliser; products wrap around)."""
    row = (row ^ (row >> np.uint64(31))) * np.uint64(0x7FB5D329728EA185)
    row = (row ^ (row >> np.uint64(27))) * np.uint64(0x81DADEF4BC2DD44D)
    return row ^ (row >> np.uint64(33))
