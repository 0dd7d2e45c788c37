from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.elsewhere import release_elsewhere
from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from microdata.readers import dataset_from_frame
from risk.attacks.composition import compose
from risk.attacks.joined import SIDES
from risk.attacks.pairing import BY_LABELS, BY_ORDER, BY_PERSON, on_original_rows

TREE = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*"), ("d", "cd", "*")]
CELL = st.sampled_from(["a", "b", "c", "d", None])
TABLE = {"x": list("aabbccdd"), "y": list("abababab"), "s": list("uvuvwwuv")}


@pytest.fixture
def base(context_of):
    return context_of(
        TABLE, quasi=["x", "y"], sensitive=["s"], hierarchies=dict.fromkeys("xy", TREE)
    )


def elsewhere(context, frame):
    """Return a release as if it came from a file of another program."""
    table = dataset_from_frame(pd.DataFrame(frame, dtype=object), "elsewhere")
    release = release_elsewhere(context.release.source, table)
    return replace(context, release=release, memo={})


@settings(max_examples=40)
@given(data=st.data())
def test_a_release_from_a_file_says_what_the_recipe_that_made_it_says(context_of, data, in_release):
    draw = data.draw
    n = draw(st.integers(1, 9))
    table = {name: draw(st.lists(CELL, min_size=n, max_size=n)) for name in ("x", "y", "s")}
    base = context_of(
        table, quasi=["x", "y"], sensitive=["s"], hierarchies=dict.fromkeys("xy", TREE)
    )
    first = in_release(base, {"x": draw(st.integers(0, 1))})
    second = in_release(base, {"x": draw(st.integers(0, 1)), "y": draw(st.integers(0, 1))})
    # Groups are left out as a whole, so that labels say which rows are there.
    count = second.classes.count
    second = in_release(
        base,
        {name: (0 if second.release.columns[name].unchanged else 1) for name in "xy"},
        (count >= draw(st.integers(1, 2)))[second.classes.class_of],
    )
    if not second.release.released_records:
        return
    frame = second.release.frame()
    shuffled = frame.iloc[draw(st.permutations(range(len(frame))))]
    expected, found = compose(first, second), compose(first, elsewhere(base, shuffled))
    assert found.figures == expected.figures
    assert found.sizes == expected.sizes
    assert BY_LABELS in found.caveats
    if len(frame) == n:
        in_order = compose(first, elsewhere(base, frame), same_order=True)
        assert in_order.figures == expected.figures
        assert BY_ORDER in in_order.caveats


def test_what_is_made_here_stays_as_it_is(base):
    paired = on_original_rows(base.release, base.roles)
    assert paired.release is base.release
    assert paired.caveats == ()


def test_a_group_that_is_there_in_part_is_not_paired(base, in_release):
    frame = in_release(base, {"x": 1, "y": 2}).release.frame()
    refused = compose(base, elsewhere(base, frame.iloc[1:]))
    assert isinstance(refused, NotComputed)
    assert "in part only" in refused.reason


@pytest.mark.parametrize("cell", ["*", "around a"])
def test_a_label_that_may_be_several_values_is_not_paired(base, cell):
    frame = pd.DataFrame(TABLE, dtype=object)
    frame.loc[0, "x"] = cell
    refused = compose(base, elsewhere(base, frame))
    assert isinstance(refused, NotComputed)
    assert "column 'x'" in refused.reason
    assert cell not in refused.reason or cell == "*"
    assert compose(base, elsewhere(base, frame), same_order=True).value("people", "both") == 8


def test_labels_that_overlap_are_not_paired(base):
    frame = pd.DataFrame(TABLE, dtype=object)
    frame.loc[0, "x"] = "ab"
    assert "in the column 'x'" in compose(base, elsewhere(base, frame)).reason


def test_values_that_moved_between_groups_are_not_shown(base):
    frame = pd.DataFrame({**TABLE, "s": list("vuuvwwuv")}, dtype=object)
    result = compose(base, elsewhere(base, frame))
    assert result.value("smallest", "together") == 1
    assert isinstance(result.figures["sensitive", "s", "disclosed"], NotComputed)


def test_a_column_of_stars_alone_is_one_group(base, in_release):
    frame = pd.DataFrame({**TABLE, "x": ["*"] * 8}, dtype=object)
    result = compose(in_release(base, {"y": 2}), elsewhere(base, frame))
    assert [result.value("smallest", side) for side in SIDES] == [2, 4, 1]


def test_rows_in_another_order_than_said_are_told(base):
    frame = pd.DataFrame(TABLE, dtype=object).iloc[::-1]
    result = compose(base, elsewhere(base, frame), same_order=True)
    assert any("In 8 of 8 rows the column 'x'" in said for said in result.caveats)
    assert isinstance(result.figures["sensitive", "s", "new"], NotComputed)


def test_fewer_rows_cannot_stand_in_the_same_order(base):
    frame = pd.DataFrame(TABLE, dtype=object).iloc[1:]
    with pytest.raises(PrivacyToolError, match="7 rows and the original 8"):
        compose(base, elsewhere(base, frame), same_order=True)


def test_columns_that_only_the_release_has_are_left_out(base):
    frame = pd.DataFrame({**TABLE, "note": list("12345678")}, dtype=object)
    result = compose(base, elsewhere(base, frame), same_order=True)
    assert result.figures == compose(base, base).figures


def test_persons_pair_the_rows_where_each_has_one(context_of, in_release):
    base = context_of(
        {**TABLE, "who": list("pqrstuvw")},
        quasi=["x", "y"],
        sensitive=["s"],
        person="who",
        hierarchies=dict.fromkeys("xy", TREE),
    )
    kept = [True, True, True, False, True, True, True, True]
    here = in_release(base, {"x": 1}, kept)
    result = compose(base, elsewhere(base, here.release.frame().iloc[::-1]))
    assert result.figures == compose(base, here).figures
    assert BY_PERSON in result.caveats
    twice = pd.DataFrame({**TABLE, "who": list("ppqqrrss")}, dtype=object)
    found = compose(base, elsewhere(base, twice))
    assert BY_PERSON not in found.caveats


def test_nobody_is_paired_by_a_person_who_is_missing_or_unknown(context_of):
    base = context_of(
        {**TABLE, "who": ["p", "q", "r", "s", "t", "u", "v", None]},
        quasi=["x", "y"],
        person="who",
        hierarchies=dict.fromkeys("xy", TREE),
    )
    for last in (None, "z"):
        frame = pd.DataFrame({**TABLE, "who": ["p", "q", "r", "s", "t", "u", "v", last]})
        assert BY_PERSON not in compose(base, elsewhere(base, frame.astype(object))).caveats


def test_whoever_has_several_rows_in_the_original_is_not_told_by_the_person(context_of):
    base = context_of({**TABLE, "who": list("ppqqrrss")}, quasi=["x", "y"], person="who")
    frame = pd.DataFrame({**TABLE, "who": list("ppqqrrss")}, dtype=object).iloc[::2]
    found = compose(base, elsewhere(base, frame))
    assert BY_LABELS in found.caveats
    assert found.value("people", "both") == 4
