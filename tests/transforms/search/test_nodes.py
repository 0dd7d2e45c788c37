import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.search import nodes
from transforms.search.nodes import FinerMarks, NodeRows, NodeVectors, lattice_size


@st.composite
def lattices(draw):
    # Twenty-four columns of up to 40 levels need three words.
    levels = tuple(draw(st.lists(st.integers(1, 40), min_size=1, max_size=24)))
    node = st.tuples(*(st.integers(0, number - 1) for number in levels))
    return levels, draw(st.lists(node, max_size=100)), draw(node)


@given(lattices())
def test_rows_above_and_below_are_those_by_definition(lattice):
    levels, added, asked = lattice
    rows = NodeRows(levels)
    for node in added:
        rows.add(node)
    above = [i for i, node in enumerate(added) if all(np.array(node) >= asked)]
    below = [i for i, node in enumerate(added) if all(np.array(node) <= asked)]
    assert rows.above(asked).tolist() == above
    assert rows.below(asked).tolist() == below


@given(lattices())
def test_vectors_give_the_largest_of_each_entry(lattice):
    levels, added, asked = lattice
    vectors = NodeVectors(levels)
    values = np.random.default_rng(3).random((len(added), 2))
    for node, value in zip(added, values, strict=True):
        vectors.add(node, value)
    for found, chosen in (
        (vectors.largest_above(asked), [all(np.array(n) >= asked) for n in added]),
        (vectors.largest_below(asked), [all(np.array(n) <= asked) for n in added]),
    ):
        if any(chosen):
            assert found.tolist() == values[chosen].max(axis=0).tolist()
        else:
            assert found is None


@pytest.mark.parametrize("listed", [True, False])
def test_crossing_out_reaches_all_finer_nodes_and_no_others(monkeypatch, listed):
    monkeypatch.setattr(nodes, "MAX_LISTED", 100 if listed else 0)
    marks = FinerMarks((3, 2, 4))
    marks.cross_out_finer((1, 0, 2))
    inside = [node for node in np.ndindex(3, 2, 4) if node in marks]
    assert inside == list(np.ndindex(2, 1, 3))
    left = marks.without(np.arange(24))
    assert left.size == (24 - 6 if listed else 24)


def test_the_size_of_a_lattice_does_not_overflow():
    assert lattice_size((10,) * 30) == 10**30
