from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from transforms.hierarchies.csv_files import read_hierarchies
from transforms.recipe import StepContext

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
def context():
    """A StepContext from lists of columns."""

    def _context(quasi, sensitive=(), *, person=None, key=None):
        by_column = dict.fromkeys(quasi, Role.QUASI_IDENTIFIER)
        by_column |= dict.fromkeys(sensitive, Role.SENSITIVE)
        by_column |= {} if person is None else {person: Role.PERSON}
        return StepContext(roles=Roles(by_column=by_column), key=key)

    return _context


@pytest.fixture(scope="session")
def every_cell_is_true():
    """Tell whether every released cell of some columns covers the record's own value."""

    def covers(column, domain, before, after):
        if after < column.missing:
            return before in column.nodes.leaves(after)
        return after == column.suppressed or before == domain.missing

    def _every_cell_is_true(release, names):
        return all(
            covers(release.columns[name], release.domain(name), before, after)
            for name in names
            for before, after in zip(
                release.source.codes[name][release.record_index].tolist(),
                release.codes(name).tolist(),
                strict=True,
            )
        )

    return _every_cell_is_true


@pytest.fixture(scope="session")
def adult_folder():
    folder = SHARED / "data/adult"
    if not folder.is_dir():
        pytest.skip("the Adult table is not here")
    return folder


@pytest.fixture(scope="session")
def adult(adult_folder):
    dataset = read_dataset((adult_folder / "adult.csv").read_bytes(), "adult.csv")
    return encode(dataset, read_hierarchies(adult_folder, dataset.column_names))
