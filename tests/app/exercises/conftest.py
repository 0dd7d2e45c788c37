"""The demo tables read with the standard library: nothing here uses the engine."""

import csv

import pytest

from demo_data import DEMOS


def read(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def rows_of(path):
    head, *body = read(path)
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.fixture(scope="session")
def demo():
    return {demo.id: demo for demo in DEMOS}


@pytest.fixture(scope="session")
def rows(demo):
    """Return a function that gives the rows of a demo as dicts of text."""
    return lambda name: rows_of(demo[name].data)


@pytest.fixture(scope="session")
def register(demo):
    return rows_of(demo["hospital"].register)


@pytest.fixture(scope="session")
def levels(demo):
    """Return a function that gives, for a column, the label of each value at each level."""

    def of(name, column):
        table = read(demo[name].hierarchies / f"{column}.csv", ";")
        return {row[0]: row for row in table}

    return of
