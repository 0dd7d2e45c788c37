import itertools
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes
from microdata.measure import NotComputed
from microdata.readers import read_dataset
from microdata.roles import Role, Roles
from transforms.hierarchies import read_hierarchies
from transforms.search import profile as profiles
from transforms.search import profile_kernels, search, search_problem, walk
from transforms.search.columns import search_columns
from transforms.search.formulas import make_scorer
from transforms.search.profile import OVER, SAFE, WITHIN, LatticeProfile, profile_lattice
from transforms.search.scores import ByColumn
from transforms.search.table import Codebook, TableStore

AGES = [[str(a), f"{a // 10}x", "*"] for a in (21, 22, 31, 32)]
SEXES = [["f", "*"], ["m", "*"]]
HAND = {
    "age": ["21", "22", "21", "31", "32", "32"],
    "sex": ["f", "f", "m", "m", "m", "f"],
}
RULES = {"age": AGES, "sex": SEXES}
ADULT = Path(__file__).resolve().parents[3] / "../shared/data/adult"
MEASURES = (
    *("loss", "loss(max)", "loss(sum)", "loss(arithmetic)", "loss(gs=0.2)", "loss(gs=0)"),
    *("loss(gs=0.8)", "loss(gs=1)", "entropy", "entropy-monotonic", "entropy-normalised"),
    *("discernibility", "discernibility-monotonic", "average-class-size", "precision"),
    *("precision-monotonic", "height", "ambiguity"),
)


def made(ask, columns, rules, minimize="loss", k=2, **more):
    problem, source = ask(columns, rules, [f"k-anonymity={k}"], 0.0, minimize, **more)
    profile = profile_lattice(problem, source, seconds=60)
    assert isinstance(profile, LatticeProfile)
    return profile


def test_a_hand_solved_profile(ask):
    profile = made(ask, HAND, RULES)
    assert (profile.nodes, profile.shape, profile.records) == (6, (3, 2), 6)
    assert profile.k.tolist() == list(range(1, 65))
    # Age as it is and sex gone: 21 twice, 22, 31, and 32 twice.
    node = profile.node_of({"age": 0, "sex": 1})
    assert node == 1
    assert profile.suppressed[node, :3].tolist() == [0, 2, 6]
    assert profile.classes[node, :3].tolist() == [4, 2, 0]
    assert profile.smallest[node, :3].tolist() == [1, 2, 0]
    # By decades: 20s and 30s of f and m are 2, 1, 1 and 2.
    two = profile.at(profile.node_of({"age": 1, "sex": 0}), 2)
    assert (two.suppressed, two.classes, two.smallest, two.risk) == (2, 2, 2, 0.5)
    # Losses 5/9 and 1/3, as in the test of the search.
    assert two.score == pytest.approx(math.sqrt(14 / 9 * 4 / 3) - 1, abs=1e-9)


def test_a_hand_solved_choice_and_its_states(ask):
    profile = made(ask, HAND, RULES)
    best = profile.best(2, 0.0)
    assert best.levels == {"age": 2, "sex": 0}
    assert best.score == pytest.approx(math.sqrt(2) - 1, abs=1e-9)
    assert profile.best(7, 1.0) is None
    # Age 0 and sex 0 leaves out all, age 0 and sex 1 two, age 1 and sex 0 two, the others none.
    assert profile.states(2, 0.34).tolist() == [OVER, WITHIN, WITHIN, SAFE, SAFE, SAFE]
    assert profile.states(2, 0.33).tolist() == [OVER, OVER, OVER, SAFE, SAFE, SAFE]
    assert profile.states(7, 1.0).tolist() == [OVER] * 6


def test_neighbours_are_a_level_away_in_one_column(ask):
    profile = made(ask, HAND, RULES)
    middle = profile.node_of({"age": 1, "sex": 0})
    found = [profile.levels_of(node) for node in profile.neighbours(middle)]
    assert found == [{"age": 0, "sex": 0}, {"age": 2, "sex": 0}, {"age": 1, "sex": 1}]


