from __future__ import annotations

import statistics
from dataclasses import replace
from itertools import combinations, pairwise
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.hierarchy import Nodes
from microdata.measure import Context, NotComputed
from risk.attacks import singling_out
from risk.attacks.criterion_kernels import isolating, people_by_group
from risk.attacks.singling_out import SinglingOutAttack, by_luck
from risk.special_uniques.measure import OPEN_CELLS

ALL, ONE, SEVERAL = "all_columns", "univariate", "multivariate"


def attack(context, kind):
    figures = SinglingOutAttack().evaluate(context).figures
    return {path[-1]: figure for path, figure in figures.items() if path[2] == kind}


def values(figures):
    return {key: figure.value for key, figure in figures.items()}


def luck(weight, n):
    return weight if n == 1 else n * weight * (1 - weight) ** (n - 1)


def shown(context, names):
    """List who is released with what: the person, then the released labels."""
    release, person = context.release, context.roles.person
    columns = [release.columns[name] for name in names]
    codes = [release.codes(name).tolist() for name in names]
    whose = release.record_index.tolist()
    if person is not None:
        whose = release.source.codes[person][release.record_index].tolist()
    return [
        (who, *(column.texts[c] for column, c in zip(columns, row, strict=True)))
        for who, row in zip(whose, zip(*codes, strict=True), strict=True)
    ]


def by_loops(context):
    """Count the attacks on all columns and on one value in plain loops."""
    names = context.classes.columns
    rows = sorted(set(shown(context, names)), key=repr)
    n, people = len(rows), len({row[0] for row in rows})
    alone = [row for row in rows if len({r[0] for r in rows if r[1:] == row[1:]}) == 1]
    weights = []
    for row in rows:
        weight = 1.0
        for i in range(1, len(row)):
            weight *= sum(r[i] == row[i] for r in rows) / n
        weights.append(weight)
    held, gave_away = [], set()
    for i in range(1, len(names) + 1):
        for value in {row[i] for row in rows}:
            holders = {row[0] for row in rows if row[i] == value}
            held.append(len(holders))
            if len(holders) == 1:
                gave_away |= holders
    return (
        {"success": len(alone) / n, "baseline": statistics.fmean(luck(w, n) for w in weights)},
        {
            "people": len(gave_away) / people,
            "success": held.count(1) / len(held),
            "baseline": statistics.fmean(luck(h / people, people) for h in held),
        },
    )


def agree(context):
    whole, one = by_loops(context)
    for kind, fact in ((ALL, whole), (ONE, one)):
        got = attack(context, kind)
        left = got.pop("residual")
        assert values(got) == pytest.approx(fact, abs=1e-12)
        if fact["baseline"] < 1 - 1e-12:
            gain = (fact["success"] - fact["baseline"]) / (1 - fact["baseline"])
            assert left.value == pytest.approx(max(0, gain), abs=1e-9)
        else:
            assert isinstance(left, NotComputed)


def test_a_table_solved_by_hand(context_of):
    context = context_of({"x": list("aabb"), "y": list("cdcc")}, quasi=["x", "y"])
    # a c and a d are alone, b c is a pair; weights 1/2 * 3/4 and 1/2 * 1/4
    lucky = (3 * 4 * 0.375 * 0.625**3 + 4 * 0.125 * 0.875**3) / 4
    assert values(attack(context, ALL)) == pytest.approx(
        {"success": 1 / 2, "baseline": lucky, "residual": (1 / 2 - lucky) / (1 - lucky)}
    )
    # of the values a, b, c, d only d is one person's: 4 w (1 - w)^3 for 1/2, 1/2, 3/4, 1/4
    lucky = (0.25 + 0.25 + 0.046875 + 0.421875) / 4
    assert values(attack(context, ONE)) == pytest.approx(
        {
            "people": 1 / 4,
            "success": 1 / 4,
            "baseline": lucky,
            "residual": (1 / 4 - lucky) / (1 - lucky),
        }
    )
    assert attack(context, SEVERAL)["predicates"].value == 1000


@settings(max_examples=60)
@given(data=st.data())
def test_plain_loops_agree(drawn_context, data):
    agree(drawn_context(data, fewest=1))


def test_columns_that_no_one_rule_made_are_told(context_of, cell_by_cell):
    context = context_of({"x": list("aab"), "y": list("abb")}, quasi=["x", "y"])
    caveats = [
        attack(one, ONE)["people"].caveats
        for one in (context, cell_by_cell(context, "x", [0, 1, 2]))
    ]
    assert [singling_out.ON_LABELS in told for told in caveats] == [False, True]


@pytest.mark.parametrize("kind", [ONE, SEVERAL])
def test_every_share_says_how_missing_cells_count(context_of, kind):
    table = {"x": ["a", "b", None, "b"], "y": list("cdcc")}
    for key, figure in attack(context_of(table, quasi=["x", "y"]), kind).items():
        assert OPEN_CELLS in figure.caveats, key


