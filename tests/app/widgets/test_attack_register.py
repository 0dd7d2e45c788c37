import gc
import time
import weakref
from dataclasses import replace

import pandas as pd
import pytest

from demo_data import DEMOS
from microdata.readers import dataset_from_frame, read_dataset
from reports.attacks import carry_out
from risk.attacks.plan import AttackPlan
from risk.attacks.register import Register
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize


def section():
    from ui import state
    from ui.widgets.attack_register import register_section
    from ui.widgets.attack_results import results_section

    session = state.current()
    register_section(session)
    results_section(session)


def session_of(at):
    return at.session_state["session"]


def select(at, label):
    return next(s for s in at.selectbox if s.label == label)


def attack(at):
    next(b for b in at.button if b.label == "Attack with this file").click().run()
    until = time.monotonic() + 60
    while any("at work behind" in caption.value for caption in at.caption):
        assert time.monotonic() < until
        time.sleep(0.1)
        at.run()
    assert not at.exception
    return at


def list_of(**columns):
    return dataset_from_frame(pd.DataFrame(columns), "list.csv")


@pytest.fixture(scope="module")
def register():
    path = DEMOS[0].register
    return read_dataset(path.read_bytes(), path.name)


@pytest.fixture
def with_list(inpatients):
    """The hand-solved table, and a list of two people without a name that it knows."""
    held = list_of(zip=["13053", "99999"], years=["28", "28"], who=["a", "b"])
    return replace(inpatients, register=held)


def test_the_demo_offers_its_register_and_finds_people_by_name(show, hospital, register):
    at = show(section, hospital)
    at.button(key="attack-demo-register").click().run()
    assert session_of(at).register.digest == register.digest
    assert "was read" in at.success[0].value
    assert {s.label: s.value for s in at.selectbox if s.value is not None} == {
        "date_of_birth": register.column_names.index("date_of_birth"),
        "sex": register.column_names.index("sex"),
        "postcode": register.column_names.index("postcode"),
        "Column of the table": 0,
        "Column of the file": 0,
    }
    attack(at)
    (plan,) = session_of(at).attacks
    assert plan.name == "Holder of register.csv"
    assert plan.attack.known == ("date_of_birth", "sex", "postcode")
    assert plan.attack.register.identity(hospital.roles) == {"name": "name"}
    (report,) = carry_out(hospital.case(), hospital.case().encoded(), None, (plan,))
    assert report.before.targets == register.records
    assert report.before.value("unique", "precision") > 0.95


@pytest.mark.parametrize("name", ["inpatients", "own"])
def test_only_the_demo_that_has_one_offers_a_register(show, inpatients, hospital, name):
    own = replace(hospital, dataset=replace(hospital.dataset, file_sha256="0" * 64))
    at = show(section, {"inpatients": inpatients, "own": own}[name])
    assert "attack-demo-register" not in [b.key for b in at.button]
    assert not at.exception


def test_without_a_column_that_tells_who_is_who_only_claims_are_counted(show, with_list, html):
    at = show(section, with_list)
    assert "no column that tells who is who" in " ".join(c.value for c in at.caption)
    select(at, "age").set_value(1)
    attack(at)
    (plan,) = session_of(at).attacks
    assert dict(plan.attack.register.columns) == {"zip": "zip", "years": "age"}
    assert "Whether they are right is not known" in html(at)


def test_a_file_without_a_common_column_is_refused_in_a_sentence(show, inpatients):
    at = show(section, replace(inpatients, register=list_of(other=["1", "2"])))
    next(b for b in at.button if b.label == "Attack with this file").click().run()
    assert "no column in common" in at.error[0].value
    assert session_of(at).attacks == ()


def test_a_column_is_used_once(show, with_list):
    at = show(section, with_list)
    select(at, "age").set_value(0)
    next(b for b in at.button if b.label == "Attack with this file").click().run()
    assert "chosen twice" in at.error[0].value
    assert session_of(at).attacks == ()


def test_values_that_are_written_otherwise_are_warned_of(show, inpatients):
    held = list_of(zip=["13053", "99999"], age=["28 years", "29 years"])
    plan = AttackPlan(
        name="List",
        attack=replace(
            AttackPlan(name="x").attack,
            known=("zip", "age"),
            register=Register(table=held, columns={"zip": "zip", "age": "age"}),
        ),
    )
    session = replace(inpatients, register=held, attacks=(plan,))
    at = show(section, session)
    until = time.monotonic() + 60
    while not at.warning:
        assert time.monotonic() < until
        time.sleep(0.1)
        at.run()
    (warning,) = at.warning
    assert "'age'" in warning.value
    assert "28 years" not in warning.value


def test_people_whom_a_coarser_table_may_hide_are_told_of(show, inpatients):
    held = list_of(zip=["13053", "99999", "99998"], age=["28", "28", "28"])
    recipe = Recipe(steps=(Generalize(levels={"zip": 1}),))
    at = attack(show(section, replace(inpatients, register=held).with_recipe(recipe)))
    (told,) = [c.value for c in at.caption if "never holds" in c.value]
    assert told.startswith("66.7% of the people in the file have a value of 'zip'")
    assert "99999" not in told
    original = attack(show(section, replace(inpatients, register=held)))
    assert not [c.value for c in original.caption if "never holds" in c.value]


def test_forgetting_the_file_removes_it_and_the_attacks_by_it(show, with_list):
    by_role = AttackPlan(name="Neighbour")
    at = attack(show(section, replace(with_list, attacks=(by_role,))))
    assert [plan.name for plan in session_of(at).attacks] == ["Neighbour", "Holder of list.csv"]
    at.button(key="attack-forget-file").click().run()
    assert session_of(at).register is None
    assert session_of(at).attacks == (by_role,)
    assert not at.exception


def test_the_file_is_in_no_project_and_goes_with_the_table(with_list, hospital):
    assert "99999" not in str(with_list.project().to_json())
    again = with_list.with_dataset(hospital.dataset, hospital.profile, b"")
    assert (again.register, again.attacks) == (None, ())


def test_nothing_of_a_forgotten_file_stays_in_memory(show, inpatients):
    held = list_of(zip=["13053", "99999"], age=["28", "29"])
    gone = weakref.ref(held.frame)
    at = attack(show(section, replace(inpatients, register=held)))
    del held
    assert gone() is not None
    at.button(key="attack-forget-file").click().run()
    at.run()
    gc.collect()
    assert gone() is None


def test_an_upload_is_read_like_any_table(show, inpatients, monkeypatch):
    def taking():
        import streamlit as st

        from ui.widgets.attack_register import take_register

        st.write(take_register(b"zip,age\n13053,28\n", "a.csv"))

    at = show(taking, inpatients)
    assert session_of(at).register.column_names == ("zip", "age")


def test_hostile_columns_of_a_file_do_nothing(show, hostile, hostile_parts):
    names = hostile.dataset.column_names
    held = dataset_from_frame(hostile.dataset.frame.astype(str), "![x](http://evil.example/x).csv")
    at = show(section, replace(hostile, register=held))
    assert not at.exception
    assert hostile_parts(at) == set()
    assert len([s for s in at.selectbox if s.value is not None]) >= len(names) // 2
    attack(at)
    assert hostile_parts(at) == set()
