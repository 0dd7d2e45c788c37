from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.measure import NotComputed
from risk.attacks import linkability
from risk.attacks.linkability import LinkabilityAttack


def attack(context):
    result = LinkabilityAttack().evaluate(context)
    assert {path[:2] for path in result.figures} == {("attacks", "linkability")}
    label = result.labels.get(("attacks", "linkability", "worst_columns"))
    return {path[-1]: figure for path, figure in result.figures.items()}, label


def values(figures):
    return {key: figure.value for key, figure in figures.items()}


def by_loops(context):
    """Divide the columns in every way and look for each person in plain loops."""
    release, person = context.release, context.roles.person
    names = sorted(context.classes.columns)
    whose = release.record_index.tolist()
    if person is not None:
        whose = release.source.codes[person][release.record_index].tolist()
    codes = [release.codes(name).tolist() for name in names]
    rows = sorted({(who, *row) for who, row in zip(whose, zip(*codes, strict=True), strict=True)})
    n, everything = len(rows), tuple(range(1, len(names) + 1))

    def candidates(row, known):
        return {other[0] for other in rows if all(other[c] == row[c] for c in known)}

    def right(known):
        return fmean(1 / len(candidates(row, known)) for row in rows)

    found = {}
    for size in range(1, len(names)):
        for two in combinations(everything, size):
            if 1 in two:
                continue
            one = tuple(c for c in everything if c not in two)
            found[one, two] = sum(
                len(candidates(row, everything)) == 1
                and len(candidates(row, one)) > 1
                and len(candidates(row, two)) > 1
                for row in rows
            )
    return {
        "rows": n,
        "names": names,
        "found": found,
        "joined": right(everything),
        "right": right,
    }


def agree(context):
    fact = by_loops(context)
    figures, label = attack(context)
    left = figures.pop("residual")
    got = values(figures)
    n, found = fact["rows"], fact["found"]
    worst = max(found.values())
    assert got["splits"] == len(found)
    assert got["worst"] == pytest.approx(worst / n)
    assert got["mean"] == pytest.approx(fmean(found.values()) / n)
    assert got["baseline"] == pytest.approx(1 / n)
    assert got["joined"] == pytest.approx(fact["joined"])
    halves = tuple(
        tuple(fact["names"].index(name) + 1 for name in half.split(", "))
        for half in label.split(" | ")
    )
    assert found[halves] == worst
    assert got["half_one"] == pytest.approx(fact["right"](halves[0]))
    assert got["half_two"] == pytest.approx(fact["right"](halves[1]))
    if n > 1:
        assert left.value == pytest.approx(max(0, (worst / n - 1 / n) / (1 - 1 / n)))


def test_a_table_solved_by_hand(context_of):
    context = context_of({"x": list("aabb"), "y": list("cdcc")}, quasi=["x", "y"])
    figures, label = attack(context)
    # a c: one of two by a and one of three by c, alone by both; a d is alone by d already
    assert values(figures) == pytest.approx(
        {
            "splits": 1,
            "worst": 1 / 4,
            "mean": 1 / 4,
            "baseline": 1 / 4,
            "residual": 0,
            "joined": 3 / 4,
            "half_one": 2 / 4,
            "half_two": 2 / 4,
        }
    )
    assert label == "x | y"
    assert figures["worst"].caveats == (
        "The worst division has 'x' in one file and 'y' in the other.",
    )


@settings(max_examples=80)
@given(data=st.data())
def test_plain_loops_agree(drawn_context, data):
    agree(drawn_context(data, fewest=2))


