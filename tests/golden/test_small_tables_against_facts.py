"""The measures give the golden figures of the small tables that are written out."""

from __future__ import annotations

import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context, Estimate, NotComputed
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from reports.assessment import assess
from reports.case import Case
from reports.measuring import evaluate
from risk.models import (
    DistinctLDiversity,
    EntropyLDiversity,
    RecursiveCLDiversity,
    TCloseness,
)
from risk.uniqueness.benedetti_franconi import expected_inverse
from transforms.recipe import Recipe

HERE = Path(__file__).parent


def load(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


INPATIENTS, WILDCARD, SUDA = map(load, ("inpatients.json", "wildcard.json", "suda.json"))
PROSECUTOR = ("reidentification", "prosecutor")


def roles(quasi, sensitive=()):
    return Roles.from_json({"quasi_identifiers": list(quasi), "sensitive": list(sensitive)})


def context_of(frame, quasi, sensitive=(), **options):
    source = encode(dataset_from_frame(frame, "built"))
    return Context(release=Release.original(source), roles=roles(quasi, sensitive), **options)


def case_of(frame, quasi, sensitive=(), **options):
    dataset = dataset_from_frame(frame, "built")
    return Case(dataset=dataset, roles=roles(quasi, sensitive), **options)


def value(stage, *path):
    figure = stage.figures[path]
    assert isinstance(figure, Estimate), (path, figure)
    return figure.value


def exactly(number):
    return pytest.approx(number, rel=1e-13, abs=1e-15)


def objects(columns):
    return pd.DataFrame(columns, dtype=object)


# --- The twelve inpatients and the salaries ------------------------------------------------------

KEYS, CONDITION = INPATIENTS["quasi_identifiers"], INPATIENTS["sensitive"]


def inpatients(which):
    rows = INPATIENTS[which]
    return pd.DataFrame(rows, columns=INPATIENTS["columns"])


def inpatients_released(way):
    """Return the table that is shared: from the original by a recipe, as it is, or from outside."""
    if way == "as it is":
        return assess(case_of(inpatients("anonymous"), KEYS, [CONDITION])).shared
    before, after = inpatients("original"), inpatients("anonymous")
    trees = {}
    for name, level in INPATIENTS["levels"].items():
        pairs = dict(zip(before[name], after[name], strict=True))
        rows = [(leaf, *[leaf] * (level - 1), label, "*") for leaf, label in pairs.items()]
        trees[name] = Hierarchy.from_rows(name, rows)
    if way == "from outside":
        outside = dataset_from_frame(after, "outside")
        return assess(
            case_of(before, KEYS, [CONDITION], hierarchies=trees, elsewhere=outside)
        ).after
    steps = [{"step": "generalize", "levels": INPATIENTS["levels"]}]
    recipe = Recipe.from_json({"version": 1, "steps": steps})
    return assess(case_of(before, KEYS, [CONDITION], hierarchies=trees, recipe=recipe)).after


@pytest.mark.parametrize("way", ["as it is", "by a recipe", "from outside"])
def test_inpatients_as_assessed(way):
    stage, fact = inpatients_released(way), INPATIENTS["table"]
    diversity = ("models", "l-diversity", CONDITION)
    assert value(stage, "models", "k-anonymity") == fact["k"]
    assert value(stage, "classes", "count") == fact["classes"]
    assert value(stage, *PROSECUTOR, "average") == fact["average_risk"]
    assert value(stage, *diversity, "distinct") == fact["distinct"]
    assert value(stage, *diversity, "entropy") == exactly(fact["entropy"])
    t = value(stage, "models", "t-closeness", CONDITION, "equal")
    assert t == exactly(float(Fraction(fact["t_equal"])))
    assert round(t, 4) == fact["t_equal_rounded"]
    c = value(stage, *diversity, "recursive", "c")
    reached = [
        max(int(rank) for rank, above in known["recursive_c_above"].items() if above_c(above, c))
        for known in INPATIENTS["classes"]
    ]
    assert value(stage, *diversity, "recursive", "l") == min(reached)


def above_c(above, c):
    return above is not None and c > Fraction(above)


@pytest.mark.parametrize("place", range(3))
def test_inpatients_class_by_class(place):
    fact = INPATIENTS["classes"][place]
    classes = context_of(inpatients("anonymous"), KEYS, [CONDITION]).classes
    (own,) = set(classes.class_of[fact["rows"]].tolist())
    assert classes.count[own] == fact["size"]
    distinct = DistinctLDiversity(column=CONDITION, diversity=1).per_class(classes)[own]
    assert distinct == fact["distinct"]
    entropy = EntropyLDiversity(column=CONDITION, diversity=1).per_class(classes)[own]
    assert entropy == pytest.approx(fact["entropy"], abs=5e-5)
    t = TCloseness(column=CONDITION, distance="equal", t=1).per_class(classes)[own]
    assert t == exactly(float(Fraction(fact["t_equal"])))
    assert round(t, 4) == INPATIENTS["stated"]["t_equal"][place]
    for rank, above in fact["recursive_c_above"].items():
        model = RecursiveCLDiversity(column=CONDITION, c=1, rank=int(rank))
        wanted = math.inf if above is None else float(Fraction(above))
        assert model.per_class(classes)[own] == wanted
        if above is not None:  # strictly less: c itself does not pass, anything above does
            for c, fails in ((wanted, True), (wanted * 1.001, False)):
                model = RecursiveCLDiversity(column=CONDITION, c=c, rank=int(rank))
                assert model.failing(classes)[own] == fails


@pytest.mark.parametrize("chosen", [(0, 1, 2), (3, 1, 4)])
def test_ordered_distances_of_the_salaries(chosen):
    facts = [INPATIENTS["ordered_distance"]["classes"][i] for i in chosen]
    rows = [(str(i), str(pay)) for i, fact in enumerate(facts) for pay in fact["values"]]
    assert sorted(int(pay) for _, pay in rows) == INPATIENTS["ordered_distance"]["values"]
    frame = pd.DataFrame(rows, columns=["group", "pay"])
    classes = context_of(frame, ["group"], ["pay"]).classes
    got = TCloseness(column="pay", distance="ordered", t=1).per_class(classes)
    stated = [fact["distance"] for fact in facts]
    assert got[classes.class_of[[0, 3, 6]]] == pytest.approx(stated, abs=5e-5)
    figure = assess(case_of(frame, ["group"], ["pay"])).before.figures[
        "models", "t-closeness", "pay", "ordered"
    ]
    assert figure.value == pytest.approx(max(stated), abs=5e-5)
    assert "order of the numbers" in " ".join(figure.caveats)  # 10 after 9, not after 1


# --- Missing values ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["missing_cells", "missing_row_and_column", "diversity_where_keys_are_missing"]
)
def test_wildcard_counts(name):
    columns, counts = WILDCARD[name]["columns"], WILDCARD[name]["sample_counts"]
    case = case_of(objects(columns), columns, missing="wildcard")
    context = case.context(Release.original(case.encoded()))
    assert context.sizes[context.classes.class_of].tolist() == counts
    stage = assess(case).before
    assert value(stage, "models", "k-anonymity") == min(counts)
    assert value(stage, "classes", "smallest") == min(counts)
    assert value(stage, "classes", "largest") == max(counts)
    assert value(stage, *PROSECUTOR, "average") == exactly(np.mean([1 / size for size in counts]))
    assert value(stage, "uniqueness", "sample") == exactly(counts.count(1) / len(counts))
    # the verdict's reading is the other one: a missing value is a value of its own
    own = assess(case_of(objects(columns), columns)).before
    rows = list(zip(*columns.values(), strict=True))
    assert value(own, "models", "k-anonymity") == min(Counter(rows).values())
    assert value(own, "missing_as_wildcard", "smallest") == min(counts)


