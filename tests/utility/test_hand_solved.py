"""
One column q over a, b (ab) and c, d (cd); the table is a, a, b, c, so d is declared and not held.

D = 4, n0 = 4, classes of the original: a 2, b 1, c 1, so DM = 6 and n/J = 4/3.
"""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest

from microdata.measure import Estimate, NotComputed
from microdata.release import Release, ReleasedColumn

ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
QUALITIES = (
    "granularity",
    "generalization_intensity",
    "discernibility",
    "average_class_size",
    "non_uniform_entropy",
    "ambiguity",
)
# a and a lose log2(3/2) each, b loses log2(3), c nothing; at full suppression 1 + 1 + 2 + 2 bits.
LEVEL_1_BITS = 2 * log2(3 / 2) + log2(3)


@pytest.fixture
def table(build):
    return build({"q": ["a", "a", "b", "c"], "s": ["x", "y", "x", "y"]}, {"q": ROWS})


@pytest.fixture
def level_1(table):
    return Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 1))


def values(found):
    return {path: f.value for path, f in found.items() if isinstance(f, Estimate)}


def test_the_original_is_like_the_original(table, figures):
    found = values(figures(Release.original(table), ["q"]))
    assert {name: found[name] for name in QUALITIES} == dict.fromkeys(QUALITIES, 1.0)
    assert found["suppression.records"] == found["suppression.cells"] == 0.0
    assert found["distributions.q.tvd"] == found["distributions.q.hellinger"] == 0.0


def test_level_1_by_hand(level_1, figures):
    found = values(figures(level_1, ["q"]))
    # every value covers 2 of 4 leaves: x = .5, best 1/4, worst 1
    assert found["raw.mean_share"] == 0.5
    assert found["raw.gcp"] == 0.5
    assert found["raw.iyengar"] == pytest.approx(1 / 3)
    assert found["granularity"] == found["by_column.q.granularity"] == pytest.approx(2 / 3)
    assert found["generalization_intensity"] == found["raw.precision_loss"] == 0.5
    # classes 3 and 1: DM = 10, 1 - (10 - 6) / (16 - 6)
    assert found["raw.discernibility"] == 10
    assert found["discernibility"] == pytest.approx(0.6)
    # n/J = 2, 1 - (2 - 4/3) / (4 - 4/3)
    assert found["raw.average_class_size"] == 2
    assert found["average_class_size"] == pytest.approx(0.75)
    assert found["raw.non_uniform_entropy"] == pytest.approx(LEVEL_1_BITS)
    assert found["non_uniform_entropy"] == pytest.approx(1 - LEVEL_1_BITS / 6)
    assert found["raw.ambiguity"] == 2
    assert found["ambiguity"] == pytest.approx(2 / 3)
    # p = .5 .25 .25 0 against .375 .375 .125 .125
    assert found["distributions.q.tvd"] == pytest.approx(0.25)
    pairs = [(0.5, 0.375), (0.25, 0.375), (0.25, 0.125), (0, 0.125)]
    hellinger = sqrt(sum((sqrt(p) - sqrt(q)) ** 2 for p, q in pairs) / 2)
    assert found["distributions.q.hellinger"] == pytest.approx(hellinger)


def test_a_suppressed_record_is_lost_in_every_figure(level_1, figures):
    kept = level_1.keeping(np.array([True, True, True, False]))
    found = values(figures(kept, ["q"]))
    # x = (3 * .5 + 1) / 4 = .625
    assert found["raw.mean_share"] == found["raw.gcp"] == 0.625
    assert found["raw.iyengar"] == pytest.approx((3 / 3 + 1) / 4)
    assert found["granularity"] == pytest.approx(0.5)
    assert found["generalization_intensity"] == pytest.approx(0.375)
    # a class of 3, and 4 for the suppressed record: DM = 13
    assert found["discernibility"] == pytest.approx(0.3)
    assert found["average_class_size"] == pytest.approx(0.375)
    assert found["non_uniform_entropy"] == pytest.approx(1 - (LEVEL_1_BITS + 2) / 6)
    # ARX: the suppressed c is alone in cd and alone among the suppressed, so it adds nothing
    assert found["raw.non_uniform_entropy_arx"] == pytest.approx(1 - LEVEL_1_BITS / 6)
    assert found["ambiguity"] == pytest.approx(0.5)
    assert found["suppression.records"] == found["suppression.cells"] == 0.25


