"""An attacker in plain loops, who looks at texts and shares no code with the one that is tested."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.hierarchy import Nodes
from microdata.release import ReleasedColumn
from risk.attacks import LinkageAttack
from risk.attacks.candidates import Matching, compatible, joined, joined_columns
from risk.attacks.errors import not_known
from risk.attacks.people import classes_by, persons_of, units_of

ANYTHING = object()
WORDS = ("a", "b", "c", "d")
NUMBERS = ("1", "2", "4", "9")
LEAVES = {"x": WORDS, "y": WORDS, "n": NUMBERS}
BELOW = ((0,), (1,), (2,), (3,), (0, 1), (0, 1, 2), (0, 3))
"""The leaves of labels that are released cell by cell; some overlap, and the last has a gap."""


def tree(name):
    leaves = LEAVES[name]
    return [(leaf, "+".join(leaves[i // 2 * 2 :][:2]), "*") for i, leaf in enumerate(leaves)]


@st.composite
def tables(draw, *, people=False):
    n = draw(st.integers(1, 9))
    names = draw(st.lists(st.sampled_from(sorted(LEAVES)), min_size=1, max_size=3, unique=True))
    columns = {
        name: draw(st.lists(st.sampled_from([*LEAVES[name], None]), min_size=n, max_size=n))
        for name in names
    }
    if people:
        columns["who"] = draw(st.lists(st.sampled_from("pqrst"), min_size=n, max_size=n))
    return columns


def local(release, name, codes):
    """Release a column cell by cell: labels that overlap, missing cells and ``*``."""
    positions = release.domain(name).positions
    members = [sorted(positions[LEAVES[name][leaf]] for leaf in below) for below in BELOW]
    offsets = np.append(0, np.cumsum([len(part) for part in members]))
    labels = tuple("|".join(map(str, below)) for below in BELOW)
    nodes = Nodes(labels, offsets, np.concatenate(members).astype(np.int32))
    return release.with_columns(ReleasedColumn(name, nodes, explicit=np.asarray(codes, np.int32)))


@dataclass(frozen=True)
class Partly:
    """An error that loops can follow: by turns a value is forgotten, the next one, and right."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        n, turn = len(source.domain(column).leaves), np.arange(codes.size) % 3
        wrong = np.where(codes < n, (codes + 1) % n, codes)
        unknown = not_known(source.domain(column))
        return np.select([turn == 0, turn == 1], [unknown, wrong], codes)


@dataclass(frozen=True)
class NextLeaf:
    """Every value becomes the next one of the column."""

    rate: float = 1.0

    def replaced(self, codes, column, source, _rng):
        n = len(source.domain(column).leaves)
        return np.where(codes < n, (codes + 1) % n, codes)


def told_of(model, domain, value, target):
    """Return what is told of a value under an error."""
    if isinstance(model, Partly) and target % 3 == 0:
        return ANYTHING
    if model is None or value is None or (isinstance(model, Partly) and target % 3 == 2):
        return value
    return domain.leaves[(domain.positions[value] + 1) % len(domain.leaves)]


def below_of(context, name, row):
    """Return the texts of the values that a released cell stands for; None where it is no label."""
    column, domain = context.release.columns[name], context.release.domain(name)
    code = int(context.release.codes(name)[row])
    if code >= column.missing:
        return None
    return [domain.leaves[leaf] for leaf in column.nodes.leaves(code)]


def matches(context, name, row, told, *, by_rule):
    """Whether what is told of a person fits a record's cell."""
    column, domain = context.release.columns[name], context.release.domain(name)
    code = int(context.release.codes(name)[row])
    if told is ANYTHING:
        return True
    if by_rule:
        return (
            int(column.lookup[domain.missing if told is None else domain.positions[told]]) == code
        )
    if code == column.suppressed:
        return True
    if told is None or code == column.missing:
        return told is None and code == column.missing
    return told in below_of(context, name, row)


