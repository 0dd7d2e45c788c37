import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from microdata.population import Population
from microdata.readers import read_dataset
from microdata.roles import Roles
from reports.assessment import Assessment, assess
from reports.case import Case
from reports.document.pdf import render_pdf
from risk.policy import load_policy
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe

DEMO = Path(__file__).resolve().parents[3] / "demo_data"
LEVELS = {
    "date_of_birth": 4,
    "postcode": 3,
    "admission_date": 3,
    "occupation": 2,
    "marital_status": 1,
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report of the demo hospital: its case, its figures, its bytes, its file."""

    case: Case
    assessment: Assessment
    data: bytes
    file: str


@pytest.fixture(scope="session")
def hospital(tmp_path_factory):
    dataset = read_dataset((DEMO / "hospital.csv").read_bytes(), "hospital.csv")
    steps: list[dict[str, Any]] = [
        {"step": "generalize", "levels": LEVELS},
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ]
    case = Case(
        dataset=dataset,
        roles=Roles.from_json(json.loads((DEMO / "hospital_roles.json").read_text("utf-8"))),
        recipe=Recipe.from_json({"version": 1, "steps": steps}),
        hierarchies=read_hierarchies(DEMO / "hierarchies", dataset.column_names),
        policy=load_policy("k5"),
        population=Population(size=10_000_000),
    )
    assessment = assess(case, now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    data = render_pdf(assessment)
    path = tmp_path_factory.mktemp("hospital") / "report.pdf"
    path.write_bytes(data)
    return Report(case=case, assessment=assessment, data=data, file=str(path))


@pytest.fixture(scope="session")
def tool():
    """Run a program that reads PDF files; skip where this computer does not have it."""

    def run(name, *arguments):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        return subprocess.run(
            [name, *map(str, arguments)], capture_output=True, text=True, check=False
        )

    return run
