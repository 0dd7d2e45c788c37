"""The levels that anjana chooses, under the same check as our own: the named alternative."""

from __future__ import annotations

import importlib.util
import io
import math
import time
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microdata.errors import PrivacyToolError
from microdata.grouping import sensitive_column
from microdata.population import Population
from microdata.release import Release
from risk.models import (
    AlphaModel,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    PrivacyModel,
    RecursiveCLDiversity,
    TCloseness,
)
from transforms.search.columns import SearchColumn, search_columns
from transforms.search.release_score import release_score
from transforms.search.result import SearchResult
from transforms.search.verify import released
from transforms.steps import Generalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from transforms.search.problem import SearchProblem

LATTICE = "Use the method 'lattice', which takes every rule."
NOT_HERE = (
    "The method 'anjana' needs the package anjana, which does not run on this Python. Use "
    "the method 'lattice', which finds levels that lose no more."
)
GREEDY = (
    "anjana raises one column at a time and never goes back, so other levels may lose less: "
    "compare with the method 'lattice'."
)
ROW_NUMBERS = (
    "Where it leaves records out, anjana's own table gains a column with the row numbers of the "
    "original, by which every record could be found again. The release of this recipe has none."
)

_LEVEL_BITS = 32
# What anjana and pycanon raise on input that they do not foresee.
_BREAKS = (
    *(ArithmeticError, AttributeError, IndexError, KeyError),
    *(RecursionError, RuntimeError, TypeError, ValueError),
)


@dataclass(frozen=True, kw_only=True)
class AnjanaResult(SearchResult):
    """What anjana came to, in the form of our own search; never proven to be the best."""

    def describe(self) -> tuple[str, ...]:
        """Return the result as lines for a person."""
        if self.levels is None:
            return (f"anjana suggests no recipe; other levels may do. {LATTICE}", *self.caveats)
        return super().describe()


@dataclass(frozen=True, kw_only=True)
class _Question:
    """A function of anjana with what it is asked beside the table."""

    function: str
    k: int
    sensitive: str | None
    numbers: dict[str, float | int]
    ordered: bool = False


def search_anjana(
    problem: SearchProblem, source: EncodedTable, population: Population | None = None
) -> AnjanaResult:
    """
    Let anjana choose the levels, and check the release of a recipe with these levels.

    Parameters
    ----------
    problem : SearchProblem
        With models that anjana has: k-anonymity and one more rule for one sensitive attribute.
    source : EncodedTable
    population : Population, optional
        For the check; anjana knows none.

    Returns
    -------
    AnjanaResult
        Without levels where anjana finds none, or where more records must be left out at its
        levels than the limit allows; the caveats say which.

    Raises
    ------
    PrivacyToolError
        A model that anjana does not have, a person column, or no anjana on this Python.

    Notes
    -----
    anjana gets numbers in place of values, a different one at each level: so it meets no missing
    or mistyped cell, and the level of each column is read off its answer. It cannot be stopped.

    References
    ----------
    Sáinz-Pardo Díaz and López García 2024, An open source Python library for anonymizing sensitive
    data, Scientific Data 11 (anjana).
    """
    begun = time.perf_counter()
    population = population or Population()
    problem.roles.check_columns(source.domains)
    question = _question(problem)
    if importlib.util.find_spec("anjana") is None:
        raise PrivacyToolError(NOT_HERE)
    columns = search_columns(source, problem.quasi_identifiers, problem.levels)
    levels, told = _levels(problem, source, columns, question)
    nothing = AnjanaResult(
        measure=problem.measure,
        nodes=math.prod(column.levels for column in columns),
        evaluated=0,
        optimal=False,
        seconds=time.perf_counter() - begun,
        caveats=told,
    )
    if levels is None:
        return nothing
    raised = sum(levels[column.name] - column.lowest for column in columns)
    nothing = replace(nothing, evaluated=raised + 1)
    result = _checked(problem, source, population, levels)
    if isinstance(result, str):
        nothing = replace(nothing, caveats=(result, *told))
    else:
        nothing = replace(nothing, **result, levels=levels, caveats=(*told, GREEDY))
    return replace(nothing, seconds=time.perf_counter() - begun)


def _question(problem: SearchProblem) -> _Question:
    if problem.roles.person is not None:
        raise PrivacyToolError(
            f"anjana counts rows and not persons, so it cannot use the column "
            f"{problem.roles.person!r}. {LATTICE}"
        )
    k = max((model.k for model in problem.models if isinstance(model, KAnonymity)), default=1)
    others = [model for model in problem.models if not isinstance(model, KAnonymity)]
    if len(others) > 1:
        raise PrivacyToolError(
            "anjana takes k-anonymity and one more rule at a time; "
            f"{len(others)} more are asked for. {LATTICE}"
        )
    if not others:
        return _Question(function="k_anonymity", k=k, sensitive=None, numbers={})
    named = _function(others[0])
    if named is None:
        raise PrivacyToolError(f"anjana has no rule {others[0].text()!r}. {LATTICE}")
    function, numbers = named
    ordered = isinstance(others[0], TCloseness) and others[0].distance == "ordered"
    return _Question(
        function=function, k=k, sensitive=others[0].column, numbers=numbers, ordered=ordered
    )