def distance(context, name, row, told, *, by_rule):
    """Return Gower's distance of what is told from a record's cell."""
    if matches(context, name, row, told, by_rule=by_rule):
        return 0.0
    below = below_of(context, name, row)
    if name != "n" or told is None or below is None:
        return 1.0
    domain, codes = context.release.domain(name), context.release.source.codes[name]
    held = [float(domain.leaves[c]) for c in codes.tolist() if c < len(domain.leaves)]
    if not held or max(held) == min(held):
        return 1.0
    gap = min(abs(float(told) - float(leaf)) for leaf in below)
    return min(1.0, gap / (max(held) - min(held)))


def brute_force(context, known, *, by_rule, errors=None, nearest=False):
    """Attack: for each target its chance, the number of candidates, and whether they only near."""
    release = context.release
    rows = release.record_index

    def cells(name):
        domain = release.domain(name)
        return [(*domain.leaves, None)[c] for c in release.source.codes[name][rows].tolist()]

    values = {name: cells(name) for name in known}
    who = cells(context.roles.person) if context.roles.person else list(range(len(rows)))
    shown = [tuple(int(release.codes(name)[i]) for name in known) for i in range(len(rows))]
    seen, outcomes = set(), []
    for i in range(len(rows)):
        if (who[i], shown[i]) in seen:
            continue
        told = {
            name: told_of(
                (errors or {}).get(name), release.domain(name), values[name][i], len(seen)
            )
            for name in known
        }
        seen.add((who[i], shown[i]))
        found = {
            who[j]
            for j in range(len(rows))
            if all(matches(context, name, j, told[name], by_rule=by_rule) for name in known)
        }
        near = nearest and not found
        if near:
            far = [
                sum(distance(context, name, j, told[name], by_rule=by_rule) for name in known)
                for j in range(len(rows))
            ]
            found = {who[j] for j in range(len(rows)) if far[j] <= min(far) + 1e-9}
        outcomes.append((1 / len(found) if who[i] in found else 0.0, len(found), near))
    return outcomes


