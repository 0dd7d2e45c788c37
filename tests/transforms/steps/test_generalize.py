from __future__ import annotations

import pytest

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.recipe import Recipe
from transforms.steps import DropColumn, Generalize, Pseudonymize

ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "cd", "*")]


@pytest.fixture
def table(build):
    return build({"q": ["a", "b", None, "c"], "s": ["1", "2", "3", "4"]}, {"q": ROWS})


def test_values_become_labels_and_missing_stays_missing(table, context):
    release = Generalize(levels={"q": 1, "s": 0}).apply(Release.original(table), context(["q"]))
    assert release.frame()["q"].astype(object).where(lambda s: s.notna(), None).tolist() == [
        "ab",
        "ab",
        None,
        "cd",
    ]
    assert release.columns["s"].unchanged


def test_the_top_level_suppresses_missing_too(table, context):
    release = Generalize(levels={"q": 2}).apply(Release.original(table), context(["q"]))
    assert release.frame()["q"].tolist() == ["*"] * 4


@pytest.mark.parametrize(
    ("levels", "words"),
    [({"nobody": 1}, "nobody"), ({"q": 3}, "levels 0 to 2"), ({"s": 1}, "no hierarchy")],
)
def test_what_cannot_be_generalised_is_refused(table, context, levels, words):
    with pytest.raises(PrivacyToolError, match=words):
        Generalize(levels=levels).apply(Release.original(table), context(["q"]))


def test_uncovered_values_are_counted_and_not_shown(build, context):
    table = build({"q": ["a", "secret1", "secret2"]}, {"q": ROWS})
    with pytest.raises(PrivacyToolError, match=r"^2 values of the column 'q'") as error:
        Generalize(levels={"q": 1}).apply(Release.original(table), context(["q"]))
    assert "secret" not in str(error.value)


def test_a_column_is_changed_once(table, context):
    once = Generalize(levels={"q": 1})
    for second in (once, Generalize(levels={"q": 2})):
        with pytest.raises(PrivacyToolError, match="earlier step"):
            Recipe(steps=(once, second)).apply(Release.original(table), context(["q"]))
    with pytest.raises(PrivacyToolError, match="earlier step"):
        Recipe(steps=(Pseudonymize(columns=("q",)), once)).apply(
            Release.original(table), context(["q"], key=b"k")
        )


def test_a_dropped_column_cannot_be_generalised(table, context):
    steps = (DropColumn(columns=("q",)), Generalize(levels={"q": 1}))
    with pytest.raises(PrivacyToolError, match="earlier step drops"):
        Recipe(steps=steps).apply(Release.original(table), context(["q"]))
