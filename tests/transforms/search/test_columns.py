from __future__ import annotations

from dataclasses import replace

import pytest

from microdata.roles import Role, Roles
from transforms.search import profile_lattice, search
from transforms.search.measure import TITLES

AGES = [[str(a), f"{a // 10}x", "*"] for a in (21, 22, 31, 32)]


@pytest.mark.parametrize("measure", [*TITLES, "loss(rank)", "loss(max)", "loss(gs=0)"])
def test_a_column_that_holds_nothing_changes_no_choice(ask, measure):
    columns = {"age": ["21", "22", "31", "31"], "empty": [None] * 4}
    alone, source = ask(columns, {"age": AGES}, ["k-anonymity=2"], 0.0, measure)
    roles = Roles(by_column=dict.fromkeys(columns, Role.QUASI_IDENTIFIER))
    both = replace(alone, roles=roles)
    expected, found = search(alone, source), search(both, source)
    assert found.levels == {**expected.levels, "empty": 0} == {"age": 1, "empty": 0}
    if measure == "loss(rank)":
        assert found.score == pytest.approx((*expected.score, 0.0))
    else:
        best = profile_lattice(both, source).best(2, 0.0)
        assert (best.levels, best.score) == (found.levels, pytest.approx(found.score))
