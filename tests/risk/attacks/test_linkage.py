from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.measure import NotComputed
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import ReleasedColumn
from risk.attacks import LinkageAttack, Redraw
from risk.attacks.errors import not_known

TREE = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
CELL = st.sampled_from(["a", "b", "c", "d", None])
LABELS = ("a", "b", "c", "d", "ab", "abc")
BELOW = (["a"], ["b"], ["c"], ["d"], ["a", "b"], ["a", "b", "c"])


@dataclass(frozen=True)
class NextLeaf:
    """An error that can be followed by hand: every value becomes the next one of the column."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        n = len(source.domain(column).leaves)
        return np.where(codes < n, (codes + 1) % n, codes)


@dataclass(frozen=True)
class Forgets:
    """An error that leaves nothing known."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        return np.full_like(codes, not_known(source.domain(column)))


@st.composite
def tables(draw, *, people=False):
    n = draw(st.integers(1, 9))
    columns = {
        name: draw(st.lists(CELL, min_size=n, max_size=n))
        for name in ("x", "y", "z")[: draw(st.integers(1, 3))]
    }
    if people:
        columns["who"] = draw(st.lists(st.sampled_from("pqrst"), min_size=n, max_size=n))
    return columns


def local(release, name, codes):
    """Release a column cell by cell: labels that overlap, missing cells and ``*``."""
    positions = release.domain(name).positions
    members = [[positions[leaf] for leaf in below] for below in BELOW]
    offsets = np.append(0, np.cumsum([len(part) for part in members]))
    nodes = Nodes(
        LABELS, offsets, np.concatenate([sorted(part) for part in members]).astype(np.int32)
    )
    return release.with_columns(ReleasedColumn(name, nodes, explicit=np.asarray(codes, np.int32)))


def matches(context, name, row, told, *, by_rule):
    """Whether what is told of a person fits a record's cell, looked at as text."""
    column, domain = context.release.columns[name], context.release.domain(name)
    code = int(context.release.codes(name)[row])
    if told == "anything":
        return True
    if by_rule:
        return (
            int(column.lookup[domain.missing if told is None else domain.positions[told]]) == code
        )
    if code == column.suppressed:
        return True
    if told is None or code == column.missing:
        return told is None and code == column.missing
    return told in {domain.leaves[leaf] for leaf in column.nodes.leaves(code)}


def brute_force(context, known, *, by_rule, tell=lambda _, value: value):
    """Attack in plain loops: the chance of each target, and how many candidates it has."""
    release = context.release
    rows = release.record_index
    cells = {
        name: [
            release.domain(name).leaves[c] if c < len(release.domain(name).leaves) else None
            for c in release.source.codes[name][rows].tolist()
        ]
        for name in known
    }
    who = list(range(len(rows)))
    if context.roles.person:
        domain = release.domain(context.roles.person)
        who = [domain.leaves[c] for c in release.source.codes[domain.column][rows].tolist()]
    shown = [tuple(int(release.codes(name)[i]) for name in known) for i in range(len(rows))]
    seen, chances, sizes = set(), [], []
    for i in range(len(rows)):
        if (who[i], shown[i]) in seen:
            continue
        seen.add((who[i], shown[i]))
        told = {name: tell(release.domain(name), cells[name][i]) for name in known}
        found = {
            who[j]
            for j in range(len(rows))
            if all(matches(context, name, j, told[name], by_rule=by_rule) for name in known)
        }
        sizes.append(len(found))
        chances.append(1 / len(found) if who[i] in found else 0.0)
    return chances, sizes


def next_leaf(domain, value):
    return (
        None if value is None else domain.leaves[(domain.positions[value] + 1) % len(domain.leaves)]
    )


def quasi_of(table):
    return [name for name in table if name != "who"]


