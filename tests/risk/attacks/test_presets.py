import pytest

from demo_data import DEMOS
from microdata.dataset import ColumnKind
from microdata.readers import read_dataset
from microdata.roles import Role, Roles
from microdata.vocabulary import TOPICS
from risk.attacks.plan import AttackPlan, check_plans
from risk.attacks.presets import (
    EVENT,
    NOTHING_FITS,
    PRESETS,
    TAKEN_AS_KNOWN,
    concept_of,
)

BY_ID = {preset.id: preset for preset in PRESETS}
HOSPITAL = (
    "date_of_birth",
    "sex",
    "postcode",
    "marital_status",
    "occupation",
    "admission_date",
)
ADULT = ("sex", "age", "race", "marital-status", "education", "native-country", "occupation")


def quasi(*names, **others):
    return Roles(by_column=dict.fromkeys(names, Role.QUASI_IDENTIFIER) | others)


@pytest.mark.parametrize(
    ("preset", "columns", "known"),
    [
        ("neighbour", HOSPITAL, {"date_of_birth", "sex", "postcode", "marital_status"}),
        ("neighbour", ADULT, {"sex", "age", "race", "marital-status"}),
        (
            "journalist",
            HOSPITAL,
            {"date_of_birth", "sex", "postcode", "occupation", "admission_date"},
        ),
        (
            "employer",
            ADULT,
            {"sex", "age", "marital-status", "education", "native-country", "occupation"},
        ),
        ("employer", HOSPITAL, {*HOSPITAL} - {"admission_date"}),
        ("broker", HOSPITAL, {*HOSPITAL}),
        ("neighbour", ("Geburtsjahr", "PLZ", "Beruf"), {"Geburtsjahr", "PLZ"}),
    ],
)
def test_a_preset_knows_what_such_an_attacker_would(preset, columns, known):
    assert set(BY_ID[preset].knows(quasi(*columns), {})) == known


def test_every_concept_is_a_topic_that_columns_are_told_by():
    topics = {topic.what for topic in TOPICS}
    assert {concept for preset in PRESETS for concept in preset.concepts} <= topics


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_only_quasi_identifiers_are_known(preset):
    roles = quasi("age", "x1", salary=Role.SENSITIVE, sex=Role.INSENSITIVE, zip=Role.PERSON)
    assert set(preset.knows(roles, {})) <= {"age", "x1"}


def test_a_date_of_any_name_is_an_event():
    assert concept_of("t0", ColumnKind.DATE) == EVENT
    assert concept_of("t0", ColumnKind.TEXT) is None
    assert concept_of("date_of_birth", ColumnKind.DATE) == "a date of birth"
    journalist = BY_ID["journalist"]
    assert journalist.knows(quasi("t0", "x1"), {"t0": ColumnKind.DATE}) == ("t0",)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_where_nothing_is_recognised_everything_is_known_and_that_is_said(preset):
    proposal = preset.proposal(quasi("x1", "x2"), {})
    assert proposal.plan.attack.known == ()
    assert (NOTHING_FITS in proposal.notes) == bool(preset.concepts)


def test_all_quasi_identifiers_are_not_named_so_that_roles_may_change():
    assert BY_ID["neighbour"].proposal(quasi("age", "sex"), {}).plan.attack.known == ()
    assert BY_ID["neighbour"].proposal(quasi("age", "x1"), {}).plan.attack.known == ("age",)


def test_who_does_not_know_who_is_in_the_table_needs_a_population():
    journalist, roles = BY_ID["journalist"], quasi("age", "x1")
    without, with_ = journalist.proposal(roles, {}), journalist.proposal(roles, {}, population=True)
    assert without.plan.attack.membership == "certain"
    assert TAKEN_AS_KNOWN in without.notes
    assert with_.plan.attack.membership == "unknown"
    assert TAKEN_AS_KNOWN not in with_.notes
    for other in PRESETS:
        if other is not journalist:
            plan = other.proposal(roles, {}, population=True).plan
            assert plan.attack.membership == "certain"


def test_the_presets_are_plans_that_fit_together_and_survive_a_file():
    plans = [preset.proposal(quasi(*HOSPITAL), {}).plan for preset in PRESETS]
    assert check_plans(plans) == tuple(plans)
    assert [AttackPlan.from_json(plan.to_json()) for plan in plans] == plans
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)


def test_the_rates_are_those_that_are_documented():
    assert {p.id: (p.errors, p.missing) for p in PRESETS} == {
        "neighbour": (0.05, 0.0),
        "journalist": (0.05, 0.1),
        "employer": (0.0, 0.0),
        "broker": (0.1, 0.2),
    }
    for preset in PRESETS:
        attack = preset.proposal(quasi(*HOSPITAL), {}).plan.attack
        assert (attack.errors, attack.missing) == (preset.errors, preset.missing)


def test_the_kinds_of_a_table_as_it_was_read_are_taken():
    demo = DEMOS[0]
    dataset = read_dataset(demo.data.read_bytes(), demo.data.name)
    kinds = {column.name: column.kind for column in dataset.columns}
    assert "admission_date" in BY_ID["journalist"].knows(quasi(*HOSPITAL), kinds)
