from __future__ import annotations

from dataclasses import replace

import pytest

from microdata.measure import NotComputed
from microdata.roles import Roles
from risk.individual_risk import IndividualRisk


def texts(values):
    return [None if v is None else str(v) for v in values]


@pytest.fixture(scope="session")
def risk_of(context_of):
    """Build the context of a table with weights, households or persons."""

    def build(columns, quasi, *, missing="own", kept=None, **roles):
        context = context_of({n: texts(v) for n, v in columns.items()}, quasi=quasi, kept=kept)
        given = Roles.from_json({"quasi_identifiers": list(quasi)} | roles)
        return replace(context, roles=given, missing=missing)

    return build


@pytest.fixture(scope="session")
def figures_of():
    """Return the figures of a context by the last part of their path."""

    def figures(context):
        return {path[1]: f for path, f in IndividualRisk().evaluate(context).figures.items()}

    return figures


@pytest.fixture(scope="session")
def values_of(figures_of):
    """Return the same as plain numbers; None for a gap."""

    def values(context):
        return {
            key: None if isinstance(figure, NotComputed) else figure.value
            for key, figure in figures_of(context).items()
        }

    return values


@pytest.fixture(scope="session")
def by_record():
    """Return the risk of each record."""

    def risks(context):
        return IndividualRisk().evaluate(context).by_class[context.classes.class_of]

    return risks