def agrees(result, chances, sizes):
    assert result.top_1 == pytest.approx(np.mean(chances))
    claims = [chance for chance, size in zip(chances, sizes, strict=True) if size == 1]
    assert result.value("unique", "claims") == len(claims)
    if claims:
        assert result.value("unique", "precision") == pytest.approx(np.mean(claims))
    assert result.value("candidates", "none") == pytest.approx(np.mean(np.array(sizes) == 0))
    few = [0 < size < 5 for size in sizes]
    assert result.value("candidates", "below_5") == pytest.approx(np.mean(few))
    some = sorted(size for size in sizes if size)
    if some:
        assert result.value("candidates", "median") == some[(len(some) - 1) // 2]
    ten = [chance * min(10, size) for chance, size in zip(chances, sizes, strict=True)]
    assert result.value("top_n", "10") == pytest.approx(np.mean(ten))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_attacker_finds_what_plain_loops_find(context_of, data):
    table = data.draw(tables(people=data.draw(st.booleans())))
    quasi = quasi_of(table)
    n = len(table[quasi[0]])
    kept = data.draw(st.none() | st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    context = context_of(
        table,
        quasi=quasi,
        person="who" if "who" in table else None,
        hierarchies=dict.fromkeys(quasi, TREE),
        levels={name: data.draw(st.integers(0, 2)) for name in quasi},
        kept=kept,
    )
    if data.draw(st.booleans()):
        codes = st.lists(st.integers(0, len(LABELS) + 1), min_size=n, max_size=n)
        context = replace(context, release=local(context.release, quasi[0], data.draw(codes)))
    known = tuple(name for name in quasi if data.draw(st.booleans())) or (quasi[-1],)
    by_rule = all(context.release.columns[name].lookup is not None for name in known)
    for knows_rule in (True, False):
        for errors, tell in (
            ({}, lambda _, value: value),
            ({n: NextLeaf() for n in known}, next_leaf),
        ):
            attack = LinkageAttack(known=known, knows_rule=knows_rule, errors=errors, n_repeats=1)
            result = attack.run(context)
            chances, sizes = brute_force(context, known, by_rule=knows_rule and by_rule, tell=tell)
            agrees(result, chances, sizes)
            assert (result.rule_aware is not None) == (knows_rule and not by_rule)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_laws_of_an_attack_without_errors(context_of, data):
    table = data.draw(tables())
    quasi = list(table)
    levels = {name: data.draw(st.integers(0, 2)) for name in quasi}
    context = context_of(table, quasi=quasi, hierarchies=dict.fromkeys(quasi, TREE), levels=levels)
    result = LinkageAttack(max_known=3).run(context)
    classes = context.classes
    assert result.top_1 == pytest.approx(classes.n_classes / classes.n_records, abs=1e-12)
    assert result.interval is None
    raw = LinkageAttack().run(
        context_of(table, quasi=quasi, hierarchies=dict.fromkeys(quasi, TREE))
    )
    assert result.top_1 <= raw.top_1 + 1e-12, "coarser never finds more people"
    by_containment = LinkageAttack(knows_rule=False).run(context)
    assert by_containment.top_1 <= result.top_1 + 1e-12, "containment leaves more candidates"
    found = {subset.columns: subset.top_1 for subset in result.by_subset}
    assert found[tuple(quasi)] == pytest.approx(result.top_1)
    for columns, top in found.items():
        for name in columns:
            fewer = tuple(other for other in columns if other != name)
            assert found.get(fewer, 0.0) <= top + 1e-12, "knowing less never finds more people"
    recalls = [point.recall for point in result.curve]
    assert recalls == sorted(recalls)


HAND = {"x": ["a", "a", "b", "c"], "y": ["a", "a", "a", "b"]}


def test_a_table_solved_by_hand(context_of):
    result = LinkageAttack(max_known=2).run(context_of(HAND, quasi=["x", "y"]))
    # Groups of 2, 1 and 1: 3 of 4 people are found; a blind guess finds 1 of 4.
    assert result.top_1 == 0.75
    assert result.value("expected") == 3
    assert result.value("baseline") == 0.25
    assert result.value("advantage") == pytest.approx(2 / 3)
    assert result.value("unique", "claims") == 2
    assert result.value("top_n", "5") == 1
    assert [vars(p) for p in result.curve[:2]] == [
        {"confidence": 1.0, "claims": 2, "precision": 1.0, "recall": 0.5},
        {"confidence": 0.5, "claims": 4, "precision": 0.75, "recall": 0.75},
    ]
    assert [(s.columns, s.top_1, s.unique) for s in result.by_subset] == [
        (("x",), 0.75, 0.5),
        (("y",), 0.5, 0.25),
        (("x", "y"), 0.75, 0.5),
    ]
    assert [s.columns for s in result.frontier] == [("x",), ("x", "y")]
    assert isinstance(result.figures["control",], NotComputed)
    assert result.to_json()["control"] is None


def test_wrong_matches_are_false_positives(context_of):
    errors = {"x": NextLeaf()}
    result = LinkageAttack(errors=errors, n_repeats=1).run(context_of(HAND, quasi=["x", "y"]))
    # Told (b,a) twice, (c,a) and (a,b): the first two point at the third, the rest at nobody.
    assert result.top_1 == 0
    assert result.value("unique", "claims") == 2
    assert result.value("unique", "precision") == 0
    assert result.value("candidates", "none") == 0.5
    assert result.wrong == {"x": 1.0, "y": 0.0}


@pytest.mark.parametrize("knows_rule", [True, False])
@pytest.mark.parametrize("how", [{"missing": 1.0}, {"errors": {"x": Forgets(), "y": Forgets()}}])
def test_who_knows_nothing_guesses_blindly(context_of, knows_rule, how):
    result = LinkageAttack(knows_rule=knows_rule, **how).run(context_of(HAND, quasi=["x", "y"]))
    assert result.top_1 == pytest.approx(0.25)
    assert result.value("advantage") == pytest.approx(0)
    assert result.value("candidates", "median") == 4


def test_no_published_column_leaves_a_blind_guess(context_of):
    context = context_of(HAND, quasi=["x", "y"])
    context = replace(context, release=context.release.without(("x",)))
    result = LinkageAttack(known=("x",), errors=0.5, max_known=2).run(context)
    assert (result.top_1, result.known, result.by_subset) == (0.25, (), ())
    assert any("'x' is not published" in caveat for caveat in result.caveats)


def test_someone_with_several_records_is_one_candidate(context_of):
    table = {"x": ["a", "b", "a"], "who": ["p", "p", "q"]}
    context = context_of(table, quasi=["x"], person="who")
    result = LinkageAttack(missing=1.0, n_repeats=2).run(context)
    assert result.value("candidates", "median") == 2
    assert result.top_1 == pytest.approx(0.5)
    # p by a (of p and q), p by b (alone), q by a: 1/2 + 1 + 1/2.
    assert LinkageAttack().run(context).value("expected") == pytest.approx(2)


def test_under_the_wildcard_rule_a_gap_fits_everything(context_of):
    table = {"x": ["a", "a", None]}
    own = context_of(table, quasi=["x"])
    assert LinkageAttack().run(own).top_1 == pytest.approx(2 / 3)
    for knows_rule in (True, False):
        result = LinkageAttack(knows_rule=knows_rule).run(replace(own, missing="wildcard"))
        assert result.top_1 == pytest.approx(1 / 3)


def test_people_of_the_population_may_not_be_in_the_release(context_of):
    import pandas as pd

    register = pd.DataFrame({"x": ["a", "a", "a", "a", "b", "c"]}, dtype=object)
    population = Population(table=dataset_from_frame(register, "register"))
    context = context_of({"x": ["a", "a", "b"]}, quasi=["x"], population=population)
    result = LinkageAttack(membership="unknown").run(context)
    # Four people look like the two: each is one of them with 1/2, then found with 1/2.
    assert result.top_1 == pytest.approx((4 * 0.25 + 1 + 0) / 6)
    assert result.value("baseline") == pytest.approx((4 * 0.5 + 1) / 6 / 3)
    # Of three people outside, two look like two others and one like nobody.
    assert result.value("control") == 0
    context = context_of({"x": ["a", "b"]}, quasi=["x"], population=population)
    # Three of the four who look like the one released are claimed, and wrongly; c is not.
    assert LinkageAttack(membership="unknown").run(context).value("control") == pytest.approx(3 / 4)


def test_sampled_targets_have_wilsons_interval(context_of):
    table = {"x": [str(i % 40) for i in range(100)]}
    result = LinkageAttack(n_targets=30).run(context_of(table, quasi=["x"]))
    assert result.targets == 30
    assert result.interval.method == "Wilson"
    assert result.interval.low < 0.4 < result.interval.high
    assert result.value("expected") == pytest.approx(result.top_1 * 100)


def test_the_same_seed_finds_the_same_people(context_of):
    context = context_of({"x": list("abcdabcaab"), "y": list("ababababcc")}, quasi=["x", "y"])
    attack = LinkageAttack(errors=0.3, missing=0.1, seed=7, max_known=2)
    assert attack.run(context).to_json() == attack.run(context).to_json()
    other = replace(attack, seed=8).run(context)
    assert other.to_json()["wrong"] != attack.run(context).to_json()["wrong"]


def test_what_cannot_be_attacked_says_why(context_of):
    context = context_of(HAND, quasi=["x", "y"])
    refused = LinkageAttack(membership="unknown").run(context)
    assert isinstance(refused, NotComputed)
    assert "population table" in refused.reason
    nobody = context_of(HAND, quasi=["x", "y"], kept=[False] * 4)
    assert isinstance(LinkageAttack().run(nobody), NotComputed)
    with pytest.raises(PrivacyToolError, match="'nope' is not a quasi-identifier"):
        LinkageAttack(known=("nope",)).run(context)
    elsewhere = replace(context, release=replace(context.release, origin=context.release.source))
    assert "elsewhere" in LinkageAttack().run(elsewhere).reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"errors": 1.5},
        {"missing": -0.1},
        {"missing": float("nan")},
        {"n_targets": 0},
        {"n_repeats": 0},
        {"max_known": -1},
        {"seed": -1},
    ],
    ids=str,
)
def test_a_call_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(PrivacyToolError):
        LinkageAttack(**wrong)