def test_full_suppression_is_worst(table, figures):
    release = Release.original(table).keeping(np.zeros(4, bool))
    found = figures(release, ["q"])
    assert {name: found[name].value for name in QUALITIES} == dict.fromkeys(QUALITIES, 0.0)
    assert found["suppression.records"].value == found["suppression.cells"].value == 1.0
    assert isinstance(found["distributions.q.tvd"], NotComputed)
    assert isinstance(found["raw.average_class_size"], NotComputed)


def test_an_empty_release_is_a_serious_finding(table):
    from microdata.measure import Context
    from microdata.roles import Role, Roles
    from utility.suppression import Suppression

    roles = Roles(by_column={"q": Role.QUASI_IDENTIFIER})
    empty = Release.original(table).keeping(np.zeros(4, bool))
    result = Suppression().evaluate(Context(release=empty, roles=roles))
    assert [finding.code for finding in result.findings] == ["empty-release"]
    full = Suppression().evaluate(Context(release=Release.original(table), roles=roles))
    assert full.findings == ()


def test_the_top_of_the_hierarchy_and_dropping_the_column_lose_everything(table, figures):
    top = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 2))
    dropped = Release.original(table).without(("q",))
    for release in (top, dropped):
        found = figures(release, ["q"])
        assert {name: found[name].value for name in QUALITIES} == dict.fromkeys(QUALITIES, 0.0)
        assert found["suppression.cells"].value == 1.0
        assert found["suppression.records"].value == 0.0
        assert found["raw.non_uniform_entropy"].value == pytest.approx(1 + 1 + 2 + 2)
        assert found["raw.non_uniform_entropy_arx"].value == pytest.approx(0.0, abs=1e-12)
    assert isinstance(figures(dropped, ["q"])["distributions.q.tvd"], NotComputed)


def test_columns_are_aggregated_before_normalising(build, figures):
    # q at level 1 as above; r has two values and is unchanged: x = .5 = 1/D.
    table = build({"q": ["a", "a", "b", "c"], "r": ["x", "y", "x", "y"]}, {"q": ROWS})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 1))
    found = values(figures(release, ["q", "r"]))
    # means: x = .5, best (1/4 + 1/2) / 2 = .375; not the mean of 2/3 and 1
    assert found["granularity"] == pytest.approx(1 - (0.5 - 0.375) / (1 - 0.375))
    assert found["by_column.r.granularity"] == 1.0


def test_missing_cells_stay_missing_and_cost_nothing(build, figures):
    table = build({"q": ["a", "b", None, "c"]}, {"q": ROWS})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 1))
    found = values(figures(release, ["q"]))
    # three cells cover 2 of 4, the missing one counts 1/4
    assert found["raw.mean_share"] == pytest.approx((3 * 0.5 + 0.25) / 4)
    assert found["raw.gcp"] == pytest.approx(3 * 0.5 / 4)
    # a and b lose one bit each; all four differ, so full suppression loses 4 * 2
    assert found["non_uniform_entropy"] == pytest.approx(1 - 2 / 8)


def test_a_suppressed_cell_is_a_full_loss(table, figures):
    column = ReleasedColumn.from_labels(table.domain("q"), ["a", "*", "c", "d"])
    found = values(figures(Release.original(table).with_columns(column), ["q"]))
    # b is *: share 1, the rest 1/4
    assert found["raw.mean_share"] == pytest.approx((3 * 0.25 + 1) / 4)
    assert found["raw.gcp"] == pytest.approx(0.25)
    assert found["suppression.cells"] == 0.25
    assert found["raw.non_uniform_entropy"] == pytest.approx(2.0)


def test_a_release_without_a_rule_gives_the_same_figures(table, level_1, figures):
    column = level_1.columns["q"]
    explicit = ReleasedColumn(
        name="q", nodes=column.nodes, explicit=column.lookup[table.codes["q"]].astype(np.int32)
    )
    by_hand = Release.original(table).with_columns(explicit)
    assert values(figures(by_hand, ["q"])) == values(figures(level_1, ["q"]))


def test_a_value_that_became_a_rarer_one_has_lost_no_less_than_nothing(build, figures):
    table = build({"q": ["a", "a", "b"]})
    swapped = ReleasedColumn(
        name="q",
        nodes=Release.original(table).columns["q"].nodes,
        explicit=np.array([1, 0, 1], np.int32),
        perturbed=True,
    )
    found = values(figures(Release.original(table).with_columns(swapped), ["q"]))
    assert found["raw.non_uniform_entropy"] == 0.0


