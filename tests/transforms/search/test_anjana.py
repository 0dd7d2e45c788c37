from __future__ import annotations

import importlib.util

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.roles import Role, Roles
from risk.models import parse_model
from transforms.search import SearchProblem, anjana, search
from transforms.search.anjana import search_anjana

AGE = [("1", "1-2", "*"), ("2", "1-2", "*"), ("3", "3-4", "*"), ("4", "3-4", "*")]
SEX = [("f", "*"), ("m", "*")]
TREES = {"age": AGE, "sex": SEX}
TABLE = {
    "age": ["1", "2", "1", "2", "3", "4", "3", "4"],
    "sex": ["f", "f", "f", "f", "m", "m", "m", "m"],
    "job": ["a", "b", "a", "b", "c", "c", "c", "c"],
}

if importlib.util.find_spec("anjana") is None:
    pytest.skip("anjana does not run on this Python", allow_module_level=True)


def asked(ask, *require, columns=TABLE, limit=0.0, trees=TREES, **more):
    sensitive = tuple(name for name in columns if name not in trees and name != "pid")
    return ask(columns, trees, require, limit, "loss", sensitive=sensitive, **more)


def test_it_raises_the_column_with_the_most_values_until_the_rule_holds(ask):
    problem, source = asked(ask, "k-anonymity=3")
    result = search_anjana(problem, source)
    assert result.levels == {"age": 1, "sex": 0}
    assert (result.suppressed, result.classes, result.smallest) == (0, 2, 4)
    assert (result.nodes, result.evaluated, result.optimal, result.bound) == (6, 2, False, None)
    assert result.score == pytest.approx(search(problem, source).score)


def test_the_answer_has_the_keys_of_the_lattice_search(ask):
    problem, source = asked(ask, "k-anonymity=3")
    theirs, ours = search_anjana(problem, source).to_json(), search(problem, source).to_json()
    assert set(theirs) == set(ours)
    assert theirs["recipe"] == ours["recipe"]


def test_its_choices_are_told_and_its_row_numbers_are_left_behind(ask):
    columns = TABLE | {"age": ["1", "1", "1", "1", "3", "3", "3", "4"]}
    problem, source = asked(ask, "k-anonymity=3", columns=columns, limit=0.2)
    result = search_anjana(problem, source)
    assert result.levels == {"age": 0, "sex": 0}
    assert result.suppressed == 1
    told = " ".join(result.caveats)
    assert "left out 1 records itself" in told
    assert "row numbers" in told
    assert "never goes back" in told


def test_nothing_is_printed_and_the_table_stays_as_it_was(ask, capsys):
    problem, source = asked(ask, "k-anonymity=3")
    before = {name: codes.copy() for name, codes in source.codes.items()}
    search_anjana(problem, source)
    assert capsys.readouterr().out == ""
    assert all((source.codes[name] == codes).all() for name, codes in before.items())


def test_missing_cells_and_columns_without_a_hierarchy_are_no_trouble(ask):
    columns = TABLE | {"age": ["1", None, "1", "2", "3", "4", "3", "4"]}
    problem, source = asked(ask, "k-anonymity=2", columns=columns)
    result = search_anjana(problem, source)
    assert result.levels == {"age": 2, "sex": 0}


def test_the_levels_that_may_be_chosen_are_kept(ask):
    problem, source = asked(ask, "k-anonymity=3", levels={"sex": (1, 1)})
    assert search_anjana(problem, source).levels == {"age": 1, "sex": 1}


@pytest.mark.parametrize(
    "model",
    [
        "distinct-l-diversity(job)=1.5",
        "entropy-l-diversity(job)=1.5",
        "recursive-cl-diversity(job)=3,2",
        "t-closeness(job,equal)=0.4",
        "t-closeness(job,ordered)=0.4",
        "alpha(job)=0.6",
        "beta-likeness(job)=1.5",
        "enhanced-beta-likeness(job)=1",
        "delta-disclosure(job)=1.5",
    ],
)
def test_every_rule_that_it_has_holds_in_the_release_or_the_reason_is_told(ask, model):
    problem, source = asked(ask, "k-anonymity=2", model)
    result = search_anjana(problem, source)
    ours = search(problem, source)
    if result.levels is None:
        assert result.caveats
        assert result.recipe is None
    else:
        assert ours.score <= result.score + 1e-12


