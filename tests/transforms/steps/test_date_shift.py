from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps import DateShift, DropColumn, Generalize


def column(release, name):
    values = release.frame()[name].astype(object)
    return values.where(values.notna(), None).tolist()


def shifted(table, context_, *columns, seed=0, days=30, key=None):
    step = DateShift(columns=columns, days=days)
    return step.apply(Release.original(table), replace(context_, seed=seed, key=key))


def days(texts):
    return np.array([date.fromisoformat(text).toordinal() for text in texts])


VISITS = {
    "person": ["p1", "p2", "p1", "p2", "p3", "p1"],
    "in": ["2024-01-01", "2024-02-28", "2024-03-01", "2023-12-31", "2024-01-01", None],
    "out": ["2024-01-05", "2024-03-02", "2024-03-01", "2024-01-02", "2024-01-09", "2024-05-01"],
}


def test_all_dates_of_a_person_move_by_the_same_days(build, context):
    table, roles = build(VISITS), context(["in", "out"], person="person")
    for seed in range(5):
        release = shifted(table, roles, "in", "out", seed=seed)
        moves = {}
        for name in ("in", "out"):
            for person, old, new in zip(
                VISITS["person"], VISITS[name], column(release, name), strict=True
            ):
                assert (old is None) == (new is None)
                if old is not None:
                    moved = date.fromisoformat(new) - date.fromisoformat(old)
                    moves.setdefault(person, set()).add(moved.days)
        assert all(len(move) == 1 for move in moves.values())
        assert all(abs(next(iter(move))) <= 30 for move in moves.values())


def test_two_steps_keep_the_time_between_two_columns(build, context):
    roles = context(["in"], person="person")
    recipe = Recipe(steps=(DateShift(columns=("in",)), DateShift(columns=("out",))))
    release = recipe.apply(Release.original(build(VISITS)), roles)
    first = [i for i, text in enumerate(VISITS["in"]) if text]
    old = days([VISITS["out"][i] for i in first]) - days([VISITS["in"][i] for i in first])
    new = days([column(release, "out")[i] for i in first]) - days(
        [column(release, "in")[i] for i in first]
    )
    assert np.array_equal(old, new)


def test_without_a_person_every_row_moves_on_its_own(build, context):
    texts = ["2024-06-15"] * 4_000
    release = shifted(build({"d": texts}), context(["d"]), "d", days=5)
    moves = days(column(release, "d")) - days(texts)
    values, counts = np.unique(moves, return_counts=True)
    assert values.tolist() == list(range(-5, 6))
    # 4,000 / 11 = 364 each, standard deviation 18: six of them to either side.
    assert np.all(np.abs(counts - 364) < 110)


def test_a_row_without_a_person_is_a_person_of_its_own(build, context):
    table = build({"p": [None] * 300, "d": ["2024-06-15"] * 300})
    values = column(shifted(table, context(["d"], person="p"), "d"), "d")
    assert len(set(values)) > 30


def test_the_seed_and_the_people_decide_not_the_order_of_the_rows(build, context):
    roles = context(["in"], person="person")
    one = column(shifted(build(VISITS), roles, "in", seed=1), "in")
    assert one == column(shifted(build(VISITS), roles, "in", seed=1), "in")
    assert one != column(shifted(build(VISITS), roles, "in", seed=2), "in")
    assert column(shifted(build(VISITS), roles, "in", seed=-1), "in")
    turned = {name: values[::-1] for name, values in VISITS.items()}
    assert column(shifted(build(turned), roles, "in", seed=1), "in") == one[::-1]


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["2024-01-05", "2024-11-30"], "%Y-%m-%d"),
        (["2024/01/05", "2024/11/30"], "%Y/%m/%d"),
        (["20240105", "20241130"], "%Y%m%d"),
        (["05.01.2024", "30.11.2024"], "%d.%m.%Y"),
        (["05/01/2024", "30/11/2024"], "%d/%m/%Y"),
        (["01/05/2024", "11/30/2024"], "%m/%d/%Y"),
        (["11-30-2024", "12-31-2024"], "%m-%d-%Y"),
    ],
)
def test_dates_stay_in_the_form_of_the_column(build, context, texts, read):
    from datetime import datetime

    texts *= 20
    release = shifted(build({"d": texts}), context(["d"]), "d", days=400)
    for old, new in zip(texts, column(release, "d"), strict=True):
        moved = datetime.strptime(new, read) - datetime.strptime(old, read)  # noqa: DTZ007 - days only
        assert abs(moved.days) <= 400
        assert len(new) == len(old)


def test_single_digits_and_the_time_of_day_stay_as_they_are_written(build, context):
    texts = ["5.1.2024 09:30", "30.11.2024 23:59:59"] * 30
    values = column(shifted(build({"d": texts}), context(["d"]), "d"), "d")
    assert all(value.endswith(text[-6:]) for value, text in zip(values, texts, strict=True))
    assert not any(value.startswith("0") or ".0" in value for value in values)


