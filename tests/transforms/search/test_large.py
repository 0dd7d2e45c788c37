import numpy as np
import pytest

from microdata.grouping import base_classes
from transforms.search import search
from transforms.search.columns import search_columns
from transforms.search.formulas import make_scorer
from transforms.search.judge import Judge
from transforms.search.large import beam, bound_by_groups
from transforms.search.lattice import LatticeSearch
from transforms.search.scores import ByColumn
from transforms.search.table import Codebook, TableStore

DIGITS = [[str(d), f"{d // 2}p", f"{d // 4}q", "*"] for d in range(16)]


def table(seed, columns, rows):
    """Correlated digits, each column skewed otherwise."""
    rng = np.random.default_rng(seed)
    common = rng.random(rows)
    made = {}
    for i in range(columns):
        own = np.where(rng.random(rows) < 0.5, common, rng.random(rows))
        made[f"c{i}"] = np.minimum((own ** (1 + i / 2) * 16).astype(int), 15).astype(str).tolist()
    return made, dict.fromkeys(made, DIGITS)


def parts(problem, source):
    space = search_columns(source, problem.quasi_identifiers, {})
    book = Codebook(space, base_classes(source, problem.roles))
    scorer = make_scorer(problem.measure, book, {})
    tables = TableStore(book, problem.sensitive)
    judge = Judge(problem, book, tables, scorer, separable=isinstance(scorer, ByColumn))
    return judge, scorer, tuple(column.levels for column in space)


@pytest.mark.parametrize("minimize", ["loss", "discernibility", "precision"])
def test_the_beam_mostly_finds_the_best_node_of_a_small_lattice(ask, minimize):
    found = 0
    for seed in range(20):
        columns, rules = table(seed, 4, 150)
        problem, source = ask(columns, rules, ["k-anonymity=3"], (0.0, 0.1)[seed % 2], minimize)
        judge, _, levels = parts(problem, source)
        looked = []

        def look(node, judge=judge, looked=looked):
            looked.append(judge.judge(node))
            return looked[-1]

        beam(levels, look)
        best = min(judged.score for judged in looked if judged.admissible)
        optimum = search(problem, source)
        assert best[0] >= optimum.score - 1e-12
        found += best[0] == pytest.approx(optimum.score, rel=1e-12)
    assert found >= 18


@pytest.mark.parametrize(
    "minimize", ["loss", "loss(max)", "loss(sum)", "entropy", "discernibility", "ambiguity"]
)
@pytest.mark.parametrize("limit", [0.0, 0.1])
def test_the_bound_of_groups_is_below_the_best_node(ask, monkeypatch, minimize, limit):
    monkeypatch.setattr("transforms.search.large.MAX_GROUP", 16)
    for seed in range(5):
        columns, rules = table(seed, 4, 150)
        problem, source = ask(columns, rules, ["k-anonymity=3"], limit, minimize)
        judge, scorer, levels = parts(problem, source)
        (bound,) = bound_by_groups(levels, scorer, lambda node, j=judge: j.judge(node).finer_fail)
        bottom = scorer.floor((0,) * len(levels))[0]
        assert bottom <= bound <= search(problem, source).score + 1e-9
        if minimize == "loss" and limit == 0.0:
            assert bound > bottom


def test_ranked_losses_have_no_bound_by_groups(ask):
    columns, rules = table(0, 3, 50)
    problem, source = ask(columns, rules, ["k-anonymity=3"], 0.0, "loss(rank)")
    _, scorer, levels = parts(problem, source)
    assert bound_by_groups(levels, scorer, lambda _: False) is None


def test_tens_of_millions_of_nodes_give_a_checked_recipe_in_time_with_its_gap(ask):
    columns, rules = table(7, 12, 400)
    rules |= {"c0": [[*row[:-1], str(int(row[0]) // 8), "*"] for row in DIGITS]}
    rules |= {"c1": rules["c0"]}
    problem, source = ask(columns, rules, ["k-anonymity=4"], 0.05, "loss")
    result = search(problem, source, seconds=2.0)
    assert result.nodes == 5**2 * 4**10
    assert result.seconds < 30  # with room for a busy machine; the search itself ends after 2
    assert not result.optimal
    assert 0 < result.bound <= result.score
    assert result.gap == pytest.approx((result.score - result.bound) / result.score)
    assert result.to_json()["gap"] == result.gap
    assert "score lower by" in result.describe()[-1]
    # The recipe is the release that was checked: no admissible neighbour is better.
    assert result.smallest >= 4
    assert result.suppressed <= 20


def test_a_large_lattice_searched_to_its_end_has_no_gap(ask, monkeypatch_limit):
    columns, rules = table(1, 3, 100)
    problem, source = ask(columns, rules, ["k-anonymity=3"], 0.1, "loss")
    listed = search(problem, source)
    with monkeypatch_limit(0):
        result = search(problem, source)
    assert (result.score, result.optimal, result.gap) == (listed.score, True, 0.0)


def test_time_that_ends_among_crossed_out_nodes_ends_the_search(ask, monkeypatch_limit):
    columns, rules = table(1, 3, 100)
    problem, source = ask(columns, rules, ["k-anonymity=101"], 0.0, "loss")
    judge, scorer, levels = parts(problem, source)
    with monkeypatch_limit(0):
        lattice = LatticeSearch(judge, scorer, levels, 60.0)
        lattice._look_at(tuple(number - 1 for number in levels))
        lattice._seconds = -1.0
        assert not lattice.run().optimal
