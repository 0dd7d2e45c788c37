"""Run a search, make the recipe, and check the release that the recipe makes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from microdata.grouping import base_classes
from microdata.population import Population
from transforms.recipe import Recipe
from transforms.search.columns import SearchColumn, search_columns
from transforms.search.formulas import make_scorer
from transforms.search.judge import Judge, Judged
from transforms.search.lattice import Found, LatticeSearch, OnProgress
from transforms.search.measure import IGNORES_SUPPRESSION
from transforms.search.scores import ByColumn
from transforms.search.table import Codebook, RecordTables, TableStore
from transforms.search.verify import verify
from transforms.steps import Generalize

if TYPE_CHECKING:
    from microdata.encoding import EncodedTable
    from transforms.search.measure import ScoreMeasure
    from transforms.search.problem import SearchProblem

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class RunnerUp:
    """Another admissible node that was looked at."""

    levels: Mapping[str, int]
    score: float | tuple[float, ...]
    suppressed: int


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """
    The best recipe found, and how sure that is.

    Parameters
    ----------
    levels : mapping of str to int, optional
        The level of each quasi-identifier; None where no node is admissible.
    score : float or tuple of float, optional
        A tuple with the aggregate "rank": the columns' losses, largest first.
    suppressed, classes, smallest : int
        Records left out, and the groups of look-alikes of the release made by the recipe.
    measure : ScoreMeasure
        What the score counts.
    nodes, evaluated : int
        Of the lattice, and how many of them were looked at.
    optimal : bool
        Whether it is proven that no other choice of levels is better, or that there is none.
    bound : float or tuple of float, optional
        No choice of levels has a score below this one.
    gap : float, optional
        By what share of its score the recipe could at most be better: 0 where it is proven to be
        the best. None where there is no recipe, or the score is not one number.
    seconds : float
        For the search, the check included.
    recipe : Recipe, optional
    runner_ups : tuple of RunnerUp
        The next best of those looked at; better ones may have been passed over.
    caveats : tuple of str
    """

    levels: Mapping[str, int] | None = None
    score: float | tuple[float, ...] | None = None
    suppressed: int = 0
    classes: int = 0
    smallest: int = 0
    measure: ScoreMeasure
    nodes: int
    evaluated: int
    optimal: bool
    bound: float | tuple[float, ...] | None = None
    gap: float | None = None
    seconds: float
    recipe: Recipe | None = None
    runner_ups: tuple[RunnerUp, ...] = ()
    caveats: tuple[str, ...]

    def describe(self) -> tuple[str, ...]:
        """Return the result as lines for a person."""
        looked = f"{self.evaluated:,} of {self.nodes:,} choices of levels were looked at"
        if self.levels is None or self.recipe is None:
            proof = "this is proven" if self.optimal else "the search was ended before its end"
            none = f"No choice of levels meets every rule within the limit; {proof}."
            return (none, f"{looked}.", *self.caveats)
        proof = "no other is better" if self.optimal else "a better one may exist"
        return self._numbers(self.recipe, f"{looked}; {proof}")

    def _numbers(self, recipe: Recipe, proof: str) -> tuple[str, ...]:
        numbers = self.score if isinstance(self.score, tuple) else (self.score,)
        score = ", ".join(f"{number:.7g}" for number in numbers)
        return (
            *recipe.describe(),
            f"score by {self.measure.text()}, lower is better: {score}; {proof}",
            f"suppressed records: {self.suppressed:,}",
            f"groups of look-alikes: {self.classes:,}, the smallest of {self.smallest:,}",
            *self.caveats,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the keys of the command line that the search knows."""
        return {
            "transformation": None if self.levels is None else dict(self.levels),
            "score": _as_json(self.score),
            "suppressed": None if self.levels is None else self.suppressed,
            "classes": None if self.levels is None else self.classes,
            "smallest": None if self.levels is None else self.smallest,
            "lattice": {"nodes": self.nodes, "evaluated": self.evaluated},
            "optimal": self.optimal,
            "bound": _as_json(self.bound),
            "gap": self.gap,
            "recipe": None if self.recipe is None else self.recipe.to_json(),
            "runner_ups": [
                {
                    "transformation": dict(other.levels),
                    "score": _as_json(other.score),
                    "suppressed": other.suppressed,
                }
                for other in self.runner_ups
            ],
            "caveats": list(self.caveats),
        }


