"""The Adult table against figures recomputed independently and against another tool's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from microdata.measure import Context
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import ReleasedColumn
from risk.columns import ColumnPower
from risk.models import KAnonymity, parse_model
from risk.reidentification import JournalistRisk, MarketerRisk, ProsecutorRisk
from risk.special_uniques import smallest_singling_out

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/reference/arx_adult.json"
FIVE = ["sex", "age", "race", "marital-status", "education"]
MODELS = {
    "k": "k-anonymity={0}",
    "ldiv-distinct": "distinct-l-diversity({0})={1}",
    "ldiv-entropy": "entropy-l-diversity({0})={1}",
    "ldiv-recursive": "recursive-cl-diversity({0})={1},{2}",
    "t-equal": "t-closeness({0},equal)={1}",
    "t-hier": "t-closeness({0},hierarchical)={1}",
}
RELEASES = [
    "C-Q8-k5+t-equal:salary-class:0.2-s0",
    "D-Q7-k5+ldiv-entropy:occupation:3-s0",
    "D-Q7-k5+t-equal:occupation:0.2-s0",
    "D-Q7-k5+t-hier:occupation:0.4-s0",
    "C-Q8-k5+ldiv-distinct:salary-class:2-s0.05",
    "C-Q8-k5+ldiv-entropy:salary-class:1.5-s0.05",
    "C-Q8-k5+ldiv-recursive:salary-class:4.0:2-s0.05",
    "C-Q8-k5+t-equal:salary-class:0.1-s0.05",
    "D-Q7-k5+ldiv-distinct:occupation:5-s0.05",
    "D-Q7-k5+t-equal:occupation:0.2-s0.05",
    "D-Q7-k5+t-hier:occupation:0.2-s0.05",
    "D-Q7-k5+ldiv-distinct:occupation:3-s1.0",
    "D-Q7-k5+t-hier:occupation:0.2-s1.0",
    "A-Q8-k2-s0.05-loss",
    "F-Q7-k5-s0.05",
    "F-Q9-k5-s1.0",
]


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.is_file():
        pytest.skip("the reference figures are not beside the project")
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def five(context_of, adult):
    return context_of(adult, quasi=FIVE)


def value(measure, context, *path):
    return measure.evaluate(context).figures[path].value


def test_five_quasi_identifiers(five):
    classes = five.classes
    assert classes.n_records == 30_162
    assert classes.n_classes == 6_072
    assert classes.size_histogram[1] == 3_187
    place = ("reidentification", "prosecutor")
    figures = ProsecutorRisk().evaluate(five).figures
    assert figures[*place, "average"].value == pytest.approx(0.2013129102844639, abs=1e-15)
    assert figures[*place, "below", "5"].value == pytest.approx(7_528 / 30_162)
    assert figures[*place, "below", "11"].value == pytest.approx(12_435 / 30_162)
    assert int((classes.count**2).sum()) == 1_074_930


@pytest.mark.parametrize(
    ("column", "distinction", "separation"),
    [
        ("sex", 6.631e-5, 0.43828435),
        ("age", 0.00238711, 0.97811726),
        ("race", 0.00016577, 0.25101687),
        ("marital-status", 0.00023208, 0.65720082),
        ("education", 0.00053047, 0.80743798),
    ],
)
def test_what_each_column_tells_people_apart_by(five, column, distinction, separation):
    figures = ColumnPower().evaluate(five).figures
    got = figures["columns", column, "distinction"].value
    assert got == pytest.approx(distinction, abs=5e-9)
    assert figures["columns", column, "separation"].value == pytest.approx(separation, abs=5e-9)


def test_the_largest_unicity_by_number_of_known_columns(five):
    found = smallest_singling_out(five, max_columns=5)
    assert [round(subset.share, 6) for subset in found.worst] == [
        0.000033,
        0.003514,
        0.030833,
        0.070718,
        0.105663,
    ]
    assert set(found.worst[1].columns) == {"age", "education"}
    assert "sex" not in found.worst[3].columns


@pytest.mark.parametrize(
    ("quasi", "wanted"),
    [
        (
            FIVE,
            {
                "prosecutor": 0.5053050397877984,
                "linked": 0.20225354357875047,
                "reverse": 0.0736338599797072,
                "prosecutor above": 0.6468832891,
                "journalist above": 0.2450265252,
            },
        ),
        (
            None,
            {
                "prosecutor": 0.8958885942,
                "linked": 0.6409309889,
                "reverse": 0.3476135340,
                "prosecutor above": 0.9897214854,
                "journalist above": 0.7765251990,
            },
        ),
    ],
)
def test_a_sample_against_its_population(context_of, adult, adult_subset, quasi, wanted):
    table = dataset_from_frame(adult, "everybody")
    context = context_of(
        adult_subset, quasi=quasi or list(adult.columns), population=Population(table=table)
    )
    prosecutor = ProsecutorRisk().evaluate(context).figures
    journalist = JournalistRisk().evaluate(context)
    marketer = MarketerRisk().evaluate(context).figures
    counts = context.classes.population_sizes
    place = ("reidentification", "journalist")
    got = {
        "prosecutor": prosecutor["reidentification", "prosecutor", "average"].value,
        "linked": marketer["reidentification", "marketer", "average"].value,
        "reverse": counts.size / counts.sum(),
        "prosecutor above": prosecutor["reidentification", "prosecutor", "at_risk", "0.2"].value,
        "journalist above": journalist.figures[*place, "at_risk", "0.2"].value,
    }
    assert got == pytest.approx(wanted, abs=1e-10)
    average = journalist.figures[*place, "average"].value
    assert average == pytest.approx(max(wanted["linked"], wanted["reverse"]), abs=1e-10)
    assert journalist.findings == ()


@pytest.mark.parametrize("name", ["input-Q8", "input-Q5", "input-Q1"])
def test_the_risks_of_the_table_as_it_is(context_of, adult, reference, name):
    wanted = reference["input_risk"][name]
    context = context_of(adult, quasi=wanted["quasi_identifiers"])
    assert context.classes.n_classes == wanted["equivalence_classes"]["num_classes"]
    figures = ProsecutorRisk().evaluate(context).figures
    place = ("reidentification", "prosecutor")
    sample = wanted["risk"]["sample_risks"]
    for key in ("highest", "average", "lowest"):
        assert figures[*place, key].value == pytest.approx(sample[f"{key}_risk"], abs=1e-15)
    for threshold, row in wanted["risk"]["attacker_models_by_threshold"].items():
        got = figures[*place, "at_risk", threshold].value
        assert got == pytest.approx(row["prosecutor_records_at_risk"], abs=1e-15)
    pairs = wanted["risk"]["class_size_histogram_size_count"]
    histogram = dict(zip(pairs[::2], pairs[1::2], strict=True))
    assert context.classes.size_histogram == histogram


def test_eight_quasi_identifiers_by_number(context_of, adult):
    context = context_of(adult, quasi=[c for c in adult.columns if c != "salary-class"])
    assert context.classes.n_classes == 18_109
    assert context.classes.size_histogram[1] == 14_021
    average = value(ProsecutorRisk(), context, "reidentification", "prosecutor", "average")
    assert average == pytest.approx(0.6003912207413301, abs=1e-15)


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_of_another_tool_suppresses_what_its_models_refuse(
    context_of, adult, adult_hierarchies, reference, name
):
    groups = ("attribute_disclosure", "k_anonymity", "more")
    (wanted,) = (
        release for group in groups for release in reference[group] if release["id"] == name
    )
    sensitive = [wanted["sensitive"]] if wanted["sensitive"] else []
    context = context_of(
        adult,
        quasi=wanted["quasi_identifiers"],
        sensitive=sensitive,
        hierarchies=adult_hierarchies,
        levels=wanted["transformation"],
    )
    classes = context.classes
    failing = np.zeros(classes.n_classes, bool)
    models = []
    for written in wanted["models"]:
        kind, *parameters = written.split(":")
        models.append(parse_model(MODELS[kind].format(*parameters)))
        failing |= models[-1].failing(classes)
    output = wanted["output_equivalence_classes"]
    assert int(classes.count[failing].sum()) == output["suppressed_records"]
    assert int((~failing).sum()) == output["num_classes"]
    kept = classes.select(~failing)
    assert kept.k == output["min_class_size"]
    for model in models:
        assert not model.failing(kept).any()


def test_suppressed_records_leave_the_risk_but_not_the_distribution(
    context_of, adult, adult_hierarchies
):
    quasi = ["age", "sex"]
    context = context_of(
        adult, quasi=quasi, sensitive=["salary-class"], hierarchies=adult_hierarchies
    )
    small = KAnonymity(k=50).failing(context.classes)[context.classes.class_of]
    released = Context(release=context.release.keeping(~small), roles=context.roles)
    assert released.classes.k >= 50
    np.testing.assert_array_equal(
        released.classes.sensitive["salary-class"].overall,
        context.classes.sensitive["salary-class"].overall,
    )


def test_generalizing_to_the_top_leaves_one_class(context_of, adult, adult_hierarchies):
    context = context_of(adult, quasi=["sex"], hierarchies=adult_hierarchies)
    top = ReleasedColumn.generalized(context.release.source.domain("sex"), 1)
    one = Context(release=context.release.with_columns(top), roles=context.roles)
    assert one.classes.k == 30_162