def test_a_constant_column_is_not_computed(build, figures):
    table = build({"q": ["a", "a"]})
    found = figures(Release.original(table), ["q"])
    for name in ("granularity", "discernibility", "average_class_size", "non_uniform_entropy"):
        assert isinstance(found[name], NotComputed)
    assert found["raw.mean_share"].value == 1.0
    assert found["raw.gcp"].value == found["raw.iyengar"].value == 0.0


def test_released_values_without_leaves_are_not_computed(table, figures):
    column = ReleasedColumn(
        name="q",
        nodes=type(ReleasedColumn.identity(table.domain("q")).nodes)(
            ("noise",), np.array([0, 0]), np.empty(0, np.int32)
        ),
        explicit=np.zeros(4, np.int32),
    )
    found = figures(Release.original(table).with_columns(column), ["q"])
    for name in ("granularity", "non_uniform_entropy", "distributions.q.tvd"):
        assert isinstance(found[name], NotComputed)
        assert "noise" not in found[name].reason
    assert found["discernibility"].value == 0.0  # all alike


def test_no_quasi_identifier_is_not_computed(table, figures):
    found = figures(Release.original(table), [], ["s"])
    assert isinstance(found["granularity"], NotComputed)
    assert found["suppression.records"].value == 0.0


def test_a_release_made_elsewhere_is_compared_with_its_original(table, build, figures):
    from microdata.hierarchy import Nodes

    protected = build({"q": ["ab", "ab", "ab"]})
    nodes = Nodes(("ab",), np.array([0, 2]), np.array([0, 1], np.int32))
    column = ReleasedColumn(name="q", nodes=nodes, lookup=np.arange(3, dtype=np.int32))
    release = Release(protected, {"q": column}, origin=table)
    found = figures(release, ["q"])
    assert found["suppression.records"].value == 0.25
    assert found["raw.mean_share"].value == pytest.approx((3 * 0.5 + 1) / 4)
    assert found["granularity"].value == pytest.approx(0.5)
    assert found["discernibility"].value == pytest.approx(0.3)
    assert found["generalization_intensity"].value == pytest.approx(0.375)
    assert isinstance(found["non_uniform_entropy"], NotComputed)
    # all released mass on a and b, .5 each, against .5 .25 .25 0
    assert found["distributions.q.tvd"].value == pytest.approx(0.25)


def test_a_label_of_several_levels_stands_at_the_first_of_them(build, figures):
    rows = [("a", "x", "x", "*"), ("b", "x", "x", "*"), ("c", "y", "z", "*")]
    table = build({"q": ["a", "b", "c"]}, {"q": rows})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 1))
    found = values(figures(release, ["q"]))
    assert found["raw.precision_loss"] == pytest.approx(1 / 3)
    again = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("q"), 2))
    # x is no coarser than it was, z is.
    assert values(figures(again, ["q"]))["raw.precision_loss"] == pytest.approx(4 / 9)


def test_a_suppressed_cell_is_lost_also_where_the_column_has_one_value(build, figures):
    table = build({"q": ["a", "a"], "r": ["x", "y"]})
    column = ReleasedColumn.from_labels(table.domain("q"), ["*"])
    found = values(figures(Release.original(table).with_columns(column), ["q", "r"]))
    assert found["suppression.cells"] == 0.5
    assert found["raw.gcp"] == found["raw.iyengar"] == 0.5


def test_a_label_at_no_level_has_no_intensity(table, figures):
    column = ReleasedColumn.from_labels(table.domain("q"), ["x", "x", "y", "y"])
    found = figures(Release.original(table).with_columns(column), ["q"])
    for name in ("generalization_intensity", "raw.precision_loss", "raw.non_uniform_entropy_arx"):
        assert isinstance(found[name], NotComputed)
    assert found["granularity"].value == pytest.approx(2 / 3)


def test_more_combinations_than_a_number_holds_are_not_computed(build, figures):
    names = [f"q{i}" for i in range(1_030)]
    table = build({name: ["a", "b"] for name in names})
    found = figures(Release.original(table), names)
    assert isinstance(found["ambiguity"], NotComputed)
    assert found["granularity"].value == 1.0
