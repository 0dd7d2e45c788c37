import json
from datetime import UTC, datetime

import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports import verification
from reports.assessment import assess
from reports.attached import Attached
from reports.case import Case
from reports.rebuilding import Material
from risk.attacks import LinkageAttack
from risk.attacks.plan import AttackPlan
from risk.policy import load_policy
from risk.scenario import Scenario
from transforms.recipe import Recipe

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RARE = "Zyxwvutown"
QI, SENSITIVE = Role.QUASI_IDENTIFIER, Role.SENSITIVE
ROLES = Roles(by_column={"name": Role.DIRECT_IDENTIFIER, "age": QI, "town": QI, "ill": SENSITIVE})
AGES = [str(age) for age in range(20, 30)]
HIERARCHIES = {
    "age": Hierarchy.from_rows("age", [(age, f"2{int(age) % 10 // 5}", "*") for age in AGES])
}
STEPS = [
    {"step": "drop_column", "columns": ["name"]},
    {"step": "generalize", "levels": {"age": 1}},
    {"step": "suppress_records", "require": ["k-anonymity=5"]},
]


def _people(**changes):
    frame = pd.DataFrame(
        {
            "name": [f"n{i}" for i in range(60)],
            "age": [AGES[i % 10] for i in range(60)],
            "town": [("Aford", "Bham")[i // 30] for i in range(60)],
            "ill": [("flu", "cold", "gout")[i % 3] for i in range(60)],
        }
    )
    frame.loc[0, "town"] = RARE
    for column, value in changes.items():
        frame.loc[1, column] = value
    return dataset_from_frame(frame, "people.csv")


def _case(**changes):
    options = {
        "dataset": _people(),
        "roles": ROLES,
        "recipe": Recipe.from_json({"version": 1, "steps": STEPS}),
        "hierarchies": HIERARCHIES,
        "policy": load_policy("k5"),
        "population": Population(size=4_000),
        "scenarios": (Scenario(name="Neighbour", known=("age",)),),
        "attacks": (AttackPlan(name="Clerk", attack=LinkageAttack(known=("town",), errors=0.1)),),
        "answers": {"purpose": "Teaching", "severity": 2, "tables": "yes"},
        "overruled": {"ill": "our doctors say so"},
        "seed": 3,
    }
    return Case(**options | changes)


def _attached(assessment, pdf=b"", change=None):
    data = json.loads(json.dumps(assessment.to_json()))
    if change:
        change(data)
    return Attached(pdf=pdf, files={}, assessment=data, recipe=data["recipe"])


def _material(**changes):
    return Material(**{"dataset": _people(), "hierarchies": HIERARCHIES} | changes)


@pytest.fixture(scope="session")
def made():
    return assess(_case(), now=NOW)


@pytest.fixture
def quick(monkeypatch):
    """Do not draw the pages, which takes longer than all figures."""
    monkeypatch.setattr(verification, "_pages", lambda _: "")


def _beyond(found):
    """What is not checked, but for what no data could tell."""
    return {part.what: part for part in found.not_checked if part.statements}


@pytest.fixture(scope="session")
def case():
    return _case


@pytest.fixture(scope="session")
def attached():
    return _attached


@pytest.fixture(scope="session")
def material():
    return _material


@pytest.fixture(scope="session")
def people():
    return _people


@pytest.fixture(scope="session")
def beyond():
    return _beyond
