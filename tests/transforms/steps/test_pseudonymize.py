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
from transforms.steps.pseudonymize import collision_probability, pseudonym

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


@pytest.mark.parametrize(
    ("alphabet", "characters"),
    [
        ("letters", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        ("hex", "0123456789abcdef"),
        ("digits", "0123456789"),
    ],
)
@pytest.mark.parametrize("length", [4, 12, 51])  # the 52nd letter holds the last bit
def test_alphabets_use_all_their_characters_and_keep_the_length(alphabet, characters, length):
    made = [pseudonym(KEY, "c", str(i), length, alphabet) for i in range(2_000)]
    assert {len(text) for text in made} == {length}
    for place in range(length):
        # 2,000 draws miss one of 32 characters with a probability of 1e-26.
        assert {text[place] for text in made} == set(characters)


def test_other_alphabets_are_the_same_digest(table, context):
    digest = hmac.new(KEY, (4).to_bytes(8, "big") + b"nameAnn", hashlib.sha256).digest()
    for alphabet, expected in (
        ("hex", digest.hex()[:20]),
        ("digits", str(int.from_bytes(digest, "big"))[-20:]),
    ):
        step = Pseudonymize(columns=("name",), length=20, alphabet=alphabet, prefix="P-")
        release = step.apply(Release.original(table), context(["name"], key=KEY))
        assert column(release, "name")[0] == f"P-{expected}"


def test_a_recipe_of_the_first_program_keeps_meaning_and_digest():
    old = {"step": "pseudonymize", "columns": ["a", "b"], "length": 20}
    recipe = Recipe.from_json(
        {"version": 1, "steps": [old, {"step": "drop_column", "columns": ["c"]}]}
    )
    assert recipe.steps[0].to_json() == old
    assert recipe.digest == "016ad3baee7071583fda2a587673e7eab55b405d546d32ff70ab34c601bf36d8"
    short = Recipe.from_json(
        {"version": 1, "steps": [{"step": "pseudonymize", "columns": ["name"]}]}
    )
    assert short.digest == "a4977cf002642dab57aaaa7b7c6eb2769b60462f52071ebb0306909606ce1773"


def test_a_new_format_is_part_of_the_recipe():
    step = Pseudonymize(columns=("a",), alphabet="digits", prefix="P-")
    assert step.to_json() == {
        "step": "pseudonymize",
        "columns": ["a"],
        "length": 12,
        "alphabet": "digits",
        "prefix": "P-",
    }
    assert Pseudonymize.from_json(step.to_json()) == step
    assert "12 digits, with 'P-' before each" in step.describe()


@pytest.mark.parametrize("prefix", ["x" * 41, "a\nb", "\ud800", "\x00"])
def test_a_prefix_that_breaks_a_table_is_refused(prefix):
    with pytest.raises(PrivacyToolError, match="printable"):
        Pseudonymize(columns=("a",), prefix=prefix)


def test_the_chance_of_a_clash_is_the_birthday_bound():
    # 2 values in M: 1/M; exactly, among all pairs of 16^4 pseudonyms.
    assert collision_probability(2, 4, "hex") == pytest.approx(16**-4, rel=1e-4)
    exact = 1.0
    for i in range(300):
        exact *= 1 - i / 10**5
    assert collision_probability(300, 5, "digits") == pytest.approx(1 - exact, rel=0.01)
    assert collision_probability(1, 4) == 0
    assert "about 1 in 2,305,8" in Pseudonymize(columns=("a",)).describe()
    assert "more than one half" in Pseudonymize(columns=("a",), length=4).describe()
    assert "chance" not in Pseudonymize(columns=("a",), length=52).describe()
