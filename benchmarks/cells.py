"""Local suppression: how many cells are emptied, against sdcMicro, and how time grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.table import QUASI, adult_or_alike, roles_of
from benchmarks.timing import milliseconds
from microdata.encoding import EncodedTable, encode
from microdata.measure import Context
from microdata.release import Release
from transforms.step import StepContext
from transforms.steps.suppress_cells import RULES, SuppressCells

SDCMICRO = {3: (1046, 8.965), 5: (1836, 8.67)}
"""Cells that sdcMicro's kAnon empties on Adult by k, over the first four columns, and seconds."""


def main() -> None:
    """Print cells and milliseconds by k, rule and number of rows."""
    name, dataset, hierarchies = adult_or_alike()
    source = encode(dataset, hierarchies)
    print(f"\nLocal suppression: {name}, {len(QUASI[:4])} quasi-identifiers")
    for k, (cells, seconds) in SDCMICRO.items():
        print(f"  k={k}: sdcMicro (rule wildcard) {cells:,} cells, {seconds:.1f} s (quoted)")
        for rule in RULES:
            _line(source, QUASI[:4], k, rule)
    print("Growth, k=5")
    for copies in (1, 3, 10, 33):
        _, dataset, hierarchies = adult_or_alike(copies)
        table = encode(dataset, hierarchies)
        for columns in (QUASI[:4], QUASI):
            for rule in RULES:
                _line(table, columns, 5, rule)


def _line(source: EncodedTable, columns: Sequence[str], k: int, rule: str) -> None:
    roles = roles_of(columns)
    step, context = SuppressCells(k=k, missing=rule), StepContext(roles=roles)
    wall, _ = milliseconds(lambda: step.apply(Release.original(source), context), 3)
    release = step.apply(Release.original(source), context)
    figures = Context(release=release, roles=roles)
    cells = sum(
        int(np.count_nonzero(release.codes(name) == release.columns[name].suppressed))
        for name in columns
    )
    print(
        f"  {source.records:9,} rows, {len(columns)} columns, k={k}, {rule:8s}: {cells:9,} cells, "
        f"{wall:8.0f} ms; smallest group {figures.classes.k} (own), "
        f"{figures.wildcard_sizes.min()} (wildcard)",
        flush=True,
    )


if __name__ == "__main__":
    main()
