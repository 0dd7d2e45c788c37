"""The search for the best levels of generalisation."""

from __future__ import annotations

from transforms.search.anjana import search_anjana
from transforms.search.local import LocalResult, search_local
from transforms.search.measure import ScoreMeasure, parse_measure
from transforms.search.problem import SearchProblem
from transforms.search.profile import LatticeProfile, ProfileNode, profile_lattice
from transforms.search.request import METHODS, search_problem
from transforms.search.result import RunnerUp, SearchResult, search

__all__ = [
    "METHODS",
    "LatticeProfile",
    "LocalResult",
    "ProfileNode",
    "RunnerUp",
    "ScoreMeasure",
    "SearchProblem",
    "SearchResult",
    "parse_measure",
    "profile_lattice",
    "search",
    "search_anjana",
    "search_local",
    "search_problem",
]
