"""One slider move: the interactive set of figures, against pandas group-by and pycanon."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pandas as pd
from pycanon import anonymity

from benchmarks.table import LEVELS, QUASI, SENSITIVE, adult_or_alike, roles_of
from benchmarks.timing import milliseconds, plot
from microdata.encoding import encode
from microdata.grouping import base_classes
from microdata.measure import Context
from microdata.release import Release
from reports.measuring import INTERACTIVE, evaluate
from transforms.recipe import Recipe, StepContext
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords

GOALS_MS = {1: 5.0, 33: 50.0, 331: 200.0}
"""By how many times the rows of Adult: 30 thousand, 1 million, 10 million."""


def main() -> None:
    """Print the timings of one move and their ratios, at 30 thousand, 1 and 10 million rows."""
    moves = [_compare(copies=copies, repeats=15 if copies == 1 else 5) for copies in GOALS_MS]
    plot("growth of a move with the rows", moves)


def _recipe(age: int) -> Recipe:
    return Recipe(
        steps=(
            Generalize(levels=LEVELS | {"age": age}),
            SuppressRecords(require=("k-anonymity=5",)),
        )
    )


def _compare(*, copies: int, repeats: int) -> tuple[str, float]:
    """Print one size of table, and return its name and the milliseconds of a move."""
    name, dataset, hierarchies = adult_or_alike(copies)
    roles = roles_of(QUASI, SENSITIVE)
    context = StepContext(roles=roles)
    original = Release.original(encode(dataset, hierarchies))
    ages = itertools.cycle((LEVELS["age"], LEVELS["age"] - 1))  # so that no memo can answer

    def move() -> object:
        measured = Context(release=_recipe(next(ages)).apply(original, context), roles=roles)
        return evaluate(measured, threshold=5, measures=INTERACTIVE, with_distributions=False)

    wall, cpu = milliseconds(move, repeats)
    tuples = base_classes(original.source, roles).n_classes
    print(f"\n{name}, 8 quasi-identifiers, {tuples:,} distinct tuples: one slider move")
    print(f"  privascope, interactive set       {wall:8.1f} ms wall, {cpu:.1f} ms CPU")
    print(f"  share of the goal of {GOALS_MS[copies]:.0f} ms     {wall / GOALS_MS[copies]:8.0%}")
    if copies == max(GOALS_MS):
        return name, wall  # the texts for the peers would not fit
    frame = _recipe(LEVELS["age"]).apply(original, context).frame()
    for peer, call in _peers(frame.astype(str), with_pycanon=copies == 1).items():
        peer_wall, _ = milliseconds(call, 3)
        print(f"  {peer:34s}{peer_wall:8.1f} ms wall, {peer_wall / wall:.1f} x ours")
    return name, wall


def _peers(texts: pd.DataFrame, *, with_pycanon: bool) -> dict[str, Callable[[], object]]:
    quasi = list(QUASI)
    peers: dict[str, Callable[[], object]] = {
        "pandas group-by on text, sizes only": lambda: texts.groupby(quasi).size()
    }
    if with_pycanon:
        peers |= {
            "pycanon k": lambda: anonymity.k_anonymity(texts, quasi),
            "pycanon k, l and t": lambda: (
                anonymity.k_anonymity(texts, quasi),
                anonymity.l_diversity(texts, quasi, [SENSITIVE]),
                anonymity.t_closeness(texts, quasi, [SENSITIVE]),
            ),
        }
    return peers


if __name__ == "__main__":
    main()
