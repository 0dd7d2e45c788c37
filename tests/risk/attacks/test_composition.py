from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.measure import NotComputed
from microdata.release import ReleasedColumn
from risk.attacks import joined, value_sets
from risk.attacks.composition import compose
from risk.attacks.composition_kernels import shared_values
from risk.attacks.joined import SIDES

TREE = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
CELL = st.sampled_from(["a", "b", "c", "d", None])
LABELS = ("a", "b", "c", "d", "ab", "abc")
BELOW = ([0], [1], [2], [3], [0, 1], [0, 1, 2])


def local(release, name, codes):
    """Release a column cell by cell: labels that overlap, missing cells and ``*``."""
    offsets = np.append(0, np.cumsum([len(part) for part in BELOW]))
    nodes = Nodes(LABELS, offsets, np.concatenate(BELOW).astype(np.int32))
    return release.with_columns(ReleasedColumn(name, nodes, explicit=np.asarray(codes, np.int32)))


def cells(context, name):
    """Return what a release shows of each original row; absent for rows that are left out."""
    release, column = context.release, context.release.columns[name]
    shown = dict(zip(release.record_index.tolist(), release.codes(name).tolist(), strict=True))
    return [
        (column.texts[shown[i]], shown[i] >= column.missing) if i in shown else None
        for i in range(release.source.records)
    ]


def slow_twin(first, second, sensitive=None, threshold=5):
    """Intersect the two releases in plain loops, person by person."""
    quasi, n = first.roles.quasi_identifiers, first.release.source.records
    who = list(range(n))
    if first.roles.person:
        source = first.release.source
        who = source.codes[first.roles.person].tolist()
    views = [{name: cells(context, name) for name in quasi} for context in (first, second)]
    member = [[view[quasi[0]][i] is not None for i in range(n)] for view in views]
    both = [i for i in range(n) if member[0][i] and member[1][i]]

    def alike(view, i, j):
        pairs = [(view[name][i], view[name][j]) for name in quasi]
        if first.missing == "wildcard":
            return all(x == y or x[1] or y[1] for x, y in pairs)
        return all(x == y for x, y in pairs)

    groups = {}
    for i in both:
        mine = [{j for j in range(n) if member[s][j] and alike(views[s], i, j)} for s in (0, 1)]
        together = {j for j in mine[0] & mine[1] if j in both}
        groups[i] = (*mine, together)
    people = {who[i] for i in both}
    least = {
        p: [min(len({who[j] for j in groups[i][s]}) for i in both if who[i] == p) for s in range(3)]
        for p in people
    }
    found = {
        "people": (
            len(people),
            *(len({who[i] for i in range(n) if member[s][i]} - people) for s in (0, 1)),
        ),
        "smallest": [min(sizes[s] for sizes in least.values()) for s in range(3)],
        "average": [np.mean([1 / sizes[s] for sizes in least.values()]) for s in range(3)],
        "unique": [sum(sizes[s] == 1 for sizes in least.values()) for s in range(3)],
        "below": [sum(sizes[s] < threshold for sizes in least.values()) for s in range(3)],
        "shrank": np.mean([sizes[2] < min(sizes[:2]) for sizes in least.values()]),
    }
    if sensitive:
        found["sensitive"] = slow_values((first, second), sensitive, who, groups)
    return found


def slow_values(contexts, name, who, groups):
    meant = []
    for context in contexts:
        nodes = context.release.columns[name].nodes
        leaves = dict(zip(nodes.labels, map(nodes.leaves, range(len(nodes.labels))), strict=True))
        meant.append(
            [
                None if cell is None or cell[1] else set(leaves[cell[0]].tolist())
                for cell in cells(context, name)
            ]
        )
    known = [i for i in groups if meant[0][i] is not None and meant[1][i] is not None]
    by_person = {}
    for i in known:
        sets = [
            set().union(*(meant[s][j] for j in groups[i][s] if meant[s][j] is not None))
            for s in (0, 1)
        ]
        shared = sets[0] & sets[1]
        by_person.setdefault(who[i], []).append(
            (
                len(sets[0]) == 1,
                len(sets[1]) == 1,
                len(shared) == 1,
                len(shared) / min(map(len, sets)),
            )
        )
    if not by_person:
        return None
    told = [
        (*(any(rows[s] for rows in found) for s in range(3)), 1 - min(rows[3] for rows in found))
        for found in by_person.values()
    ]
    return {
        "first": np.mean([p[0] for p in told]),
        "second": np.mean([p[1] for p in told]),
        "disclosed": np.mean([p[2] for p in told]),
        "new": np.mean([p[2] and not p[0] and not p[1] for p in told]),
        "reduction": np.mean([p[3] for p in told]),
    }


