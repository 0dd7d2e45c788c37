"""Our search against anjana's on the same hierarchies: loss and time."""

from __future__ import annotations

from benchmarks.table import QUASI, adult_or_alike, roles_of
from microdata.encoding import EncodedTable, encode
from risk.models import KAnonymity
from transforms.search import SearchProblem, SearchResult, search
from transforms.search.anjana import search_anjana

COLUMNS = ("sex", "age", "race", "marital-status", "education", "workclass")
SIZES = (2, 5, 10, 50)
LIMITS = (0.0, 0.01, 0.05, 0.2, 0.5)


def main() -> None:
    """Print loss and seconds of both by k and suppression limit, and who was better how often."""
    name, dataset, hierarchies = adult_or_alike()
    source = encode(dataset, hierarchies)
    search(_problem(2, 0.05), source)  # compiles
    print(f"\nanjana: {name}, {len(COLUMNS)} of {len(QUASI)} quasi-identifiers, measure loss")
    print("    k  limit   loss ours    anjana  ratio   seconds ours  anjana   times")
    cells = [(k, limit) for k in SIZES for limit in LIMITS]
    worse = [cell for cell in cells if not _line(source, *cell)]
    print(
        f"  ours is neither above its loss nor slower in {len(cells) - len(worse)} of {len(cells)}"
    )


def _problem(k: int, limit: float) -> SearchProblem:
    return SearchProblem(
        roles=roles_of(COLUMNS),
        models=(KAnonymity(k=k),),
        suppression_limit=limit,
    )


def _line(source: EncodedTable, k: int, limit: float) -> bool:
    problem = _problem(k, limit)
    ours, theirs = search(problem, source), search_anjana(problem, source)
    loss, other = _loss(ours), _loss(theirs)
    print(
        f"  {k:3d}  {limit:5.2f}   {loss:9.5f} {other:9.5f} {other / loss:6.2f}   "
        f"{ours.seconds:12.3f} {theirs.seconds:7.2f} {theirs.seconds / ours.seconds:7.0f}",
        flush=True,
    )
    return loss <= other + 1e-12 and ours.seconds < theirs.seconds


def _loss(result: SearchResult) -> float:
    return float("inf") if not isinstance(result.score, float) else result.score


if __name__ == "__main__":
    main()
