import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes
from transforms.search import search
from transforms.search.columns import search_columns
from transforms.search.formulas import make_scorer
from transforms.search.judge import Judge
from transforms.search.lattice import LatticeSearch
from transforms.search.scores import ByColumn
from transforms.search.table import Codebook, TableStore

AGES = [[str(a), f"{a // 10}x", "*"] for a in (21, 22, 31, 32)]
SEXES = [["f", "*"], ["m", "*"]]
HAND = {
    "age": ["21", "22", "21", "31", "32", "32"],
    "sex": ["f", "f", "m", "m", "m", "f"],
}
RULES = {"age": AGES, "sex": SEXES}


def test_a_hand_solved_table(ask):
    # Only two nodes below the top have no class of one: age gone, f and m three times each; and
    # sex gone, 2x and 3x three times each.
    problem, source = ask(HAND, RULES, ["k-anonymity=2"], 0.0, "loss")
    result = search(problem, source)
    # The first has the losses 1 and 0; the second (2/4 - 1/4) / (1 - 1/4) = 1/3 and 1.
    assert result.levels == {"age": 2, "sex": 0}
    assert result.score == pytest.approx(math.sqrt(2) - 1, abs=1e-9)
    assert (result.suppressed, result.classes, result.smallest) == (0, 2, 3)
    assert result.optimal
    assert result.nodes == 6


def test_leaving_out_two_records_may_cost_less_than_generalising(ask):
    problem, source = ask(HAND, RULES, ["k-anonymity=2"], 0.34, "loss(max)")
    result = search(problem, source)
    assert result.levels == {"age": 1, "sex": 0}
    # Two of six left out: age (4/6)(1/3) + 2/6 = 5/9, sex 2/6 = 1/3.
    assert result.score == pytest.approx(5 / 9, abs=1e-9)
    assert (result.suppressed, result.classes, result.smallest) == (2, 2, 2)
    assert result.recipe.to_json()["steps"] == [
        {"step": "generalize", "levels": {"age": 1, "sex": 0}},
        {"step": "suppress_records", "require": ["k-anonymity=2"]},
    ]
    assert {other.score > result.score for other in result.runner_ups} == {True}


def test_the_limit_is_a_share_of_whole_records(ask):
    columns = {"age": ["21"] * 71 + ["31"] * 29}
    problem, source = ask(columns, {"age": AGES}, ["k-anonymity=30"], 0.29, "loss(gs=0)")
    assert problem.allowed(100) == 29  # 0.29 * 100 is 28.999999999999996
    assert search(problem, source).suppressed == 29


def test_no_admissible_node_is_told_with_its_proof(ask):
    problem, source = ask(HAND, RULES, ["k-anonymity=7"], 0.5, "loss")
    result = search(problem, source)
    assert result.levels is None
    assert result.recipe is None
    assert result.optimal
    assert result.to_json()["transformation"] is None


def test_publishing_nothing_is_not_a_release(ask):
    problem, source = ask(HAND, RULES, ["k-anonymity=7"], 1.0, "loss")
    assert search(problem, source).levels is None


def test_columns_may_be_kept_to_some_levels(ask):
    problem, source = ask(HAND, RULES, ["k-anonymity=2"], 0.0, "loss", levels={"sex": (0, 0)})
    result = search(problem, source)
    assert result.levels == {"age": 2, "sex": 0}
    assert result.nodes == 3
    problem, source = ask(HAND, RULES, ["k-anonymity=1"], 0.0, "loss", levels={"age": (2, 2)})
    assert search(problem, source).levels == {"age": 2, "sex": 0}


def test_a_model_for_the_whole_table_is_met_as_the_step_meets_it(ask):
    problem, source = ask(HAND, RULES, ["sample-uniqueness=0.0"], 0.34, "loss(max)")
    result = search(problem, source)
    assert (result.levels, result.suppressed) == ({"age": 1, "sex": 0}, 2)
    assert any("smallest groups first" in caveat for caveat in result.caveats)