@pytest.mark.parametrize(
    ("require", "words"),
    [
        (["average-risk=0.5"], "no rule 'average-risk=0.5'"),
        (["t-closeness(job,hierarchical)=0.5"], "no rule 't-closeness"),
        (["entropy-l-diversity(job,grassberger)=2"], "no rule 'entropy"),
        (["alpha(job)=0.5", "beta-likeness(job)=2"], "one more rule at a time; 2 more"),
    ],
)
def test_rules_that_it_does_not_have_are_refused(ask, require, words):
    problem, source = asked(ask, *require)
    with pytest.raises(PrivacyToolError, match=words):
        search_anjana(problem, source)


def test_persons_with_several_rows_are_refused(ask):
    columns = TABLE | {"pid": ["1"] * 8}
    problem, source = asked(ask, "k-anonymity=2", columns=columns, person="pid")
    with pytest.raises(PrivacyToolError, match="counts rows and not persons"):
        search_anjana(problem, source)


def test_where_it_is_not_installed_a_sentence_says_so(ask, monkeypatch):
    problem, source = asked(ask, "k-anonymity=2")
    monkeypatch.setattr(anjana.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PrivacyToolError, match="does not run on this Python"):
        search_anjana(problem, source)


def test_where_no_level_meets_the_rule_there_is_no_recipe(ask):
    problem, source = asked(ask, "k-anonymity=9")
    result = search_anjana(problem, source)
    assert result.levels is None
    assert "found no levels" in result.caveats[0]
    assert result.to_json()["transformation"] is None
    assert "other levels may do" in result.describe()[0]


def test_levels_at_which_too_many_records_fail_are_no_recipe(ask, monkeypatch):
    problem, source = asked(ask, "k-anonymity=3")
    # Its answer, whatever it asked of the table: every column at its lowest level.
    monkeypatch.setattr(anjana, "_ask", lambda table, *_: table)
    result = search_anjana(problem, source)
    assert result.levels is None
    assert "8 of 8 records have to be left out" in result.caveats[0]


def test_an_answer_that_mixes_levels_is_no_recipe(ask, monkeypatch):
    problem, source = asked(ask, "k-anonymity=3")
    mixed = pd.DataFrame({"q0": [1, 1 << 32], "q1": [1, 1]})
    monkeypatch.setattr(anjana, "_ask", lambda *_: mixed)
    result = search_anjana(problem, source)
    assert result.levels is None
    assert "several levels at once" in result.caveats[0]


def test_where_it_breaks_off_that_is_told_without_its_words(ask, monkeypatch):
    def fail(*_):
        raise KeyError("a cell value")

    problem, source = asked(ask, "k-anonymity=3")
    monkeypatch.setattr(anjana, "_ask", fail)
    result = search_anjana(problem, source)
    assert result.caveats == ("anjana broke off with a KeyError, so it suggests nothing.",)


VALUES = st.tuples(st.sampled_from("1234"), st.sampled_from(["f", "m", None]))


@given(
    st.lists(VALUES, min_size=3, max_size=12),
    st.integers(2, 3),
    st.sampled_from([0.0, 0.2, 0.5]),
)
@settings(max_examples=25, deadline=None)
def test_our_loss_is_never_above_its_on_small_tables(ask, rows, k, limit):
    age, sex = (list(values) for values in zip(*rows, strict=True))
    columns = {"age": age, "sex": sex}
    problem, source = asked(ask, f"k-anonymity={k}", columns=columns, limit=limit)
    theirs, ours = search_anjana(problem, source), search(problem, source)
    if theirs.levels is not None:
        assert ours.levels is not None
        assert ours.score <= theirs.score + 1e-12


@pytest.mark.parametrize("limit", [0.05, 0.5])
def test_our_loss_is_not_above_its_on_adult_and_our_time_is_below(adult, limit):
    names = ("sex", "age", "race", "marital-status", "education", "workclass")
    problem = SearchProblem(
        roles=Roles(by_column=dict.fromkeys(names, Role.QUASI_IDENTIFIER)),
        models=(parse_model("k-anonymity=10"),),
        suppression_limit=limit,
    )
    theirs, ours = search_anjana(problem, adult), search(problem, adult)
    assert ours.score <= theirs.score + 1e-12
    assert ours.seconds < theirs.seconds
