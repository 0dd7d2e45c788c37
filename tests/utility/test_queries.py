from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.hierarchy import Nodes
from microdata.measure import Context, NotComputed
from microdata.release import Release, ReleasedColumn
from microdata.roles import Role, Roles
from utility import coded_rows, queries
from utility.queries import Condition, QueryError

RNG = np.random.default_rng(5)
AGES = [str(age) for age in RNG.integers(20, 60, 300)]
TOWNS = [str(town) for town in RNG.choice(["a", "b", "c", "d"], 300, p=[0.5, 0.3, 0.15, 0.05])]
AGE_ROWS = [(str(a), f"{a // 10 * 10}s", "*") for a in range(20, 60)]
TOWN_ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]


@pytest.fixture(scope="module")
def table(build):
    return build({"age": AGES, "town": TOWNS}, {"age": AGE_ROWS, "town": TOWN_ROWS})


def roles(columns):
    return Roles(by_column=dict.fromkeys(columns, Role.QUASI_IDENTIFIER))


def measured(release, columns=("age", "town"), seed=0, **parameters):
    context = Context(release=release, roles=roles(columns), seed=seed)
    found = QueryError(**parameters).evaluate(context).figures
    return {path[2:]: figure for path, figure in found.items()}


def at_levels(table, **levels):
    return Release.original(table).with_columns(
        *(ReleasedColumn.generalized(table.domain(name), level) for name, level in levels.items())
    )


def slow_errors(release, questions):
    """Answer each question record by record, from the labels' leaves."""
    table = release.origin or release.source
    errors = []
    for question in questions:
        truth = sum(
            all(np.append(c.leaves, [False, False])[table.codes[c.column][i]] for c in question)
            for i in range(table.records)
        )
        answer = 0.0
        for i in range(release.released_records):
            part = 1.0
            for c in question:
                whole = c.leaves.sum() / c.leaves.size
                if c.column not in release.columns:
                    part *= whole
                    continue
                column = release.columns[c.column]
                code = int(release.codes(c.column)[i])
                if code == column.suppressed:
                    part *= whole
                elif code == column.missing:
                    part = 0.0
                else:
                    leaves = column.nodes.leaves(code)
                    part *= c.leaves[leaves].sum() / len(leaves)
            answer += part
        errors.append(abs(answer - truth) / max(truth, 0.001 * table.records))
    return np.array(errors)


@pytest.mark.parametrize("seed", [0, 1, 17])
def test_the_original_answers_every_question_exactly(table, seed):
    found = measured(Release.original(table), seed=seed)
    assert {figure.value for figure in found.values()} == {0}
    assert {figure.seed for figure in found.values()} == {seed}


@pytest.mark.parametrize("levels", [{"age": 1}, {"age": 1, "town": 1}, {"age": 2}, {"town": 2}])
def test_errors_are_those_of_answering_record_by_record(table, levels):
    release = at_levels(table, **levels).keeping(np.arange(300) % 7 != 0)
    measure = QueryError(number=40)
    questions = measure.questions(table, ("age", "town"), 3)
    expected = slow_errors(release, questions)
    found = measured(release, seed=3, number=40)
    assert found["median",].value == pytest.approx(np.median(expected))
    assert found["p90",].value == pytest.approx(np.quantile(expected, 0.9))
    widths = np.array([len(question) for question in questions])
    assert found["by_columns", "2", "median"].value == pytest.approx(
        np.median(expected[widths == 2])
    )


def test_an_error_by_hand(build):
    # Of a, a, a, b in one label: a question for a is answered by 2 of 4 and is 3, so 1/3.
    table = build({"x": ["a", "a", "a", "b"]}, {"x": [("a", "ab"), ("b", "ab")]})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("x"), 1))
    questions = QueryError().questions(table, ("x",), 0)
    asked = np.array([q[0].leaves[0] for q in questions])
    assert 0.6 < asked.mean() < 0.9, "values are asked for as often as they occur"
    errors = np.where(asked, 1 / 3, 1.0)
    found = measured(release, ("x",))
    assert found["median",].value == pytest.approx(np.median(errors))
    assert found["p90",].value == pytest.approx(np.quantile(errors, 0.9))


def test_a_count_near_nothing_is_measured_against_a_share_of_the_rows(build):
    # 4,000 rows: an answer of 2,000 where the truth is 1 is divided by 4, not by 1.
    table = build({"x": ["a"] * 3999 + ["b"]}, {"x": [("a", "ab"), ("b", "ab")]})
    release = Release.original(table).with_columns(ReleasedColumn.generalized(table.domain("x"), 1))
    of_b = Condition(column="x", leaves=np.array([False, True]))
    assert queries._errors(release, ["x"], [(of_b,)]).tolist() == [1999 / 4]


def test_dropped_and_suppressed_columns_answer_alike(table):
    dropped = measured(Release.original(table).without(("town",)))
    starred = measured(at_levels(table, town=2))
    assert {p: f.value for p, f in dropped.items()} == pytest.approx(
        {p: f.value for p, f in starred.items()}
    )
    assert dropped["median",].value > 0


def test_rows_left_out_are_missing_from_the_answers(table):
    nobody = Release.original(table).keeping(np.zeros(300, bool))
    assert measured(nobody)["median",].value == 1
    half = Release.original(table).keeping(np.arange(300) % 2 == 0)
    assert 0.3 < measured(half)["median",].value < 0.7


