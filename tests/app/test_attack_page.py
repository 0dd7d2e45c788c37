import time
from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import pytest

from demo_data import DEMOS
from microdata.population import Population
from microdata.profile import profile
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from reports.attacks import attack_rows, attack_sentence, carry_out
from risk.attacks.errors import Redraw
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import MOST_PLANS, AttackPlan
from risk.attacks.presets import NOTHING_FITS, PRESETS, TAKEN_AS_KNOWN
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize
from ui.state import Session

CANARY = "Zanzibarica"


def done(at):
    """Run a page until nothing is at work behind it."""
    until = time.monotonic() + 60
    while any("at work behind" in caption.value for caption in at.caption):
        assert time.monotonic() < until, "the attack was not finished"
        time.sleep(0.1)
        at.run()
    assert not at.exception
    return at


def button(at, label):
    return next(b for b in at.button if b.label == label)


def attack(at, **settings):
    """Press the button, after some settings by the start of their keys."""
    for start, value in settings.items():
        widgets = (*at.multiselect, *at.slider, *at.checkbox, *at.number_input, *at.text_input)
        next(w for w in widgets if (w.key or "").startswith(f"attack-{start}-")).set_value(value)
    button(at, "Attack").click().run()
    return done(at)


def choose(at, who):
    at.session_state["attacker"] = who
    return at.run()


def pick(at, name):
    shown = next(w for w in at.segmented_control if w.label.startswith("What does each one"))
    shown.set_value(name).run()
    return done(at)


def plans(at):
    return at.session_state["session"].attacks


