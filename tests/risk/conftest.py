from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdata.classes import SensitiveColumn, group_records
from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release, ReleasedColumn
from microdata.roles import Roles

ADULT = Path(__file__).resolve().parents[2] / "../shared/data/adult"
NOBODY = Population()


def _context(
    columns,
    *,
    quasi,
    sensitive=(),
    person=None,
    hierarchies=None,
    population=NOBODY,
    levels=None,
    kept=None,
    seed=0,
):
    """Build the context of a release of a small table given as column -> values."""
    frame = columns if isinstance(columns, pd.DataFrame) else pd.DataFrame(columns, dtype=object)
    dataset = dataset_from_frame(frame, "hand-made")
    trees = {
        name: rows if isinstance(rows, Hierarchy) else Hierarchy.from_rows(name, rows)
        for name, rows in (hierarchies or {}).items()
    }
    others = [population.table] if population.table is not None else []
    source = encode(dataset, trees, others)
    release = Release.original(source).with_columns(
        *(
            ReleasedColumn.generalized(source.domain(name), level)
            for name, level in (levels or {}).items()
        )
    )
    if kept is not None:
        release = release.keeping(np.asarray(kept, bool))
    roles = Roles.from_json(
        {"quasi_identifiers": list(quasi), "sensitive": list(sensitive), "person": person}
    )
    return Context(release=release, roles=roles, population=population, seed=seed)


@pytest.fixture(scope="session")
def context_of():
    return _context


@pytest.fixture(scope="session")
def classes_from():
    """Group records from plain code lists; a sensitive code of None is missing."""

    def build(group, value=None, values=0, **fields):
        group = np.asarray(group, np.uint32)
        sensitive = {}
        if value is not None:
            codes = np.array([values if v is None else v for v in value], np.int32)
            known = codes[codes < values]
            overall = np.bincount(known, minlength=values) / max(1, known.size)
            fields = {"overall": overall} | fields
            sensitive["s"] = SensitiveColumn(tuple(f"v{i}" for i in range(values)), codes, **fields)
        return group_records(
            {"q": group}, {"q": int(group.max(initial=0)) + 1}, group.size, sensitive=sensitive
        )

    return build


@pytest.fixture(scope="session")
def inpatients():
    """Hold the 12 rows of Machanavajjhala et al. 2007, 4-anonymous, with a salary by class."""
    condition = "heart heart viral viral cancer heart viral viral cancer cancer cancer cancer"
    return {"group": list("AAAABBBBCCCC"), "condition": condition.split()}


def _adult(name="adult.csv"):
    if not ADULT.is_dir():
        pytest.skip("the Adult table is not beside the project")
    return pd.read_csv(ADULT / name, sep=";", dtype=str)


@pytest.fixture(scope="session")
def adult():
    return _adult()


@pytest.fixture(scope="session")
def adult_subset():
    return _adult("adult_subset.csv")


@pytest.fixture(scope="session")
def adult_hierarchies(adult):
    trees = {}
    for name in adult.columns:
        with (ADULT / f"adult_hierarchy_{name}.csv").open(newline="") as file:
            rows = [row for row in csv.reader(file, delimiter=";") if row]
        trees[name] = Hierarchy.from_rows(name, rows)
    return trees
