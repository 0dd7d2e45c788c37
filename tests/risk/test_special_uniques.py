from __future__ import annotations

import pytest

import risk.special_uniques as module
from risk.special_uniques import smallest_singling_out


@pytest.fixture
def people(context_of):
    columns = {"a": list("xxyy"), "b": list("1212"), "c": list("0000")}
    return context_of(columns, quasi=["a", "b", "c"])


def test_the_smallest_combination_that_singles_out_is_found(people):
    found = smallest_singling_out(people)
    assert found.examined == 7
    assert found.left_out == ""
    assert [subset.unique for subset in found.worst] == [0, 4, 4]
    assert found.smallest.columns == ("a", "b")
    assert found.smallest.share == 1
    assert found.worst[0].success == pytest.approx(0.5)


def test_more_columns_never_single_out_fewer_people(people):
    shares = [subset.share for subset in smallest_singling_out(people).worst]
    assert shares == sorted(shares)


def test_what_was_not_examined_is_told(people, monkeypatch):
    assert "more than 1 of the 3" in smallest_singling_out(people, max_columns=1).left_out
    monkeypatch.setattr(module, "WORK", 20)
    capped = smallest_singling_out(people)
    assert capped.examined == 3
    assert "more than 1 of the 3" in capped.left_out
    assert capped.smallest is None


def test_nothing_released_singles_nobody_out(context_of):
    found = smallest_singling_out(context_of({"a": list("xy")}, quasi=["a"], kept=[False] * 2))
    assert found.worst == ()
    assert found.smallest is None