def agrees(result, twin):
    parts = ("both", "only_first", "only_second")
    assert [result.value("people", part) for part in parts] == list(twin["people"])
    for key in ("smallest", "average", "unique", "below"):
        found = [result.value(key, side) for side in SIDES]
        assert found == pytest.approx(twin[key]), key
    assert result.value("shrank") == pytest.approx(twin["shrank"])
    for side in SIDES:
        assert sum(result.sizes[side].values()) == twin["people"][0]
    for key, value in (twin.get("sensitive") or {}).items():
        assert result.value("sensitive", "s", key) == pytest.approx(value), key


def keepings(draw, n):
    return draw(st.none() | st.lists(st.booleans(), min_size=n, max_size=n))


@settings(max_examples=80)
@given(data=st.data())
def test_the_intersection_is_that_of_plain_loops(context_of, data, in_release):
    draw = data.draw
    n = draw(st.integers(1, 9))
    table = {name: draw(st.lists(CELL, min_size=n, max_size=n)) for name in ("x", "y", "s")}
    person = draw(st.sampled_from([None, "who"]))
    if person:
        table["who"] = draw(st.lists(st.sampled_from("pqrst"), min_size=n, max_size=n))
    first = context_of(
        table,
        quasi=["x", "y"],
        sensitive=["s"],
        person=person,
        hierarchies=dict.fromkeys("xys", TREE),
    )
    if not person:
        first = replace(first, missing=draw(st.sampled_from(["own", "wildcard"])))
    sides = []
    for _ in range(2):
        levels = {name: draw(st.integers(0, 2)) for name in "xy"} | {"s": draw(st.integers(0, 1))}
        side = in_release(first, levels, keepings(draw, n))
        if draw(st.booleans()):
            codes = draw(st.lists(st.integers(0, len(LABELS) + 1), min_size=n, max_size=n))
            name = draw(st.sampled_from(["x", "s"]))
            side = replace(side, release=local(side.release, name, codes), memo={})
        sides.append(side)
    result = compose(*sides, threshold=3)
    both = sides[0].release.row_mask & sides[1].release.row_mask
    if not both.any():
        assert isinstance(result, NotComputed)
        assert "Nobody is in both" in result.reason
        return
    own = replace(sides[0], missing="own"), replace(sides[1], missing="own")
    twin = slow_twin(*sides, threshold=3)
    # Sets of values are those of classes, under either rule for missing values.
    twin["sensitive"] = slow_twin(*own, "s").get("sensitive")
    agrees(result, twin)
    if twin["sensitive"] is None:
        assert isinstance(result.figures["sensitive", "s", "disclosed"], NotComputed)
    for key in ("smallest", "average", "unique", "below"):
        one, other, together = (result.value(key, side) for side in SIDES)
        if key == "smallest":
            assert together <= min(one, other), "together is never safer than either alone"
        else:
            assert together >= max(one, other) - 1e-12
    swapped = compose(sides[1], sides[0], threshold=3)
    assert swapped.sizes["together"] == result.sizes["together"]
    assert swapped.sizes["first"] == result.sizes["second"]


@settings(max_examples=40)
@given(data=st.data())
def test_a_release_and_a_coarser_one_say_no_more_than_the_finer_one(context_of, data, in_release):
    draw = data.draw
    n = draw(st.integers(1, 9))
    table = {name: draw(st.lists(CELL, min_size=n, max_size=n)) for name in ("x", "y", "s")}
    base = context_of(
        table, quasi=["x", "y"], sensitive=["s"], hierarchies=dict.fromkeys("xy", TREE)
    )
    levels = {name: draw(st.integers(0, 2)) for name in "xy"}
    kept = draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    finer = in_release(base, levels, kept)
    coarser = in_release(base, {k: draw(st.integers(v, 2)) for k, v in levels.items()}, kept)
    for result in (compose(finer, finer), compose(finer, coarser)):
        assert result.sizes["together"] == result.sizes["first"]
        assert result.value("smallest", "together") == finer.classes.k
        assert result.value("average", "together") == pytest.approx(
            finer.classes.n_classes / finer.classes.n_records
        )
        assert result.value("shrank") == 0
        if any(cell is not None for cell, keep in zip(table["s"], kept, strict=True) if keep):
            assert result.value("sensitive", "s", "new") == 0
            assert result.value("sensitive", "s", "reduction") == 0


