from __future__ import annotations

import json

import pytest

from microdata.measure import Finding, NotComputed, figure_json
from microdata.population import Population
from risk import RISK_MEASURES


@pytest.fixture
def context(context_of):
    columns = {"q": list("aabbb"), "s": ["x", "y", "x", "y", None]}
    return context_of(columns, quasi=["q"], sensitive=["s"], population=Population(size=50))


@pytest.mark.parametrize("measure", RISK_MEASURES, ids=lambda measure: measure.name)
def test_a_measure_says_beforehand_whether_it_can_be_computed(measure, context, context_of):
    if measure.name in {
        "wildcard-reading",
        "people",
        "individual-risk",
        "linkability",
        "membership",
    }:  # they need missing cells, a person column, weights or households, two columns, a table
        assert isinstance(measure.needs(context), NotComputed)
        return
    assert measure.needs(context) is None
    nothing = context_of({"q": list("ab")}, quasi=["q"], kept=[False] * 2)
    assert isinstance(measure.needs(nothing), NotComputed)


def test_names_and_figures_are_distinct(context):
    assert len({measure.name for measure in RISK_MEASURES}) == len(RISK_MEASURES)
    paths = [path for measure in RISK_MEASURES for path in measure.evaluate(context).figures]
    assert len(paths) == len(set(paths))


def test_every_figure_goes_into_json(context):
    for measure in RISK_MEASURES:
        assert measure.better in {"lower", "higher"}
        assert measure.title
        assert measure.reference
        result = measure.evaluate(context)
        for figure in result.figures.values():
            json.dumps(figure_json(figure), allow_nan=False)
        assert all(isinstance(finding, Finding) for finding in result.findings)


def test_no_sentence_holds_a_cell_value(context_of):
    secret = "zq-secret"  # noqa: S105 - a marker, not a password
    columns = {"q": [secret, secret, "b"], "s": [None, None, secret]}
    table = context_of({"q": ["b"]}, quasi=["q"]).release.source.dataset
    for population in (Population(), Population(table=table)):
        context = context_of(columns, quasi=["q"], sensitive=["s"], population=population)
        for measure in RISK_MEASURES:
            assert secret not in repr(measure.evaluate(context).figures)
            assert secret not in repr(measure.evaluate(context).findings)
