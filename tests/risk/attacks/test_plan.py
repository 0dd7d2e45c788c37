import json

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.measure import Context
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk.attacks import LinkageAttack, Redraw, Register
from risk.attacks.plan import MOST_PLANS, AttackPlan, check_plans, read_plans

ROLES = Roles(
    by_column={
        "name": Role.DIRECT_IDENTIFIER,
        "age": Role.QUASI_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
    }
)
TABLE = pd.DataFrame(
    {
        "name": ["An", "Bo", "Cy", "Di"],
        "age": ["30", "30", "31", "31"],
        "town": ["a", "a", "a", "b"],
        "ill": ["x", "y", "x", "y"],
    }
)


def context(seed=0):
    source = encode(dataset_from_frame(TABLE, "people.csv"), {}, [])
    return Context(release=Release.original(source), roles=ROLES, seed=seed)


def plan(*known, name="Neighbour", **settings):
    return AttackPlan(name=name, attack=LinkageAttack(known=known, **settings))


def test_a_plan_knows_its_columns_and_no_others():
    # By town: three share a, one is alone in b: (3 / 3 + 1) / 4.
    assert plan("town").run(context()).top_1 == 0.5
    # By age and town: two, one, one.
    assert plan("age", "town").run(context()).top_1 == 0.75


def test_without_named_columns_every_quasi_identifier_is_known():
    assert plan().run(context()).known == ("age", "town")


def test_an_attacker_may_know_a_sensitive_value_but_not_a_name():
    # By illness: two pairs.
    assert plan("ill").run(context()).top_1 == 0.5
    with pytest.raises(PrivacyToolError, match="'name', which is a direct identifier"):
        plan("name").run(context())
    assert plan("ill").fits(ROLES)
    assert plan().fits(ROLES)
    assert not plan("age", "name").fits(ROLES)


def test_the_seed_is_that_of_the_context():
    noisy = plan("age", "town", errors=0.5)
    first, again, other = (noisy.run(context(seed)).to_json() for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert first["seed"] == 3


def test_a_plan_survives_json():
    made = plan("age", errors=0.1, missing=0.2, knows_rule=False, max_known=2)
    assert read_plans(json.loads(json.dumps([made.to_json()]))) == (made,)


def test_a_register_is_in_the_digest_and_not_in_the_file():
    table = dataset_from_frame(pd.DataFrame({"who": ["Canary"], "old": ["30"]}), "voters.csv")
    register = Register(table=table, columns={"who": "name", "old": "age"})
    with_file, without = plan("age", register=register), plan("age")
    assert with_file.digest != without.digest
    assert "Canary" not in json.dumps(with_file.to_json())
    assert "voters" not in json.dumps(with_file.to_json())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "must be a list"),
        ([3], "an object with text under 'name'"),
        ([{"name": 3}], "an object with text under 'name'"),
        ([{"name": " "}], "a name of 1 to"),
        ([{"name": "a", "knwon": []}], "knwon"),
        ([{"name": "a", "errors": 2}], "rate of errors"),
        ([{"name": "a"}, {"name": "a"}], "Two attacks are called 'a'"),
        ([{"name": str(i)} for i in range(MOST_PLANS + 1)], f"At most {MOST_PLANS}"),
    ],
)
def test_a_damaged_list_is_refused_in_a_sentence(data, said):
    with pytest.raises(PrivacyToolError, match=said):
        read_plans(data)


def test_as_many_plans_as_allowed_pass():
    plans = tuple(plan(name=str(i)) for i in range(MOST_PLANS))
    assert check_plans(list(plans)) == plans


@pytest.mark.parametrize("name", ["\ud800", "a\nb", "a\x00"], ids=ascii)
def test_a_name_can_be_written_in_a_document(name):
    with pytest.raises(PrivacyToolError, match="no document can show"):
        plan(name=name)
    assert plan(name="Zoë\N{NO-BREAK SPACE}<b> 😀").name.startswith("Zoë")


def test_an_error_is_of_something_known():
    wrong = {"age": Redraw(rate=0.1)}
    with pytest.raises(PrivacyToolError, match="error for the column 'age', which is none of"):
        plan("town", errors=wrong).run(context())
    assert plan("age", "town", errors=wrong).run(context()).known == ("age", "town")
    assert plan(errors=wrong).run(context()).wrong["town"] == 0


def test_a_refusal_speaks_of_the_attack():
    with pytest.raises(PrivacyToolError, match="The attack 'Neighbour' names the column 'name'"):
        plan("name").roles(ROLES)
    with pytest.raises(PrivacyToolError, match="The attack 'Neighbour' names a known column twice"):
        plan("age", "age")