@settings(max_examples=25)
@given(data=st.data(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_plays_no_part(context_of, tables, data, random):
    columns = data.draw(tables(fewest=2, people=True))
    order = list(range(len(columns["x"])))
    random.shuffle(order)
    names = list(columns)
    random.shuffle(names)
    other = {name: [columns[name][i] for i in order] for name in names}
    one, two = (
        attack(context_of(c, quasi=[name for name in c if name != "who"], person="who"))
        for c in (columns, other)
    )
    assert one[1] == two[1]
    for key, figure in one[0].items():
        if not isinstance(figure, NotComputed):
            assert two[0][key].value == pytest.approx(figure.value, rel=1e-12)


def nine_columns(seed=1):
    rng = np.random.default_rng(seed)
    return {f"c{i}": rng.integers(0, 2, 24).astype(str).tolist() for i in range(9)}


def test_of_many_columns_random_divisions_are_tried_and_told(context_of):
    columns = nine_columns()
    quasi = list(columns)
    figures, _ = attack(context_of(columns, quasi=quasi, seed=5))
    assert figures["splits"].value == linkability.SPLITS
    for key in ("splits", "worst", "mean", "residual", "half_one", "half_two"):
        assert (figures[key].method, figures[key].seed) == ("random divisions", 5), key
        assert "Of 255 ways" in figures[key].caveats[-1], "of the worst division that was drawn"
    assert figures["joined"].exact
    assert "Of 255 ways to divide the columns" in figures["worst"].caveats[-1]
    again, _ = attack(context_of(columns, quasi=quasi[::-1], seed=5))
    assert values(again) == pytest.approx(values(figures))
    fact = by_loops(context_of(columns, quasi=quasi))
    assert figures["worst"].value <= max(fact["found"].values()) / 24
    assert figures["mean"].value == pytest.approx(fmean(fact["found"].values()) / 24, abs=0.1)
    assert figures["joined"].value == pytest.approx(fact["joined"])


def test_a_large_table_has_fewer_divisions(context_of, monkeypatch):
    monkeypatch.setattr(linkability, "WORK", 1)
    columns = dict(list(nine_columns().items())[:6])
    figures, _ = attack(context_of(columns, quasi=list(columns)))
    assert figures["splits"].value == linkability.FEWEST
    assert "Of 31 ways" in figures["worst"].caveats[-1]


def test_keys_of_more_than_one_word_are_divided_too(context_of, monkeypatch):
    columns = {f"c{i}": [f"v{j * (i + 1) % 7}" for j in range(30)] for i in range(5)}
    small = attack(context_of(columns, quasi=list(columns)))
    monkeypatch.setattr("microdata.keys.WORD_BITS", 5)
    assert attack(context_of(columns, quasi=list(columns))) == small


@settings(max_examples=30)
@given(data=st.data())
def test_whoever_is_put_together_has_no_look_alike(context_of, tables, data):
    columns = data.draw(tables(fewest=2))
    context = context_of(columns, quasi=list(columns))
    figures, _ = attack(context)
    alone = int((context.classes.count == 1).sum()) / context.classes.n_records
    assert figures["mean"].value <= figures["worst"].value <= alone
    assert figures["joined"].value >= max(figures["half_one"].value, figures["half_two"].value)


def test_what_cannot_be_divided_has_a_reason(context_of):
    columns = {"x": ["a", "a", None], "y": list("cdc")}

    def reason(context):
        figures, label = attack(context)
        assert label is None
        assert len(figures) == len(linkability.KEYS)
        (said,) = {figure.reason for figure in figures.values()}
        return said

    assert "Only one quasi-identifier" in reason(context_of(columns, quasi=["x"]))
    assert "No record" in reason(context_of(columns, quasi=["x", "y"], kept=[False] * 3))
    wild = replace(context_of(columns, quasi=["x", "y"]), missing="wildcard")
    assert "a missing value is a value of its own" in reason(wild)


def test_adult_can_be_put_together(context_of, adult):
    quasi = [name for name in adult.columns if name != "salary-class"]
    figures, label = attack(context_of(adult, quasi=quasi))
    assert figures["splits"].value == 127
    assert figures["joined"].value == pytest.approx(18_109 / 30_162)
    assert figures["worst"].value < 0.4648564419
    one, two = (half.split(", ") for half in label.split(" | "))
    # counted anew by pandas
    sizes = [adult.groupby(part)[part[0]].transform("size") for part in (one, two, quasi)]
    together = (sizes[0] > 1) & (sizes[1] > 1) & (sizes[2] == 1)
    assert figures["worst"].value == pytest.approx(together.mean())
