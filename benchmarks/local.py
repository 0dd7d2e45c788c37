"""Local recoding against ARX's figures, and how it grows with the rows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.table import QUASI, adult_or_alike, roles_of
from microdata.encoding import EncodedTable, encode
from microdata.measure import Context, Estimate
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.search import search_local, search_problem
from transforms.step import StepContext
from transforms.steps import Mondrian
from utility.information_loss import Granularity

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARX_SECONDS, ARX_GRANULARITY, ARX_CLASSES = 11.0, 0.922, 4028
"""Adult, eight quasi-identifiers, k = 5, nothing left out; iterative, 5 % of the records a step."""
COPIES = (4, 33)
K5 = ("k-anonymity=5",)
ROLES = roles_of(QUASI)


def main() -> None:
    """Print seconds, granularity and groups of the search, of its recipe and of Mondrian alone."""
    name, dataset, hierarchies = adult_or_alike()
    trees = {column: hierarchies[column] for column in QUASI}
    source = encode(dataset, trees)
    _searched(source)  # compiles the loops
    print(f"\nLocal recoding: {name}, {len(QUASI)} quasi-identifiers, k = 5, nothing left out")
    print(
        f"  {'ARX, quoted':24s} {ARX_SECONDS:8.2f} s, granularity {ARX_GRANULARITY:.4f}, "
        f"{ARX_CLASSES:,} groups"
    )
    for what, recipe, seconds in _runs(source):
        _line(what, source, recipe, seconds)
    print("  Growth, seeded tables")
    for copies in COPIES:
        _, table, all_trees = adult_or_alike(copies=copies)
        grown = encode(table, {column: all_trees[column] for column in QUASI})
        for what, recipe, seconds in _runs(grown):
            _line(f"{table.records:,} rows, {what}", grown, recipe, seconds)


def _clock() -> NDArray[np.float64]:
    """Return wall and CPU seconds: on a busy machine the second tells more."""
    return np.array([time.perf_counter(), time.process_time()])


def _searched(source: EncodedTable) -> Recipe:
    recipe = search_local(search_problem(ROLES, require=K5), source).recipe
    if recipe is None:
        raise RuntimeError("A table of thousands of records has a release with k = 5.")
    return recipe


def _runs(source: EncodedTable) -> list[tuple[str, Recipe, NDArray[np.float64]]]:
    begun = _clock()
    recipe = _searched(source)
    searched = _clock()
    recipe.apply(Release.original(source), StepContext(roles=ROLES))
    applied = _clock()
    split = Recipe(steps=(Mondrian(columns=QUASI, require=K5),))
    split.apply(Release.original(source), StepContext(roles=ROLES))
    done = _clock()
    return [
        ("search", recipe, searched - begun),
        ("its recipe", recipe, applied - searched),
        ("Mondrian alone", split, done - applied),
    ]


def _line(what: str, source: EncodedTable, recipe: Recipe, seconds: NDArray[np.float64]) -> None:
    release = recipe.apply(Release.original(source), StepContext(roles=ROLES))
    context = Context(release=release, roles=ROLES)
    figure = Granularity().evaluate(context).figures["utility", "granularity"]
    granularity = figure.value if isinstance(figure, Estimate) else float("nan")
    print(
        f"  {what:34s} {seconds[0]:6.2f} s, {seconds[1]:6.2f} s CPU, "
        f"granularity {granularity:.4f}, {context.classes.n_classes:,} groups, "
        f"k {context.classes.k}, {release.suppressed_records:,} left out, {recipe.steps[0].name}",
        flush=True,
    )


if __name__ == "__main__":
    main()