def test_equal_days_written_in_two_ways_stay_told_apart(build, context):
    texts = ["2024-01-05", "2024/01/05"] * 10
    values = column(shifted(build({"d": texts}), context(["d"]), "d", days=1), "d")
    assert {value[4] for value in values[::2]} == {"-"}
    assert {value[4] for value in values[1::2]} == {"/"}


def test_a_node_holds_the_nearest_date_of_the_original(build, context):
    texts = ["2024-01-01", "2024-03-01"]
    table = build({"d": texts * 50})
    release = shifted(table, context(["d"]), "d", days=40)
    column_ = release.columns["d"]
    assert column_.perturbed
    assert column_.lookup is None
    assert not column_.unchanged
    assert column_.nodes.sizes.tolist() == [1] * len(column_.nodes.labels)
    assert list(column_.nodes.labels) == sorted(column_.nodes.labels)
    for node, label in enumerate(column_.nodes.labels):
        apart = np.abs(days([label]) - days(texts))
        assert apart[column_.nodes.leaves(node)[0]] == apart.min()


def test_missing_stays_missing_and_everything_can_be_measured(build, context):
    table = build({"d": ["2024-01-01", None, "2024-01-02"], "s": ["a", "b", "c"]})
    roles = context(["d"], ["s"])
    release = shifted(table, roles, "d")
    assert column(release, "d")[1] is None
    assert classes_of(release, roles.roles).n_records == 3
    assert not DateShift.keeps_rule
    empty = build({"d": [None, None]})
    assert column(shifted(empty, roles, "d"), "d") == [None, None]


def test_values_that_only_the_hierarchy_knows_may_be_anything(build, context):
    rows = [("2024-01-01", "2024", "*"), ("2024-07-01", "2024", "*"), ("unknown", "?", "*")]
    table = build({"d": ["2024-01-01", "2024-07-01"]}, {"d": rows})
    assert len(column(shifted(table, context(["d"]), "d"), "d")) == 2


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["2024-01-01", "soon", "later"], "2 values of the column 'd' are not dates"),
        (["2024-01-01", "2024-02-30"], "1 values of the column 'd' are not dates"),
        (["2024-01-01", "01.02.2024"], "are not dates"),
        (["2024-01-01", "9999-12-31", "9999-12-31"], "would leave the years 1 to 9999"),
    ],
)
def test_what_is_no_date_is_refused_by_count(build, context, texts, words):
    table = build({"d": texts * 20})  # of twenty dates on the edge of time one moves over it
    with pytest.raises(PrivacyToolError, match=words) as error:
        shifted(table, context(["d"]), "d")
    assert not any(text in str(error.value) for text in texts)


def test_the_first_and_the_last_day_of_time_are_reached(build, context):
    for last, edge in (("9999-12-30", "9999-12-31"), ("0001-01-02", "0001-01-01")):
        table = build({"d": [last] * 20})
        assert edge in column(shifted(table, context(["d"]), "d", days=1), "d")


def test_every_number_of_days_is_drawn(build, context):
    table = build({"p": [f"p{i}" for i in range(60)], "d": ["2024-01-10"] * 60})
    for roles in (context(["d"]), context(["d"], person="p")):
        release = shifted(table, roles, "d", days=2)
        assert set(column(release, "d")) == {f"2024-01-{day:02d}" for day in range(8, 13)}
        # All stand over the only date that the table has.
        assert release.columns["d"].nodes.members.tolist() == [0] * 5


def test_a_column_that_is_gone_or_changed_is_refused(build, context):
    table = build(
        {"d": ["2024-01-01", "2024-01-02"]},
        {"d": [("2024-01-01", "2024", "*"), ("2024-01-02", "2024", "*")]},
    )
    step, roles = DateShift(columns=("d",)), context(["d"])
    for first, words in (
        (DropColumn(columns=("d",)), "earlier step drops"),
        (Generalize(levels={"d": 1}), "changed by an earlier step"),
        (step, "changed by an earlier step"),
    ):
        with pytest.raises(PrivacyToolError, match=words):
            Recipe(steps=(first, step)).apply(Release.original(table), roles)
    with pytest.raises(PrivacyToolError, match="'z'"):
        DateShift(columns=("z",)).apply(Release.original(table), roles)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 500),
)
def test_intervals_within_a_person_are_kept_exactly(build, context, rows, most):
    people, dates = [p for p, _ in rows], [d for _, d in rows]
    table = build({"p": people, "d": [d.isoformat() for d in dates]})
    values = column(shifted(table, context(["d"], person="p"), "d", days=most), "d")
    moves = {}
    for person, old, new in zip(people, dates, values, strict=True):
        moves.setdefault(person, set()).add(date.fromisoformat(new) - old)
    assert all(len(move) == 1 for move in moves.values())
    assert all(abs(min(move)) <= timedelta(most) for move in moves.values())
