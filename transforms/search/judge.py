"""Judge one node of the lattice: what must be left out there, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.models import DeltaPresence, KAnonymity
from transforms.search.monotone import implied, parts_fail, unions_hold
from transforms.search.scores import Score, Scorer
from transforms.search.table import ClassTable, Codebook, RecordTables, TableStore
from transforms.search.witnesses import Witnesses
from transforms.steps.suppress_records import smallest_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from risk.models import PrivacyModel
    from transforms.search.problem import SearchProblem


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged:
    """
    A node that was looked at.

    Parameters
    ----------
    node : tuple of int
        The level of each column, counted from the lowest that may be chosen.
    suppressed : int
        Records left out; where that is already too many, at least so many.
    admissible : bool
    score : Score
        Infinite where the node is not admissible.
    finer_fail : bool
        Whether all finer nodes are inadmissible as well.
    finer_cost : float64[c], optional
        What leaving records out adds at least at every finer node.
    coarser_cost : float64[c], optional
        What merging costs at least at every coarser node.
    """

    node: tuple[int, ...]
    suppressed: int
    admissible: bool
    score: Score
    finer_fail: bool
    finer_cost: NDArray[np.float64] | None = None
    coarser_cost: NDArray[np.float64] | None = None

    def order(self) -> tuple[Score, int, tuple[int, ...]]:
        """Return by what nodes are compared: of equal scores, fewer left out is better."""
        return self.score, self.suppressed, self.node


class Judge:
    """
    Says of nodes whether they are admissible, with the models that measure and suppress elsewhere.

    Parameters
    ----------
    problem : SearchProblem
    book : Codebook
    tables : TableStore or RecordTables
    scorer : Scorer
    separable : bool
        Whether what generalising costs is known of every node beforehand.
    """

    def __init__(
        self,
        problem: SearchProblem,
        book: Codebook,
        tables: TableStore | RecordTables,
        scorer: Scorer,
        *,
        separable: bool,
    ) -> None:
        self._book, self._scorer, self._separable = book, scorer, separable
        self._store = tables
        self._records = book.records
        self._allowed = problem.allowed(self._records)
        by_class = [model for model in problem.models if model.scope == "class"]
        needed = (implied(model, book.base.sensitive) for model in by_class)
        self._strict: list[PrivacyModel] = [
            *(model for model in by_class if parts_fail(model)),
            *(model for model in needed if model is not None),
        ]
        self._others = [model for model in by_class if not parts_fail(model)]
        self._of_table = [model for model in problem.models if model.scope == "table"]
        persons = problem.roles.person is not None
        self._holds_upwards = self._allowed == 0 and all(
            unions_hold(model, persons=persons) for model in problem.models
        )
        self.tells_of_finer = (
            bool(self._strict) and 2 * self._allowed < self._records
        ) or self._holds_upwards

        self._witnesses = self._witnesses_of(tables, by_class)

    def _witnesses_of(
        self, tables: TableStore | RecordTables, models: Sequence[PrivacyModel]
    ) -> Witnesses | None:
        """Return who tells of inadmissible nodes, where one small group is enough for that."""
        k = max((model.k for model in models if isinstance(model, KAnonymity)), default=0)
        if self._allowed or k < 2 or isinstance(tables, RecordTables):
            return None
        found = Witnesses(tables.lowest, self._book, k)
        return found if found.usable else None

    def judge(self, node: tuple[int, ...]) -> Judged:
        """Judge a node."""
        if self._witnesses is not None:
            people = self._witnesses.smallest(node)
            if people:
                return Judged(
                    node=node,
                    suppressed=people,
                    admissible=False,
                    score=(np.inf,),
                    finer_fail=True,
                )
        table = self._store.at(node)
        classes = table.classes(self._book, table.population(self._book))
        failing = np.zeros(table.count.size, bool)
        for model in self._strict:
            failing |= model.failing(classes)
        surely = self._left(table, failing)
        finer_cost = None
        if self.tells_of_finer and self._scorer.grows and 0 < surely <= self._allowed:
            finer_cost = self._scorer.suppressed(table, failing)
        generalized = self._scorer.generalized(table)
        coarser_cost = None if self._separable else generalized

        def judged(left_out: int, *, admissible: bool, score: Score) -> Judged:
            return Judged(
                node=node,
                suppressed=left_out,
                admissible=admissible,
                score=score,
                finer_fail=surely > self._allowed or (left_out > 0 and self._holds_upwards),
                finer_cost=finer_cost,
                coarser_cost=coarser_cost,
            )

        if surely > self._allowed:
            if self._witnesses is not None:
                self._witnesses.add(table)
            return judged(surely, admissible=False, score=(np.inf,))
        failing = self._left_out(table, classes, failing)
        left_out = self._left(table, failing)
        if left_out > self._allowed or left_out == self._records:
            return judged(left_out, admissible=False, score=(np.inf,))
        score = self._scorer.score(generalized + self._scorer.suppressed(table, failing))
        return judged(left_out, admissible=True, score=score)

    def _left_out(
        self, table: ClassTable, classes: EquivalenceClasses, failing: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return the classes that the step "suppress_records" leaves out."""
        for model in self._others:
            failing = failing | model.failing(classes)
            if self._left(table, failing) > self._allowed:
                return failing
        keep = ~failing
        for model in self._of_table:
            if isinstance(model, DeltaPresence):
                # Leaving a class out makes it absent, which breaks the lower bound for good.
                if model.failing(classes).any() or not keep.all():
                    return np.ones_like(failing)
                continue
            keep = smallest_left_out(model, classes, keep)
        return ~keep

    def _left(self, table: ClassTable, failing: NDArray[np.bool_]) -> int:
        return int(table.rows[failing].sum())
