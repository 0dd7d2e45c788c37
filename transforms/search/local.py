"""Look for a recipe that generalises each group of look-alikes no further than it must."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.population import Population
from microdata.release import Release
from risk.local_recoding import ATTACKS, INSTEAD
from transforms.group_judge import require_local
from transforms.local_recoding import LocalRounds, local_rounds
from transforms.recipe import Recipe, Step
from transforms.search.columns import SearchColumn, search_columns
from transforms.search.local_score import local_score, require_measure
from transforms.search.nodes import lattice_size
from transforms.search.result import DEFAULT_SECONDS, SearchResult
from transforms.search.verify import released
from transforms.steps.mondrian import Mondrian
from transforms.steps.recode_locally import RecodeLocally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from transforms.search.lattice import OnProgress
    from transforms.search.problem import SearchProblem
    from transforms.search.scores import Score

MAX_NODES = 1 << 17
"""Choices of levels up to which all of them are tried; above, a seeded sample of chains is."""
MAX_ROUNDS = 500
"""Rounds that a recipe may have; a search that needs more takes larger steps."""
SHARES = (0.0, 0.002, 0.01, 0.05)
"""Of the records, how many a round must release, from the finest steps to those of ARX."""
CHAINS = 256
AT_ONCE = 256
"""Choices of levels that are tried before the clock is looked at."""
_CAVEAT = f"{ATTACKS} {INSTEAD}"


@dataclass(frozen=True, kw_only=True)
class LocalResult(SearchResult):
    """
    The best recipe found that generalises group by group; never proven to be the best there is.

    `levels` are those of its first round, and of no column where another kind of step won.

    Parameters
    ----------
    method : str
        The name of the step that won, or "local" where nothing was found.
    rounds : int
        Rounds of the recipe; 0 where another kind of step won.
    """

    method: str = "local"
    rounds: int = 0

    def describe(self) -> tuple[str, ...]:
        """Return the result as lines for a person."""
        if self.recipe is None:
            return ("No release was found that meets every rule within the limit.", *self.caveats)
        return self._numbers(self.recipe, "a better one may exist")

    def to_json(self) -> dict[str, Any]:
        """Return the keys of the command line that the search knows."""
        return super().to_json() | {"method": self.method}


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    recipe: Recipe
    score: Score
    suppressed: int
    classes: int
    smallest: int
    admissible: bool

    def order(self) -> tuple[bool, Score, int]:
        return not self.admissible, self.score, self.suppressed


def search_local(
    problem: SearchProblem,
    source: EncodedTable,
    population: Population | None = None,
    *,
    seconds: float = DEFAULT_SECONDS,
    on_progress: OnProgress | None = None,
) -> LocalResult:
    """
    Find a recipe that gives each group of look-alikes levels, or ranges, of its own.

    Levels are tried from the cheapest to the dearest for the whole table: at each, the groups that
    meet every model are released, and the search goes on with the others. That is done in steps of
    several sizes, and beside it the table is split in two again and again (Mondrian); the release
    with the least score is taken. Every release is made and measured anew before it is compared.

    Parameters
    ----------
    problem : SearchProblem
        Its suppression limit is used only for records that no level makes safe.
    source : EncodedTable
    population : Population, optional
    seconds : float
        After about so long, only few choices of levels are still tried.
    on_progress : callable, optional
        Called with the number of choices tried and of all; returns False to end early.

    Raises
    ------
    PrivacyToolError
        A model or a measure that is not for releases of this kind, levels that a hierarchy does
        not have, or values that it does not cover.
    """
    population = population or Population()
    begun = time.perf_counter()
    problem.roles.check_columns(source.domains)
    require_measure(problem)
    require_local(problem.models, where="The method 'local'")
    search = _Search(problem, source, population, begun + seconds, on_progress)
    found = sorted(search.candidates(), key=_Candidate.order)
    best = found[0] if found and found[0].admissible else None
    caveats = (_CAVEAT,) if best else ()
    if search.ended_early:
        caveats = (*caveats, "The time was up before every choice of levels was tried.")
    if search.sampled:
        caveats = (
            *caveats,
            f"There are too many choices of levels to try them all; {len(search.nodes):,} were.",
        )
    nothing = LocalResult(
        measure=problem.measure,
        nodes=search.size,
        evaluated=search.evaluated,
        optimal=False,
        seconds=time.perf_counter() - begun,
        caveats=caveats,
    )
    if best is None:
        return nothing
    (step,) = best.recipe.steps
    rounds = step.rounds if isinstance(step, RecodeLocally) else ()
    return replace(
        nothing,
        levels=dict(rounds[0]) if rounds else {},
        score=problem.measure.shown(best.score),
        suppressed=best.suppressed,
        classes=best.classes,
        smallest=best.smallest,
        recipe=best.recipe,
        method=step.name,
        rounds=len(rounds),
    )


class _Search:
    """One search: the choices of levels in the order of their cost, and what was tried."""

    def __init__(
        self,
        problem: SearchProblem,
        source: EncodedTable,
        population: Population,
        deadline: float,
        on_progress: OnProgress | None,
    ) -> None:
        self._problem, self._source, self._population = problem, source, population
        self._deadline, self._on_progress = deadline, on_progress
        self._columns = search_columns(source, problem.quasi_identifiers, problem.levels)
        self.size = lattice_size(tuple(column.levels for column in self._columns))
        self.sampled = self.size > MAX_NODES
        self.nodes = _ordered_nodes(problem, self._columns, sampled=self.sampled)
        self.evaluated = 0
        self.ended_early = False
        self._original = Release.original(source)
        self._start = {
            column.name: range(column.lowest, column.lowest + column.levels)
            for column in self._columns
        }

    def candidates(self) -> Iterator[_Candidate]:
        """Try Mondrian and rounds of several sizes; yield every release that was made."""
        require = self._problem.suppression().require
        if not self._problem.levels:  # ranges have no level to be held against
            yield self._made(Mondrian(columns=self._problem.quasi_identifiers, require=require))
        for share in SHARES:
            rounds = self._rounds(max(1, int(share * self._source.records)))
            if rounds and len(rounds) <= MAX_ROUNDS:
                names = self._problem.quasi_identifiers
                levels = tuple(dict(zip(names, node, strict=True)) for node in rounds)
                yield self._made(RecodeLocally(rounds=levels, require=require))
                return  # larger steps lose more

    def _late(self) -> bool:
        if self._on_progress is not None and not self.ended_early:
            self.ended_early = not self._on_progress(self.evaluated, len(self.nodes))
        self.ended_early = self.ended_early or time.perf_counter() > self._deadline
        return self.ended_early

    def _rounds(self, least: int) -> list[tuple[int, ...]]:
        """Return rounds of at least so many records each; none where none will do."""
        allowed = self._problem.allowed(self._source.records)
        work = self._pass(self._fresh(), 0, least)
        dropped = 1
        while work.left > allowed and 0 < len(work.rounds) <= MAX_ROUNDS:
            # Too few are left to be a group: reopen the last rounds, so that they join them.
            rounds = work.rounds[: max(0, len(work.rounds) - dropped)]
            reopened = work.rounds[len(rounds)]
            work = self._fresh()
            for node in rounds:
                work.recode(node)
            if not rounds:  # one round for everybody is what is left
                work = self._pass(work, len(self.nodes) - 1, least)
                break
            work = self._pass(work, self._position(reopened) + 1, least)
            dropped = 2 * dropped
        # Too many rounds are handed back as they are: larger steps are then tried.
        return [] if 0 < len(work.rounds) <= MAX_ROUNDS and work.left > allowed else work.rounds

    def _position(self, node: tuple[int, ...]) -> int:
        return int(np.flatnonzero((self.nodes == node).all(axis=1))[0])

    def _fresh(self) -> LocalRounds:
        problem = self._problem
        return local_rounds(
            self._original, problem.roles, self._population, self._start, problem.models
        )

    def _pass(self, work: LocalRounds, position: int, least: int) -> LocalRounds:
        """Go on from a position in the order of the nodes; the last releases what it can."""
        starts = work.starts(self.nodes)
        end = len(self.nodes) - 1
        while position < end and work.open_tuples and len(work.rounds) <= MAX_ROUNDS:
            if self._late():
                # The time is up: one in every so many nodes still leads up to the last.
                for node in self.nodes[position : end : max(1, end // 64)].tolist():
                    self.evaluated += 1
                    work.recode(tuple(node), least)
                break
            ahead = min(end, position + AT_ONCE)
            passed = work.next_round(starts[position:ahead], least)
            self.evaluated += min(passed + 1, ahead - position)
            position += passed
            if position < ahead:
                work.recode(tuple(self.nodes[position].tolist()), least)
                position += 1
        self.evaluated += 1
        work.recode(tuple(self.nodes[end].tolist()))
        return work

    def _made(self, step: Step) -> _Candidate:
        """Make the release of a step and measure it anew."""
        problem, source = self._problem, self._source
        recipe = problem.recipe(source, step)
        release, classes, broken = released(recipe, problem, source, self._population)
        if broken:
            raise PrivacyToolError(
                "The release does not meet what its step requires, so no recipe is suggested; this "
                "is a fault of the program and not of the table. Rules that fail: "
                f"{', '.join(broken)}."
            )
        suppressed = release.suppressed_records
        return _Candidate(
            recipe=recipe,
            score=local_score(problem, release, classes),
            suppressed=suppressed,
            classes=classes.n_classes,
            smallest=classes.k,
            admissible=suppressed <= problem.allowed(source.records) and classes.n_classes > 0,
        )


def _ordered_nodes(
    problem: SearchProblem, columns: tuple[SearchColumn, ...], *, sampled: bool
) -> NDArray[np.int64]:
    """Return choices of levels, the cheapest for the whole table first: int64[v, d]."""
    shape = tuple(column.levels for column in columns)
    if sampled:
        nodes = _chains(shape)
    else:
        nodes = np.stack(np.unravel_index(np.arange(lattice_size(shape)), shape), axis=1)
    total = np.zeros(len(nodes))
    for c, column in enumerate(columns):
        if problem.measure.name == "ambiguity":
            cost = column.mean_log_leaves
        else:
            cost = column.leaf_sums / (max(1, column.size) * max(1, int(column.counts.sum())))
            cost = cost * problem.weight(column.name)
        total += cost[nodes[:, c]]
    # A coarser choice comes after the finer ones, also where it costs the same.
    order = np.lexsort((nodes.sum(axis=1), total.round(12)))
    return np.asarray(nodes[order] + [column.lowest for column in columns], np.int64)


def _chains(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the nodes of ways from the bottom to the top, each raising one column at a time."""
    rng = np.random.default_rng(0)
    raises = np.repeat(np.arange(len(shape)), np.array(shape) - 1)
    nodes = []
    for _ in range(CHAINS):
        steps = np.zeros((raises.size + 1, len(shape)), np.int64)
        steps[np.arange(1, raises.size + 1), rng.permutation(raises)] = 1
        nodes.append(np.cumsum(steps, axis=0))
    return np.unique(np.concatenate(nodes), axis=0)
