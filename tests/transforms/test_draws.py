from dataclasses import replace

import pytest

from microdata.release import Release
from transforms.draws import generator

ROWS = {"x": ["1", "2", "2", None], "y": ["a", "b", "c", "a"]}


@pytest.fixture
def first(build, context):
    """The first number drawn for a table, some words and a context."""
    at = context(["x"])

    def _first(*words, columns=ROWS, hierarchies=None, **changes):
        release = Release.original(build(columns, hierarchies))
        return generator(release, replace(at, **changes), *words).random()

    return _first


def test_the_draw_depends_on_seed_and_words(first):
    drawn = {
        first("swap", "x"),
        first("swap", "x", seed=1),
        first("swap", "x", seed=-1),
        first("pram", "x"),
        first("swap", "y"),
        first("swap", "x", "y"),
        first("swapx"),
        first("swap", "x\ud800"),
    }
    assert len(drawn) == 8
    assert first("swap", "x") in drawn


@pytest.mark.parametrize(
    "columns",
    [
        ROWS | {"x": ["1", "2", "2", "2"]},
        ROWS | {"x": ["1", "2", "3", None]},
        ROWS | {"y": ["a", "b", "c", "d"]},
        {"x": ROWS["x"], "z": ROWS["y"]},
        {name: values[:3] for name, values in ROWS.items()},
        # The same values in every column, in other rows together.
        ROWS | {"y": ["b", "a", "c", "a"]},
    ],
)
def test_every_cell_of_the_original_decides(first, columns):
    assert first("swap", columns=columns) != first("swap")


def test_neither_the_order_of_the_rows_nor_the_hierarchies_do(first):
    turned = {name: values[::-1] for name, values in ROWS.items()}
    assert first("swap", columns=turned) == first("swap")
    hierarchy = {"y": [("c", "*"), ("b", "*"), ("a", "*"), ("q", "*")]}
    assert first("swap", hierarchies=hierarchy) == first("swap")


def test_a_key_of_pseudonyms_does_not_so_that_screen_and_command_line_agree(first):
    assert first("swap", key=b"secret") == first("swap")
