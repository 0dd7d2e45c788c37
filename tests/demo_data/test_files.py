"""The committed files are what the generator writes, and fit the formats of the command line."""

from __future__ import annotations

import csv
import json
from itertools import groupby, pairwise
from pathlib import Path

import pytest

import demo_data
from demo_data import DEMOS, Demo
from demo_data.generate import write_all
from microdata.roles import Role, Roles

FOLDER = Path(demo_data.__file__).parent
EACH_DEMO = pytest.mark.parametrize("demo", DEMOS, ids=[demo.id for demo in DEMOS])


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def read_hierarchy(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_all(folder)
    return folder


def test_generator_writes_the_committed_bytes(regenerated):
    written = sorted(p.relative_to(regenerated) for p in regenerated.rglob("*") if p.is_file())
    committed = sorted(
        p.relative_to(FOLDER) for p in FOLDER.rglob("*") if p.suffix in {".csv", ".json"}
    )
    assert written == committed
    different = [
        str(p) for p in written if (regenerated / p).read_bytes() != (FOLDER / p).read_bytes()
    ]
    assert different == []


def test_another_seed_gives_other_people(tmp_path):
    write_all(tmp_path, seed=1)
    assert (tmp_path / "hospital.csv").read_bytes() != (FOLDER / "hospital.csv").read_bytes()
    assert (tmp_path / "inpatients.csv").read_bytes() == (FOLDER / "inpatients.csv").read_bytes()


def test_files_stay_small():
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file()) < 3_000_000


def test_demo_ids_are_unique():
    assert len({demo.id for demo in DEMOS}) == len(DEMOS)


@EACH_DEMO
def test_every_path_of_a_demo_exists(demo: Demo):
    assert demo.data.is_file()
    assert demo.roles.is_file()
    assert demo.hierarchies.is_dir()
    assert demo.register is None or demo.register.is_file()


@EACH_DEMO
def test_every_column_has_one_role(demo: Demo):
    header, _ = read_table(demo.data)
    roles = Roles.from_json(json.loads(demo.roles.read_text(encoding="utf-8")))
    assert sorted(roles.by_column) == sorted(header)


@EACH_DEMO
def test_quasi_identifiers_have_a_hierarchy_and_no_file_is_left_over(demo: Demo):
    roles = Roles.from_json(json.loads(demo.roles.read_text(encoding="utf-8")))
    files = {path.stem for path in demo.hierarchies.iterdir()}
    assert set(roles.quasi_identifiers) <= files
    allowed = roles.columns_with(Role.QUASI_IDENTIFIER) + roles.columns_with(Role.SENSITIVE)
    assert files <= set(allowed)


@EACH_DEMO
def test_hierarchies_cover_every_value_that_is_not_missing(demo: Demo):
    tables = [read_table(path) for path in (demo.data, demo.register) if path is not None]
    for path in demo.hierarchies.iterdir():
        leaves = {row[0] for row in read_hierarchy(path)}
        for header, rows in tables:
            if path.stem in header:
                place = header.index(path.stem)
                assert {row[place] for row in rows} - {""} <= leaves, path.name


@EACH_DEMO
def test_each_level_is_a_function_of_the_level_below(demo: Demo):
    for path in demo.hierarchies.iterdir():
        rows = read_hierarchy(path)
        assert len({len(row) for row in rows}) == 1, path.name
        assert {row[-1] for row in rows} == {"*"}, path.name
        assert len({row[0] for row in rows}) == len(rows), path.name
        for below, above in pairwise(range(len(rows[0]))):
            pairs = {(row[below], row[above]) for row in rows}
            assert len(pairs) == len({low for low, _ in pairs}), (path.name, above)


@EACH_DEMO
def test_groups_stand_together_in_the_order_of_values(demo: Demo):
    # interval groups of an ordered column must be runs, or the order means nothing
    ordered = {"date_of_birth", "admission_date", "year_of_birth", "age", "grade", "class"}
    for path in demo.hierarchies.iterdir():
        if path.stem not in ordered:
            continue
        for level in zip(*read_hierarchy(path), strict=True):
            runs = [value for value, _ in groupby(level)]
            assert len(runs) == len(set(runs)), path.name


def test_postcodes_keep_their_leading_zeros():
    for name in ("hospital.csv", "register.csv", "school.csv"):
        header, rows = read_table(FOLDER / name)
        codes = {row[header.index("postcode")] for row in rows}
        assert {len(code) for code in codes} == {5}
        assert any(code.startswith("0") for code in codes)


def test_no_cell_reads_as_a_formula_or_as_missing():
    words = {"na", "n/a", "nan", "null", "none", "?", "*", "-"}
    for demo in DEMOS:
        _, rows = read_table(demo.data)
        cells = {cell for row in rows for cell in row}
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
        assert not words & {cell.lower() for cell in cells}