def test_beyond_the_budget_fewer_people_are_looked_for(context_of, monkeypatch):
    table = {"x": [str(i % 60) for i in range(100)], "y": [str(i % 7) for i in range(100)]}
    context = context_of(table, quasi=["x", "y"])
    monkeypatch.setattr("risk.attacks.run.STEPS", 1_000)
    result = LinkageAttack(errors=0.1, n_repeats=2, max_known=2).run(context)
    assert 0 < result.targets < 100
    assert any("drawn at random" in caveat for caveat in result.caveats)
    assert {len(subset.columns) for subset in result.by_subset} == {1}
    assert any("Sets of 2 known columns" in caveat for caveat in result.caveats)
    monkeypatch.setattr("risk.attacks.run.STEPS", 10)
    assert isinstance(LinkageAttack(errors=0.1).run(context), NotComputed)


EIGHT = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, (0.600, 1, 0)),
        (0.05, (0.469, 0.935, 0.137)),
        (0.1, (0.362, 0.860, 0.250)),
        (0.2, (0.210, 0.686, 0.421)),
    ],
)
def test_the_adult_table_is_found_as_an_independent_attacker_finds_it(
    context_of, adult, rate, expected
):
    context = context_of(adult, quasi=EIGHT)
    result = LinkageAttack(errors=rate).run(context)
    figures = (("top_1",), ("unique", "precision"), ("candidates", "none"))
    found = [result.value(*path) for path in figures]
    assert found == pytest.approx(expected, abs=0.01)
    if not rate:
        assert result.top_1 == pytest.approx(18_109 / 30_162, abs=1e-12)
        assert result.value("unique", "claims") == 14_021
    counts = adult["age"].value_counts(normalize=True)
    assert result.wrong["age"] == pytest.approx(rate * (1 - (counts**2).sum()), abs=0.005)


def test_errors_in_one_column_leave_the_others_right(context_of, adult):
    context = context_of(adult, quasi=EIGHT)
    result = LinkageAttack(errors={"sex": Redraw(rate=0.2)}, n_repeats=1, n_targets=2_000).run(
        context
    )
    assert result.wrong["age"] == 0
    assert result.wrong["sex"] > 0.05
