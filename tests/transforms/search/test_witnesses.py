import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata.grouping import base_classes
from transforms.search import search, witnesses
from transforms.search.columns import search_columns
from transforms.search.table import Codebook, TableStore
from transforms.search.witnesses import Witnesses

AGES = [[str(a), f"{a // 10}x", "*"] for a in (21, 22, 31, 32, 41)]
SEXES = [["f", "*"], ["m", "*"]]
TOWNS = [["a", "north", "*"], ["b", "north", "*"], ["c", "south", "*"]]
RULES = {"age": AGES, "sex": SEXES, "town": TOWNS}
NODES = list(itertools.product(range(3), range(2), range(3)))
people = st.lists(
    st.tuples(*(st.sampled_from([row[0] for row in rows]) for rows in RULES.values())),
    min_size=1,
    max_size=200,
)


def tables(ask, rows, k):
    columns = dict(zip(RULES, map(list, zip(*rows, strict=True)), strict=True))
    problem, source = ask(columns, RULES, [f"k-anonymity={k}"], 0.0, "loss")
    book = Codebook(
        search_columns(source, problem.quasi_identifiers, {}), base_classes(source, problem.roles)
    )
    return TableStore(book, ()), book, problem, source


def groups(rows, node):
    found = {}
    for row in rows:
        label = tuple(
            next(line[level] for line in rule if line[0] == value)
            for value, level, rule in zip(row, node, RULES.values(), strict=True)
        )
        found.setdefault(label, []).append(row)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(people, st.integers(2, 5), st.sampled_from(NODES))
def test_a_witness_tells_of_exactly_the_nodes_where_its_group_is_too_small(ask, rows, k, first):
    store, book, _, _ = tables(ask, rows, k)
    found = Witnesses(store.lowest, book, k)
    assert all(found.smallest(node) == 0 for node in NODES)
    found.add(store.at(first))
    small = [members for members in groups(rows, first).values() if len(members) < k]
    for node in NODES:
        told = found.smallest(node)
        sizes = {len(members) for members in groups(rows, node).values()}
        if told:
            assert told < k
            assert told in sizes
        elif len(small) <= witnesses.FROM_EACH:
            # Nobody of those groups is in a small group at this node.
            mine = {members[0] for members in small}
            assert all(len(m) >= k for m in groups(rows, node).values() if mine & {m[0]})
    if small:
        assert found.smallest(first) > 0


def test_many_classes_fill_more_than_one_word_of_marks(ask):
    ages = [[str(a), str(a // 10), "*"] for a in range(200)]
    columns = {"age": [str(a) for a in range(200) for _ in range(1 + (a != 150))]}
    problem, source = ask(columns, {"age": ages}, ["k-anonymity=2"], 0.0, "loss")
    book = Codebook(
        search_columns(source, problem.quasi_identifiers, {}), base_classes(source, problem.roles)
    )
    store = TableStore(book, ())
    found = Witnesses(store.lowest, book, 2)
    found.add(store.at((0,)))
    assert [found.smallest((level,)) for level in (0, 1, 2)] == [1, 0, 0]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(people, st.integers(2, 5))
def test_the_search_finds_the_same_with_and_without(ask, rows, k):
    _, _, problem, source = tables(ask, rows, k)
    found = search(problem, source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(witnesses, "MAX_BYTES", 0)
        without = search(problem, source)
    assert found.optimal
    assert without.optimal
    assert (found.levels, found.score) == (without.levels, without.score)
    safe = [n for n in NODES if all(len(m) >= k for m in groups(rows, n).values())]
    assert (found.levels is not None) == bool(safe)
    assert found.levels is None or tuple(found.levels.values()) in safe
