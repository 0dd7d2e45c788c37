from dataclasses import replace

import pandas as pd
import pytest

from microdata.measure import NotComputed
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.attacks import carry_out
from reports.case import Case
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import AttackPlan
from risk.attacks.register import Register
from ui.widgets.attack_results import outcome_of


def report(values, *, listed=None, names=None):
    """Attack a table of one column, maybe by a list of people, whose names it may know."""
    columns = {"x": values} if names is None else {"x": values, "name": names}
    dataset = dataset_from_frame(pd.DataFrame(columns), "t.csv")
    roles = Roles(by_column={"x": Role.QUASI_IDENTIFIER, "name": Role.DIRECT_IDENTIFIER})
    roles = Roles(by_column={name: roles.role_of(name) for name in columns})
    register = None
    if listed is not None:
        table = dataset_from_frame(pd.DataFrame(listed), "list.csv")
        register = Register(table=table, columns={name: name for name in listed})
    case = Case(dataset=dataset, roles=roles)
    attack = LinkageAttack(known=("x",), register=register)
    (found,) = carry_out(case, case.encoded(), None, (AttackPlan(name="A", attack=attack),))
    return found


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (report(["a", "b", "b"]), "alone"),
        (report(["b", "b", "c", "c"]), "guessed"),
        (report(["a", "a"], names=["A", "B"], listed={"x": ["z"], "name": ["A"]}), "nobody"),
        (report(["a", "a"], listed={"x": ["a"]}), "not known"),
        (report(["a", "b"], listed={"x": ["a"]}), "alone"),
    ],
)
def test_the_worst_that_happens_to_anybody_leads(found, outcome):
    assert outcome_of(found) == outcome


def test_an_attack_that_was_not_carried_out_found_nothing_out():
    found = report(["a", "b"])
    assert outcome_of(replace(found, after=NotComputed(reason="No."))) == "not known"
