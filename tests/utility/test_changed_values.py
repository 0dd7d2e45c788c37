from __future__ import annotations

import numpy as np
import pytest

from microdata.hierarchy import Nodes
from microdata.measure import Context, NotComputed
from microdata.release import Release, ReleasedColumn
from microdata.roles import Role, Roles
from reports.figure_names import UTILITY, name_figure
from utility.changed_values import ChangedValues


def column(labels, codes, leaves=None, **flags):
    """Return a perturbed column x; its labels lie over the leaves of the same place."""
    leaves = range(len(labels)) if leaves is None else leaves
    nodes = Nodes(tuple(labels), np.arange(len(labels) + 1), np.array(list(leaves), np.int32))
    return ReleasedColumn("x", nodes, explicit=np.array(codes, np.int32), perturbed=True, **flags)


def measured(release):
    roles = Roles(by_column={"x": Role.QUASI_IDENTIFIER})
    figures = ChangedValues().evaluate(Context(release=release, roles=roles)).figures
    return {path[-1]: figure for path, figure in figures.items()}


def test_numbers_by_hand(build):
    # 1 -> 1.0, 2 -> 4, 3 -> missing, missing stays, 6 -> *: of two that are compared one changed,
    # by 2. Mean 3, squares 4 + 1 + 0 + 9 = 14, sd = sqrt(14 / 3).
    table = build({"x": ["1", "2", "3", None, "6"]})
    release = Release.original(table).with_columns(
        column(["1.0", "4"], [0, 1, 2, 2, 3], leaves=[0, 2])
    )
    found = measured(release)
    assert found["share"].value == pytest.approx(1 / 2)
    assert found["mean_change"].value == pytest.approx(1 / np.sqrt(14 / 3))


def test_texts_by_hand(build):
    table = build({"x": ["a", "a", "b", None]})
    release = Release.original(table).with_columns(column(["a", "b"], [0, 1, 1, 2]))
    found = measured(release)
    assert set(found) == {"share"}
    assert found["share"].value == pytest.approx(1 / 3)


def test_only_kept_records_are_compared(build):
    table = build({"x": ["1", "2", "3", "4"]})
    release = Release.original(table).with_columns(column("1234", [1, 1, 2, 3]))
    kept = release.keeping(np.array([True, True, False, False]))
    assert measured(release)["share"].value == pytest.approx(1 / 4)
    assert measured(kept)["share"].value == pytest.approx(1 / 2)


def test_columns_with_a_rule_have_no_such_figure(build):
    assert measured(Release.original(build({"x": ["1", "2"]}))) == {}


@pytest.mark.parametrize(
    ("values", "codes", "reason"),
    [
        (["1", None], [1, 1], "No cell"),
        (["5", "5"], [0, 0], "do not vary"),
        (["1e308", "-1e308"], [0, 0], "do not vary, or are too large"),
    ],
)
def test_what_cannot_be_compared_is_told(build, values, codes, reason):
    release = Release.original(build({"x": values})).with_columns(column(["5"], codes))
    found = measured(release)["mean_change"]
    assert isinstance(found, NotComputed)
    assert reason in found.reason


def test_new_names_cannot_be_compared(build):
    release = Release.original(build({"x": ["1", "2"]}))
    found = measured(release.with_columns(column(["P", "Q"], [0, 1], renamed=True)))
    assert isinstance(found["share"], NotComputed)
    assert isinstance(found["mean_change"], NotComputed)


def test_nothing_changed_is_zero(build):
    table = build({"x": ["1", "2", "3"]})
    found = measured(Release.original(table).with_columns(column("123", [0, 1, 2])))
    assert found["share"].value == 0
    assert found["mean_change"].value == 0


@pytest.mark.parametrize("key", ["share", "mean_change"])
def test_both_figures_have_a_name(key):
    known = name_figure(("utility", "changed_values", "pay {0}", key))
    assert known.name.startswith("pay {0}: ")
    assert known.section == UTILITY