GANTA = {
    "zip": ["13012", "13012", "13015", "13015"],
    "age": ["25", "35", "25", "35"],
    "s": ["flu", "hiv", "flu", "cold"],
}


@pytest.fixture
def ganta(context_of):
    trees = {
        "zip": [("13012", "1301*"), ("13015", "1301*")],
        "age": [("25", "<40"), ("35", "<40")],
    }
    return context_of(GANTA, quasi=["zip", "age"], sensitive=["s"], hierarchies=trees)


def test_a_table_solved_by_hand(ganta, in_release):
    by_zip, by_age = in_release(ganta, {"age": 1}), in_release(ganta, {"zip": 1})
    result = compose(by_zip, by_age)
    # Groups of 2 by zip, of 2 by age; nobody shares both.
    assert [result.value("smallest", side) for side in SIDES] == [2, 2, 1]
    assert [result.value("average", side) for side in SIDES] == [0.5, 0.5, 1]
    assert [result.value("unique", side) for side in SIDES] == [0, 0, 4]
    assert [result.value("below", side) for side in SIDES] == [4, 4, 4]
    assert result.value("shrank") == 1
    assert dict(result.sizes["together"]) == {1: 4}
    # By zip {flu, hiv} twice and {flu, cold} twice, by age {flu} and {hiv, cold}.
    shown = {key: result.value("sensitive", "s", key) for key in value_sets.KEYS}
    assert shown == {"first": 0, "second": 0.5, "disclosed": 1, "new": 0.5, "reduction": 0.25}


def test_the_keys_and_the_words(ganta, in_release):
    result = compose(in_release(ganta, {"age": 1}), in_release(ganta, {"zip": 1}), threshold=3)
    found = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert set(found) == {
        *("threshold", "people", "smallest", "average", "unique", "below", "shrank", "sensitive"),
        *("sizes", "caveats", "not_computed"),
    }
    assert found["people"] == {"both": 4, "only_first": 0, "only_second": 0}
    assert found["smallest"] == {"first": 2, "second": 2, "together": 1}
    assert found["sizes"]["together"] == {"1": 4}
    assert result.describe()[1] == "smallest group: 1 together, 2 and 2 apart"
    assert any("'s' is given away: 100.0000% together" in line for line in result.describe())


def test_people_in_one_release_only_are_counted_and_said(ganta, in_release):
    result = compose(
        in_release(ganta, {"age": 1}, [True, True, True, False]),
        in_release(ganta, {"zip": 1}, [True, True, False, False]),
    )
    assert result.value("people", "both") == 2
    assert result.value("people", "only_first") == 1
    assert result.value("people", "only_second") == 0
    assert any("1 are in the first alone and 0 in the second" in said for said in result.caveats)
    # The third person still hides nobody: the group by zip of the two others is untouched.
    assert result.value("smallest", "first") == 2


def test_a_person_with_several_rows_counts_once(context_of, in_release):
    table = {"x": ["a", "a", "b", "b"], "y": ["a", "b", "a", "b"], "who": ["p", "q", "p", "r"]}
    base = context_of(table, quasi=["x", "y"], person="who", hierarchies=dict.fromkeys("xy", TREE))
    result = compose(in_release(base, {"y": 2}), in_release(base, {"x": 2}))
    # p, q by x = a; p, r by x = b; p alone by y = a; q, r by y = b.
    assert result.value("people", "both") == 3
    assert [result.value("unique", side) for side in SIDES] == [0, 1, 3]
    assert any("counts once" in said for said in result.caveats)


