from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps import SampleRecords, SuppressRecords


def test_a_share_or_a_count_of_the_rows(build, context):
    table = build({"q": [str(i) for i in range(50)]})
    original = Release.original(table)
    for step, expected in (
        (SampleRecords(share=0.5), 25),
        (SampleRecords(share=0.49), 25),
        (SampleRecords(share=0.001), 1),
        (SampleRecords(share=1), 50),
        (SampleRecords(count=7), 7),
        (SampleRecords(count=1_000), 50),
    ):
        release = step.apply(original, context(["q"]))
        assert release.released_records == expected
        assert release.suppressed_records == 50 - expected


def test_whole_people_stay_or_go(build, context):
    people = ["p1", "p2", "p1", None, "p3", "p2", None, "p4", "p1"]
    table = build({"p": people, "q": list("abcdefghi")})
    roles = context(["q"], person="p")
    for seed in range(20):
        release = SampleRecords(count=3).apply(Release.original(table), replace(roles, seed=seed))
        kept = release.row_mask
        drawn = {person for person, keep in zip(people, kept, strict=True) if keep and person}
        for person, keep in zip(people, kept, strict=True):
            assert person is None or keep == (person in drawn)
        # A row without a person is a person of its own.
        alone = sum(keep for person, keep in zip(people, kept, strict=True) if person is None)
        assert len(drawn) + alone == 3
        assert classes_of(release, roles.roles).n_records == int(kept.sum())


def test_everybody_is_drawn_equally_often(build, context):
    table, roles = build({"q": [str(i % 2) for i in range(12)]}), context(["q"])
    times = np.zeros(12)
    for seed in range(600):
        step = SampleRecords(share=0.25)
        times += step.apply(Release.original(table), replace(roles, seed=seed)).row_mask
    # 150 each, standard deviation 10.6: five of them to either side.
    assert times.sum() == 1_800
    assert np.all(np.abs(times - 150) < 53)


def test_it_draws_from_those_who_are_still_there(build, context):
    table = build({"q": ["a"] * 6 + ["b"] * 6 + ["c"]})
    roles = context(["q"])
    recipe = Recipe(steps=(SuppressRecords(require=("k-anonymity=2",)), SampleRecords(share=0.5)))
    release = recipe.apply(Release.original(table), roles)
    assert release.released_records == 6
    assert not release.row_mask[12]
    for seed in range(20):
        left = np.arange(13) % 4 == 0  # four people, of whom 0.6 are 2.4
        release = Release.original(table).keeping(left)
        release = SampleRecords(share=0.6).apply(release, replace(roles, seed=seed))
        assert release.released_records == 2
        assert not np.any(release.row_mask & ~left)
    # And what comes later looks at who was drawn.
    after = Recipe(steps=(SampleRecords(count=1), SuppressRecords(require=("k-anonymity=2",))))
    assert after.apply(Release.original(table), roles).released_records == 0


def test_rows_that_were_left_out_do_not_come_back_with_their_person(build, context):
    table = build({"p": ["p1", "p1", "p2", "p2"], "q": list("abcd")})
    left = np.array([True, False, True, False])
    release = Release.original(table).keeping(left)
    release = SampleRecords(share=1).apply(release, context(["q"], person="p"))
    assert release.row_mask.tolist() == left.tolist()


def test_the_seed_and_the_people_decide_not_the_order_of_the_rows(build, context):
    people = [f"p{i % 30}" for i in range(60)]
    roles = context(["q"], person="p")

    def drawn(names, **changes):
        table = build({"p": names, "q": ["x"] * 60})
        step, given_ = SampleRecords(count=10), replace(roles, **changes)
        kept = step.apply(Release.original(table), given_).row_mask
        return {name for name, keep in zip(names, kept, strict=True) if keep}

    assert drawn(people) == drawn(people[::-1])
    assert drawn(people) != drawn(people, seed=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "either a 'share' or a 'count'"),
        ({"share": 0.5, "count": 2}, "either a 'share' or a 'count'"),
        ({"share": 0}, "above 0"),
        ({"share": 1.5}, "from 0 to 1"),
        ({"count": 0}, "from 1 upwards"),
        ({"count": 2.5}, "whole number"),
    ],
)
def test_a_size_that_makes_no_sample_is_refused(options, words):
    with pytest.raises(PrivacyToolError, match=words):
        SampleRecords(**options)
    with pytest.raises(PrivacyToolError, match=words):
        SampleRecords.from_json({"step": "sample_records"} | options)


def test_the_sentence_names_the_population():
    assert "12.5 % of the people" in SampleRecords(share=0.125).describe()
    assert "sample of 1,000 of the people" in SampleRecords(count=1_000).describe()
    assert "the original table is the population" in SampleRecords(count=1).describe()


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1), st.floats(0.01, 1))
def test_the_number_of_people_is_the_share_rounded(build, context, people, share):
    table = build({"p": people, "q": ["x"] * len(people)})
    release = SampleRecords(share=share).apply(Release.original(table), context(["q"], person="p"))
    alone = people.count(None)
    total = len(set(people) - {None}) + alone
    kept = [p for p, keep in zip(people, release.row_mask, strict=True) if keep]
    number = len(set(kept) - {None}) + kept.count(None)
    assert number >= 1
    assert abs(number - share * total) <= 0.5 or number == 1
