from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context, Estimate
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from utility.prediction import model_utility

AGES = [str(age) for age in range(20, 60)]


def people(n=400, seed=3):
    """People whose income follows their age and town, with some noise."""
    rng = np.random.default_rng(seed)
    age, town = rng.integers(20, 60, n), rng.integers(0, 3, n)
    pay = 100 * age + 900 * (town == 1) + rng.integers(-400, 400, n)
    return pd.DataFrame(
        {
            "age": age.astype(str),
            "town": np.array(["Aford", "Bham", "Cton"])[town],
            "rich": np.where(pay > 4200, "yes", "no"),
            "pay": pay.astype(str),
            "who": [str(i // 2) for i in range(n)],
        }
    )


def encoded(frame):
    age = [(a, f"{int(a) // 10}0s", "*") for a in AGES]
    town = [("Aford", "north", "*"), ("Bham", "south", "*"), ("Cton", "north", "*")]
    made = {"age": Hierarchy.from_rows("age", age), "town": Hierarchy.from_rows("town", town)}
    return encode(dataset_from_frame(frame, "people"), made)


@pytest.fixture(scope="session")
def table():
    return encoded(people())


@pytest.fixture
def context():
    def _context(release, sensitive="rich", person=None):
        by_column = {"age": Role.QUASI_IDENTIFIER, "town": Role.QUASI_IDENTIFIER}
        by_column |= {sensitive: Role.SENSITIVE} | ({person: Role.PERSON} if person else {})
        return Context(release=release, roles=Roles(by_column=by_column))

    return _context


@pytest.fixture
def values(context):
    """The plain scores of a release, by dotted path below the target."""

    def _values(release, target="rich", **options):
        person = options.pop("person", None)
        options = {"seed": 0, "repeats": 2} | options
        found = model_utility(context(release, target, person), target, **options).figures
        return {".".join(p[3:]): f.value for p, f in found.items() if isinstance(f, Estimate)}

    return _values
