from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.elsewhere import release_elsewhere
from microdata.measure import Context, NotComputed
from microdata.readers import dataset_from_frame
from risk.similarity import MOST_LEVELS, NOT_IN_HIERARCHY, TWICE, Similarity

SEVERITY = [
    ("heart", "treatable", "*"),
    ("viral", "treatable", "*"),
    ("cancer", "severe", "*"),
]


def figures(context, column):
    found = Similarity().evaluate(context).figures
    return {
        path[3:]: f for path, f in found.items() if path[:3] == ("models", "similarity", column)
    }


def values(context, column):
    return {path: figure.value for path, figure in figures(context, column).items()}


def level(number, *found):
    keys = ("distinct", "homogeneous", "homogeneous_without_singletons", "equal")
    return {("levels", str(number), key): value for key, value in zip(keys, found, strict=True)}


def test_the_inpatients_are_alike_by_how_severe_their_illness_is(context_of, inpatients):
    trees = {"condition": SEVERITY}
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"], hierarchies=trees)
    # the first group is treatable throughout, as 7 of the 12 are; the third is severe throughout
    assert values(context, "condition") == pytest.approx(level(1, 1, 8 / 12, 8 / 12, 7 / 12))


def test_whoever_is_alone_counts_in_one_of_the_two_shares(context_of):
    columns = {"q": list("aab"), "s": ["heart", "cancer", "viral"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": SEVERITY})
    assert values(context, "s") == pytest.approx(level(1, 1, 1 / 3, 0, 1 / 3))


def test_missing_values_are_left_out_of_the_labels(context_of):
    columns = {"q": list("aaabb"), "s": ["heart", "viral", None, "cancer", None]}
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": SEVERITY})
    assert values(context, "s") == pytest.approx(level(1, 1, 1, 1, 2 / 3))
    for figure in figures(context, "s").values():
        assert "40.0% of the people have no value" in figure.caveats[0]


def test_the_distribution_is_the_originals_where_people_were_left_out(context_of):
    columns = {"q": list("aabb"), "s": ["heart", "cancer", "cancer", "cancer"]}
    kept = [True, True, False, False]
    context = context_of(
        columns, quasi=["q"], sensitive=["s"], hierarchies={"s": SEVERITY}, kept=kept
    )
    assert values(context, "s") == pytest.approx(level(1, 2, 0, 0, 1 / 4))


def test_a_made_up_name_says_nothing_of_the_label_above_the_true_value(context_of):
    columns = {"q": list("aabb"), "s": ["heart", "viral", "cancer", "cancer"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": SEVERITY})
    assert set(values(context, "s")) == set(level(1, 0, 0, 0, 0))
    made_up = replace(context.release.columns["s"], renamed=True)
    renamed = replace(context, release=context.release.with_columns(made_up), memo={})
    assert figures(renamed, "s") == {("levels",): NOT_IN_HIERARCHY}


TREE = [
    (value, value[:4], value[:3], value[:2], value[:1], "one", "*")
    for value in ("aaaaa", "aaaab", "aaabb", "aabbb", "abbbb", "bbbbb")
]


def test_four_levels_are_looked_at_and_the_root_never(context_of):
    columns = {"q": list("xyxyxy"), "s": [row[0] for row in TREE]}
    for height, looked_at in ((6, 4), (4, 3), (3, 2)):
        rows = [(*row[:height], "*") for row in TREE]
        context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": rows})
        found = figures(context, "s")
        assert {path[1] for path in found} == {str(n + 1) for n in range(looked_at)}
    extra = [(row[0], row[0], *row[1:]) for row in TREE]
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": extra})
    found = figures(context, "s")
    assert len({path[1] for path in found}) == MOST_LEVELS
    assert all("1 coarser" in figure.caveats[-1] for figure in found.values())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (None, "no hierarchy"),
        ([("heart", "*"), ("viral", "*"), ("cancer", "*")], "no level between"),
        (SEVERITY[:2], "does not say under which"),
    ],
)
def test_without_labels_between_there_is_a_reason(context_of, inpatients, rows, said):
    trees = {"condition": rows} if rows else {}
    context = context_of(inpatients, quasi=["group"], sensitive=["condition"], hierarchies=trees)
    found = figures(context, "condition")
    assert found.keys() == {("levels",)}
    assert said in found["levels",].reason


def test_nothing_is_said_of_what_is_not_there(context_of):
    empty = context_of({"q": list("ab"), "s": [None] * 2}, quasi=["q"], sensitive=["s"])
    dropped = replace(empty, release=empty.release.without(("s",)))
    columns = {"q": list("ab"), "s": ["1", "2"]}
    nobody = context_of(columns, quasi=["q"], sensitive=["s"], kept=[False] * 2)
    for context in (empty, dropped, nobody):
        found = figures(context, "s")
        assert found
        assert all(isinstance(figure, NotComputed) for figure in found.values())
    assert isinstance(Similarity().needs(nobody), NotComputed)


def test_a_generalised_attribute_is_asked_at_the_levels_above_it(context_of):
    rows = [
        ("a1", "a", "u", "*"),
        ("a2", "a", "u", "*"),
        ("b1", "b", "u", "*"),
        ("c1", "c", "v", "*"),
    ]
    columns = {"q": list("xxxyyy"), "s": ["a1", "a2", "b1", "c1", "c1", "a1"]}
    given = {"quasi": ["q"], "sensitive": ["s"], "hierarchies": {"s": rows}}
    before = context_of(columns, **given)
    assert values(before, "s") == pytest.approx(
        level(1, 2, 0, 0, 1 / 3) | level(2, 1, 1 / 2, 1 / 2, 1 / 3)
    )
    # at level 1 it tells as much of levels 1 and 2 as the values did; at level 2 of level 2 alone
    assert values(context_of(columns, levels={"s": 1}, **given), "s") == values(before, "s")
    assert values(context_of(columns, levels={"s": 2}, **given), "s") == pytest.approx(
        level(2, 1, 1 / 2, 1 / 2, 1 / 3)
    )


def test_a_person_with_two_values_under_one_label_is_told_of(context_of):
    columns = {"q": list("aaa"), "s": ["heart", "viral", "cancer"], "p": ["1", "1", "2"]}
    trees = {"s": SEVERITY}
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies=trees, person="p")
    assert all(TWICE in figure.caveats for figure in figures(context, "s").values())


def test_a_group_is_as_wide_as_its_numbers(context_of):
    columns = {"q": list("AAABBBCCC"), "s": ["3", "4", "5", "6", "8", "11", "7", "9", "10"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    found = figures(context, "s")
    assert isinstance(found.pop(("levels",)), NotComputed)
    assert {path[1]: figure.value for path, figure in found.items()} == pytest.approx(
        {"smallest": 2 / 8, "narrow": 0, "narrow_without_singletons": 0}
    )


def ranges(context, column="s"):
    found = figures(context, column)
    return {path[1]: figure for path, figure in found.items() if path[0] == "range"}


def test_a_group_of_exactly_a_twentieth_counts_as_narrow(context_of):
    # 5 of 100 is narrow, 6 is not, and whoever is alone has no width
    columns = {"q": list("aabbcd"), "s": ["20", "25", "30", "36", "0", "100"]}
    got = ranges(context_of(columns, quasi=["q"], sensitive=["s"]))
    assert {key: figure.value for key, figure in got.items()} == pytest.approx(
        {"smallest": 0, "narrow": 4 / 6, "narrow_without_singletons": 2 / 6}
    )


def test_a_released_interval_is_as_wide_as_what_it_stands_for(context_of):
    rows = [("0", "low", "*"), ("4", "low", "*"), ("50", "high", "*"), ("100", "high", "*")]
    columns = {"q": list("aabb"), "s": ["0", "0", "100", "100"]}
    given = {"quasi": ["q"], "sensitive": ["s"], "hierarchies": {"s": rows}}
    assert ranges(context_of(columns, **given))["narrow"].value == 1
    coarse = ranges(context_of(columns, levels={"s": 1}, **given))
    assert coarse["smallest"].value == pytest.approx(4 / 100)
    assert coarse["narrow"].value == pytest.approx(2 / 4)


def test_dates_have_a_width_in_days_and_words_have_none(context_of):
    columns = {
        "q": list("aabb"),
        "s": ["2024-01-01", "2024-01-11", "2024-01-01", "2024-04-10"],
        "t": list("wxyz"),
    }
    context = context_of(columns, quasi=["q"], sensitive=["s", "t"])
    assert ranges(context)["smallest"].value == pytest.approx(10 / 100)
    assert ranges(context, "t") == {}


def test_one_number_for_everyone_has_no_width(context_of):
    context = context_of({"q": list("ab"), "s": ["7", "7"]}, quasi=["q"], sensitive=["s"])
    assert all("have no width" in figure.reason for figure in ranges(context).values())


def test_a_release_made_elsewhere_is_held_against_its_original(context_of):
    columns = {"q": list("aabb"), "s": ["0", "5", "60", "100"]}
    context = context_of(columns, quasi=["q"], sensitive=["s"])
    frame = context.release.frame().astype(object)
    frame["s"] = ["0-5", "0-5", "60", "100"]
    table = dataset_from_frame(frame, "elsewhere")
    made = release_elsewhere(context.release.source, table)
    got = ranges(Context(release=made, roles=context.roles))
    assert {key: figure.value for key, figure in got.items()} == pytest.approx(
        {"smallest": 0.05, "narrow": 0.5, "narrow_without_singletons": 0.5}
    )
    frame["s"] = ["young", "0-5", "60", "100"]
    made = release_elsewhere(context.release.source, dataset_from_frame(frame, "elsewhere"))
    unread = ranges(Context(release=made, roles=context.roles))
    assert all("is a number" in figure.reason for figure in unread.values())


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([row[0] for row in TREE] + [None])),
    min_size=1,
    max_size=20,
).filter(lambda rows: any(s for _, s in rows))


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_a_plain_loop_over_relabelled_rows_agrees(context_of, rows, random):
    tree = [(*row[:3], "*") for row in TREE]
    above = {row[0]: row for row in tree}
    random.shuffle(tree)
    columns = {"q": [q for q, _ in rows], "s": [s for _, s in rows]}
    context = context_of(columns, quasi=["q"], sensitive=["s"], hierarchies={"s": tree})
    found = figures(context, "s")
    for at in (1, 2):
        label = [None if s is None else above[s][at] for _, s in rows]
        groups = {q: [x for (p, _), x in zip(rows, label, strict=True) if p == q] for q, _ in rows}
        known = [x for x in label if x is not None]
        share, distance, fewest = 0, 0.0, []
        for everyone in groups.values():
            inside = [x for x in everyone if x is not None]
            fewest.append(len(set(inside)))
            share += len(inside) if len(set(inside)) == 1 else 0
            if inside:
                shift = [
                    abs(inside.count(x) / len(inside) - known.count(x) / len(known))
                    for x in set(known)
                ]
                distance = max(distance, sum(shift) / 2)
        got = {key: found["levels", str(at), key] for key in ("distinct", "homogeneous", "equal")}
        assert got["homogeneous"].value == pytest.approx(share / len(known))
        if min(fewest):
            assert got["distinct"].value == min(fewest)
            assert got["equal"].value == pytest.approx(distance)
        else:
            assert isinstance(got["distinct"], NotComputed)
            assert isinstance(got["equal"], NotComputed)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-20, 20)), min_size=2, max_size=20)
    .filter(lambda rows: len({x for _, x in rows}) > 1)
)  # fmt: skip
def test_a_plain_loop_over_numbers_agrees(context_of, rows):
    columns = {"q": [q for q, _ in rows], "s": [str(x) for _, x in rows]}
    got = ranges(context_of(columns, quasi=["q"], sensitive=["s"]))
    groups = [[x for q, x in rows if q == group] for group in {q for q, _ in rows}]
    every = [x for _, x in rows]
    whole = max(every) - min(every)
    widths = [max(group) - min(group) for group in groups]
    narrow = sum(len(g) for g, width in zip(groups, widths, strict=True) if 20 * width <= whole)
    assert got["smallest"].value == pytest.approx(min(widths) / whole)
    assert got["narrow"].value == pytest.approx(narrow / len(rows))


def test_adults_occupations_by_their_hierarchy(context_of, adult, adult_hierarchies):
    five = ["sex", "age", "race", "marital-status", "education"]
    trees = {"occupation": adult_hierarchies["occupation"]}
    context = context_of(adult, quasi=five, sensitive=["occupation"], hierarchies=trees)
    label = adult["occupation"].map({row[0]: row[1] for row in trees["occupation"].rows()})
    groups = label.groupby([adult[name] for name in five]).agg(["nunique", "size"])
    one = groups[groups["nunique"] == 1]["size"]
    got = values(context, "occupation")
    assert got["levels", "1", "distinct"] == 1
    assert got["levels", "1", "homogeneous"] == pytest.approx(one.sum() / len(adult))
    assert got["levels", "1", "homogeneous_without_singletons"] == pytest.approx(
        one[one > 1].sum() / len(adult)
    )
    shares = pd.crosstab([adult[name] for name in five], label, normalize="index")
    distance = (shares - label.value_counts(normalize=True)).abs().sum(axis=1) / 2
    assert got["levels", "1", "equal"] == pytest.approx(distance.max())