def test_when_the_time_is_over_the_best_so_far_comes_with_a_bound(ask):
    problem, source = ask(HAND, RULES, ["k-anonymity=2"], 0.5, "loss")
    whole = search(problem, source)
    cut = search(problem, source, seconds=-1.0)
    assert not cut.optimal
    assert cut.evaluated == 1
    assert any("ended before its end" in caveat for caveat in cut.caveats)
    assert cut.bound is not None
    assert cut.bound <= whole.score


def test_the_caller_may_stop_it(ask):
    seen = []

    def stop(looked_at, nodes):
        seen.append((looked_at, nodes))
        return len(seen) < 2

    problem, source = ask(HAND, RULES, ["k-anonymity=7"], 0.5, "height")
    result = search(problem, source, on_progress=stop)
    assert seen == [(1, 6), (2, 6)]
    assert not result.optimal


def test_missing_values_are_a_value_of_their_own_until_nothing_is_left(ask):
    columns = {"age": ["21", "22", None, None, "31"]}
    problem, source = ask(columns, {"age": AGES}, ["k-anonymity=2"], 0.2, "loss")
    result = search(problem, source)
    assert (result.levels, result.suppressed) == ({"age": 1}, 1)
    problem, source = ask(columns, {"age": AGES}, ["k-anonymity=2"], 0.0, "loss")
    result = search(problem, source)
    assert (result.levels, result.classes) == ({"age": 2}, 1)


def test_values_outside_the_hierarchy_are_refused_unless_the_column_stays(ask):
    columns = {"age": ["21", "21", "99", "99"]}
    problem, source = ask(columns, {"age": AGES}, ["k-anonymity=2"], 0.0, "loss")
    with pytest.raises(PrivacyToolError, match="1 values of the column 'age' are not in its hier"):
        search(problem, source)
    problem, source = ask(
        columns, {"age": AGES}, ["k-anonymity=2"], 0.0, "loss", levels={"age": (0, 0)}
    )
    assert search(problem, source).levels == {"age": 0}


def test_the_rows_of_one_person_are_one_person(ask):
    # Rows 1 and 2 are one person, so 21-f is a class of one; by rows it would be one of two.
    columns = {"age": ["21", "21", "22", "31", "32"], "pid": ["1", "1", "2", "3", "4"]}
    problem, source = ask(columns, {"age": AGES}, ["k-anonymity=2"], 0.0, "loss", person="pid")
    result = search(problem, source)
    assert (result.levels, result.classes, result.smallest) == ({"age": 1}, 2, 2)
    problem, source = ask(
        {"age": ["21", "21", "22"], "pid": ["1", "1", "2"], "s": ["u", "v", "u"]},
        {"age": AGES},
        ["k-anonymity=2", "distinct-l-diversity(s)=2"],
        0.4,
        "loss",
        person="pid",
        sensitive=("s",),
    )
    result = search(problem, source)
    assert (result.levels, result.suppressed, result.smallest) == ({"age": 1}, 0, 2)


def test_a_lattice_of_more_nodes_than_can_be_listed_ends_in_time_with_a_bound(ask):
    digits = [[str(d), f"{d // 2}p", f"{d // 4}q", f"{d // 8}r", "*"] for d in range(16)]
    columns = {f"c{i}": [str((i * 7 + row * (i + 3)) % 16) for row in range(40)] for i in range(12)}
    problem, source = ask(columns, dict.fromkeys(columns, digits), ["k-anonymity=4"], 0.1, "loss")
    result = search(problem, source, seconds=1.0)
    assert result.nodes == 5**12
    assert not result.optimal
    assert result.bound < result.score


# The laws: any small table, any model, any measure, against every node looked at by the slow twin.