def test_the_frontier_of_the_hand_solved_table(ask):
    profile = made(ask, HAND, RULES)
    frontier = profile.frontier(0.0)
    # As it is; age gone for three; both gone for six.
    assert [(point.k, point.smallest) for point in frontier] == [(1, 1), (3, 3), (6, 6)]
    assert [tuple(point.levels.values()) for point in frontier] == [(0, 0), (2, 0), (2, 1)]


def test_levels_may_start_above_the_lowest(ask):
    profile = made(ask, HAND, RULES, levels={"age": (1, 2), "sex": (1, 1)})
    assert (profile.lowest, profile.shape) == ((1, 1), (2, 1))
    assert profile.levels_of(1) == {"age": 2, "sex": 1}
    with pytest.raises(PrivacyToolError, match="'age' needs a level from 1 to 2"):
        profile.node_of({"age": 0, "sex": 1})


@pytest.mark.parametrize("sizes", [(100, 71, 80), (71, 80, 100)])
def test_of_groups_that_no_k_leaves_out_the_smallest_is_told(ask, sizes):
    columns = {"age": [a for a, n in zip(("21", "22", "31"), sizes, strict=True) for _ in range(n)]}
    profile = made(ask, columns, {"age": AGES})
    assert profile.smallest[0].tolist() == [71] * 64
    assert profile.suppressed[0].tolist() == [0] * 64


def test_a_large_k_of_the_problem_is_answered_and_another_refused(ask):
    columns = {"age": ["21"] * 100 + ["22"] * 71 + ["31"] * 29}
    profile = made(ask, columns, {"age": AGES}, k=80)
    assert profile.k[-2:].tolist() == [64, 80]
    assert profile.at(0, 80).suppressed == 100
    assert profile.at(0, 80).smallest == 100
    assert profile.at(0, 64).smallest == 71
    with pytest.raises(PrivacyToolError, match="not for 79"):
        profile.best(79, 0.0)


def test_what_cannot_be_profiled_is_said(ask, monkeypatch):
    everything = HAND | {"s": list("uvuvuv"), "pid": list("abcdea")}
    for require, minimize, more, reason in (
        (["k-anonymity=2"], "loss(rank)", {}, "one after the other"),
        (["k-anonymity=2", "distinct-l-diversity(s)=2"], "loss", {"sensitive": ("s",)}, "distinct"),
        (["k-anonymity=2"], "loss", {"person": "pid"}, "several rows"),
        (["average-risk=0.5"], "loss", {}, "average-risk=0.5"),
    ):
        problem, source = ask(everything, RULES, require, 0.0, minimize, **more)
        result = profile_lattice(problem, source)
        assert isinstance(result, NotComputed)
        assert reason in result.reason
    problem, source = ask(HAND, RULES, ["k-anonymity=2"], 0.0, "loss")
    with monkeypatch.context() as patch:
        patch.setattr(profiles, "MAX_PROFILED", 5)
        assert "6 choices of levels" in profile_lattice(problem, source).reason
    with monkeypatch.context() as patch:
        patch.setattr(walk, "WORD", 2)
        assert "too many different values" in profile_lattice(problem, source).reason


def test_time_and_the_user_end_a_profile(ask):
    rules = {f"q{i}": [["0", "a", "b", "*"], ["1", "a", "b", "*"]] for i in range(8)}
    rng = np.random.default_rng(3)
    columns = {name: rng.choice(["0", "1"], 2000).tolist() for name in rules}
    problem, source = ask(columns, rules, ["k-anonymity=2"], 0.0, "loss")
    assert "takes longer than the 0 seconds" in profile_lattice(problem, source, seconds=0).reason
    seen = []

    def no_more(done, nodes):
        seen.append((done, nodes))
        return False

    assert isinstance(profile_lattice(problem, source, on_progress=no_more), NotComputed)
    assert {nodes for _, nodes in seen} == {4**8}
    assert len(seen) == 1


# The laws: any small table against the slow twin, the search, and the scorer itself.

THREE = [["a", "ab", "*"], ["b", "ab", "*"], ["c", "cd", "*"], ["d", "cd", "*"], ["e", "e", "*"]]
RANDOM = {
    "x": THREE,
    "y": [["p", "*"], ["q", "*"], ["r", "*"]],
    "z": [["0", "low", "any"], ["1", "low", "any"], ["2", "high", "any"]],
}


