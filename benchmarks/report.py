"""Seconds a page of the report: tables, vector charts, structure and attached files included."""

from __future__ import annotations

import json
import statistics
import time
from io import BytesIO
from pathlib import Path

import pikepdf

from microdata.population import Population
from microdata.readers import read_dataset
from microdata.roles import Roles
from reports.assessment import assess
from reports.case import Case
from reports.document.pdf import render_pdf
from risk.policy import load_policy
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe

DEMO = Path(__file__).resolve().parents[1] / "demo_data"
LEVELS = {"date_of_birth": 4, "postcode": 3, "admission_date": 3, "occupation": 2}
PAGES, SECONDS = 40, 10.0
"""A report of so many pages is to take less than so long."""
REPEATS = 5


def main() -> None:
    """Print what a page costs in the first report of a process and in the next ones."""
    print(f"\nGoal: a report of {PAGES} pages in under {SECONDS:.0f} s")
    dataset = read_dataset((DEMO / "hospital.csv").read_bytes(), "hospital.csv")
    steps = [
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
    made = assess(case)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        data = render_pdf(made)
        seconds.append(time.perf_counter() - start)
    with pikepdf.open(BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    limit = SECONDS / PAGES
    for name, taken in (("first", seconds[0]), ("next ones", statistics.median(seconds[1:]))):
        each = taken / pages
        print(
            f"  {name:10s} {pages:3d} pages {taken:6.2f} s, {each:.3f} s a page, "
            f"{limit / each:.1f} times under the limit of {limit:.3f} s"
        )


if __name__ == "__main__":
    main()
