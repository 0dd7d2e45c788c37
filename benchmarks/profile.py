"""The whole lattice at once, beside a group-by of pandas a node and the limit of 0.7 seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.table import QUASI, SENSITIVE, adult_or_alike, roles_of
from benchmarks.timing import milliseconds, plot
from microdata.encoding import EncodedTable, encode
from transforms.search import LatticeProfile, SearchProblem, profile_lattice, search_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microdata.dataset import Dataset
    from microdata.hierarchy import Hierarchy

LIMIT = 700
"""Milliseconds that the profile of Adult's nine columns may take."""

SAMPLED = 24
"""Nodes that pandas groups; the time of all is scaled up from them."""


def main() -> None:
    """Print how long whole profiles take, by measure, by columns and by rows."""
    name, dataset, hierarchies = adult_or_alike()
    columns = tuple(column for column in (*QUASI, SENSITIVE) if column in hierarchies)
    source = encode(dataset, hierarchies)
    print(f"\nWhole lattice, every k up to 64 and every limit: {name}; goal: below {LIMIT} ms")
    print(f"  {'columns':>8} {'measure':16} {'rows':>10} {'nodes':>8} {'ms':>8} {'CPU ms':>8}")
    for measure in ("loss", "entropy", "precision", "discernibility", "ambiguity", "height"):
        _line(source, columns, measure)
    by_columns = [_line(source, columns[:n], "loss") for n in range(4, len(columns) + 1)]
    _pandas(dataset, hierarchies, columns)
    by_rows = []
    for copies in (2, 8, 33):
        _, large, trees = adult_or_alike(copies=copies)
        by_rows.append(_line(encode(large, trees), tuple(trees)[:6], "loss"))
    plot("growth with columns", [(f"{d} columns", ms) for d, _, _, ms in by_columns])
    plot("growth with nodes", [(f"{nodes:,} nodes", ms) for _, nodes, _, ms in by_columns])
    plot("growth with rows", [(f"{rows:,} rows", ms) for _, _, rows, ms in by_rows])


def _problem(columns: Sequence[str], measure: str) -> SearchProblem:
    return search_problem(roles_of(columns), require=["k-anonymity=5"], minimize=measure)


def _line(
    source: EncodedTable, columns: Sequence[str], measure: str
) -> tuple[int, int, int, float]:
    """Print one profile, and return its columns, nodes, rows and milliseconds."""
    problem = _problem(columns, measure)
    made = profile_lattice(problem, source, seconds=600)
    if not isinstance(made, LatticeProfile):
        raise TypeError(made.reason)
    wall, cpu = milliseconds(lambda: profile_lattice(problem, source, seconds=600), 3)
    print(
        f"  {len(columns):8} {measure:16} {made.records:10,} {made.nodes:8,} "
        f"{wall:8.0f} {cpu:8.0f}",
        flush=True,
    )
    return len(columns), made.nodes, made.records, wall


def _pandas(dataset: Dataset, trees: Mapping[str, Hierarchy], columns: Sequence[str]) -> None:
    """Group the labels of some nodes, as a program without class tables would."""
    source = encode(dataset, trees)
    sizes = [trees[name].height + 1 for name in columns]
    rng = np.random.default_rng(3)
    chosen = rng.choice(math.prod(sizes), SAMPLED, replace=False)
    labels: dict[tuple[str, int], pd.Series] = {}
    for name in columns:
        for level in range(trees[name].height + 1):
            label = {row[0]: row[level] for row in trees[name].rows()}
            known = np.array([label[leaf] for leaf in source.domain(name).leaves], object)
            labels[name, level] = pd.Series(known[source.codes[name]])

    def some() -> None:
        for node in chosen:
            at = np.unravel_index(int(node), sizes)
            frame = pd.DataFrame(
                {name: labels[name, int(level)] for name, level in zip(columns, at, strict=True)}
            )
            frame.groupby(list(columns), sort=False).size().value_counts()

    wall, _ = milliseconds(some, 1)
    whole = wall / SAMPLED * math.prod(sizes)
    print(
        f"  pandas, one group-by a node: {whole / 1e3:,.0f} s, scaled up from {SAMPLED} of "
        f"{math.prod(sizes):,} nodes",
        flush=True,
    )


if __name__ == "__main__":
    main()
