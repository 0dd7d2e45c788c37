from __future__ import annotations

from dataclasses import replace

import numpy as np

from microdata.measure import NotComputed
from microdata.release import Release, ReleasedColumn
from risk.local_recoding import LocalRecoding


def locally(context, *, perturbed=False):
    """The same context where the column q is released record by record."""
    release = context.release
    nodes = release.columns["q"].nodes
    column = ReleasedColumn(
        "q", nodes, explicit=np.array([0, 3, 1, 1], np.int32), perturbed=perturbed
    )
    changed = release.with_columns(column)
    return replace(context, release=changed)


def test_a_rule_from_value_to_label_needs_no_warning(context_of):
    context = context_of({"q": list("aabb"), "s": list("xyxy")}, quasi=["q"], sensitive=["s"])
    assert LocalRecoding().evaluate(context).findings == ()


def test_values_released_in_different_ways_are_warned_of(context_of):
    context = locally(context_of({"q": list("aabb"), "s": list("xyxy")}, quasi=["q"]))
    (finding,) = LocalRecoding().evaluate(context).findings
    assert finding.severity == "warning"
    assert "'q'" in finding.message
    assert LocalRecoding().evaluate(context).figures == {}


def test_noise_and_columns_that_nobody_knows_are_another_matter(context_of):
    table = {"q": list("aabb"), "s": list("xyxy")}
    noisy = locally(context_of(table, quasi=["q"]), perturbed=True)
    assert LocalRecoding().evaluate(noisy).findings == ()
    elsewhere = locally(context_of(table, quasi=["s"]))
    assert LocalRecoding().evaluate(elsewhere).findings == ()


def test_nothing_released_is_nothing_to_warn_of(context_of):
    context = locally(context_of({"q": list("aabb")}, quasi=["q"]))
    empty = replace(context, release=context.release.keeping(np.zeros(4, bool)))
    assert isinstance(LocalRecoding().needs(empty), NotComputed)
    assert LocalRecoding().evaluate(empty).findings == ()
    assert isinstance(empty.release, Release)
