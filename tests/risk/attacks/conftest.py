"""Small random tables, and releases of them that an attack must get right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from microdata.hierarchy import Nodes
from microdata.release import Release, ReleasedColumn

TREE = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
CELL = st.sampled_from(["a", "b", "c", "d", None])


@st.composite
def _tables(draw, *, fewest=1, people=False):
    n = draw(st.integers(1, 10))
    columns = {
        name: draw(st.lists(CELL, min_size=n, max_size=n))
        for name in ("x", "y", "z", "w")[: draw(st.integers(fewest, fewest + 2))]
    }
    if people:
        columns["who"] = draw(st.lists(st.sampled_from("pqrst"), min_size=n, max_size=n))
    return columns


def _cell_by_cell(context, name, codes):
    """Release a column with a label of each value and one of all values; ``*`` and gaps too."""
    number = len(context.release.domain(name).leaves)
    leaves = np.arange(number, dtype=np.int32)
    nodes = Nodes(
        (*(f"only {i}" for i in leaves), "any"),
        np.append(np.arange(number + 1), 2 * number),
        np.append(leaves, leaves),
    )
    column = ReleasedColumn(name, nodes, explicit=np.asarray(codes, np.int32) % (number + 3))
    return replace(context, release=context.release.with_columns(column), memo={})


def _in_release(context, levels, kept=None):
    source = context.release.source
    release = Release.original(source).with_columns(
        *(ReleasedColumn.generalized(source.domain(name), at) for name, at in levels.items())
    )
    if kept is not None:
        release = release.keeping(np.asarray(kept, bool))
    return replace(context, release=release, memo={})


@pytest.fixture(scope="session")
def in_release():
    """Return another release of the table of a context, at other levels."""
    return _in_release


@pytest.fixture(scope="session")
def tree():
    """Hold the hierarchy of every column of the tables."""
    return TREE


@pytest.fixture(scope="session")
def tables():
    """Return a strategy of tables: columns x, y, ... and, with people, whose each row is."""
    return _tables


@pytest.fixture(scope="session")
def cell_by_cell():
    return _cell_by_cell


@pytest.fixture(scope="session", params=["rows", "persons", "recoded", "cell by cell"])
def drawn_context(request, context_of):
    """Draw a small release of one kind after the other."""

    def draw(data, *, fewest):
        columns = data.draw(_tables(fewest=fewest, people=request.param == "persons"))
        quasi, n = [name for name in columns if name != "who"], len(columns["x"])
        if request.param == "persons":
            return context_of(columns, quasi=quasi, person="who")
        if request.param == "recoded":
            levels = {"x": data.draw(st.integers(1, 2))}
            kept = data.draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
            return context_of(
                columns, quasi=quasi, hierarchies={"x": TREE}, levels=levels, kept=kept
            )
        context = context_of(columns, quasi=quasi)
        if request.param == "cell by cell":
            codes = st.lists(st.integers(0, 30), min_size=n, max_size=n)
            return _cell_by_cell(context, "x", data.draw(codes))
        return context

    return draw