def agrees(result, outcomes, *, nearest):
    chances, sizes, near = map(np.array, zip(*outcomes, strict=True))
    assert result.top_1 == pytest.approx(chances.mean())
    claims = sizes == 1
    assert result.value("unique", "claims") == claims.sum()
    if claims.any():
        assert result.value("unique", "precision") == pytest.approx(chances[claims].mean())
    assert result.value("candidates", "none") == pytest.approx((sizes == 0).mean())
    assert result.value("candidates", "below_5") == pytest.approx(
        ((sizes > 0) & (sizes < 5)).mean()
    )
    some = sorted(sizes[sizes > 0])
    if some:
        assert result.value("candidates", "median") == some[(len(some) - 1) // 2]
    ten = chances * np.minimum(10, sizes)
    assert result.value("top_n", "10") == pytest.approx(ten.mean())
    if nearest:
        assert result.value("candidates", "nearest") == pytest.approx(near.mean())
        assert result.value("nearest", "claims") == (near & claims).sum()
        if (near & claims).any():
            right = chances[near & claims].mean()
            assert result.value("nearest", "precision") == pytest.approx(right)


def drawn_context(data, context_of):
    table = data.draw(tables(people=data.draw(st.booleans())))
    quasi = [name for name in table if name != "who"]
    n = len(table[quasi[0]])
    kept = data.draw(st.none() | st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    context = context_of(
        table,
        quasi=quasi,
        person="who" if "who" in table else None,
        hierarchies={name: tree(name) for name in quasi},
        levels={name: data.draw(st.integers(0, 2)) for name in quasi},
        kept=kept,
    )
    if data.draw(st.booleans()):
        codes = st.lists(st.integers(0, len(BELOW) + 1), min_size=n, max_size=n)
        context = replace(context, release=local(context.release, quasi[0], data.draw(codes)))
    known = tuple(name for name in quasi if data.draw(st.booleans())) or (quasi[-1],)
    return context, known


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_attacker_finds_what_plain_loops_find(context_of, data):
    context, known = drawn_context(data, context_of)
    has_rule = all(context.release.columns[name].lookup is not None for name in known)
    for knows_rule in (True, False):
        for model in (None, NextLeaf(), Partly()):
            for nearest in (False, True):
                errors = {} if model is None else dict.fromkeys(known, model)
                attack = LinkageAttack(
                    known=known,
                    knows_rule=knows_rule,
                    errors=errors,
                    n_repeats=1,
                    nearest=nearest,
                )
                result = attack.run(context)
                by_rule = knows_rule and has_rule
                found = brute_force(context, known, by_rule=by_rule, errors=errors, nearest=nearest)
                agrees(result, found, nearest=nearest)
                assert (result.rule_aware is not None) == (knows_rule and not has_rule)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_looking_up_and_counting_in_bits_find_the_same(context_of, data):
    context, known = drawn_context(data, context_of)
    release = context.release
    units = units_of(classes_by(context, known), persons_of(context))
    matchings = {
        name: Matching.by_containment(release.columns[name], release.domain(name), wildcard=False)
        for name in known
    }
    columns = joined_columns(units, matchings)
    told = {
        name: np.array(data.draw(st.lists(st.integers(0, 6), min_size=5, max_size=5)))
        for name in known
    }
    in_bits = compatible(units, matchings, told)
    if columns is None:
        assert any(matchings[name].open[codes].any() for name, codes in units.codes.items())
    else:
        looked_up = joined(units, matchings, columns, told)
        both = looked_up >= 0
        assert looked_up[both].tolist() == in_bits[both].tolist()
        several = [
            any((told[name][i], name) in _several(matchings) for name in columns) for i in range(5)
        ]
        assert all(several[i] for i in np.flatnonzero(~both))


def _several(matchings):
    """Return what fits more than one released value, by looking at each of them."""
    found = set()
    for name, matching in matchings.items():
        for code in range(matching.known):
            lists = [
                code in matching.members[matching.offsets[r] : matching.offsets[r + 1]]
                for r in range(matching.open.size)
            ]
            if sum(lists) > 1:
                found.add((code, name))
    return found


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_laws_of_an_attack_without_errors(context_of, data):
    table = data.draw(tables())
    quasi = list(table)
    levels = {name: data.draw(st.integers(0, 2)) for name in quasi}
    trees = {name: tree(name) for name in quasi}
    context = context_of(table, quasi=quasi, hierarchies=trees, levels=levels)
    result = LinkageAttack(max_known=3).run(context)
    classes = context.classes
    assert result.top_1 == pytest.approx(classes.n_classes / classes.n_records, abs=1e-12)
    assert result.interval is None
    raw_context = context_of(table, quasi=quasi, hierarchies=trees)
    raw = LinkageAttack().run(raw_context)
    assert result.top_1 <= raw.top_1 + 1e-12, "coarser never finds more people"
    sample_uniques = int((raw_context.classes.count == 1).sum())
    assert raw.value("unique", "claims") == sample_uniques
    if sample_uniques:
        assert raw.value("unique", "precision") == 1
    by_containment = LinkageAttack(knows_rule=False).run(context)
    assert by_containment.top_1 <= result.top_1 + 1e-12, "containment leaves more candidates"
    for part in ("p5", "median"):
        more = by_containment.value("candidates", part)
        assert more >= result.value("candidates", part)
    near = LinkageAttack(nearest=True).run(context)
    assert near.top_1 == result.top_1, "nobody is left whom nobody fits"
    assert near.value("candidates", "nearest") == 0
    found = {subset.columns: subset.top_1 for subset in result.by_subset}
    assert found[tuple(quasi)] == pytest.approx(result.top_1)
    for columns, top in found.items():
        for name in columns:
            fewer = tuple(other for other in columns if other != name)
            assert found.get(fewer, 0.0) <= top + 1e-12, "knowing less never finds more people"
    recalls = [point.recall for point in result.curve]
    assert recalls == sorted(recalls)