def test_what_cannot_be_compared_says_why(ganta, in_release):
    fine, coarse = in_release(ganta, {"age": 1}), in_release(ganta, {"zip": 1})
    without = replace(coarse, release=coarse.release.without(("s",)), memo={})
    refused = compose(fine, without).figures["sensitive", "s", "disclosed"]
    assert "both releases publish" in refused.reason
    for change in ({"perturbed": True}, {"renamed": True}):
        column = replace(coarse.release.columns["s"], **change)
        changed = replace(coarse, release=coarse.release.with_columns(column), memo={})
        result = compose(fine, changed)
        assert "not shown as they are" in result.figures["sensitive", "s", "new"].reason
        assert "not shown as they are" in " ".join(result.describe())
        assert result.to_json()["not_computed"]["sensitive.s.new"]
    noisy = replace(coarse.release.columns["zip"], perturbed=True)
    result = compose(fine, replace(coarse, release=coarse.release.with_columns(noisy), memo={}))
    assert any("'zip' were changed" in said for said in result.caveats)
    with pytest.raises(TypeError):
        compose(fine, without).value("sensitive", "s", "new")


def test_two_tables_or_two_sets_of_roles_are_refused(ganta, context_of):
    for table in ({**GANTA, "s": list("abcd")}, {**GANTA, "zip": GANTA["age"]}):
        other = context_of(table, quasi=["zip", "age"], sensitive=["s"])
        with pytest.raises(PrivacyToolError, match="different tables"):
            compose(ganta, other)
    with pytest.raises(PrivacyToolError, match="same roles"):
        compose(ganta, context_of(GANTA, quasi=["zip"]))
    with pytest.raises(PrivacyToolError, match="missing values"):
        compose(ganta, replace(ganta, missing="wildcard"))


def test_a_table_that_was_encoded_twice_is_the_same_table(context_of):
    one, other = (context_of(GANTA, quasi=["zip", "age"], sensitive=["s"]) for _ in range(2))
    assert compose(one, other).figures == compose(one, one).figures


def test_beyond_the_told_caps_nothing_is_counted(ganta, monkeypatch):
    monkeypatch.setattr(value_sets, "MOST_COMPARED", 3)
    result = compose(ganta, ganta)
    assert "more than 3 comparisons" in result.figures["sensitive", "s", "first"].reason
    monkeypatch.setattr(joined, "MOST_SECONDS", -1.0)
    by_wildcard = replace(ganta, missing="wildcard")
    assert isinstance(compose(by_wildcard, by_wildcard), NotComputed)


def test_the_order_of_rows_changes_nothing(context_of, in_release):
    rng = np.random.default_rng(0)
    table = {name: rng.choice(list("abcd"), 300) for name in "xyz"}
    results = []
    for order in (np.arange(300), rng.permutation(300)):
        base = context_of(
            {name: values[order] for name, values in table.items()},
            quasi=["x", "y"],
            sensitive=["z"],
            hierarchies=dict.fromkeys("xy", TREE),
        )
        results.append(compose(in_release(base, {"x": 1}), in_release(base, {"y": 1})).to_json())
    assert results[0] == results[1]


SET = st.sets(st.integers(0, 12))


@given(st.lists(SET, min_size=1, max_size=4), st.lists(SET, min_size=1, max_size=4))
def test_shared_values_are_those_of_sets(ones, others):
    def packed(sets):
        return (
            np.append(0, np.cumsum([len(s) for s in sets])).astype(np.int64),
            np.array([value for s in sets for value in sorted(s)], np.int64),
        )

    pairs = np.array([(i, j) for i in range(len(ones)) for j in range(len(others))], np.int64).T
    found = shared_values(packed(ones), packed(others), np.ascontiguousarray(pairs))
    assert found.tolist() == [len(ones[i] & others[j]) for i, j in pairs.T]


def test_two_coarse_views_of_adult_single_out_whom_neither_does(
    context_of, adult, adult_hierarchies, in_release
):
    quasi = ["sex", "age", "race", "marital-status", "education"]
    base = context_of(
        adult,
        quasi=quasi,
        sensitive=["occupation"],
        hierarchies={name: adult_hierarchies[name] for name in quasi},
    )
    first = in_release(base, {"age": 1, "education": 2, "race": 1})
    second = in_release(base, {"age": 3, "marital-status": 1})
    result = compose(first, second)
    frame = adult[quasi].copy()
    for name, context in (("first", first), ("second", second)):
        codes = {column: context.release.codes(column) for column in quasi}
        frame[name] = list(zip(*codes.values(), strict=True))
    sizes = frame.groupby(["first", "second"])["age"].transform("size")
    assert result.value("smallest", "together") == sizes.min()
    assert result.value("unique", "together") == (sizes == 1).sum()
    assert result.value("average", "together") == pytest.approx((1 / sizes).mean())
    assert result.value("unique", "together") > result.value("unique", "first")
