"""The first promise: nothing leaves the machine, and nothing derived from data is written."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

SCRIPT = """
import resource, socket, sys
from pathlib import Path

from microdata.population import Population
from microdata.readers import read_dataset
from microdata.release import Release
from microdata.roles import Roles
from reports.case import Case
from reports.assessment import assess
from reports.document.pdf import render_pdf
from reports.spreadsheet import release_csv
from risk.policy import load_policy
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe
import json

def work(folder, name):
    roles = Roles.from_json(json.loads(Path(folder, f"{name}_roles.json").read_text()))
    hierarchies = "hierarchies" if name == "hospital" else f"{name}_hierarchies"
    dataset = read_dataset(Path(folder, f"{name}.csv").read_bytes(), f"{name}.csv")
    found = read_hierarchies(Path(folder, hierarchies), dataset.column_names)
    levels = {c: 1 for c in roles.quasi_identifiers if c in found}
    steps = [
        {"step": "generalize", "levels": levels},
        {"step": "suppress_records", "require": ["k-anonymity=2"]},
    ]
    recipe = Recipe.from_json({"version": 1, "steps": steps})
    case = Case(
        dataset=dataset,
        roles=roles,
        recipe=recipe,
        hierarchies=found,
        policy=load_policy("k5"),
        population=Population(size=10_000_000),
    )
    made = assess(case)
    source = case.encoded()
    table = release_csv(case.release(source) or Release.original(source))
    return len(render_pdf(made)), len(table)

def refuse(*args, **kwargs):
    raise AssertionError("a connection was tried")

folder = sys.argv[1]
work(folder, "inpatients")  # compiled code and cut fonts are cached; they hold no data
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # from here on any write to a file is fatal
socket.socket.connect = refuse
socket.create_connection = refuse
print(*work(folder, "hospital"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a Unix feature")
def test_reading_assessing_and_reporting_write_no_file_and_open_no_connection():
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT / "demo_data")],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    document, table = map(int, run.stdout.split())
    assert document > 10_000
    assert table > 1_000
