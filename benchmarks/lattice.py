"""The search for the best levels against ARX's figures, and how many nodes a second it judges."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.table import QUASI, SENSITIVE, adult_or_alike, roles_of
from benchmarks.timing import milliseconds
from microdata.encoding import EncodedTable, encode
from transforms.search import SearchResult, search, search_problem

ARX = {0.0: 42, 0.05: 851, 1.0: 2574}
"""CPU milliseconds of ARX's search by suppression limit: Adult, nine columns, k = 5, loss."""


def main() -> None:
    """Print how long a search takes, by suppression limit, by model and by rows."""
    name, dataset, hierarchies = adult_or_alike()
    source = encode(dataset, hierarchies)
    columns = tuple(column for column in (*QUASI, SENSITIVE) if column in hierarchies)
    print(f"\nSearch: {name}, {len(columns)} quasi-identifiers; goal: at or below ARX")
    for limit, arx in ARX.items():
        result, wall, cpu = _timed(source, columns, ["k-anonymity=5"], limit)
        theirs = f", ARX {arx} ms ({arx / cpu:.1f} x)" if len(columns) == 9 else ""
        _line(f"k=5, loss, limit {limit:g}", result, wall, cpu, theirs)
    sensitive = "occupation"
    others = tuple(column for column in columns if column != sensitive)
    for models in (["distinct-l-diversity(occupation)=5"], ["t-closeness(occupation,equal)=0.2"]):
        result, wall, cpu = _timed(source, others, ["k-anonymity=5", *models], 0.05, sensitive)
        _line(f"k=5 and {models[0]}, limit 0.05", result, wall, cpu)
    _, large, trees = adult_or_alike(copies=33)
    table = encode(large, trees)
    print(f"{large.records:,} rows, seeded")
    for limit in (0.0, 0.05):
        result, wall, cpu = _timed(table, tuple(trees), ["k-anonymity=5"], limit)
        _line(f"k=5, loss, limit {limit:g}", result, wall, cpu)


def _timed(
    source: EncodedTable,
    columns: Sequence[str],
    models: Sequence[str],
    limit: float,
    sensitive: str | None = None,
) -> tuple[SearchResult, float, float]:
    problem = search_problem(roles_of(columns, sensitive), require=models, suppression_limit=limit)
    wall, cpu = milliseconds(lambda: search(problem, source), 3)
    return search(problem, source), wall, cpu


def _line(what: str, result: SearchResult, wall: float, cpu: float, theirs: str = "") -> None:
    speed = 1e3 * result.evaluated / wall
    print(
        f"  {what:50s} {wall:8.0f} ms, {cpu:8.0f} ms CPU{theirs}; {result.evaluated:,} of "
        f"{result.nodes:,} nodes judged, {speed:,.0f} a second, "
        f"{'proven' if result.optimal else 'not proven'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