def test_a_perturbed_number_counts_where_it_is_written(build):
    table = build({"x": ["1", "2", "3", "4"]})
    nodes = Nodes(("2.4", "9"), np.array([0, 1, 2]), np.array([1, 3], np.int32))
    explicit = np.array([0, 0, 1, 1], np.int32)
    column = ReleasedColumn(name="x", nodes=nodes, explicit=explicit, perturbed=True)
    release = Release.original(table).with_columns(column)
    asked = Condition(column="x", leaves=np.array([False, True, True, True]), low=2.0, high=4.0)
    # The truth is 3, two rows say 2.4, and 9 is above although its nearest value is not.
    assert queries._errors(release, ["x"], [(asked,)]).tolist() == [1 / 3]


def test_pseudonyms_cannot_be_asked_for(table):
    town = Release.original(table).columns["town"]
    renamed = ReleasedColumn(name="town", nodes=town.nodes, lookup=town.lookup, renamed=True)
    found = measured(Release.original(table).with_columns(renamed))
    dropped = measured(Release.original(table).without(("town",)))
    assert found["p90",].value == pytest.approx(dropped["p90",].value)


def test_labels_of_unknown_meaning_are_not_answered_from(build):
    original = build({"x": ["a", "b"], "y": ["u", "v"]})
    protected = build({"x": ["zz", "b"], "y": ["u", "v"]})
    nodes = Nodes(("b", "zz"), np.array([0, 1, 1]), np.array([1], np.int32))
    x = ReleasedColumn(name="x", nodes=nodes, lookup=np.arange(4, dtype=np.int32))
    y = ReleasedColumn.identity(protected.domain("y"))
    found = measured(Release(protected, {"x": x, "y": y}, origin=original), ("x", "y"))
    assert set(found) == {("median",), ("p90",)}
    assert all("'x'" in figure.reason for figure in found.values())


def test_a_table_without_values_cannot_be_asked(build):
    found = measured(Release.original(build({"x": [None, None]})), ("x",))
    assert all(isinstance(figure, NotComputed) for figure in found.values())


def test_the_questions_do_not_depend_on_the_order_of_rows_columns_or_hierarchies(build, table):
    order = np.random.default_rng(1).permutation(300)
    other = build(
        {"town": [TOWNS[i] for i in order], "age": [AGES[i] for i in order]},
        {"age": AGE_ROWS[::-1], "town": TOWN_ROWS[::-1]},
    )

    def asked(of, columns):
        return [
            [
                (c.column, {of.domain(c.column).leaves[i] for i in np.flatnonzero(c.leaves)})
                for c in q
            ]
            for q in QueryError().questions(of, columns, 9)
        ]

    assert asked(table, ("age", "town")) == asked(other, ("town", "age"))
    levels = {"age": 1, "town": 1}
    here, there = measured(at_levels(table, **levels)), measured(at_levels(other, **levels))
    assert {p: f.value for p, f in here.items()} == pytest.approx(
        {p: f.value for p, f in there.items()}
    )


def test_ranges_hold_about_the_share_asked_for(build):
    table = build({"x": [str(i) for i in range(1000)]})
    sizes = [q[0].leaves.sum() for q in QueryError(selectivity=0.1).questions(table, ("x",), 0)]
    assert min(sizes) >= 99
    assert max(sizes) <= 102
    assert len({q[0].low for q in QueryError().questions(table, ("x",), 0)}) > 100


def test_another_seed_asks_other_questions(table):
    release = at_levels(table, age=1)
    assert measured(release, seed=1) != measured(release, seed=2)
    assert measured(release, seed=1) == measured(release, seed=1)


def test_combinations_too_many_to_count_are_weighed_row_by_row(table, monkeypatch):
    release = at_levels(table, age=1, town=1)
    counted = measured(release)
    monkeypatch.setattr(coded_rows.CodedRows.counts, "__defaults__", (1,))
    assert {p: f.value for p, f in measured(release).items()} == pytest.approx(
        {p: f.value for p, f in counted.items()}
    )


def test_a_long_table_is_asked_less_and_says_so(table, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ROWS", 299)
    found = measured(Release.original(table))
    assert found["median",].method == "100 random questions"
    assert "only 100 questions" in found["median",].caveats[-1]


@settings(max_examples=25, deadline=None)
@given(
    cells=st.lists(
        st.tuples(st.sampled_from(["1", "2", "07", None]), st.sampled_from(["a", "b", None])),
        min_size=1,
        max_size=12,
    )
)
def test_no_table_is_answered_with_anything_but_its_counts(build, cells):
    table = build({"x": [a for a, _ in cells], "y": [b for _, b in cells]})
    found = measured(Release.original(table), ("x", "y"))
    assert all(isinstance(f, NotComputed) or f.value == 0 for f in found.values())


def test_the_least_count_that_an_error_is_divided_by_is_a_share_of_all_original_rows(build):
    table = build(
        {"x": list("aabb"), "y": list("vvuu")}, {"x": [("a", "ab", "*"), ("b", "ab", "*")]}
    )
    coarse = ReleasedColumn.generalized(table.domain("x"), 1)
    release = Release.original(table).with_columns(coarse).keeping(np.array([1, 0, 1, 0], bool))
    question = [
        Condition(column=name, leaves=np.array([leaf == asked for leaf in leaves]))
        for name, asked in (("x", "a"), ("y", "u"))
        for leaves in [table.domain(name).leaves]
    ]
    # Nobody is a and u; the one row left with u counts half.
    assert queries._errors(release, ("x", "y"), [question]) == pytest.approx([0.5 / (0.001 * 4)])