def said(at):
    return "\n".join(e.value for e in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def expected(session, plan):
    source = session.case().encoded()
    (report,) = carry_out(session.case(), source, session.case().release(source), (plan,))
    return report


def table(frame, **roles):
    dataset = dataset_from_frame(frame, "people.csv")
    by_column = {name: roles.get(name, Role.QUASI_IDENTIFIER) for name in dataset.column_names}
    fresh = Session().with_dataset(dataset, profile(dataset), b"")
    return fresh.with_roles(Roles(by_column=by_column), {})


@pytest.fixture
def page(open_app, inpatients):
    return open_app("attack", inpatients)


def test_before_the_first_attack_the_page_says_what_to_do(page):
    assert not page.exception
    assert "press Attack" in said(page)
    assert [b.label for b in page.button if b.proto.type == "primary"] == ["Attack"]


def test_one_button_attacks_and_the_sentence_is_that_of_the_report(page, html, inpatients):
    attack(page)
    (plan,) = plans(page)
    kinds = {column.name: column.kind for column in inpatients.dataset.columns}
    assert plan == PRESETS[0].proposal(inpatients.roles, kinds).plan
    report = expected(inpatients, plan)
    assert attack_sentence(report) in html(page)
    for row in attack_rows(report):
        assert row.name in html(page)
        assert escape(row.meaning) in html(page)
        assert row.texts["original"].replace("<", "&lt;") in html(page)
    assert "In the original" not in said(page)


def test_before_and_after_stand_side_by_side(open_app, html, inpatients):
    recipe = Recipe(steps=(Generalize(levels={"age": 2, "zip": 2}),))
    session = inpatients.with_recipe(recipe)
    at = choose(open_app("attack", session), "Employer")
    attack(at)
    report = expected(session, plans(at)[0])
    assert attack_sentence(report) in html(at)
    assert "**In the original:**" in said(at)
    assert report.before.value("expected") != report.after.value("expected")
    assert ">original</th>" in html(at)
    assert ">now</th>" in html(at)


def test_what_is_found_is_of_the_table_as_it_is_by_now(page, html):
    attack(page)
    session = page.session_state["session"]
    coarser = session.with_recipe(Recipe(steps=(Generalize(levels={"age": 2, "zip": 2}),)))
    page.session_state["session"] = coarser
    done(page.run())
    assert attack_sentence(expected(coarser, *plans(page))) in html(page)


def test_what_was_edited_is_what_is_carried_out(page):
    attack(
        page,
        known=["age", "condition"],
        errors=20,
        missing=10,
        rule=False,
        nearest=True,
        targets=7,
        few=0,
    )
    (plan,) = plans(page)
    assert plan.name == "Neighbour"
    assert plan.attack == LinkageAttack(
        known=("age", "condition"),
        errors=0.2,
        missing=0.1,
        knows_rule=False,
        nearest=True,
        n_targets=7,
        max_known=0,
    )


def test_an_attack_that_is_carried_out_again_is_the_same(page, turn_to):
    attack(page, known=["age"], errors=20, missing=10, rule=False, nearest=True, targets=7, few=3)
    before = plans(page)
    turn_to(page, "risk")
    turn_to(page, "attack")
    attack(page)
    assert plans(page) == before


def test_the_form_starts_from_the_attack_that_was_carried_out(page, turn_to):
    attack(page, errors=30)
    turn_to(page, "risk")
    turn_to(page, "attack")
    assert next(s for s in page.slider if s.label == "How often is it wrong?").value == 30
    attack(page, errors=10)
    assert [plan.attack.errors for plan in plans(page)] == [0.1]


def test_several_attackers_are_told_apart_and_the_latest_is_shown(page, html):
    attack(choose(page, "Data broker"))
    attack(choose(page, "Employer"))
    assert [plan.name for plan in plans(page)] == ["Data broker", "Employer"]
    assert "Employer finds" in html(page)
    pick(page, "Data broker")
    assert "Data broker finds" in html(page)
    assert "Employer finds" not in html(page)


def test_the_worst_comes_first_where_none_was_asked_for(open_app, html, inpatients):
    plans = (
        AttackPlan(name="Weak", attack=LinkageAttack(known=("nationality",))),
        AttackPlan(name="Strong", attack=LinkageAttack()),
    )
    at = done(open_app("attack", replace(inpatients, attacks=plans)))
    until = time.monotonic() + 60
    while "Strong finds" not in html(at):
        assert time.monotonic() < until
        time.sleep(0.1)
        at.run()
    assert "Strong finds" in html(pick(at, "Strong"))
    assert "Weak finds" in html(pick(at, "Weak"))


def test_an_attack_is_removed(page):
    attack(page)
    attack(choose(page, "Employer"))
    page.button(key="attack-remove").click().run()
    done(page)
    assert [plan.name for plan in plans(page)] == ["Neighbour"]
    page.button(key="attack-remove").click().run()
    assert plans(page) == ()
    assert "press Attack" in said(page)


def test_someone_else_needs_a_name(page):
    choose(page, "Someone else")
    button(page, "Attack").click().run()
    assert "needs a name" in page.error[0].value
    assert plans(page) == ()
    attack(page, name="  My ex  ")
    assert [plan.name for plan in plans(page)] == ["My ex"]


def test_too_many_attackers_are_refused_in_a_sentence(open_app, inpatients):
    many = tuple(AttackPlan(name=f"A{i}") for i in range(MOST_PLANS))
    at = open_app("attack", replace(inpatients, attacks=many))
    button(at, "Attack").click().run()
    assert any("At most" in error.value for error in at.error)
    assert at.session_state["session"].attacks == many


def test_an_attack_whose_column_became_an_identifier_disappears(page, turn_to):
    attack(page, known=["age"])
    attack(choose(page, "Employer"), known=["zip"])
    session = page.session_state["session"]
    roles = Roles(by_column={**session.roles.by_column, "zip": Role.DIRECT_IDENTIFIER})
    page.session_state["session"] = session.with_roles(roles, {})
    done(page.run())
    assert [plan.name for plan in plans(page)] == ["Neighbour"]
    turn_to(page, "risk")
    assert not page.exception


def test_columns_that_nobody_can_know_are_not_offered(open_app, hospital):
    at = open_app("attack", hospital)
    offered = at.multiselect[0].options
    assert offered[: len(hospital.roles.quasi_identifiers)] == list(
        hospital.roles.quasi_identifiers
    )
    assert not {"name", "email", "person_id"} & set(offered)
    assert {"diagnosis", "cost"} <= set(offered)


def test_a_table_without_known_concepts_is_attacked_by_everything_and_that_is_said(open_app):
    session = table(pd.DataFrame({"x1": list("aabbcd"), "x2": list("ababab")}))
    at = open_app("attack", session)
    assert NOTHING_FITS in said(at)
    assert at.multiselect[0].value == []
    attack(at)
    assert plans(at)[0].attack.known == ()


def test_a_release_made_elsewhere_says_why_it_is_not_attacked(open_app, inpatients):
    path = DEMOS[1].data.with_name("inpatients_anonymous.csv")
    elsewhere = read_dataset(path.read_bytes(), path.name)
    at = attack(open_app("attack", replace(inpatients, elsewhere=elsewhere)))
    assert any("release made elsewhere" in info.value for info in at.info)
    assert "**In the original:**" in said(at)


def test_a_mistake_in_one_attack_is_a_sentence_and_the_others_stand(open_app, html, inpatients):
    errors = {"zip": Redraw(rate=0.1)}  # of a column that this attacker does not know
    plans = (
        AttackPlan(name="Old", attack=LinkageAttack(known=("age",), errors=errors)),
        AttackPlan(name="New", attack=LinkageAttack(known=("age",))),
    )
    at = open_app("attack", replace(inpatients, attacks=plans))
    until = time.monotonic() + 60
    while "New finds" not in html(at):
        assert time.monotonic() < until
        time.sleep(0.1)
        at.run()
    pick(at, "Old")
    assert "'zip', which is none of those that it knows" in at.error[0].value
    at.button(key="attack-remove").click().run()
    assert [plan.name for plan in at.session_state["session"].attacks] == ["New"]
    assert not at.error


@pytest.mark.parametrize("who", ["Neighbour", "Someone else"])
def test_hostile_names_do_nothing(open_app, hostile, hostile_parts, html, who):
    at = choose(open_app("attack", hostile), who)
    if who == "Someone else":
        attack(at, name="<img src=x onerror=alert(1)> ![x](http://evil.example/x.png)")
        attack(at, name="[a](http://evil.example) :material/home:")
    else:
        attack(at)
    assert not at.error
    assert hostile_parts(at) == set()


def test_no_cell_value_of_a_table_of_ones_own_is_on_the_page(open_app, html):
    rows = 40
    frame = pd.DataFrame(
        {
            "age": [str(30 + i) for i in range(rows)],
            "sex": ["F", "M"] * (rows // 2),
            "postcode": [f"{CANARY}{i}" for i in range(rows)],
            "diagnosis": [f"{CANARY}{i % 3}" for i in range(rows)],
        }
    )
    session = table(frame, diagnosis=Role.SENSITIVE)
    at = attack(choose(open_app("attack", session), "Data broker"), errors=0, missing=0)
    report = expected(session, plans(at)[0])
    assert report.before.value("unique", "claims") == rows  # there would be somebody to show
    assert CANARY not in html(at)
    assert CANARY not in str(at._tree)
    assert "about one person" not in "".join(s.value for s in at.subheader)


def test_a_table_of_300_columns_stays_usable(open_app):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({f"c{i}": rng.integers(0, 3, 50).astype(str) for i in range(300)})
    at = open_app("attack", table(frame))
    assert not at.exception
    assert at.multiselect[0].value == []
    assert len(at.selectbox) < 40
    attack(at, few=1)
    assert not at.error
    at.session_state["session"] = replace(
        at.session_state["session"], register=dataset_from_frame(frame, "list.csv")
    )
    at.run()
    assert len(at.selectbox) < 40
    assert "more have the same name" in said(at)


def test_with_a_population_a_journalist_does_not_know_who_is_in_the_table(open_app, html):
    people = pd.DataFrame({"age": list("aabbccdd"), "sex": list("fmfmfmfm")})
    session = table(people.iloc[:4])
    population = Population(table=dataset_from_frame(people, "town.csv"))
    at = choose(open_app("attack", replace(session, population=population)), "Journalist")
    assert TAKEN_AS_KNOWN not in said(at)
    attack(at, errors=0, missing=0)
    assert plans(at)[0].attack.membership == "unknown"
    assert "Wrongly claimed outsiders" in html(at)
    attack(at, certain=True)
    assert plans(at)[0].attack.membership == "certain"
    assert "Wrongly claimed outsiders" not in html(at)


def test_errors_that_a_file_set_for_each_column_stay(open_app, inpatients):
    errors = {"age": Redraw(rate=0.3)}
    held = AttackPlan(name="Neighbour", attack=LinkageAttack(known=("age",), errors=errors))
    at = open_app("attack", replace(inpatients, attacks=(held,)))
    assert "set for each column" in said(at)
    assert not [s for s in at.slider if s.label == "How often is it wrong?"]
    attack(at, missing=10)
    (plan,) = plans(at)
    assert plan.attack == replace(held.attack, missing=0.1)


def test_forgetting_the_data_forgets_the_attacks_and_the_file(page):
    attack(page)
    held = page.session_state["session"]
    page.session_state["session"] = replace(held, register=held.dataset)
    page.run()
    page.button(key="forget").click().run()
    session = page.session_state["session"]
    assert (session.attacks, session.register, session.dataset) == ((), None, None)
    assert not page.exception