MEASURES = (
    *("loss", "loss(rank)", "loss(max)", "loss(sum)", "loss(arithmetic)", "loss(gs=0.2)"),
    *("loss(gs=0)", "loss(gs=0.8)", "loss(gs=1)", "entropy", "entropy-monotonic"),
    *("entropy-normalised", "discernibility", "discernibility-monotonic", "average-class-size"),
    *("precision", "precision-monotonic", "height", "ambiguity"),
)
THREE = [["a", "ab", "*"], ["b", "ab", "*"], ["c", "cd", "*"], ["d", "cd", "*"], ["e", "e", "*"]]
RANDOM = {
    "x": THREE,
    "y": [["p", "*"], ["q", "*"], ["r", "*"]],
    "z": [["0", "low", "any"], ["1", "low", "any"], ["2", "high", "any"]],
}


def entropy(values):
    return -sum(c / len(values) * math.log(c / len(values)) for c in Counter(values).values())


def recursive(values, c, rank):
    counts = sorted(Counter(values).values(), reverse=True)
    return counts[0] < c * sum(counts[rank - 1 :])


def near(values, everybody, t):
    p, q = Counter(values), Counter(everybody)
    total = sum(abs(p[v] / len(values) - q[v] / len(everybody)) for v in q)
    return total / 2 <= t + 1e-12


def log_ratio(values, everybody, delta):
    p, q = Counter(values), Counter(everybody)
    return all(
        abs(math.log2(p[v] / len(values) / (q[v] / len(everybody)))) < delta - 1e-12 for v in p
    )


MODELS = {
    "k-anonymity=2": lambda n, _, __: n >= 2,
    "k-anonymity=4": lambda n, _, __: n >= 4,
    "distinct-l-diversity(s)=2": lambda _, values, __: len(set(values)) >= 2,
    "entropy-l-diversity(s)=2": lambda _, v, __: entropy(v) >= math.log(2) - 1e-12,
    "recursive-cl-diversity(s)=3,2": lambda _, v, __: recursive(v, 3, 2),
    "t-closeness(s,equal)=0.3": lambda _, v, everybody: near(v, everybody, 0.3),
    "alpha(s)=0.6": lambda _, v, __: max(Counter(v).values()) / len(v) <= 0.6,
    "delta-disclosure(s)=1.2": lambda _, v, everybody: log_ratio(v, everybody, 1.2),
}


def split(minimize):
    """The name, aggregate and gs of a measure."""
    name, _, inside = minimize.partition("(")
    inside = inside.rstrip(")")
    if inside.startswith("gs="):
        return name, "geometric", float(inside[3:])
    return name, inside or "geometric", 0.5


@st.composite
def tables(draw):
    names = draw(st.sampled_from([("x",), ("x", "y"), ("x", "y", "z"), ("z", "x")]))
    n = draw(st.integers(2, 14))
    columns = {
        name: draw(
            st.lists(st.sampled_from([row[0] for row in RANDOM[name]]), min_size=n, max_size=n)
        )
        for name in names
    }
    columns["s"] = draw(st.lists(st.sampled_from("uvw"), min_size=n, max_size=n))
    return columns, {name: RANDOM[name] for name in names}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(),
    st.tuples(
        st.lists(st.sampled_from(sorted(MODELS)), min_size=1, max_size=2, unique=True),
        st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
        st.sampled_from(MEASURES),
        st.booleans(),
    ),
)
def test_the_result_is_the_best_of_all_nodes(slow, ask, table, asked):
    columns, hierarchies = table
    require, limit, minimize, weighted = asked
    name, aggregate, gs = split(minimize)
    weights = {}
    if weighted and name in ("loss", "entropy", "precision"):
        weights = {"x": 2.0}
    twin = slow(columns, hierarchies, "s")
    everybody = columns["s"]

    def holds(n, values):
        return all(MODELS[text](n, values, everybody) for text in require)

    expected = twin.best(limit, holds, name, aggregate=aggregate, gs=gs, weights=weights)
    problem, source = ask(
        columns, hierarchies, require, limit, minimize, sensitive=("s",), weights=weights
    )
    result = search(problem, source)
    assert result.optimal
    if expected is None:
        assert result.levels is None
        return
    assert result.score == pytest.approx(expected, rel=1e-9, abs=1e-9)
    node = tuple(result.levels[q] for q in hierarchies)
    out = twin.suppressed(node, holds)
    assert result.suppressed == len(out)
    kept = Counter(key for i, key in enumerate(twin.released(node)) if i not in out)
    assert (result.classes, result.smallest) == (len(kept), min(kept.values()))