def spans(rows, column, *, numeric):
    """Return what each row's value stands for in a condition, by the middle of the column."""
    if not numeric:
        return [{row[column]} for row in rows]
    numbers = sorted(float(row[column]) for row in rows if row[column] is not None)
    middle = numbers[(len(numbers) - 1) // 2] if numbers else 0
    known = {row[column] for row in rows if row[column] is not None}
    return [
        {None}
        if row[column] is None
        else {v for v in known if float(v) >= float(row[column])}
        if float(row[column]) >= middle
        else {v for v in known if float(v) <= float(row[column])}
        for row in rows
    ]


def expected(rows, numeric):
    """Return the success and the luck of every condition, weighted as they are drawn."""
    n, q = len(rows), len(rows[0]) - 1
    stands = {c: spans(rows, c, numeric=numeric[c - 1]) for c in range(1, q + 1)}
    success = lucky = 0.0
    for size in range(2, q + 1):
        for chosen in combinations(range(1, q + 1), size):
            part = 1 / (q - 1) / len(list(combinations(range(q), size)))
            for i in range(n):
                fits = {r[0] for r in rows if all(r[c] in stands[c][i] for c in chosen)}
                weight = 1.0
                for c in chosen:
                    weight *= sum(r[c] in stands[c][i] for r in rows) / n
                success += part * (len(fits) == 1) / n
                lucky += part * luck(weight, n) / n
    return success, lucky


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("people", [False, True])
def test_random_conditions_succeed_as_often_as_all_of_them_do(context_of, seed, people):
    rng = np.random.default_rng(seed)
    n = 24
    columns = {
        "age": rng.integers(20, 30, n).astype(str).tolist(),
        "town": rng.choice(["a", "b", "c", None], n).tolist(),
        "pay": [None if rng.random() < 0.2 else str(rng.integers(1, 7) / 2) for _ in range(n)],
    }
    quasi = list(columns)
    if people:
        columns["who"] = rng.integers(0, 9, n).astype(str).tolist()
    context = context_of(columns, quasi=quasi, person="who" if people else None, seed=seed)
    rows = sorted(set(shown(context, quasi)), key=repr)
    success, lucky = expected(rows, [True, False, True])
    got = attack(context, SEVERAL)
    drawn = got["predicates"].value
    assert drawn == 1000
    sd = sqrt(success * (1 - success) / drawn)
    assert 0.02 < success < 0.98
    assert got["success"].value == pytest.approx(success, abs=4 * sd)
    assert got["baseline"].value == pytest.approx(lucky, abs=4 * sqrt(0.25 / drawn) / 2)
    assert got["success"].low < success < got["success"].high
    assert {figure.seed for key, figure in got.items() if key != "predicates"} == {seed}


def test_the_kernel_counts_people_one_by_one():
    rng = np.random.default_rng(4)
    places = rng.integers(0, 4, (3, 40)).astype(np.int32)
    owner = np.concatenate([np.full(20, -1), np.sort(rng.integers(0, 6, 20))])
    count = np.concatenate([rng.integers(0, 3, 20), np.ones(20, np.int64)])
    columns = np.array([[0, 1, 2], [2, -1, -1], [1, 0, -1], [-1, -1, -1]] * 60)
    low = rng.integers(0, 4, (240, 3)).astype(np.int32)
    high = np.minimum(3, low + rng.integers(0, 2, (240, 3))).astype(np.int32)
    found = isolating(places, (count, owner), columns, (low, high))
    for p in range(240):
        used = [c for c in columns[p] if c >= 0]
        fits = [j for j in range(40) if all(low[p, c] <= places[c, j] <= high[p, c] for c in used)]
        people = sum(count[j] for j in fits if owner[j] < 0)
        people += len({owner[j] for j in fits if owner[j] >= 0})
        assert found[p] == (people == 1)
    assert 0 < found.sum() < 240


def test_the_kernel_counts_each_person_once_in_a_group():
    rng = np.random.default_rng(5)
    group, owner = rng.integers(0, 5, 90).astype(np.int32), np.sort(rng.integers(0, 20, 90))
    expected_ = [len({o for g, o in zip(group, owner, strict=True) if g == i}) for i in range(6)]
    assert people_by_group(group, owner, 6).tolist() == expected_


def test_a_condition_read_off_the_table_beats_luck_only_where_it_fits_few(context_of):
    rng = np.random.default_rng(8)
    free = {name: rng.integers(0, 12, 3000).astype(str) for name in "xyz"}
    got = values(attack(context_of(pd.DataFrame(free), quasi=list("xyz")), ALL))
    # Without a link between columns nobody else fits with (1 - w)^(n - 1), w near 1 / 12^3, and
    # luck is n w times that: here more, so nothing is gained.
    assert got["success"] == pytest.approx((1 - 12**-3) ** 2999, abs=0.02)
    assert got["baseline"] == pytest.approx(3000 / 12**3 * got["success"], rel=0.05)
    assert got["residual"] == 0


def test_a_guess_is_never_better_than_about_37_percent():
    n = 1000
    chances = by_luck(np.linspace(1e-6, 1, 5001), n)
    assert chances.max() == pytest.approx((1 - 1 / n) ** (n - 1), abs=1e-6)
    assert chances[-1] == 0
    assert by_luck(np.array([1.0]), 1).tolist() == [1.0]


@settings(max_examples=40)
@given(data=st.data())
def test_coarser_columns_never_single_more_people_out(context_of, tables, tree, data):
    columns, found = data.draw(tables()), []
    for level in (0, 1, 2):
        levels, trees = dict.fromkeys(columns, level), dict.fromkeys(columns, tree)
        context = context_of(columns, quasi=list(columns), hierarchies=trees, levels=levels)
        found.append((attack(context, ALL)["success"].value, attack(context, ONE)["people"].value))
    for fine, coarse in pairwise(found):
        assert coarse[0] <= fine[0]
        assert coarse[1] <= fine[1]


@settings(max_examples=25)
@given(data=st.data(), random=st.randoms(use_true_random=False))
def test_neither_rows_nor_columns_nor_how_labels_come_change_anything(
    context_of, tables, cell_by_cell, random, data
):
    columns = data.draw(tables())
    n = len(columns["x"])
    codes = data.draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    order = list(range(n))
    random.shuffle(order)
    names = list(columns)
    random.shuffle(names)
    other = {name: [columns[name][i] for i in order] for name in names}
    one = cell_by_cell(context_of(columns, quasi=list(columns), seed=3), "x", codes)
    two = cell_by_cell(context_of(other, quasi=names, seed=3), "x", [codes[i] for i in order])
    column = two.release.columns["x"]
    m = len(column.nodes.labels)
    turned = replace(
        column,
        nodes=Nodes(column.nodes.labels[::-1], np.arange(m + 1), np.zeros(m, np.int32)),
        explicit=np.where(column.explicit < m, m - 1 - column.explicit, column.explicit),
    )
    three = Context(release=two.release.with_columns(turned), roles=two.roles, seed=3)
    first, *others = (SinglingOutAttack().evaluate(c).figures for c in (one, two, three))
    for figures in others:
        assert figures.keys() == first.keys()
        for path, figure in figures.items():
            if isinstance(figure, NotComputed):
                assert figure == first[path]
            else:
                assert figure.value == pytest.approx(first[path].value, rel=1e-12), path


def test_a_large_table_has_fewer_conditions_and_says_how_many(context_of, monkeypatch):
    monkeypatch.setattr(singling_out, "WORK", 3 * 250)
    context = context_of({"x": list("aab"), "y": list("cdc")}, quasi=["x", "y"])
    assert attack(context, SEVERAL)["predicates"].value == 250
    monkeypatch.setattr(singling_out, "WORK", 1)
    assert attack(context, SEVERAL)["predicates"].value == singling_out.FEWEST


def test_what_cannot_be_tried_has_a_reason(context_of):
    columns = {"x": ["a", "a", None], "y": list("cdc")}
    one = attack(context_of({"x": list("aab")}, quasi=["x"]), SEVERAL)
    assert {figure.reason for figure in one.values()} == {singling_out.ONE_COLUMN.reason}
    nobody = SinglingOutAttack().evaluate(context_of(columns, quasi=["x"], kept=[False] * 3))
    assert len(nobody.figures) == 11
    assert all("No record is released" in f.reason for f in nobody.figures.values())
    wild = replace(context_of(columns, quasi=["x", "y"]), missing="wildcard")
    assert attack(wild, ALL)["success"].value == pytest.approx(1 / 3)  # a d; None c also fits a c
    assert isinstance(attack(wild, ONE)["people"], NotComputed)
    closed = replace(context_of({"x": list("aab")}, quasi=["x"]), missing="wildcard")
    assert attack(closed, ONE)["people"].value == pytest.approx(1 / 3)
    alone = context_of({"x": ["a"], "y": ["b"]}, quasi=["x", "y"])
    assert attack(alone, ALL)["success"].value == 1
    assert isinstance(attack(alone, ALL)["residual"], NotComputed)


def test_adult_has_the_people_who_are_alone(context_of, adult):
    quasi = [name for name in adult.columns if name != "salary-class"]
    context = context_of(adult, quasi=quasi)
    got = attack(context, ALL)
    assert got["success"].value == pytest.approx(0.4648564419, abs=1e-10)
    assert 0.06 < attack(context, SEVERAL)["success"].value < 0.12
