from __future__ import annotations

import numpy as np
import pytest

from microdata.measure import NotComputed
from risk.model_figures import KAnonymityFigure, LDiversityFigures, TClosenessFigures


def test_the_inpatient_table(context_of, inpatients):
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"])
    k = KAnonymityFigure().evaluate(context).figures
    assert k["models", "k-anonymity"].value == 4
    diversity = LDiversityFigures().evaluate(context).figures
    place = ("models", "l-diversity", "condition")
    assert diversity[*place, "distinct"].value == 1
    assert diversity[*place, "entropy"].value == pytest.approx(1.0)
    assert diversity[*place, "recursive", "c"].value == 2
    assert diversity[*place, "recursive", "l"].value == 1
    closeness = TClosenessFigures().evaluate(context).figures
    place = ("models", "t-closeness", "condition")
    assert closeness[*place, "equal"].value == pytest.approx(7 / 12)
    assert isinstance(closeness[*place, "hierarchical"], NotComputed)
    assert "alphabetical" in closeness[*place, "ordered"].caveats[0]


def test_recursive_l_is_the_smallest_over_the_classes(context_of):
    columns = {"q": list("aaabbbb"), "s": list("xyzxxyz")}
    figures = (
        LDiversityFigures().evaluate(context_of(columns, quasi=["q"], sensitive=["s"])).figures
    )
    # a: 1 < 2 * 1 holds for l = 3; b: counts 2, 1, 1: 2 < 2 * 1 fails, 2 < 2 * 2 holds for l = 2
    assert figures["models", "l-diversity", "s", "recursive", "l"].value == 2


def test_the_distance_from_the_released_records_stands_beside(context_of):
    columns = {"q": list("aabb"), "s": list("xyyy")}
    context = context_of(columns, quasi=["q"], sensitive=["s"], kept=[True, True, False, False])
    figures = TClosenessFigures().evaluate(context).figures
    figure = figures["models", "t-closeness", "s", "equal"]
    assert figure.value == pytest.approx(0.25)
    assert figure.caveats[-1].endswith("it is 0.0000.")
    assert figures["models", "t-closeness-released", "s", "equal"].value == 0


def test_where_all_records_are_released_both_distributions_give_the_same(context_of, inpatients):
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"])
    figures = TClosenessFigures().evaluate(context).figures
    place = ("condition", "equal")
    assert (
        figures["models", "t-closeness-released", *place]
        == (figures["models", "t-closeness", *place])
    )


def test_labels_that_cannot_be_compared_are_held_against_the_released_records(context_of):
    context = context_of({"q": list("aabb"), "s": list("xyyy")}, quasi=["q"], sensitive=["s"])
    object.__setattr__(context.classes.sensitive["s"], "overall", np.full(2, np.nan))
    figures = TClosenessFigures().evaluate(context).figures
    assert "cannot be compared" in figures["models", "t-closeness", "s", "equal"].reason
    assert figures["models", "t-closeness-released", "s", "equal"].value == pytest.approx(0.25)


def test_a_sensitive_column_that_is_not_published_has_a_reason(context_of):
    context = context_of({"q": list("aabb"), "s": list("xyxy")}, quasi=["q"], sensitive=["s"])
    without = type(context)(release=context.release.without(("s",)), roles=context.roles)
    for measure in (LDiversityFigures(), TClosenessFigures()):
        figures = measure.evaluate(without).figures
        assert figures
        assert all(isinstance(figure, NotComputed) for figure in figures.values())
