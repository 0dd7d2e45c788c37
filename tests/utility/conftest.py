from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context
from microdata.readers import dataset_from_frame, read_dataset
from microdata.release import Release
from microdata.roles import Role, Roles
from transforms.hierarchies.csv_files import read_hierarchies
from utility import UTILITY_MEASURES

SHARED = Path(__file__).resolve().parents[2] / "../shared"


@pytest.fixture(scope="session")
def build():
    """Encode columns, given as lists of text, with hierarchies, given as rows."""

    def _build(columns, hierarchies=None):
        dataset = dataset_from_frame(pd.DataFrame(columns, dtype="object"), "table")
        made = {name: Hierarchy.from_rows(name, rows) for name, rows in (hierarchies or {}).items()}
        return encode(dataset, made)

    return _build


@pytest.fixture(scope="session")
def figures():
    """Evaluate every measure of utility and return the figures by path, less "utility"."""

    def _figures(release, quasi, sensitive=()):
        roles = Roles(
            by_column=dict.fromkeys(quasi, Role.QUASI_IDENTIFIER)
            | dict.fromkeys(sensitive, Role.SENSITIVE)
        )
        context = Context(release=release, roles=roles)
        found = {}
        for measure in UTILITY_MEASURES:
            found |= measure.evaluate(context).figures
        return {".".join(path[1:]): figure for path, figure in found.items()}

    return _figures


@pytest.fixture(scope="session")
def adult():
    folder = SHARED / "data/adult"
    if not folder.is_dir():
        pytest.skip("the Adult table is not here")
    dataset = read_dataset((folder / "adult.csv").read_bytes(), "adult.csv")
    return encode(dataset, read_hierarchies(folder, dataset.column_names))


@pytest.fixture(scope="session")
def arx():
    file = SHARED / "reference/arx_adult.json"
    if not file.is_file():
        pytest.skip("the reference figures are not here")
    return json.loads(file.read_text())


@pytest.fixture(scope="session")
def original():
    return Release.original
