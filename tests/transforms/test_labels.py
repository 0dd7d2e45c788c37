from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microdata.hierarchy import Nodes
from microdata.release import ReleasedColumn
from transforms.labels import relabelled

LABELS = st.lists(st.sampled_from(["x", "y", "z", "*"]), min_size=1, max_size=6)


def identity(size):
    leaves = [f"leaf {i}" for i in range(size)]
    lookup = np.arange(size + 2, dtype=np.int32)
    return ReleasedColumn("c", Nodes.identity(leaves), lookup)


@given(LABELS)
def test_every_leaf_is_written_with_its_new_label(labels):
    column = relabelled(identity(len(labels)), labels)
    texts = column.texts
    assert [texts[code] for code in column.lookup[: len(labels)]] == labels
    nothing_left = set(labels) == {"*"}
    assert texts[column.lookup[-2]] == ("*" if nothing_left else None)
    assert texts[column.lookup[-1]] == "*"
    for node, label in enumerate(column.nodes.labels):
        assert column.nodes.leaves(node).tolist() == [
            leaf for leaf, given_ in enumerate(labels) if given_ == label
        ]


@given(LABELS, st.randoms(use_true_random=False))
def test_records_without_a_rule_keep_their_label_too(labels, random):
    records = [random.randrange(len(labels) + 2) for _ in range(20)]
    before = ReleasedColumn(
        "c", identity(len(labels)).nodes, explicit=np.array(records, np.int32), perturbed=True
    )
    after = relabelled(before, labels)
    nothing_left = set(labels) == {"*"}
    expected = [*labels, "*" if nothing_left else None, "*"]
    assert [after.texts[code] for code in after.explicit] == [expected[code] for code in records]


def test_leaves_that_two_nodes_share_are_held_once():
    nodes = Nodes(("a", "b"), np.array([0, 2, 4]), np.array([0, 1, 1, 2], np.int32))
    column = ReleasedColumn("c", nodes, explicit=np.array([0, 1], np.int32), perturbed=True)
    assert relabelled(column, ["x", "x"]).nodes.members.tolist() == [0, 1, 2]


def test_what_no_rule_covers_stays_uncovered():
    column = ReleasedColumn("c", Nodes.identity(["a", "b"]), np.array([0, -1, 2, 3], np.int32))
    assert relabelled(column, ["x", "y"]).lookup.tolist()[1] == -1


@given(LABELS)
def test_other_labels_never_pass_for_an_unchanged_column(labels):
    column = identity(len(labels))
    assert column.unchanged
    assert not relabelled(column, labels).unchanged
    assert relabelled(column, column.nodes.labels).unchanged