@st.composite
def tables(draw):
    names = draw(st.sampled_from([("x",), ("x", "y"), ("x", "y", "z"), ("z", "x")]))
    n = draw(st.integers(2, 14))
    values = {name: st.sampled_from([row[0] for row in RANDOM[name]]) for name in names}
    columns = {name: draw(st.lists(values[name], min_size=n, max_size=n)) for name in names}
    return columns, {name: RANDOM[name] for name in names}


def split(minimize):
    name, _, inside = minimize.partition("(")
    inside = inside.rstrip(")")
    if inside.startswith("gs="):
        return name, "geometric", float(inside[3:])
    return name, inside or "geometric", 0.5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(),
    st.tuples(st.sampled_from(MEASURES), st.sampled_from([1, 2, 3, 5]), st.booleans()),
)
def test_every_node_is_what_the_slow_twin_counts(slow, ask, table, asked):
    columns, rules = table
    minimize, k, weighted = asked
    name, aggregate, gs = split(minimize)
    weights = {"x": 2.0} if weighted and name in ("loss", "entropy", "precision") else {}
    profile = made(ask, columns, rules, minimize, weights=weights)
    twin = slow(columns, rules)
    for node, levels in enumerate(twin.nodes()):
        out = twin.suppressed(levels, lambda n, _: n >= k)
        kept = Counter(key for i, key in enumerate(twin.released(levels)) if i not in out)
        found = profile.at(node, k)
        assert tuple(found.levels.values()) == levels
        assert found.suppressed == len(out)
        assert (found.classes, found.smallest) == (len(kept), min(kept.values(), default=0))
        score = twin.score(levels, out, name, aggregate=aggregate, gs=gs, weights=weights)
        assert found.score == pytest.approx(score, rel=1e-9, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from(MEASURES), st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]))
def test_the_best_node_is_what_the_search_finds(ask, table, minimize, limit):
    columns, rules = table
    profile = made(ask, columns, rules, minimize)
    for k in (1, 2, 3, 4):
        problem, source = ask(columns, rules, [f"k-anonymity={k}"], limit, minimize)
        result, best = search(problem, source), profile.best(k, limit)
        if result.levels is None:
            assert best is None
            continue
        assert best.score == pytest.approx(result.score, rel=1e-9, abs=1e-9)
        # Of equal scores the search may have passed over the one with fewer left out.
        ours = (best.suppressed, tuple(best.levels.values()))
        theirs = (result.suppressed, tuple(result.levels.values()))
        if best.score == result.score:
            assert ours <= theirs
        same = ours == theirs
        assert not same or (best.classes, best.smallest) == (result.classes, result.smallest)


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from(MEASURES), st.sampled_from([0.0, 0.25, 1.0]))
def test_the_frontier_is_what_nothing_beats(ask, table, minimize, limit):
    columns, rules = table
    profile = made(ask, columns, rules, minimize)
    allowed = math.floor(Fraction(str(limit)) * profile.records)
    frontier = profile.frontier(limit)
    releases = [
        profile.at(node, k)
        for node, k in itertools.product(range(profile.nodes), range(1, profile.records + 1))
    ]
    for other in releases:
        if other.suppressed <= allowed and other.classes:
            assert any(p.smallest >= other.smallest and p.score <= other.score for p in frontier)
    for finer, coarser in itertools.pairwise(frontier):
        assert finer.smallest < coarser.smallest
        assert finer.score < coarser.score
    assert all(point.k == point.smallest <= 64 for point in frontier)


@settings(max_examples=40, deadline=None)
@given(tables(), st.permutations(range(14)), st.sampled_from(MEASURES))
def test_the_order_of_the_rows_changes_nothing(ask, table, order, minimize):
    columns, rules = table
    n = len(next(iter(columns.values())))
    places = [i for i in order if i < n]
    shuffled = {name: [values[i] for i in places] for name, values in columns.items()}
    one, other = (made(ask, data, rules, minimize) for data in (columns, shuffled))
    assert np.array_equal(one.suppressed, other.suppressed)
    assert np.array_equal(one.smallest, other.smallest)
    assert one.score == pytest.approx(other.score, rel=1e-9, abs=1e-9)