def _function(model: PrivacyModel) -> tuple[str, dict[str, float | int]] | None:
    """Return anjana's function for a model, and its numbers; None where it has none."""
    if isinstance(model, DistinctLDiversity):
        return "l_diversity", {"l_div": math.ceil(model.diversity)}
    if isinstance(model, EntropyLDiversity) and model.estimator == "shannon":
        return "entropy_l_diversity", {"l_div": math.ceil(model.diversity)}
    if isinstance(model, RecursiveCLDiversity):
        return "recursive_c_l_diversity", {"c": max(1, int(model.c)), "l_div": model.rank}
    if isinstance(model, TCloseness) and model.distance != "hierarchical":
        return "t_closeness", {"t": float(model.t)}
    if isinstance(model, AlphaModel):
        return "alpha_k_anonymity", {"alpha": float(model.alpha)}
    if isinstance(model, EnhancedBetaLikeness):
        return "enhanced_beta_likeness", {"beta": float(model.beta)}
    if isinstance(model, BetaLikeness):
        return "basic_beta_likeness", {"beta": float(model.beta)}
    if isinstance(model, DeltaDisclosure):  # natural logarithms there
        return "delta_disclosure", {"delta": float(model.delta) * math.log(2)}
    return None


def _levels(
    problem: SearchProblem,
    source: EncodedTable,
    columns: tuple[SearchColumn, ...],
    question: _Question,
) -> tuple[dict[str, int] | None, tuple[str, ...]]:
    """Return the level that anjana chose for each column, if any, and what must be told."""
    names = {column.name: f"q{place}" for place, column in enumerate(columns)}
    table = {names[c.name]: _numbers(c, 0)[source.codes[c.name]] for c in columns}
    told: tuple[str, ...] = ()
    if question.sensitive is not None:
        table["s"] = _sensitive(problem, source, question)
        gaps = int(source.counts(question.sensitive)[-1])
        if gaps:
            gap = f"anjana takes the {gaps:,} missing cells of {question.sensitive!r} for a value;"
            told = (f"{gap} the check of its levels does not.",)
    try:
        answer = _ask(pd.DataFrame(table), columns, names, question, problem.suppression_limit)
    except _BREAKS as error:
        return None, (f"anjana broke off with a {type(error).__name__}, so it suggests nothing.",)
    if answer.empty:
        return None, ("anjana found no levels at which the rules hold.", *told)
    chosen: dict[str, int] = {}
    for column in columns:
        found = np.unique(answer[names[column.name]].to_numpy() >> _LEVEL_BITS)
        if found.size > 1:
            mixed = f"anjana released the column {column.name!r} at several levels at once,"
            return None, (f"{mixed} which is no recipe.", *told)
        chosen[column.name] = column.lowest + int(found[0])
    chose = (
        f"anjana chose these levels and left out {source.records - len(answer):,} records itself; "
        "the recipe leaves out those that break the rules at these levels."
    )
    return chosen, (
        chose,
        *((ROW_NUMBERS,) if {"index", "level_0"} & set(answer.columns) else ()),
        *told,
    )


def _numbers(column: SearchColumn, level: int) -> NDArray[np.int64]:
    """Return the number of each original code at a level; every level has its own."""
    return column.representative[level].astype(np.int64) + (level << _LEVEL_BITS)


def _sensitive(problem: SearchProblem, source: EncodedTable, question: _Question) -> NDArray[Any]:
    """Return the sensitive attribute: ranks where their order counts, else texts."""
    name = question.sensitive or ""
    codes = sensitive_column(Release.original(source), name, problem.roles).codes.astype(np.int64)
    if question.ordered:
        return np.asarray(codes)
    texts = np.array([f"v{code}" for code in range(int(codes.max(initial=-1)) + 1)], dtype=object)
    return np.asarray(texts[codes])


def _ask(
    table: pd.DataFrame,
    columns: tuple[SearchColumn, ...],
    names: dict[str, str],
    question: _Question,
    limit: float,
) -> pd.DataFrame:
    hierarchies = {}
    for column in columns:
        rows = column.counts > 0
        rows[: column.size] = True
        hierarchies[names[column.name]] = {
            level: pd.Series(_numbers(column, level)[rows]) for level in range(column.levels)
        }
    asked: dict[str, Any] = {
        "data": table,
        "ident": [],
        "quasi_ident": [names[column.name] for column in columns],
        "k": question.k,
        "supp_level": 100.0 * limit,
        "hierarchies": hierarchies,
        **question.numbers,
    }
    if question.sensitive is not None:
        asked["sens_att"] = "s"
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Here and not above: it takes more than a second, and this method is asked for by name.
        from anjana import anonymity  # noqa: PLC0415 -- see the line above

        answer: pd.DataFrame = getattr(anonymity, question.function)(**asked)
    return answer


def _checked(
    problem: SearchProblem,
    source: EncodedTable,
    population: Population,
    levels: dict[str, int],
) -> dict[str, Any] | str:
    """Return what the release of the recipe is, or why it is not admissible."""
    recipe = problem.recipe(source, Generalize(levels=levels), problem.suppression())
    release, classes, broken = released(recipe, problem, source, population)
    suppressed = release.suppressed_records
    if suppressed > problem.allowed(source.records) or classes.n_classes == 0:
        return (
            f"At the levels that anjana chose, {suppressed:,} of {source.records:,} records have "
            "to be left out for every rule to hold, which is more than the limit allows."
        )
    if broken:
        return "At the levels that anjana chose, leaving records out does not make every rule hold."
    score = release_score(problem, release, classes, levels)
    return {
        "score": problem.measure.shown(score),
        "suppressed": suppressed,
        "classes": classes.n_classes,
        "smallest": classes.k,
        "recipe": recipe,
    }
