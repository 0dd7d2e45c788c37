from datetime import UTC, datetime

import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from risk.attacks.plan import read_plans
from risk.policy import load_policy
from risk.scenario import read_scenarios
from transforms.recipe import Recipe

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOSTILE = '<b>x</b> & "y" <script>alert(1)</script> =1+1 \N{ARABIC LETTER BEH}\nsecond line'
CANARIES = ("Zyxwvutown", "Qwertzuitis", "Xantippeville", "Kryptonfever")
NO_SUCH_COLUMN = {"step": "generalize", "levels": {"weight": 1}}
ATTACKS = [
    {"name": "A neighbour", "known": ["age", "town"]},
    {"name": "A tabloid", "known": ["age"], "errors": 0.2},
]
ANSWERS = {
    "title": "Summer release",
    "author": "A. Author",
    "evaluator": "E. Evaluator",
    "validator": "V. Validator",
    "purpose": "Teaching of statistics",
    "audience": "partner",
    "recipients": "A university",
    "unit": "person",
    "coverage": "sample",
    "vulnerable": "no",
    "organisation": "The hospital, department of statistics",
    "processors": "none",
    "legal_basis": "public_task",
    "legal_reason": "Article 4 of the statistics act",
    "severity": 3,
    "severity_reason": "An illness may cost a job",
    "needed": {"age": "The outcome depends on it"},
    "alternatives": "A table of counts, which was too coarse",
    "proportionate": "Students learn on real data",
    "origin": "Admissions of 2024; a notice was given",
    "period": "2024",
    "rights": "By mail to the officer",
    "storage": "On a server, deleted after a year",
    "transfers": "yes",
    "transfers_how": "Norway, adequacy",
    "change": {
        "severity": 2,
        "likelihood": 3,
        "impact": "A wrong diagnosis\nis taken for true",
        "source": "An error of a program",
        "measures": "Checksums",
        "residual_severity": 2,
        "residual_likelihood": 1,
    },
    "loss": {"severity": 1, "likelihood": 1, "measures": "Backups"},
    "measures": [
        {
            "title": "Contract",
            "text": "Forbids any try",
            "status": "implemented",
            "against": "A try",
        },
        {"title": "Contract", "text": "With the second partner", "status": "planned"},
    ],
    "actions": [
        {
            "action": "Sign the contract",
            "owner": "Legal unit",
            "due": "2026-03-01",
            "against": "A try",
            "status": "doing",
            "trigger": "A new recipient",
        },
        {"action": "Train", "owner": "The partner", "due": "2026-05-01", "status": "open"},
    ],
    "dpo": {
        "name": "D. Officer",
        "opinion": "could",
        "advice": "Keep it to one partner",
        "followed": "One partner only",
        "date": "2026-01-01",
    },
    "people": {"asked": "no", "who": "", "said": "They left years ago"},
    "decision": {
        "outcome": "conditional",
        "conditions": "No copy\nOne year",
        "name": "V. Validator",
        "date": "2026-01-02",
    },
}


def people():
    # 160 people; two of them have what nobody else has.
    towns = ("Aford", "Bham", "Cton", "Dbury")
    rows = [
        {
            "age": str(20 + i % 40),
            "town": towns[i // 40],
            "illness": ("flu", "cold", "gout")[i % 3],
        }
        for i in range(160)
    ]
    rows[0] |= {"town": CANARIES[0], "illness": CANARIES[1]}
    rows[1] |= {"town": CANARIES[2], "illness": CANARIES[3]}
    return pd.DataFrame(rows)


def small_case(**changes):
    ages = [(str(a), f"{a // 10 * 10}-{a // 10 * 10 + 9}", "*") for a in range(20, 60)]
    towns = ("Aford", "Bham", "Cton", "Dbury", CANARIES[0], CANARIES[2])
    steps = [
        {"step": "generalize", "levels": {"age": 1}},
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ]
    options = {
        "dataset": dataset_from_frame(people(), "/home/jdoe/people.csv"),
        "roles": Roles(
            by_column={
                "age": Role.QUASI_IDENTIFIER,
                "town": Role.QUASI_IDENTIFIER,
                "illness": Role.SENSITIVE,
            }
        ),
        "recipe": Recipe.from_json({"version": 1, "steps": steps}),
        "hierarchies": {
            "age": Hierarchy.from_rows("age", ages),
            "town": Hierarchy.from_rows("town", [(town, "*") for town in towns]),
        },
        "policy": load_policy("k5"),
        "answers": ANSWERS,
    }
    return Case(**options | changes)


@pytest.fixture(scope="session")
def answered():
    return assess(small_case(), now=NOW)


@pytest.fixture(scope="session")
def unanswered_original():
    return assess(small_case(recipe=None, policy=None, answers={}), now=NOW)


@pytest.fixture(scope="session")
def hostile():
    frame = people()
    frame.columns = [f"{HOSTILE}{i}" for i in range(3)]
    dataset = dataset_from_frame(frame, f"{HOSTILE}.csv")
    first, second, third = dataset.column_names
    roles = Roles(
        by_column={
            first: Role.QUASI_IDENTIFIER,
            second: Role.QUASI_IDENTIFIER,
            third: Role.SENSITIVE,
        }
    )
    texts = dict.fromkeys(("title", "author", "purpose", "organisation", "rights"), HOSTILE)
    answers = texts | {
        "severity": 4,
        "measures": [{"title": HOSTILE, "text": HOSTILE}],
        "actions": [{"action": HOSTILE, "owner": HOSTILE}],
        "dpo": {"name": HOSTILE, "advice": HOSTILE},
        "change": {"impact": HOSTILE, "measures": HOSTILE},
        "risks": [{"title": HOSTILE}],
    }
    case = small_case(dataset=dataset, roles=roles, recipe=None, hierarchies={}, answers=answers)
    return assess(case, now=NOW)


@pytest.fixture(scope="session")
def canaries():
    """The values that two people alone have, none of which may leave the program."""
    return CANARIES


@pytest.fixture(scope="session")
def attacked():
    case = small_case(
        attacks=read_plans(ATTACKS),
        scenarios=read_scenarios([{"name": "A colleague", "known": ["age"]}]),
        population=Population(size=1_000_000),
        alternatives=(
            ("finer", Recipe.from_json({"version": 1, "steps": []})),
            ("none such", Recipe.from_json({"version": 1, "steps": [NO_SUCH_COLUMN]})),
        ),
    )
    return assess(case, now=NOW, second_opinion=True)
