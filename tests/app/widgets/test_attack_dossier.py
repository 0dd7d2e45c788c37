from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from demo_data import DEMOS
from microdata.population import Population
from microdata.readers import dataset_from_frame, read_dataset
from microdata.release import Release, ReleasedColumn
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import AttackPlan
from risk.attacks.register import Register
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords
from ui.widgets.attack_dossier import dossier as dossier_of

QUASI = ("zip", "age", "nationality")


def plan(*known, **settings):
    return AttackPlan(name="Neighbour", attack=LinkageAttack(known=known, **settings))


def dossier(session, attack):
    source = session.case().encoded()
    released = None if session.elsewhere is not None else session.case().release(source)
    return dossier_of(session, attack, released or Release.original(source))


def rows_with(session, shown):
    frame = session.dataset.frame
    fits = True
    for name, text in shown:
        fits = fits & (frame[name].astype(str) == text)
    return frame[fits]


@pytest.fixture(scope="module")
def by_register():
    path = DEMOS[0].register
    table = read_dataset(path.read_bytes(), path.name)
    mapped = {name: name for name in ("name", "date_of_birth", "sex", "postcode")}
    register = Register(table=table, columns=mapped)
    return plan("date_of_birth", "sex", "postcode", register=register)


def test_one_person_whom_nobody_else_is_like_and_what_the_table_says_of_them(hospital):
    found = dossier(hospital, plan("date_of_birth", "sex", "postcode"))
    assert [name for name, _ in found.knew] == ["date_of_birth", "sex", "postcode"]
    assert [name for name, _ in found.learns] == ["diagnosis", "cost"]
    rows = rows_with(hospital, found.knew)
    assert rows["person_id"].nunique() == 1
    assert len(rows_with(hospital, (*found.knew, *found.learns))) >= 1


def test_a_name_comes_from_the_register_of_the_demo(hospital, by_register):
    found = dossier(hospital, by_register)
    assert found.knew[0][0] == "name"
    assert len(rows_with(hospital, found.knew)) >= 1
    people = by_register.attack.register.table.frame
    (row,) = people[people["name"] == found.knew[0][1]].index
    for name, text in found.knew[1:]:
        assert people[name][row] == text


def test_nobody_is_shown_where_nobody_is_alone(inpatients):
    recipe = Recipe(
        steps=(
            Generalize(levels={"zip": 1, "age": 1, "nationality": 2}),
            SuppressRecords(require=("k-anonymity=4",)),
        )
    )
    everything = plan("zip", "age", "nationality")
    assert dossier(inpatients, everything) is not None
    assert dossier(inpatients.with_recipe(recipe), everything) is None
    pairs = Recipe(steps=(Generalize(levels={"age": 1, "nationality": 2}),))
    assert dossier(inpatients.with_recipe(pairs), everything) is None


def test_what_is_learnt_is_what_the_release_says(hospital):
    without = hospital.with_recipe(Recipe(steps=(DropColumn(columns=("diagnosis",)),)))
    found = dossier(without, plan("date_of_birth", "sex", "postcode"))
    assert [name for name, _ in found.learns] == ["cost"]
    both = DropColumn(columns=("diagnosis", "cost"))
    nothing = hospital.with_recipe(Recipe(steps=(both,)))
    assert dossier(nothing, plan("date_of_birth")) is None


def test_what_the_attacker_knows_is_not_learnt(inpatients):
    found = dossier(inpatients, plan("zip", "age", "condition"))
    assert found is None


@pytest.mark.parametrize("seed", range(6))
def test_a_star_fits_everybody_so_nobody_is_shown_whom_it_hides(inpatients, seed):
    source = inpatients.case().encoded()
    rng = np.random.default_rng(seed)
    release = Release.original(source)
    for name in QUASI:
        column = release.columns[name]
        codes = release.codes(name).astype(np.int32)
        codes[rng.random(codes.size) < 0.15] = column.suppressed
        release = release.with_columns(ReleasedColumn(name, column.nodes, explicit=codes))
    frame = inpatients.dataset.frame.astype(str)
    shown = {
        name: [release.columns[name].texts[code] for code in release.codes(name)] for name in QUASI
    }
    for size in (1, 2, 3):
        for known in combinations(QUASI, size):
            fitting = [
                sum(
                    all(shown[name][row] in {"*", frame[name][person]} for name in known)
                    for row in range(len(frame))
                )
                for person in range(len(frame))
            ]
            found = dossier_of(inpatients, plan(*known), release)
            assert (found is not None) == (1 in fitting)
            if found is not None:
                people = rows_with(inpatients, (*found.knew, *found.learns)).index
                assert any(fitting[person] == 1 for person in people)


@pytest.mark.parametrize("changed", ["file", "elsewhere", "register"])
def test_of_people_who_may_be_real_nothing_is_shown(hospital, by_register, changed):
    if changed == "file":
        other = replace(hospital.dataset, file_sha256="0" * 64)
        assert dossier(replace(hospital, dataset=other), by_register) is None
    elif changed == "elsewhere":
        assert dossier(replace(hospital, elsewhere=hospital.dataset), plan("sex")) is None
    else:
        table = by_register.attack.register.table
        own = replace(by_register.attack.register, table=replace(table, file_sha256="0" * 64))
        attack = replace(by_register.attack, register=own)
        assert dossier(hospital, replace(by_register, attack=attack)) is None


def test_a_demo_saved_under_another_name_or_edited_is_told_by_its_bytes(hospital, open_app):
    raw = DEMOS[0].data.read_bytes()
    edited = read_dataset(raw.replace(b"Xedes", b"Xedas"), "hospital.csv")
    assert dossier(replace(hospital, dataset=edited), plan("date_of_birth", "sex")) is None
    renamed = read_dataset(raw, "mine.csv")
    assert dossier(replace(hospital, dataset=renamed), plan("date_of_birth", "sex")) is not None


def test_a_population_does_not_change_who_is_shown(inpatients):
    frame = inpatients.dataset.frame.astype(str)
    population = Population(table=dataset_from_frame(frame, "p.csv"))
    with_population = replace(inpatients, population=population)
    known = plan("zip", "age", "nationality")
    assert dossier(with_population, known) == dossier(inpatients, known)


def test_nobody_is_shown_whose_record_only_looks_like_somebody_else(inpatients):
    source = inpatients.case().encoded()
    release = Release.original(source)
    column = release.columns["age"]
    # Everybody is released with the age of the next one, as after a swap.
    swapped = np.roll(release.codes("age").astype(np.int32), 1)
    column = ReleasedColumn("age", column.nodes, explicit=swapped, perturbed=True)
    release = release.with_columns(column)
    # Every age is there once, so each fits one record, which is another person's.
    assert dossier_of(inpatients, plan("age"), release) is None
    assert dossier(inpatients, plan("age")) is not None