def _as_json(score: float | tuple[float, ...] | None) -> Any:
    return list(score) if isinstance(score, tuple) else score


def search(
    problem: SearchProblem,
    source: EncodedTable,
    population: Population | None = None,
    *,
    seconds: float = DEFAULT_SECONDS,
    on_progress: OnProgress | None = None,
) -> SearchResult:
    """
    Find the best levels for the quasi-identifiers of a table.

    Parameters
    ----------
    problem : SearchProblem
    source : EncodedTable
        With a population table, encoded over domains that include its values.
    population : Population, optional
    seconds : float
        After so long the best recipe so far is returned, with a bound of what could be better.
    on_progress : callable, optional
        Called with the number of nodes looked at and of all nodes; returns False to stop.

    Raises
    ------
    PrivacyToolError
        Levels that a hierarchy does not have, or values that it does not cover.
    """
    population = population or Population()
    begun = time.perf_counter()
    problem.roles.check_columns(source.domains)
    columns = search_columns(source, problem.quasi_identifiers, problem.levels)
    book = Codebook(columns, base_classes(source, problem.roles, population))
    scorer = make_scorer(problem.measure, book, problem.weights)
    tables = (
        TableStore(book, problem.sensitive)
        if problem.roles.person is None
        else RecordTables(book, source, problem.roles, problem.sensitive)
    )
    judge = Judge(problem, book, tables, scorer, separable=isinstance(scorer, ByColumn))
    lattice = LatticeSearch(
        judge, scorer, tuple(column.levels for column in columns), seconds, on_progress
    )
    found = lattice.run()
    nothing = _nothing(problem, found)
    if not found.best:
        return replace(nothing, seconds=time.perf_counter() - begun)
    best, *others = found.best
    levels = _levels(columns, best)
    recipe = problem.recipe(source, Generalize(levels=levels), problem.suppression())
    checked = verify(
        recipe, problem=problem, source=source, population=population, best=best, levels=levels
    )
    return replace(
        nothing,
        levels=levels,
        score=problem.measure.shown(best.score),
        suppressed=checked.suppressed,
        classes=checked.classes,
        smallest=checked.smallest,
        seconds=time.perf_counter() - begun,
        recipe=recipe,
        runner_ups=tuple(
            RunnerUp(
                levels=_levels(columns, other),
                score=problem.measure.shown(other.score),
                suppressed=other.suppressed,
            )
            for other in others
        ),
    )


def _levels(columns: tuple[SearchColumn, ...], judged: Judged) -> dict[str, int]:
    return {
        column.name: column.lowest + level
        for column, level in zip(columns, judged.node, strict=True)
    }


def _nothing(problem: SearchProblem, found: Found) -> SearchResult:
    """Return what is known of a search whether or not it found anything."""
    return SearchResult(
        measure=problem.measure,
        nodes=found.nodes,
        evaluated=found.evaluated,
        optimal=found.optimal,
        bound=None if found.bound is None else problem.measure.shown(found.bound),
        gap=_gap(found),
        seconds=0.0,
        caveats=_caveats(problem, found),
    )


def _gap(found: Found) -> float | None:
    if found.optimal and found.best:
        return 0.0
    if found.bound is None or not found.best or len(found.bound) != 1:
        return None
    (score,), (bound,) = found.best[0].score, found.bound
    return max(0.0, (score - bound) / score) if score > 0 else 0.0


def _caveats(problem: SearchProblem, found: Found) -> tuple[str, ...]:
    caveats = []
    gap = _gap(found)
    if not found.optimal:
        least = "" if gap is None else f", with a score lower by {gap:.1%} at most"
        caveats.append(
            f"The search was ended before its end, after {found.evaluated:,} of {found.nodes:,} "
            f"choices of levels: a better one may exist{least}."
        )
    if problem.measure.name in IGNORES_SUPPRESSION and problem.suppression_limit > 0:
        caveats.append(
            f"The measure {problem.measure.name!r} does not count the records that are left out, "
            "so as many as the limit allows may be left out in place of generalising."
        )
    if any(model.scope == "table" for model in problem.models):
        caveats.append(
            "A rule for the whole table is met by leaving out the smallest groups first; among "
            "groups of equal size, the first in the table."
        )
    return tuple(caveats)
