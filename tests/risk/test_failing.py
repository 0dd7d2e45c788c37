import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.measure import Context
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk.failing import MOST_LISTED, failing, models_of
from risk.models import KAnonymity, parse_model
from risk.policy import Policy, load_policy
from risk.requirement import Requirement
from transforms.recipe import Recipe, StepContext
from transforms.steps import SuppressRecords

TABLE = pd.DataFrame(
    {
        "town": ["b", "a", "b", "c", "b", "a"],
        "ill": ["x", "x", "y", "x", "x", "x"],
    }
)
ROLES = Roles(by_column={"town": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE})


def context(table=TABLE, roles=ROLES):
    source = encode(dataset_from_frame(table, "t.csv"), {})
    return Context(release=Release.original(source), roles=roles)


def test_rows_are_told_by_their_position_in_the_file_smallest_groups_first():
    found = failing(context(), KAnonymity(k=3))
    assert (found.groups, found.all_groups, found.people, found.all_people) == (2, 3, 3, 6)
    assert found.rows.tolist() == [4, 2, 6]
    assert found.sizes.tolist() == [1, 2, 2]
    assert found.figures.tolist() == [1, 2, 2]


def test_a_model_of_an_attribute_gives_its_own_figure():
    found = failing(context(), parse_model("distinct-l-diversity(ill)=2"))
    assert found.rows.tolist() == [4, 2, 6]
    assert found.figures.tolist() == [1, 1, 1]


@pytest.mark.parametrize("size", [2, 3])
def test_positions_are_those_of_the_original_file_after_records_were_left_out(size):
    original = context()
    recipe = Recipe(steps=(SuppressRecords(require=(f"k-anonymity={size}",)),))
    release = recipe.apply(original.release, StepContext(roles=ROLES, seed=0))
    found = failing(Context(release=release, roles=ROLES), KAnonymity(k=4))
    assert found.rows.tolist() == {2: [2, 6, 1, 3, 5], 3: [1, 3, 5]}[size]


def test_nobody_fails_where_everyone_meets_it():
    found = failing(context(), KAnonymity(k=1))
    assert (found.groups, found.people, found.rows.size) == (0, 0, 0)


def test_only_the_first_rows_are_listed_but_all_are_counted():
    table = pd.DataFrame({"town": np.arange(MOST_LISTED + 50), "ill": "x"})
    found = failing(context(table), KAnonymity(k=2))
    assert found.people == MOST_LISTED + 50
    assert found.rows.tolist() == list(range(1, MOST_LISTED + 1))


@pytest.mark.parametrize(
    ("figure", "bound", "texts"),
    [
        (("models", "k-anonymity"), {"at_least": 5}, ["k-anonymity=5"]),
        (("models", "k-map"), {"at_least": 5}, ["k-map=5"]),
        (
            ("reidentification", "prosecutor", "below", "11"),
            {"at_most": 0},
            ["k-anonymity=11"],
        ),
        (
            ("models", "l-diversity", "*", "distinct"),
            {"at_least": 3},
            ["distinct-l-diversity(ill)=3", "distinct-l-diversity(pay)=3"],
        ),
        (
            ("models", "l-diversity", "pay", "entropy"),
            {"at_least": 2},
            ["entropy-l-diversity(pay)=2"],
        ),
        (
            ("models", "t-closeness", "ill", "ordered"),
            {"at_most": 0.2},
            ["t-closeness(ill,ordered)=0.2"],
        ),
        (("models", "alpha", "ill"), {"at_most": 0.5}, ["alpha(ill)=0.5"]),
        (("models", "beta-likeness", "ill"), {"at_most": 2}, ["beta-likeness(ill)=2"]),
        (
            ("models", "enhanced-beta-likeness", "ill"),
            {"at_most": 2},
            ["enhanced-beta-likeness(ill)=2"],
        ),
        (
            ("models", "delta-disclosure", "ill", "log2_present"),
            {"at_most": 1.5},
            ["delta-disclosure(ill)=1.5"],
        ),
        (("models", "t-closeness", "ill", "other"), {"at_most": 0.2}, []),
        (("uniqueness", "sample"), {"at_most": 0.2}, []),
        (("reidentification", "prosecutor", "average"), {"at_most": 0.2}, []),
    ],
)
def test_each_rule_of_a_policy_finds_the_model_that_judges_groups(figure, bound, texts):
    requirement = Requirement(figure=figure, title="t", **bound)
    assert [model.text() for model in models_of(requirement, ("ill", "pay"))] == texts


def test_a_preset_fails_the_people_whom_its_verdict_counts():
    policy: Policy = load_policy("k3")
    (model,) = models_of(policy.requirements[0], ())
    assert failing(context(), model).people == 3
