from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.recipe import Recipe, StepContext
from transforms.steps import Generalize, Pseudonymize

KEY = b"a key that only this test knows"


def column(release, name):
    values = release.frame()[name].astype(object)
    return values.where(values.notna(), None).tolist()


@pytest.fixture
def table(build):
    names = ["Ann", "Bob", "Ann", None, "Cid"]
    return build({"name": names, "friend": ["Bob", "Ann", "Bob", "Cid", "Ann"]})


def test_equal_values_get_equal_pseudonyms_and_missing_stays_missing(table, context):
    step = Pseudonymize(columns=("name",))
    values = column(step.apply(Release.original(table), context(["name"], key=KEY)), "name")
    assert values[0] == values[2] != values[1]
    assert values[3] is None
    assert all(len(value) == 12 for value in values if value)
    assert not {"Ann", "Bob", "Cid"} & set(values)


def test_the_pseudonym_is_hmac_sha_256_of_the_column_and_the_value(table, context):
    release = Pseudonymize(columns=("name",), length=52).apply(
        Release.original(table), context(["name"], key=KEY)
    )
    message = (4).to_bytes(8, "big") + b"name" + b"Ann"
    expected = base64.b32encode(hmac.new(KEY, message, hashlib.sha256).digest()).decode()[:52]
    assert column(release, "name")[0] == expected


def test_the_same_value_in_two_columns_cannot_be_linked(table, context):
    release = Pseudonymize(columns=("name", "friend")).apply(
        Release.original(table), context(["name"], key=KEY)
    )
    names = {value for value in column(release, "name") if value}
    assert not names & set(column(release, "friend"))


def test_a_key_makes_it_repeatable_and_no_key_does_not(table, context):
    step = Pseudonymize(columns=("name",))
    original = Release.original(table)

    def names(key):
        return column(step.apply(original, context(["name"], key=key)), "name")

    assert names(KEY) == names(KEY)
    assert names(KEY) != names(b"another key")
    assert names(None) != names(None)


def test_the_key_is_in_no_text(table, context):
    recipe = Recipe(steps=(Pseudonymize(columns=("name",)),))
    given = context(["name"], key=KEY)
    assert "only this test knows" not in repr(given)
    assert set(recipe.to_json()["steps"][0]) == {"step", "columns", "length"}
    assert "key" not in json.dumps(recipe.to_json())
    assert isinstance(given, StepContext)


def test_a_clash_is_told_by_count(build, context):
    table = build({"name": [f"person {i}" for i in range(5_000)]})
    with pytest.raises(PrivacyToolError, match="longer pseudonym") as error:
        Pseudonymize(columns=("name",), length=4).apply(
            Release.original(table), context(["name"], key=KEY)
        )
    assert "person" not in str(error.value)


def test_codes_do_not_keep_the_order_of_the_values(build, context):
    table = build({"name": [f"{i:03d}x" for i in range(50)]})
    column_ = (
        Pseudonymize(columns=("name",))
        .apply(Release.original(table), context(["name"], key=KEY))
        .columns["name"]
    )
    assert not column_.unchanged
    assert list(column_.nodes.labels) == sorted(column_.nodes.labels)
    assert column_.nodes.sizes.tolist() == [1] * 50


def test_generalised_labels_can_be_renamed(build, context):
    table = build(
        {"q": ["a", "b", "c"]}, {"q": [("a", "ab", "*"), ("b", "ab", "*"), ("c", "c", "*")]}
    )
    recipe = Recipe(steps=(Generalize(levels={"q": 1}), Pseudonymize(columns=("q",))))
    release = recipe.apply(Release.original(table), context(["q"], key=KEY))
    values = column(release, "q")
    assert values[0] == values[1] != values[2]
    node = int(release.codes("q")[0])
    assert release.columns["q"].nodes.leaves(node).tolist() == [0, 1]