def test_merging_is_grouping():
    rng = np.random.default_rng(5)
    keys = np.unique(rng.integers(0, 1 << 12, 3000).astype(np.uint64))
    rng.shuffle(keys)
    count = rng.integers(1, 9, keys.size).astype(np.int32)
    coarser = np.arange(64, dtype=np.uint64) // np.uint64(5)
    out = (np.empty_like(keys), np.empty_like(count))
    slots = np.empty(1 << 13, np.uint32)
    field = (np.uint64(3), np.uint64(63))
    m = profile_kernels.merge((keys, count), out, field, coarser, slots)
    expected = Counter()
    for key, number in zip(keys.tolist(), count.tolist(), strict=True):
        expected[(key & ~(63 << 3)) | ((key >> 3 & 63) // 5 << 3)] += number
    assert dict(zip(out[0][:m].tolist(), out[1][:m].tolist(), strict=True)) == expected
    # In its own place it is the same.
    again = profile_kernels.merge((keys, count), (keys, count), field, coarser, slots)
    assert again == m
    assert np.array_equal(keys[:m], out[0][:m])
    assert np.array_equal(count[:m], out[1][:m])


@pytest.fixture(scope="module")
def adult():
    if not ADULT.is_dir():
        pytest.skip("the table of ARX is not here")
    dataset = read_dataset((ADULT / "adult_subset.csv").read_bytes(), "adult_subset.csv")
    return encode(dataset, read_hierarchies(ADULT, dataset.column_names))


QUASI = ("sex", "age", "race", "marital-status", "education")


def adult_problem(minimize, k=5, limit=0.0):
    roles = Roles(by_column=dict.fromkeys(QUASI, Role.QUASI_IDENTIFIER))
    return search_problem(
        roles, require=[f"k-anonymity={k}"], suppression_limit=limit, minimize=minimize
    )


@pytest.mark.parametrize("minimize", ["loss", "entropy", "precision", "discernibility"])
def test_adult_for_every_k_and_limit_is_what_the_search_finds(adult, minimize):
    profile = profile_lattice(adult_problem(minimize), adult, seconds=60)
    for k, limit in itertools.product((1, 2, 3, 5, 10, 20, 64), (0.0, 0.01, 0.05, 0.3, 1.0)):
        result = search(adult_problem(minimize, k, limit), adult)
        best = profile.best(k, limit)
        assert best.levels == result.levels
        assert best.score == pytest.approx(result.score, rel=1e-12)
        assert (best.suppressed, best.classes) == (result.suppressed, result.classes)
        assert best.smallest == result.smallest


@pytest.mark.parametrize("minimize", MEASURES)
def test_adult_scores_are_those_of_the_scorer(adult, minimize):
    problem = adult_problem(minimize)
    profile = profile_lattice(problem, adult, seconds=60)
    columns = search_columns(adult, problem.quasi_identifiers, {})
    book = Codebook(columns, base_classes(adult, problem.roles))
    scorer = make_scorer(problem.measure, book, {})
    store = TableStore(book, ())
    rng = np.random.default_rng(11)
    for node in rng.choice(profile.nodes, 12, replace=False).tolist():
        at = tuple(int(level) for level in np.unravel_index(node, profile.shape))
        table = store.at(at)
        for k in (1, 2, 5, 17, 64):
            failing = table.count < k
            (score,) = scorer.score(scorer.generalized(table) + scorer.suppressed(table, failing))
            assert profile.at(node, k).score == pytest.approx(score, rel=1e-9, abs=1e-9)
            if isinstance(scorer, ByColumn) and not minimize.startswith("entropy"):
                assert profile.at(node, k).score == score


def test_the_frontier_of_adult_stays_as_it_was(adult):
    profile = profile_lattice(adult_problem("loss"), adult, seconds=60)
    frontier = profile.frontier(0.05)
    assert len(frontier) == 22
    found = {p.k: (p.suppressed, p.classes, round(p.score, 9)) for p in frontier}
    golden = {
        1: (0, 1524, 0.0),
        2: (114, 162, 0.108100203),
        5: (123, 52, 0.218616345),
        64: (91, 11, 0.485605784),
    }
    assert {k: found[k] for k in golden} == golden