@pytest.mark.parametrize("missing", ["own", "wildcard"])
def test_diversity_keeps_the_own_category_where_keys_are_missing(missing):
    fact = WILDCARD["diversity_where_keys_are_missing"]
    frame = objects(fact["columns"] | {"s": fact["sensitive"]})
    context = context_of(frame, fact["columns"], ["s"], missing=missing)
    classes = context.classes
    distinct = DistinctLDiversity(column="s", diversity=1).per_class(classes)
    assert distinct[classes.class_of].tolist() == fact["distinct_own_category"]
    entropy = EntropyLDiversity(column="s", diversity=1).per_class(classes)
    assert entropy[classes.class_of] == pytest.approx(fact["entropy_own_category"], abs=1e-6)
    stage = evaluate(context, threshold=5)
    place = ("models", "l-diversity", "s")
    assert value(stage, *place, "distinct") == min(fact["distinct_own_category"])
    assert value(stage, *place, "entropy") == exactly(min(fact["entropy_own_category"]))


def test_missing_sensitive_values_are_left_out_of_diversity():
    fact = WILDCARD["diversity_where_the_sensitive_value_is_missing"]
    frame = objects(fact["columns"] | {"s": fact["sensitive"]})
    classes = context_of(frame, fact["columns"], ["s"]).classes
    model = DistinctLDiversity(column="s", diversity=1)
    # On purpose not a 0: a class of which nothing is known has no figure, and fails every l.
    wanted = [math.nan if number == 0 else number for number in fact["distinct"]]
    got = model.per_class(classes)[classes.class_of]
    np.testing.assert_array_equal(got, wanted)
    assert model.failing(classes)[classes.class_of].tolist() == np.isnan(wanted).tolist()
    assert not np.array_equal(got, fact["distinct_of_sdcmicro_which_is_wrong"])
    stage = assess(case_of(frame, fact["columns"], ["s"])).before
    for key in ("distinct", "entropy"):
        figure = stage.figures["models", "l-diversity", "s", key]
        assert isinstance(figure, NotComputed)
        assert "In 1 of 3 groups" in figure.reason


def test_individual_risk_is_the_expected_inverse():
    fact = WILDCARD["individual_risk"]
    rows = list(zip(*fact["columns"].values(), strict=True))
    count, weight = Counter(rows), Counter()
    for row, w in zip(rows, fact["weights"], strict=True):
        weight[row] += w
    for row, stated in zip(rows, fact["exact"], strict=True):
        (got,) = expected_inverse(np.array([count[row]]), count[row] / weight[row])
        assert got == pytest.approx(stated, abs=6e-9)


# --- Special uniques -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SUDA)
def test_who_has_a_score_is_unique_on_all_columns(name):
    fact = SUDA[name]
    context = context_of(objects(fact["columns"]), fact["columns"])
    alone = context.classes.count[context.classes.class_of] == 1
    assert alone.tolist() == [score > 0 for score in fact["score"]]
    stage = evaluate(context, threshold=5)
    assert value(stage, "uniqueness", "sample") == exactly(np.mean(alone))
