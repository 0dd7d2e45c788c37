"""The search for the best levels of generalisation."""

from __future__ import annotations

from transforms.search.measure import ScoreMeasure, parse_measure
from transforms.search.problem import SearchProblem
from transforms.search.request import METHODS, search_problem
from transforms.search.result import RunnerUp, SearchResult, search

__all__ = [
    "METHODS",
    "RunnerUp",
    "ScoreMeasure",
    "SearchProblem",
    "SearchResult",
    "parse_measure",
    "search",
    "search_problem",
]
