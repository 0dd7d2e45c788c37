from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps import Generalize, Mask
from transforms.steps.mask import WHAT


def masked(values, **options):
    return Mask(columns=("c",), **options).masked(values)


def column(release, name):
    values = release.frame()[name].astype(object)
    return values.where(values.notna(), None).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bob Smith", "Bob Smith"),
        ("bob@example.org", "*"),
        ("write to <bob.smith+x@mail.example.org>, please", "write to <***>, please"),
        ("a@x.org,b@y.org;c@z.org", "***,***;***"),
        ("mailto:bob@example.org.", "***."),
        ("call 030 1234567 or +49 (0)30 1234567!", "call *** or ***!"),
        ("tel=(030) 123-45678", "tel=(***"),
        ("IBAN DE89 3704 0044 0532 0130 00 today", "IBAN *** today"),
        ("the longest: RU30 1234 5678 90AB CDEF GHJK LMNP QRST U today", "the longest: *** today"),
        ("card 4111 1111 1111 1111.", "card ***."),
        ("card 4111111111111112", "card 4111111111111112"),
        ("SSN 078-05-1120", "SSN ***"),
        ("from 192.168.0.1 at 10:30", "from *** at 10:30"),
        ("see https://example.org/people?id=7&name=bob for it", "see *** for it"),
        ("mac 00:1A:2B:3C:4D:5E ok", "mac *** ok"),
        ("room 12, floor 3, 2024-01-15", "room 12, floor 3, 2024-01-15"),
        ("aged 40-49", "aged 40-49"),
        ("line one\nbob@example.org\nline three", "line one\n***\nline three"),
        ("Ünïcödé 🏥 bob@example.org", "Ünïcödé 🏥 ***"),
        ("half a pair \ud800 bob@example.org", "half a pair \ud800 ***"),
    ],
)
def test_shapes_that_point_to_a_person_are_hidden_anywhere_in_a_text(text, expected):
    assert masked([text]) == [expected]


def test_one_shape_only():
    texts = ["bob@example.org, 030 1234567"]
    assert masked(texts, what="email") == ["***, 030 1234567"]
    assert masked(texts, what="phone") == ["bob@example.org, ***"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"what": "digits"}, ["A-***-b***", "*", "none"]),
        ({"what": "digits", "keep_length": True}, ["A-**-b*", "*", "none"]),
        ({"what": "digits", "replacement": "x", "keep_length": True}, ["A-xx-bx", "xxxx", "none"]),
        ({"what": "all_but_first", "keep": 2}, ["A-***", "02***", "no***"]),
        ({"what": "all_but_last", "keep": 2, "keep_length": True}, ["*****b7", "**39", "**ne"]),
        ({"what": "all_but_first", "keep": 4}, ["A-12***", "*", "*"]),
        ({"what": "all_but_last"}, ["*", "*", "*"]),
    ],
)
def test_digits_and_ends(options, expected):
    assert masked(["A-12-b7", "0239", "none"], **options) == expected


def test_values_that_become_equal_are_one_value_that_stands_for_both(build, context):
    table = build({"zip": ["02139", "02142", "94110", None, "02139"]})
    step = Mask(columns=("zip",), what="all_but_first", keep=3)
    release = step.apply(Release.original(table), context(["zip"]))
    assert column(release, "zip") == ["021***", "021***", "941***", None, "021***"]
    node = int(release.codes("zip")[0])
    assert release.columns["zip"].nodes.leaves(node).tolist() == [0, 1]
    assert release.columns["zip"].lookup is not None
    assert step.keeps_rule


def test_a_mask_without_effect_changes_nothing_and_one_to_one_is_no_unchanged_column(
    build, context
):
    table = build({"c": ["bob1", "cid2"]})
    original = Release.original(table)
    same = Mask(columns=("c",), what="email").apply(original, context(["c"]))
    assert same.columns["c"].unchanged
    other = Mask(columns=("c",), what="all_but_last", keep=1).apply(original, context(["c"]))
    assert column(other, "c") == ["***1", "***2"]
    assert not other.columns["c"].unchanged


def test_a_column_of_which_nothing_is_left_says_nothing_of_missing_cells_either(build, context):
    table = build({"c": ["bob@example.org", "cid@example.org", None]})
    release = Mask(columns=("c",)).apply(Release.original(table), context(["c"]))
    assert column(release, "c") == ["*", "*", "*"]
    assert release.columns["c"].nodes.labels == ()


def test_the_labels_of_an_earlier_step_are_masked(build, context):
    rows = [("a1", "A 1", "*"), ("a2", "A 1", "*"), ("b1", "B 1", "*")]
    table = build({"c": ["a1", "a2", "b1"]}, {"c": rows})
    recipe = Recipe(steps=(Generalize(levels={"c": 1}), Mask(columns=("c",), what="digits")))
    release = recipe.apply(Release.original(table), context(["c"]))
    assert column(release, "c") == ["A ***", "A ***", "B ***"]
    assert release.columns["c"].nodes.leaves(int(release.codes("c")[0])).tolist() == [0, 1]


@pytest.mark.parametrize("replacement", ["", "**", " ", "0", "\n", "٣"])
def test_a_replacement_that_could_be_taken_for_a_value_is_refused(replacement):
    with pytest.raises(PrivacyToolError, match="no digit"):
        Mask(columns=("c",), replacement=replacement)


def test_every_choice_is_described():
    for what in WHAT:
        sentence = Mask(columns=("note",), what=what, keep=2).describe()
        assert sentence.startswith("Hide ")
        assert "'note'" in sentence


def test_a_long_text_takes_time_by_its_length_only():
    texts = ["a" * 300_000, "." * 300_000, "1 " * 20_000, "x@" * 100_000, "(" * 300_000]
    begun = time.perf_counter()
    masked(texts)
    assert time.perf_counter() - begun < 10


@given(
    st.lists(st.text(), unique=True),
    st.sampled_from(tuple(WHAT)),
    st.integers(0, 3),
    st.booleans(),
)
def test_laws_of_masking(values, what, keep, keep_length):
    found = masked(values, what=what, keep=keep, keep_length=keep_length)
    assert len(found) == len(values)
    for value, label in zip(values, found, strict=True):
        if what == "digits":
            assert not any(character.isdecimal() for character in label)
        if what in {"identifiers", "email", "phone"} and "@" not in value:
            assert label == value or any(character in "0123456789.:/-" for character in value)
        if keep_length and label != "*":
            assert len(label) == len(value)
        if what == "all_but_first" and len(value) > keep:
            assert label == "*" or label.startswith(value[:keep])
        if what == "all_but_last" and 0 < len(value) <= keep:
            assert label == "*"


@given(st.permutations(["bob@example.org", "Bob", "030 1234567", "x 1"]))
def test_a_mask_looks_at_one_value_only(values):
    alone = {value: masked([value])[0] for value in values}
    assert masked(values) == [alone[value] for value in values]


def test_perturbed_values_keep_their_leaves(build, context):
    table = build({"c": ["a1", "b2", "c3"]})
    column_ = Release.original(table).columns["c"]
    explicit = np.array([1, 1, 2], np.int32)
    released = Release.original(table).with_columns(
        type(column_)("c", column_.nodes, explicit=explicit, perturbed=True)
    )
    after = Mask(columns=("c",), what="digits", keep_length=True).apply(released, context(["c"]))
    assert column(after, "c") == ["b*", "b*", "c*"]
    assert after.columns["c"].lookup is None
    assert after.columns["c"].perturbed
