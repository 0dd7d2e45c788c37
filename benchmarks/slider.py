"""One slider move: the interactive set of figures, against pandas group-by and pycanon."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pandas as pd
from pycanon import anonymity

from benchmarks.table import LEVELS, QUASI, SENSITIVE, adult_or_alike
from benchmarks.timing import milliseconds
from microdata.encoding import encode
from microdata.grouping import base_classes
from microdata.measure import Context
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.measuring import INTERACTIVE, evaluate
from transforms.recipe import Recipe, StepContext
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords

LIMIT_MS = 20.0


def main() -> None:
    """Print the timings of one move and their ratios, at 30 thousand and at a million rows."""
    _compare(copies=1, repeats=15)
    _compare(copies=33, repeats=5)


def _recipe(age: int) -> Recipe:
    return Recipe(
        steps=(
            Generalize(levels=LEVELS | {"age": age}),
            SuppressRecords(require=("k-anonymity=5",)),
        )
    )


def _compare(*, copies: int, repeats: int) -> None:
    name, dataset, hierarchies = adult_or_alike(copies)
    roles = Roles(
        by_column=dict.fromkeys(QUASI, Role.QUASI_IDENTIFIER) | {SENSITIVE: Role.SENSITIVE}
    )
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
    if copies == 1:
        print(f"  share of the {LIMIT_MS:.0f} ms limit           {wall / LIMIT_MS:8.0%}")
    frame = _recipe(LEVELS["age"]).apply(original, context).frame()
    for peer, call in _peers(frame.astype(str), with_pycanon=copies == 1).items():
        peer_wall, _ = milliseconds(call, 3)
        print(f"  {peer:34s}{peer_wall:8.1f} ms wall, {peer_wall / wall:.1f} x ours")


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
