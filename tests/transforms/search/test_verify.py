import dataclasses

import pytest

from microdata.errors import PrivacyToolError
from microdata.population import Population
from transforms.recipe import Recipe
from transforms.search import search
from transforms.search.judge import Judged
from transforms.search.verify import verify
from transforms.steps import Generalize

AGES = [[str(a), f"{a // 10}x", "*"] for a in (21, 22, 31, 32)]
COLUMNS = {"age": ["21", "22", "22", "31"]}


@pytest.fixture
def found(ask):
    problem, source = ask(COLUMNS, {"age": AGES}, ["k-anonymity=2"], 0.25, "loss")
    result = search(problem, source)
    assert (result.levels, result.suppressed) == ({"age": 1}, 1)
    best = Judged(node=(1,), suppressed=1, admissible=True, score=(result.score,), finer_fail=False)
    return problem, source, result.recipe, best


def check(problem, source, recipe, best):
    return verify(
        recipe,
        problem=problem,
        source=source,
        population=Population(),
        best=best,
        levels={"age": 1},
    )


def test_the_release_bears_out_the_search(found):
    checked = check(*found)
    assert (checked.suppressed, checked.classes, checked.smallest) == (1, 1, 3)


@pytest.mark.parametrize("lie", [{"suppressed": 0}, {"score": (0.1,)}])
def test_books_that_the_release_does_not_bear_out_are_not_returned(found, lie):
    problem, source, recipe, best = found
    with pytest.raises(PrivacyToolError, match="does not bear out"):
        check(problem, source, recipe, dataclasses.replace(best, **lie))


def test_a_recipe_that_leaves_a_class_too_small_is_not_returned(found):
    problem, source, _, best = found
    recipe = Recipe(steps=(Generalize(levels={"age": 1}),))
    with pytest.raises(PrivacyToolError, match="k-anonymity=2"):
        check(problem, source, recipe, best)


def test_more_left_out_than_allowed_is_not_returned(found):
    problem, source, recipe, best = found
    strict = dataclasses.replace(problem, suppression_limit=0.0)
    with pytest.raises(PrivacyToolError, match="does not bear out"):
        check(strict, source, recipe, best)
