"""Figures of the tables that come with the program, so that it can be tested by itself."""

import json
from pathlib import Path

import pytest

from microdata.encoding import encode
from microdata.readers import read_dataset
from microdata.roles import Roles
from transforms.hierarchies import read_hierarchies
from transforms.search import search, search_problem

DEMO = Path(__file__).resolve().parents[3] / "demo_data"


@pytest.fixture(scope="module", params=["inpatients", "school", "hospital"])
def table(request):
    name = request.param
    folder = DEMO / ("hierarchies" if name == "hospital" else f"{name}_hierarchies")
    dataset = read_dataset((DEMO / f"{name}.csv").read_bytes(), f"{name}.csv")
    roles = Roles.from_json(json.loads((DEMO / f"{name}_roles.json").read_text("utf-8")))
    return name, roles, encode(dataset, read_hierarchies(folder, dataset.column_names))


# Levels, score, suppressed, classes and smallest class; the hospital counts persons.
FOUND = {
    ("inpatients", "k-anonymity=3", 0.0, "loss"): ((1, 1, 2), 0.5208539892, 0, 3, 4),
    ("inpatients", "k-anonymity=5", 0.05, "entropy"): ((3, 3, 2), 87.5488750215, 0, 1, 12),
    ("school", "k-anonymity=3", 0.0, "loss"): ((3, 0, 2, 3, 1), 0.4376804672, 0, 24, 5),
    ("school", "k-anonymity=5", 0.05, "entropy"): ((2, 0, 0, 3, 2), 3896.106885612, 13, 55, 5),
    ("hospital", "k-anonymity=3", 0.0, "loss"): ((5, 0, 2, 2, 3, 1), 0.4669686374, 0, 144, 7),
    ("hospital", "k-anonymity=5", 0.05, "entropy"): (
        *((5, 1, 5, 2, 3, 0), 94393.88961833737),
        *(37, 356, 5),
    ),
}


@pytest.mark.parametrize(
    ("model", "limit", "minimize"),
    [("k-anonymity=3", 0.0, "loss"), ("k-anonymity=5", 0.05, "entropy")],
)
def test_the_best_levels_of_the_demo_tables(table, model, limit, minimize):
    name, roles, source = table
    problem = search_problem(roles, require=[model], suppression_limit=limit, minimize=minimize)
    result = search(problem, source)
    levels, score, *counts = FOUND[name, model, limit, minimize]
    assert result.optimal
    assert tuple(result.levels.values()) == levels
    assert result.score == pytest.approx(score, rel=1e-9)
    assert [result.suppressed, result.classes, result.smallest] == counts
