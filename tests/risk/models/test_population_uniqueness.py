from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from microdata.classes import PopulationClasses
from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from risk.models.population_uniqueness import PopulationUniqueness
from risk.uniqueness.decision_rule import estimate
from risk.uniqueness.size_histogram import PopulationEstimate, SizeHistogram

ALL = ("pitman", "zayatz", "snb", "dankar")


@pytest.fixture
def sample(classes_from):
    """Group 60 people: 20 alone, 8 pairs, 4 classes of 6."""
    group = [*range(20), *np.repeat(range(20, 28), 2), *np.repeat(range(28, 32), 6)]

    def build(population):
        return replace(classes_from(group), population=PopulationClasses(population))

    return build


@pytest.mark.parametrize("estimator", ALL)
def test_it_holds_up_to_its_limit(sample, estimator):
    classes = sample(200)
    value = PopulationUniqueness(estimator=estimator, at_most=1).value(classes).value
    assert 0 < value < 1
    passes = PopulationUniqueness(estimator=estimator, at_most=value)
    fails = PopulationUniqueness(estimator=estimator, at_most=value * 0.999)
    assert not passes.failing(classes).any()
    assert fails.failing(classes).all()
    assert fails.failing(classes).size == classes.n_classes


@pytest.mark.parametrize("population", [200, 10_000])
def test_the_rule_gives_its_picks_figure(sample, population):
    classes = sample(population)
    every = estimate(SizeHistogram.from_counts({1: 20, 2: 8, 6: 4}), population)
    figure = PopulationUniqueness(estimator="dankar", at_most=1).value(classes)
    assert figure.value == every.solved[every.pick]
    assert every.pick == ("pitman" if population == 10_000 else every.pick) != "none"


@pytest.mark.parametrize("estimator", ALL)
def test_nobody_alone_holds_at_a_limit_of_0(classes_from, estimator):
    classes = replace(classes_from([0, 0, 1, 1]), population=PopulationClasses(100))
    model = PopulationUniqueness(estimator=estimator, at_most=0)
    assert model.value(classes).value == 0
    assert not model.failing(classes).any()


def test_without_a_solution_it_fails(classes_from):
    classes = replace(classes_from([0, 1, 2]), population=PopulationClasses(100))
    model = PopulationUniqueness(estimator="pitman", at_most=1)
    assert isinstance(model.value(classes), NotComputed)
    assert model.failing(classes).all()
    assert np.isnan(model.per_class(classes)).all()
    assert not PopulationUniqueness(estimator="dankar", at_most=1).failing(classes).any()


def test_an_estimate_of_0_in_spite_of_unique_people_fails(sample, monkeypatch):
    nothing = {"snb": lambda *_: PopulationEstimate(share=0.0)}
    monkeypatch.setattr("risk.models.population_uniqueness.ESTIMATORS", nothing)
    model = PopulationUniqueness(estimator="snb", at_most=1)
    assert model.value(sample(100)).value == 0
    assert model.failing(sample(100)).all()


def test_without_a_population_it_fails(classes_from):
    classes = classes_from([0, 1, 1])
    model = PopulationUniqueness(estimator="zayatz", at_most=1)
    assert isinstance(model.value(classes), NotComputed)
    assert model.failing(classes).all()
    smaller = replace(classes, population=PopulationClasses(2))
    assert isinstance(model.value(smaller), NotComputed)


def test_nothing_released_has_no_figure(sample):
    model = PopulationUniqueness(estimator="pitman", at_most=1)
    classes = sample(100).select(np.zeros(32, bool))
    assert isinstance(model.value(classes), NotComputed)
    assert not model.failing(classes).any()


def test_the_chance_of_each_class(sample):
    # Zayatz: the share is c_1 P / n, so the chance of a class that is alone is P.
    classes = sample(60)
    chances = PopulationUniqueness(estimator="zayatz", at_most=1).per_class(classes)
    assert chances.tolist() == pytest.approx([1.0] * 20 + [0.0] * 12)
    chances = PopulationUniqueness(estimator="zayatz", at_most=1).per_class(sample(600))
    assert 0 < chances[0] < 1
    assert chances[20:].tolist() == [0.0] * 12


def test_how_it_is_written():
    model = PopulationUniqueness(estimator="pitman", at_most=0.01)
    assert model.text() == "population-uniqueness(pitman)=0.01"
    assert model.to_json() == {
        "model": "population-uniqueness",
        "estimator": "pitman",
        "at_most": 0.01,
    }
    assert model.describe().endswith(".")
    assert model.column is None
    assert model.scope == "table"


@pytest.mark.parametrize(
    ("estimator", "at_most"), [("rocher", 0.1), ("pitman", -0.1), ("pitman", 1.5), ("snb", True)]
)
def test_what_does_not_make_sense_is_refused(estimator, at_most):
    with pytest.raises(PrivacyToolError, match="population-uniqueness"):
        PopulationUniqueness(estimator=estimator, at_most=at_most)