@settings(max_examples=60, deadline=None)
@given(
    tables(),
    st.lists(st.sampled_from("1234567"), min_size=14, max_size=14),
    st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.sampled_from(MEASURES)),
)
def test_the_same_where_rows_are_of_persons(slow, ask, table, persons, asked):
    columns, hierarchies = table
    limit, minimize = asked
    columns["pid"] = persons[: len(columns["s"])]
    name, aggregate, gs = split(minimize)
    twin = slow(columns, hierarchies, "s", "pid")
    require = ["k-anonymity=2", "distinct-l-diversity(s)=2"]
    expected = twin.best(
        limit, lambda n, values: n >= 2 <= len(set(values)), name, aggregate=aggregate, gs=gs
    )
    result = search(
        *ask(columns, hierarchies, require, limit, minimize, sensitive=("s",), person="pid")
    )
    assert result.optimal
    assert result.score == (
        None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9)
    )


@settings(max_examples=60, deadline=None)
@given(tables(), st.permutations(range(14)), st.sampled_from([0.0, 0.25, 1.0]))
def test_the_order_of_the_rows_changes_nothing(ask, table, order, limit):
    columns, hierarchies = table
    n = len(columns["s"])
    places = [i for i in order if i < n]
    shuffled = {name: [values[i] for i in places] for name, values in columns.items()}
    results = [
        search(*ask(data, hierarchies, ["k-anonymity=2"], limit, "loss"))
        for data in (columns, shuffled)
    ]
    assert results[0].levels == results[1].levels
    assert results[0].score == results[1].score


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(MEASURES), st.sampled_from([0.0, 0.25, 1.0]))
def test_a_lattice_too_large_to_list_gives_the_same(ask, monkeypatch_limit, table, minimize, limit):
    columns, hierarchies = table
    problem, source = ask(columns, hierarchies, ["k-anonymity=2"], limit, minimize)
    listed = search(problem, source)
    with monkeypatch_limit(0):
        made_one_by_one = search(problem, source)
    assert listed.score == made_one_by_one.score
    assert made_one_by_one.optimal


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from(MEASURES))
def test_every_floor_is_below_every_score_and_the_floors_are_in_order(ask, table, minimize):
    columns, hierarchies = table
    problem, source = ask(columns, hierarchies, ["k-anonymity=2"], 0.5, minimize)
    space = search_columns(source, problem.quasi_identifiers, {})
    book = Codebook(space, base_classes(source, problem.roles))
    scorer = make_scorer(problem.measure, book, {})
    tables_ = TableStore(book, ())
    judge = Judge(problem, book, tables_, scorer, separable=isinstance(scorer, ByColumn))
    levels = tuple(column.levels for column in space)
    order = list(LatticeSearch(judge, scorer, levels, 60.0)._in_order())
    assert len(set(order)) == math.prod(levels)
    floors = [scorer.floor(node) for node in order]
    assert floors == sorted(floors) or all(
        math.isclose(a[0], b[0], rel_tol=1e-9) for a, b in zip(floors, sorted(floors), strict=True)
    )
    for node in order:
        judged = judge.judge(node)
        assert judged.score >= scorer.floor(node) or math.isclose(
            judged.score[0], scorer.floor(node)[0], rel_tol=1e-9
        )
