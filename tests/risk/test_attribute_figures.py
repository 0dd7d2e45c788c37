from __future__ import annotations

import math

import numpy as np
import pytest

from microdata.measure import Estimate, NotComputed
from risk.attribute_figures import AlphaFigures, BetaLikenessFigures, DeltaDisclosureFigures

MEASURES = (AlphaFigures(), BetaLikenessFigures(), DeltaDisclosureFigures())
KEYS = ("log2_present", "ln", "classes_infinite")


def figures_of(context):
    figures = {}
    for measure in MEASURES:
        figures |= measure.evaluate(context).figures
    return figures


@pytest.fixture
def hospital(context_of, inpatients):
    return context_of(inpatients, quasi=["group"], sensitive=["condition"])


def test_the_inpatient_table(hospital):
    figures = figures_of(hospital)
    assert figures["models", "alpha", "condition"].value == 1.0
    assert figures["models", "beta-likeness", "condition"].value == pytest.approx(1.4)
    assert "No beta" in figures["models", "enhanced-beta-likeness", "condition"].reason
    place = ("models", "delta-disclosure", "condition")
    assert figures[*place, "log2_present"].value == pytest.approx(1.2630, abs=5e-5)
    assert figures[*place, "ln"].value == math.inf
    assert figures[*place, "classes_infinite"].value == 2


def test_without_absent_values_ln_is_the_bits_times_ln_2(context_of):
    columns = {"q": list("aaaabbbb"), "s": list("xxxyxyyy")}
    figures = figures_of(context_of(columns, quasi=["q"], sensitive=["s"]))
    place = ("models", "delta-disclosure", "s")
    # shares 3/4 and 1/4 against 1/2: half is the larger change
    assert figures[*place, "log2_present"].value == pytest.approx(1.0)
    assert figures[*place, "ln"].value == pytest.approx(math.log(2))
    assert figures[*place, "classes_infinite"].value == 0
    assert figures["models", "enhanced-beta-likeness", "s"].value == pytest.approx(0.5)


def test_a_value_that_only_left_out_people_had_can_be_ruled_out(context_of):
    columns = {"q": list("aabbc"), "s": list("xyxyz")}
    kept = [True, True, True, True, False]
    context = context_of(columns, quasi=["q"], sensitive=["s"], kept=kept)
    figures = figures_of(context)
    assert figures["models", "delta-disclosure", "s", "ln"].value == math.inf
    assert figures["models", "delta-disclosure", "s", "classes_infinite"].value == 2
    # 1/2 against 2/5 of all five records
    assert figures["models", "beta-likeness", "s"].value == pytest.approx(0.25)


def test_each_attribute_has_its_figures(context_of):
    columns = {"q": list("aabb"), "s": list("xyxy"), "t": list("xxyy")}
    figures = figures_of(context_of(columns, quasi=["q"], sensitive=["s", "t"]))
    assert figures["models", "alpha", "s"].value == 0.5
    assert figures["models", "alpha", "t"].value == 1.0
    assert len(figures) == 2 * 6


def test_groups_of_missing_values_only_are_told_apart(context_of):
    columns = {"q": list("aabbc"), "s": ["x", "y", "x", "x", None]}
    figures = figures_of(context_of(columns, quasi=["q"], sensitive=["s"]))
    count = figures["models", "delta-disclosure", "s", "classes_infinite"]
    assert count.value == 1
    assert count.caveats[-1].endswith("every value is missing are left out (1).")
    rest = [figure for path, figure in figures.items() if path[-1] != "classes_infinite"]
    assert all(isinstance(figure, NotComputed) for figure in rest)


def test_a_column_that_is_not_published_has_a_reason(hospital):
    without = type(hospital)(release=hospital.release.without(("condition",)), roles=hospital.roles)
    figures = figures_of(without)
    assert len(figures) == 6
    assert all(isinstance(figure, NotComputed) for figure in figures.values())


def test_labels_that_cannot_be_compared_have_shares_and_reasons(hospital):
    classes = hospital.classes
    table = classes.sensitive["condition"]
    object.__setattr__(table, "overall", np.full(3, np.nan))
    figures = figures_of(hospital)
    assert figures.pop(("models", "alpha", "condition")) == Estimate(value=1.0)
    assert all("cannot be compared" in figure.reason for figure in figures.values())
    assert {path[-1] for path in figures if len(path) == 4} == set(KEYS)


def test_every_measure_is_part_of_each_move():
    assert all(measure.interactive for measure in MEASURES)
